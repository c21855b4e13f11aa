/* Alliances and their benches in the database. Strings live in the arena. */
#ifndef CONVENED_STORE_ALLIANCE_STORE_H
#define CONVENED_STORE_ALLIANCE_STORE_H

#include "daemon/model/alliance.h"
#include "daemon/model/meeting.h"
#include "daemon/store/db.h"

struct arena;

MUST_USE enum rc alliance_by_slug(struct reader *, struct arena *,
                                  const char *slug, struct alliance *,
                                  struct err *);
MUST_USE enum rc alliance_by_id(struct reader *, struct arena *, int64_t id,
                                struct alliance *, struct err *);
/* All, parents before their regions, then by German name. */
MUST_USE enum rc alliance_list(struct reader *, struct arena *,
                               struct alliances *, struct err *);
MUST_USE enum rc alliance_regions(struct reader *, struct arena *,
                                  int64_t parent_id, struct alliances *,
                                  struct err *);
/* Sets id, created_at, changed_at. A slug that exists: RC_FAIL with words. */
MUST_USE enum rc alliance_insert(struct writer *, int64_t now,
                                 struct alliance *, struct err *);
MUST_USE enum rc alliance_update(struct writer *, int64_t now,
                                 const struct alliance *, struct err *);

MUST_USE enum rc bench_list(struct reader *, struct arena *,
                            int64_t alliance_id, struct benches *,
                            struct err *);
MUST_USE enum rc bench_insert(struct writer *, struct bench *, struct err *);

#endif
