/* A meeting's own questions in a form: what is taken, what is asked again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/base/arena.h"
#include "daemon/http/form.h"
#include "web/pages/ask_form.h"

#define FIELDS_MOST 20

struct room {
    struct arena *arena;
    struct question question[8];
    struct option option[8][3];
    struct questions questions;
    struct ask_about about;
    struct form_field fields[FIELDS_MOST];
    struct form body;
    struct ask_form form;
    struct answers answers;
};

static int set_up(void **state)
{
    struct arena *arena = arena_new();
    struct room *room = ARENA_NEW(arena, struct room);

    room->arena = arena;
    room->questions.items = room->question;
    room->about = (struct ask_about){ .suffix = "", .mode_asked = true };
    room->body.fields = room->fields;
    *state = room;
    return 0;
}

static int tear_down(void **state)
{
    struct arena *arena = ((struct room *)*state)->arena;

    arena_free(&arena);
    return 0;
}

/* Question n has the id n; its options n1, n2 and n3. */
static struct question *add(struct room *room, enum question_kind kind)
{
    size_t n = room->questions.count++;
    struct question *question = &room->question[n];

    *question = (struct question){
        .id = (int64_t)n + 1, .position = (int64_t)n + 1, .kind = kind,
        .label = { "Frage", "Question" }, .help = { "", "" },
        .least = -QUESTION_NUMBER_MOST, .most = QUESTION_NUMBER_MOST,
        .if_mode = -1,
    };
    if (!question_has_options(question))
        return question;
    question->options = room->option[n];
    question->option_count = 3;
    for (size_t o = 0; o < 3; o++)
        question->options[o] = (struct option){
            .id = (int64_t)((n + 1) * 10 + o + 1),
            .label = { "Wahl", "Choice" }, .capacity = QUESTION_NO_LIMIT,
        };
    return question;
}

static void send(struct room *room, const char *name, const char *value)
{
    assert_true(room->body.count < FIELDS_MOST);
    room->fields[room->body.count++] = (struct form_field){ name, value };
}

static enum ask_verdict check(struct room *room, int mode)
{
    room->about.questions = room->questions;
    ask_form_read(room->arena, &room->body, &room->about, &room->form);
    return ask_form_check(room->arena, LANG_EN, mode, &room->form,
                          &room->answers);
}

/* What becomes of one answer to one question of that kind; NULL: refused. */
static const char *taken(struct room *room, enum question_kind kind,
                         const char *typed)
{
    room->questions.count = room->body.count = 0;
    struct question *question = add(room, kind);

    if (kind == QUESTION_NUMBER) {
        question->least = 0;
        question->most = 10;
    }
    send(room, "q1", typed);
    if (check(room, MODE_ONSITE) != ASK_FINE) {
        assert_non_null(room->form.entries[0].error);
        assert_string_equal(room->form.entries[0].typed, typed);
        return NULL;
    }
    assert_null(room->form.entries[0].error);
    return room->answers.count ? room->answers.items[0].value : "";
}

static char *letters(struct room *room, size_t count)
{
    char *text = ARENA_ARRAY(room->arena, char, count * 2 + 1);

    for (size_t i = 0; i < count; i++)
        memcpy(text + i * 2, "ü", 2);
    return text;
}

static void texts_are_cleaned_and_have_their_length(void **state)
{
    struct room *room = *state;

    assert_string_equal(taken(room, QUESTION_TEXT, "  Bus   und Bahn "),
                        "Bus und Bahn");
    assert_string_equal(taken(room, QUESTION_TEXT, "  "), "");
    assert_non_null(taken(room, QUESTION_TEXT, letters(room, 200)));
    assert_null(taken(room, QUESTION_TEXT, letters(room, 201)));
    assert_null(taken(room, QUESTION_TEXT, "two\nlines"));
    assert_string_equal(taken(room, QUESTION_LONG_TEXT, "two\r\nlines"),
                        "two\nlines");
    assert_non_null(taken(room, QUESTION_LONG_TEXT, letters(room, 1000)));
    assert_null(taken(room, QUESTION_LONG_TEXT, letters(room, 1001)));
    assert_null(taken(room, QUESTION_LONG_TEXT, "a\x01"));
}

static void numbers_are_whole_and_in_their_range(void **state)
{
    struct room *room = *state;

    assert_string_equal(taken(room, QUESTION_NUMBER, " 7 "), "7");
    assert_string_equal(taken(room, QUESTION_NUMBER, "0"), "0");
    assert_string_equal(taken(room, QUESTION_NUMBER, "10"), "10");
    assert_string_equal(taken(room, QUESTION_NUMBER, ""), "");
    assert_null(taken(room, QUESTION_NUMBER, "11"));
    assert_string_equal(room->form.entries[0].error,
                        "Question: Please enter a whole number from 0 to "
                        "10.");
    assert_null(taken(room, QUESTION_NUMBER, "-1"));
    assert_null(taken(room, QUESTION_NUMBER, "1.5"));
    assert_null(taken(room, QUESTION_NUMBER, "two"));
    assert_null(taken(room, QUESTION_NUMBER, "99999999999999999999"));
}

static void days_are_read_as_browsers_and_germans_write_them(void **state)
{
    struct room *room = *state;

    assert_string_equal(taken(room, QUESTION_DATE, "2027-03-07"),
                        "2027-03-07");
    assert_string_equal(taken(room, QUESTION_DATE, "7.3.2027"),
                        "2027-03-07");
    assert_string_equal(taken(room, QUESTION_DATE, "07.03.2027"),
                        "2027-03-07");
    assert_string_equal(taken(room, QUESTION_DATE, "29.02.2028"),
                        "2028-02-29");
    assert_string_equal(taken(room, QUESTION_DATE, ""), "");
    assert_null(taken(room, QUESTION_DATE, "29.02.2027"));
    assert_null(taken(room, QUESTION_DATE, "31.04.2027"));
    assert_null(taken(room, QUESTION_DATE, "7.3.27"));
    assert_null(taken(room, QUESTION_DATE, "7.3.2027x"));
    assert_null(taken(room, QUESTION_DATE, "2027-13-01"));
    assert_null(taken(room, QUESTION_DATE, "tomorrow"));
}

static void one_of_them_is_one(void **state)
{
    struct room *room = *state;

    add(room, QUESTION_ONE);
    send(room, "q1", "12");
    assert_int_equal(check(room, -1), ASK_FINE);
    assert_int_equal(room->answers.items[0].option_count, 1);
    assert_int_equal(room->answers.items[0].options[0], 12);
    send(room, "q1", "13");
    assert_int_equal(check(room, -1), ASK_WRONG);
}

static void several_of_them_are_any(void **state)
{
    struct room *room = *state;

    add(room, QUESTION_SEVERAL);
    assert_int_equal(check(room, -1), ASK_FINE);
    assert_int_equal(room->answers.count, 0);
    send(room, "q1", "13");
    send(room, "q1", "11");
    assert_int_equal(check(room, -1), ASK_FINE);
    assert_int_equal(room->answers.items[0].option_count, 2);
    assert_int_equal(room->answers.items[0].options[0], 11);
}

static void an_option_that_is_not_there_is_asked_again(void **state)
{
    struct room *room = *state;

    add(room, QUESTION_ONE);
    send(room, "q1", "99");
    assert_int_equal(check(room, -1), ASK_WRONG);
    room->body.count = 0;
    send(room, "q1", "x");
    assert_int_equal(check(room, -1), ASK_WRONG);
    room->body.count = 0;
    send(room, "q1", ""); /* "Not stated" */
    assert_int_equal(check(room, -1), ASK_FINE);
}

static void a_full_option_is_refused_but_to_who_holds_it(void **state)
{
    struct room *room = *state;
    struct question *question = add(room, QUESTION_ONE);
    const int64_t own[] = { 12 };
    struct answer items[] = { { 1, NULL, own, 1 } };
    const struct answers held = { items, 1 };

    question->options[1].capacity = question->options[1].taken = 5;
    send(room, "q1", "12");
    assert_int_equal(check(room, -1), ASK_WRONG);
    assert_string_equal(room->form.entries[0].error,
                        "Question: “Choice” is full by now. Please choose "
                        "again.");
    room->about.held = &held;
    assert_int_equal(check(room, -1), ASK_FINE);
}

static void a_required_question_needs_an_answer_if_there_is_one(void **state)
{
    struct room *room = *state;
    struct question *text = add(room, QUESTION_TEXT);
    struct question *one = add(room, QUESTION_ONE);

    text->required = one->required = true;
    assert_int_equal(check(room, -1), ASK_WRONG);
    assert_non_null(room->form.entries[0].error);
    assert_non_null(room->form.entries[1].error);
    send(room, "q1", "x");
    for (size_t o = 0; o < 3; o++)
        one->options[o].capacity = 0;
    assert_int_equal(check(room, -1), ASK_FINE);
}

static void a_question_that_comes_up_later_is_a_second_step(void **state)
{
    struct room *room = *state;

    add(room, QUESTION_YES_NO);
    add(room, QUESTION_TEXT)->if_option = 11;
    room->question[1].required = true;
    send(room, "q1", "11");
    send(room, "q2", "");
    assert_int_equal(check(room, -1), ASK_MORE);
    assert_null(room->form.entries[1].error);
    assert_true(room->form.entries[1].shown);
    send(room, "q2-seen", "1");
    assert_int_equal(check(room, -1), ASK_WRONG);
    room->fields[1].value = "DD-XY 1";
    assert_int_equal(check(room, -1), ASK_FINE);
    assert_int_equal(room->answers.count, 2);
}

static void answers_to_questions_not_shown_are_dropped(void **state)
{
    struct room *room = *state;

    add(room, QUESTION_YES_NO);
    add(room, QUESTION_YES_NO)->if_option = 11;
    add(room, QUESTION_TEXT)->if_option = 21;
    room->question[2].required = true;
    send(room, "q1", "12");
    send(room, "q2", "21");
    send(room, "q2-seen", "1");
    send(room, "q3", "of the chain");
    send(room, "q3-seen", "1");
    assert_int_equal(check(room, -1), ASK_FINE);
    assert_int_equal(room->answers.count, 1);
    room->fields[0].value = "11";
    assert_int_equal(check(room, -1), ASK_FINE);
    assert_int_equal(room->answers.count, 3);
}

static void a_question_for_one_mode_is_for_that_alone(void **state)
{
    struct room *room = *state;

    add(room, QUESTION_TEXT)->if_mode = MODE_ONSITE;
    send(room, "q1", "by train");
    assert_int_equal(check(room, MODE_ONLINE), ASK_FINE);
    assert_int_equal(room->answers.count, 0);
    assert_int_equal(check(room, -1), ASK_FINE);
    assert_int_equal(check(room, MODE_ONSITE), ASK_MORE);
    send(room, "q1-seen", "1");
    assert_int_equal(check(room, MODE_ONSITE), ASK_FINE);
    assert_string_equal(room->answers.items[0].value, "by train");
}

static void each_person_has_fields_of_their_own(void **state)
{
    struct room *room = *state;

    add(room, QUESTION_TEXT);
    send(room, "q1", "first");
    send(room, "q1-2", "second");
    room->about.suffix = "-2";
    assert_int_equal(check(room, -1), ASK_FINE);
    assert_string_equal(room->answers.items[0].value, "second");
}

static struct view_questions view(struct room *room, int mode)
{
    struct view_questions view;

    ask_form_view(room->arena, LANG_EN, mode, &room->form, &view);
    return view;
}

static void the_page_shows_what_is_asked_by_now(void **state)
{
    struct room *room = *state;

    add(room, QUESTION_YES_NO);
    add(room, QUESTION_TEXT)->if_option = 11;
    add(room, QUESTION_TEXT)->if_mode = MODE_ONLINE;
    room->about.questions = room->questions;
    ask_form_clear(room->arena, &room->about, &room->form);
    struct view_questions empty = view(room, -1);
    assert_int_equal(empty.count, 3);
    assert_false(empty.items[0].hidden);
    assert_null(empty.items[0].if_name);
    assert_true(empty.items[1].hidden);
    assert_string_equal(empty.items[1].if_name, "q1");
    assert_string_equal(empty.items[1].if_values, "11");
    assert_string_equal(empty.items[1].seen, "q2-seen");
    assert_string_equal(empty.items[2].if_name, "mode");
    send(room, "q1", "11");
    (void)check(room, MODE_ONLINE);
    struct view_questions later = view(room, MODE_ONLINE);
    assert_true(later.items[0].choices.items[0].checked);
    assert_false(later.items[1].hidden);
    assert_false(later.items[2].hidden);
}

static void what_cannot_come_up_is_not_in_the_page(void **state)
{
    struct room *room = *state;

    add(room, QUESTION_TEXT)->if_mode = MODE_ONLINE;
    room->about.mode_asked = false;
    room->about.questions = room->questions;
    ask_form_clear(room->arena, &room->about, &room->form);
    assert_int_equal(view(room, MODE_ONSITE).count, 0);
    assert_int_equal(view(room, MODE_ONLINE).count, 1);
}

static void faults_and_later_questions_have_their_links(void **state)
{
    struct room *room = *state;
    struct view_fault items[8];
    struct view_faults faults = { items, 0 };

    add(room, QUESTION_ONE)->required = true;
    add(room, QUESTION_NUMBER);
    add(room, QUESTION_TEXT)->if_mode = MODE_ONLINE;
    room->question[0].options[0].capacity = 0;
    send(room, "q2", "many");
    assert_int_equal(check(room, MODE_ONLINE), ASK_WRONG);
    ask_form_faults(room->arena, &room->form, &faults);
    assert_int_equal(faults.count, 2);
    /* The first that can be chosen. */
    assert_string_equal(faults.items[0].url, "#q1-option-12");
    assert_string_equal(faults.items[1].url, "#q2");
    assert_string_equal(faults.items[1].words,
                        room->form.entries[1].error);
    faults.count = 0;
    ask_form_more(room->arena, LANG_EN, &room->form, &faults);
    assert_int_equal(faults.count, 1);
    assert_string_equal(faults.items[0].url, "#q3");
}

static void an_option_that_filled_meanwhile_is_refused_at_its_question(
    void **state)
{
    struct room *room = *state;

    add(room, QUESTION_SEVERAL);
    send(room, "q1", "11");
    send(room, "q1", "12");
    assert_int_equal(check(room, -1), ASK_FINE);
    assert_false(ask_form_refuse(room->arena, LANG_EN, &room->form, 13));
    assert_true(ask_form_refuse(room->arena, LANG_EN, &room->form, 12));
    assert_non_null(room->form.entries[0].error);
    assert_true(room->form.entries[0].chosen[0]);
    assert_false(room->form.entries[0].chosen[1]);
}

static void and_is_not_offered_by_the_page_any_more(void **state)
{
    struct room *room = *state;
    struct question *question = add(room, QUESTION_ONE);

    question->options[1].capacity = 5;
    question->options[1].taken = 4; /* when the page was made */
    send(room, "q1", "12");
    assert_int_equal(check(room, -1), ASK_FINE);
    assert_true(ask_form_refuse(room->arena, LANG_EN, &room->form, 12));
    assert_false(ask_form_is_open(&room->about, &question->options[1]));
}

static void what_was_answered_before_fills_the_form(void **state)
{
    struct room *room = *state;
    const int64_t own[] = { 12, 13 };
    struct answer items[] = {
        { 1, NULL, own, 2 }, { .question_id = 2, .value = "7" },
    };
    const struct answers answers = { items, 2 };

    add(room, QUESTION_SEVERAL);
    add(room, QUESTION_NUMBER);
    room->about.questions = room->questions;
    ask_form_load(room->arena, &room->about, &answers, &room->form);
    assert_string_equal(room->form.entries[1].typed, "7");
    assert_false(room->form.entries[0].chosen[0]);
    assert_true(room->form.entries[0].chosen[1]);
    assert_true(room->form.entries[0].chosen[2]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(texts_are_cleaned_and_have_their_length),
        TEST(numbers_are_whole_and_in_their_range),
        TEST(days_are_read_as_browsers_and_germans_write_them),
        TEST(one_of_them_is_one),
        TEST(several_of_them_are_any),
        TEST(an_option_that_is_not_there_is_asked_again),
        TEST(a_full_option_is_refused_but_to_who_holds_it),
        TEST(a_required_question_needs_an_answer_if_there_is_one),
        TEST(a_question_that_comes_up_later_is_a_second_step),
        TEST(answers_to_questions_not_shown_are_dropped),
        TEST(a_question_for_one_mode_is_for_that_alone),
        TEST(each_person_has_fields_of_their_own),
        TEST(the_page_shows_what_is_asked_by_now),
        TEST(what_cannot_come_up_is_not_in_the_page),
        TEST(faults_and_later_questions_have_their_links),
        TEST(an_option_that_filled_meanwhile_is_refused_at_its_question),
        TEST(and_is_not_offered_by_the_page_any_more),
        TEST(what_was_answered_before_fills_the_form),
    };

    return cmocka_run_group_tests_name("pages/ask_form", tests, NULL, NULL);
}
