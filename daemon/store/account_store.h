/* Accounts, logins, tries to sign in, and the audit log. */
#ifndef CONVENED_STORE_ACCOUNT_STORE_H
#define CONVENED_STORE_ACCOUNT_STORE_H

#include "daemon/model/account.h"
#include "daemon/store/db.h"

struct arena;

MUST_USE enum rc account_by_email(struct reader *, struct arena *,
                                  const char *email, struct account *,
                                  struct err *);
MUST_USE enum rc account_list(struct reader *, struct arena *,
                              struct accounts *, struct err *);
MUST_USE enum rc account_insert(struct writer *, int64_t now,
                                struct account *, struct err *);
/* Ends all its logins too (RELIABILITY: password change). */
MUST_USE enum rc account_set_password(struct writer *, int64_t id,
                                      const char *hash, struct err *);
/* The role of an account at an alliance or a region below it. */
MUST_USE enum rc account_role_at(struct reader *, const struct account *,
                                 int64_t alliance_id, enum role *,
                                 struct err *);

/* Only the SHA-256 of a login's secret is stored. */
MUST_USE enum rc login_insert(struct writer *, int64_t now,
                              int64_t account_id, const char *secret,
                              int64_t *id, struct err *);
MUST_USE enum rc login_by_secret(struct reader *, struct arena *,
                                 const char *secret, struct login *,
                                 struct err *);
MUST_USE enum rc login_touch(struct writer *, int64_t now, int64_t id,
                             struct err *);
MUST_USE enum rc login_delete(struct writer *, int64_t id, struct err *);
/* Those idle since or started before the given instants. */
MUST_USE enum rc login_purge(struct writer *, int64_t idle_before,
                             int64_t started_before, struct err *);

/* Tries that failed or are under way. `prefix` is netaddr_prefix_text(). */
MUST_USE enum rc try_insert(struct writer *, int64_t now,
                            const char *email_key, const char *prefix,
                            int64_t *id, struct err *);
struct tries {
    int64_t account_and_prefix, by_prefix; /* how many since */
    int64_t oldest_account_and_prefix, oldest_by_prefix; /* 0: none */
};
MUST_USE enum rc try_count(struct reader *, const char *email_key,
                           const char *prefix, int64_t since,
                           struct tries *, struct err *);
MUST_USE enum rc try_forgive(struct writer *, int64_t id, struct err *);
MUST_USE enum rc try_purge(struct writer *, int64_t before, struct err *);

/* Who did what to what, and when; no values, no names. actor 0: an attendee
 * by link or form; -1: an admin command. */
struct audit {
    int64_t actor;
    const char *deed;      /* "register", "cancel", "export", … */
    int64_t alliance_id, meeting_id, registration_id; /* 0: none */
    int64_t amount;        /* rows exported, and the like */
    const char *reason;    /* why, as who did it says; NULL: not asked */
};
MUST_USE enum rc audit_insert(struct writer *, int64_t now,
                              const struct audit *, struct err *);

/* What was changed by a deed; erased with the person, where the deed stays. */
struct audit_change {
    const char *field;
    const char *was, *became; /* NULL: nothing */
};
MUST_USE enum rc audit_insert_changes(struct writer *, int64_t now,
                                      const struct audit *,
                                      int64_t person_id,
                                      const struct audit_change *,
                                      size_t count, struct err *);

#endif
