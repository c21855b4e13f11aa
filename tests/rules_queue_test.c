/* Nobody is passed over, and no seat stays free while somebody waits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/rules/cancel.h"
#include "daemon/rules/confirm.h"
#include "daemon/rules/erase.h"
#include "daemon/rules/seating.h"
#include "daemon/store/registration_store.h"
#include "daemon/store/seat_store.h"
#include "daemon/store/transaction.h"
#include "daemon/store/census_store.h"
#include "daemon/store/meeting_store.h"
#include "tests/life.h"

/* ---- the queue ---- */

static void a_full_pool_takes_only_those_who_agree_to_wait(void **state)
{
    struct house *house = life_open(state, 1);
    struct signup late = house_signup(house, "", "Spät", "s@example.org");

    (void)life_in(house, "a", 0, SIGNUP_REGISTERED);
    assert_int_equal(house_place(house, NOON, &late).outcome, SIGNUP_FULL);
    struct registration b = life_in(house, "b", 0, SIGNUP_WAITING);
    assert_int_equal(life_state(house, &b), REG_WAITING);
    assert_int_equal(life_letters(house, &b, LETTER_WAITING), 1);
    assert_int_equal(life_letters(house, &b, LETTER_INVITATION), 0);
    house_assert_sound(house);
}

static void without_a_waiting_list_full_is_full(void **state)
{
    struct house *house = life_open(state, 1);

    house->meeting.waiting = false;
    life_set_terms(house);
    (void)life_in(house, "a", 0, SIGNUP_REGISTERED);
    (void)life_in(house, "b", 0, SIGNUP_FULL);
}

static void a_freed_seat_goes_to_the_first_at_once(void **state)
{
    struct house *house = life_open(state, 1);
    struct registration a = life_in(house, "a", 0, SIGNUP_REGISTERED);
    struct registration b = life_in(house, "b", 0, SIGNUP_WAITING);
    struct registration c = life_in(house, "c", 0, SIGNUP_WAITING);
    int64_t place;

    FINE(house, wait_place(house->reader, c.id,
                           house->pools.at[MODE_ONSITE].id, &place,
                           &house->err));
    assert_int_equal(place, 2);
    life_cancel(house, &a, false);
    assert_int_equal(life_state(house, &b), REG_REGISTERED);
    assert_int_equal(life_state(house, &c), REG_WAITING);
    assert_int_equal(life_letters(house, &b, LETTER_MOVED_UP), 1);
    assert_int_equal(life_letters(house, &b, LETTER_INVITATION), 1);
    assert_int_equal(life_letters(house, &c, LETTER_MOVED_UP), 0);
    house_assert_sound(house);
}

static void a_party_of_two_waits_for_two_seats(void **state)
{
    struct house *house = life_open(state, 2);
    struct registration a = life_in(house, "a", 0, SIGNUP_REGISTERED);
    struct registration b = life_in(house, "b", 0, SIGNUP_REGISTERED);
    struct registration pair = life_in(house, "p", 1, SIGNUP_WAITING);
    struct registration c = life_in(house, "c", 0, SIGNUP_WAITING);

    life_cancel(house, &a, false);
    assert_int_equal(life_state(house, &pair), REG_WAITING);
    assert_int_equal(life_state(house, &c), REG_WAITING);
    /* Somebody new does not pass them either. */
    struct registration d = life_in(house, "d", 0, SIGNUP_WAITING);
    life_cancel(house, &b, false);
    assert_int_equal(life_state(house, &pair), REG_REGISTERED);
    assert_int_equal(life_state(house, &c), REG_WAITING);
    life_cancel(house, &pair, true);
    assert_int_equal(life_state(house, &c), REG_REGISTERED);
    assert_int_equal(life_state(house, &d), REG_REGISTERED);
    house_assert_sound(house);
}

static void where_it_is_set_a_smaller_party_passes(void **state)
{
    struct house *house = life_open(state, 2);
    struct registration a = life_in(house, "a", 0, SIGNUP_REGISTERED);
    (void)life_in(house, "b", 0, SIGNUP_REGISTERED);
    struct registration pair = life_in(house, "p", 1, SIGNUP_WAITING);
    struct registration c = life_in(house, "c", 0, SIGNUP_WAITING);

    life_let_pass(house);
    life_cancel(house, &a, false);
    assert_int_equal(life_state(house, &pair), REG_WAITING);
    assert_int_equal(life_state(house, &c), REG_REGISTERED);
    house_assert_sound(house);
}

static void a_party_that_shrinks_may_fit(void **state)
{
    struct house *house = life_open(state, 2);
    struct registration a = life_in(house, "a", 0, SIGNUP_REGISTERED);
    (void)life_in(house, "b", 0, SIGNUP_REGISTERED);
    struct registration pair = life_in(house, "p", 1, SIGNUP_WAITING);
    struct registrations party;

    life_cancel(house, &a, false);
    FINE(house, registration_of_party(house->reader, house->arena,
                                      pair.party_id, &party, &house->err));
    life_cancel(house, &party.items[1], false);
    assert_int_equal(life_state(house, &pair), REG_REGISTERED);
    house_assert_sound(house);
}

static void raising_moves_up_all_who_fit(void **state)
{
    struct house *house = life_open(state, 0);
    struct registration pair = life_in(house, "p", 1, SIGNUP_FULL);

    (void)pair; /* a party larger than the room itself never fits */
    life_raise(house, NOON, 2);
    (void)life_in(house, "a", 1, SIGNUP_REGISTERED);
    struct registration b = life_in(house, "b", 0, SIGNUP_WAITING);
    struct registration two = life_in(house, "t", 1, SIGNUP_WAITING);
    struct registration c = life_in(house, "c", 0, SIGNUP_WAITING);
    life_raise(house, NOON + 1, 5);
    assert_int_equal(life_state(house, &b), REG_REGISTERED);
    assert_int_equal(life_state(house, &two), REG_REGISTERED);
    assert_int_equal(life_state(house, &c), REG_WAITING);
    house_assert_sound(house);
}

static void nobody_moves_up_once_it_has_begun(void **state)
{
    struct house *house = life_open(state, 1);

    (void)life_in(house, "a", 0, SIGNUP_REGISTERED);
    struct registration b = life_in(house, "b", 0, SIGNUP_WAITING);
    life_raise(house, house->meeting.starts_at, 2);
    assert_int_equal(life_state(house, &b), REG_WAITING);
    life_raise(house, house->meeting.starts_at - 1, 2);
    assert_int_equal(life_state(house, &b), REG_REGISTERED);
}

static void nobody_moves_up_once_it_is_called_off(void **state)
{
    struct house *house = life_open(state, 1);
    struct registration a = life_in(house, "a", 0, SIGNUP_REGISTERED);
    struct registration b = life_in(house, "b", 0, SIGNUP_WAITING);

    life_call_off(house, NOON + 1);
    life_cancel(house, &a, false);
    assert_int_equal(life_state(house, &b), REG_WAITING);
    assert_int_equal(life_letters(house, &b, LETTER_MOVED_UP), 0);
}

/* Who heard of nothing before need not hear that: anybody may have typed
 * that address. */
static void what_follows_a_withheld_letter_is_withheld(void **state)
{
    struct house *house = life_open(state, 1);
    struct registration a = life_in(house, "a", 0, SIGNUP_REGISTERED);

    house->settings.steps_per_hour = 0;
    struct registration b = life_in(house, "b", 0, SIGNUP_WAITING);
    life_cancel(house, &a, false);
    assert_int_equal(life_letters(house, &b, LETTER_MOVED_UP), 1);
    assert_int_equal(life_letters(house, &b, LETTER_INVITATION), 1);
    assert_int_equal(house_number(house, arena_printf(house->arena,
        "SELECT count(*) FROM letter WHERE registration_id = %lld"
        " AND state <> %d", (long long)b.id, LETTER_SUPPRESSED)), 0);
}

static enum rc erasing(struct house *house, int64_t now, void *context)
{
    struct erased erased;
    const struct registration *r = context;

    return erase_by_link(house->writer, house->arena, now, &house->settings,
                         &r->public_id, &erased, &house->err);
}

static void erasing_lets_the_next_in_and_keeps_companions(void **state)
{
    struct house *house = life_open(state, 2);
    struct registration pair = life_in(house, "p", 1, SIGNUP_REGISTERED);
    struct registration b = life_in(house, "b", 0, SIGNUP_WAITING);

    FINE(house, house_write(house, NOON, erasing, &pair));
    assert_int_equal(life_state(house, &b), REG_REGISTERED);
    assert_int_equal(house_number(house, "SELECT count(*) FROM registration"
                                  " WHERE state = 2 AND lead_id IS NULL"), 2);
    house_assert_sound(house);
}

static void undo_finds_the_seat_gone_and_may_wait(void **state)
{
    struct house *house = life_open(state, 1);
    struct registration a = life_in(house, "a", 0, SIGNUP_REGISTERED);
    struct registration b = life_in(house, "b", 0, SIGNUP_WAITING);

    life_cancel(house, &a, false);
    assert_int_equal(life_undo(house, NOON + 51, &a, false), UNDO_FULL);
    assert_int_equal(life_undo(house, NOON + 52, &a, true), UNDO_WAITING);
    assert_int_equal(life_state(house, &a), REG_WAITING);
    life_cancel(house, &b, false);
    assert_int_equal(life_state(house, &a), REG_REGISTERED);
    house_assert_sound(house);
}

/* A session's seats go by the same rules, and change nobody's state. */
static void any_pool_has_a_queue(void **state)
{
    struct house *house = life_open(state, 5);
    struct registration a = life_in(house, "a", 0, SIGNUP_REGISTERED);
    struct registration b = life_in(house, "b", 0, SIGNUP_REGISTERED);
    int64_t pool = house_number(house,
        "INSERT INTO session (meeting_id, uid, title_de, title_en, about_de,"
        " about_en, speaker, starts_at, ends_at)"
        " SELECT id, 'x', 'T', '', '', '', '', starts_at, ends_at"
        " FROM meeting LIMIT 1 RETURNING id");

    pool = house_number(house, arena_printf(house->arena,
        "INSERT INTO pool (meeting_id, session_id, capacity, taken)"
        " VALUES (%lld, %lld, 1, 0) RETURNING id",
        (long long)house->meeting.id, (long long)pool));
    struct turn turn = house_turn(house, NOON);
    bool taken;

    FINE(house, writer_begin(house->writer, &house->err));
    FINE(house, turn_begin(&turn, house->meeting.id, &house->err));
    FINE(house, seating_take(&turn, &a, pool, &taken, &house->err));
    assert_true(taken);
    FINE(house, seating_take(&turn, &b, pool, &taken, &house->err));
    assert_false(taken);
    FINE(house, seating_wait(&turn, &b, pool, &house->err));
    FINE(house, seating_leave_pool(&turn, &a, pool, &house->err));
    FINE(house, writer_commit(house->writer, &house->err));
    assert_int_equal(house_number(house, arena_printf(house->arena,
        "SELECT registration_id FROM seat WHERE pool_id = %lld",
        (long long)pool)), b.id);
    assert_int_equal(life_letters(house, &b, LETTER_MOVED_UP), 0);
    house_assert_sound(house);
}

/* ---- offers ---- */

/* The seat that a gives back at NOON + 50 is offered for an hour. */
static struct house *open_with_offers(void **state)
{
    struct house *house = life_open(state, 1);

    house->meeting.claim_term = HOUR;
    life_set_terms(house);
    return house;
}

static void an_offer_holds_the_seat_until_its_second(void **state)
{
    struct house *house = open_with_offers(state);
    struct registration a = life_in(house, "a", 0, SIGNUP_REGISTERED);
    struct registration b = life_in(house, "b", 0, SIGNUP_WAITING);
    struct registration c = life_in(house, "c", 0, SIGNUP_WAITING);

    life_cancel(house, &a, false); /* at NOON + 50 */
    assert_int_equal(life_state(house, &b), REG_WAITING);
    assert_int_equal(life_letters(house, &b, LETTER_OFFER), 1);
    assert_int_equal(life_claim(house, NOON + 51, &c), CONFIRM_ALREADY);
    assert_int_equal(life_claim(house, NOON + 50 + HOUR, &b), CONFIRM_LATE);
    assert_false(life_expire(house, NOON + 49 + HOUR).seats);
    assert_int_equal(life_claim(house, NOON + 49 + HOUR, &b), CONFIRM_DONE);
    assert_int_equal(life_state(house, &b), REG_REGISTERED);
    assert_int_equal(life_letters(house, &b, LETTER_CONFIRMATION), 1);
    assert_int_equal(life_state(house, &c), REG_WAITING);
    house_assert_sound(house);
}

/* Longer than that nobody could wait for the next. */
static void an_offer_ends_when_the_meeting_begins(void **state)
{
    struct house *house = open_with_offers(state);

    house->meeting.claim_term = 60 * DAY;
    life_set_terms(house);
    struct registration a = life_in(house, "a", 0, SIGNUP_REGISTERED);
    (void)life_in(house, "b", 0, SIGNUP_WAITING);
    life_cancel(house, &a, false);
    assert_int_equal(house_number(house, "SELECT claim_by FROM wait"),
                     house->meeting.starts_at);
}

static void a_lapsed_offer_goes_to_the_next(void **state)
{
    struct house *house = open_with_offers(state);
    struct registration a = life_in(house, "a", 0, SIGNUP_REGISTERED);
    struct registration b = life_in(house, "b", 0, SIGNUP_WAITING);
    struct registration c = life_in(house, "c", 0, SIGNUP_WAITING);

    life_cancel(house, &a, false);
    struct expired expired = life_expire(house, NOON + 50 + HOUR);
    assert_true(expired.letters && expired.seats && !expired.erased);
    assert_true(expired.running);
    assert_int_equal(life_state(house, &b), REG_CANCELLED);
    assert_int_equal(life_letters(house, &b, LETTER_LAPSED), 1);
    assert_int_equal(life_letters(house, &c, LETTER_OFFER), 1);
    assert_int_equal(life_claim(house, NOON + 51 + HOUR, &c), CONFIRM_DONE);
    assert_int_equal(life_state(house, &c), REG_REGISTERED);
    house_assert_sound(house);
}

/* The letter that says so may still wait for the relay, and is dropped for
 * those who are out. */
static void an_offer_does_not_lapse_once_the_meeting_is_off(void **state)
{
    struct house *house = open_with_offers(state);
    struct registration a = life_in(house, "a", 0, SIGNUP_REGISTERED);
    struct registration b = life_in(house, "b", 0, SIGNUP_WAITING);

    life_cancel(house, &a, false);
    assert_int_equal(life_letters(house, &b, LETTER_OFFER), 1);
    life_call_off(house, NOON + 99);
    (void)life_expire(house, NOON + 50 + HOUR);
    assert_int_equal(life_claim(house, NOON + 100, &b), CONFIRM_CLOSED);
    assert_int_equal(life_state(house, &b), REG_WAITING);
    assert_int_equal(life_letters(house, &b, LETTER_LAPSED), 0);
    house_assert_sound(house);
}

/* A seat that is held or offered is taken, and nobody is registered yet. */
static void operators_see_who_is_on_the_way(void **state)
{
    struct house *house = life_open(state, 2);
    struct census_modes modes;
    struct registration a = life_in(house, "a", 0, SIGNUP_REGISTERED);

    house->meeting.confirm_term = house->meeting.claim_term = HOUR;
    life_set_terms(house);
    (void)life_in(house, "b", 0, SIGNUP_UNCONFIRMED);
    house->meeting.confirm_term = 0;
    life_set_terms(house);
    (void)life_in(house, "c", 0, SIGNUP_WAITING);
    (void)life_in(house, "d", 0, SIGNUP_WAITING);
    life_cancel(house, &a, false);
    FINE(house, census_modes(house->reader, house->arena, 0, 1, &modes,
                             &house->err));
    const struct census_mode *onsite = &modes.items[0];
    assert_int_equal(onsite->mode, MODE_ONSITE);
    assert_int_equal(onsite->taken, 2);
    assert_int_equal(onsite->people[REG_UNCONFIRMED], 1);
    assert_int_equal(onsite->people[REG_PENDING], 0);
    assert_int_equal(onsite->people[REG_REGISTERED], 0);
    assert_int_equal(onsite->people[REG_WAITING], 2);
    assert_int_equal(onsite->people[REG_CANCELLED], 1);
}

#define ROOM(test) cmocka_unit_test_setup_teardown(test, house_open, \
                                                   house_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROOM(a_full_pool_takes_only_those_who_agree_to_wait),
        ROOM(without_a_waiting_list_full_is_full),
        ROOM(a_freed_seat_goes_to_the_first_at_once),
        ROOM(a_party_of_two_waits_for_two_seats),
        ROOM(where_it_is_set_a_smaller_party_passes),
        ROOM(a_party_that_shrinks_may_fit),
        ROOM(raising_moves_up_all_who_fit),
        ROOM(nobody_moves_up_once_it_has_begun),
        ROOM(nobody_moves_up_once_it_is_called_off),
        ROOM(what_follows_a_withheld_letter_is_withheld),
        ROOM(erasing_lets_the_next_in_and_keeps_companions),
        ROOM(undo_finds_the_seat_gone_and_may_wait),
        ROOM(any_pool_has_a_queue),
        ROOM(an_offer_holds_the_seat_until_its_second),
        ROOM(an_offer_ends_when_the_meeting_begins),
        ROOM(a_lapsed_offer_goes_to_the_next),
        ROOM(an_offer_does_not_lapse_once_the_meeting_is_off),
        ROOM(operators_see_who_is_on_the_way),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
