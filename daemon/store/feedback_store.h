/* What was reported about barriers, in the database. */
#ifndef CONVENED_STORE_FEEDBACK_STORE_H
#define CONVENED_STORE_FEEDBACK_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/model/feedback.h"
#include "daemon/store/db.h"

struct arena;

/* Sets id and public_id. */
MUST_USE enum rc feedback_insert(struct writer *, struct arena *,
                                 struct feedback *, struct err *);
MUST_USE enum rc feedback_by_id(struct reader *, struct arena *, int64_t id,
                                struct feedback *, struct err *);
MUST_USE enum rc feedback_by_public_id(struct reader *, struct arena *,
                                       const struct id *, struct feedback *,
                                       struct err *);
/* Whether the very same was sent since, and is not answered. */
MUST_USE enum rc feedback_is_known(struct reader *, const struct feedback *,
                                   int64_t since, bool *, struct err *);
/* Those that are not answered, the one that is due first before the others;
 * with `answered` these too, behind them. */
MUST_USE enum rc feedback_list(struct reader *, struct arena *, bool answered,
                               int64_t limit, struct feedbacks *,
                               struct err *);
/* All that was sent with that address, the oldest first. */
MUST_USE enum rc feedback_of_address(struct reader *, struct arena *,
                                     const char *address_key,
                                     struct feedbacks *, struct err *);
/* Not answered, and of these: should be by now. */
struct feedback_counts {
    int64_t open, overdue;
};
MUST_USE enum rc feedback_count(struct reader *, int64_t now,
                                struct feedback_counts *, struct err *);
MUST_USE enum rc feedback_count_since(struct reader *, int64_t since,
                                      int64_t *, struct err *);
/* RC_NOT_FOUND: there is none of that number that waits for an answer. */
MUST_USE enum rc feedback_set_answered(struct writer *, int64_t now,
                                       int64_t id, struct err *);

/* One that was answered by then; RC_NOT_FOUND: none. */
MUST_USE enum rc feedback_answered_before(struct reader *, int64_t before,
                                          int64_t *id, struct err *);
/* With its letter; files of that are noted as strays. */
MUST_USE enum rc feedback_delete(struct writer *, int64_t id, struct err *);
/* Public ids of its letters, for whoever searches for their traces. */
struct feedback_letters {
    struct id *items;
    size_t count;
};
MUST_USE enum rc feedback_letters(struct reader *, struct arena *, int64_t id,
                                  struct feedback_letters *, struct err *);

#endif
