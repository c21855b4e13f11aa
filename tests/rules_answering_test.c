/* Answers, and the places of options, which hold like seats. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/rules/answering.h"
#include "daemon/rules/erase.h"
#include "daemon/store/answer_store.h"
#include "daemon/store/question_store.h"
#include "daemon/store/registration_store.h"
#include "tests/question_house.h"

static int64_t register_one(struct house *house, const char *family)
{
    struct signup in = house_signup(
        house, "Alex", family,
        arena_printf(house->arena, "%s@example.org", family));
    struct signup_result out = house_place(house, NOON, &in);

    assert_int_equal(out.outcome, SIGNUP_REGISTERED);
    return out.registration.id;
}

/* One step of a test, in a transaction of its own. */
struct step {
    int64_t id;
    const struct answers *answers;
    struct answers_misfit misfit;
    size_t lost;
};

static enum rc do_write(struct house *house, int64_t now, void *context)
{
    struct step *step = context;
    enum rc rc = answers_fit(writer_reader(house->writer), &step->answers, 1,
                             step->id, &step->misfit, &house->err);

    (void)now;
    if (rc != RC_OK || step->misfit.option_id)
        return rc;
    return answers_write(house->writer, step->id, step->answers,
                         &house->err);
}

static enum rc do_release(struct house *house, int64_t now, void *context)
{
    (void)now;
    return answer_release(house->writer, ((struct step *)context)->id,
                          &house->err);
}

static enum rc do_take_again(struct house *house, int64_t now, void *context)
{
    struct step *step = context;

    (void)now;
    return answers_take_again(house->writer, house->arena, step->id,
                              &step->lost, &house->err);
}

static enum rc do_delete(struct house *house, int64_t now, void *context)
{
    (void)now;
    return answer_delete(house->writer, ((struct step *)context)->id,
                         &house->err);
}

/* True: written; false: *full is the option that was full. */
static bool answer(struct house *house, int64_t id,
                   const struct answers *answers, int64_t *full)
{
    struct step step = { .id = id, .answers = answers };

    assert_int_equal(house_write(house, NOON, do_write, &step), RC_OK);
    if (full)
        *full = step.misfit.option_id;
    return step.misfit.option_id == 0;
}

static size_t run(struct house *house, int64_t id,
                  enum rc (*body)(struct house *, int64_t, void *))
{
    struct step step = { .id = id };

    assert_int_equal(house_write(house, NOON, body, &step), RC_OK);
    return step.lost;
}

static void what_was_answered_is_read_back(void **state)
{
    struct house *house = *state;
    struct asked asked = ask(house);
    int64_t id = register_one(house, "muster");
    struct answers back;

    assert_true(answer(house, id,
                       said(house, &asked, asked.meat.id, asked.diverse.id,
                            "Ünïcode"), NULL));
    FINE(house, answer_list(house->reader, house->arena, id, &back,
                            &house->err));
    assert_int_equal(back.count, 3);
    assert_string_equal(answer_find(&back, asked.text.id)->value, "Ünïcode");
    assert_true(answer_has_option(&back, asked.meat.id));
    assert_true(answer_has_option(&back, asked.diverse.id));
    assert_false(answer_has_option(&back, asked.soup.id));
}

static void the_last_place_goes_to_one_of_two(void **state)
{
    struct house *house = *state;
    struct asked asked = ask(house);
    int64_t full = 0;
    int64_t first = register_one(house, "eins");
    int64_t second = register_one(house, "zwei");

    assert_true(answer(house, first,
                       said(house, &asked, 0, asked.digital.id, NULL), NULL));
    assert_false(answer(house, second,
                        said(house, &asked, asked.meat.id, asked.digital.id,
                             "x"), &full));
    assert_int_equal(full, asked.digital.id);
    assert_int_equal(option_taken(house, &asked.digital), 1);
    assert_int_equal(option_taken(house, &asked.meat), 0);
    assert_int_equal(house_number(house, "SELECT count(*) FROM answer"), 0);
}

static void no_places_means_none(void **state)
{
    struct house *house = *state;
    struct asked asked = ask(house);
    int64_t id = register_one(house, "muster");

    assert_false(answer(house, id,
                        said(house, &asked, asked.none.id, 0, NULL), NULL));
}

static void people_who_come_together_count_together(void **state)
{
    struct house *house = *state;
    struct asked asked = ask(house);
    const struct answers *soup =
        said(house, &asked, asked.soup.id, 0, NULL);
    const struct answers *people[] = { soup, NULL, soup, soup };
    struct answers_misfit misfit;

    FINE(house, answers_fit(house->reader, people, 3, 0, &misfit,
                            &house->err));
    assert_int_equal(misfit.option_id, 0);
    FINE(house, answers_fit(house->reader, people, 4, 0, &misfit,
                            &house->err));
    assert_int_equal(misfit.option_id, asked.soup.id);
    assert_int_equal(misfit.person, 3);
}

static void a_change_keeps_what_stays_and_frees_what_goes(void **state)
{
    struct house *house = *state;
    struct asked asked = ask(house);
    int64_t id = register_one(house, "muster");
    struct answers back;

    assert_true(answer(house, id,
                       said(house, &asked, asked.soup.id, asked.digital.id,
                            "alt"), NULL));
    /* The last place of that topic is this person's own. */
    assert_true(answer(house, id,
                       said(house, &asked, asked.meat.id, asked.digital.id,
                            NULL), NULL));
    assert_int_equal(option_taken(house, &asked.soup), 0);
    assert_int_equal(option_taken(house, &asked.meat), 1);
    assert_int_equal(option_taken(house, &asked.digital), 1);
    FINE(house, answer_list(house->reader, house->arena, id, &back,
                            &house->err));
    assert_null(answer_find(&back, asked.text.id));
    assert_int_equal(back.count, 2);
}

static void who_goes_gives_back_once_and_keeps_the_answers(void **state)
{
    struct house *house = *state;
    struct asked asked = ask(house);
    int64_t id = register_one(house, "muster");
    struct answers back;

    assert_true(answer(house, id,
                       said(house, &asked, asked.soup.id, 0, "x"), NULL));
    run(house, id, do_release);
    run(house, id, do_release);
    assert_int_equal(option_taken(house, &asked.soup), 0);
    FINE(house, answer_list(house->reader, house->arena, id, &back,
                            &house->err));
    assert_int_equal(back.count, 2);
}

static void who_comes_back_takes_what_is_left(void **state)
{
    struct house *house = *state;
    struct asked asked = ask(house);
    int64_t id = register_one(house, "eins"), other;
    struct answers back;

    assert_true(answer(house, id,
                       said(house, &asked, asked.soup.id, asked.digital.id,
                            NULL), NULL));
    run(house, id, do_release);
    assert_int_equal(run(house, id, do_take_again), 0);
    assert_int_equal(run(house, id, do_take_again), 0);
    assert_int_equal(option_taken(house, &asked.soup), 1);
    run(house, id, do_release);
    other = register_one(house, "zwei");
    assert_true(answer(house, other,
                       said(house, &asked, 0, asked.digital.id, NULL), NULL));
    assert_int_equal(run(house, id, do_take_again), 1);
    assert_int_equal(option_taken(house, &asked.digital), 1);
    assert_int_equal(option_taken(house, &asked.soup), 1);
    FINE(house, answer_list(house->reader, house->arena, id, &back,
                            &house->err));
    assert_true(answer_has_option(&back, asked.soup.id));
    assert_false(answer_has_option(&back, asked.digital.id));
}

static void erased_answers_leave_counts_of_those_who_came(void **state)
{
    struct house *house = *state;
    struct asked asked = ask(house);
    int64_t came = register_one(house, "eins");
    int64_t went = register_one(house, "zwei");
    const struct answers *soup =
        said(house, &asked, asked.soup.id, 0, "geheim");

    assert_true(answer(house, came, soup, NULL));
    assert_true(answer(house, went, soup, NULL));
    run(house, went, do_release);
    run(house, went, do_delete);
    run(house, came, do_delete);
    assert_int_equal(option_taken(house, &asked.soup), 0);
    assert_int_equal(house_number(house, "SELECT sum(past)"
                                         " FROM question_option"), 1);
    assert_int_equal(house_number(house, "SELECT count(*) FROM answer"), 0);
    assert_int_equal(house_number(house, "SELECT count(*)"
                                         " FROM answer_option"), 0);
}

static enum rc do_erase(struct house *house, int64_t now, void *context)
{
    const struct step *step = context;
    struct erased erased;
    struct registration r;
    enum rc rc = registration_by_id(writer_reader(house->writer),
                                    house->arena, step->id, &r, &house->err);

    return rc == RC_OK
        ? erase_registration(house->writer, house->arena, now,
                             &house->settings, &house->meeting, &r, &erased,
                             &house->err) : rc;
}

static void who_is_erased_before_the_meeting_gives_places_back(void **state)
{
    struct house *house = *state;
    struct asked asked = ask(house);
    int64_t id = register_one(house, "eins");

    assert_true(answer(house, id,
                       said(house, &asked, asked.soup.id, 0, "geheim"),
                       NULL));
    run(house, id, do_erase);
    assert_int_equal(option_taken(house, &asked.soup), 0);
    assert_int_equal(house_number(house, "SELECT sum(past)"
                                         " FROM question_option"), 0);
    assert_int_equal(house_number(house, "SELECT count(*) FROM answer"), 0);
    assert_int_equal(house_number(house, "SELECT count(*) FROM"
                                         " pragma_foreign_key_check"), 0);
}

static enum rc do_remove(struct house *house, int64_t now, void *context)
{
    (void)now;
    return question_delete(house->writer, context, &house->err);
}

static void a_question_removed_meanwhile_is_left_out(void **state)
{
    struct house *house = *state;
    struct asked asked = ask(house);
    int64_t id = register_one(house, "muster");
    struct answers *answers =
        said(house, &asked, asked.soup.id, asked.diverse.id, "x");
    struct answers back;

    assert_int_equal(house_write(house, NOON, do_remove, &asked.lunch),
                     RC_OK);
    assert_int_equal(house_write(house, NOON, do_remove, &asked.text),
                     RC_OK);
    assert_true(answer(house, id, answers, NULL));
    FINE(house, answer_list(house->reader, house->arena, id, &back,
                            &house->err));
    assert_int_equal(back.count, 1);
}

static void changes_are_told_apart(void **state)
{
    struct house *house = *state;
    struct asked asked = ask(house);
    struct questions questions;
    struct answer_changes changes;
    const struct answers *before =
        said(house, &asked, asked.soup.id, asked.digital.id, "alt");
    const struct answers *after =
        said(house, &asked, asked.meat.id, asked.digital.id, NULL);

    FINE(house, question_list(house->reader, house->arena, house->meeting.id,
                              &questions, &house->err));
    answers_compare(house->arena, &questions, before, after, &changes);
    assert_int_equal(changes.count, 2);
    assert_int_equal(changes.items[0].question->id, asked.lunch.id);
    assert_int_equal(changes.items[0].became->options[0], asked.meat.id);
    assert_string_equal(changes.items[1].was->value, "alt");
    assert_null(changes.items[1].became);
}

#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, house_open, house_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_answered_is_read_back),
        TEST(the_last_place_goes_to_one_of_two),
        TEST(no_places_means_none),
        TEST(people_who_come_together_count_together),
        TEST(a_change_keeps_what_stays_and_frees_what_goes),
        TEST(who_goes_gives_back_once_and_keeps_the_answers),
        TEST(who_comes_back_takes_what_is_left),
        TEST(erased_answers_leave_counts_of_those_who_came),
        TEST(who_is_erased_before_the_meeting_gives_places_back),
        TEST(a_question_removed_meanwhile_is_left_out),
        TEST(changes_are_told_apart),
    };

    return cmocka_run_group_tests_name("rules/answering", tests, NULL, NULL);
}
