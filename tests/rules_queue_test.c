/* Nobody is passed over, and no seat stays free while somebody waits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/rules/cancel.h"
#include "daemon/rules/confirm.h"
#include "daemon/rules/decide.h"
#include "daemon/rules/erase.h"
#include "daemon/rules/expire.h"
#include "daemon/rules/seating.h"
#include "daemon/store/alliance_store.h"
#include "daemon/store/letter_store.h"
#include "daemon/store/meeting_store.h"
#include "daemon/store/registration_store.h"
#include "daemon/store/seat_store.h"
#include "daemon/store/transaction.h"
#include "tests/store_house.h"

/* ---- what is done ---- */

/* One step by a rule that takes a turn; what it needs and what it says. */
struct deed {
    enum rc (*run)(struct turn *, struct deed *, struct err *);
    struct id id;
    int64_t row, pool_id, capacity;
    bool yes;
    int outcome;
    struct turn left; /* as the rule left it */
};

static enum rc run_deed(struct house *house, int64_t now, void *context)
{
    struct deed *deed = context;
    struct turn turn = house_turn(house, now);
    enum rc rc = turn_begin(&turn, house->meeting.id, &house->err);

    if (rc == RC_OK)
        rc = deed->run(&turn, deed, &house->err);
    deed->left = turn;
    return rc;
}

static int run(struct house *house, int64_t now, struct deed *deed)
{
    FINE(house, house_write(house, now, run_deed, deed));
    return deed->outcome;
}

static enum rc cancelling(struct turn *turn, struct deed *deed,
                          struct err *err)
{
    enum cancel_outcome outcome;
    enum rc rc = cancel_registration(turn, &deed->id,
                                     deed->yes ? CANCEL_PARTY : CANCEL_OWN,
                                     &outcome, err);

    deed->outcome = (int)outcome;
    return rc;
}

static void cancel(struct house *house, const struct registration *r,
                   bool party)
{
    struct deed deed = { .run = cancelling, .id = r->public_id,
                         .yes = party };

    assert_int_equal(run(house, NOON + 50, &deed), CANCEL_DONE);
}

static enum rc undoing(struct turn *turn, struct deed *deed, struct err *err)
{
    enum undo_outcome outcome;
    enum rc rc = cancel_undo(turn, &deed->id, deed->yes, &outcome, err);

    deed->outcome = (int)outcome;
    return rc;
}

static enum rc confirming(struct turn *turn, struct deed *deed,
                          struct err *err)
{
    enum confirm_outcome outcome;
    enum rc rc = confirm_address(turn, &deed->id, &outcome, err);

    deed->outcome = (int)outcome;
    return rc;
}

static int confirm(struct house *house, int64_t now,
                   const struct registration *r)
{
    struct deed deed = { .run = confirming, .id = r->public_id };

    return run(house, now, &deed);
}

static enum rc claiming(struct turn *turn, struct deed *deed,
                        struct err *err)
{
    enum confirm_outcome outcome;
    enum rc rc = confirm_claim(turn, &deed->id, &outcome, err);

    deed->outcome = (int)outcome;
    return rc;
}

static int claim(struct house *house, int64_t now,
                 const struct registration *r)
{
    struct deed deed = { .run = claiming, .id = r->public_id };

    return run(house, now, &deed);
}

static enum rc deciding(struct turn *turn, struct deed *deed,
                        struct err *err)
{
    enum decide_outcome outcome;
    enum rc rc = decide_registration(turn, deed->row, deed->yes,
                                     "Leider nicht.", &outcome, err);

    deed->outcome = (int)outcome;
    return rc;
}

static int decide(struct house *house, const struct registration *r,
                  bool approved)
{
    struct deed deed = { .run = deciding, .row = r->id, .yes = approved };

    return run(house, NOON + 60, &deed);
}

static enum rc raising(struct turn *turn, struct deed *deed, struct err *err)
{
    return seating_set_capacity(turn, MODE_ONSITE, deed->capacity, err);
}

static void raise(struct house *house, int64_t now, int64_t capacity)
{
    struct deed deed = { .run = raising, .capacity = capacity };

    (void)run(house, now, &deed);
}

static enum rc expiring(struct house *house, int64_t now, void *context)
{
    return expire_due(house->writer, now, 10, &house->settings, context,
                      &house->err);
}

static void expire(struct house *house, int64_t now)
{
    struct expired expired = { .more = true };

    while (expired.more)
        FINE(house, house_write(house, now, expiring, &expired));
}

static enum rc setting(struct house *house, int64_t now, void *meeting)
{
    return meeting_update(house->writer, now, meeting, &house->err);
}

static void set_terms(struct house *house)
{
    FINE(house, house_write(house, NOON - DAY, setting, &house->meeting));
}

static enum rc passing(struct house *house, int64_t now, void *unused)
{
    (void)unused;
    house->alliance.queue_passing = true;
    return alliance_update(house->writer, now, &house->alliance,
                           &house->err);
}

/* ---- who comes ---- */

static struct signup_result come(struct house *house, int64_t now,
                                 const char *name, size_t guests)
{
    struct signup in = house_signup(
        house, "", name, arena_printf(house->arena, "%s@example.org", name));
    struct signup_guest *company = ARENA_ARRAY(house->arena,
                                               struct signup_guest, 9);

    in.may_wait = true;
    for (size_t i = 0; i < guests; i++)
        company[i] = (struct signup_guest){
            .person = { .given_name = "", .title = "", .organisation = "",
                        .position = "", .family_name = arena_printf(
                            house->arena, "%s-%zu", name, i) },
            .may_wait = true,
        };
    in.guests = company;
    in.guest_count = guests;
    return house_place(house, now, &in);
}

static struct registration in(struct house *house, const char *name,
                              size_t guests, enum signup_outcome expected)
{
    struct signup_result out = come(house, NOON, name, guests);

    assert_int_equal(out.outcome, expected);
    return out.registration;
}

static int state_of(struct house *house, const struct registration *r)
{
    return (int)house_number(house, arena_printf(
        house->arena, "SELECT state FROM registration WHERE id = %lld",
        (long long)r->id));
}

static int64_t letters(struct house *house, const struct registration *r,
                       enum letter_kind kind)
{
    return house_number(house, arena_printf(
        house->arena, "SELECT count(*) FROM letter"
        " WHERE registration_id = %lld AND kind = %d", (long long)r->id,
        (int)kind));
}

/* Whatever happens, this holds between two transactions. */
static void assert_sound(struct house *house)
{
    assert_int_equal(house_number(house, "SELECT count(*) FROM pool p"
        " WHERE taken <> (SELECT count(*) FROM seat s WHERE s.pool_id = p.id)"
        " OR taken > capacity OR waiting <> (SELECT count(*) FROM wait w"
        " WHERE w.pool_id = p.id AND w.claim_by = 0)"), 0);
    assert_int_equal(house_number(house, "SELECT count(*) FROM registration r"
        " WHERE state = 2 AND 1 <> (SELECT count(*) FROM seat s"
        " JOIN pool p ON p.id = s.pool_id WHERE s.registration_id = r.id"
        " AND p.mode = r.mode)"), 0);
    assert_int_equal(house_number(house, "SELECT count(*) FROM registration r"
        " WHERE state > 3 AND (EXISTS (SELECT 1 FROM seat s"
        " WHERE s.registration_id = r.id) OR EXISTS (SELECT 1 FROM wait w"
        " WHERE w.registration_id = r.id))"), 0);
}

/* A meeting with that many seats on site, and a waiting list. */
static struct house *open_with(void **state, int64_t seats)
{
    struct house *house = *state;

    meeting_set_usual_terms(&house->meeting);
    house->meeting.party_most = 10;
    set_terms(house);
    house_set_seats(house, MODE_ONSITE, seats);
    return house;
}

/* ---- the queue ---- */

static void a_full_pool_takes_only_those_who_agree_to_wait(void **state)
{
    struct house *house = open_with(state, 1);
    struct signup late = house_signup(house, "", "Spät", "s@example.org");

    (void)in(house, "a", 0, SIGNUP_REGISTERED);
    assert_int_equal(house_place(house, NOON, &late).outcome, SIGNUP_FULL);
    struct registration b = in(house, "b", 0, SIGNUP_WAITING);
    assert_int_equal(state_of(house, &b), REG_WAITING);
    assert_int_equal(letters(house, &b, LETTER_WAITING), 1);
    assert_int_equal(letters(house, &b, LETTER_INVITATION), 0);
    assert_sound(house);
}

static void without_a_waiting_list_full_is_full(void **state)
{
    struct house *house = open_with(state, 1);

    house->meeting.waiting = false;
    set_terms(house);
    (void)in(house, "a", 0, SIGNUP_REGISTERED);
    (void)in(house, "b", 0, SIGNUP_FULL);
}

static void a_freed_seat_goes_to_the_first_at_once(void **state)
{
    struct house *house = open_with(state, 1);
    struct registration a = in(house, "a", 0, SIGNUP_REGISTERED);
    struct registration b = in(house, "b", 0, SIGNUP_WAITING);
    struct registration c = in(house, "c", 0, SIGNUP_WAITING);
    int64_t place;

    FINE(house, wait_place(house->reader, c.id,
                           house->pools.at[MODE_ONSITE].id, &place,
                           &house->err));
    assert_int_equal(place, 2);
    cancel(house, &a, false);
    assert_int_equal(state_of(house, &b), REG_REGISTERED);
    assert_int_equal(state_of(house, &c), REG_WAITING);
    assert_int_equal(letters(house, &b, LETTER_MOVED_UP), 1);
    assert_int_equal(letters(house, &b, LETTER_INVITATION), 1);
    assert_int_equal(letters(house, &c, LETTER_MOVED_UP), 0);
    assert_sound(house);
}

static void a_party_of_two_waits_for_two_seats(void **state)
{
    struct house *house = open_with(state, 2);
    struct registration a = in(house, "a", 0, SIGNUP_REGISTERED);
    struct registration b = in(house, "b", 0, SIGNUP_REGISTERED);
    struct registration pair = in(house, "p", 1, SIGNUP_WAITING);
    struct registration c = in(house, "c", 0, SIGNUP_WAITING);

    cancel(house, &a, false);
    assert_int_equal(state_of(house, &pair), REG_WAITING);
    assert_int_equal(state_of(house, &c), REG_WAITING);
    /* Somebody new does not pass them either. */
    struct registration d = in(house, "d", 0, SIGNUP_WAITING);
    cancel(house, &b, false);
    assert_int_equal(state_of(house, &pair), REG_REGISTERED);
    assert_int_equal(state_of(house, &c), REG_WAITING);
    cancel(house, &pair, true);
    assert_int_equal(state_of(house, &c), REG_REGISTERED);
    assert_int_equal(state_of(house, &d), REG_REGISTERED);
    assert_sound(house);
}

static void where_it_is_set_a_smaller_party_passes(void **state)
{
    struct house *house = open_with(state, 2);
    struct registration a = in(house, "a", 0, SIGNUP_REGISTERED);
    (void)in(house, "b", 0, SIGNUP_REGISTERED);
    struct registration pair = in(house, "p", 1, SIGNUP_WAITING);
    struct registration c = in(house, "c", 0, SIGNUP_WAITING);

    FINE(house, house_write(house, NOON, passing, NULL));
    cancel(house, &a, false);
    assert_int_equal(state_of(house, &pair), REG_WAITING);
    assert_int_equal(state_of(house, &c), REG_REGISTERED);
    assert_sound(house);
}

static void a_party_that_shrinks_may_fit(void **state)
{
    struct house *house = open_with(state, 2);
    struct registration a = in(house, "a", 0, SIGNUP_REGISTERED);
    (void)in(house, "b", 0, SIGNUP_REGISTERED);
    struct registration pair = in(house, "p", 1, SIGNUP_WAITING);
    struct registrations party;

    cancel(house, &a, false);
    FINE(house, registration_of_party(house->reader, house->arena,
                                      pair.party_id, &party, &house->err));
    cancel(house, &party.items[1], false);
    assert_int_equal(state_of(house, &pair), REG_REGISTERED);
    assert_sound(house);
}

static void raising_moves_up_all_who_fit(void **state)
{
    struct house *house = open_with(state, 0);
    struct registration pair = in(house, "p", 1, SIGNUP_FULL);

    (void)pair; /* a party larger than the room itself never fits */
    raise(house, NOON, 2);
    (void)in(house, "a", 1, SIGNUP_REGISTERED);
    struct registration b = in(house, "b", 0, SIGNUP_WAITING);
    struct registration two = in(house, "t", 1, SIGNUP_WAITING);
    struct registration c = in(house, "c", 0, SIGNUP_WAITING);
    raise(house, NOON + 1, 5);
    assert_int_equal(state_of(house, &b), REG_REGISTERED);
    assert_int_equal(state_of(house, &two), REG_REGISTERED);
    assert_int_equal(state_of(house, &c), REG_WAITING);
    assert_sound(house);
}

static void nobody_moves_up_once_it_has_begun(void **state)
{
    struct house *house = open_with(state, 1);

    (void)in(house, "a", 0, SIGNUP_REGISTERED);
    struct registration b = in(house, "b", 0, SIGNUP_WAITING);
    raise(house, house->meeting.starts_at, 2);
    assert_int_equal(state_of(house, &b), REG_WAITING);
    raise(house, house->meeting.starts_at - 1, 2);
    assert_int_equal(state_of(house, &b), REG_REGISTERED);
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
    struct house *house = open_with(state, 2);
    struct registration pair = in(house, "p", 1, SIGNUP_REGISTERED);
    struct registration b = in(house, "b", 0, SIGNUP_WAITING);

    FINE(house, house_write(house, NOON, erasing, &pair));
    assert_int_equal(state_of(house, &b), REG_REGISTERED);
    assert_int_equal(house_number(house, "SELECT count(*) FROM registration"
                                  " WHERE state = 2 AND lead_id IS NULL"), 2);
    assert_sound(house);
}

static void undo_finds_the_seat_gone_and_may_wait(void **state)
{
    struct house *house = open_with(state, 1);
    struct registration a = in(house, "a", 0, SIGNUP_REGISTERED);
    struct registration b = in(house, "b", 0, SIGNUP_WAITING);
    struct deed undo = { .run = undoing, .id = a.public_id };

    cancel(house, &a, false);
    assert_int_equal(run(house, NOON + 51, &undo), UNDO_FULL);
    undo.yes = true;
    assert_int_equal(run(house, NOON + 52, &undo), UNDO_WAITING);
    assert_int_equal(state_of(house, &a), REG_WAITING);
    cancel(house, &b, false);
    assert_int_equal(state_of(house, &a), REG_REGISTERED);
    assert_sound(house);
}

/* A session's seats go by the same rules, and change nobody's state. */
static void any_pool_has_a_queue(void **state)
{
    struct house *house = open_with(state, 5);
    struct registration a = in(house, "a", 0, SIGNUP_REGISTERED);
    struct registration b = in(house, "b", 0, SIGNUP_REGISTERED);
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
    assert_int_equal(letters(house, &b, LETTER_MOVED_UP), 0);
    assert_sound(house);
}

/* ---- offers ---- */

static void an_offer_holds_the_seat_until_its_second(void **state)
{
    struct house *house = open_with(state, 1);
    house->meeting.claim_term = HOUR;
    set_terms(house);
    struct registration a = in(house, "a", 0, SIGNUP_REGISTERED);
    struct registration b = in(house, "b", 0, SIGNUP_WAITING);
    struct registration c = in(house, "c", 0, SIGNUP_WAITING);

    cancel(house, &a, false); /* at NOON + 50 */
    assert_int_equal(state_of(house, &b), REG_WAITING);
    assert_int_equal(letters(house, &b, LETTER_OFFER), 1);
    assert_int_equal(claim(house, NOON + 51, &c), CONFIRM_ALREADY);
    assert_int_equal(claim(house, NOON + 50 + HOUR, &b), CONFIRM_LATE);
    expire(house, NOON + 49 + HOUR);
    assert_int_equal(claim(house, NOON + 49 + HOUR, &b), CONFIRM_DONE);
    assert_int_equal(state_of(house, &b), REG_REGISTERED);
    assert_int_equal(letters(house, &b, LETTER_CONFIRMATION), 1);
    assert_int_equal(state_of(house, &c), REG_WAITING);
    assert_sound(house);
}

static void a_lapsed_offer_goes_to_the_next(void **state)
{
    struct house *house = open_with(state, 1);
    house->meeting.claim_term = HOUR;
    set_terms(house);
    struct registration a = in(house, "a", 0, SIGNUP_REGISTERED);
    struct registration b = in(house, "b", 0, SIGNUP_WAITING);
    struct registration c = in(house, "c", 0, SIGNUP_WAITING);

    cancel(house, &a, false);
    expire(house, NOON + 50 + HOUR);
    assert_int_equal(state_of(house, &b), REG_CANCELLED);
    assert_int_equal(letters(house, &b, LETTER_LAPSED), 1);
    assert_int_equal(letters(house, &c, LETTER_OFFER), 1);
    assert_int_equal(claim(house, NOON + 51 + HOUR, &c), CONFIRM_DONE);
    assert_int_equal(state_of(house, &c), REG_REGISTERED);
    assert_sound(house);
}

/* ---- addresses ---- */

static void an_unconfirmed_seat_is_held_and_then_forgotten(void **state)
{
    struct house *house = open_with(state, 1);
    house->meeting.confirm_term = 48 * HOUR;
    set_terms(house);
    struct registration a = in(house, "a", 0, SIGNUP_UNCONFIRMED);
    struct registration b = in(house, "b", 0, SIGNUP_UNCONFIRMED);

    assert_int_equal(letters(house, &a, LETTER_CONFIRM_ADDRESS), 1);
    assert_int_equal(letters(house, &a, LETTER_CONFIRMATION), 0);
    assert_int_equal(confirm(house, NOON + 1, &b), CONFIRM_DONE);
    assert_int_equal(state_of(house, &b), REG_WAITING);
    expire(house, NOON + 48 * HOUR - 1);
    assert_int_equal(state_of(house, &b), REG_WAITING);
    assert_int_equal(confirm(house, NOON + 48 * HOUR, &a), CONFIRM_LATE);
    expire(house, NOON + 48 * HOUR);
    assert_int_equal(state_of(house, &b), REG_REGISTERED);
    assert_int_equal(house_number(house, "SELECT count(*) FROM person"), 1);
    assert_int_equal(house_number(house,
        "SELECT people FROM tally WHERE state = 0"), 1);
    assert_sound(house);
}

static void confirming_counts_for_companions_without_address(void **state)
{
    struct house *house = open_with(state, 5);
    house->meeting.confirm_term = 48 * HOUR;
    set_terms(house);
    struct registration a = in(house, "a", 2, SIGNUP_UNCONFIRMED);

    assert_int_equal(house_number(house, "SELECT count(*) FROM letter"), 1);
    assert_int_equal(confirm(house, NOON + 1, &a), CONFIRM_DONE);
    assert_int_equal(confirm(house, NOON + 2, &a), CONFIRM_ALREADY);
    assert_int_equal(house_number(house, "SELECT count(*) FROM registration"
                                  " WHERE state = 2"), 3);
    assert_int_equal(letters(house, &a, LETTER_CONFIRMATION), 1);
    /* Hers, its confirmation, and her own invitation: companions are in it. */
    assert_int_equal(house_number(house, "SELECT count(*) FROM letter"), 3);
}

/* ---- approval ---- */

static void whoever_is_pending_holds_the_seat(void **state)
{
    struct house *house = open_with(state, 1);
    house->meeting.approval = APPROVAL_HOLDS;
    set_terms(house);
    struct registration a = in(house, "a", 0, SIGNUP_PENDING);
    struct registration b = in(house, "b", 0, SIGNUP_PENDING);

    assert_int_equal(decide(house, &b, true), DECIDE_DONE);
    assert_int_equal(state_of(house, &b), REG_WAITING);
    assert_int_equal(decide(house, &a, false), DECIDE_DONE);
    assert_int_equal(state_of(house, &a), REG_DECLINED);
    assert_int_equal(letters(house, &a, LETTER_DECLINED), 1);
    assert_int_equal(state_of(house, &b), REG_REGISTERED);
    assert_int_equal(decide(house, &a, true), DECIDE_NOT_PENDING);
    assert_sound(house);
}

static void or_asks_for_one_when_approved(void **state)
{
    struct house *house = open_with(state, 1);
    house->meeting.approval = APPROVAL_FREE;
    set_terms(house);
    struct registration a = in(house, "a", 0, SIGNUP_PENDING);
    struct registration b = in(house, "b", 0, SIGNUP_PENDING);

    assert_int_equal(house_number(house, "SELECT sum(taken) FROM pool"), 0);
    assert_int_equal(decide(house, &b, true), DECIDE_DONE);
    assert_int_equal(decide(house, &a, true), DECIDE_DONE);
    assert_int_equal(state_of(house, &b), REG_REGISTERED);
    assert_int_equal(state_of(house, &a), REG_WAITING);
    assert_sound(house);
}

/* ---- parties ---- */

static void a_party_gets_seats_together_or_none(void **state)
{
    struct house *house = open_with(state, 2);

    house->meeting.waiting = false;
    set_terms(house);
    (void)in(house, "a", 2, SIGNUP_FULL);
    assert_int_equal(house_number(house, "SELECT count(*) FROM person"), 0);
    (void)in(house, "a", 1, SIGNUP_REGISTERED);
    assert_int_equal(house_number(house, "SELECT count(*) FROM registration"
                                  " WHERE state = 2"), 2);
    /* One mailbox, one letter, and one invitation. */
    assert_int_equal(house_number(house, "SELECT count(*) FROM letter"), 2);
    assert_sound(house);
}

static void the_same_party_twice_is_one(void **state)
{
    struct house *house = open_with(state, 9);
    struct signup_result again;

    (void)in(house, "a", 2, SIGNUP_REGISTERED);
    again = come(house, NOON + 1, "a", 2);
    assert_int_equal(again.outcome, SIGNUP_ALREADY);
    assert_int_equal(again.told, SIGNUP_REGISTERED);
    assert_int_equal(house_number(house, "SELECT count(*) FROM person"), 3);
    /* One more name joins the party. */
    assert_int_equal(come(house, NOON + 1, "a", 3).told, SIGNUP_REGISTERED);
    assert_int_equal(house_number(house, "SELECT count(*) FROM person"), 4);
    assert_int_equal(house_number(house, "SELECT count(*) FROM party"), 1);
    assert_sound(house);
}

static void more_than_the_form_takes_are_refused(void **state)
{
    struct house *house = open_with(state, 9);

    house->meeting.party_most = 2;
    set_terms(house);
    (void)in(house, "a", 2, SIGNUP_PARTY);
    (void)in(house, "a", 1, SIGNUP_REGISTERED);
}

static void a_known_name_is_told_what_a_new_one_would_be(void **state)
{
    struct house *house = open_with(state, 1);

    (void)in(house, "a", 0, SIGNUP_REGISTERED);
    assert_int_equal(come(house, NOON + 599, "a", 0).told,
                     SIGNUP_REGISTERED);
    assert_int_equal(come(house, NOON + 600, "a", 0).told, SIGNUP_WAITING);
    assert_int_equal(house_number(house, "SELECT count(*) FROM wait"), 0);
    house->meeting.waiting = false;
    set_terms(house);
    assert_int_equal(come(house, NOON + 600, "a", 0).told, SIGNUP_FULL);
    assert_sound(house);
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
        ROOM(erasing_lets_the_next_in_and_keeps_companions),
        ROOM(undo_finds_the_seat_gone_and_may_wait),
        ROOM(any_pool_has_a_queue),
        ROOM(an_offer_holds_the_seat_until_its_second),
        ROOM(a_lapsed_offer_goes_to_the_next),
        ROOM(an_unconfirmed_seat_is_held_and_then_forgotten),
        ROOM(confirming_counts_for_companions_without_address),
        ROOM(whoever_is_pending_holds_the_seat),
        ROOM(or_asks_for_one_when_approved),
        ROOM(a_party_gets_seats_together_or_none),
        ROOM(the_same_party_twice_is_one),
        ROOM(more_than_the_form_takes_are_refused),
        ROOM(a_known_name_is_told_what_a_new_one_would_be),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
