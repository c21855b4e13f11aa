#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/rules/access.h"
#include "daemon/rules/signin.h"
#include "daemon/store/account_store.h"
#include "tests/store_house.h"

struct knock {
    const char *email;
    const char *from;
    bool exempt;
    struct signin out;
    char *secret; /* if it was let in */
};

static enum rc begin(struct house *house, int64_t now, void *context)
{
    struct knock *knock = context;
    struct netaddr client;

    assert_true(netaddr_parse(knock->from, &client));
    return signin_begin(house->writer, house->arena, now, &house->settings,
                        knock->email, &client, knock->exempt, &knock->out,
                        &house->err);
}

static enum rc finish(struct house *house, int64_t now, void *context)
{
    struct knock *knock = context;

    return signin_finish(house->writer, house->arena, now, &knock->out,
                         &knock->secret, &house->err);
}

static struct signin try(struct house *house, int64_t now, const char *email,
                         const char *from)
{
    struct knock knock = { .email = email, .from = from };

    FINE(house, house_write(house, now, begin, &knock));
    return knock.out;
}

static enum rc add_account(struct house *house, int64_t now, void *context)
{
    return account_insert(house->writer, now, context, &house->err);
}

static struct account employ(struct house *house, const char *email,
                             int64_t alliance_id, enum role role)
{
    struct account account = {
        .email = email, .name = "Erika Muster", .password_hash = "$hash",
        .alliance_id = alliance_id, .role = role,
    };

    FINE(house, house_write(house, NOON, add_account, &account));
    return account;
}

static void a_known_account_is_found_in_any_case(void **state)
{
    struct house *house = *state;
    struct account erika = employ(house, "Erika@example.org", 0, ROLE_OWNER);
    struct signin s = try(house, NOON, "eRIKA@Example.org", "192.0.2.7");

    assert_true(s.admitted);
    assert_int_equal(s.account.id, erika.id);
    assert_string_equal(s.account.password_hash, "$hash");
    assert_true(s.try_id != 0);
    assert_int_equal(s.delay, 0);
}

static void an_unknown_account_is_treated_alike(void **state)
{
    struct house *house = *state;

    for (int i = 0; i < 5; i++) {
        struct signin s = try(house, NOON, "niemand@example.org",
                              "192.0.2.7");
        assert_true(s.admitted);
        assert_int_equal(s.account.id, 0);
    }
    assert_false(try(house, NOON, "niemand@example.org",
                     "192.0.2.7").admitted);
}

static void the_answer_is_delayed_more_and_more(void **state)
{
    struct house *house = *state;
    const int64_t delays[] = { 0, 2, 4, 8, 15 };

    for (size_t i = 0; i < 5; i++)
        assert_int_equal(try(house, NOON + (int64_t)i, "a@example.org",
                             "192.0.2.7").delay, delays[i]);
}

static void the_sixth_try_waits_until_the_first_is_old(void **state)
{
    struct house *house = *state;

    for (int i = 0; i < 5; i++)
        assert_true(try(house, NOON + i, "a@example.org",
                        "192.0.2.7").admitted);
    struct signin s = try(house, NOON + 100, "a@example.org", "192.0.2.7");
    assert_false(s.admitted);
    assert_int_equal(s.retry_after, 15 * MINUTE - 100);
    assert_int_equal(s.try_id, 0);
    /* Knocking on does not keep the door shut. */
    for (int i = 0; i < 50; i++)
        (void)try(house, NOON + 200 + i, "a@example.org", "192.0.2.7");
    assert_false(try(house, NOON + 15 * MINUTE - 1, "a@example.org",
                     "192.0.2.7").admitted);
    assert_true(try(house, NOON + 15 * MINUTE, "a@example.org",
                    "192.0.2.7").admitted);
}

static void the_right_person_elsewhere_still_gets_in(void **state)
{
    struct house *house = *state;

    for (int i = 0; i < 5; i++)
        (void)try(house, NOON, "a@example.org", "192.0.2.7");
    /* The same /24 counts as the same. */
    assert_false(try(house, NOON, "a@example.org", "192.0.2.99").admitted);
    assert_true(try(house, NOON, "a@example.org", "198.51.100.1").admitted);
    assert_true(try(house, NOON, "b@example.org", "192.0.2.7").admitted);
    /* And with IPv6 the same /48. */
    for (int i = 0; i < 5; i++)
        (void)try(house, NOON, "c@example.org", "2001:db8:1:1::1");
    assert_false(try(house, NOON, "c@example.org",
                     "2001:db8:1:ffff::2").admitted);
    assert_true(try(house, NOON, "c@example.org", "2001:db8:2::1").admitted);
}

static void one_place_gets_twenty_tries(void **state)
{
    struct house *house = *state;

    for (int i = 0; i < 20; i++)
        assert_true(try(house, NOON + i,
                        arena_printf(house->arena, "n%d@example.org", i),
                        "192.0.2.7").admitted);
    struct signin s = try(house, NOON + 60, "other@example.org",
                          "192.0.2.7");
    assert_false(s.admitted);
    assert_int_equal(s.retry_after, 14 * MINUTE);
}

static void an_exempt_client_is_always_admitted_but_counted(void **state)
{
    struct house *house = *state;
    struct knock knock = { .email = "a@example.org", .from = "127.0.0.1",
                           .exempt = true };

    for (int i = 0; i < 9; i++) {
        FINE(house, house_write(house, NOON, begin, &knock));
        assert_true(knock.out.admitted);
        assert_int_equal(knock.out.delay, 0);
        assert_true(knock.out.try_id != 0);
    }
    assert_int_equal(house_number(house, "SELECT count(*) FROM try"), 9);
}

static void signing_in_gives_a_login_and_forgives_the_try(void **state)
{
    struct house *house = *state;
    struct account erika = employ(house, "erika@example.org", 0, ROLE_OWNER);
    struct knock a = { .email = "erika@example.org", .from = "192.0.2.7" };
    struct knock b = a;
    struct login login, other;

    FINE(house, house_write(house, NOON, begin, &a));
    FINE(house, house_write(house, NOON, finish, &a));
    assert_int_equal(house_number(house, "SELECT count(*) FROM try"), 0);
    FINE(house, house_write(house, NOON, begin, &b));
    assert_int_equal(b.out.delay, 0);
    FINE(house, house_write(house, NOON + 1, finish, &b));
    assert_string_not_equal(a.secret, b.secret);
    FINE(house, login_by_secret(house->reader, house->arena, a.secret,
                                &login, &house->err));
    FINE(house, login_by_secret(house->reader, house->arena, b.secret,
                                &other, &house->err));
    assert_int_equal(login.account.id, erika.id);
    assert_int_equal(login.started_at, NOON);
    assert_true(login.id != other.id);
    assert_int_equal(strlen(login.csrf), 32);
    assert_string_not_equal(login.csrf, other.csrf);
    MISSING(house, login_by_secret(house->reader, house->arena, "x", &login,
                                   &house->err));
    /* The secret itself is nowhere in the database. */
    assert_int_equal(house_number(house, arena_printf(house->arena,
        "SELECT count(*) FROM login WHERE instr(CAST(secret_hash AS TEXT),"
        " '%s') > 0", a.secret)), 0);
}

static void each_role_has_its_rights(void **state)
{
    const struct { enum role role; bool numbers, people, export; } rows[] = {
        { ROLE_NONE, false, false, false },
        { ROLE_NUMBERS, true, false, false },
        { ROLE_DOOR, true, true, false },
        { ROLE_EDITOR, true, true, true },
        { ROLE_OWNER, true, true, true },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(role_has(rows[i].role, RIGHT_NUMBERS),
                         rows[i].numbers);
        assert_int_equal(role_has(rows[i].role, RIGHT_PEOPLE),
                         rows[i].people);
        assert_int_equal(role_has(rows[i].role, RIGHT_EXPORT),
                         rows[i].export);
    }
}

static bool may_export(struct house *house, const struct account *account,
                       int64_t alliance_id)
{
    bool may;

    FINE(house, access_check(house->reader, account, alliance_id,
                             RIGHT_EXPORT, &may, &house->err));
    return may;
}

static void a_role_holds_there_and_in_its_regions_only(void **state)
{
    struct house *house = *state;
    int64_t parent = house->alliance.id, region = house->region.id;
    struct account all = employ(house, "all@example.org", 0, ROLE_EDITOR);
    struct account top = employ(house, "top@example.org", parent,
                                ROLE_EDITOR);
    struct account low = employ(house, "low@example.org", region,
                                ROLE_EDITOR);
    struct account door = employ(house, "door@example.org", parent,
                                 ROLE_DOOR);
    struct account nobody = { .id = 999 };

    assert_true(may_export(house, &all, parent));
    assert_true(may_export(house, &all, region));
    assert_true(may_export(house, &top, parent));
    assert_true(may_export(house, &top, region));
    assert_false(may_export(house, &low, parent));
    assert_true(may_export(house, &low, region));
    assert_false(may_export(house, &door, parent));
    assert_false(may_export(house, &nobody, parent));
    assert_false(may_export(house, &top, 4711));
}

int main(void)
{
#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(a_known_account_is_found_in_any_case),
        TEST(an_unknown_account_is_treated_alike),
        TEST(the_answer_is_delayed_more_and_more),
        TEST(the_sixth_try_waits_until_the_first_is_old),
        TEST(the_right_person_elsewhere_still_gets_in),
        TEST(one_place_gets_twenty_tries),
        TEST(an_exempt_client_is_always_admitted_but_counted),
        TEST(signing_in_gives_a_login_and_forgives_the_try),
        cmocka_unit_test(each_role_has_its_rights),
        TEST(a_role_holds_there_and_in_its_regions_only),
    };
    return cmocka_run_group_tests_name("rules/signin", tests, NULL, NULL);
}
