/* Meetings and sessions in the database; seats are seat_store.h's. */
#ifndef CONVENED_STORE_MEETING_STORE_H
#define CONVENED_STORE_MEETING_STORE_H

#include "daemon/model/meeting.h"
#include "daemon/store/db.h"

struct arena;

/* Drafts too: who may see one is decided above. */
MUST_USE enum rc meeting_by_slug(struct reader *, struct arena *,
                                 const char *alliance, const char *slug,
                                 struct meeting *, struct err *);
MUST_USE enum rc meeting_by_id(struct reader *, struct arena *, int64_t id,
                               struct meeting *, struct err *);

/* Only what decides whether it is open: id, alliance_id, state, starts_at,
 * ends_at, opens_at, closes_at, and the terms (waiting to keep_support_days);
 * nothing else is set. */
MUST_USE enum rc meeting_times(struct reader *, int64_t id, struct meeting *,
                               struct err *);

/* Which meetings: rows of a question, all parts optional. */
struct meeting_filter {
    int64_t alliance_id;   /* 0: any */
    bool with_regions;     /* those of its regions too */
    int64_t ends_after;    /* 0: any time */
    bool public_only;      /* published or cancelled, and listed */
};
/* By start, then id. */
MUST_USE enum rc meeting_list(struct reader *, struct arena *,
                              const struct meeting_filter *,
                              struct meetings *, struct err *);
/* The newest changed_at that a feed of these meetings depends on, deletions
 * and renamed alliances too (H2). */
MUST_USE enum rc meeting_newest_change(struct reader *, int64_t alliance_id,
                                       bool with_regions, int64_t *,
                                       struct err *);

/* Sets id, uid, sequence 0, created_at, changed_at. `domain` ends the uid. */
MUST_USE enum rc meeting_insert(struct writer *, struct arena *, int64_t now,
                                const char *domain, struct meeting *,
                                struct err *);
/* Writes every column but the reason of a cancellation. If it is or was
 * published, sequence grows by 1 and changed_at moves on by at least a second
 * (V3). */
MUST_USE enum rc meeting_update(struct writer *, int64_t now,
                                struct meeting *, struct err *);

/* A published one is cancelled, for the reason that stands in it; sequence
 * and changed_at as above. RC_NOT_FOUND: it is not published. */
MUST_USE enum rc meeting_call_off(struct writer *, int64_t now,
                                  struct meeting *, struct err *);

MUST_USE enum rc session_list(struct reader *, struct arena *,
                              int64_t meeting_id, struct sessions *,
                              struct err *);
MUST_USE enum rc session_insert(struct writer *, struct arena *,
                                const char *domain, struct session *,
                                struct err *);

#endif
