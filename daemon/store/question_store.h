/* The questions of a meeting and their options. */
#ifndef CONVENED_STORE_QUESTION_STORE_H
#define CONVENED_STORE_QUESTION_STORE_H

#include "daemon/model/question.h"
#include "daemon/store/db.h"

struct arena;

/* With their options and what is taken of them now. */
MUST_USE enum rc question_list(struct reader *, struct arena *,
                               int64_t meeting_id, struct questions *,
                               struct err *);
/* Sets its id; its options are not written. */
MUST_USE enum rc question_insert(struct writer *, struct question *,
                                 struct err *);
/* Everything but its kind and its options. */
MUST_USE enum rc question_update(struct writer *, const struct question *,
                                 struct err *);
/* With its options and all answers to it; those behind it move up. No other
 * question may hang on it. */
MUST_USE enum rc question_delete(struct writer *, const struct question *,
                                 struct err *);
/* How many people have answered it, cancelled ones too. */
MUST_USE enum rc question_answered(struct reader *, int64_t id,
                                   int64_t *people, struct err *);

/* Sets its id. */
MUST_USE enum rc option_insert(struct writer *, int64_t question_id,
                               struct option *, struct err *);
/* Labels and capacity, which may not be below what is taken. */
MUST_USE enum rc option_update(struct writer *, const struct option *,
                               struct err *);
/* One that nobody chose and no question hangs on. */
MUST_USE enum rc option_delete(struct writer *, int64_t id, struct err *);
/* How many people chose it, cancelled ones too. */
MUST_USE enum rc option_chosen(struct reader *, int64_t id, int64_t *people,
                               struct err *);

#endif
