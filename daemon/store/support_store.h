/* Support needs in the database: a table and a list of their own. */
#ifndef CONVENED_STORE_SUPPORT_STORE_H
#define CONVENED_STORE_SUPPORT_STORE_H

#include "daemon/model/support.h"
#include "daemon/store/db.h"

struct arena;

/* RC_NOT_FOUND: nothing was said. *changed_at may be NULL. */
MUST_USE enum rc support_read(struct reader *, struct arena *,
                              int64_t registration_id, struct support *,
                              int64_t *changed_at, struct err *);
/* In the place of what was there. */
MUST_USE enum rc support_put(struct writer *, int64_t now,
                             const struct registration *,
                             const struct support *, struct err *);
/* *was: there was something. */
MUST_USE enum rc support_delete(struct writer *, int64_t registration_id,
                                bool *was, struct err *);

/* Of those neither cancelled nor declined, in the order of their names. */
MUST_USE enum rc support_list(struct reader *, struct arena *,
                              int64_t meeting_id, struct supporteds *,
                              struct err *);
MUST_USE enum rc support_count(struct reader *, int64_t meeting_id,
                               int64_t *people, struct err *);

/* A meeting that ended keep_support_days before `ended` or earlier, and has
 * some; the first after `after_id`. RC_NOT_FOUND: none. */
MUST_USE enum rc support_overdue(struct reader *, int64_t ended,
                                 int64_t after_id, int64_t *meeting_id,
                                 struct err *);
/* At most `limit` of that meeting's; *gone: how many. */
MUST_USE enum rc support_purge(struct writer *, int64_t meeting_id,
                               int64_t limit, int64_t *gone, struct err *);
#endif
