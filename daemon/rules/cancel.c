#include "daemon/rules/cancel.h"

#include "daemon/base/address.h"
#include "daemon/base/arena.h"
#include "daemon/rules/seating.h"
#include "daemon/rules/signup.h"
#include "daemon/rules/standing.h"
#include "daemon/store/registration_store.h"
#include "daemon/store/seat_store.h"

/* ---- cancelling ---- */

static bool is_meant(const struct registration *other,
                     const struct registration *asking, bool first)
{
    return registration_is_live(other) &&
           (other->id == asking->id || first || other->lead_id == asking->id);
}

static enum rc whom(struct turn *turn, const struct registration *asking,
                    enum cancel_whose whose, struct registrations *out,
                    struct err *err)
{
    struct registrations party;
    enum rc rc = registration_of_party(writer_reader(turn->writer),
                                       turn->arena, asking->party_id, &party,
                                       err);

    if (rc != RC_OK)
        return rc;
    bool first = party.count > 0 && party.items[0].id == asking->id;
    *out = (struct registrations){
        ARENA_ARRAY(turn->arena, struct registration, party.count), 0
    };
    for (size_t i = 0; i < party.count; i++) {
        const struct registration *other = &party.items[i];

        if (whose == CANCEL_OWN ? other->id == asking->id
                                : is_meant(other, asking, first))
            out->items[out->count++] = *other;
    }
    return RC_OK;
}

/* Whoever presses a mailed link has proven that mailbox; the others' data goes
 * when their time to confirm is over, as if nobody had cancelled. */
static bool is_proven(const struct registration *r,
                      const struct registration *asking)
{
    return r->id == asking->id || r->lead_id == asking->id;
}

/* Everybody's letters before anybody moves up: in one mailbox the goodbye
 * stands first. */
static enum rc give_back(struct turn *turn, const struct registrations *all,
                         const struct registration *asking, struct err *err)
{
    struct standing *leaving = ARENA_ARRAY(turn->arena, struct standing,
                                           all->count);
    enum rc rc = RC_OK;

    for (size_t i = 0; i < all->count; i++) {
        leaving[i] = standing_before(&all->items[i]);
        leaving[i].registration.state = REG_CANCELLED;
        leaving[i].registration.cancelled_at = turn->now;
        if (is_proven(&all->items[i], asking))
            leaving[i].registration.confirm_by = 0;
    }
    rc = standing_settle(turn, leaving, all->count, STANDING_COURSE, err);
    for (size_t i = 0; i < all->count && rc == RC_OK; i++)
        rc = turn_note(turn, &all->items[i], "cancel", err);
    return rc == RC_OK ? seating_leave(turn, all->items, all->count, err)
                       : rc;
}

enum rc cancel_registration(struct turn *turn, const struct id *registration,
                            enum cancel_whose whose,
                            enum cancel_outcome *outcome, struct err *err)
{
    struct registration r;
    struct registrations all;
    enum rc rc = turn_begin_by_link(turn, registration, &r, err);

    if (rc != RC_OK)
        return rc;
    *outcome = !registration_is_live(&r) && whose == CANCEL_OWN
        ? CANCEL_ALREADY
        : turn->now >= turn->meeting.ends_at ? CANCEL_PAST : CANCEL_DONE;
    if (*outcome != CANCEL_DONE)
        return RC_OK;
    rc = whom(turn, &r, whose, &all, err);
    if (rc == RC_OK && all.count == 0)
        *outcome = CANCEL_ALREADY;
    return rc == RC_OK ? give_back(turn, &all, &r, err) : rc;
}

/* ---- taking it again ---- */

enum rc cancel_count_others(struct turn *turn, const struct registration *r,
                            int64_t *count, bool *anew, struct err *err)
{
    struct reader *reader = writer_reader(turn->writer);
    const char *fold = registration_name_fold(turn->arena, &r->person);
    int64_t same = 0;

    *count = 0;
    enum rc rc = r->person.address
        ? registration_of_address(reader, r->meeting_id,
                                  address_key(turn->arena, r->person.address),
                                  fold, count, &same, err)
        : r->lead_id != 0
        ? registration_of_lead(reader, r->lead_id, fold, &same, err)
        : registration_of_name(reader, r->meeting_id, fold,
                               r->person.organisation, &same, err);
    *anew = same != 0;
    return rc;
}

static enum rc check_address(struct turn *turn, const struct registration *r,
                             enum undo_outcome *outcome, struct err *err)
{
    int64_t count;
    bool anew;
    enum rc rc = cancel_count_others(turn, r, &count, &anew, err);

    if (rc == RC_OK && anew)
        *outcome = UNDO_ALREADY;
    else if (count >= turn->settings->registrations_per_address)
        *outcome = UNDO_FULL;
    return rc;
}

/* Says why not, or leaves *outcome at UNDO_DONE. */
static enum rc check_undo(struct turn *turn, const struct registration *r,
                          const struct pools *pools,
                          enum undo_outcome *outcome, struct err *err)
{
    *outcome = UNDO_DONE;
    if (registration_is_live(r))
        *outcome = UNDO_ALREADY;
    else if (r->state == REG_DECLINED ||
             !signup_is_open(&turn->meeting, pools, r->mode, turn->now))
        *outcome = UNDO_CLOSED;
    else
        return check_address(turn, r, outcome, err);
    return RC_OK;
}

/* Whoever is not decided upon, where that comes first, needs no seat yet. */
static enum rc take_place(struct turn *turn, const struct registration *r,
                          int64_t pool_id, bool may_wait,
                          enum undo_outcome *outcome, struct err *err)
{
    bool taken = false;

    if (r->undecided && turn->meeting.approval == APPROVAL_FREE)
        return RC_OK;
    enum rc rc = seating_take(turn, r, pool_id, &taken, err);
    if (rc != RC_OK || taken)
        return rc;
    if (!may_wait || !turn->meeting.waiting) {
        *outcome = UNDO_FULL;
        return RC_OK;
    }
    *outcome = UNDO_WAITING;
    return seating_wait(turn, r, pool_id, err);
}

enum rc cancel_undo(struct turn *turn, const struct id *registration,
                    bool may_wait, enum undo_outcome *outcome,
                    struct err *err)
{
    struct registration r;
    struct pools pools;
    enum rc rc = turn_begin_by_link(turn, registration, &r, err);

    if (rc == RC_OK)
        rc = pool_of_meeting(writer_reader(turn->writer), r.meeting_id,
                             &pools, err);
    if (rc == RC_OK)
        rc = check_undo(turn, &r, &pools, outcome, err);
    if (rc != RC_OK || *outcome != UNDO_DONE)
        return rc;
    rc = take_place(turn, &r, pools.at[r.mode].id, may_wait, outcome, err);
    if (rc != RC_OK || *outcome == UNDO_FULL)
        return rc;
    struct standing s = standing_before(&r);
    s.registration.state = REG_WAITING; /* live; settled from its facts */
    s.registration.cancelled_at = 0;
    s.registration.confirm_by = 0;
    rc = standing_settle(turn, &s, 1, STANDING_COURSE, err);
    return rc == RC_OK ? turn_note(turn, &r, "undo", err) : rc;
}
