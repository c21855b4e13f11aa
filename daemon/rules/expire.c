#include "daemon/rules/expire.h"

#include "daemon/base/arena.h"
#include "daemon/rules/erase.h"
#include "daemon/rules/seating.h"
#include "daemon/rules/standing.h"
#include "daemon/store/meeting_store.h"
#include "daemon/store/registration_store.h"
#include "daemon/store/seat_store.h"

/* A party whose offer was not taken: who has a seat in the other mode keeps
 * that, and everybody else is out. */
struct lapsing {
    struct standing *kept, *out;
    struct registration *leaving; /* those who are out, once more */
    size_t kept_count, out_count;
};

static enum rc let_lapse(struct turn *turn, const struct registration *r,
                         int64_t pool_id, struct lapsing *l, struct err *err)
{
    bool freed, left, held = false;
    enum rc rc = seat_is_held(writer_reader(turn->writer), r->id, r->mode,
                              &held, err);

    if (rc == RC_OK)
        rc = seat_free(turn->writer, r->id, pool_id, &freed, err);
    if (rc == RC_OK)
        rc = wait_delete(turn->writer, r->id, pool_id, &left, err);
    if (rc != RC_OK)
        return rc;
    if (held) {
        l->kept[l->kept_count++] = standing_before(r);
        return RC_OK;
    }
    l->leaving[l->out_count] = *r;
    l->out[l->out_count] = standing_before(r);
    l->out[l->out_count].registration.state = REG_CANCELLED;
    l->out[l->out_count++].registration.cancelled_at = turn->now;
    return turn_note(turn, r, "lapse", err);
}

static enum rc let_all_lapse(struct turn *turn, const struct waits *waits,
                             struct lapsing *l, struct err *err)
{
    enum rc rc = RC_OK;

    l->kept = ARENA_ARRAY(turn->arena, struct standing, waits->count);
    l->out = ARENA_ARRAY(turn->arena, struct standing, waits->count);
    l->leaving = ARENA_ARRAY(turn->arena, struct registration, waits->count);
    for (size_t i = 0; i < waits->count && rc == RC_OK; i++) {
        const struct wait *wait = &waits->items[i];
        struct registration r;

        rc = registration_by_id(writer_reader(turn->writer), turn->arena,
                                wait->registration_id, &r, err);
        if (rc == RC_OK && i == 0)
            rc = turn_begin(turn, r.meeting_id, err);
        if (rc == RC_OK)
            rc = let_lapse(turn, &r, wait->pool_id, l, err);
    }
    return rc;
}

static enum rc lapse(struct turn *turn, const struct wait *first,
                     struct err *err)
{
    struct lapsing l = { 0 };
    struct waits waits;
    enum rc rc = wait_of_party(writer_reader(turn->writer), turn->arena,
                               first->pool_id, first->party_id, true, &waits,
                               err);

    if (rc == RC_OK)
        rc = let_all_lapse(turn, &waits, &l, err);
    if (rc == RC_OK)
        rc = standing_tell(turn, l.kept, l.kept_count, LETTER_LAPSED, err);
    if (rc == RC_OK)
        rc = standing_settle(turn, l.out, l.out_count, STANDING_LAPSED, err);
    if (rc == RC_OK)
        rc = seating_leave(turn, l.leaving, l.out_count, err);
    return rc == RC_OK ? seating_move_up(turn, first->pool_id, err) : rc;
}

static enum rc forget(struct turn *turn, const struct registration *r,
                      struct err *err)
{
    struct meeting meeting;
    struct erased erased = { 0 };
    enum rc rc = meeting_by_id(writer_reader(turn->writer), turn->arena,
                               r->meeting_id, &meeting, err);

    if (rc == RC_OK)
        rc = erase_registration(turn->writer, turn->arena, turn->now,
                                turn->settings, &meeting, r, &erased, err);
    turn->letters = turn->letters || erased.letters;
    turn->seats = true;
    return rc;
}

static enum rc forget_some(struct turn *turn, int64_t limit, size_t *people,
                           struct err *err)
{
    struct registrations due;
    enum rc rc = registration_unconfirmed(writer_reader(turn->writer),
                                          turn->arena, turn->now, limit, &due,
                                          err);

    for (size_t i = 0; i < due.count && rc == RC_OK; i++)
        rc = forget(turn, &due.items[i], err);
    *people = due.count;
    return rc;
}

enum rc expire_due(struct writer *writer, int64_t now, int64_t limit,
                   const struct settings *settings, struct expired *expired,
                   struct err *err)
{
    struct turn turn = { .writer = writer, .arena = arena_new(), .now = now,
                         .settings = settings, .actor = -1 };
    struct wait wait;
    size_t people = 0;
    enum rc rc = wait_lapsed(writer_reader(writer), now, &wait, err);

    *expired = (struct expired){ .more = rc == RC_OK };
    if (rc == RC_OK)
        rc = lapse(&turn, &wait, err);
    else if (rc == RC_NOT_FOUND)
        rc = forget_some(&turn, limit, &people, err);
    if (people > 0)
        expired->more = expired->erased = true;
    if (rc == RC_OK && !expired->more)
        rc = wait_terms_run(writer_reader(writer), &expired->running, err);
    expired->letters = turn.letters;
    expired->seats = turn.seats;
    arena_free(&turn.arena);
    return rc;
}
