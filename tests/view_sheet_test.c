/* Tables to take home; the XLSX is opened by tests/scenarios. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/base/arena.h"
#include "daemon/base/str.h"
#include "web/view/attendee_sheet.h"

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

static void the_file_is_named_by_day_meeting_and_date(void **state)
{
    const struct meeting meeting = { .slug = "arbeit-2030",
                                     .zone = "Europe/Berlin",
                                     .starts_at = STARTS_AT };

    assert_string_equal(
        attendee_sheet_name(*state, LANG_DE, &meeting, SHEET_XLSX, NOW),
        "2027-03-07_arbeit-2030_teilnehmende_stand-2026-11-22.xlsx");
    assert_string_equal(
        attendee_sheet_name(*state, LANG_EN, &meeting, SHEET_CSV, NOW),
        "2027-03-07_arbeit-2030_attendees_as-of-2026-11-22.csv");
}

static struct bench bench_rows[] = {
    { .id = 3, .name = { "Kammern", "Chambers" } },
    { .id = 5, .name = { "Gewerkschaften", "" } },
};
static const struct benches benches = { bench_rows, 2 };

static struct attendee_plan plan_in(enum lang lang)
{
    return (struct attendee_plan){
        .lang = lang, .zone = "Europe/Berlin", .title = "Arbeit 2030",
        .benches = &benches, .columns = ATTENDEE_ALL, .folder = "/tmp",
        .now = NOW,
    };
}

static struct registration somebody(void)
{
    return (struct registration){
        .person = { .title = "Dr.", .given_name = "Jana",
                    .family_name = "Łęcka-Müller",
                    .address = "jana@example.org",
                    .organisation = "Beispiel; \"GmbH\"",
                    .position = "Rätin", .bench_id = 3 },
        .mode = MODE_ONLINE, .state = REG_CANCELLED, .reference = "K7MPQ2",
        .lang = LANG_EN, .created_at = NOW + 7,
        .cancelled_at = INT64_C(1814351400), /* 2027-06-30 10:30 UTC */
    };
}

static bool keep(void *context, const void *bytes, size_t length)
{
    str_add_bytes(context, bytes, length);
    return true;
}

/* The whole table of `count` people who are all the same. */
static const char *table(struct arena *arena, enum sheet_format format,
                         const struct attendee_plan *plan,
                         const struct registration *registration, int count)
{
    struct str bytes;
    struct sheet_out out = { keep, &bytes };
    struct attendee_sheet *sheet;
    struct err err;
    bool more;

    str_init(&bytes, arena, 10000000);
    assert_int_equal(attendee_sheet_open(format, plan, &out, &sheet, &err),
                     RC_OK);
    for (int i = 0; i < count; i++)
        attendee_sheet_row(sheet, registration);
    assert_int_equal(attendee_sheet_end(sheet, &err), RC_OK);
    do
        assert_int_equal(attendee_sheet_send(sheet, 1, &more, &err), RC_OK);
    while (more);
    attendee_sheet_close(&sheet);
    return bytes.data;
}

static const char *csv_row(struct arena *arena, enum lang lang,
                           const struct registration *registration)
{
    struct attendee_plan plan = plan_in(lang);

    return strstr(table(arena, SHEET_CSV, &plan, registration, 1), "\r\n") +
           2;
}

static void the_header_is_in_the_language_of_the_page(void **state)
{
    struct attendee_plan plan = plan_in(LANG_DE);

    assert_string_equal(
        table(*state, SHEET_CSV, &plan, NULL, 0),
        "\xEF\xBB\xBF\"Anmeldecode\";\"Status\";\"Teilnahme\";"
        "\"Titel\";\"Vorname\";"
        "\"Nachname\";\"E-Mail\";\"Organisation\";\"Funktion\";"
        "\"Gehört zu\";\"Sprache\";\"Angemeldet am\";"
        "\"Abgemeldet am\";\"Platz auf der Warteliste\"\r\n");
}

static enum rc answers_of(void *context, struct arena *arena,
                          int64_t registration_id, struct answers *out,
                          struct err *err)
{
    (void)arena;
    assert_int_equal(registration_id, 77);
    if (!context)
        return err_set(err, "no answers today");
    *out = *(const struct answers *)context;
    return RC_OK;
}

/* Lunch, a number and a text; asked of registration 77. */
static struct attendee_plan plan_that_asks(const struct answers *answers)
{
    static struct option options[] = {
        { .id = 1, .label = { "Suppe", "Soup" } },
        { .id = 2, .label = { "=Brot", "" } },
    };
    static struct question asked[] = {
        { .id = 5, .position = 1, .kind = QUESTION_SEVERAL,
          .label = { "Mittag?", "Lunch?" }, .options = options,
          .option_count = 2 },
        { .id = 6, .position = 2, .kind = QUESTION_NUMBER,
          .label = { "Wie viele?", "" } },
        { .id = 7, .position = 3, .kind = QUESTION_TEXT,
          .label = { "Noch etwas", "" } },
    };
    struct attendee_plan plan = plan_in(LANG_EN);

    plan.columns = ATTENDEE_BIT(ATTENDEE_REFERENCE) | ATTENDEE_ANSWERS;
    plan.questions = (struct questions){ asked, 3 };
    plan.answers = (struct attendee_answers){
        answers_of, (void *)(uintptr_t)answers
    };
    return plan;
}

static void each_question_has_a_column_and_formulas_are_defused(void **state)
{
    static const int64_t chosen[] = { 1, 2 };
    struct answer items[] = {
        { .question_id = 5, .options = chosen, .option_count = 2 },
        { .question_id = 6, .value = "-12" },
        { .question_id = 7, .value = "=1+1" },
    };
    const struct answers all = { items, 3 }, none = { NULL, 0 };
    struct registration registration = somebody();
    struct attendee_plan plan = plan_that_asks(&all);

    registration.id = 77;
    assert_string_equal(
        table(*state, SHEET_CSV, &plan, &registration, 1),
        "\xEF\xBB\xBF\"Reference code\";\"Lunch?\";\"Wie viele?\";"
        "\"Noch etwas\"\r\n\"K7MPQ2\";\"Soup, =Brot\";\"-12\";"
        "\"'=1+1\"\r\n");
    assert_string_equal(
        table(*state, SHEET_JSON, &plan, &registration, 1),
        "[\n{\"reference\":\"K7MPQ2\",\"answer_1\":\"Soup, =Brot\","
        "\"answer_2\":-12,\"answer_3\":\"=1+1\"}\n]\n");
    plan = plan_that_asks(&none);
    assert_non_null(strstr(table(*state, SHEET_CSV, &plan, &registration, 1),
                           "\"K7MPQ2\";\"\";\"\";\"\"\r\n"));
}

static void answers_that_cannot_be_read_fail_the_table(void **state)
{
    struct attendee_plan plan = plan_that_asks(NULL);
    struct registration registration = somebody();
    struct str bytes;
    struct sheet_out out = { keep, &bytes };
    struct attendee_sheet *sheet;
    struct err err;

    registration.id = 77;
    str_init(&bytes, *state, 100000);
    assert_int_equal(attendee_sheet_open(SHEET_CSV, &plan, &out, &sheet,
                                         &err), RC_OK);
    attendee_sheet_row(sheet, &registration);
    assert_int_equal(attendee_sheet_end(sheet, &err), RC_FAIL);
    assert_string_equal(err.text, "no answers today");
    attendee_sheet_close(&sheet);
}

static void a_row_has_a_cell_for_each_column(void **state)
{
    struct registration registration = somebody();

    assert_string_equal(
        csv_row(*state, LANG_DE, &registration),
        "\"K7MPQ2\";\"Abgemeldet\";\"Online\";\"Dr.\";\"Jana\";"
        "\"Łęcka-Müller\";\"jana@example.org\";"
        "\"Beispiel; \"\"GmbH\"\"\";"
        "\"Rätin\";\"Kammern\";\"en\";\"2026-11-22 13:00\";"
        "\"2027-06-30 12:30\";\"\"\r\n");
}

static void whoever_waits_has_a_place(void **state)
{
    struct registration registration = somebody();
    struct queue_place place = { .registration_id = registration.id,
                                 .mode = MODE_ONLINE, .place = 3 };
    const struct queue_places queue = { &place, 1 };
    struct attendee_plan plan = plan_in(LANG_DE);

    plan.columns = ATTENDEE_BIT(ATTENDEE_PLACE);
    plan.queue = &queue;
    assert_non_null(strstr(table(*state, SHEET_CSV, &plan, &registration, 1),
                           "\r\n\"3\"\r\n"));
    place.mode = MODE_ONSITE;
    assert_non_null(strstr(table(*state, SHEET_CSV, &plan, &registration, 1),
                           "\r\n\"Vor Ort: 3\"\r\n"));
    place.claim_by = NOW;
    assert_non_null(strstr(table(*state, SHEET_CSV, &plan, &registration, 1),
                           "Platz angeboten bis 22.11.2026, 13:00"));
}

static void only_the_columns_that_were_chosen_are_there(void **state)
{
    struct attendee_plan plan = plan_in(LANG_EN);
    struct registration registration = somebody();

    plan.columns = ATTENDEE_BIT(ATTENDEE_CANCELLED) |
        ATTENDEE_BIT(ATTENDEE_EMAIL);
    assert_string_equal(
        table(*state, SHEET_CSV, &plan, &registration, 1),
        "\xEF\xBB\xBF\"E-mail\";\"Cancelled at\"\r\n"
        "\"jana@example.org\";\"2027-06-30 12:30\"\r\n");
    registration.cancelled_at = 0;
    plan.columns = ATTENDEE_BIT(ATTENDEE_CANCELLED);
    assert_string_equal(table(*state, SHEET_CSV, &plan, &registration, 1),
                        "\xEF\xBB\xBF\"Cancelled at\"\r\n\"\"\r\n");
    registration.cancelled_at = NOW;
    assert_string_equal(table(*state, SHEET_CSV, &plan, &registration, 1),
                        "\xEF\xBB\xBF\"Cancelled at\"\r\n"
                        "\"2026-11-22 13:00\"\r\n");
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
        csv_row(*state, LANG_EN, &registration),
        "\"A2\";\"Registered\";\"On site\";\"\";\"\";\"Sukarno\";\"\";\"\";"
        "\"\";\"Gewerkschaften\";\"de\";\"2026-11-22 13:00\";\"\";\"\"\r\n");
}

/* A later version may know more zones than this one. */
static void a_zone_that_nobody_knows_is_read_as_utc(void **state)
{
    struct registration registration = somebody();
    struct attendee_plan plan = plan_in(LANG_DE);

    plan.zone = "Mars/Olympus_Mons";
    assert_non_null(strstr(table(*state, SHEET_CSV, &plan, &registration, 1),
                           ";\"2027-06-30 10:30\";\"\"\r\n"));
}

static void a_formula_in_a_name_is_only_text(void **state)
{
    struct registration registration = somebody();

    registration.person.family_name = "=HYPERLINK(\"http://example.org\")";
    registration.person.position = "+49 351 000";
    assert_non_null(strstr(csv_row(*state, LANG_DE, &registration),
                           ";\"'=HYPERLINK(\"\"http://example.org\"\")\";"));
    assert_non_null(strstr(csv_row(*state, LANG_DE, &registration),
                           ";\"'+49 351 000\";"));
}

static void json_has_codes_and_whole_times(void **state)
{
    struct attendee_plan plan = plan_in(LANG_DE);
    struct registration registration = somebody();

    plan.columns &= ~ATTENDEE_BIT(ATTENDEE_TITLE);
    registration.person.bench_id = 0;
    registration.person.position = "=\\\"\n";
    assert_string_equal(
        table(*state, SHEET_JSON, &plan, &registration, 1),
        "[\n{\"reference\":\"K7MPQ2\",\"state\":\"cancelled\","
        "\"mode\":\"online\",\"given_name\":\"Jana\","
        "\"family_name\":\"Łęcka-Müller\",\"email\":\"jana@example.org\","
        "\"organisation\":\"Beispiel; \\\"GmbH\\\"\","
        "\"position\":\"=\\\\\\\"\\n\",\"bench\":null,\"lang\":\"en\","
        "\"registered\":\"2026-11-22T13:00:07+01:00\","
        "\"cancelled\":\"2027-06-30T12:30:00+02:00\",\"place\":null}\n]\n");
    assert_string_equal(table(*state, SHEET_JSON, &plan, NULL, 0),
                        "[\n]\n");
    assert_non_null(strstr(table(*state, SHEET_JSON, &plan, &registration, 2),
                           "},\n{"));
}

/* More than is handed out at once. */
static void a_long_table_comes_whole(void **state)
{
    struct attendee_plan plan = plan_in(LANG_DE);
    struct registration registration = somebody();
    const char *at = table(*state, SHEET_CSV, &plan, &registration, 5000);
    int rows = 0;

    while ((at = strstr(at, "\r\n\"K7MPQ2\";"))) {
        rows++;
        at += 2;
    }
    assert_int_equal(rows, 5000);
}

static bool refuse(void *context, const void *bytes, size_t length)
{
    (void)context;
    (void)bytes;
    return length == 0;
}

static void bytes_that_nobody_takes_are_a_failure(void **state)
{
    struct attendee_plan plan = plan_in(LANG_DE);
    struct registration registration = somebody();
    const struct sheet_out out = { refuse, NULL };

    (void)state;
    for (int format = 0; format < SHEET_FORMAT_COUNT; format++) {
        struct attendee_sheet *sheet;
        struct err err;
        bool more;

        assert_int_equal(attendee_sheet_open((enum sheet_format)format, &plan,
                                             &out, &sheet, &err), RC_OK);
        attendee_sheet_row(sheet, &registration);
        assert_int_equal(attendee_sheet_end(sheet, &err), RC_OK);
        assert_int_equal(attendee_sheet_send(sheet, 1, &more, &err),
                         RC_FAIL);
        attendee_sheet_close(&sheet);
    }
}

static int files_in(const char *folder)
{
    DIR *dir = opendir(folder);
    int count = 0;

    assert_non_null(dir);
    while (readdir(dir))
        count++;
    closedir(dir);
    return count;
}

static void a_spreadsheet_leaves_no_file_behind(void **state)
{
    char folder[] = "/tmp/convened-sheet-XXXXXX";
    struct attendee_plan plan = plan_in(LANG_DE);
    struct registration registration = somebody();
    struct str bytes;
    const struct sheet_out out = { keep, &bytes };
    struct attendee_sheet *sheet;
    struct err err;
    int open_before = files_in("/proc/self/fd");

    assert_non_null(mkdtemp(folder));
    plan.folder = folder;
    str_init(&bytes, *state, 10000000);
    assert_int_equal(attendee_sheet_open(SHEET_XLSX, &plan, &out, &sheet,
                                         &err), RC_OK);
    for (int i = 0; i < 1000; i++)
        attendee_sheet_row(sheet, &registration);
    /* Even while it is written nobody else finds it. */
    assert_int_equal(files_in(folder), 2);
    /* Given up half-way. */
    attendee_sheet_close(&sheet);
    assert_int_equal(files_in("/proc/self/fd"), open_before);
    assert_memory_equal(table(*state, SHEET_XLSX, &plan, &registration, 3),
                        "PK", 2);
    assert_int_equal(files_in("/proc/self/fd"), open_before);
    assert_int_equal(rmdir(folder), 0);
    assert_int_equal(attendee_sheet_open(SHEET_XLSX, &plan, &out, &sheet,
                                         &err), RC_FAIL);
    assert_non_null(strstr(err.text, folder));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(the_file_is_named_by_day_meeting_and_date),
        TEST(the_header_is_in_the_language_of_the_page),
        TEST(each_question_has_a_column_and_formulas_are_defused),
        TEST(answers_that_cannot_be_read_fail_the_table),
        TEST(a_row_has_a_cell_for_each_column),
        TEST(whoever_waits_has_a_place),
        TEST(only_the_columns_that_were_chosen_are_there),
        TEST(what_somebody_has_not_is_an_empty_cell),
        TEST(a_zone_that_nobody_knows_is_read_as_utc),
        TEST(a_formula_in_a_name_is_only_text),
        TEST(json_has_codes_and_whole_times),
        TEST(a_long_table_comes_whole),
        TEST(bytes_that_nobody_takes_are_a_failure),
        TEST(a_spreadsheet_leaves_no_file_behind),
    };

    return cmocka_run_group_tests_name("view/sheet", tests, NULL, NULL);
}
