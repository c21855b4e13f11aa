/* The const table of zones against the tz database of this machine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "calendars/zone.h"

#define LAST_YEAR 2060

static int64_t seconds(int year, int month, int day, int hour, int minute)
{
    struct civil civil = { year, month, day, hour, minute, 0 };

    return civil_to_seconds(&civil);
}

static const struct zone *berlin(void)
{
    return zone_find("Europe/Berlin");
}

static void use_tz_database(const struct zone *zone)
{
    char path[128];

    snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", zone_name(zone));
    if (access(path, R_OK) != 0)
        fail_msg("%s is missing: install tzdata", path);
    assert_int_equal(setenv("TZ", zone_name(zone), 1), 0);
    tzset();
}

static void compare(const struct zone *zone, int64_t utc)
{
    struct local_time ours = zone_local(zone, utc);
    time_t when = (time_t)utc;
    struct tm theirs;
    int64_t back = 0;

    assert_non_null(localtime_r(&when, &theirs));
    if (theirs.tm_gmtoff != ours.offset)
        fail_msg("%s at %lld: %d seconds, the tz database says %ld",
                 zone_name(zone), (long long)utc, ours.offset,
                 theirs.tm_gmtoff);
    assert_int_equal(ours.civil.hour, theirs.tm_hour);
    assert_int_equal(ours.civil.minute, theirs.tm_min);
    assert_int_equal(ours.civil.day, theirs.tm_mday);
    assert_int_equal(ours.civil.month, theirs.tm_mon + 1);
    assert_int_equal(ours.civil.year, theirs.tm_year + 1900);

    enum wall_verdict verdict = zone_utc(zone, &ours.civil, &back);

    assert_int_equal(verdict, ours.ambiguous ? WALL_TWICE : WALL_OK);
    assert_int_equal(back, ours.ambiguous && !ours.summer ? utc - 3600 : utc);
}

static void every_zone_agrees_with_the_tz_database(void **state)
{
    const struct zone *zone;

    (void)state;
    for (size_t i = 0; (zone = zone_at(i)) != NULL; i++) {
        int64_t end = seconds(LAST_YEAR + 1, 1, 1, 0, 0);

        assert_ptr_equal(zone_find(zone_name(zone)), zone);
        assert_int_equal(zone_index(zone), i);
        use_tz_database(zone);
        for (int64_t at = seconds(zone_true_since(zone), 1, 1, 0, 0);
             at < end; at += 23 * 3600 + 1)
            compare(zone, at);
    }
}

/* The weeks in which some zone may switch, hour by hour. */
static void every_zone_switches_to_the_second(void **state)
{
    const struct zone *zone;

    (void)state;
    for (size_t i = 0; (zone = zone_at(i)) != NULL; i++) {
        use_tz_database(zone);
        for (int year = zone_true_since(zone); year <= LAST_YEAR; year++)
            for (int month = 3; month <= 10; month += 7)
                for (int64_t at = seconds(year, month, 25, 0, 0);
                     at < seconds(year, month, 31, 23, 59); at += 3600) {
                    compare(zone, at - 1);
                    compare(zone, at);
                }
    }
}

static void the_missing_hour_never_comes(void **state)
{
    struct civil wall = { 2027, 3, 28, 2, 30, 0 };
    int64_t utc = 0;

    (void)state;
    assert_int_equal(zone_utc(berlin(), &wall, &utc), WALL_NEVER);
    wall.hour = 3;
    assert_int_equal(zone_utc(berlin(), &wall, &utc), WALL_OK);
    assert_int_equal(utc, seconds(2027, 3, 28, 1, 30));
    wall = (struct civil){ 2027, 3, 28, 1, 59, 59 };
    assert_int_equal(zone_utc(berlin(), &wall, &utc), WALL_OK);
}

static void the_doubled_hour_gives_its_first(void **state)
{
    struct civil wall = { 2027, 10, 31, 2, 30, 0 };
    int64_t utc = 0;

    (void)state;
    assert_int_equal(zone_utc(berlin(), &wall, &utc), WALL_TWICE);
    assert_int_equal(utc, seconds(2027, 10, 31, 0, 30));
    assert_true(zone_local(berlin(), utc).ambiguous);
    assert_true(zone_local(berlin(), utc).summer);
    assert_true(zone_local(berlin(), utc + 3600).ambiguous);
    assert_false(zone_local(berlin(), utc + 3600).summer);
    assert_false(zone_local(berlin(), utc + 7200).ambiguous);
    assert_false(zone_local(berlin(), utc - 3600).ambiguous);
}

static void a_zone_without_summer_has_neither(void **state)
{
    const struct zone *tokyo = zone_find("Asia/Tokyo");
    struct civil wall = { 2027, 10, 31, 2, 30, 0 };
    int64_t utc = 0;

    (void)state;
    assert_int_equal(zone_utc(tokyo, &wall, &utc), WALL_OK);
    assert_int_equal(utc, seconds(2027, 10, 30, 17, 30));
    assert_false(zone_local(tokyo, seconds(2027, 10, 31, 1, 0)).ambiguous);
}

static void an_unknown_zone_is_not_found(void **state)
{
    (void)state;
    assert_null(zone_find("Europe/Atlantis"));
    assert_null(zone_find(""));
    assert_null(zone_find("europe/berlin"));
    assert_true(zone_is_utc(zone_or_utc("Europe/Atlantis")));
    assert_ptr_equal(zone_or_utc("Europe/Berlin"), berlin());
    assert_null(zone_at(zone_count()));
}

static void the_self_test_passes(void **state)
{
    struct err err = { "" };

    (void)state;
    assert_int_equal(zone_self_test(&err), RC_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_zone_agrees_with_the_tz_database),
        cmocka_unit_test(every_zone_switches_to_the_second),
        cmocka_unit_test(the_missing_hour_never_comes),
        cmocka_unit_test(the_doubled_hour_gives_its_first),
        cmocka_unit_test(a_zone_without_summer_has_neither),
        cmocka_unit_test(an_unknown_zone_is_not_found),
        cmocka_unit_test(the_self_test_passes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
