/* Reports of barriers: taken in, answered within a month (Directive (EU)
 * 2016/2102 art. 7, BfWebG), and erased some time after that. They belong to
 * the site, not to an alliance; the audit line speaks of nobody. */
#ifndef CONVENED_RULES_FEEDBACK_H
#define CONVENED_RULES_FEEDBACK_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/model/feedback.h"
#include "daemon/model/settings.h"
#include "daemon/store/db.h"

struct arena;

/* The last second, on Berlin's walls, of the day a calendar month later. */
int64_t feedback_due(int64_t received_at);

/* Stores it and writes the letter to accessibility.feedback-address. Sets all
 * but what was typed. The very same within a day is not stored again. From
 * the 31st of an hour on the letter is withheld: somebody floods us, and the
 * desk shows them all. *letter: one is due. */
MUST_USE enum rc feedback_receive(struct writer *, struct arena *,
                                  int64_t now, const struct settings *,
                                  struct feedback *, bool *letter,
                                  struct err *);
/* `actor` as in the audit log. RC_NOT_FOUND: nothing of that number waits. */
MUST_USE enum rc feedback_answer(struct writer *, int64_t now, int64_t id,
                                 int64_t actor, struct err *);

/* Erases at most `limit` that were answered feedback-keep ago. */
MUST_USE enum rc feedback_purge(struct writer *, int64_t now, int64_t limit,
                                const struct settings *, int64_t *count,
                                struct err *);
/* Erases all that came with that address, answered or not. */
MUST_USE enum rc feedback_erase(struct writer *, struct arena *, int64_t now,
                                int64_t actor, const char *address_key,
                                int64_t *count, struct err *);

#endif
