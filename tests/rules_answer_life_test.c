/* Answers along the life of a registration: with the seat, through
 * cancellation and return, another mode, and a change by link. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/rules/answer_change.h"
#include "daemon/rules/cancel.h"
#include "daemon/rules/standing.h"
#include "daemon/rules/wish.h"
#include "daemon/store/answer_store.h"
#include "daemon/store/meeting_store.h"
#include "daemon/store/question_store.h"
#include "daemon/store/registration_store.h"
#include "daemon/store/wish_store.h"
#include "tests/question_house.h"

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
    assert_int_equal(option_taken(house, &asked.digital), 1);
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
    assert_int_equal(option_taken(house, &asked.digital), 1);
    assert_int_equal(option_taken(house, &asked.soup), 1);
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
    assert_int_equal(option_taken(house, &asked.soup), 0);
    in.guest_count = 1;
    out = house_place(house, NOON, &in);
    assert_int_equal(out.outcome, SIGNUP_REGISTERED);
    assert_int_equal(option_taken(house, &asked.soup), 2);
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
    struct turn turn = house_turn(house, now);
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
    assert_int_equal(option_taken(house, &asked.soup), 0);
    assert_int_equal(option_taken(house, &asked.digital), 0);
    assert_int_equal(house_place(house, NOON + 2, &other).outcome,
                     SIGNUP_REGISTERED);
    link.undo = true;
    assert_int_equal(house_write(house, NOON + 3, act, &link), RC_OK);
    assert_int_equal(link.outcome, UNDO_DONE);
    assert_int_equal(link.lost, 1);
    assert_int_equal(option_taken(house, &asked.soup), 1);
    assert_int_equal(option_taken(house, &asked.digital), 1);
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
    const int64_t *id = context;
    struct turn turn = house_turn(house, now);
    struct registration r;

    FINE(house, turn_begin(&turn, house->meeting.id, &house->err));
    FINE(house, registration_by_id(writer_reader(house->writer),
                                   house->arena, *id, &r, &house->err));
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
    assert_int_equal(house_write(house, NOON, settle_online,
                                 &out.registration.id), RC_OK);
    assert_int_equal(option_taken(house, &asked.soup), 0);
    assert_int_equal(option_taken(house, &asked.digital), 1);
    FINE(house, answer_list(house->reader, house->arena,
                            out.registration.id, &back, &house->err));
    assert_int_equal(back.count, 1);
    assert_true(answer_has_option(&back, asked.digital.id));
    /* Nobody took these answers away unseen. */
    assert_int_equal(house_number(house,
        "SELECT count(*) FROM audit_value v JOIN audit a ON a.id ="
        " v.audit_id WHERE a.deed = 'change' AND a.registration_id IS NOT"
        " NULL AND v.was IS NOT NULL AND v.became IS NULL"), 2);
    assert_int_equal(house_number(house,
        "SELECT count(*) FROM audit_value WHERE was = 'hangs on the soup'"),
        1);
}

struct changing {
    struct id id;
    const struct answers *answers;
    enum answer_outcome outcome;
    struct answers_misfit misfit;
    bool seats; /* pages show something else now */
};

static enum rc change(struct house *house, int64_t now, void *context)
{
    struct changing *c = context;
    struct turn turn = house_turn(house, now);
    enum rc rc = answers_change(&turn, &c->id, c->answers, &c->outcome,
                                &c->misfit, &house->err);

    c->seats = turn.seats;
    return rc;
}

static void answers_are_changed_by_link_and_both_are_in_the_log(void **state)
{
    struct house *house = *state;
    struct asked asked = ask(house);
    struct signup one = wants(house, "eins",
                              said(house, &asked, asked.soup.id,
                                   asked.digital.id, "alt"));
    struct signup other = wants(house, "zwei",
                                said(house, &asked, asked.meat.id, 0, NULL));
    struct changing c = {
        .id = house_place(house, NOON, &one).registration.public_id,
        .answers = said(house, &asked, asked.meat.id, asked.digital.id,
                        "neu"),
    };

    assert_int_equal(house_write(house, NOON + 1, change, &c), RC_OK);
    assert_int_equal(c.outcome, ANSWERS_CHANGED);
    assert_true(c.seats);
    assert_int_equal(option_taken(house, &asked.soup), 0);
    assert_int_equal(option_taken(house, &asked.digital), 1);
    assert_int_equal(house_number(
        house, "SELECT count(*) FROM audit_value WHERE (field = 'Mittag' AND"
               " was = 'Suppe' AND became = 'Fleisch') OR (field ="
               " 'Noch etwas' AND was = 'alt' AND became = 'neu')"), 2);
    assert_int_equal(house_write(house, NOON + 2, change, &c), RC_OK);
    assert_int_equal(c.outcome, ANSWERS_SAME);
    assert_int_equal(house_number(house, "SELECT count(*) FROM audit_value"),
                     2);
    /* The last place of that topic is somebody else's. */
    struct changing late = {
        .id = house_place(house, NOON + 3, &other).registration.public_id,
        .answers = said(house, &asked, 0, asked.digital.id, NULL),
    };
    assert_int_equal(house_write(house, NOON + 4, change, &late), RC_OK);
    assert_int_equal(late.outcome, ANSWERS_FULL);
    assert_int_equal(late.misfit.option_id, asked.digital.id);
    assert_int_equal(house_write(house, house->meeting.starts_at, change, &c),
                     RC_OK);
    assert_int_equal(c.outcome, ANSWERS_LATE);
    assert_int_equal(house_write(house, house->meeting.ends_at, change, &c),
                     RC_OK);
    assert_int_equal(c.outcome, ANSWERS_CLOSED);
}

struct asking {
    struct id id;
    const struct answers *answers;
    enum wish_outcome outcome;
};

static enum rc ask_organiser(struct house *house, int64_t now, void *context)
{
    struct asking *asking = context;
    struct turn turn = house_turn(house, now);

    return wish_for_answers(&turn, &asking->id, asking->answers,
                            &asking->outcome, &house->err);
}

static int asked_at(struct house *house, int64_t now,
                    const struct registration *r,
                    const struct answers *answers)
{
    struct asking asking = { r->public_id, answers, WISH_CLOSED };

    assert_int_equal(house_write(house, now, ask_organiser, &asking), RC_OK);
    return (int)asking.outcome;
}

struct granting {
    int64_t wish_id;
    enum wish_outcome outcome;
    bool seats, letters;
};

static enum rc grant(struct house *house, int64_t now, void *context)
{
    struct granting *g = context;
    struct turn turn = house_turn(house, now);
    enum rc rc = wish_decide(&turn, g->wish_id, true, "", &g->outcome,
                             &house->err);

    g->seats = turn.seats;
    g->letters = turn.letters;
    return rc;
}

static struct granting granted(struct house *house, int64_t now,
                               const struct registration *r)
{
    struct wishes all;

    FINE(house, wish_of_registration(house->reader, house->arena, r->id,
                                     &all, &house->err));
    assert_int_equal(all.count, 1);
    assert_int_equal(all.items[0].kind, WISH_ANSWERS);
    struct granting g = { .wish_id = all.items[0].id };
    assert_int_equal(house_write(house, now, grant, &g), RC_OK);
    return g;
}

static void after_the_deadline_other_answers_are_asked_for(void **state)
{
    struct house *house = *state;
    struct asked asked = ask(house);
    int64_t late = house->meeting.starts_at;
    struct answers *alt = said(house, &asked, asked.soup.id,
                               asked.digital.id, "alt");
    struct answers *neu = said(house, &asked, asked.meat.id,
                               asked.digital.id, "neu 1 2");
    struct signup in = wants(house, "eins", alt);
    struct registration r = house_place(house, NOON, &in).registration;
    struct answers back;

    assert_int_equal(asked_at(house, late - 1, &r, neu), WISH_SOON);
    assert_int_equal(asked_at(house, late, &r, alt), WISH_NONE);
    assert_int_equal(asked_at(house, late, &r, neu), WISH_DONE);
    assert_int_equal(option_taken(house, &asked.soup), 1);
    struct granting g = granted(house, late + 1, &r);
    assert_int_equal(g.outcome, WISH_DONE);
    assert_true(g.seats && g.letters);
    assert_int_equal(option_taken(house, &asked.soup), 0);
    assert_int_equal(option_taken(house, &asked.digital), 1);
    FINE(house, answer_list(house->reader, house->arena, r.id, &back,
                            &house->err));
    assert_int_equal(back.count, 3);
    assert_true(answer_has_option(&back, asked.meat.id));
    assert_true(answer_has_option(&back, asked.digital.id));
    assert_string_equal(answer_find(&back, asked.text.id)->value, "neu 1 2");
    assert_int_equal(house_number(house,
        "SELECT count(*) FROM audit_value WHERE field = 'Mittag' AND"
        " was = 'Suppe' AND became = 'Fleisch'"), 1);
    assert_int_equal(house_number(house,
        "SELECT (SELECT count(*) FROM wish) +"
        " (SELECT count(*) FROM wish_value)"), 0);
    assert_int_equal(asked_at(house, house->meeting.ends_at, &r, alt),
                     WISH_CLOSED);
}

static void an_option_that_is_full_is_not_granted(void **state)
{
    struct house *house = *state;
    struct asked asked = ask(house);
    int64_t late = house->meeting.starts_at;
    struct signup one = wants(house, "eins",
                              said(house, &asked, 0, asked.digital.id,
                                   NULL));
    struct signup other = wants(house, "zwei", NULL);
    struct registration r;
    struct by_link leaving = {
        .id = house_place(house, NOON, &one).registration.public_id
    };

    r = house_place(house, NOON, &other).registration;
    assert_int_equal(asked_at(house, late, &r,
                              said(house, &asked, asked.soup.id,
                                   asked.digital.id, NULL)), WISH_DONE);
    assert_int_equal(granted(house, late + 1, &r).outcome, WISH_FULL);
    assert_int_equal(option_taken(house, &asked.soup), 0);
    assert_int_equal(house_write(house, late + 2, act, &leaving), RC_OK);
    assert_int_equal(granted(house, late + 3, &r).outcome, WISH_DONE);
    assert_int_equal(option_taken(house, &asked.soup), 1);
    assert_int_equal(option_taken(house, &asked.digital), 1);
}

/* The meeting asks otherwise than when somebody asked. */
static void what_is_not_asked_any_more_is_not_granted(void **state)
{
    struct house *house = *state;
    struct asked asked = ask(house);
    int64_t late = house->meeting.starts_at;
    struct signup in = wants(house, "eins", NULL);
    struct registration r = house_place(house, NOON, &in).registration;
    struct answers back;

    assert_int_equal(house_write(house, NOON, hang_on_modes, &asked), RC_OK);
    assert_int_equal(asked_at(house, late, &r,
                              said(house, &asked, asked.soup.id,
                                   asked.digital.id, "zur Suppe")),
                     WISH_DONE);
    assert_int_equal(house_write(house, late, settle_online, &r.id), RC_OK);
    assert_int_equal(granted(house, late + 1, &r).outcome, WISH_DONE);
    FINE(house, answer_list(house->reader, house->arena, r.id, &back,
                            &house->err));
    assert_int_equal(back.count, 1);
    assert_true(answer_has_option(&back, asked.digital.id));
    assert_int_equal(option_taken(house, &asked.soup), 0);
}

#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, house_open, house_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_form_takes_places_with_the_seat_or_nothing),
        TEST(a_party_is_placed_with_all_its_options_or_not),
        TEST(cancelling_frees_options_and_undoing_takes_them_again),
        TEST(another_mode_drops_what_it_does_not_ask),
        TEST(answers_are_changed_by_link_and_both_are_in_the_log),
        TEST(after_the_deadline_other_answers_are_asked_for),
        TEST(an_option_that_is_full_is_not_granted),
        TEST(what_is_not_asked_any_more_is_not_granted),
    };

    return cmocka_run_group_tests_name("rules/answer_life", tests, NULL,
                                       NULL);
}
