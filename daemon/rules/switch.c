#include "daemon/rules/switch.h"

#include "daemon/model/wish.h"
#include "daemon/rules/seating.h"
#include "daemon/rules/standing.h"
#include "daemon/store/registration_store.h"
#include "daemon/store/seat_store.h"

/* One switch under way. */
struct switching {
    struct registration *registration;
    const struct pool *from, *to;
    enum mode mode; /* to which */
    bool held;      /* a seat of the former mode */
    bool waited;    /* for one of the new mode */
    bool may_wait;
};

/* Nobody has or waits for a seat until the organiser has decided. */
static bool seats_come_later(const struct turn *turn,
                             const struct registration *r,
                             const struct pool_ids *pools)
{
    return r->undecided && turn->meeting.approval == APPROVAL_FREE &&
           pools->count == 0;
}

static enum mode other_mode(enum mode mode)
{
    return mode == MODE_ONSITE ? MODE_ONLINE : MODE_ONSITE;
}

static enum rc note(struct turn *turn, const struct switching *s,
                    const char *deed, struct err *err)
{
    const struct audit_change change = {
        FIELD_MODE, mode_word(other_mode(s->mode)), mode_word(s->mode),
    };

    return turn_note_changes(turn, s->registration, deed, &change, 1, err);
}

/* The row says the new mode before anybody moves up, and her letter comes
 * before theirs. */
static enum rc settle(struct turn *turn, struct switching *s,
                      struct err *err)
{
    struct standing standing = standing_before(s->registration);

    standing.registration.mode = s->mode;
    enum rc rc = standing_settle(turn, &standing, 1, STANDING_COURSE, err);
    *s->registration = standing.registration;
    return rc == RC_OK ? note(turn, s, "mode", err) : rc;
}

static enum rc change_over(struct turn *turn, struct switching *s,
                           struct err *err)
{
    enum rc rc = settle(turn, s, err);

    return rc == RC_OK
        ? seating_leave_pool(turn, s->registration, s->from->id, err) : rc;
}

/* A place in the queue for the new mode; who waits for the former one only
 * waits for that no more. */
static enum rc wait_for_it(struct turn *turn, struct switching *s,
                           enum change_outcome *outcome, struct err *err)
{
    if (s->waited) {
        *outcome = CHANGE_NONE;
        return RC_OK;
    }
    if (!s->may_wait || !turn->meeting.waiting) {
        *outcome = CHANGE_FULL;
        return RC_OK;
    }
    enum rc rc = seating_wait(turn, s->registration, s->to->id, err);
    *outcome = CHANGE_WAITS;
    if (rc != RC_OK)
        return rc;
    return s->held ? note(turn, s, "wait", err) : change_over(turn, s, err);
}

/* One who waits there with others may be let past them alone: a seat is left
 * while somebody waits only where smaller parties may pass. */
static enum rc take_it(struct turn *turn, struct switching *s, bool *taken,
                       struct err *err)
{
    bool left;
    enum rc rc = seating_take(turn, s->registration, s->to->id, taken, err);
    return rc == RC_OK && *taken
        ? wait_delete(turn->writer, s->registration->id, s->to->id, &left,
                      err) : rc;
}

/* Her place in the queue of that pool; NULL: none. */
static const struct wait *find_place(const struct waits *waits,
                                     int64_t pool_id)
{
    for (size_t i = 0; i < waits->count; i++)
        if (waits->items[i].pool_id == pool_id)
            return &waits->items[i];
    return NULL;
}

static enum rc move(struct turn *turn, struct switching *s,
                    enum change_outcome *outcome, struct err *err)
{
    struct waits waits;
    bool taken = false;
    enum rc rc = wait_of_registration(writer_reader(turn->writer),
                                      turn->arena, s->registration->id,
                                      &waits, err);

    if (rc != RC_OK)
        return rc;
    const struct wait *place = find_place(&waits, s->to->id);
    if (place && place->claim_by > turn->now) {
        rc = note(turn, s, "claim", err);
        return rc == RC_OK ? seating_claim(turn, place->pool_id,
                                           place->party_id, err) : rc;
    }
    s->waited = place != NULL;
    if (!place || place->claim_by == 0)
        rc = take_it(turn, s, &taken, err);
    if (rc != RC_OK)
        return rc;
    return taken ? change_over(turn, s, err)
                 : wait_for_it(turn, s, outcome, err);
}

enum rc switch_granted(struct turn *turn, struct registration *r,
                       enum mode mode, bool may_wait,
                       enum change_outcome *outcome, struct err *err)
{
    struct reader *reader = writer_reader(turn->writer);
    struct pools pools;
    struct pool_ids mine;
    struct switching s = { .registration = r, .mode = mode,
                           .may_wait = may_wait };
    enum rc rc = pool_of_meeting(reader, r->meeting_id, &pools, err);

    *outcome = r->mode == mode ? CHANGE_NONE : CHANGE_MADE;
    if (rc != RC_OK || *outcome != CHANGE_MADE)
        return rc;
    if (!pools.offered[mode]) {
        *outcome = CHANGE_CLOSED;
        return RC_OK;
    }
    s.from = &pools.at[r->mode];
    s.to = &pools.at[mode];
    rc = seat_is_held(reader, r->id, r->mode, &s.held, err);
    if (rc == RC_OK)
        rc = seat_pools(reader, turn->arena, r->id, &mine, err);
    if (rc != RC_OK)
        return rc;
    return seats_come_later(turn, r, &mine) ? settle(turn, &s, err)
                                            : move(turn, &s, outcome, err);
}

enum rc switch_mode(struct turn *turn, const struct id *registration,
                    enum mode mode, bool may_wait,
                    enum change_outcome *outcome, struct err *err)
{
    struct registration r;
    enum rc rc = turn_begin_by_link(turn, registration, &r, err);

    if (rc != RC_OK)
        return rc;
    *outcome = change_gate(turn, &r, false);
    return *outcome == CHANGE_MADE
        ? switch_granted(turn, &r, mode, may_wait, outcome, err) : RC_OK;
}

enum rc switch_stop_waiting(struct turn *turn, const struct id *registration,
                            enum change_outcome *outcome, struct err *err)
{
    struct reader *reader = writer_reader(turn->writer);
    struct registration r;
    struct pools pools;
    bool held = false, waits = false;
    enum rc rc = turn_begin_by_link(turn, registration, &r, err);

    if (rc == RC_OK)
        rc = pool_of_meeting(reader, r.meeting_id, &pools, err);
    if (rc != RC_OK)
        return rc;
    const struct pool *other = &pools.at[other_mode(r.mode)];
    rc = seat_is_held(reader, r.id, r.mode, &held, err);
    if (rc == RC_OK)
        rc = wait_is(reader, r.id, other->id, &waits, err);
    if (rc != RC_OK)
        return rc;
    *outcome = change_gate(turn, &r, true);
    if (*outcome == CHANGE_MADE && !(held && waits))
        *outcome = CHANGE_NONE;
    if (*outcome != CHANGE_MADE)
        return RC_OK;
    rc = turn_note(turn, &r, "stop-waiting", err);
    return rc == RC_OK ? seating_leave_pool(turn, &r, other->id, err) : rc;
}
