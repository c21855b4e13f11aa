/* Every table of the schema that speaks of people is known to erasure, and
 * nothing of anybody is left in any of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/rules/erase.h"
#include "daemon/rules/handover.h"
#include "daemon/store/connection.h"
#include "daemon/store/consent_store.h"
#include "daemon/store/erase_store.h"
#include "tests/store_house.h"

static const struct notice agreed = {
    .kind = NOTICE_SUPPORT_CONSENT, .lang = LANG_DE,
    .version = "0123456789abcdef", .words = "Ich willige ein.",
};
static const struct notice shown = {
    .kind = NOTICE_DATA_PROTECTION, .lang = LANG_DE,
    .version = "00112233", .words = "Wir brauchen Ihre Angaben.",
};
static const struct support wheelchair = {
    SUPPORT_BIT(SUPPORT_WHEELCHAIR), "Zwqx einen Platz am Gang",
};

static int64_t count(struct house *house, const char *table)
{
    return house_number(house, arena_printf(house->arena,
                                            "SELECT count(*) FROM %s",
                                            table));
}

static struct consents consents_of(struct house *house,
                                   const struct registration *r)
{
    struct consents consents;

    FINE(house, consent_list(house->reader, house->arena, r->id, &consents,
                             &house->err));
    return consents;
}

static bool is_place(const char *table)
{
    for (size_t i = 0; erase_places[i]; i++)
        if (strcmp(erase_places[i], table) == 0)
            return true;
    return false;
}

/* Tables that point at somebody who registered, or hold an address. */
#define PERSONAL \
    "SELECT m.name FROM sqlite_schema m WHERE m.type = 'table' AND (" \
    " EXISTS (SELECT 1 FROM pragma_foreign_key_list(m.name) f" \
    " WHERE f.\"table\" IN ('registration', 'person', 'party', 'invite'," \
    " 'letter'))" \
    " OR EXISTS (SELECT 1 FROM pragma_table_info(m.name) c WHERE c.name" \
    " LIKE '%registration_id' OR c.name LIKE '%person_id' OR c.name LIKE" \
    " '%letter_id' OR c.name LIKE '%address%' OR c.name LIKE '%name_fold'))"

/* A new one has to say what becomes of it when somebody is erased. */
static void erasure_knows_every_table_that_speaks_of_people(void **state)
{
    struct house *house = *state;
    sqlite3 *db = writer_reader(house->writer)->db;
    sqlite3_stmt *tables;
    int unknown = 0, known = 0;

    assert_int_equal(sqlite3_prepare_v2(db, PERSONAL, -1, &tables, NULL),
                     SQLITE_OK);
    while (sqlite3_step(tables) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(tables, 0);

        if (is_place(name)) {
            known++;
        } else {
            print_error("%s: not among erase_places\n", name);
            unknown++;
        }
    }
    sqlite3_finalize(tables);
    assert_int_equal(unknown, 0);
    assert_true(known >= 12);
    for (size_t i = 0; erase_places[i]; i++)
        assert_int_equal(house_number(house, arena_printf(house->arena,
            "SELECT count(*) FROM sqlite_schema WHERE type = 'table'"
            " AND name = '%s'", erase_places[i])), 1);
}

/* How many rows of that table belong to that registration; -1: it has no
 * column that says so. */
static int64_t rows_of(struct house *house, const char *table, int64_t id)
{
    if (house_number(house, arena_printf(house->arena,
            "SELECT count(*) FROM pragma_table_info('%s')"
            " WHERE name = 'registration_id'", table)) == 0)
        return -1;
    return house_number(house, arena_printf(house->arena,
        "SELECT count(*) FROM %s WHERE registration_id = %lld", table,
        (long long)id));
}

/* Something in each table, whichever state the person is in. */
static void fill_every_table(struct house *house,
                             const struct registration *r)
{
    static const char *const rows[] = {
        "INSERT INTO audit_value SELECT NULL, a.id, r.person_id, 'x', 'y',"
        " 'z' FROM audit a JOIN registration r ON r.id = a.registration_id"
        " WHERE r.id = ?1",
        "INSERT INTO wait SELECT NULL, r.id, p.id, r.party_id, 1, 0"
        " FROM registration r JOIN pool p ON p.meeting_id = r.meeting_id"
        " AND p.mode <> r.mode WHERE r.id = ?1",
        "INSERT INTO question SELECT 1, meeting_id, 1, 2, 'x', '', '', '', 0,"
        " NULL, NULL, NULL, NULL FROM registration WHERE id = ?1",
        "INSERT INTO question_option SELECT 1, 1, 1, 'x', '', NULL, 1, 0"
        " FROM registration WHERE id = ?1",
        "INSERT INTO answer SELECT NULL, ?1, 1, 'Zwqx'",
        "INSERT INTO answer_option SELECT NULL, ?1, 1, 1",
        "INSERT INTO wish SELECT 1, randomblob(16), id, meeting_id, 0, 1, 0,"
        " '' FROM registration WHERE id = ?1",
        "INSERT INTO wish_value SELECT NULL, w.id, 'family_name', 'Zwqy'"
        " FROM wish w WHERE w.registration_id = ?1",
        "UPDATE pool SET waiting = 1 WHERE id IN (SELECT pool_id FROM wait"
        " WHERE registration_id = ?1)",
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sqlite3 *db = writer_reader(house->writer)->db;
        sqlite3_stmt *one;

        assert_int_equal(sqlite3_prepare_v2(db, rows[i], -1, &one, NULL),
                         SQLITE_OK);
        sqlite3_bind_int64(one, 1, r->id);
        assert_int_equal(sqlite3_step(one), SQLITE_DONE);
        assert_int_equal(sqlite3_changes(db), 1);
        sqlite3_finalize(one);
    }
}

struct asked {
    struct id id;
    struct erased erased;
};

static enum rc do_erase(struct house *house, int64_t now, void *context)
{
    struct asked *asked = context;

    return erase_by_link(house->writer, house->arena, now, &house->settings,
                         &asked->id, &asked->erased, &house->err);
}

/* Only a farewell, made by erasing itself, comes later; and whether somebody
 * holds a seat or waits for one depends on the state. */
static void nothing_is_left_in_any_table(void **state)
{
    struct house *house = *state;
    struct signup in = house_signup(house, "Anna", "Kurz",
                                    "anna@example.org");
    struct asked asked;

    in.support = wheelchair;
    in.consent = &agreed;
    struct registration r = house_place(house, NOON, &in).registration;
    asked.id = r.public_id;
    fill_every_table(house, &r);
    for (size_t i = 0; erase_places[i]; i++)
        if (strcmp(erase_places[i], "farewell") != 0)
            assert_int_not_equal(rows_of(house, erase_places[i], r.id), 0);
    FINE(house, house_write(house, NOON + 5, do_erase, &asked));
    for (size_t i = 0; erase_places[i]; i++)
        if (strcmp(erase_places[i], "farewell") != 0 &&
            strcmp(erase_places[i], "letter") != 0)
            assert_true(rows_of(house, erase_places[i], r.id) <= 0);
    assert_int_equal(count(house, "support"), 0);
    assert_int_equal(count(house, "consent"), 0);
    assert_int_equal(count(house, "audit_value"), 0);
    assert_int_equal(count(house, "wish_value"), 0);
    assert_int_equal(house_number(house, "SELECT sum(waiting + taken) FROM"
                                         " pool"), 0);
    assert_int_equal(house_number(house, "SELECT count(*) FROM notice"), 1);
}

/* How somebody comes into each state, and whether they get there. */
struct way {
    const char *before; /* what the meeting is made to be */
    const char *after;  /* what becomes of them then; NULL: nothing */
    enum registration_state state;
};

static void erase_in_state(struct house *house, const struct way *way)
{
    struct signup in = house_signup(house, "Anna", "Kurz",
                                    "anna@example.org");
    struct asked asked;

    (void)house_number(house, "UPDATE meeting SET waiting = 1 RETURNING 1");
    (void)house_number(house, way->before);
    in.wants_invite = false;
    in.may_wait = true;
    in.support = wheelchair;
    in.consent = &agreed;
    in.notice = &shown;
    struct signup_result out = house_place(house, NOON, &in);
    struct registration r = out.registration;
    assert_true(signup_is_accepted(out.outcome));
    if (way->after)
        (void)house_number(house, way->after);
    asked.id = r.public_id;
    assert_int_equal(house_number(house, "SELECT state FROM registration"
                                         " WHERE name_fold LIKE '%kurz'"),
                     way->state);
    assert_int_equal(consents_of(house, &r).count, 2);
    FINE(house, house_write(house, NOON + 5, do_erase, &asked));
    assert_false(asked.erased.last_letter);
    for (size_t i = 0; erase_places[i]; i++)
        assert_true(rows_of(house, erase_places[i], r.id) <= 0);
    assert_int_equal(count(house, "wait"), 0);
    assert_int_equal(house_number(house, "SELECT count(*) FROM step WHERE"
                                         " address_key LIKE '%@%'"), 0);
    assert_int_equal(house_number(house, "SELECT count(*) FROM person WHERE"
                                         " address LIKE 'anna%'"), 0);
}

static void whoever_is_erased_in_any_state_leaves_nothing(void **state)
{
    static const struct way ways[] = {
        { "UPDATE meeting SET confirm_term = 0 RETURNING 1", NULL,
          REG_REGISTERED },
        { "UPDATE meeting SET confirm_term = 3600 RETURNING 1", NULL,
          REG_UNCONFIRMED },
        { "UPDATE meeting SET confirm_term = 0, approval = 1 RETURNING 1",
          NULL, REG_PENDING },
        { "UPDATE meeting SET approval = 2 RETURNING 1",
          "UPDATE registration SET state = 5, undecided = 0, reason ="
          " 'Zwqx Gründe' RETURNING 1", REG_DECLINED },
        { "UPDATE meeting SET approval = 0 RETURNING 1",
          "UPDATE registration SET state = 4, cancelled_at = 1 RETURNING 1",
          REG_CANCELLED },
        { "UPDATE pool SET capacity = taken + 1, taken = taken + 1"
          " WHERE mode = 0 RETURNING 1", NULL, REG_WAITING },
    };

    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        erase_in_state(*state, &ways[i]);
}

/* Whom she brought stays, and nothing with her address on it does. */
static void a_companion_stays_without_the_address_that_was_lent(void **state)
{
    struct house *house = *state;
    struct signup in = house_signup(house, "Anna", "Kurz",
                                    "anna@example.org");
    const struct signup_guest guest = {
        .person = { .given_name = "Bernd", .family_name = "Lang",
                    .title = "", .organisation = "", .position = "" },
        .support = wheelchair,
    };
    struct asked asked;

    (void)house_number(house,
                       "UPDATE meeting SET party_most = 5 RETURNING 1");
    in.guests = &guest;
    in.guest_count = 1;
    in.wants_invite = false;
    in.consent = &agreed;
    struct signup_result out = house_place(house, NOON, &in);
    struct registration lead = out.registration;
    assert_int_equal(out.outcome, SIGNUP_REGISTERED);
    int64_t led = house_number(house, "SELECT id FROM registration WHERE"
                                      " lead_id IS NOT NULL");
    assert_true(led > 0);
    /* A letter about him that went to her. */
    (void)house_number(house, arena_printf(house->arena,
        "INSERT INTO letter SELECT NULL, public_id, kind, 1, %lld,"
        " meeting_id, NULL, NULL, 1, 0, address, address_key, created_at, 0,"
        " 1, '', 1 FROM letter WHERE registration_id = %lld LIMIT 1"
        " RETURNING id", (long long)led, (long long)lead.id));
    asked.id = lead.public_id;
    FINE(house, house_write(house, NOON + 5, do_erase, &asked));
    assert_int_equal(house_number(house, "SELECT count(*) FROM registration"
                                         " WHERE lead_id IS NULL"), 1);
    assert_int_equal(house_number(house, "SELECT state FROM registration"),
                     REG_REGISTERED);
    assert_int_equal(count(house, "support"), 1);
    assert_int_equal(count(house, "letter"), 0);
    assert_true(count(house, "stray") >= 1);
}

struct handed {
    struct id id;
    enum handover_outcome outcome;
};

static enum rc do_hand(struct house *house, int64_t now, void *context)
{
    struct handed *handed = context;
    struct turn turn = house_turn(house, now);
    const struct handover to = {
        .person = { .given_name = "Nora", .family_name = "Neu", .title = "",
                    .address = "nora@example.org", .organisation = "",
                    .position = "" },
        .lang = LANG_DE,
    };

    return handover_seat(&turn, &handed->id, &to, &handed->outcome,
                         &house->err);
}

/* Neither what she needs nor that she ever said so. */
static void whoever_takes_a_seat_over_learns_nothing_of_the_former(
    void **state)
{
    struct house *house = *state;
    struct signup in = house_signup(house, "Anna", "Kurz",
                                    "anna@example.org");
    struct handed handed;

    (void)house_number(house,
                       "UPDATE meeting SET handing_over = 1 RETURNING 1");
    in.support = wheelchair;
    in.consent = &agreed;
    in.notice = &shown;
    struct registration r = house_place(house, NOON, &in).registration;
    handed.id = r.public_id;
    FINE(house, house_write(house, NOON + 5, do_hand, &handed));
    assert_int_equal(handed.outcome, HANDOVER_DONE);
    assert_int_equal(count(house, "support"), 0);
    assert_int_equal(count(house, "consent"), 0);
    assert_int_equal(house_number(house, arena_printf(house->arena,
        "SELECT count(*) FROM audit WHERE registration_id = %lld"
        " AND deed <> 'hand-over'", (long long)r.id)), 0);
    assert_int_equal(house_number(house, arena_printf(house->arena,
        "SELECT count(*) FROM audit WHERE registration_id = %lld",
        (long long)r.id)), 1);
}

#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, house_open, house_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(erasure_knows_every_table_that_speaks_of_people),
        TEST(nothing_is_left_in_any_table),
        TEST(whoever_is_erased_in_any_state_leaves_nothing),
        TEST(a_companion_stays_without_the_address_that_was_lent),
        TEST(whoever_takes_a_seat_over_learns_nothing_of_the_former),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
