/* Who was erased is nowhere, and the numbers still add up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/base/files.h"
#include "daemon/rules/cancel.h"
#include "daemon/rules/erase.h"
#include "daemon/rules/promise.h"
#include "daemon/rules/retention.h"
#include "daemon/store/erase_store.h"
#include "daemon/store/letter_store.h"
#include "daemon/store/meeting_store.h"
#include "daemon/store/registration_store.h"
#include "daemon/store/seat_store.h"
#include "daemon/store/transaction.h"
#include "tests/store_house.h"

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

static struct erased erase(struct house *house, int64_t now,
                           const struct registration *r)
{
    struct asked asked = { .id = r->public_id };

    FINE(house, house_write(house, now, do_erase, &asked));
    return asked.erased;
}

static struct registration place(struct house *house, const char *given,
                                 const char *family, const char *address)
{
    struct signup in = house_signup(house, given, family, address);
    struct signup_result out = house_place(house, NOON, &in);

    assert_int_equal(out.outcome, SIGNUP_REGISTERED);
    return out.registration;
}

static int64_t count(struct house *house, const char *table)
{
    return house_number(house, arena_printf(house->arena,
                                            "SELECT count(*) FROM %s",
                                            table));
}

/* What the courier reports of whatever is due. */
struct report {
    enum letter_state state;
    bool gone;
};

static enum rc report_one(struct house *house, int64_t now,
                          struct letter *letter, struct report *report)
{
    letter->state = report->state;
    letter->attempts++;
    letter->settled_at = now;
    enum rc rc = letter_update(house->writer, letter, &house->err);
    return rc == RC_OK ? erase_after_letter(house->writer,
                                            letter->registration_id,
                                            &report->gone, &house->err)
                       : rc;
}

static enum rc report_first(struct house *house, int64_t now, void *context)
{
    struct letters due;
    enum rc rc = letter_due(writer_reader(house->writer), house->arena, now,
                            1, &due, &house->err);

    assert_int_equal(due.count, 1);
    return rc == RC_OK ? report_one(house, now, &due.items[0], context) : rc;
}

static struct report settle_first(struct house *house,
                                  enum letter_state state)
{
    struct report report = { .state = state };

    FINE(house, house_write(house, NOON + 1000, report_first, &report));
    return report;
}

static void settle_all(struct house *house, enum letter_state state)
{
    int64_t at = 0;

    for (;;) {
        FINE(house, letter_next_due(house->reader, &at, &house->err));
        if (at == INT64_MAX)
            break;
        (void)settle_first(house, state);
    }
}

static struct tally tally_of(struct house *house)
{
    struct tally tally;

    FINE(house, tally_read(house->reader, house->meeting.id, &tally,
                           &house->err));
    return tally;
}

/* Neither in the file nor in its log. */
static void assert_nowhere(struct house *house, const char *const *words)
{
    static const char *const files[] = { "", "-wal", "-shm" };

    assert_true(writer_empty_log(house->writer));
    for (size_t f = 0; f < sizeof files / sizeof *files; f++) {
        char *bytes;
        size_t length;
        const char *path = arena_printf(house->arena, "%s%s", house->path,
                                        files[f]);

        FINE(house, file_read(house->arena, path, 64 << 20, &bytes, &length,
                              &house->err));
        for (size_t w = 0; words[w]; w++)
            if (memmem(bytes, length, words[w], strlen(words[w])))
                fail_msg("%s is in %s", words[w], path);
    }
}

static const char *const every_table[] = {
    "registration", "person", "party", "seat", "letter", "invite",
    "address", "audit_value", "farewell", "answer", "answer_option",
};

static void assert_empty(struct house *house)
{
    for (size_t i = 0; i < sizeof every_table / sizeof *every_table; i++)
        if (count(house, every_table[i]) != 0)
            fail_msg("%s is not empty", every_table[i]);
    assert_int_equal(house_number(house, "SELECT sum(taken) FROM pool"), 0);
    assert_int_equal(house_number(house, "SELECT count(*) FROM audit"
                                         " WHERE registration_id > 0"), 0);
    assert_int_equal(house_number(house, "SELECT count(*) FROM"
                                         " pragma_foreign_key_check"), 0);
}

static void nothing_stays_of_somebody_without_a_calendar_entry(void **state)
{
    struct house *house = *state;
    struct signup in = house_signup(house, "Zdenka", "Wurzelpeter",
                                    "Zdenka.Quark@Example.org");
    static const char *const words[] = { "Zdenka", "zdenka", "Wurzelpeter",
                                         "wurzelpeter", "quark", "Quark",
                                         NULL };

    in.wants_invite = false;
    struct registration r = house_place(house, NOON, &in).registration;
    struct erased erased = erase(house, NOON + 5, &r);
    assert_true(erased.seat_freed);
    assert_false(erased.last_letter);
    assert_empty(house);
    assert_int_equal(tally_of(house).people[REG_CANCELLED][MODE_ONSITE], 1);
    assert_int_equal(house_number(house, "SELECT count(*) FROM audit"
                                         " WHERE deed = 'erase'"), 1);
    assert_nowhere(house, words);
    const char *const reference[] = { r.reference, NULL };
    assert_nowhere(house, reference);
}

static void the_link_is_dead_afterwards(void **state)
{
    struct house *house = *state;
    struct registration r = place(house, "Anna", "Kurz", "anna@example.org");
    struct asked again = { .id = r.public_id };
    struct registration found;

    settle_all(house, LETTER_SENT);
    (void)erase(house, NOON + 5, &r);
    MISSING(house, registration_by_public_id(house->reader, house->arena,
                                             &r.public_id, &found,
                                             &house->err));
    MISSING(house, house_write(house, NOON + 6, do_erase, &again));
}

/* The calendar entry went out, so its withdrawal must, and needs the
 * address; nothing else may stay for it. */
static void the_address_alone_waits_for_the_last_letter(void **state)
{
    struct house *house = *state;
    struct registration r = place(house, "Zdenka", "Wurzelpeter",
                                  "z.quark@example.org");
    static const char *const names[] = { "Zdenka", "zdenka", "Wurzelpeter",
                                         "wurzelpeter", NULL };
    static const char *const address[] = { "quark", NULL };

    settle_all(house, LETTER_SENT);
    struct erased erased = erase(house, NOON + 5, &r);
    assert_true(erased.last_letter);
    assert_true(erased.latest > NOON);
    assert_nowhere(house, names);
    assert_int_equal(house_number(house, "SELECT count(*) FROM letter"
                                         " WHERE state = 0"), 1);
    assert_int_equal(count(house, "seat"), 0);
    assert_int_equal(count(house, "address"), 0);
    struct registration_numbers numbers;
    FINE(house, registration_count_all(house->reader, house->meeting.id, 0,
                                       &numbers, &house->err));
    assert_int_equal(numbers.cancelled, 1);

    assert_true(settle_first(house, LETTER_SENT).gone);
    assert_empty(house);
    assert_nowhere(house, names);
    assert_nowhere(house, address);
    assert_int_equal(tally_of(house).all, 1);
}

/* In the courier's hand when the button was pressed: whatever it reports,
 * the withdrawal comes after it and not instead. */
static void an_invitation_under_way_is_waited_for(void **state)
{
    struct house *house = *state;
    struct registration r = place(house, "Anna", "Kurz", "anna@example.org");

    (void)settle_first(house, LETTER_SENT); /* the confirmation */
    assert_true(erase(house, NOON + 1, &r).last_letter);
    assert_false(settle_first(house, LETTER_SENT).gone);
    bool sent = false;
    FINE(house, letter_invite_was_sent(house->reader, r.invite_id, &sent,
                                       &house->err));
    assert_true(sent);
    assert_true(settle_first(house, LETTER_SENT).gone);
    assert_empty(house);
}

static enum rc purge(struct house *house, int64_t now, void *context)
{
    return retention_purge(house->writer, now, 3, &house->settings, context,
                           &house->err);
}

static int64_t purge_all(struct house *house, int64_t now)
{
    struct purged purged;
    int64_t people = 0;

    do {
        FINE(house, house_write(house, now, purge, &purged));
        assert_true(purged.people <= 3);
        people += purged.people;
    } while (purged.more);
    return people;
}

static void a_letter_that_never_goes_does_not_keep_the_address(void **state)
{
    struct house *house = *state;
    struct registration r = place(house, "Anna", "Kurz", "anna@example.org");
    struct registration b = place(house, "Bo", "Lang", "bo@example.org");

    house->settings.mail_give_up = 5 * DAY;
    settle_all(house, LETTER_SENT);
    struct erased erased = erase(house, NOON + 5, &r);
    assert_true(erased.last_letter && erased.seat_freed);
    assert_int_equal(erased.latest, NOON + 5 + 6 * DAY);
    assert_int_equal(erase(house, NOON + 5, &b).latest, erased.latest);
    (void)purge_all(house, erased.latest - 1);
    assert_int_equal(count(house, "letter"), 4);
    (void)purge_all(house, erased.latest);
    assert_empty(house);
}

/* Pages need not be made anew for nothing. */
static void only_a_seat_that_counts_is_said_to_be_free(void **state)
{
    struct house *house = *state;
    struct registration gone = place(house, "Anna", "Kurz", "a@example.org");
    struct registration late = place(house, "Bo", "Kurz", "b@example.org");

    (void)house_number(house, arena_printf(house->arena,
        "UPDATE registration SET state = 4 WHERE id = %lld RETURNING 1",
        (long long)gone.id));
    assert_false(erase(house, NOON + 5, &gone).seat_freed);
    assert_false(erase(house, house->meeting.ends_at, &late).seat_freed);
}

/* Two colleagues share an address and so a calendar entry. */
static void a_shared_entry_stays_with_the_other_one(void **state)
{
    struct house *house = *state;
    struct registration a = place(house, "Anna", "Kurz", "amt@example.org");
    struct registration b = place(house, "Bernd", "Lang", "amt@example.org");

    settle_all(house, LETTER_SENT);
    assert_false(erase(house, NOON + 5, &a).last_letter);
    assert_int_equal(count(house, "registration"), 1);
    bool sent = false;
    FINE(house, letter_invite_was_sent(house->reader, b.invite_id, &sent,
                                       &house->err));
    assert_true(sent);
    /* So when he goes, the entry is taken back. */
    assert_true(erase(house, NOON + 6, &b).last_letter);
    settle_all(house, LETTER_SENT);
    assert_empty(house);
}

static void another_one_of_that_address_keeps_what_is_known_of_it(
    void **state)
{
    struct house *house = *state;
    struct registration a = place(house, "Anna", "Kurz", "amt@example.org");
    struct registration b = place(house, "Bernd", "Lang", "amt@example.org");

    (void)house_number(house, "INSERT INTO address VALUES"
                              " ('amt@example.org', 1) RETURNING 1");
    (void)erase(house, NOON + 5, &a);
    assert_int_equal(count(house, "address"), 1);
    (void)erase(house, NOON + 5, &b);
    assert_int_equal(count(house, "address"), 0);
}

static void somebody_else_loses_nothing(void **state)
{
    struct house *house = *state;
    struct registration a = place(house, "Anna", "Kurz", "a@example.org");
    struct registration b = place(house, "Bernd", "Lang", "b@example.org");
    struct registration now;

    settle_all(house, LETTER_SENT);
    (void)erase(house, NOON + 5, &a);
    settle_all(house, LETTER_SENT);
    FINE(house, registration_by_id(house->reader, house->arena, b.id, &now,
                                   &house->err));
    assert_string_equal(now.person.family_name, "Lang");
    assert_int_equal(count(house, "letter"), 2);
    assert_int_equal(house_number(house, "SELECT sum(taken) FROM pool"), 1);
    assert_int_equal(house_number(house, "SELECT count(*) FROM audit"
                                         " WHERE registration_id > 0"), 1);
}

static void a_cancelled_one_is_counted_as_cancelled(void **state)
{
    struct house *house = *state;
    struct registration r = place(house, "Anna", "Kurz", "anna@example.org");
    struct asked asked = { .id = r.public_id };
    enum cancel_outcome outcome = CANCEL_PAST;
    struct turn turn = house_turn(house, NOON + 3);

    settle_all(house, LETTER_SENT);
    FINE(house, writer_begin(house->writer, &house->err));
    FINE(house, cancel_registration(&turn, &asked.id, CANCEL_OWN, &outcome,
                                    &house->err));
    FINE(house, writer_commit(house->writer, &house->err));
    assert_int_equal(outcome, CANCEL_DONE);
    settle_all(house, LETTER_SENT);
    assert_false(erase(house, NOON + 5, &r).seat_freed);
    assert_empty(house);
    assert_int_equal(tally_of(house).people[REG_CANCELLED][MODE_ONSITE], 1);
}

static void letters_that_went_out_leave_a_number_for_the_courier(void **state)
{
    struct house *house = *state;
    struct registration r = place(house, "Anna", "Kurz", "anna@example.org");
    struct stray_files files;

    (void)settle_first(house, LETTER_SENT);
    (void)erase(house, NOON + 400, &r);
    settle_all(house, LETTER_DROPPED);
    FINE(house, stray_list(house->reader, house->arena, 10, &files,
                           &house->err));
    assert_int_equal(files.count, 3);
    assert_int_equal(files.items[0].written_at, NOON);
    assert_int_equal(house_number(house, "SELECT count(*) FROM"
                                         " pragma_table_info('stray')"), 2);
}

static void a_letters_number_is_given_once(void **state)
{
    struct house *house = *state;
    struct registration r = place(house, "Anna", "Kurz", "anna@example.org");
    int64_t before = house_number(house, "SELECT max(id) FROM letter");

    (void)erase(house, NOON + 5, &r);
    settle_all(house, LETTER_SENT);
    assert_int_equal(count(house, "letter"), 0);
    (void)place(house, "Bernd", "Lang", "b@example.org");
    assert_true(house_number(house, "SELECT min(id) FROM letter") > before);
}

static void the_purge_waits_for_the_day_and_leaves_counts(void **state)
{
    struct house *house = *state;
    int64_t day = promise_due(&house->meeting);
    static const char *const words[] = { "Person1", "person1",
                                         "anna@example.org", NULL };

    for (int i = 0; i < 8; i++) {
        struct signup in = house_signup(
            house, arena_printf(house->arena, "Person%d", i), "Muster",
            i % 2 ? NULL : "anna@example.org");
        in.mode = i < 5 ? MODE_ONSITE : MODE_ONLINE;
        assert_int_equal(house_place(house, NOON, &in).outcome,
                         SIGNUP_REGISTERED);
    }
    assert_int_equal(purge_all(house, day - 1), 0);
    assert_int_equal(purge_all(house, day), 8);
    assert_empty(house);
    assert_nowhere(house, words);
    struct tally tally = tally_of(house);
    assert_int_equal(tally.people[REG_REGISTERED][MODE_ONSITE], 5);
    assert_int_equal(tally.people[REG_REGISTERED][MODE_ONLINE], 3);
    assert_int_equal(tally.all, 8);
    assert_int_equal(tally.purged_at, day);
    struct registration_numbers numbers;
    FINE(house, registration_count_all(house->reader, house->meeting.id, 0,
                                       &numbers, &house->err));
    assert_int_equal(numbers.registered[MODE_ONSITE], 5);
    assert_int_equal(purge_all(house, day + DAY), 0);
    assert_int_equal(house_number(house, "SELECT amount FROM audit"
                                         " WHERE deed = 'purge'"), 8);
}

/* Two slices of three, and nobody is left for a third. */
static void the_last_of_a_full_slice_end_the_purge(void **state)
{
    struct house *house = *state;
    int64_t day = house->meeting.ends_at + 92 * DAY;

    for (int i = 0; i < 6; i++)
        (void)place(house, arena_printf(house->arena, "Person%d", i), "Kurz",
                    "anna@example.org");
    assert_int_equal(purge_all(house, day), 6);
    assert_int_equal(tally_of(house).purged_at, day);
    assert_int_equal(house_number(house, "SELECT amount FROM audit"
                                         " WHERE deed = 'purge'"), 6);
}

/* Letters that wait for a relay are not sent to people who are gone. */
static void the_purge_takes_queued_letters_along(void **state)
{
    struct house *house = *state;
    int64_t next;

    (void)place(house, "Anna", "Kurz", "anna@example.org");
    (void)purge_all(house, house->meeting.ends_at + 91 * DAY);
    FINE(house, letter_next_due(house->reader, &next, &house->err));
    assert_true(next == INT64_MAX);
}

#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, house_open, house_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_stays_of_somebody_without_a_calendar_entry),
        TEST(the_link_is_dead_afterwards),
        TEST(the_address_alone_waits_for_the_last_letter),
        TEST(an_invitation_under_way_is_waited_for),
        TEST(a_letter_that_never_goes_does_not_keep_the_address),
        TEST(only_a_seat_that_counts_is_said_to_be_free),
        TEST(a_shared_entry_stays_with_the_other_one),
        TEST(another_one_of_that_address_keeps_what_is_known_of_it),
        TEST(somebody_else_loses_nothing),
        TEST(a_cancelled_one_is_counted_as_cancelled),
        TEST(letters_that_went_out_leave_a_number_for_the_courier),
        TEST(a_letters_number_is_given_once),
        TEST(the_purge_waits_for_the_day_and_leaves_counts),
        TEST(the_last_of_a_full_slice_end_the_purge),
        TEST(the_purge_takes_queued_letters_along),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
