#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/base/arena.h"
#include "daemon/http/request.h"
#include "web/pages/desk_filter.h"
#include "web/pages/desk_sheet.h"

#define LIST "/de/desk/sachsen/arbeit-2030"

/* 2027-03-06 23:30 UTC: the seventh of March by the wall clock in Berlin */
#define STARTS_AT INT64_C(1804375800)
/* 2026-11-22 12:00 UTC */
#define NOW INT64_C(1795348800)

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

    return desk_filter_url(arena, LIST, &filter, filter.page);
}

static void a_filter_comes_back_from_its_own_address(void **state)
{
    static const char *const queries[] = {
        "q=muller", "state=cancelled", "mode=online", "page=3",
        "q=M%C3%BCller%20%26%20Co&state=registered&mode=onsite&page=12",
    };

    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++)
        assert_string_equal(again(*state, queries[i]),
                            arena_printf(*state, LIST "?%s", queries[i]));
}

static void what_cannot_be_understood_is_left_out(void **state)
{
    static const char *const queries[] = {
        "", "q=", "state=", "state=asleep", "mode=telepathy", "page=0",
        "page=-1", "page=abc", "page=1", "page=99999999999", "q=%FF",
        "q=%20%20", "sort=name",
    };

    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        struct desk_filter filter = filter_of(*state, queries[i]);

        assert_string_equal(again(*state, queries[i]), LIST);
        assert_false(desk_filter_narrows(&filter));
    }
}

static void each_part_alone_narrows_the_list(void **state)
{
    static const char *const queries[] = { "q=x", "state=registered",
                                           "mode=onsite" };

    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        struct desk_filter filter = filter_of(*state, queries[i]);

        assert_true(desk_filter_narrows(&filter));
    }
}

static void a_typed_search_cannot_leave_its_parameter(void **state)
{
    struct desk_filter filter = { .search = "a&state=x#\"<\r\n ü", .state = -1,
                                  .mode = -1, .page = 1 };

    assert_string_equal(desk_filter_url(*state, "/p", &filter, 1),
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

static void the_store_is_asked_what_the_address_says(void **state)
{
    struct desk_filter filter =
        filter_of(*state, "q=ana&state=cancelled&mode=online");
    struct registration_filter rows = desk_filter_rows(&filter, 17);

    assert_int_equal(rows.meeting_id, 17);
    assert_string_equal(rows.search, "ana");
    assert_int_equal(rows.state, REG_CANCELLED);
    assert_int_equal(rows.mode, MODE_ONLINE);
}

static void a_full_page_needs_no_second_one(void **state)
{
    (void)state;
    assert_int_equal(desk_page_count(0, 50), 1);
    assert_int_equal(desk_page_count(50, 50), 1);
    assert_int_equal(desk_page_count(51, 50), 2);
    assert_int_equal(desk_page_count(10000, 50), 200);
}

static const struct meeting meeting = {
    .slug = "arbeit-2030", .zone = "Europe/Berlin", .starts_at = STARTS_AT
};

static void the_file_is_named_by_day_meeting_and_date(void **state)
{
    assert_string_equal(
        desk_sheet_name(*state, LANG_DE, &meeting, NOW),
        "2027-03-07_arbeit-2030_teilnehmende_stand-2026-11-22.csv");
    assert_string_equal(
        desk_sheet_name(*state, LANG_EN, &meeting, NOW),
        "2027-03-07_arbeit-2030_attendees_as-of-2026-11-22.csv");
}

static struct bench benches[] = {
    { .id = 3, .name = { "Kammern", "Chambers" } },
    { .id = 5, .name = { "Gewerkschaften", "" } },
};

static struct desk_sheet sheet_in(enum lang lang)
{
    return (struct desk_sheet){ .lang = lang, .zone = "Europe/Berlin",
                                .benches = { benches, 2 } };
}

static const char *row_of(struct arena *arena, enum lang lang,
                          const struct registration *registration)
{
    struct desk_sheet sheet = sheet_in(lang);
    struct str out;

    str_init(&out, arena, 10000);
    desk_sheet_row(&out, arena, &sheet, registration);
    return out.data;
}

static void the_header_is_in_the_language_of_the_page(void **state)
{
    struct desk_sheet sheet = sheet_in(LANG_DE);
    struct str out;

    str_init(&out, *state, 10000);
    desk_sheet_begin(&out, &sheet);
    assert_string_equal(
        out.data,
        "\xEF\xBB\xBF\"Anmeldecode\";\"Status\";\"Teilnahme\";"
        "\"Titel\";\"Vorname\";"
        "\"Nachname\";\"E-Mail\";\"Organisation\";\"Funktion\";"
        "\"Gehört zu\";\"Sprache\";\"Angemeldet am\";"
        "\"Abgemeldet am\"\r\n");
}

static struct registration somebody(void)
{
    return (struct registration){
        .person = { .title = "Dr.", .given_name = "Jana",
                    .family_name = "Łęcka-Müller",
                    .address = "jana@example.org",
                    .organisation = "Beispiel; GmbH", .position = "Rätin",
                    .bench_id = 3 },
        .mode = MODE_ONLINE, .state = REG_CANCELLED, .reference = "K7MPQ2",
        .lang = LANG_EN, .created_at = NOW,
        .cancelled_at = INT64_C(1814351400), /* 2027-06-30 10:30 UTC */
    };
}

static void a_row_has_a_cell_for_each_column(void **state)
{
    struct registration registration = somebody();

    assert_string_equal(
        row_of(*state, LANG_DE, &registration),
        "\"K7MPQ2\";\"Abgemeldet\";\"Online\";\"Dr.\";\"Jana\";"
        "\"Łęcka-Müller\";\"jana@example.org\";\"Beispiel; GmbH\";"
        "\"Rätin\";\"Kammern\";\"en\";\"2026-11-22 13:00\";"
        "\"2027-06-30 12:30\"\r\n");
}

static void what_somebody_has_not_is_an_empty_cell(void **state)
{
    struct registration registration = {
        .person = { .title = "", .given_name = "", .family_name = "Sukarno",
                    .organisation = "", .position = "", .bench_id = 5 },
        .mode = MODE_ONSITE, .state = REG_REGISTERED, .reference = "A2",
        .created_at = NOW,
    };

    assert_string_equal(
        row_of(*state, LANG_EN, &registration),
        "\"A2\";\"Registered\";\"On site\";\"\";\"\";\"Sukarno\";\"\";\"\";"
        "\"\";\"Gewerkschaften\";\"de\";\"2026-11-22 13:00\";\"\"\r\n");
}

/* A later version may know more zones than this one. */
static void a_zone_that_nobody_knows_is_read_as_utc(void **state)
{
    struct registration registration = somebody();
    struct desk_sheet sheet = sheet_in(LANG_DE);
    struct str out;

    sheet.zone = "Mars/Olympus_Mons";
    str_init(&out, *state, 10000);
    desk_sheet_row(&out, *state, &sheet, &registration);
    assert_non_null(strstr(out.data, ";\"2027-06-30 10:30\"\r\n"));
}

static void a_formula_in_a_name_is_only_text(void **state)
{
    struct registration registration = somebody();

    registration.person.family_name = "=HYPERLINK(\"http://example.org\")";
    registration.person.position = "+49 351 000";
    assert_non_null(strstr(row_of(*state, LANG_DE, &registration),
                           ";\"'=HYPERLINK(\"\"http://example.org\"\")\";"));
    assert_non_null(strstr(row_of(*state, LANG_DE, &registration),
                           ";\"'+49 351 000\";"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(a_filter_comes_back_from_its_own_address),
        TEST(what_cannot_be_understood_is_left_out),
        TEST(each_part_alone_narrows_the_list),
        TEST(a_typed_search_cannot_leave_its_parameter),
        TEST(an_endless_search_is_cut_between_characters),
        TEST(the_store_is_asked_what_the_address_says),
        TEST(a_full_page_needs_no_second_one),
        TEST(the_file_is_named_by_day_meeting_and_date),
        TEST(the_header_is_in_the_language_of_the_page),
        TEST(a_row_has_a_cell_for_each_column),
        TEST(what_somebody_has_not_is_an_empty_cell),
        TEST(a_zone_that_nobody_knows_is_read_as_utc),
        TEST(a_formula_in_a_name_is_only_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
