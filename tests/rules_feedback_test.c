/* A reported barrier: by when it is to be answered, who is told, and when it
 * is gone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "calendars/zone.h"
#include "daemon/rules/feedback.h"
#include "daemon/store/feedback_store.h"
#include "daemon/store/letter_store.h"
#include "tests/store_house.h"

static char desk_address[] = "barrieren@example.org";
static char no_address[] = "";

static int open_house(void **state)
{
    int failed = house_open(state);
    struct house *house = *state;

    house->settings.feedback_address = desk_address;
    house->settings.feedback_from = no_address;
    house->settings.feedback_keep = 90 * DAY;
    return failed;
}

static int64_t berlin(int year, int month, int day, int hour, int minute,
                      int second)
{
    const struct civil wall = { year, month, day, hour, minute, second };
    int64_t at;

    assert_int_equal(zone_utc(zone_find("Europe/Berlin"), &wall, &at),
                     WALL_OK);
    return at;
}

static void an_answer_is_due_a_calendar_month_later(void **state)
{
    static const struct {
        int from[3], due[3];
    } known[] = {
        { { 2026, 11, 22 }, { 2026, 12, 22 } },
        { { 2026, 12, 31 }, { 2027, 1, 31 } },
        { { 2027, 1, 31 }, { 2027, 2, 28 } },
        { { 2028, 1, 30 }, { 2028, 2, 29 } },
        { { 2027, 3, 14 }, { 2027, 4, 14 } }, /* summer time begins */
        { { 2027, 9, 30 }, { 2027, 10, 30 } },
    };

    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const int *f = known[i].from, *d = known[i].due;
        int64_t due = berlin(d[0], d[1], d[2], 23, 59, 59);

        assert_int_equal(feedback_due(berlin(f[0], f[1], f[2], 0, 0, 0)),
                         due);
        assert_int_equal(feedback_due(berlin(f[0], f[1], f[2], 23, 59, 59)),
                         due);
    }
}

/* ---- in the database ---- */

struct reported {
    struct feedback feedback;
    bool letter;
};

static enum rc do_receive(struct house *house, int64_t now, void *context)
{
    struct reported *r = context;

    return feedback_receive(house->writer, house->arena, now,
                            &house->settings, &r->feedback, &r->letter,
                            &house->err);
}

static struct reported report(struct house *house, int64_t now,
                              const char *message, const char *address)
{
    struct reported r = { .feedback = { .message = message,
                                        .address = address, .page = "",
                                        .lang = LANG_DE } };

    FINE(house, house_write(house, now, do_receive, &r));
    return r;
}

static enum rc do_answer(struct house *house, int64_t now, void *id)
{
    return feedback_answer(house->writer, now, *(int64_t *)id, -1,
                           &house->err);
}

static void it_is_stored_and_the_operator_is_told(void **state)
{
    struct house *house = *state;
    struct reported r = report(house, NOON, "Kein Kontrast.",
                               "Anna@Example.org");
    struct feedback found;
    struct letters due;

    assert_true(r.letter);
    FINE(house, feedback_by_id(house->reader, house->arena, r.feedback.id,
                               &found, &house->err));
    assert_string_equal(found.message, "Kein Kontrast.");
    assert_string_equal(found.address, "Anna@Example.org");
    assert_int_equal(found.received_at, NOON);
    assert_int_equal(found.due_at, feedback_due(NOON));
    assert_int_equal(found.answered_at, 0);
    FINE(house, letter_due(house->reader, house->arena, NOON, 9, &due,
                           &house->err));
    assert_int_equal(due.count, 1);
    assert_int_equal(due.items[0].kind, LETTER_FEEDBACK);
    assert_int_equal(due.items[0].feedback_id, found.id);
    assert_int_equal(due.items[0].registration_id, 0);
    assert_string_equal(due.items[0].address, desk_address);
}

static void without_an_address_of_the_operator_it_waits_at_the_desk(
    void **state)
{
    struct house *house = *state;

    house->settings.feedback_address = no_address;
    assert_false(report(house, NOON, "Kein Kontrast.", NULL).letter);
    assert_int_equal(house_number(house, "SELECT count(*) FROM feedback"),
                     1);
    assert_int_equal(house_number(house, "SELECT count(*) FROM letter"), 0);
}

static void the_same_twice_is_one(void **state)
{
    struct house *house = *state;

    report(house, NOON, "Kein Kontrast.", NULL);
    assert_false(report(house, NOON + 5, "Kein Kontrast.", NULL).letter);
    assert_int_equal(house_number(house, "SELECT count(*) FROM feedback"),
                     1);
    /* Another address, another day: somebody else, or once more. */
    report(house, NOON + 6, "Kein Kontrast.", "a@example.org");
    report(house, NOON + DAY, "Kein Kontrast.", NULL);
    assert_int_equal(house_number(house, "SELECT count(*) FROM feedback"),
                     3);
}

static void a_flood_is_stored_and_its_letters_are_withheld(void **state)
{
    struct house *house = *state;

    for (int i = 0; i < 40; i++)
        report(house, NOON + i, arena_printf(house->arena, "Nr. %d", i),
               NULL);
    assert_int_equal(house_number(house, "SELECT count(*) FROM feedback"),
                     40);
    assert_int_equal(house_number(house, "SELECT count(*) FROM letter"
                                         " WHERE state = 0"), 30);
    assert_int_equal(house_number(house, "SELECT count(*) FROM letter"
                                         " WHERE state = 3"), 10);
    assert_true(report(house, NOON + 2 * HOUR, "später", NULL).letter);
}

static void an_hour_later_the_first_count_no_more(void **state)
{
    struct house *house = *state;

    for (int i = 0; i < 30; i++)
        assert_true(report(house, NOON, arena_printf(house->arena, "%d", i),
                           NULL).letter);
    assert_false(report(house, NOON + HOUR - 1, "davor", NULL).letter);
    assert_true(report(house, NOON + HOUR, "danach", NULL).letter);
}

static void it_is_answered_once(void **state)
{
    struct house *house = *state;
    struct reported r = report(house, NOON, "Kein Kontrast.", NULL);
    struct feedback_counts counts;

    FINE(house, feedback_count(house->reader, r.feedback.due_at, &counts,
                               &house->err));
    assert_int_equal(counts.open, 1);
    assert_int_equal(counts.overdue, 0);
    FINE(house, feedback_count(house->reader, r.feedback.due_at + 1, &counts,
                               &house->err));
    assert_int_equal(counts.overdue, 1);
    FINE(house, house_write(house, NOON + DAY, do_answer, &r.feedback.id));
    MISSING(house, house_write(house, NOON + 2 * DAY, do_answer,
                               &r.feedback.id));
    assert_int_equal(house_number(house, "SELECT answered_at FROM feedback"),
                     NOON + DAY);
    FINE(house, feedback_count(house->reader, r.feedback.due_at + 1, &counts,
                               &house->err));
    assert_int_equal(counts.open + counts.overdue, 0);
}

static enum rc do_purge(struct house *house, int64_t now, void *count)
{
    return feedback_purge(house->writer, now, 2, &house->settings, count,
                          &house->err);
}

static int64_t purge(struct house *house, int64_t now)
{
    int64_t count = -1;

    FINE(house, house_write(house, now, do_purge, &count));
    return count;
}

static void what_was_answered_goes_in_time_and_nothing_else(void **state)
{
    struct house *house = *state;
    int64_t ids[4];

    for (int i = 0; i < 4; i++)
        ids[i] = report(house, NOON, arena_printf(house->arena, "%d", i),
                        "a@example.org").feedback.id;
    for (int i = 0; i < 3; i++)
        FINE(house, house_write(house, NOON + DAY, do_answer, &ids[i]));
    assert_int_equal(purge(house, NOON + 91 * DAY - 1), 0);
    /* So many at a time, and their letters with them. */
    assert_int_equal(purge(house, NOON + 91 * DAY), 2);
    assert_int_equal(purge(house, NOON + 91 * DAY), 1);
    assert_int_equal(purge(house, NOON + 91 * DAY), 0);
    assert_int_equal(house_number(house, "SELECT id FROM feedback"), ids[3]);
    assert_int_equal(house_number(house, "SELECT count(*) FROM letter"), 1);
    assert_int_equal(house_number(house, "SELECT count(*) FROM stray"), 3);
    assert_int_equal(house_number(house, "SELECT sum(amount) FROM audit"
                                         " WHERE deed = 'feedback-purge'"),
                     3);
}

static enum rc do_erase(struct house *house, int64_t now, void *count)
{
    return feedback_erase(house->writer, house->arena, now, -1,
                          "anna@example.org", count, &house->err);
}

static void who_wants_it_gone_has_it_gone_at_once(void **state)
{
    struct house *house = *state;
    int64_t count;

    report(house, NOON, "Geheim", "Anna@Example.org");
    report(house, NOON, "Bleibt", "b@example.org");
    report(house, NOON, "Bleibt auch", NULL);
    FINE(house, house_write(house, NOON + 1, do_erase, &count));
    assert_int_equal(count, 1);
    assert_int_equal(house_number(house, "SELECT count(*) FROM feedback"
                                         " WHERE message LIKE 'Bleibt%'"),
                     2);
    assert_int_equal(house_number(house, "SELECT count(*) FROM feedback"),
                     2);
    assert_int_equal(house_number(house, "SELECT count(*) FROM letter"), 2);
}

int main(void)
{
#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, open_house, house_close)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_due_a_calendar_month_later),
        TEST(it_is_stored_and_the_operator_is_told),
        TEST(without_an_address_of_the_operator_it_waits_at_the_desk),
        TEST(the_same_twice_is_one),
        TEST(a_flood_is_stored_and_its_letters_are_withheld),
        TEST(an_hour_later_the_first_count_no_more),
        TEST(it_is_answered_once),
        TEST(what_was_answered_goes_in_time_and_nothing_else),
        TEST(who_wants_it_gone_has_it_gone_at_once),
    };
    return cmocka_run_group_tests_name("rules/feedback", tests, NULL, NULL);
}
