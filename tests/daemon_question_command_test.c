/* question add, edit, list, remove, and what a copy of a meeting takes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/command_world.h"

#define NAME "sachsen/arbeit-2030"
#define ADD "question", "add", NAME

static json_t *rows; /* of the last list */

static int with_meeting(void **state)
{
    int rc = world_set_up(state);

    add_meeting(*state);
    return rc;
}

static int without(void **state)
{
    json_decref(rows);
    rows = NULL;
    return world_tear_down(state);
}

/* Lunch, 1: one of two; 2: a text for those who want the soup. */
static void add_lunch(struct world *world)
{
    assert_int_equal(
        RUN(world, ADD, "--kind", "one-of", "--label-de", "Mittag?",
            "--label-en", "Lunch?", "--option", "Suppe|Soup|30", "--option",
            "Brot"), EXIT_FINE);
    assert_int_equal(
        RUN(world, ADD, "--kind", "text", "--label-de", "Scharf?", "--if",
            "1=soup", "--required"), EXIT_FINE);
}

/* Good until the next one. */
static json_t *listed(struct world *world, const char *meeting, size_t at)
{
    json_decref(rows);
    rows = JSON(world, "question", "list", meeting);
    return json_array_get(rows, at);
}

static void questions_are_listed_as_they_were_added(void **state)
{
    struct world *world = *state;

    add_lunch(world);
    json_t *lunch = listed(world, NAME, 0);
    assert_int_equal(number_of(lunch, "number"), 1);
    assert_string_equal(text_of(lunch, "kind"), "one-of");
    assert_string_equal(text_of(lunch, "label_en"), "Lunch?");
    assert_true(json_is_false(json_object_get(lunch, "required")));
    json_t *options = json_object_get(lunch, "options");
    assert_int_equal(json_array_size(options), 2);
    assert_int_equal(number_of(json_array_get(options, 0), "places"), 30);
    assert_true(json_is_null(json_object_get(json_array_get(options, 1),
                                             "places")));
    json_t *hot = listed(world, NAME, 1);
    assert_string_equal(text_of(hot, "only_if"), "1=Suppe");
    assert_true(json_is_true(json_object_get(hot, "required")));
    assert_int_equal(RUN(world, "question", "list", NAME), EXIT_FINE);
    expect_out(world, "Suppe 0/30, Brot 0");
}

static void each_mistake_is_named(void **state)
{
    struct world *world = *state;

    assert_int_equal(RUN(world, ADD, "--kind", "poem", "--label-de", "x"),
                     EXIT_DATA);
    expect_err(world, "--kind: \"poem\"");
    assert_int_equal(RUN(world, ADD, "--kind", "one-of", "--label-de", "x",
                         "--option", "A"), EXIT_DATA);
    expect_err(world, "at least 2");
    assert_int_equal(RUN(world, ADD, "--kind", "text", "--label-de", "x",
                         "--option", "A"), EXIT_DATA);
    expect_err(world, "--option is for one-of");
    assert_int_equal(RUN(world, ADD, "--kind", "one-of", "--label-de", "x",
                         "--option", "A|B|many", "--option", "C"),
                     EXIT_DATA);
    expect_err(world, "a number of places");
    assert_int_equal(RUN(world, ADD, "--kind", "number", "--label-de", "x",
                         "--least", "9", "--most", "1"), EXIT_DATA);
    expect_err(world, "at least --least");
    assert_int_equal(RUN(world, ADD, "--kind", "text", "--label-de", "x",
                         "--most", "1"), EXIT_DATA);
    expect_err(world, "are for numbers");
    assert_int_equal(RUN(world, ADD, "--kind", "text", "--label-de", "x",
                         "--if", "1=Ja"), EXIT_DATA);
    expect_err(world, "a question before this one");
    assert_int_equal(RUN(world, ADD, "--kind", "text", "--label-de", "x",
                         "--if-mode", "there"), EXIT_DATA);
    expect_err(world, "onsite or online");
    assert_int_equal(RUN(world, ADD, "--kind", "yes-no", "--label-de", "x",
                         "--option", "Vielleicht"), EXIT_DATA);
    expect_err(world, "Ja and Nein");
    assert_int_equal(RUN(world, "question", "edit", NAME, "1", "--required"),
                     EXIT_DATA);
    expect_err(world, "question list");
    assert_null(listed(world, NAME, 0));
}

static void yes_and_no_come_by_themselves_and_may_have_places(void **state)
{
    struct world *world = *state;

    assert_int_equal(RUN(world, ADD, "--kind", "yes-no", "--label-de",
                         "Führung?", "--option", "Ja|Yes|25"), EXIT_FINE);
    json_t *options = json_object_get(listed(world, NAME, 0), "options");
    assert_int_equal(json_array_size(options), 2);
    assert_int_equal(number_of(json_array_get(options, 0), "places"), 25);
    assert_string_equal(text_of(json_array_get(options, 1), "label_en"),
                        "No");
}

static void an_edit_keeps_what_is_not_given(void **state)
{
    struct world *world = *state;

    add_lunch(world);
    assert_int_equal(
        RUN(world, "question", "edit", NAME, "1", "--help-de", "Um zwölf.",
            "--option", "Suppe|Soup|10", "--option", "2=Salat|Salad",
            "--option", "Nichts"), EXIT_FINE);
    json_t *lunch = listed(world, NAME, 0);
    assert_string_equal(text_of(lunch, "label_de"), "Mittag?");
    assert_string_equal(text_of(lunch, "help_de"), "Um zwölf.");
    json_t *options = json_object_get(lunch, "options");
    assert_int_equal(json_array_size(options), 3);
    assert_int_equal(number_of(json_array_get(options, 0), "places"), 10);
    assert_string_equal(text_of(json_array_get(options, 1), "label_de"),
                        "Salat");
    assert_int_equal(RUN(world, "question", "edit", NAME, "1",
                         "--drop-option", "Salat"), EXIT_FINE);
    options = json_object_get(listed(world, NAME, 0), "options");
    assert_int_equal(json_array_size(options), 2);
    assert_int_equal(RUN(world, "question", "edit", NAME, "2", "--optional",
                         "--if-mode", "online"), EXIT_FINE);
    json_t *hot = listed(world, NAME, 1);
    assert_string_equal(text_of(hot, "only_if"), "online");
    assert_true(json_is_false(json_object_get(hot, "required")));
    assert_int_equal(RUN(world, "question", "edit", NAME, "2", "--always"),
                     EXIT_FINE);
    assert_true(json_is_null(json_object_get(listed(world, NAME, 1),
                                             "only_if")));
}

static void what_another_question_hangs_on_stays_before_it(void **state)
{
    struct world *world = *state;

    add_lunch(world);
    assert_int_equal(RUN(world, "question", "edit", NAME, "1",
                         "--drop-option", "Suppe", "--option", "Nichts"),
                     EXIT_DATA);
    expect_err(world, "\"Scharf?\" hangs on \"Suppe\"");
    assert_int_equal(RUN(world, "question", "edit", NAME, "1", "--position",
                         "2"), EXIT_DATA);
    expect_err(world, "would stand before \"Mittag?\"");
    assert_int_equal(RUN(world, "question", "remove", NAME, "1"), EXIT_DATA);
    expect_err(world, "question 2, \"Scharf?\", hangs on it");
    assert_int_equal(RUN(world, "question", "remove", NAME, "2"), EXIT_FINE);
    assert_int_equal(RUN(world, "question", "remove", NAME, "1"), EXIT_FINE);
}

static void a_new_question_can_stand_first(void **state)
{
    struct world *world = *state;

    add_lunch(world);
    assert_int_equal(RUN(world, ADD, "--kind", "date", "--label-de",
                         "Anreise?", "--position", "1"), EXIT_FINE);
    assert_string_equal(text_of(listed(world, NAME, 0), "label_de"),
                        "Anreise?");
    assert_string_equal(text_of(listed(world, NAME, 2), "only_if"),
                        "2=Suppe");
    assert_int_equal(RUN(world, "question", "remove", NAME, "1"), EXIT_FINE);
    assert_int_equal(number_of(listed(world, NAME, 1), "number"), 2);
    assert_string_equal(text_of(listed(world, NAME, 1), "only_if"),
                        "1=Suppe");
}

static void a_copied_meeting_asks_the_same(void **state)
{
    struct world *world = *state;

    add_lunch(world);
    assert_int_equal(RUN(world, "meeting", "copy", NAME,
                         "sachsen/arbeit-2031", "--date", "2031-03-07"),
                     EXIT_FINE);
    json_t *hot = listed(world, "sachsen/arbeit-2031", 1);
    assert_string_equal(text_of(hot, "only_if"), "1=Suppe");
    /* Their own: a change here is none there. */
    assert_int_equal(RUN(world, "question", "edit", "sachsen/arbeit-2031",
                         "1", "--option", "Suppe|Soup|5"), EXIT_FINE);
    json_t *options = json_object_get(listed(world, NAME, 0), "options");
    assert_int_equal(number_of(json_array_get(options, 0), "places"), 30);
}

static void a_form_that_could_not_be_sent_is_noticed(void **state)
{
    struct world *world = *state;

    for (int i = 0; i < 12; i++)
        assert_int_equal(
            RUN(world, ADD, "--kind", "several-of", "--label-de", "x",
                "--option", "A", "--option", "B", "--option", "C",
                "--option", "D", "--option", "E", "--option", "F",
                "--option", "G", "--option", "H"), EXIT_FINE);
    expect_err(world, "see limits.form-fields");
}

#define WITH(name) \
    cmocka_unit_test_setup_teardown(name, with_meeting, without)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(questions_are_listed_as_they_were_added),
        WITH(each_mistake_is_named),
        WITH(yes_and_no_come_by_themselves_and_may_have_places),
        WITH(an_edit_keeps_what_is_not_given),
        WITH(what_another_question_hangs_on_stays_before_it),
        WITH(a_new_question_can_stand_first),
        WITH(a_copied_meeting_asks_the_same),
        WITH(a_form_that_could_not_be_sent_is_noticed),
    };

    return cmocka_run_group_tests_name("daemon/question_command", tests,
                                       NULL, NULL);
}
