/* Copies of the whole database, taken while the writer goes on writing. */
#ifndef CONVENED_STORE_BACKUP_H
#define CONVENED_STORE_BACKUP_H

#include <stdatomic.h>

#include "daemon/base/err.h"

/* Writes the database at `path`, as it is in this instant, into the empty
 * file behind `fd`. On a connection of its own, which never checkpoints and
 * rests for as long as it works, so that the writer is hardly slowed down;
 * commits of the meantime stay in the log until it is done. RC_FAIL also as
 * soon as *hurry is true (NULL: never). Nothing is fsynced. */
MUST_USE enum rc backup_copy(const char *path, int fd,
                             const atomic_bool *hurry, struct err *);

/* A copy that nobody uses becomes one file on its own, with no log. */
MUST_USE enum rc backup_settle(const char *path, struct err *);

#endif
