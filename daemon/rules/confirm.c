#include "daemon/rules/confirm.h"

#include "daemon/base/arena.h"
#include "daemon/rules/seating.h"
#include "daemon/rules/standing.h"
#include "daemon/store/registration_store.h"
#include "daemon/store/seat_store.h"

static bool is_closed(const struct turn *turn, const struct registration *r)
{
    return !registration_is_live(r) || turn->now >= turn->meeting.ends_at ||
           turn->meeting.state != MEETING_PUBLISHED;
}

static void confirm(struct standing *standing, const struct registration *r)
{
    *standing = standing_before(r);
    standing->registration.confirm_by = 0;
}

static enum rc confirm_all(struct turn *turn, const struct registration *r,
                           struct err *err)
{
    struct registrations led;
    enum rc rc = registration_led_by(writer_reader(turn->writer), turn->arena,
                                     r->id, &led, err);

    if (rc != RC_OK)
        return rc;
    struct standing *all = ARENA_ARRAY(turn->arena, struct standing,
                                       led.count + 1);
    size_t count = 0;
    confirm(&all[count++], r);
    for (size_t i = 0; i < led.count; i++)
        if (led.items[i].confirm_by > 0 && registration_is_live(&led.items[i]))
            confirm(&all[count++], &led.items[i]);
    rc = standing_settle(turn, all, count, STANDING_COURSE, err);
    return rc == RC_OK ? turn_note(turn, r, "confirm", err) : rc;
}

enum rc confirm_address(struct turn *turn, const struct id *registration,
                        enum confirm_outcome *outcome, struct err *err)
{
    struct registration r;
    enum rc rc = turn_begin_by_link(turn, registration, &r, err);

    if (rc != RC_OK)
        return rc;
    *outcome = is_closed(turn, &r) ? CONFIRM_CLOSED
        : r.confirm_by == 0 ? CONFIRM_ALREADY
        : r.confirm_by <= turn->now ? CONFIRM_LATE : CONFIRM_DONE;
    return *outcome == CONFIRM_DONE ? confirm_all(turn, &r, err) : RC_OK;
}

enum rc confirm_claim(struct turn *turn, const struct id *registration,
                      enum confirm_outcome *outcome, struct err *err)
{
    struct registration r;
    struct waits waits;
    enum rc rc = turn_begin_by_link(turn, registration, &r, err);

    if (rc == RC_OK)
        rc = wait_of_registration(writer_reader(turn->writer), turn->arena,
                                  r.id, &waits, err);
    if (rc != RC_OK)
        return rc;
    *outcome = is_closed(turn, &r) ? CONFIRM_CLOSED : CONFIRM_ALREADY;
    for (size_t i = 0; i < waits.count && rc == RC_OK; i++) {
        const struct wait *wait = &waits.items[i];

        if (*outcome == CONFIRM_CLOSED || wait->claim_by == 0)
            continue;
        if (wait->claim_by <= turn->now) {
            *outcome = CONFIRM_LATE;
            continue;
        }
        *outcome = CONFIRM_DONE;
        rc = seating_claim(turn, wait->pool_id, wait->party_id, err);
        if (rc == RC_OK)
            rc = turn_note(turn, &r, "claim", err);
    }
    return rc;
}
