/* Copies of the whole database, taken while the writer goes on writing. */
#ifndef CONVENED_STORE_BACKUP_H
#define CONVENED_STORE_BACKUP_H

#include <stdatomic.h>
#include <stdint.h>

#include "daemon/base/err.h"

struct arena;

/* Writes the database at `path`, as it is in this instant, into the empty
 * file behind `fd`. On a connection of its own, which never checkpoints and
 * rests for as long as it works, so that the writer is hardly slowed down;
 * commits of the meantime stay in the log until it is done. RC_FAIL also as
 * soon as *hurry is true (NULL: never). Nothing is fsynced. */
MUST_USE enum rc backup_copy(const char *path, int fd,
                             const atomic_bool *hurry, struct err *);

/* What is in a copy. */
struct backup_facts {
    int64_t schema;
    int64_t registrations, letters_waiting;
    const char *key_mark; /* in the arena; empty: its key is not known */
};

/* Reads a copy that nobody uses from end to end: every page, every index,
 * every reference. RC_FAIL: it is damaged, or not ours, or of a newer
 * program. The file is not changed; a log beside it is taken into account
 * only by backup_settle(). */
MUST_USE enum rc backup_check(struct arena *, const char *path,
                              struct backup_facts *, struct err *);
/* A copy that nobody uses becomes one file on its own, with no log. */
MUST_USE enum rc backup_settle(const char *path, struct err *);

#endif
