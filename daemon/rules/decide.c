#include "daemon/rules/decide.h"

#include "daemon/rules/seating.h"
#include "daemon/rules/standing.h"
#include "daemon/store/registration_store.h"
#include "daemon/store/seat_store.h"

/* Nobody holds or waits for a seat before the decision: now they do. */
static enum rc ask_for_seat(struct turn *turn, const struct registration *r,
                            enum decide_outcome *outcome, struct err *err)
{
    struct pool_ids already;
    struct pools pools;
    bool taken = false;
    enum rc rc = seat_pools(writer_reader(turn->writer), turn->arena, r->id,
                            &already, err);

    if (rc != RC_OK || already.count > 0)
        return rc;
    rc = pool_of_meeting(writer_reader(turn->writer), r->meeting_id, &pools,
                         err);
    if (rc == RC_OK)
        rc = seating_take(turn, r, pools.at[r->mode].id, &taken, err);
    if (rc != RC_OK || taken)
        return rc;
    if (turn->meeting.waiting)
        return seating_wait(turn, r, pools.at[r->mode].id, err);
    *outcome = DECIDE_FULL;
    return RC_OK;
}

static enum rc approve(struct turn *turn, struct standing *s,
                       enum decide_outcome *outcome, struct err *err)
{
    enum rc rc = ask_for_seat(turn, &s->registration, outcome, err);

    if (rc != RC_OK || *outcome != DECIDE_DONE)
        return rc;
    s->registration.undecided = false;
    rc = standing_settle(turn, s, 1, STANDING_COURSE, err);
    return rc == RC_OK ? turn_note(turn, &s->registration, "approve", err)
                       : rc;
}

static enum rc decline(struct turn *turn, struct standing *s,
                       const char *reason, struct err *err)
{
    s->registration.state = REG_DECLINED;
    s->registration.undecided = false;
    s->registration.cancelled_at = turn->now;
    s->registration.reason = reason;
    enum rc rc = standing_settle(turn, s, 1, STANDING_COURSE, err);
    if (rc == RC_OK)
        rc = turn_note(turn, &s->registration, "decline", err);
    return rc == RC_OK ? seating_leave(turn, &s->registration, 1, err) : rc;
}

enum rc decide_registration(struct turn *turn, int64_t registration_id,
                            bool approved, const char *reason,
                            enum decide_outcome *outcome, struct err *err)
{
    struct registration r;
    enum rc rc = registration_by_id(writer_reader(turn->writer), turn->arena,
                                    registration_id, &r, err);

    if (rc == RC_OK)
        rc = turn_begin(turn, r.meeting_id, err);
    if (rc != RC_OK)
        return rc;
    *outcome = r.state != REG_PENDING ? DECIDE_NOT_PENDING
        : turn->now >= turn->meeting.ends_at ||
          turn->meeting.state != MEETING_PUBLISHED ? DECIDE_PAST
        : DECIDE_DONE;
    if (*outcome != DECIDE_DONE)
        return RC_OK;
    struct standing s = standing_before(&r);
    return approved ? approve(turn, &s, outcome, err)
                    : decline(turn, &s, reason, err);
}
