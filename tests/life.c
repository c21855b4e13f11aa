#include "tests/life.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/rules/cancel.h"
#include "daemon/rules/confirm.h"
#include "daemon/rules/decide.h"
#include "daemon/rules/seating.h"
#include "daemon/store/alliance_store.h"
#include "daemon/store/meeting_store.h"

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

void life_cancel(struct house *house, const struct registration *r,
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

int life_undo(struct house *house, int64_t now, const struct registration *r,
              bool may_wait)
{
    struct deed deed = { .run = undoing, .id = r->public_id,
                         .yes = may_wait };

    return run(house, now, &deed);
}

static enum rc confirming(struct turn *turn, struct deed *deed,
                          struct err *err)
{
    enum confirm_outcome outcome;
    enum rc rc = confirm_address(turn, &deed->id, &outcome, err);

    deed->outcome = (int)outcome;
    return rc;
}

int life_confirm(struct house *house, int64_t now,
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

int life_claim(struct house *house, int64_t now,
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

int life_decide(struct house *house, const struct registration *r,
                  bool approved)
{
    struct deed deed = { .run = deciding, .row = r->id, .yes = approved };

    return run(house, NOON + 60, &deed);
}

static enum rc raising(struct turn *turn, struct deed *deed, struct err *err)
{
    return seating_set_capacity(turn, MODE_ONSITE, deed->capacity, err);
}

void life_raise(struct house *house, int64_t now, int64_t capacity)
{
    struct deed deed = { .run = raising, .capacity = capacity };

    (void)run(house, now, &deed);
}

static enum rc expiring(struct house *house, int64_t now, void *context)
{
    return expire_due(house->writer, now, 10, &house->settings, context,
                      &house->err);
}

struct expired life_expire(struct house *house, int64_t now)
{
    struct expired expired = { .more = true }, all = { 0 };

    while (expired.more) {
        FINE(house, house_write(house, now, expiring, &expired));
        all.erased = all.erased || expired.erased;
        all.letters = all.letters || expired.letters;
        all.seats = all.seats || expired.seats;
        all.running = expired.running;
    }
    return all;
}

static enum rc calling_off(struct house *house, int64_t now, void *unused)
{
    (void)unused;
    house->meeting.cancel_reason =
        (struct bilingual){ "Hochwasser.", "A flood." };
    return meeting_call_off(house->writer, now, &house->meeting,
                            &house->err);
}

void life_call_off(struct house *house, int64_t now)
{
    FINE(house, house_write(house, now, calling_off, NULL));
}

static enum rc setting(struct house *house, int64_t now, void *meeting)
{
    return meeting_update(house->writer, now, meeting, &house->err);
}

void life_set_terms(struct house *house)
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

void life_let_pass(struct house *house)
{
    FINE(house, house_write(house, NOON, passing, NULL));
}

/* ---- who comes ---- */

struct signup_result life_come(struct house *house, int64_t now,
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

struct registration life_in(struct house *house, const char *name,
                              size_t guests, enum signup_outcome expected)
{
    struct signup_result out = life_come(house, NOON, name, guests);

    assert_int_equal(out.outcome, expected);
    return out.registration;
}

int life_state(struct house *house, const struct registration *r)
{
    return (int)house_number(house, arena_printf(
        house->arena, "SELECT state FROM registration WHERE id = %lld",
        (long long)r->id));
}

int64_t life_letters(struct house *house, const struct registration *r,
                       enum letter_kind kind)
{
    return house_number(house, arena_printf(
        house->arena, "SELECT count(*) FROM letter"
        " WHERE registration_id = %lld AND kind = %d", (long long)r->id,
        (int)kind));
}

/* A meeting with that many seats on site, and a waiting list. */
struct house *life_open(void **state, int64_t seats)
{
    struct house *house = *state;

    meeting_set_usual_terms(&house->meeting);
    house->meeting.party_most = 10;
    life_set_terms(house);
    house_set_seats(house, MODE_ONSITE, seats);
    return house;
}
