/* Registrations, the outbox, invitations, steps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/store/account_store.h"
#include "daemon/store/letter_store.h"
#include "daemon/store/registration_store.h"
#include "tests/store_house.h"

static enum rc add(struct house *house, int64_t now, void *context)
{
    return registration_insert(house->writer, house->arena, now, context,
                               &house->err);
}

static enum rc change(struct house *house, int64_t now, void *context)
{
    return registration_update(house->writer, now, context, &house->err);
}

static struct registration somebody(struct house *house, const char *given,
                                    const char *family, const char *address)
{
    return (struct registration){
        .meeting_id = house->meeting.id, .mode = MODE_ONSITE,
        .state = REG_REGISTERED, .lang = LANG_EN, .wants_invite = true,
        .person = { .given_name = given, .family_name = family,
                    .title = "Dr.", .address = address,
                    .organisation = "Beispiel GmbH", .position = "Rat" },
    };
}

static struct registration added(struct house *house, const char *given,
                                 const char *family, const char *address)
{
    struct registration r = somebody(house, given, family, address);

    FINE(house, house_write(house, NOON, add, &r));
    return r;
}

static void a_registration_comes_back_as_it_was(void **state)
{
    struct house *house = *state;
    struct registration r = added(house, "Đặng", "Ștefănescu",
                                  "dang@example.org");
    struct registration got;

    FINE(house, registration_by_id(house->reader, house->arena, r.id, &got,
                                   &house->err));
    assert_true(id_equal(&got.public_id, &r.public_id));
    assert_string_equal(got.person.given_name, "Đặng");
    assert_string_equal(got.person.family_name, "Ștefănescu");
    assert_string_equal(got.person.title, "Dr.");
    assert_string_equal(got.person.position, "Rat");
    assert_int_equal(got.person.id, r.person.id);
    assert_int_equal(got.lang, LANG_EN);
    assert_string_equal(got.reference, r.reference);
    assert_int_equal(got.party_id, r.party_id);
    r.state = REG_CANCELLED;
    r.mode = MODE_ONLINE;
    r.generation = 7;
    r.wants_invite = false;
    r.cancelled_at = NOON + 3;
    FINE(house, house_write(house, NOON + 4, change, &r));
    FINE(house, registration_by_public_id(house->reader, house->arena,
                                          &r.public_id, &got, &house->err));
    assert_int_equal(got.state, REG_CANCELLED);
    assert_int_equal(got.mode, MODE_ONLINE);
    assert_int_equal(got.generation, 7);
    assert_false(got.wants_invite);
    assert_int_equal(got.cancelled_at, NOON + 3);
    assert_int_equal(got.changed_at, NOON + 4);
    struct id unknown = id_random();
    MISSING(house, registration_by_public_id(house->reader, house->arena,
                                             &unknown, &got, &house->err));
    r.id = 4711;
    MISSING(house, house_write(house, NOON, change, &r));
}

static void people_in_one_party_share_it(void **state)
{
    struct house *house = *state;
    struct registration a = added(house, "Anna", "Kurz", NULL);
    struct registration b = somebody(house, "Bert", "Kurz", NULL);

    b.party_id = a.party_id;
    FINE(house, house_write(house, NOON, add, &b));
    assert_int_equal(b.party_id, a.party_id);
    assert_int_equal(house_number(house, "SELECT count(*) FROM party"), 1);
}

static void the_same_person_cannot_stand_there_twice(void **state)
{
    struct house *house = *state;
    struct registration a = added(house, "Anna", "Kurz", "a@example.org");
    struct registration b = somebody(house, "ANNA", "kurz", "A@example.org");

    FAILS(house, house_write(house, NOON, add, &b));
    a.state = REG_CANCELLED;
    FINE(house, house_write(house, NOON, change, &a));
    b = somebody(house, "ANNA", "kurz", "A@example.org");
    FINE(house, house_write(house, NOON, add, &b));
    a.state = REG_REGISTERED;
    FAILS(house, house_write(house, NOON, change, &a));
    assert_int_equal(house_number(house, "SELECT count(*) FROM registration"
                                         " WHERE state = 2"), 1);
}

static void assert_at_address(struct house *house, const char *address,
                              const char *fold, int64_t count,
                              int64_t same_id)
{
    int64_t got_count, got_id;

    FINE(house, registration_of_address(house->reader, house->meeting.id,
                                        address, fold, &got_count, &got_id,
                                        &house->err));
    assert_int_equal(got_count, count);
    assert_int_equal(got_id, same_id);
}

static void only_the_live_count_at_an_address(void **state)
{
    struct house *house = *state;
    struct registration old = added(house, "Anna", "Kurz", "a@example.org");
    const char *fold = registration_name_fold(house->arena, &old.person);

    assert_at_address(house, "a@example.org", fold, 1, old.id);
    old.state = REG_CANCELLED;
    FINE(house, house_write(house, NOON, change, &old));
    assert_at_address(house, "a@example.org", fold, 0, 0);
    struct registration live = added(house, "Anna", "Kurz",
                                     "a@example.org");
    added(house, "Berta", "Kurz", "a@example.org");
    assert_at_address(house, "a@example.org", fold, 2, live.id);
    assert_at_address(house, "a@example.org", "nobody", 2, 0);
    assert_at_address(house, "b@example.org", fold, 0, 0);
}

static int each_comes(struct house *house, int64_t limit)
{
    struct registrations slice;
    int64_t after = 0;
    int seen = 0;

    do {
        FINE(house, registration_slice(house->reader, house->arena,
                                       house->meeting.id, after, limit,
                                       &slice, &house->err));
        for (size_t i = 0; i < slice.count; i++, seen++) {
            assert_true(slice.items[i].id > after);
            after = slice.items[i].id;
        }
    } while (slice.count == (size_t)limit);
    return seen;
}

static void slices_by_id_hold_everybody_once(void **state)
{
    struct house *house = *state;

    for (int i = 0; i < 25; i++)
        (void)added(house, "Anna", "Kurz", NULL);
    assert_int_equal(each_comes(house, 10), 25);
    assert_int_equal(each_comes(house, 25), 25);
}

static void numbers_are_by_state_and_mode(void **state)
{
    struct house *house = *state;
    struct registration_numbers numbers;

    for (int i = 0; i < 9; i++) {
        struct registration r = somebody(house, "Anna", "Kurz", NULL);
        r.mode = i < 4 ? MODE_ONSITE : MODE_ONLINE;
        r.state = i == 8 ? REG_CANCELLED : REG_REGISTERED;
        FINE(house, house_write(house, NOON + i, add, &r));
    }
    FINE(house, registration_count_all(house->reader, house->meeting.id,
                                       NOON + 3, &numbers, &house->err));
    assert_int_equal(numbers.registered[MODE_ONSITE], 4);
    assert_int_equal(numbers.registered[MODE_ONLINE], 4);
    assert_int_equal(numbers.cancelled, 1);
    assert_int_equal(numbers.today, 5);
}

static enum rc write_letter(struct house *house, int64_t now, void *context)
{
    return letter_insert(house->writer, now, context, &house->err);
}

static enum rc change_letter(struct house *house, int64_t now, void *context)
{
    (void)now;
    return letter_update(house->writer, context, &house->err);
}

static struct letter written(struct house *house, int64_t now,
                             const struct registration *r,
                             const char *address)
{
    struct letter letter = { .kind = LETTER_CONFIRMATION,
                             .registration_id = r->id, .generation = 1,
                             .address = address };

    FINE(house, house_write(house, now, write_letter, &letter));
    return letter;
}

static size_t due(struct house *house, int64_t now, int64_t limit,
                  int64_t *first_id)
{
    struct letters letters;

    FINE(house, letter_due(house->reader, house->arena, now, limit, &letters,
                           &house->err));
    *first_id = letters.count ? letters.items[0].id : 0;
    return letters.count;
}

static int64_t next_due(struct house *house)
{
    int64_t at;

    FINE(house, letter_next_due(house->reader, &at, &house->err));
    return at;
}

static void one_mailbox_gets_its_letters_in_order(void **state)
{
    struct house *house = *state;
    struct registration r = added(house, "Anna", "Kurz", NULL);
    struct letter a1 = written(house, NOON, &r, "a@example.org");
    struct letter a2 = written(house, NOON, &r, "A@example.org");
    struct letter b = written(house, NOON + 1, &r, "b@example.org");
    int64_t first;

    assert_int_equal(due(house, NOON - 1, 9, &first), 0);
    assert_int_equal(due(house, NOON + 1, 9, &first), 2);
    assert_int_equal(first, a1.id);
    assert_int_equal(due(house, NOON + 1, 1, &first), 1);
    /* The first has to wait, and so does what stands behind it. */
    a1.attempts = 1;
    a1.due_at = NOON + 60;
    a1.remark = "451 later";
    FINE(house, house_write(house, NOON, change_letter, &a1));
    assert_int_equal(due(house, NOON + 1, 9, &first), 1);
    assert_int_equal(first, b.id);
    b.state = LETTER_SENT;
    b.settled_at = NOON + 2;
    FINE(house, house_write(house, NOON, change_letter, &b));
    assert_int_equal(next_due(house), NOON + 60);
    struct letter a3 = written(house, NOON + 5, &r, "a@example.org");
    assert_int_equal(a3.due_at, NOON + 60);
    a1.state = LETTER_SENT;
    FINE(house, house_write(house, NOON, change_letter, &a1));
    assert_int_equal(due(house, NOON + 60, 9, &first), 1);
    assert_int_equal(first, a2.id);
    a2.state = LETTER_DROPPED;
    FINE(house, house_write(house, NOON, change_letter, &a2));
    assert_int_equal(due(house, NOON + 60, 9, &first), 1);
    assert_int_equal(first, a3.id);
    a3.state = LETTER_REFUSED;
    FINE(house, house_write(house, NOON, change_letter, &a3));
    assert_int_equal(next_due(house), INT64_MAX);
    struct letter got;
    FINE(house, letter_by_id(house->reader, house->arena, a1.id, &got,
                             &house->err));
    assert_string_equal(got.remark, "451 later");
    assert_int_equal(got.attempts, 1);
    assert_true(id_equal(&got.public_id, &a1.public_id));
}

struct retry {
    int64_t id;
    bool refused;
    int64_t changed;
};

static enum rc retry(struct house *house, int64_t now, void *context)
{
    struct retry *r = context;

    return letter_retry(house->writer, now, r->id, r->refused, &r->changed,
                        &house->err);
}

static void letters_are_tried_again_when_asked(void **state)
{
    struct house *house = *state;
    struct registration r = added(house, "Anna", "Kurz", NULL);
    struct letter waits = written(house, NOON, &r, "a@example.org");
    struct letter behind = written(house, NOON, &r, "a@example.org");
    struct letter refused = written(house, NOON, &r, "b@example.org");
    struct retry all = { 0 }, one = { .id = behind.id };
    int64_t first;

    waits.due_at = NOON + HOUR;
    FINE(house, house_write(house, NOON, change_letter, &waits));
    refused.state = LETTER_REFUSED;
    refused.attempts = 3;
    refused.settled_at = NOON;
    FINE(house, house_write(house, NOON, change_letter, &refused));
    /* Asked for the one behind, the one before it has to go first. */
    FINE(house, house_write(house, NOON + 1, retry, &one));
    assert_int_equal(one.changed, 2);
    assert_int_equal(due(house, NOON + 1, 9, &first), 1);
    assert_int_equal(first, waits.id);
    FINE(house, house_write(house, NOON + 1, retry, &all));
    assert_int_equal(all.changed, 0);
    all.refused = true;
    FINE(house, house_write(house, NOON + 1, retry, &all));
    assert_int_equal(all.changed, 1);
    assert_int_equal(due(house, NOON + 1, 9, &first), 2);
    struct letter got;
    FINE(house, letter_by_id(house->reader, house->arena, refused.id, &got,
                             &house->err));
    assert_int_equal(got.attempts, 0);
    assert_int_equal(got.settled_at, 0);
}

static void the_outbox_is_counted_and_listed(void **state)
{
    struct house *house = *state;
    struct registration r = added(house, "Anna", "Kurz", NULL);
    struct letter a = written(house, NOON, &r, "a@example.org");
    struct letter b = written(house, NOON, &r, "b@example.org");
    struct letter_filter filter = { .state = -1, .limit = 10 };
    int64_t counts[LETTER_STATE_COUNT];
    struct letters list;

    a.state = LETTER_SENT;
    FINE(house, house_write(house, NOON, change_letter, &a));
    FINE(house, letter_count_unsent(house->reader, house->meeting.id, counts,
                                    &house->err));
    assert_int_equal(counts[LETTER_QUEUED], 1);
    assert_int_equal(counts[LETTER_SENT], 0);
    FINE(house, letter_count_unsent(house->reader, 4711, counts,
                                    &house->err));
    assert_int_equal(counts[LETTER_QUEUED], 0);
    FINE(house, letter_list(house->reader, house->arena, &filter, &list,
                            &house->err));
    assert_int_equal(list.count, 2);
    assert_int_equal(list.items[0].id, b.id);
    filter.state = LETTER_SENT;
    FINE(house, letter_list(house->reader, house->arena, &filter, &list,
                            &house->err));
    assert_int_equal(list.count, 1);
    filter.alliance_id = house->region.id;
    FINE(house, letter_list(house->reader, house->arena, &filter, &list,
                            &house->err));
    assert_int_equal(list.count, 0);
}

static enum rc begin_invite(struct house *house, int64_t now, void *context)
{
    return invite_insert(house->writer, house->arena, now, "example.org",
                         context, &house->err);
}

static enum rc change_invite(struct house *house, int64_t now, void *context)
{
    (void)now;
    return invite_update(house->writer, context, &house->err);
}

static bool was_sent(struct house *house, int64_t invite_id)
{
    bool sent;

    FINE(house, letter_invite_was_sent(house->reader, invite_id, &sent,
                                       &house->err));
    return sent;
}

static void an_invite_knows_whether_it_left_the_house(void **state)
{
    struct house *house = *state;
    struct registration r = added(house, "Anna", "Kurz", NULL);
    struct invite invite = { .meeting_id = house->meeting.id,
                             .address = "a@example.org", .generation = 1 };
    static const struct { enum letter_state state; int64_t attempts;
                          bool sent; } cases[] = {
        { LETTER_QUEUED, 0, false }, { LETTER_QUEUED, 1, true },
        { LETTER_SENT, 1, true }, { LETTER_REFUSED, 1, false },
        { LETTER_REFUSED, 2, true }, { LETTER_SUPPRESSED, 0, false },
        { LETTER_DROPPED, 0, false }, { LETTER_DROPPED, 1, true },
    };

    FINE(house, house_write(house, NOON, begin_invite, &invite));
    struct letter letter = { .kind = LETTER_INVITATION,
                             .registration_id = r.id, .generation = 1,
                             .invite_id = invite.id,
                             .address = "a@example.org" };
    FINE(house, house_write(house, NOON, write_letter, &letter));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        letter.state = cases[i].state;
        letter.attempts = cases[i].attempts;
        FINE(house, house_write(house, NOON, change_letter, &letter));
        assert_int_equal(was_sent(house, invite.id), cases[i].sent);
    }
    assert_false(was_sent(house, 4711));
}

static void the_newest_generation_counts(void **state)
{
    struct house *house = *state;
    struct invite one = { .meeting_id = house->meeting.id,
                          .address = "a@example.org", .generation = 1 };
    struct invite two = one, got;

    MISSING(house, invite_newest(house->reader, house->arena,
                                 house->meeting.id, "a@example.org", &got,
                                 &house->err));
    two.generation = 2;
    FINE(house, house_write(house, NOON, begin_invite, &one));
    FINE(house, house_write(house, NOON + 1, begin_invite, &two));
    FINE(house, invite_newest(house->reader, house->arena,
                              house->meeting.id, "a@example.org", &got,
                              &house->err));
    assert_int_equal(got.id, two.id);
    assert_string_equal(got.uid, two.uid);
    assert_int_equal(got.stamp, NOON + 1);
    one.sequence = 3;
    one.stamp = NOON + 9;
    one.cancelled = true;
    FINE(house, house_write(house, NOON, change_invite, &one));
    FINE(house, invite_by_id(house->reader, house->arena, one.id, &got,
                             &house->err));
    assert_int_equal(got.sequence, 3);
    assert_int_equal(got.stamp, NOON + 9);
    assert_true(got.cancelled);
    MISSING(house, invite_by_id(house->reader, house->arena, 99, &got,
                                &house->err));
}

static enum rc purge(struct house *house, int64_t now, void *context)
{
    (void)context;
    enum rc rc = step_purge(house->writer, now, &house->err);
    return rc == RC_OK ? try_purge(house->writer, now, &house->err) : rc;
}

static enum rc step(struct house *house, int64_t now, void *context)
{
    int64_t id;
    enum rc rc = step_insert(house->writer, now, context, &house->err);

    return rc == RC_OK ? try_insert(house->writer, now, "a", "192.0.2.0/24",
                                    &id, &house->err) : rc;
}

static void old_steps_and_tries_are_purged(void **state)
{
    struct house *house = *state;
    char address[] = "a@example.org";
    int64_t count;

    FINE(house, house_write(house, NOON, step, address));
    FINE(house, house_write(house, NOON + 9, step, address));
    FINE(house, step_count(house->reader, address, NOON, &count,
                           &house->err));
    assert_int_equal(count, 2);
    FINE(house, step_count(house->reader, address, NOON + 1, &count,
                           &house->err));
    assert_int_equal(count, 1);
    FINE(house, house_write(house, NOON + 9, purge, NULL));
    FINE(house, step_count(house->reader, address, 0, &count, &house->err));
    assert_int_equal(count, 1);
    assert_int_equal(house_number(house, "SELECT count(*) FROM try"), 1);
}

int main(void)
{
#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(a_registration_comes_back_as_it_was),
        TEST(people_in_one_party_share_it),
        TEST(the_same_person_cannot_stand_there_twice),
        TEST(only_the_live_count_at_an_address),
        TEST(slices_by_id_hold_everybody_once),
        TEST(numbers_are_by_state_and_mode),
        TEST(one_mailbox_gets_its_letters_in_order),
        TEST(letters_are_tried_again_when_asked),
        TEST(the_outbox_is_counted_and_listed),
        TEST(an_invite_knows_whether_it_left_the_house),
        TEST(the_newest_generation_counts),
        TEST(old_steps_and_tries_are_purged),
    };
    return cmocka_run_group_tests_name("store/people", tests, NULL, NULL);
}
