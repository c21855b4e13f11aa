#include "tests/mail_life.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/base/address.h"
#include "daemon/rules/cancel.h"
#include "daemon/rules/confirm.h"
#include "daemon/rules/decide.h"
#include "daemon/rules/expire.h"
#include "daemon/rules/outbox.h"
#include "daemon/rules/seating.h"
#include "daemon/rules/standing.h"
#include "daemon/rules/wish.h"
#include "daemon/store/letter_store.h"
#include "daemon/store/registration_store.h"
#include "daemon/store/wish_store.h"

int life_open(void **state)
{
    struct post *post;

    if (post_open(state) != 0)
        return -1;
    post = *state;
    meeting_set_usual_terms(&post->house->meeting);
    post_edit_meeting(post);
    return 0;
}

struct registration life_come_at(struct post *post, int64_t now,
                                 const char *address, post_change *change)
{
    struct signup in = house_signup(post->house, "Đặng Anna",
                                    "Łęcka-Müller", address);
    struct signup_result out;

    in.person.title = "Dr.";
    in.may_wait = true;
    if (change)
        change(&in);
    out = house_place(post->house, now, &in);
    if (!signup_is_accepted(out.outcome))
        fail_msg("came to nothing: outcome %d", (int)out.outcome);
    return life_now(post, &out.registration);
}

struct registration life_come(struct post *post, const char *address,
                              post_change *change)
{
    return life_come_at(post, NOON, address, change);
}

void life_fill(struct post *post, int64_t seats)
{
    house_set_seats(post->house, MODE_ONSITE, seats);
    for (int64_t i = 0; i < seats; i++)
        (void)life_come(post, arena_printf(post->house->arena,
                                           "voll%lld@example.net",
                                           (long long)i), NULL);
}

/* ---- one rule each ---- */

struct step {
    struct registration registration;
    int64_t number;
    bool yes;
    const char *words;
    enum letter_kind kind;
};

static enum rc raise(struct house *house, int64_t now, void *context)
{
    struct step *step = context;
    struct turn turn = house_turn(house, now);
    enum rc rc = turn_begin(&turn, house->meeting.id, &house->err);

    return rc == RC_OK ? seating_set_capacity(&turn, MODE_ONSITE,
                                              step->number, &house->err)
                       : rc;
}

void life_raise(struct post *post, int64_t seats)
{
    struct step step = { .number = seats };

    FINE(post->house, house_write(post->house, NOON, raise, &step));
}

static enum rc confirm(struct house *house, int64_t now, void *context)
{
    struct step *step = context;
    enum confirm_outcome outcome;
    struct turn turn = house_turn(house, now);
    const struct id *id = &step->registration.public_id;
    enum rc rc = step->yes ? confirm_claim(&turn, id, &outcome, &house->err)
                           : confirm_address(&turn, id, &outcome,
                                             &house->err);

    assert_true(rc != RC_OK || outcome == CONFIRM_DONE);
    return rc;
}

void life_confirm(struct post *post, const struct registration *r)
{
    struct step step = { .registration = *r };

    FINE(post->house, house_write(post->house, NOON + 1, confirm, &step));
}

void life_claim(struct post *post, const struct registration *r)
{
    struct step step = { .registration = *r, .yes = true };

    FINE(post->house, house_write(post->house, NOON + 1, confirm, &step));
}

static enum rc decide(struct house *house, int64_t now, void *context)
{
    struct step *step = context;
    enum decide_outcome outcome;
    struct turn turn = house_turn(house, now);
    enum rc rc = decide_registration(&turn, step->registration.id, step->yes,
                                     step->words, &outcome, &house->err);

    assert_true(rc != RC_OK || outcome == DECIDE_DONE);
    return rc;
}

void life_decide(struct post *post, const struct registration *r,
                 bool approved, const char *reason)
{
    struct step step = { .registration = *r, .yes = approved,
                         .words = reason };

    FINE(post->house, house_write(post->house, NOON + 1, decide, &step));
}

static enum rc expire(struct house *house, int64_t now, void *context)
{
    return expire_due(house->writer, now, 10, &house->settings, context,
                      &house->err);
}

void life_expire(struct post *post, int64_t now)
{
    struct expired expired = { .more = true };

    while (expired.more)
        FINE(post->house, house_write(post->house, now, expire, &expired));
}

static enum rc undo(struct house *house, int64_t now, void *context)
{
    struct step *step = context;
    enum undo_outcome outcome;
    struct turn turn = house_turn(house, now);
    enum rc rc = cancel_undo(&turn, &step->registration.public_id, true,
                             &outcome, &house->err);

    assert_true(rc != RC_OK || outcome == UNDO_WAITING);
    return rc;
}

void life_undo_waiting(struct post *post, int64_t now,
                       const struct registration *r)
{
    struct step step = { .registration = *r };

    FINE(post->house, house_write(post->house, now, undo, &step));
}

static enum rc go_online(struct house *house, int64_t now, void *context)
{
    struct step *step = context;
    struct standing s = standing_before(&step->registration);
    struct turn turn = house_turn(house, now);
    bool taken = false;
    enum rc rc = turn_begin(&turn, house->meeting.id, &house->err);

    s.registration.mode = MODE_ONLINE;
    if (rc == RC_OK)
        rc = seating_take(&turn, &s.registration,
                          house->pools.at[MODE_ONLINE].id, &taken,
                          &house->err);
    assert_true(rc != RC_OK || taken);
    if (rc == RC_OK)
        rc = seating_leave_pool(&turn, &s.registration,
                                house->pools.at[MODE_ONSITE].id,
                                &house->err);
    return rc == RC_OK ? standing_settle(&turn, &s, 1, STANDING_COURSE,
                                         &house->err) : rc;
}

void life_go_online(struct post *post, int64_t now,
                    const struct registration *r)
{
    struct step step = { .registration = life_now(post, r) };

    FINE(post->house, house_write(post->house, now, go_online, &step));
}

static enum rc wish_online(struct house *house, int64_t now, void *context)
{
    struct step *step = context;
    enum wish_outcome outcome;
    struct turn turn = house_turn(house, now);
    enum rc rc = wish_for_mode(&turn, &step->registration.public_id,
                               MODE_ONLINE, false, &outcome, &house->err);

    assert_true(rc != RC_OK || outcome == WISH_DONE);
    return rc;
}

void life_wish_online(struct post *post, int64_t now,
                      const struct registration *r)
{
    struct step step = { .registration = *r };

    post->house->meeting.changes_until = NOON + 1;
    post_edit_meeting(post);
    FINE(post->house, house_write(post->house, now, wish_online, &step));
}

static enum rc decline_wish(struct house *house, int64_t now, void *context)
{
    struct step *step = context;
    enum wish_outcome outcome;
    struct turn turn = house_turn(house, now);
    enum rc rc = wish_decide(&turn, step->number, false, step->words,
                             &outcome, &house->err);

    assert_true(rc != RC_OK || outcome == WISH_DONE);
    return rc;
}

void life_decline_wishes(struct post *post, int64_t now,
                         const struct registration *r, const char *reason)
{
    struct house *house = post->house;
    struct wishes all;

    FINE(house, wish_of_registration(house->reader, house->arena, r->id,
                                     &all, &house->err));
    for (size_t i = 0; i < all.count; i++) {
        struct step step = { .number = all.items[i].id, .words = reason };

        FINE(house, house_write(house, now, decline_wish, &step));
    }
}

static enum rc tell(struct house *house, int64_t now, void *context)
{
    struct step *step = context;

    return outbox_confirmation(house->writer, now, &step->registration,
                               step->kind, LETTER_QUEUED, &house->err);
}

void life_tell(struct post *post, const struct registration *r,
               enum letter_kind kind)
{
    struct step step = { .registration = *r, .kind = kind };

    FINE(post->house, house_write(post->house, NOON, tell, &step));
}

static enum rc prove(struct house *house, int64_t now, void *context)
{
    struct step *step = context;

    return address_prove(house->writer, now, step->words, &house->err);
}

void life_prove(struct post *post, const char *address)
{
    struct step step = {
        .words = address_key(post->house->arena, address),
    };

    FINE(post->house, house_write(post->house, NOON, prove, &step));
}

struct registration life_now(struct post *post, const struct registration *r)
{
    struct house *house = post->house;
    struct registration now;

    FINE(house, registration_by_id(house->reader, house->arena, r->id, &now,
                                   &house->err));
    return now;
}

int64_t life_letters(struct post *post, const struct registration *r)
{
    return house_number(post->house, arena_printf(
        post->house->arena,
        "SELECT count(*) FROM letter WHERE registration_id = %lld",
        (long long)r->id));
}
