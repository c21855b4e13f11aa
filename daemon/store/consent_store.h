/* Which words people were shown or agreed to, in the database. */
#ifndef CONVENED_STORE_CONSENT_STORE_H
#define CONVENED_STORE_CONSENT_STORE_H

#include "daemon/model/notice.h"
#include "daemon/store/db.h"

struct arena;

/* The number of that version; its words are kept at first sight. */
MUST_USE enum rc notice_note(struct writer *, int64_t now,
                             const struct notice *, int64_t *id,
                             struct err *);
/* All versions, the oldest first, their words left out. */
MUST_USE enum rc notice_list(struct reader *, struct arena *,
                             struct notices *, struct err *);
MUST_USE enum rc notice_by_version(struct reader *, struct arena *,
                                   const char *version, struct notice *,
                                   struct err *);

MUST_USE enum rc consent_insert(struct writer *, int64_t now,
                                int64_t registration_id, int64_t notice_id,
                                struct err *);
/* Is there one of that kind that was not withdrawn? RC_NOT_FOUND: no. */
MUST_USE enum rc consent_standing(struct reader *, int64_t registration_id,
                                  enum notice_kind, int64_t *notice_id,
                                  struct err *);
MUST_USE enum rc consent_withdraw(struct writer *, int64_t now,
                                  int64_t registration_id, enum notice_kind,
                                  struct err *);
/* Everything that somebody was shown or agreed to, words left out. */
MUST_USE enum rc consent_list(struct reader *, struct arena *,
                              int64_t registration_id, struct consents *,
                              struct err *);

#endif
