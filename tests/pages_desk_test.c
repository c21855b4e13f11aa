#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/base/arena.h"
#include "daemon/base/str.h"
#include "daemon/http/request.h"
#include "web/pages/desk_filter.h"

#define LIST "/de/desk/sachsen/arbeit-2030"

static const struct meeting meeting = { .id = 17, .zone = "Europe/Berlin" };

static int setup(void **state)
{
    *state = arena_new();
    return 0;
}

static int teardown(void **state)
{
    struct arena *arena = *state;

    arena_free(&arena);
    return 0;
}

static struct desk_filter filter_of(struct arena *arena, const char *query)
{
    struct request request = { .arena = arena, .query = query };
    struct desk_filter filter;

    desk_filter_read(&request, &filter);
    return filter;
}

static char *again(struct arena *arena, const char *query)
{
    struct desk_filter filter = filter_of(arena, query);

    return desk_filter_url(arena, LIST, &filter);
}

static void a_filter_comes_back_from_its_own_address(void **state)
{
    static const char *const queries[] = {
        "q=muller", "state=cancelled", "mode=online", "bench=3", "org=IHK",
        "from=2026-11-01", "until=2026-11-30", "letters=missing",
        "queue=yes", "queue=yes&sort=queue", "sort=organisation",
        "sort=registered&order=desc", "order=desc",
        "rows=100", "rows=all", "col=email", "col=state&col=cancelled",
        "after=K7MPQ2X", "before=K7MPQ2X", "page=last",
        "q=M%C3%BCller%20%26%20Co&state=registered&mode=onsite&bench=12"
        "&org=a&from=2026-11-01&until=2026-11-02&letters=missing&sort=mode"
        "&order=desc&rows=all&col=lang&after=A",
    };

    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++)
        assert_string_equal(again(*state, queries[i]),
                            arena_printf(*state, LIST "?%s", queries[i]));
}

static void what_cannot_be_understood_is_left_out(void **state)
{
    static const char *const queries[] = {
        "", "q=", "state=", "state=asleep", "mode=telepathy", "bench=0",
        "bench=-1", "bench=abc", "bench=99999999999999999999", "org=",
        "from=yesterday", "from=2026-02-30", "from=2026-11-01T10:00",
        "until=2026-1-1", "letters=", "letters=x", "sort=", "sort=name",
        "sort=shoes", "order=asc", "rows=", "rows=51", "col=", "col=shoes",
        "col=given_name", "after=", "before=", "page=2", "q=%FF",
        "q=%20%20",
    };

    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        struct desk_filter filter = filter_of(*state, queries[i]);

        assert_string_equal(again(*state, queries[i]), LIST);
        assert_false(desk_filter_narrows(&filter));
    }
}

static void each_part_alone_narrows_the_list(void **state)
{
    static const char *const queries[] = {
        "q=x", "state=registered", "mode=onsite", "bench=1", "org=x",
        "from=2026-11-01", "until=2026-11-01", "letters=missing",
        "queue=yes",
    };

    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        struct desk_filter filter = filter_of(*state, queries[i]);

        assert_true(desk_filter_narrows(&filter));
        assert_int_equal(desk_filter_is_special(&filter), i >= 3);
    }
}

static void columns_are_those_that_were_ticked(void **state)
{
    assert_int_equal(filter_of(*state, "").columns, DESK_COLUMNS_USUAL);
    assert_int_equal(filter_of(*state, "col=email&x=y&col=bench").columns,
                     ATTENDEE_BIT(ATTENDEE_EMAIL) |
                         ATTENDEE_BIT(ATTENDEE_BENCH));
    assert_int_equal(filter_of(*state, "col=%FF&col=lang").columns,
                     ATTENDEE_BIT(ATTENDEE_LANG));
    /* The usual ones have the short address, however they came about. */
    assert_string_equal(again(*state, "col=organisation&col=mode&col=state"
                                      "&col=email&col=registered"
                                      "&col=reference&col=answers"), LIST);
    assert_string_equal(again(*state, "col=lang&col=answers"),
                        LIST "?col=lang&col=answers");
}

static void whoever_asks_for_a_queue_is_shown_its_places(void **state)
{
    static const char *const queries[] = { "queue=yes", "sort=queue",
                                           "state=waiting", "col=place" };
    struct desk_filter usual = filter_of(*state, "");

    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        struct desk_filter filter = filter_of(*state, queries[i]);

        assert_true(desk_filter_columns(&filter) &
                    ATTENDEE_BIT(ATTENDEE_PLACE));
    }
    assert_int_equal(desk_filter_columns(&usual), DESK_COLUMNS_USUAL);
}

static void a_typed_search_cannot_leave_its_parameter(void **state)
{
    struct desk_filter filter = filter_of(*state, "");

    filter.search = "a&state=x#\"<\r\n ü";
    assert_string_equal(desk_filter_url(*state, "/p", &filter),
                        "/p?q=a%26state%3Dx%23%22%3C%0D%0A%20%C3%BC");
}

static void an_endless_search_is_cut_between_characters(void **state)
{
    struct str query;
    struct desk_filter filter;

    str_init(&query, *state, 10000);
    str_add(&query, "q=x");
    for (int i = 0; i < 1000; i++)
        str_add(&query, "%C3%BC");
    filter = filter_of(*state, query.data);
    assert_int_equal(strlen(filter.search), 199);
    assert_string_equal(filter.search + 197, "ü");
}

/* A request's target may have 2 KB. */
static void the_longest_filter_has_an_address_that_is_accepted(void **state)
{
    struct str query;

    str_init(&query, *state, 10000);
    str_add(&query, "state=registered&mode=onsite&bench=1000000&"
                    "from=2026-11-01&until=2026-11-02&letters=missing&"
                    "sort=organisation&order=desc&rows=all&after=K7MPQ2X");
    for (int i = 0; i < ATTENDEE_COLUMN_COUNT; i++)
        if (DESK_COLUMNS & ATTENDEE_BIT(i))
            str_addf(&query, "&col=%s",
                     attendee_column_key((enum attendee_column)i));
    str_add(&query, "&q=");
    for (int i = 0; i < 200; i++)
        str_add(&query, "%C3%BC");
    str_add(&query, "&org=");
    for (int i = 0; i < 200; i++)
        str_add(&query, "%C3%BC");
    assert_true(strlen(again(*state, query.data)) < 1800);
}

static void the_store_is_asked_what_the_address_says(void **state)
{
    struct desk_filter filter =
        filter_of(*state, "q=ana&org=ihk&state=cancelled&mode=online"
                          "&bench=3&letters=missing");
    struct registration_filter rows = desk_filter_rows(&filter, &meeting);

    assert_int_equal(rows.meeting_id, 17);
    assert_string_equal(rows.search, "ana");
    assert_string_equal(rows.organisation, "ihk");
    assert_int_equal(rows.state, REG_CANCELLED);
    assert_int_equal(rows.mode, MODE_ONLINE);
    assert_int_equal(rows.bench_id, 3);
    assert_true(rows.unreached);
    assert_int_equal(rows.from, 0);
    assert_int_equal(rows.to, 0);
}

static void days_begin_and_end_by_the_meetings_clock(void **state)
{
    /* 25 October 2026 has 25 hours in Berlin. */
    struct desk_filter filter =
        filter_of(*state, "from=2026-10-25&until=2026-10-25");
    struct registration_filter rows = desk_filter_rows(&filter, &meeting);

    assert_int_equal(rows.from, INT64_C(1792879200)); /* 24 Oct 22:00 UTC */
    assert_int_equal(rows.to - rows.from, 25 * 3600);
}

static void the_filter_is_told_in_words(void **state)
{
    struct bench bench = { .id = 3, .name = { "Kammern", "Chambers" } };
    const struct benches benches = { &bench, 1 };
    struct desk_filter none = filter_of(*state, "sort=mode&rows=all");
    struct desk_filter all =
        filter_of(*state, "q=ana&org=ihk&state=cancelled&mode=online"
                          "&bench=3&letters=missing&from=2026-11-01"
                          "&until=2026-11-30");
    static const char *const wanted[][2] = {
        { "Suche", "ana" }, { "Status", "Abgemeldet" },
        { "Teilnahme", "Online" }, { "Gehört zu", "Kammern" },
        { "Organisation", "ihk" }, { "Angemeldet ab", "1. November 2026" },
        { "Angemeldet bis", "30. November 2026" },
        { "E-Mails", "Nicht zustellbar" },
    };
    struct attendee_conditions got =
        desk_filter_conditions(*state, &all, LANG_DE, &benches);

    assert_int_equal(got.count, sizeof wanted / sizeof *wanted);
    for (size_t i = 0; i < got.count; i++) {
        assert_string_equal(got.items[i].label, wanted[i][0]);
        assert_string_equal(got.items[i].value, wanted[i][1]);
    }
    assert_int_equal(
        desk_filter_conditions(*state, &none, LANG_DE, &benches).count, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(a_filter_comes_back_from_its_own_address),
        TEST(what_cannot_be_understood_is_left_out),
        TEST(each_part_alone_narrows_the_list),
        TEST(columns_are_those_that_were_ticked),
        TEST(whoever_asks_for_a_queue_is_shown_its_places),
        TEST(a_typed_search_cannot_leave_its_parameter),
        TEST(an_endless_search_is_cut_between_characters),
        TEST(the_longest_filter_has_an_address_that_is_accepted),
        TEST(the_store_is_asked_what_the_address_says),
        TEST(days_begin_and_end_by_the_meetings_clock),
        TEST(the_filter_is_told_in_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
