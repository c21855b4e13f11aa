/* Seat pools, who holds a seat, and who waits for one, in the database. */
#ifndef CONVENED_STORE_SEAT_STORE_H
#define CONVENED_STORE_SEAT_STORE_H

#include "daemon/model/registration.h"
#include "daemon/store/db.h"

struct arena;

/* Its modes; those of sessions and organisations are left out. */
MUST_USE enum rc pool_of_meeting(struct reader *, int64_t meeting_id,
                                 struct pools *, struct err *);
MUST_USE enum rc pool_by_id(struct reader *, int64_t id, struct pool *,
                            struct err *);
/* Sets a mode's capacity, adds the mode if it is new. Below what is taken:
 * RC_FAIL that names the number (EXPERIENCE O14). Moves nobody up:
 * seating_set_capacity() does. */
MUST_USE enum rc pool_set_capacity(struct writer *, int64_t meeting_id,
                                   enum mode, int64_t capacity,
                                   struct err *);
/* Takes seats if they are there: *taken says whether. Negative frees. */
MUST_USE enum rc pool_take(struct writer *, int64_t pool_id, int64_t seats,
                           bool *taken, struct err *);

/* A seat that pool_take() has taken is this registration's. */
MUST_USE enum rc seat_insert(struct writer *, int64_t registration_id,
                             int64_t pool_id, struct err *);
/* Gives back one seat, in its pool too; *freed: it had one. */
MUST_USE enum rc seat_free(struct writer *, int64_t registration_id,
                           int64_t pool_id, bool *freed, struct err *);

/* The pools of which it has a seat, or for which it waits. */
struct pool_ids {
    int64_t *items;
    size_t count;
};
MUST_USE enum rc seat_pools(struct reader *, struct arena *,
                            int64_t registration_id, struct pool_ids *,
                            struct err *);
/* It has a seat of that mode's pool, and not merely an offer. */
MUST_USE enum rc seat_is_held(struct reader *, int64_t registration_id,
                              enum mode, bool *held, struct err *);

/* One registration in the queue of one pool. */
struct wait {
    int64_t id; /* the order */
    int64_t registration_id;
    int64_t pool_id;
    int64_t party_id;
    int64_t since;
    int64_t claim_by; /* a seat is held for it until then; 0: waits */
};
struct waits {
    struct wait *items;
    size_t count;
};
/* Both keep the pool's number of waiting people. */
MUST_USE enum rc wait_insert(struct writer *, struct wait *, struct err *);
/* *left: it was in the queue, or was offered a seat. */
MUST_USE enum rc wait_delete(struct writer *, int64_t registration_id,
                             int64_t pool_id, bool *left, struct err *);
/* It is in the queue, or was offered a seat. */
MUST_USE enum rc wait_is(struct reader *, int64_t registration_id,
                         int64_t pool_id, bool *waits, struct err *);
/* The waiting of a party in a pool becomes an offer. */
MUST_USE enum rc wait_offer(struct writer *, int64_t pool_id,
                            int64_t party_id, int64_t claim_by,
                            struct err *);
MUST_USE enum rc wait_of_registration(struct reader *, struct arena *,
                                      int64_t registration_id, struct waits *,
                                      struct err *);
/* Those of a party in a pool that wait, or with `offered` those that hold an
 * offer; in order. */
MUST_USE enum rc wait_of_party(struct reader *, struct arena *,
                               int64_t pool_id, int64_t party_id,
                               bool offered, struct waits *, struct err *);
/* The first party whose place in the queue is behind `after` (0: the very
 * first), and its size. RC_NOT_FOUND: there is none. */
struct queue_group {
    int64_t place; /* the id of its first */
    int64_t party_id;
    int64_t people;
};
MUST_USE enum rc wait_next_group(struct reader *, int64_t pool_id,
                                 int64_t after, struct queue_group *,
                                 struct err *);
/* How many people stand in that queue before its party, and itself: 1 is the
 * first. 0: it does not wait there. */
MUST_USE enum rc wait_place(struct reader *, int64_t registration_id,
                            int64_t pool_id, int64_t *place, struct err *);
/* Everybody in the queues of a meeting's modes, by registration: wait_place()
 * for lists. */
MUST_USE enum rc wait_places(struct reader *, struct arena *,
                             int64_t meeting_id, struct queue_places *,
                             struct err *);
/* Is anybody's time to confirm an address or to take an offer running, or over
 * and not yet seen to? */
MUST_USE enum rc wait_terms_run(struct reader *, bool *, struct err *);
/* An offer of a published meeting whose term is over. RC_NOT_FOUND: there is
 * none. */
MUST_USE enum rc wait_lapsed(struct reader *, int64_t now, struct wait *,
                             struct err *);

#endif
