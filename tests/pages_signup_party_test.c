/* The form as a whole: who stands in it, who is added and removed, who waits,
 * and what is said when there are more people than seats. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/base/arena.h"
#include "daemon/http/form.h"
#include "web/pages/facts.h"
#include "web/pages/signup_party.h"

#define FIELDS 64

/* A meeting and what was sent to it. */
struct desk {
    struct arena *arena;
    struct meeting meeting;
    struct pools pools;
    struct benches benches;
    struct questions questions;
    struct signup_terms terms;
    struct form_field fields[FIELDS];
    struct form body;
    struct signup_party party;
    struct signup_answer answers[SIGNUP_PEOPLE_MOST];
};

static void send(struct desk *desk, const char *name, const char *value)
{
    for (size_t i = 0; i < desk->body.count; i++)
        if (strcmp(desk->fields[i].name, name) == 0) {
            desk->fields[i].value = value;
            return;
        }
    assert_true(desk->body.count < FIELDS);
    desk->fields[desk->body.count++] = (struct form_field){ name, value };
}

static void set_seats(struct desk *desk, enum mode mode, int64_t capacity,
                      int64_t taken)
{
    desk->pools.offered[mode] = true;
    desk->pools.at[mode].capacity = capacity;
    desk->pools.at[mode].taken = taken;
}

/* Hybrid, with a waiting list, and three people: one with an address of her
 * own, one without. */
static int set_up(void **state)
{
    struct arena *arena = arena_new();
    struct desk *desk = ARENA_NEW(arena, struct desk);

    desk->arena = arena;
    meeting_set_usual_terms(&desk->meeting);
    set_seats(desk, MODE_ONSITE, 10, 0);
    set_seats(desk, MODE_ONLINE, 10, 0);
    desk->terms = (struct signup_terms){ .meeting = &desk->meeting,
                                         .pools = &desk->pools,
                                         .benches = &desk->benches,
                                         .questions = &desk->questions };
    desk->body.fields = desk->fields;
    send(desk, "people", "3");
    send(desk, "given-name", "Alex");
    send(desk, "family-name", "Muster");
    send(desk, "email", "alex@example.org");
    send(desk, "organisation", "Musterwerk GmbH");
    send(desk, "mode", "onsite");
    send(desk, "invite", "1");
    send(desk, "given-name-2", "Bo");
    send(desk, "family-name-2", "Muster");
    send(desk, "email-2", "bo@example.org");
    send(desk, "mode-2", "online");
    send(desk, "given-name-3", "Cem");
    send(desk, "family-name-3", "Muster");
    send(desk, "mode-3", "onsite-waiting");
    *state = desk;
    return 0;
}

static int tear_down(void **state)
{
    struct desk *desk = *state;
    struct arena *arena = desk->arena;

    arena_free(&arena);
    return 0;
}

static void read_form(struct desk *desk)
{
    signup_party_read(desk->arena, &desk->terms, &desk->body, &desk->party);
}

static bool check(struct desk *desk)
{
    read_form(desk);
    return signup_party_check(desk->arena, LANG_EN, &desk->terms,
                              &desk->party, desk->answers);
}

static const char *refuse(struct desk *desk)
{
    assert_true(check(desk));
    return signup_party_refuse(desk->arena, LANG_EN, &desk->terms,
                               &desk->party);
}

static const char *error_at(struct desk *desk, size_t place,
                            enum signup_field field)
{
    return desk->party.people[place].error[field];
}

static void each_has_a_mode_and_an_address_and_the_leads_house(void **state)
{
    struct desk *desk = *state;

    assert_true(check(desk));
    assert_int_equal(desk->party.count, 3);
    assert_string_equal(desk->answers[1].person.given_name, "Bo");
    assert_string_equal(desk->answers[1].person.address, "bo@example.org");
    assert_string_equal(desk->answers[1].person.organisation,
                        "Musterwerk GmbH");
    assert_string_equal(desk->answers[1].person.title, "");
    assert_int_equal(desk->answers[1].mode, MODE_ONLINE);
    assert_false(desk->answers[1].may_wait);
    assert_true(desk->answers[1].wants_invite);
    assert_null(desk->answers[2].person.address);
    assert_int_equal(desk->answers[2].mode, MODE_ONSITE);
    assert_true(desk->answers[2].may_wait);
}

static void only_the_people_that_are_counted_are_read(void **state)
{
    static const struct {
        const char *people;
        size_t count;
    } cases[] = { { "1", 1 }, { "2", 2 }, { "10", 10 }, { "11", 1 },
                  { "0", 1 }, { "-2", 1 }, { "", 1 },   { "x", 1 } };
    struct desk *desk = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        send(desk, "people", cases[i].people);
        read_form(desk);
        assert_int_equal(desk->party.count, cases[i].count);
    }
}

static void a_fault_stands_at_the_person_who_has_it(void **state)
{
    struct desk *desk = *state;

    send(desk, "family-name-3", "");
    send(desk, "email-2", "nobody");
    send(desk, "mode-2", "");
    assert_false(check(desk));
    assert_non_null(strstr(error_at(desk, 2, SIGNUP_FAMILY), "this person"));
    assert_non_null(error_at(desk, 1, SIGNUP_EMAIL));
    assert_non_null(strstr(error_at(desk, 1, SIGNUP_MODE), "this person"));
    assert_false(signup_form_has_errors(&desk->party.people[0]));
}

static void a_likely_slip_of_each_is_asked_about_once(void **state)
{
    struct desk *desk = *state;

    send(desk, "email-2", "bo@gmial.com");
    assert_false(check(desk));
    assert_non_null(strstr(error_at(desk, 1, SIGNUP_EMAIL), "gmail.com"));
    send(desk, "email-asked-2", "bo@gmial.com");
    assert_true(check(desk));
}

/* One mailbox and one name, whatever case and spelling they come in. */
static void nobody_stands_in_a_form_twice(void **state)
{
    struct desk *desk = *state;

    send(desk, "given-name-3", "ALEX");
    assert_false(check(desk));
    assert_non_null(error_at(desk, 2, SIGNUP_FAMILY));
    assert_null(error_at(desk, 1, SIGNUP_FAMILY));
    send(desk, "email-3", "Alex@example.org");
    assert_false(check(desk));
    send(desk, "email-3", "other.alex@example.org");
    assert_true(check(desk));
    send(desk, "given-name-3", "Bo");
    send(desk, "email-3", "bo@example.org");
    assert_false(check(desk));
    assert_non_null(error_at(desk, 2, SIGNUP_FAMILY));
}

static void a_meeting_of_one_mode_lets_the_lead_say_who_waits(void **state)
{
    struct desk *desk = *state;

    desk->pools.offered[MODE_ONLINE] = false;
    send(desk, "mode-3", "");
    assert_true(check(desk));
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(desk->answers[i].mode, MODE_ONSITE);
        assert_false(desk->answers[i].may_wait);
    }
    send(desk, "mode", "onsite-waiting");
    assert_true(check(desk));
    for (size_t i = 0; i < 3; i++)
        assert_true(desk->answers[i].may_wait);
}

static bool edit(struct desk *desk, const char *button, const char *value)
{
    size_t before = desk->body.count;

    desk->fields[desk->body.count++] = (struct form_field){ button, value };
    read_form(desk);
    bool edited = signup_party_edit(&desk->body, 5, &desk->party);
    desk->body.count = before;
    return edited;
}

static void somebody_is_added_at_the_end_who_comes_as_the_lead_does(
    void **state)
{
    struct desk *desk = *state;

    read_form(desk);
    assert_false(signup_party_edit(&desk->body, 5, &desk->party));
    assert_true(edit(desk, "add", "1"));
    assert_int_equal(desk->party.count, 4);
    assert_int_equal(desk->party.focus, SIGNUP_FOCUS_LAST);
    assert_string_equal(desk->party.people[3].value[SIGNUP_FAMILY], "");
    assert_string_equal(desk->party.people[3].value[SIGNUP_MODE], "onsite");
    assert_string_equal(desk->party.people[2].value[SIGNUP_GIVEN], "Cem");
}

static void nobody_is_added_beyond_what_the_meeting_takes(void **state)
{
    struct desk *desk = *state;

    send(desk, "people", "5");
    assert_true(edit(desk, "add", "1"));
    assert_int_equal(desk->party.count, 5);
    send(desk, "people", "10");
    assert_true(edit(desk, "add", "1"));
    assert_int_equal(desk->party.count, 10);
}

static void whoever_stands_behind_moves_up(void **state)
{
    struct desk *desk = *state;

    assert_true(edit(desk, "remove", "2"));
    assert_int_equal(desk->party.count, 2);
    assert_int_equal(desk->party.focus, SIGNUP_FOCUS_ADD);
    assert_string_equal(desk->party.people[1].value[SIGNUP_GIVEN], "Cem");
    assert_int_equal(desk->party.people[1].place, 1);
    assert_string_equal(desk->party.people[1].ask.about.suffix, "-2");
    assert_true(edit(desk, "remove", "3"));
    assert_string_equal(desk->party.people[1].value[SIGNUP_GIVEN], "Bo");
}

static void the_lead_and_strangers_are_not_removed(void **state)
{
    static const char *const numbers[] = { "1", "0", "4", "-1", "", "x" };
    struct desk *desk = *state;

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        assert_true(edit(desk, "remove", numbers[i]));
        assert_int_equal(desk->party.count, 3);
    }
}

static void who_has_not_agreed_to_wait_is_asked(void **state)
{
    struct desk *desk = *state;

    set_seats(desk, MODE_ONSITE, 10, 9);
    assert_null(refuse(desk));
    assert_string_equal(error_at(desk, 0, SIGNUP_MODE),
                        "There are 2 of you, but only 1 place is left on "
                        "site. Please choose for each of you: online, or "
                        "the waiting list on site. If the places are enough "
                        "for those who chose the latter, they are registered "
                        "at once.");
    assert_null(error_at(desk, 1, SIGNUP_MODE));
    assert_null(error_at(desk, 2, SIGNUP_MODE)); /* has agreed */
}

/* More people than the pool has seats in all can never move up together. */
static void where_nobody_can_wait_the_other_mode_is_named(void **state)
{
    struct desk *desk = *state;

    set_seats(desk, MODE_ONSITE, 1, 1);
    assert_null(refuse(desk));
    for (size_t i = 0; i < 3; i += 2)
        assert_string_equal(error_at(desk, i, SIGNUP_MODE),
                            "The last place on site has just been taken. "
                            "You can take part online instead.");
    set_seats(desk, MODE_ONSITE, 10, 10);
    desk->meeting.waiting = false;
    assert_null(refuse(desk));
    assert_non_null(strstr(error_at(desk, 0, SIGNUP_MODE), "online instead"));
    set_seats(desk, MODE_ONSITE, 10, 9);
    assert_null(refuse(desk));
    assert_string_equal(error_at(desk, 0, SIGNUP_MODE),
                        "There are 2 of you, but only 1 place is left on "
                        "site. Please choose online for some of you.");
    set_seats(desk, MODE_ONLINE, 10, 10);
    assert_null(refuse(desk));
    assert_non_null(strstr(error_at(desk, 0, SIGNUP_MODE),
                           "left on site. Please send the form for fewer "
                           "people."));
}

static void without_a_choice_the_whole_form_is_told(void **state)
{
    struct desk *desk = *state;

    desk->pools.offered[MODE_ONLINE] = false;
    set_seats(desk, MODE_ONSITE, 10, 8);
    assert_string_equal(refuse(desk),
                        "You are not registered. There are 3 of you, but "
                        "only 2 places are left on site. If you send the "
                        "form as it is now, you are all put on the waiting "
                        "list together; or send it for fewer people.");
    assert_true(desk->party.refused);
    assert_false(signup_party_has_errors(&desk->party));
    desk->meeting.waiting = false;
    assert_non_null(strstr(refuse(desk), "for fewer people"));
    assert_null(strstr(refuse(desk), "waiting list"));
}

/* Between the writer's answer and the look at the seats some came free. */
static void seats_that_came_back_are_tried_again(void **state)
{
    struct desk *desk = *state;

    assert_non_null(strstr(refuse(desk), "once more"));
    desk->pools.offered[MODE_ONLINE] = false;
    assert_non_null(strstr(refuse(desk), "once more"));
}

/* ---- the meeting itself ---- */

static enum meeting_phase phase(struct desk *desk)
{
    desk->meeting.state = MEETING_PUBLISHED;
    desk->meeting.closes_at = desk->meeting.ends_at = 1000;
    return meeting_phase_at(&desk->meeting, &desk->pools, 10);
}

static void a_meeting_is_open_waiting_or_full(void **state)
{
    struct desk *desk = *state;

    assert_int_equal(phase(desk), PHASE_OPEN);
    set_seats(desk, MODE_ONSITE, 10, 10);
    assert_int_equal(phase(desk), PHASE_OPEN); /* online there are some */
    set_seats(desk, MODE_ONLINE, 10, 9);
    desk->pools.at[MODE_ONLINE].waiting = 1; /* a party of two */
    assert_int_equal(phase(desk), PHASE_WAITING);
    desk->pools.at[MODE_ONLINE].passing = true;
    assert_int_equal(phase(desk), PHASE_OPEN);
    set_seats(desk, MODE_ONLINE, 10, 10);
    desk->meeting.waiting = false;
    assert_int_equal(phase(desk), PHASE_FULL);
    desk->meeting.approval = APPROVAL_HOLDS;
    assert_int_equal(phase(desk), PHASE_FULL);
    desk->meeting.approval = APPROVAL_FREE; /* seats are given later */
    assert_int_equal(phase(desk), PHASE_OPEN);
    desk->meeting.approval = APPROVAL_NONE;
    desk->meeting.waiting = true;
    set_seats(desk, MODE_ONSITE, 0, 0); /* nobody can ever move up */
    set_seats(desk, MODE_ONLINE, 0, 0);
    assert_int_equal(phase(desk), PHASE_FULL);
}

/* Each instant at which time alone changes the page. */
static void a_page_lasts_until_the_next_deadline(void **state)
{
    const struct meeting meeting = { .opens_at = 100, .changes_until = 200,
                                     .closes_at = 300, .starts_at = 400,
                                     .ends_at = 500 };
    static const struct {
        int64_t now, until;
    } cases[] = { { 99, 100 },  { 100, 200 }, { 199, 200 }, { 200, 300 },
                  { 299, 300 }, { 300, 500 }, { 499, 500 },
                  { 500, INT64_MAX } };
    struct meeting usual = meeting;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(facts_until(&meeting, cases[i].now),
                         cases[i].until);
    usual.changes_until = 0;
    assert_int_equal(facts_until(&usual, 100), 300);
    assert_int_equal(facts_until(&usual, 300), 400);
}

#define AT_DESK(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_DESK(each_has_a_mode_and_an_address_and_the_leads_house),
        AT_DESK(only_the_people_that_are_counted_are_read),
        AT_DESK(a_fault_stands_at_the_person_who_has_it),
        AT_DESK(a_likely_slip_of_each_is_asked_about_once),
        AT_DESK(nobody_stands_in_a_form_twice),
        AT_DESK(a_meeting_of_one_mode_lets_the_lead_say_who_waits),
        AT_DESK(somebody_is_added_at_the_end_who_comes_as_the_lead_does),
        AT_DESK(nobody_is_added_beyond_what_the_meeting_takes),
        AT_DESK(whoever_stands_behind_moves_up),
        AT_DESK(the_lead_and_strangers_are_not_removed),
        AT_DESK(who_has_not_agreed_to_wait_is_asked),
        AT_DESK(where_nobody_can_wait_the_other_mode_is_named),
        AT_DESK(without_a_choice_the_whole_form_is_told),
        AT_DESK(seats_that_came_back_are_tried_again),
        AT_DESK(a_meeting_is_open_waiting_or_full),
        cmocka_unit_test(a_page_lasts_until_the_next_deadline),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
