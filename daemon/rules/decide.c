#include "daemon/rules/decide.h"

#include "daemon/base/arena.h"
#include "daemon/rules/cancel.h"
#include "daemon/rules/seating.h"
#include "daemon/rules/standing.h"
#include "daemon/store/registration_store.h"
#include "daemon/store/seat_store.h"

/* Those of one party whom the call names. */
struct group {
    struct decision **items;
    size_t count;
};

static bool is_over(const struct turn *turn)
{
    return turn->now >= turn->meeting.ends_at ||
           turn->meeting.state != MEETING_PUBLISHED;
}

/* ---- seats ---- */

/* Nobody holds or waits for a seat before the decision, or all do. */
static enum rc list_seatless(struct turn *turn, const struct group *group,
                             enum mode mode, struct group *out,
                             struct err *err)
{
    struct pool_ids already;
    enum rc rc = RC_OK;

    *out = (struct group){
        ARENA_ARRAY(turn->arena, struct decision *, group->count), 0
    };
    for (size_t i = 0; i < group->count && rc == RC_OK; i++) {
        const struct registration *r = &group->items[i]->registration;

        rc = seat_pools(writer_reader(turn->writer), turn->arena, r->id,
                        &already, err);
        if (rc == RC_OK && already.count == 0 && r->mode == mode)
            out->items[out->count++] = group->items[i];
    }
    return rc;
}

static enum rc ask_for_seats(struct turn *turn, const struct group *group,
                             const struct pool *pool, struct err *err)
{
    bool room = seating_has(pool, (int64_t)group->count), taken;
    enum rc rc = RC_OK;

    for (size_t i = 0; i < group->count && rc == RC_OK; i++) {
        const struct registration *r = &group->items[i]->registration;

        if (room)
            rc = seating_take(turn, r, pool->id, &taken, err);
        else if (turn->meeting.waiting)
            rc = seating_wait(turn, r, pool->id, err);
        else
            group->items[i]->outcome = DECIDE_FULL;
    }
    return rc;
}

static enum rc seat_group(struct turn *turn, const struct group *group,
                          struct err *err)
{
    struct group seatless;
    struct pools pools;
    enum rc rc = pool_of_meeting(writer_reader(turn->writer),
                                 turn->meeting.id, &pools, err);

    for (int mode = 0; mode < MODE_COUNT && rc == RC_OK; mode++) {
        rc = list_seatless(turn, group, (enum mode)mode, &seatless, err);
        if (rc == RC_OK && seatless.count > 0)
            rc = ask_for_seats(turn, &seatless, &pools.at[mode], err);
    }
    return rc;
}

/* ---- yes and no ---- */

static enum rc settle_group(struct turn *turn, const struct group *group,
                            struct standing *all, const char *deed,
                            struct err *err)
{
    enum rc rc = standing_settle(turn, all, group->count, STANDING_COURSE,
                                 err);

    for (size_t i = 0; i < group->count && rc == RC_OK; i++) {
        group->items[i]->registration = all[i].registration;
        rc = turn_note(turn, &all[i].registration, deed, err);
    }
    return rc;
}

static enum rc approve(struct turn *turn, struct group *group,
                       struct err *err)
{
    struct standing *all = ARENA_ARRAY(turn->arena, struct standing,
                                       group->count);
    struct group approved = { group->items, 0 };
    enum rc rc = seat_group(turn, group, err);

    for (size_t i = 0; i < group->count && rc == RC_OK; i++) {
        struct decision *one = group->items[i];

        if (one->outcome != DECIDE_DONE)
            continue;
        all[approved.count] = standing_before(&one->registration);
        all[approved.count].registration.undecided = false;
        approved.items[approved.count++] = one;
    }
    return rc == RC_OK ? settle_group(turn, &approved, all, "approve", err)
                       : rc;
}

static enum rc decline(struct turn *turn, struct group *group,
                       const char *reason, struct err *err)
{
    struct registration *leaving = ARENA_ARRAY(
        turn->arena, struct registration, group->count);
    struct standing *all = ARENA_ARRAY(turn->arena, struct standing,
                                       group->count);

    for (size_t i = 0; i < group->count; i++) {
        all[i] = standing_before(&group->items[i]->registration);
        all[i].registration.state = REG_DECLINED;
        all[i].registration.undecided = false;
        all[i].registration.cancelled_at = turn->now;
        all[i].registration.reason = reason;
    }
    enum rc rc = settle_group(turn, group, all, "decline", err);
    for (size_t i = 0; i < group->count; i++)
        leaving[i] = all[i].registration;
    return rc == RC_OK ? seating_leave(turn, leaving, group->count, err)
                       : rc;
}

/* ---- all of them ---- */

static enum rc look_at(struct turn *turn, struct decision *one,
                       struct err *err)
{
    struct registration *r = &one->registration;
    enum rc rc = registration_by_id(writer_reader(turn->writer), turn->arena,
                                    one->registration_id, r, err);

    if (rc == RC_NOT_FOUND ||
        (rc == RC_OK && r->meeting_id != turn->meeting.id))
        *r = (struct registration){ .state = REG_CANCELLED };
    one->outcome = r->state != REG_PENDING ? DECIDE_NOT_PENDING
        : is_over(turn) ? DECIDE_PAST : DECIDE_DONE;
    return rc == RC_FAIL ? rc : RC_OK;
}

/* Named twice, decided once. */
static bool was_named(const struct decision *decisions, size_t before)
{
    for (size_t i = 0; i < before; i++)
        if (decisions[i].registration_id ==
            decisions[before].registration_id)
            return true;
    return false;
}

/* Of the party of the first; they are not asked for again. */
static void take_group(struct decision **open, size_t *count,
                       struct group *group)
{
    int64_t party = open[0]->registration.party_id;
    size_t left = 0;

    group->count = 0;
    for (size_t i = 0; i < *count; i++) {
        if (open[i]->registration.party_id == party)
            group->items[group->count++] = open[i];
        else
            open[left++] = open[i];
    }
    *count = left;
}

enum rc decide_all(struct turn *turn, int64_t meeting_id,
                   struct decision *decisions, size_t count, bool approved,
                   const char *reason, struct err *err)
{
    struct decision **open = ARENA_ARRAY(turn->arena, struct decision *,
                                         count);
    struct group group = {
        ARENA_ARRAY(turn->arena, struct decision *, count), 0
    };
    size_t left = 0;
    enum rc rc = turn_begin(turn, meeting_id, err);

    for (size_t i = 0; i < count && rc == RC_OK; i++) {
        rc = look_at(turn, &decisions[i], err);
        if (was_named(decisions, i))
            decisions[i].outcome = DECIDE_NOT_PENDING;
        if (decisions[i].outcome == DECIDE_DONE)
            open[left++] = &decisions[i];
    }
    while (rc == RC_OK && left > 0) {
        take_group(open, &left, &group);
        rc = approved ? approve(turn, &group, err)
                      : decline(turn, &group, reason, err);
    }
    return rc;
}

enum rc decide_registration(struct turn *turn, int64_t registration_id,
                            bool approved, const char *reason,
                            enum decide_outcome *outcome, struct err *err)
{
    struct decision one = { .registration_id = registration_id };
    struct registration r;
    enum rc rc = registration_by_id(writer_reader(turn->writer), turn->arena,
                                    registration_id, &r, err);

    if (rc == RC_OK)
        rc = decide_all(turn, r.meeting_id, &one, 1, approved, reason, err);
    *outcome = one.outcome;
    return rc;
}

/* ---- taking it back ---- */

static enum rc check_undo(struct turn *turn, const struct registration *r,
                          enum decide_undo_outcome *outcome, struct err *err)
{
    int64_t others;
    bool anew = false;
    enum rc rc = cancel_count_others(turn, r, &others, &anew, err);

    *outcome = r->state != REG_DECLINED ? DECIDE_UNDO_IS_NOT
        : is_over(turn) ? DECIDE_UNDO_PAST
        : turn->now - r->cancelled_at > DECIDE_UNDO_TERM ? DECIDE_UNDO_LATE
        : anew ? DECIDE_UNDO_ANEW : DECIDE_UNDO_DONE;
    return rc;
}

/* As one that comes now, where a seat is held before the decision; without
 * one the decision asks for it. */
static enum rc hold_seat(struct turn *turn, const struct registration *r,
                         struct err *err)
{
    struct pools pools;
    bool taken = false;

    if (turn->meeting.approval != APPROVAL_HOLDS)
        return RC_OK;
    enum rc rc = pool_of_meeting(writer_reader(turn->writer), r->meeting_id,
                                 &pools, err);
    if (rc == RC_OK)
        rc = seating_take(turn, r, pools.at[r->mode].id, &taken, err);
    return rc == RC_OK && !taken && turn->meeting.waiting
        ? seating_wait(turn, r, pools.at[r->mode].id, err) : rc;
}

enum rc decide_undo(struct turn *turn, int64_t registration_id,
                    enum decide_undo_outcome *outcome, struct err *err)
{
    struct registration r;
    enum rc rc = registration_by_id(writer_reader(turn->writer), turn->arena,
                                    registration_id, &r, err);

    if (rc == RC_OK)
        rc = turn_begin(turn, r.meeting_id, err);
    if (rc == RC_OK)
        rc = check_undo(turn, &r, outcome, err);
    if (rc != RC_OK || *outcome != DECIDE_UNDO_DONE)
        return rc;
    rc = hold_seat(turn, &r, err);
    if (rc != RC_OK)
        return rc;
    struct standing s = standing_before(&r);
    s.registration.state = REG_PENDING;
    s.registration.undecided = true;
    s.registration.cancelled_at = 0;
    s.registration.reason = "";
    rc = standing_settle(turn, &s, 1, STANDING_COURSE, err);
    return rc == RC_OK ? turn_note(turn, &r, "undo-decline", err) : rc;
}
