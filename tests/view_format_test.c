#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "daemon/base/arena.h"
#include "daemon/base/parse.h"
#include "web/view/format.h"

#define BERLIN "Europe/Berlin"

static int begin(void **state)
{
    *state = arena_new();
    return 0;
}

static int end(void **state)
{
    struct arena *arena = *state;

    arena_free(&arena);
    return 0;
}

static int64_t utc(const char *text)
{
    struct civil civil;

    assert_true(parse_civil(text, &civil));
    return civil_to_seconds(&civil);
}

static void the_seventh_of_march_2027_is_a_sunday(void **state)
{
    int64_t at = utc("2027-03-07 09:00");

    assert_string_equal(format_weekday_date(*state, LANG_DE, BERLIN, at),
                        "Sonntag, 7. März 2027");
    assert_string_equal(format_weekday_date(*state, LANG_EN, BERLIN, at),
                        "Sunday 7 March 2027");
    assert_string_equal(format_date(*state, LANG_DE, BERLIN, at),
                        "7. März 2027");
    assert_string_equal(format_date(*state, LANG_EN, BERLIN, at),
                        "7 March 2027");
}

static void the_weekday_is_computed(void **state)
{
    static const char *const german[] = {
        "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag",
        "Sonntag",
    };
    static const char *const english[] = {
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
        "Sunday",
    };

    for (int day = 1; day <= 31; day++) {
        int64_t at = utc("2027-03-01 12:00") + (day - 1) * 86400;
        int weekday = (day - 1) % 7; /* 1 March 2027 is a Monday */

        assert_string_equal(
            format_weekday_date(*state, LANG_DE, BERLIN, at),
            arena_printf(*state, "%s, %d. März 2027", german[weekday], day));
        assert_string_equal(
            format_weekday_date(*state, LANG_EN, BERLIN, at),
            arena_printf(*state, "%s %d March 2027", english[weekday], day));
    }
}

static void every_month_has_its_name(void **state)
{
    static const char *const names[12][2] = {
        { "Januar", "January" }, { "Februar", "February" },
        { "März", "March" }, { "April", "April" }, { "Mai", "May" },
        { "Juni", "June" }, { "Juli", "July" }, { "August", "August" },
        { "September", "September" }, { "Oktober", "October" },
        { "November", "November" }, { "Dezember", "December" },
    };

    for (int month = 1; month <= 12; month++) {
        struct civil civil = { 2027, month, 15, 12, 0, 0 };
        int64_t at = civil_to_seconds(&civil);

        assert_string_equal(
            format_date(*state, LANG_DE, BERLIN, at),
            arena_printf(*state, "15. %s 2027", names[month - 1][0]));
        assert_string_equal(
            format_date(*state, LANG_EN, BERLIN, at),
            arena_printf(*state, "15 %s 2027", names[month - 1][1]));
    }
}

static void a_day_is_the_day_of_the_zone(void **state)
{
    int64_t at = utc("2027-03-06 23:30");

    assert_string_equal(format_date(*state, LANG_EN, BERLIN, at),
                        "7 March 2027");
    assert_string_equal(format_date(*state, LANG_EN, "Europe/London", at),
                        "6 March 2027");
    assert_string_equal(format_iso_date(*state, BERLIN, at), "2027-03-07");
    assert_string_equal(format_iso_date(*state, "UTC", at), "2027-03-06");
}

static void times_have_two_digits_and_uhr(void **state)
{
    int64_t at = utc("2027-03-07 08:05");

    assert_string_equal(format_time(*state, LANG_DE, BERLIN, at),
                        "09:05 Uhr");
    assert_string_equal(format_time(*state, LANG_EN, BERLIN, at), "09:05");
    assert_string_equal(
        format_time(*state, LANG_EN, BERLIN, utc("2027-07-07 08:05")),
        "10:05");
}

static void a_span_names_its_day_once(void **state)
{
    int64_t from = utc("2027-03-07 09:00"), to = utc("2027-03-07 14:00");

    assert_string_equal(format_span(*state, LANG_DE, BERLIN, from, to),
                        "Sonntag, 7. März 2027, 10:00 bis 15:00 Uhr");
    assert_string_equal(format_span(*state, LANG_EN, BERLIN, from, to),
                        "Sunday 7 March 2027, 10:00 to 15:00");
    assert_string_equal(format_time_span(*state, LANG_DE, BERLIN, from, to),
                        "10:00 bis 15:00 Uhr");
    assert_string_equal(format_time_span(*state, LANG_EN, BERLIN, from, to),
                        "10:00 to 15:00");
}

static void a_span_over_midnight_names_both_days(void **state)
{
    int64_t from = utc("2027-12-31 21:00"), to = utc("2028-01-01 01:00");

    assert_string_equal(
        format_span(*state, LANG_DE, BERLIN, from, to),
        "Freitag, 31. Dezember 2027, 22:00 Uhr bis Samstag, 1. Januar 2028, "
        "02:00 Uhr");
    assert_string_equal(
        format_span(*state, LANG_EN, BERLIN, from, to),
        "Friday 31 December 2027, 22:00 to Saturday 1 January 2028, 02:00");
}

static void iso_carries_the_offset(void **state)
{
    int64_t winter = utc("2027-03-07 09:00"), summer = utc("2027-07-07 09:00");

    assert_string_equal(format_iso(*state, BERLIN, winter),
                        "2027-03-07T10:00:00+01:00");
    assert_string_equal(format_iso(*state, BERLIN, summer),
                        "2027-07-07T11:00:00+02:00");
    assert_string_equal(format_iso(*state, "Atlantic/Azores", winter),
                        "2027-03-07T08:00:00-01:00");
    assert_string_equal(format_iso(*state, "Asia/Kolkata", winter),
                        "2027-03-07T14:30:00+05:30");
    assert_string_equal(format_iso(*state, "Europe/Atlantis", winter),
                        "2027-03-07T09:00:00+00:00");
}

static void numbers_are_grouped_by_language(void **state)
{
    static const struct {
        int64_t number;
        const char *german, *english;
    } cases[] = {
        { 0, "0", "0" },
        { 7, "7", "7" },
        { 999, "999", "999" },
        { 1000, "1.000", "1,000" },
        { 1234567, "1.234.567", "1,234,567" },
        { -1234, "-1.234", "-1,234" },
        { -100, "-100", "-100" },
        { INT64_MAX, "9.223.372.036.854.775.807",
          "9,223,372,036,854,775,807" },
        { INT64_MIN, "-9.223.372.036.854.775.808",
          "-9,223,372,036,854,775,808" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_string_equal(format_number(*state, LANG_DE, cases[i].number),
                            cases[i].german);
        assert_string_equal(format_number(*state, LANG_EN, cases[i].number),
                            cases[i].english);
    }
}

static void the_short_form_fits_a_table(void **state)
{
    int64_t at = utc("2027-03-07 09:00");

    assert_string_equal(format_short(*state, LANG_DE, BERLIN, at),
                        "07.03.2027, 10:00");
    assert_string_equal(format_short(*state, LANG_EN, BERLIN, at),
                        "7 Mar 2027, 10:00");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(the_seventh_of_march_2027_is_a_sunday),
        TEST(the_weekday_is_computed),
        TEST(every_month_has_its_name),
        TEST(a_day_is_the_day_of_the_zone),
        TEST(times_have_two_digits_and_uhr),
        TEST(a_span_names_its_day_once),
        TEST(a_span_over_midnight_names_both_days),
        TEST(iso_carries_the_offset),
        TEST(numbers_are_grouped_by_language),
        TEST(the_short_form_fits_a_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
