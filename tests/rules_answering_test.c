/* Answers, and the places of options, which hold like seats. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/rules/answering.h"
#include "daemon/rules/cancel.h"
#include "daemon/rules/erase.h"
#include "daemon/rules/standing.h"
#include "daemon/store/answer_store.h"
#include "daemon/store/meeting_store.h"
#include "daemon/store/question_store.h"
#include "daemon/store/registration_store.h"
#include "tests/store_house.h"

/* Lunch, one of three, the soup for two; topics, several, one of them for
 * one; and a text. */
struct asked {
    struct question lunch, topics, text;
    struct option meat, soup, none, digital, diverse;
};

static struct option option(const char *label, int64_t position,
                            int64_t capacity)
{
    return (struct option){ .position = position, .label = { label, "" },
                            .capacity = capacity };
}

static struct question question(const struct house *house, int64_t position,
                                enum question_kind kind, const char *label)
{
    return (struct question){
        .meeting_id = house->meeting.id, .position = position, .kind = kind,
        .label = { label, "" }, .help = { "", "" },
        .least = -QUESTION_NUMBER_MOST, .most = QUESTION_NUMBER_MOST,
        .if_mode = -1,
    };
}

static enum rc write_questions(struct house *house, int64_t now,
                               void *context)
{
    struct asked *asked = context;
    struct err *err = &house->err;
    struct writer *writer = house->writer;

    (void)now;
    asked->lunch = question(house, 1, QUESTION_ONE, "Mittag");
    asked->topics = question(house, 2, QUESTION_SEVERAL, "Themen");
    asked->text = question(house, 3, QUESTION_TEXT, "Noch etwas");
    asked->meat = option("Fleisch", 1, QUESTION_NO_LIMIT);
    asked->soup = option("Suppe", 2, 2);
    asked->none = option("Nichts", 3, 0);
    asked->digital = option("Digital", 1, 1);
    asked->diverse = option("Vielfältig", 2, QUESTION_NO_LIMIT);
    FINE(house, question_insert(writer, &asked->lunch, err));
    FINE(house, question_insert(writer, &asked->topics, err));
    FINE(house, question_insert(writer, &asked->text, err));
    FINE(house, option_insert(writer, asked->lunch.id, &asked->meat, err));
    FINE(house, option_insert(writer, asked->lunch.id, &asked->soup, err));
    FINE(house, option_insert(writer, asked->lunch.id, &asked->none, err));
    FINE(house, option_insert(writer, asked->topics.id, &asked->digital,
                              err));
    FINE(house, option_insert(writer, asked->topics.id, &asked->diverse,
                              err));
    return RC_OK;
}

static struct asked ask(struct house *house)
{
    struct asked asked;

    assert_int_equal(house_write(house, NOON, write_questions, &asked),
                     RC_OK);
    return asked;
}

/* Somebody's answers: options of one question each, ended by 0, and a text. */
static struct answers *said(struct house *house, const struct asked *asked,
                            int64_t lunch, int64_t topic, const char *text)
{
    struct answer *items = ARENA_ARRAY(house->arena, struct answer, 3);
    int64_t *ids = ARENA_ARRAY(house->arena, int64_t, 2);
    struct answers *answers = ARENA_NEW(house->arena, struct answers);

    *answers = (struct answers){ items, 0 };
    ids[0] = lunch;
    ids[1] = topic;
    if (lunch)
        items[answers->count++] =
            (struct answer){ asked->lunch.id, NULL, &ids[0], 1 };
    if (topic)
        items[answers->count++] =
            (struct answer){ asked->topics.id, NULL, &ids[1], 1 };
    if (text)
        items[answers->count++] =
            (struct answer){ .question_id = asked->text.id, .value = text };
    return answers;
}

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

static int64_t taken(struct house *house, const struct option *option)
{
    return house_number(
        house, arena_printf(house->arena, "SELECT taken FROM question_option"
                            " WHERE id = %lld", (long long)option->id));
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
    assert_int_equal(taken(house, &asked.digital), 1);
    assert_int_equal(taken(house, &asked.meat), 0);
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
    assert_int_equal(taken(house, &asked.soup), 0);
    assert_int_equal(taken(house, &asked.meat), 1);
    assert_int_equal(taken(house, &asked.digital), 1);
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
    assert_int_equal(taken(house, &asked.soup), 0);
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
    assert_int_equal(taken(house, &asked.soup), 1);
    run(house, id, do_release);
    other = register_one(house, "zwei");
    assert_true(answer(house, other,
                       said(house, &asked, 0, asked.digital.id, NULL), NULL));
    assert_int_equal(run(house, id, do_take_again), 1);
    assert_int_equal(taken(house, &asked.digital), 1);
    assert_int_equal(taken(house, &asked.soup), 1);
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
    assert_int_equal(taken(house, &asked.soup), 0);
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
    assert_int_equal(taken(house, &asked.soup), 0);
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

/* The same through the rule that places people. */
static struct signup wants(struct house *house, const char *family,
                           const struct answers *answers)
{
    struct signup in = house_signup(
        house, "Alex", family,
        arena_printf(house->arena, "%s@example.org", family));

    in.answers = answers;
    return in;
}

static void the_form_takes_places_with_the_seat_or_nothing(void **state)
{
    struct house *house = *state;
    struct asked asked = ask(house);
    const struct answers *digital =
        said(house, &asked, asked.soup.id, asked.digital.id, "x");
    struct signup first = wants(house, "eins", digital);
    struct signup second = wants(house, "zwei", digital);
    struct signup_result out = house_place(house, NOON, &first);

    assert_int_equal(out.outcome, SIGNUP_REGISTERED);
    assert_int_equal(taken(house, &asked.digital), 1);
    out = house_place(house, NOON, &second);
    assert_int_equal(out.outcome, SIGNUP_OPTION_FULL);
    assert_int_equal(out.told, SIGNUP_OPTION_FULL);
    assert_int_equal(out.misfit.option_id, asked.digital.id);
    assert_int_equal(house_number(house, "SELECT count(*)"
                                         " FROM registration"), 1);
    assert_int_equal(house_number(house, "SELECT sum(taken) FROM pool"), 1);
    /* The same form once more meets its own places. */
    out = house_place(house, NOON + 1, &first);
    assert_int_equal(out.outcome, SIGNUP_ALREADY);
    assert_int_equal(taken(house, &asked.digital), 1);
    assert_int_equal(taken(house, &asked.soup), 1);
}

static enum rc allow_parties(struct house *house, int64_t now, void *context)
{
    (void)context;
    house->meeting.party_most = 5;
    return meeting_update(house->writer, now, &house->meeting, &house->err);
}

static void a_party_is_placed_with_all_its_options_or_not(void **state)
{
    struct house *house = *state;
    struct asked asked = ask(house);
    const struct answers *soup =
        said(house, &asked, asked.soup.id, 0, NULL);
    const struct signup_guest guests[] = {
        { .person = { .given_name = "", .family_name = "Zwei",
                      .title = "", .organisation = "", .position = "" },
          .mode = MODE_ONSITE, .answers = soup },
        { .person = { .given_name = "", .family_name = "Drei",
                      .title = "", .organisation = "", .position = "" },
          .mode = MODE_ONSITE, .answers = soup },
    };
    struct signup in = wants(house, "eins", soup);

    assert_int_equal(house_write(house, NOON, allow_parties, NULL), RC_OK);
    in.guests = guests;
    in.guest_count = 2;
    struct signup_result out = house_place(house, NOON, &in);
    assert_int_equal(out.outcome, SIGNUP_OPTION_FULL);
    assert_int_equal(out.misfit.person, 2);
    assert_int_equal(taken(house, &asked.soup), 0);
    in.guest_count = 1;
    out = house_place(house, NOON, &in);
    assert_int_equal(out.outcome, SIGNUP_REGISTERED);
    assert_int_equal(taken(house, &asked.soup), 2);
}

struct by_link {
    struct id id;
    bool undo;
    enum undo_outcome outcome;
    size_t lost;
};

static enum rc act(struct house *house, int64_t now, void *context)
{
    struct by_link *link = context;
    struct turn turn = { .writer = house->writer, .arena = house->arena,
                         .now = now, .settings = &house->settings };
    enum cancel_outcome cancelled;
    enum rc rc = link->undo
        ? cancel_undo(&turn, &link->id, false, &link->outcome, &house->err)
        : cancel_registration(&turn, &link->id, CANCEL_OWN, &cancelled,
                              &house->err);

    link->lost = turn.options_lost;
    return rc;
}

static void cancelling_frees_options_and_undoing_takes_them_again(
    void **state)
{
    struct house *house = *state;
    struct asked asked = ask(house);
    struct signup one = wants(house, "eins",
                              said(house, &asked, asked.soup.id,
                                   asked.digital.id, "x"));
    struct signup other = wants(house, "zwei",
                                said(house, &asked, 0, asked.digital.id,
                                     NULL));
    struct by_link link = {
        .id = house_place(house, NOON, &one).registration.public_id
    };

    assert_int_equal(house_write(house, NOON + 1, act, &link), RC_OK);
    assert_int_equal(taken(house, &asked.soup), 0);
    assert_int_equal(taken(house, &asked.digital), 0);
    assert_int_equal(house_place(house, NOON + 2, &other).outcome,
                     SIGNUP_REGISTERED);
    link.undo = true;
    assert_int_equal(house_write(house, NOON + 3, act, &link), RC_OK);
    assert_int_equal(link.outcome, UNDO_DONE);
    assert_int_equal(link.lost, 1);
    assert_int_equal(taken(house, &asked.soup), 1);
    assert_int_equal(taken(house, &asked.digital), 1);
}

static enum rc hang_on_modes(struct house *house, int64_t now, void *context)
{
    struct asked *asked = context;

    (void)now;
    asked->lunch.if_mode = MODE_ONSITE;
    asked->text.if_option = asked->soup.id;
    FINE(house, question_update(house->writer, &asked->lunch, &house->err));
    FINE(house, question_update(house->writer, &asked->text, &house->err));
    return RC_OK;
}

static enum rc settle_online(struct house *house, int64_t now, void *context)
{
    const struct step *step = context;
    struct turn turn = { .writer = house->writer, .arena = house->arena,
                         .now = now, .settings = &house->settings };
    struct registration r;

    FINE(house, turn_begin(&turn, house->meeting.id, &house->err));
    FINE(house, registration_by_id(writer_reader(house->writer),
                                   house->arena, step->id, &r, &house->err));
    struct standing s = standing_before(&r);
    s.registration.mode = MODE_ONLINE;
    return standing_settle(&turn, &s, 1, STANDING_COURSE, &house->err);
}

static void another_mode_drops_what_it_does_not_ask(void **state)
{
    struct house *house = *state;
    struct asked asked = ask(house);
    struct signup in = wants(house, "eins",
                             said(house, &asked, asked.soup.id,
                                  asked.digital.id, "hangs on the soup"));
    struct signup_result out = house_place(house, NOON, &in);
    struct answers back;

    assert_int_equal(house_write(house, NOON, hang_on_modes, &asked), RC_OK);
    run(house, out.registration.id, settle_online);
    assert_int_equal(taken(house, &asked.soup), 0);
    assert_int_equal(taken(house, &asked.digital), 1);
    FINE(house, answer_list(house->reader, house->arena,
                            out.registration.id, &back, &house->err));
    assert_int_equal(back.count, 1);
    assert_true(answer_has_option(&back, asked.digital.id));
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
        TEST(the_form_takes_places_with_the_seat_or_nothing),
        TEST(a_party_is_placed_with_all_its_options_or_not),
        TEST(cancelling_frees_options_and_undoing_takes_them_again),
        TEST(another_mode_drops_what_it_does_not_ask),
        TEST(changes_are_told_apart),
    };

    return cmocka_run_group_tests_name("rules/answering", tests, NULL, NULL);
}
