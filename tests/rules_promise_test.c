/* The day that is promised, on the walls of the meeting. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "calendars/zone.h"
#include "daemon/rules/promise.h"

#define HOUR 3600
#define DAY 86400

static int64_t at(const char *zone, const char *wall)
{
    struct civil civil;
    int64_t utc;

    assert_true(parse_civil(wall, &civil));
    assert_int_not_equal(zone_utc(zone_find(zone), &civil, &utc), WALL_NEVER);
    return utc;
}

static void assert_due(const char *zone, const char *ends, int keep,
                       const char *due)
{
    const struct meeting meeting = { .zone = zone, .keep_days = keep,
                                     .ends_at = at(zone, ends) };

    assert_int_equal(promise_due(&meeting), at(zone, due));
}

static void it_begins_at_midnight_there(void **state)
{
    (void)state;
    assert_due("Europe/Berlin", "2027-03-07 15:00", 90, "2027-06-05 00:00");
    assert_due("Europe/Berlin", "2027-09-07 15:00", 90, "2027-12-06 00:00");
    assert_due("Europe/Berlin", "2027-03-07 15:00", 365, "2028-03-06 00:00");
    assert_due("Europe/Berlin", "2028-02-28 15:00", 1, "2028-02-29 00:00");
    assert_due("Europe/Lisbon", "2027-03-07 15:00", 90, "2027-06-05 00:00");
}

static void the_day_of_the_meeting_itself_begins_with_its_end(void **state)
{
    (void)state;
    assert_due("Europe/Berlin", "2027-03-07 15:00", 0, "2027-03-07 15:00");
    assert_due("Europe/Berlin", "2027-10-31 02:30", 0, "2027-10-31 02:30");
}

static void what_ends_at_night_counts_for_the_next_day(void **state)
{
    (void)state;
    assert_due("Europe/Berlin", "2027-03-07 22:59", 0, "2027-03-07 22:59");
    assert_due("Europe/Berlin", "2027-03-07 23:30", 0, "2027-03-08 00:00");
    assert_due("Europe/Berlin", "2027-03-08 00:00", 0, "2027-03-08 00:00");
    assert_due("Europe/Berlin", "2027-03-07 23:30", 1, "2027-03-09 00:00");
}

/* Whatever the zone, the season and the hour: never before the end, never
 * before the day that is printed, and an hour at least is left of it. */
static void there_is_always_time_left_of_the_day(void **state)
{
    (void)state;
    for (size_t z = 0; zone_at(z); z++) {
        const struct zone *zone = zone_at(z);

        for (int64_t ends = 1800000000; ends < 1800000000 + 730 * DAY;
             ends += 7 * HOUR + 1333)
            for (int keep = 0; keep < 4; keep++) {
                const struct meeting meeting = {
                    .zone = zone_name(zone), .ends_at = ends,
                    .keep_days = keep * keep * 40,
                };
                int64_t due = promise_due(&meeting);
                struct civil day = zone_local(zone, due).civil;
                struct civil later = zone_local(zone, due + HOUR - 1).civil;
                struct civil before = zone_local(zone, due - 1).civil;

                assert_true(due >= ends);
                assert_int_equal(later.day, day.day);
                if (due > ends)
                    assert_int_not_equal(before.day, day.day);
            }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_begins_at_midnight_there),
        cmocka_unit_test(the_day_of_the_meeting_itself_begins_with_its_end),
        cmocka_unit_test(what_ends_at_night_counts_for_the_next_day),
        cmocka_unit_test(there_is_always_time_left_of_the_day),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
