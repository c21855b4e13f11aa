/* The writer's transactions. Private to daemon/store: writing.c and tests of
 * it; everybody else lives inside one. */
#ifndef CONVENED_STORE_TRANSACTION_H
#define CONVENED_STORE_TRANSACTION_H

#include <stdbool.h>

#include "daemon/base/err.h"
#include "daemon/store/db.h"

MUST_USE enum rc writer_begin(struct writer *, struct err *);
/* Anything since writer_begin(). */
bool writer_has_written(const struct writer *);
/* After RC_FAIL everything has been rolled back. */
MUST_USE enum rc writer_commit(struct writer *, struct err *);
void writer_rollback(struct writer *);

/* From now on, until the guard ends, the first statement that writes opens a
 * savepoint: most jobs that are refused never write, and pay nothing. */
void writer_guard(struct writer *);
/* Keeps, or undoes, what was written under the guard. False: the whole
 * transaction is gone, because SQLite itself rolled it back. */
bool writer_guard_end(struct writer *, bool keep);

/* True once something happened after which nothing may be acknowledged any
 * more: an fsync failed, or the file is damaged. *why is then a word for the
 * log. */
bool writer_is_doomed(const struct writer *, const char **why);

/* Moves the log into the database: when it has grown (after a commit), or
 * whatever there is, as the writer is idle. Waits for readers only for 0.1 s
 * when it has grown to 40 MiB. A failure other than doom is tried again
 * later. */
void writer_checkpoint(struct writer *, bool idle);
/* Moves the whole log into the database and leaves an empty file, so that
 * what was erased is in neither. False: somebody reads in it just now, or it
 * failed; to be tried again soon. */
bool writer_empty_log(struct writer *);

#endif
