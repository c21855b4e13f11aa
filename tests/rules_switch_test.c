/* On site and online: never both, never neither. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/rules/confirm.h"
#include "daemon/rules/switch.h"
#include "tests/mine_house.h"

static enum rc switching(struct turn *turn, struct deed *deed,
                         struct err *err)
{
    enum change_outcome outcome;
    enum rc rc = switch_mode(turn, &deed->id, deed->mode, deed->yes,
                             &outcome, err);

    deed->outcome = (int)outcome;
    return rc;
}

static int go(struct house *house, int64_t now, const struct registration *r,
              enum mode mode, bool may_wait)
{
    struct deed deed = { .run = switching, .id = r->public_id, .mode = mode,
                         .yes = may_wait };

    return mine_do(house, now, &deed);
}

static enum rc stopping(struct turn *turn, struct deed *deed,
                        struct err *err)
{
    enum change_outcome outcome;
    enum rc rc = switch_stop_waiting(turn, &deed->id, &outcome, err);

    deed->outcome = (int)outcome;
    return rc;
}

static int stop(struct house *house, const struct registration *r)
{
    struct deed deed = { .run = stopping, .id = r->public_id };

    return mine_do(house, NOON + 5, &deed);
}

static void expect(struct house *house, const struct registration *r,
                   enum registration_state state, enum mode mode)
{
    struct registration now = mine_fresh(house, r);

    assert_int_equal(now.state, state);
    assert_int_equal(now.mode, mode);
    house_assert_sound(house);
}

static void a_switch_frees_one_seat_and_takes_the_other(void **state)
{
    struct house *house = *state;
    struct registration a = mine_place(house, "a", MODE_ONSITE);
    struct registration b = mine_place(house, "b", MODE_ONSITE);

    assert_int_equal(b.state, REG_WAITING);
    assert_int_equal(go(house, NOON + 5, &a, MODE_ONLINE, false),
                     CHANGE_MADE);
    expect(house, &a, REG_REGISTERED, MODE_ONLINE);
    expect(house, &b, REG_REGISTERED, MODE_ONSITE);
    assert_int_equal(mine_letters(house, &a, LETTER_CHANGED), 1);
    assert_int_equal(mine_letters(house, &a, LETTER_INVITATION), 2);
    assert_int_equal(mine_letters(house, &b, LETTER_MOVED_UP), 1);
    /* Calendars take the newer one for the same entry. */
    assert_int_equal(mine_number(house, "SELECT i.sequence FROM invite i"
        " JOIN registration r ON r.invite_id = i.id WHERE r.id = $", &a), 1);
    assert_int_equal(mine_number(house,
        "SELECT count(*) FROM audit_value v JOIN registration r"
        " ON r.person_id = v.person_id WHERE r.id = $"
        " AND v.field = 'takes_part' AND v.was = 'onsite'"
        " AND v.became = 'online'", &a), 1);
    assert_int_equal(go(house, NOON + 6, &a, MODE_ONLINE, true),
                     CHANGE_NONE);
}

static void where_it_is_full_the_seat_is_kept_until_one_is_free(void **state)
{
    struct house *house = *state;
    struct registration a = mine_place(house, "a", MODE_ONSITE);
    struct registration b = mine_place(house, "b", MODE_ONLINE);

    assert_int_equal(go(house, NOON + 5, &b, MODE_ONSITE, false),
                     CHANGE_FULL);
    expect(house, &b, REG_REGISTERED, MODE_ONLINE);
    assert_int_equal(go(house, NOON + 5, &b, MODE_ONSITE, true),
                     CHANGE_WAITS);
    expect(house, &b, REG_REGISTERED, MODE_ONLINE);
    assert_int_equal(go(house, NOON + 6, &b, MODE_ONSITE, true),
                     CHANGE_NONE);
    mine_cancel(house, &a);
    expect(house, &b, REG_REGISTERED, MODE_ONSITE);
    assert_int_equal(mine_taken(house, MODE_ONLINE), 0);
    assert_int_equal(mine_letters(house, &b, LETTER_MOVED_UP), 1);
}

static void without_a_waiting_list_full_is_full(void **state)
{
    struct house *house = *state;

    house->meeting.waiting = false;
    mine_set_terms(house);
    struct registration a = mine_place(house, "a", MODE_ONSITE);
    struct registration b = mine_place(house, "b", MODE_ONLINE);
    assert_int_equal(go(house, NOON + 5, &b, MODE_ONSITE, true),
                     CHANGE_FULL);
    expect(house, &b, REG_REGISTERED, MODE_ONLINE);
    expect(house, &a, REG_REGISTERED, MODE_ONSITE);
}

static void whoever_waits_may_stop_and_stays(void **state)
{
    struct house *house = *state;
    struct registration a = mine_place(house, "a", MODE_ONSITE);
    struct registration b = mine_place(house, "b", MODE_ONLINE);

    assert_int_equal(stop(house, &b), CHANGE_NONE);
    assert_int_equal(go(house, NOON + 5, &b, MODE_ONSITE, true),
                     CHANGE_WAITS);
    assert_int_equal(stop(house, &b), CHANGE_MADE);
    mine_cancel(house, &a);
    expect(house, &b, REG_REGISTERED, MODE_ONLINE);
    assert_int_equal(mine_taken(house, MODE_ONSITE), 0);
}

static void who_only_waits_may_wait_for_the_other_or_take_it(void **state)
{
    struct house *house = *state;
    struct registration a = mine_place(house, "a", MODE_ONSITE);
    struct registration b = mine_place(house, "b", MODE_ONSITE);

    /* Stopping is not for whoever has nothing to keep. */
    assert_int_equal(stop(house, &b), CHANGE_NONE);
    assert_int_equal(go(house, NOON + 5, &b, MODE_ONLINE, true),
                     CHANGE_MADE);
    expect(house, &b, REG_REGISTERED, MODE_ONLINE);
    assert_int_equal(mine_letters(house, &b, LETTER_CONFIRMATION), 1);

    mine_place(house, "c", MODE_ONLINE);
    struct registration d = mine_place(house, "d", MODE_ONSITE);
    assert_int_equal(d.state, REG_WAITING);
    assert_int_equal(go(house, NOON + 6, &d, MODE_ONLINE, false),
                     CHANGE_FULL);
    expect(house, &d, REG_WAITING, MODE_ONSITE);
    assert_int_equal(go(house, NOON + 6, &d, MODE_ONLINE, true),
                     CHANGE_WAITS);
    expect(house, &d, REG_WAITING, MODE_ONLINE);
    mine_cancel(house, &a);
    expect(house, &d, REG_WAITING, MODE_ONLINE);
    mine_cancel(house, &b);
    expect(house, &d, REG_REGISTERED, MODE_ONLINE);
}

static void nobody_is_passed_by_a_switch(void **state)
{
    struct house *house = *state;
    struct registration guest;

    mine_place(house, "a", MODE_ONSITE);
    /* One seat is free, and two wait for two. */
    house_set_seats(house, MODE_ONSITE, 2);
    struct registration two = mine_place_two(house, "zwei", MODE_ONSITE,
                                             &guest);
    struct registration b = mine_place(house, "b", MODE_ONLINE);

    assert_int_equal(two.state, REG_WAITING);
    assert_int_equal(go(house, NOON + 5, &b, MODE_ONSITE, false),
                     CHANGE_FULL);
    assert_int_equal(go(house, NOON + 5, &b, MODE_ONSITE, true),
                     CHANGE_WAITS);
    expect(house, &b, REG_REGISTERED, MODE_ONLINE);
}

/* Somebody online, to whom a seat on site is offered from NOON + 50 on. */
static struct registration offered_a_seat(struct house *house)
{
    house->meeting.claim_term = HOUR;
    mine_set_terms(house);
    struct registration a = mine_place(house, "a", MODE_ONSITE);
    struct registration b = mine_place(house, "b", MODE_ONLINE);

    go(house, NOON + 5, &b, MODE_ONSITE, true);
    mine_cancel(house, &a);
    expect(house, &b, REG_REGISTERED, MODE_ONLINE);
    assert_int_equal(mine_letters(house, &b, LETTER_OFFER), 1);
    assert_int_equal(mine_taken(house, MODE_ONSITE), 1);
    return b;
}

static void an_offered_seat_is_claimed_by_switching(void **state)
{
    struct house *house = *state;
    struct registration b = offered_a_seat(house);

    mine_place(house, "c", MODE_ONLINE);
    struct registration d = mine_place(house, "d", MODE_ONLINE);
    expect(house, &d, REG_WAITING, MODE_ONLINE);
    /* Too late by a second, even for another seat: time ends it for her. */
    house_set_seats(house, MODE_ONSITE, 2);
    assert_int_equal(go(house, NOON + 50 + HOUR, &b, MODE_ONSITE, true),
                     CHANGE_NONE);
    expect(house, &b, REG_REGISTERED, MODE_ONLINE);
    assert_int_equal(go(house, NOON + 49 + HOUR, &b, MODE_ONSITE, true),
                     CHANGE_MADE);
    expect(house, &b, REG_REGISTERED, MODE_ONSITE);
    /* The seat that b had is offered in turn. */
    assert_int_equal(mine_letters(house, &d, LETTER_OFFER), 1);
}

static void an_offered_seat_is_given_back_by_stopping(void **state)
{
    struct house *house = *state;
    struct registration b = offered_a_seat(house);

    assert_int_equal(stop(house, &b), CHANGE_MADE);
    assert_int_equal(mine_taken(house, MODE_ONSITE), 0);
    expect(house, &b, REG_REGISTERED, MODE_ONLINE);
}

/* That takes nothing from anybody. */
static void after_the_deadline_one_may_still_stop_waiting(void **state)
{
    struct house *house = *state;
    struct registration b = offered_a_seat(house);

    house->meeting.changes_until = NOON + 1;
    mine_set_terms(house);
    assert_int_equal(stop(house, &b), CHANGE_MADE);
    expect(house, &b, REG_REGISTERED, MODE_ONLINE);
}

static void a_mode_that_is_not_offered_cannot_be_taken(void **state)
{
    struct house *house = *state;
    struct registration a = mine_place(house, "a", MODE_ONSITE);

    (void)house_number(house, "DELETE FROM pool WHERE mode = 1 RETURNING 1");
    assert_int_equal(go(house, NOON + 5, &a, MODE_ONLINE, true),
                     CHANGE_CLOSED);
    expect(house, &a, REG_REGISTERED, MODE_ONSITE);
}

/* There is room for one, but one who waits with another waits for two. */
static void who_waits_in_a_party_passes_nobody_unless_all_may(void **state)
{
    struct house *house = *state;
    struct registration guest;

    house_set_seats(house, MODE_ONSITE, 3);
    mine_place(house, "a", MODE_ONSITE);
    mine_place(house, "b", MODE_ONSITE);
    struct registration lead = mine_place_two(house, "zwei", MODE_ONLINE,
                                              &guest);
    struct registration large = mine_place_two(house, "drei", MODE_ONSITE,
                                               &guest);
    assert_int_equal(large.state, REG_WAITING);
    assert_int_equal(go(house, NOON + 5, &lead, MODE_ONSITE, true),
                     CHANGE_WAITS);
    assert_int_equal(go(house, NOON + 6, &lead, MODE_ONSITE, true),
                     CHANGE_NONE);
    expect(house, &lead, REG_REGISTERED, MODE_ONLINE);
    house->alliance.queue_passing = true;
    (void)house_number(house,
                       "UPDATE alliance SET queue_passing = 1 RETURNING 1");
    assert_int_equal(go(house, NOON + 7, &lead, MODE_ONSITE, true),
                     CHANGE_MADE);
    expect(house, &lead, REG_REGISTERED, MODE_ONSITE);
}

static void the_deadline_counts_to_its_second(void **state)
{
    struct house *house = *state;
    struct registration a = mine_place(house, "a", MODE_ONSITE);

    house->meeting.changes_until = NOON + 100;
    mine_set_terms(house);
    assert_int_equal(go(house, NOON + 100, &a, MODE_ONLINE, true),
                     CHANGE_LATE);
    expect(house, &a, REG_REGISTERED, MODE_ONSITE);
    assert_int_equal(go(house, NOON + 99, &a, MODE_ONLINE, true),
                     CHANGE_MADE);
    mine_cancel(house, &a);
    assert_int_equal(go(house, NOON + 99, &a, MODE_ONSITE, true),
                     CHANGE_CLOSED);
}

static void before_a_decision_there_is_no_seat_to_change(void **state)
{
    struct house *house = *state;

    house->meeting.approval = APPROVAL_FREE;
    mine_set_terms(house);
    struct registration a = mine_place(house, "a", MODE_ONSITE);
    assert_int_equal(go(house, NOON + 5, &a, MODE_ONLINE, false),
                     CHANGE_MADE);
    expect(house, &a, REG_PENDING, MODE_ONLINE);
    assert_int_equal(mine_taken(house, MODE_ONLINE), 0);
}

static void whoever_is_pending_changes_the_seat_that_is_held(void **state)
{
    struct house *house = *state;

    house->meeting.approval = APPROVAL_HOLDS;
    mine_set_terms(house);
    struct registration a = mine_place(house, "a", MODE_ONSITE);
    assert_int_equal(go(house, NOON + 5, &a, MODE_ONLINE, false),
                     CHANGE_MADE);
    expect(house, &a, REG_PENDING, MODE_ONLINE);
    assert_int_equal(mine_taken(house, MODE_ONLINE), 1);
    assert_int_equal(mine_taken(house, MODE_ONSITE), 0);
}

#define ROOM(test) \
    cmocka_unit_test_setup_teardown(test, mine_open, house_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROOM(a_switch_frees_one_seat_and_takes_the_other),
        ROOM(where_it_is_full_the_seat_is_kept_until_one_is_free),
        ROOM(without_a_waiting_list_full_is_full),
        ROOM(whoever_waits_may_stop_and_stays),
        ROOM(who_only_waits_may_wait_for_the_other_or_take_it),
        ROOM(nobody_is_passed_by_a_switch),
        ROOM(an_offered_seat_is_claimed_by_switching),
        ROOM(an_offered_seat_is_given_back_by_stopping),
        ROOM(after_the_deadline_one_may_still_stop_waiting),
        ROOM(a_mode_that_is_not_offered_cannot_be_taken),
        ROOM(who_waits_in_a_party_passes_nobody_unless_all_may),
        ROOM(the_deadline_counts_to_its_second),
        ROOM(before_a_decision_there_is_no_seat_to_change),
        ROOM(whoever_is_pending_changes_the_seat_that_is_held),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
