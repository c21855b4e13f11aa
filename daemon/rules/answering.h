/* Answers to a meeting's questions. An option's places hold like seats: they
 * are counted where the answer is written, never above the capacity, and held
 * by everybody who is registered, waits, or has still to confirm or to be
 * approved – what somebody was shown as chosen stays theirs
 * (docs/decisions/0024-an-option-is-held-from-the-form-on.md). */
#ifndef CONVENED_RULES_ANSWERING_H
#define CONVENED_RULES_ANSWERING_H

#include "daemon/model/question.h"
#include "daemon/model/registration.h"
#include "daemon/store/db.h"

struct arena;

/* Of some people who come in one go, what does not fit. */
struct answers_misfit {
    int64_t option_id; /* 0: all fits */
    size_t person;     /* whose wish is the first too many */
};
/* Is there a place for everything that `count` people chose? Entries may be
 * NULL. What `registration_id` (0: nobody) holds counts as free. Writes
 * nothing; in the same transaction answers_write() then finds its places. */
MUST_USE enum rc answers_fit(struct reader *,
                             const struct answers *const *people,
                             size_t count, int64_t registration_id,
                             struct answers_misfit *, struct err *);
/* Writes answers that fit, of a registration that has none yet. */
MUST_USE enum rc answers_add(struct writer *, int64_t registration_id,
                             const struct answers *, struct err *);
/* The same in the place of those that are there. */
MUST_USE enum rc answers_write(struct writer *, int64_t registration_id,
                               const struct answers *, struct err *);
/* Somebody who has cancelled or was declined comes back: takes the places
 * again; what is full by now is not chosen any more, *lost says how many. */
MUST_USE enum rc answers_take_again(struct writer *, struct arena *,
                                    int64_t registration_id, size_t *lost,
                                    struct err *);

/* Somebody takes part in another way: what is not asked there is not answered
 * any more, and its places are free. */
MUST_USE enum rc answers_follow_mode(struct writer *, struct arena *,
                                     const struct registration *,
                                     struct err *);
/* Nobody has answered for this registration. */
MUST_USE enum rc answers_clear(struct writer *, int64_t registration_id,
                               struct err *);

/* What one question's answer was before a change, and is now. */
struct answer_change {
    const struct question *question;
    const struct answer *was, *became; /* NULL: none */
};
struct answer_changes {
    struct answer_change *items;
    size_t count;
};
void answers_compare(struct arena *, const struct questions *,
                     const struct answers *before,
                     const struct answers *after, struct answer_changes *);

#endif
