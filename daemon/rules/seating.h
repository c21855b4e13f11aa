/* Seats and the queues for them: first come, first served, a party together.
 * Whatever frees seats moves people up in the same transaction, so between
 * two transactions no seat is free for which the next in its queue waits. A
 * pool is any: of a mode, a session or an organisation; only those of modes
 * change what a registration is. */
#ifndef CONVENED_RULES_SEATING_H
#define CONVENED_RULES_SEATING_H

#include "daemon/rules/turn.h"

/* So many seats for somebody who comes now, past nobody. */
bool seating_has(const struct pool *, int64_t seats);
/* One seat. *taken false: there is none, or others wait for it. */
MUST_USE enum rc seating_take(struct turn *, const struct registration *,
                              int64_t pool_id, bool *taken, struct err *);
/* To the end of the queue; beside its party if that waits there. Nothing if
 * it is in it already. */
MUST_USE enum rc seating_wait(struct turn *, const struct registration *,
                              int64_t pool_id, struct err *);
/* Seats, offers and places in queues are given back, all of theirs, or those
 * of one pool; others move up, when all of them have left. */
MUST_USE enum rc seating_leave(struct turn *, const struct registration *,
                               size_t count, struct err *);
MUST_USE enum rc seating_leave_pool(struct turn *,
                                    const struct registration *,
                                    int64_t pool_id, struct err *);
/* What is offered to its party in that pool is taken: the offer becomes a
 * seat, and a seat of another mode is given back for it. */
MUST_USE enum rc seating_claim(struct turn *, int64_t pool_id,
                               int64_t party_id, struct err *);
/* Everybody for whom there is room; nobody once the meeting has begun. */
MUST_USE enum rc seating_move_up(struct turn *, int64_t pool_id,
                                 struct err *);
/* The same for each mode: the rules of the queue, or the meeting's day, are
 * not what they were. */
MUST_USE enum rc seating_move_up_all(struct turn *, struct err *);
/* pool_set_capacity(), and whoever waits moves up. */
MUST_USE enum rc seating_set_capacity(struct turn *, enum mode,
                                      int64_t capacity, struct err *);

#endif
