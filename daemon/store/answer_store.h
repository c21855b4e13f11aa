/* What people answered, row by row, and the places of options that they hold.
 * What belongs together is done by rules/answering.h. */
#ifndef CONVENED_STORE_ANSWER_STORE_H
#define CONVENED_STORE_ANSWER_STORE_H

#include "daemon/model/question.h"
#include "daemon/store/db.h"

struct arena;

/* Of one registration, cancelled or not. */
MUST_USE enum rc answer_list(struct reader *, struct arena *,
                             int64_t registration_id, struct answers *,
                             struct err *);
/* Writes what was said to one question; takes no places. One that is gone by
 * now is left out, as is an option. */
MUST_USE enum rc answer_insert(struct writer *, int64_t registration_id,
                               const struct answer *, struct err *);
/* A place of an option that was chosen: *taken says whether there was one. */
MUST_USE enum rc answer_take(struct writer *, int64_t registration_id,
                             int64_t option_id, bool *taken, struct err *);
/* Gives back all places that a registration holds; its answers stay. Done
 * twice it does nothing. */
MUST_USE enum rc answer_release(struct writer *, int64_t registration_id,
                                struct err *);
/* Deletes them all. Places still held then count as `past`. */
MUST_USE enum rc answer_delete(struct writer *, int64_t registration_id,
                               struct err *);
/* Forgets that an option was chosen, whose place is not held. */
MUST_USE enum rc answer_forget(struct writer *, int64_t registration_id,
                               int64_t option_id, struct err *);

/* Places left of an option (INT64_MAX: no limit) for a registration, whose
 * own count as free; 0: of nobody's. RC_NOT_FOUND: no such option. */
MUST_USE enum rc option_left(struct reader *, int64_t option_id,
                             int64_t registration_id, int64_t *left,
                             struct err *);

#endif
