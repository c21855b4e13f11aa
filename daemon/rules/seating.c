#include "daemon/rules/seating.h"

#include "daemon/base/arena.h"
#include "daemon/rules/standing.h"
#include "daemon/store/registration_store.h"
#include "daemon/store/seat_store.h"

/* Pools in which seats were freed and whose queues are still to be asked. */
struct freed {
    int64_t *items;
    size_t count;
};

static void note_freed(struct turn *turn, struct freed *freed,
                       int64_t pool_id)
{
    int64_t *wider = ARENA_ARRAY(turn->arena, int64_t, freed->count + 1);

    for (size_t i = 0; i < freed->count; i++)
        wider[i] = freed->items[i];
    wider[freed->count++] = pool_id;
    freed->items = wider;
    turn->seats = true;
}

bool seating_has(const struct pool *pool, int64_t seats)
{
    return pool_left(pool) >= seats;
}

enum rc seating_take(struct turn *turn, const struct registration *r,
                     int64_t pool_id, bool *taken, struct err *err)
{
    struct pool pool;
    enum rc rc = pool_by_id(writer_reader(turn->writer), pool_id, &pool, err);

    *taken = false;
    if (rc != RC_OK || !seating_has(&pool, 1))
        return rc;
    rc = pool_take(turn->writer, pool_id, 1, taken, err);
    if (rc != RC_OK || !*taken)
        return rc;
    turn->seats = true;
    return seat_insert(turn->writer, r->id, pool_id, err);
}

enum rc seating_wait(struct turn *turn, const struct registration *r,
                     int64_t pool_id, struct err *err)
{
    struct wait wait = {
        .registration_id = r->id, .pool_id = pool_id,
        .party_id = r->party_id, .since = turn->now,
    };
    bool waits;
    enum rc rc = wait_is(writer_reader(turn->writer), r->id, pool_id, &waits,
                         err);

    if (rc != RC_OK || waits)
        return rc;
    turn->seats = true;
    return wait_insert(turn->writer, &wait, err);
}

/* ---- moving up ---- */

/* The seat of another mode, if this pool is one's and it has one. */
static enum rc leave_other_mode(struct turn *turn, const struct pool *pool,
                                const struct registration *r,
                                struct freed *freed, struct err *err)
{
    struct pools pools;
    enum rc rc = pool_of_meeting(writer_reader(turn->writer), r->meeting_id,
                                 &pools, err);

    for (int mode = 0; mode < MODE_COUNT && rc == RC_OK; mode++) {
        bool had = false;

        if (!pools.offered[mode] || pools.at[mode].id == pool->id)
            continue;
        rc = seat_free(turn->writer, r->id, pools.at[mode].id, &had, err);
        if (had)
            note_freed(turn, freed, pools.at[mode].id);
    }
    return rc;
}

/* Whoever stands in these places has a seat of the pool now. */
static enum rc sit_down(struct turn *turn, const struct pool *pool,
                        const struct waits *waits, enum standing_cause cause,
                        struct freed *freed, struct err *err)
{
    struct standing *all = ARENA_ARRAY(turn->arena, struct standing,
                                       waits->count);
    enum rc rc = RC_OK;

    for (size_t i = 0; i < waits->count && rc == RC_OK; i++) {
        struct registration r;
        bool left;

        rc = registration_by_id(writer_reader(turn->writer), turn->arena,
                                waits->items[i].registration_id, &r, err);
        if (rc == RC_OK)
            rc = wait_delete(turn->writer, r.id, pool->id, &left, err);
        if (rc != RC_OK)
            return rc;
        all[i] = standing_before(&r);
        if (pool->mode < 0)
            continue;
        all[i].registration.mode = (enum mode)pool->mode;
        rc = leave_other_mode(turn, pool, &r, freed, err);
    }
    return rc == RC_OK
        ? standing_settle(turn, all, waits->count, cause, err) : rc;
}

static enum rc offer(struct turn *turn, const struct pool *pool,
                     const struct waits *waits, struct err *err)
{
    struct standing *all = ARENA_ARRAY(turn->arena, struct standing,
                                       waits->count);
    int64_t until = turn->now + turn->meeting.claim_term;
    enum rc rc = wait_offer(turn->writer, pool->id, waits->items[0].party_id,
                            until < turn->meeting.starts_at
                                ? until : turn->meeting.starts_at, err);

    for (size_t i = 0; i < waits->count && rc == RC_OK; i++) {
        struct registration r;

        rc = registration_by_id(writer_reader(turn->writer), turn->arena,
                                waits->items[i].registration_id, &r, err);
        if (rc == RC_OK)
            all[i] = standing_before(&r);
    }
    turn->seats = true;
    return rc == RC_OK
        ? standing_tell(turn, all, waits->count, LETTER_OFFER, err) : rc;
}

/* Somebody who has yet to confirm an address, or for whom the organiser has
 * yet to decide, is asked for nothing more: the seat is held for that. */
static enum rc is_asked(struct turn *turn, const struct waits *waits,
                        bool *asked, struct err *err)
{
    struct registration first;

    *asked = false;
    if (turn->meeting.claim_term == 0)
        return RC_OK;
    enum rc rc = registration_by_id(writer_reader(turn->writer), turn->arena,
                                    waits->items[0].registration_id, &first,
                                    err);
    *asked = rc == RC_OK && first.confirm_by == 0 && !first.undecided;
    return rc;
}

static enum rc seat_group(struct turn *turn, const struct pool *pool,
                          const struct queue_group *group,
                          struct freed *freed, struct err *err)
{
    struct waits waits;
    bool taken = false, asked = false;
    enum rc rc = wait_of_party(writer_reader(turn->writer), turn->arena,
                               pool->id, group->party_id, false, &waits, err);

    if (rc == RC_OK)
        rc = pool_take(turn->writer, pool->id, (int64_t)waits.count, &taken,
                       err);
    if (rc == RC_OK && !taken)
        return err_set(err, "a free seat of pool %lld could not be taken",
                       (long long)pool->id);
    for (size_t i = 0; i < waits.count && rc == RC_OK; i++)
        rc = seat_insert(turn->writer, waits.items[i].registration_id,
                         pool->id, err);
    if (rc == RC_OK)
        rc = is_asked(turn, &waits, &asked, err);
    if (rc != RC_OK)
        return rc;
    return asked ? offer(turn, pool, &waits, err)
                 : sit_down(turn, pool, &waits, STANDING_QUEUE, freed, err);
}

/* RC_NOT_FOUND: there is room for nobody who may be next. */
static enum rc next_that_fits(struct turn *turn, const struct pool *pool,
                              struct queue_group *group, struct err *err)
{
    int64_t room = pool->capacity - pool->taken;
    int64_t after = 0;
    enum rc rc = room > 0 && pool->waiting > 0 ? RC_OK : RC_NOT_FOUND;

    while (rc == RC_OK) {
        rc = wait_next_group(writer_reader(turn->writer), pool->id, after,
                             group, err);
        if (rc != RC_OK || group->people <= room)
            return rc;
        if (!pool->passing)
            return RC_NOT_FOUND;
        after = group->place;
    }
    return rc;
}

static enum rc fill(struct turn *turn, int64_t pool_id, struct freed *freed,
                    struct err *err)
{
    enum rc rc = RC_OK;

    while (rc == RC_OK) {
        struct pool pool;
        struct queue_group group;

        rc = pool_by_id(writer_reader(turn->writer), pool_id, &pool, err);
        if (rc == RC_OK)
            rc = next_that_fits(turn, &pool, &group, err);
        if (rc == RC_OK)
            rc = seat_group(turn, &pool, &group, freed, err);
    }
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

/* Who takes a seat of one mode may free one of the other. */
static enum rc fill_all(struct turn *turn, struct freed *freed,
                        struct err *err)
{
    enum rc rc = RC_OK;

    if (!turn_is_ahead(turn))
        return RC_OK;
    for (size_t i = 0; i < freed->count && rc == RC_OK; i++)
        rc = fill(turn, freed->items[i], freed, err);
    return rc;
}

enum rc seating_move_up(struct turn *turn, int64_t pool_id, struct err *err)
{
    struct freed freed = { 0 };

    note_freed(turn, &freed, pool_id);
    return fill_all(turn, &freed, err);
}

enum rc seating_move_up_all(struct turn *turn, struct err *err)
{
    struct pools pools;
    enum rc rc = pool_of_meeting(writer_reader(turn->writer),
                                 turn->meeting.id, &pools, err);

    for (int mode = 0; mode < MODE_COUNT && rc == RC_OK; mode++)
        if (pools.offered[mode])
            rc = seating_move_up(turn, pools.at[mode].id, err);
    return rc;
}

/* ---- leaving ---- */

static enum rc leave_pool(struct turn *turn, const struct registration *r,
                          int64_t pool_id, struct freed *freed,
                          struct err *err)
{
    bool had, waited = false;
    enum rc rc = seat_free(turn->writer, r->id, pool_id, &had, err);

    if (rc == RC_OK)
        rc = wait_delete(turn->writer, r->id, pool_id, &waited, err);
    /* Even a place in the queue: a party may be small enough now. */
    if (rc == RC_OK && (had || waited))
        note_freed(turn, freed, pool_id);
    return rc;
}

enum rc seating_leave_pool(struct turn *turn, const struct registration *r,
                           int64_t pool_id, struct err *err)
{
    struct freed freed = { 0 };
    enum rc rc = leave_pool(turn, r, pool_id, &freed, err);

    return rc == RC_OK ? fill_all(turn, &freed, err) : rc;
}

static enum rc leave_all_pools(struct turn *turn,
                               const struct registration *r,
                               struct freed *freed, struct err *err)
{
    struct pool_ids pools;
    enum rc rc = seat_pools(writer_reader(turn->writer), turn->arena, r->id,
                            &pools, err);

    for (size_t i = 0; i < pools.count && rc == RC_OK; i++)
        rc = leave_pool(turn, r, pools.items[i], freed, err);
    return rc;
}

enum rc seating_leave(struct turn *turn, const struct registration *leaving,
                      size_t count, struct err *err)
{
    struct freed freed = { 0 };
    enum rc rc = RC_OK;

    for (size_t i = 0; i < count && rc == RC_OK; i++)
        rc = leave_all_pools(turn, &leaving[i], &freed, err);
    return rc == RC_OK ? fill_all(turn, &freed, err) : rc;
}

enum rc seating_claim(struct turn *turn, int64_t pool_id, int64_t party_id,
                      struct err *err)
{
    struct reader *reader = writer_reader(turn->writer);
    struct freed freed = { 0 };
    struct waits waits;
    struct pool pool;
    enum rc rc = pool_by_id(reader, pool_id, &pool, err);

    if (rc == RC_OK)
        rc = wait_of_party(reader, turn->arena, pool_id, party_id, true,
                           &waits, err);
    if (rc == RC_OK)
        rc = sit_down(turn, &pool, &waits, STANDING_CLAIM, &freed, err);
    return rc == RC_OK ? fill_all(turn, &freed, err) : rc;
}

enum rc seating_set_capacity(struct turn *turn, enum mode mode,
                             int64_t capacity, struct err *err)
{
    struct pools pools;
    enum rc rc = pool_set_capacity(turn->writer, turn->meeting.id, mode,
                                   capacity, err);

    if (rc == RC_OK)
        rc = pool_of_meeting(writer_reader(turn->writer), turn->meeting.id,
                             &pools, err);
    return rc == RC_OK ? seating_move_up(turn, pools.at[mode].id, err) : rc;
}
