/* Wishes for a change in the database; see migration "wishes". */
#ifndef CONVENED_STORE_WISH_STORE_H
#define CONVENED_STORE_WISH_STORE_H

#include "daemon/model/wish.h"
#include "daemon/store/db.h"

struct arena;

/* Sets id, public_id, made_at. One of the same kind that the registration has
 * already, open or declined, goes. */
MUST_USE enum rc wish_insert(struct writer *, int64_t now,
                             int64_t meeting_id, struct wish *, struct err *);
MUST_USE enum rc wish_by_id(struct reader *, struct arena *, int64_t id,
                            struct wish *, struct err *);
MUST_USE enum rc wish_by_public_id(struct reader *, struct arena *,
                                   const struct id *, struct wish *,
                                   struct err *);
/* Open ones and declined ones, by id. */
MUST_USE enum rc wish_of_registration(struct reader *, struct arena *,
                                      int64_t registration_id,
                                      struct wishes *, struct err *);
/* The open ones of a meeting whose registrations are live, the oldest first,
 * those after `after_id`. */
MUST_USE enum rc wish_open(struct reader *, struct arena *,
                           int64_t meeting_id, int64_t after_id,
                           int64_t limit, struct wishes *, struct err *);
MUST_USE enum rc wish_count_open(struct reader *, int64_t meeting_id,
                                 int64_t *, struct err *);
MUST_USE enum rc wish_set_declined(struct writer *, int64_t now, int64_t id,
                                   const char *reason, struct err *);
MUST_USE enum rc wish_delete(struct writer *, int64_t id, struct err *);
/* All of a registration. */
MUST_USE enum rc wish_delete_all(struct writer *, int64_t registration_id,
                                 struct err *);

#endif
