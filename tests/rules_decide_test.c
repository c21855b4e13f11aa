/* What organisers say to those who await approval, and taking it back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/rules/decide.h"
#include "daemon/rules/seating.h"
#include "daemon/store/alliance_store.h"
#include "daemon/store/registration_store.h"
#include "daemon/store/seat_store.h"
#include "tests/life.h"

#define PEOPLE 8

/* Several who are decided in one go. */
struct deed {
    struct decision items[PEOPLE];
    size_t count;
    bool approved;
    int64_t meeting_id;
    enum decide_undo_outcome undone;
};

static enum rc deciding(struct house *house, int64_t now, void *context)
{
    struct deed *deed = context;
    struct turn turn = house_turn(house, now);

    return decide_all(&turn, deed->meeting_id, deed->items, deed->count,
                      deed->approved, "Leider nicht.", &house->err);
}

static struct deed decide(struct house *house, bool approved, size_t count,
                          const struct registration *const *whom)
{
    struct deed deed = { .count = count, .approved = approved,
                         .meeting_id = house->meeting.id };

    for (size_t i = 0; i < count; i++)
        deed.items[i].registration_id = whom[i]->id;
    FINE(house, house_write(house, NOON + 60, deciding, &deed));
    return deed;
}
#define DECIDE(house, approved, ...)                                      \
    decide(house, approved,                                               \
           sizeof(const struct registration *[]){ __VA_ARGS__ } /         \
               sizeof(const struct registration *),                       \
           (const struct registration *const[]){ __VA_ARGS__ })

static enum rc undoing(struct house *house, int64_t now, void *context)
{
    struct deed *deed = context;
    struct turn turn = house_turn(house, now);

    return decide_undo(&turn, deed->items[0].registration_id, &deed->undone,
                       &house->err);
}

static int undo(struct house *house, int64_t now,
                const struct registration *r)
{
    struct deed deed = { .items[0].registration_id = r->id };

    FINE(house, house_write(house, now, undoing, &deed));
    return (int)deed.undone;
}

/* So many seats on site, and everybody awaits approval. */
static struct house *open_with(void **state, int64_t seats,
                               enum approval approval)
{
    struct house *house = life_open(state, seats);

    house->meeting.approval = approval;
    life_set_terms(house);
    return house;
}

static struct registration in(struct house *house, const char *name,
                              size_t guests)
{
    return life_in(house, name, guests, SIGNUP_PENDING);
}

static struct registration guest_of(struct house *house,
                                    const struct registration *lead)
{
    struct registrations party;

    FINE(house, registration_of_party(house->reader, house->arena,
                                      lead->party_id, &party, &house->err));
    assert_int_equal(party.count, 2);
    return party.items[1];
}

static int64_t letters(struct house *house, enum letter_kind kind)
{
    return house_number(house, arena_printf(
        house->arena, "SELECT count(*) FROM letter WHERE kind = %d",
        (int)kind));
}

static void each_of_many_hears_what_became_of_it(void **state)
{
    struct house *house = open_with(state, 1, APPROVAL_FREE);
    struct registration a = in(house, "a", 0), b = in(house, "b", 0);
    struct registration c = in(house, "c", 0);
    struct registration nobody = { .id = 4711 };

    (void)DECIDE(house, false, &c);
    struct deed deed = DECIDE(house, true, &c, &a, &nobody, &b);
    assert_int_equal(deed.items[0].outcome, DECIDE_NOT_PENDING);
    assert_int_equal(deed.items[0].registration.state, REG_DECLINED);
    assert_int_equal(deed.items[1].outcome, DECIDE_DONE);
    assert_int_equal(deed.items[1].registration.state, REG_REGISTERED);
    assert_int_equal(deed.items[2].outcome, DECIDE_NOT_PENDING);
    assert_int_equal(deed.items[2].registration.id, 0);
    assert_int_equal(deed.items[3].outcome, DECIDE_DONE);
    assert_int_equal(deed.items[3].registration.state, REG_WAITING);
    assert_int_equal(life_state(house, &b), REG_WAITING);
    assert_int_equal(letters(house, LETTER_CONFIRMATION), 1);
    assert_int_equal(letters(house, LETTER_WAITING), 1);
}

static void whoever_finds_no_seat_stays_pending(void **state)
{
    struct house *house = open_with(state, 1, APPROVAL_FREE);

    house->meeting.waiting = false;
    life_set_terms(house);
    struct registration a = in(house, "a", 1), b = in(house, "b", 0);
    struct registration guest = guest_of(house, &a);
    struct deed deed = DECIDE(house, true, &a, &guest);
    assert_int_equal(deed.items[0].outcome, DECIDE_FULL);
    assert_int_equal(deed.items[1].outcome, DECIDE_FULL);
    assert_int_equal(life_state(house, &a), REG_PENDING);
    assert_int_equal(house_number(house, "SELECT sum(taken) FROM pool"), 0);
    deed = DECIDE(house, true, &b);
    assert_int_equal(deed.items[0].outcome, DECIDE_DONE);
}

static void whoever_is_named_twice_is_decided_once(void **state)
{
    struct house *house = open_with(state, 5, APPROVAL_FREE);
    struct registration a = in(house, "a", 0);

    struct deed deed = DECIDE(house, true, &a, &a);
    assert_int_equal(deed.items[0].outcome, DECIDE_DONE);
    assert_int_equal(deed.items[1].outcome, DECIDE_NOT_PENDING);
    assert_int_equal(letters(house, LETTER_CONFIRMATION), 1);
    assert_int_equal(house_number(house, "SELECT sum(taken) FROM pool"), 1);
}

/* One seat is not for one of two who come together. */
static void a_party_is_decided_together(void **state)
{
    struct house *house = open_with(state, 1, APPROVAL_FREE);
    struct registration a = in(house, "a", 1);
    struct registration guest = guest_of(house, &a);

    (void)DECIDE(house, true, &a, &guest);
    assert_int_equal(life_state(house, &a), REG_WAITING);
    assert_int_equal(life_state(house, &guest), REG_WAITING);
    assert_int_equal(house_number(house, "SELECT sum(taken) FROM pool"), 0);
    assert_int_equal(letters(house, LETTER_WAITING), 1);
}

static void a_declined_party_gets_one_letter_with_the_reason(void **state)
{
    struct house *house = open_with(state, 2, APPROVAL_HOLDS);
    struct registration a = in(house, "a", 1), b = in(house, "b", 0);
    struct registration guest = guest_of(house, &a), fresh;

    (void)DECIDE(house, false, &guest, &a);
    assert_int_equal(letters(house, LETTER_DECLINED), 1);
    FINE(house, registration_by_id(house->reader, house->arena, guest.id,
                                   &fresh, &house->err));
    assert_int_equal(fresh.state, REG_DECLINED);
    assert_string_equal(fresh.reason, "Leider nicht.");
    /* Their seats went to the next, who still awaits approval. */
    assert_int_equal(house_number(house, "SELECT sum(taken) FROM pool"), 1);
    assert_int_equal(life_state(house, &b), REG_PENDING);
    assert_int_equal(house_number(house, "SELECT count(*) FROM audit"
                                  " WHERE deed = 'decline'"), 2);
}

/* Whoever may decide there need not be told that there is such a one. */
static void another_meetings_people_are_not_there(void **state)
{
    struct house *house = open_with(state, 1, APPROVAL_FREE);
    struct registration a = in(house, "a", 0);
    struct deed deed = { .count = 1, .approved = true,
                         .items[0].registration_id = a.id };

    deed.meeting_id = house_add_meeting(house, "andere").id;
    FINE(house, house_write(house, NOON, deciding, &deed));
    assert_int_equal(deed.items[0].outcome, DECIDE_NOT_PENDING);
    assert_int_equal(deed.items[0].registration.id, 0);
    assert_int_equal(life_state(house, &a), REG_PENDING);
    deed.meeting_id++; /* there is none */
    MISSING(house, house_write(house, NOON, deciding, &deed));
}

static void over_or_cancelled_nothing_is_decided(void **state)
{
    struct house *house = open_with(state, 1, APPROVAL_FREE);
    struct registration a = in(house, "a", 0), b = in(house, "b", 0);
    struct deed deed = { .count = 1, .approved = true,
                         .items[0].registration_id = a.id,
                         .meeting_id = house->meeting.id };

    FINE(house, house_write(house, house->meeting.ends_at, deciding, &deed));
    assert_int_equal(deed.items[0].outcome, DECIDE_PAST);
    (void)DECIDE(house, false, &b);
    house->meeting.state = MEETING_CANCELLED;
    life_set_terms(house);
    deed = DECIDE(house, true, &a);
    assert_int_equal(deed.items[0].outcome, DECIDE_PAST);
    assert_int_equal(undo(house, NOON + 120, &b), DECIDE_UNDO_PAST);
}

/* ---- taking it back ---- */

static void a_decline_is_taken_back_for_a_day(void **state)
{
    struct house *house = open_with(state, 1, APPROVAL_FREE);
    struct registration a = in(house, "a", 0), fresh;

    assert_int_equal(undo(house, NOON, &a), DECIDE_UNDO_IS_NOT);
    (void)DECIDE(house, false, &a);
    assert_int_equal(undo(house, NOON + 61 + DAY, &a), DECIDE_UNDO_LATE);
    assert_int_equal(undo(house, NOON + 60 + DAY, &a), DECIDE_UNDO_DONE);
    FINE(house, registration_by_id(house->reader, house->arena, a.id, &fresh,
                                   &house->err));
    assert_int_equal(fresh.state, REG_PENDING);
    assert_true(fresh.undecided);
    assert_int_equal(fresh.cancelled_at, 0);
    assert_string_equal(fresh.reason, "");
    assert_int_equal(letters(house, LETTER_PENDING), 2);
    assert_int_equal(undo(house, NOON + 60 + DAY, &a), DECIDE_UNDO_IS_NOT);
    struct deed deed = DECIDE(house, true, &a);
    assert_int_equal(deed.items[0].registration.state, REG_REGISTERED);
}

static void its_seat_may_be_another_persons_by_then(void **state)
{
    struct house *house = open_with(state, 1, APPROVAL_HOLDS);
    struct registration a = in(house, "a", 0), b = in(house, "b", 0);

    (void)DECIDE(house, false, &a); /* b moves up to the seat */
    assert_int_equal(undo(house, NOON + 90, &a), DECIDE_UNDO_DONE);
    (void)DECIDE(house, true, &a, &b);
    assert_int_equal(life_state(house, &a), REG_WAITING);
    assert_int_equal(life_state(house, &b), REG_REGISTERED);
}

/* Where seats are held, the seat is held from then on. */
static void or_is_taken_at_once_while_it_is_free(void **state)
{
    struct house *house = open_with(state, 1, APPROVAL_HOLDS);
    struct registration a = in(house, "a", 0);

    (void)DECIDE(house, false, &a);
    assert_int_equal(house_number(house, "SELECT sum(taken) FROM pool"), 0);
    assert_int_equal(undo(house, NOON + 90, &a), DECIDE_UNDO_DONE);
    assert_int_equal(house_number(house, "SELECT sum(taken) FROM pool"), 1);
    /* And nobody waits where there is no waiting list. */
    (void)DECIDE(house, false, &a);
    (void)in(house, "b", 0);
    house->meeting.waiting = false;
    life_set_terms(house);
    assert_int_equal(undo(house, NOON + 90, &a), DECIDE_UNDO_DONE);
    assert_int_equal(house_number(house, "SELECT count(*) FROM wait"), 0);
    house_assert_sound(house);
}

static void whoever_came_back_is_not_there_twice(void **state)
{
    struct house *house = open_with(state, 5, APPROVAL_FREE);
    struct registration a = in(house, "a", 0);

    (void)DECIDE(house, false, &a);
    struct registration again = in(house, "a", 0);
    assert_int_not_equal(again.id, a.id);
    assert_int_equal(undo(house, NOON + 90, &a), DECIDE_UNDO_ANEW);
    assert_int_equal(life_state(house, &a), REG_DECLINED);
}

/* ---- the queue as a list ---- */

static void places_in_a_list_are_those_of_each(void **state)
{
    struct house *house = open_with(state, 2, APPROVAL_HOLDS);
    struct registration seated = in(house, "z", 1);
    struct registration all[] = { in(house, "a", 1), in(house, "b", 0),
                                  in(house, "c", 1), in(house, "d", 0)
                                };
    struct queue_places places;

    FINE(house, wait_places(house->reader, house->arena, house->meeting.id,
                            &places, &house->err));
    assert_int_equal(places.count, 6);
    for (size_t i = 0; i < places.count; i++) {
        const struct queue_place *one = &places.items[i];
        int64_t place;

        FINE(house, wait_place(house->reader, one->registration_id,
                               house->pools.at[MODE_ONSITE].id, &place,
                               &house->err));
        assert_int_equal(one->place, place);
        assert_int_equal(one->mode, MODE_ONSITE);
    }
    assert_int_equal(queue_place_find(&places, all[3].id)->place, 6);
    assert_int_equal(queue_place_find(&places, all[1].id)->place, 3);
    assert_null(queue_place_find(&places, seated.id));
}

static enum rc let_pass(struct house *house, int64_t now, void *allow)
{
    struct turn turn = house_turn(house, now);

    house->alliance.queue_passing = *(const bool *)allow;
    enum rc rc = alliance_update(house->writer, now, &house->alliance,
                                 &house->err);
    if (rc == RC_OK)
        rc = turn_begin(&turn, house->meeting.id, &house->err);
    return rc == RC_OK ? seating_move_up_all(&turn, &house->err) : rc;
}

static void whoever_may_pass_from_now_on_does(void **state)
{
    struct house *house = open_with(state, 2, APPROVAL_HOLDS);
    bool allow = false;

    (void)in(house, "a", 0);
    (void)in(house, "b", 1);
    (void)in(house, "c", 0);
    FINE(house, house_write(house, NOON + 1, let_pass, &allow));
    assert_int_equal(house_number(house, "SELECT count(*) FROM wait"), 3);
    allow = true;
    FINE(house, house_write(house, NOON + 2, let_pass, &allow));
    assert_int_equal(house_number(house, "SELECT count(*) FROM wait"), 2);
    assert_int_equal(house_number(house, "SELECT sum(taken) FROM pool"), 2);
}

static void of_each_mode(void **state)
{
    struct house *house = open_with(state, 2, APPROVAL_HOLDS);
    bool allow = true;

    house_set_seats(house, MODE_ONLINE, 1);
    for (int i = 0; i < 2; i++) {
        struct signup on = house_signup(
            house, "", arena_printf(house->arena, "n%d", i), NULL);

        on.mode = MODE_ONLINE;
        on.may_wait = true;
        assert_int_equal(house_place(house, NOON, &on).outcome,
                         SIGNUP_PENDING);
    }
    house_set_seats(house, MODE_ONLINE, 2);
    FINE(house, house_write(house, NOON + 2, let_pass, &allow));
    assert_int_equal(house_number(house, "SELECT taken FROM pool"
                                         " WHERE mode = 1"), 2);
}

#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, house_open, house_close)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(each_of_many_hears_what_became_of_it),
        TEST(whoever_finds_no_seat_stays_pending),
        TEST(whoever_is_named_twice_is_decided_once),
        TEST(a_party_is_decided_together),
        TEST(a_declined_party_gets_one_letter_with_the_reason),
        TEST(another_meetings_people_are_not_there),
        TEST(over_or_cancelled_nothing_is_decided),
        TEST(a_decline_is_taken_back_for_a_day),
        TEST(its_seat_may_be_another_persons_by_then),
        TEST(or_is_taken_at_once_while_it_is_free),
        TEST(whoever_came_back_is_not_there_twice),
        TEST(places_in_a_list_are_those_of_each),
        TEST(whoever_may_pass_from_now_on_does),
        TEST(of_each_mode),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
