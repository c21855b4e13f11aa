/* Connections to the database. Only one writer exists, in one thread of one
 * process; a reader cannot write: other type, query_only, no checkpoint. */
#ifndef CONVENED_STORE_DB_H
#define CONVENED_STORE_DB_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/base/err.h"

struct reader;
struct writer;

/* Opens `path` read-only in effect; all named statements are prepared. */
MUST_USE enum rc reader_open(const char *path, struct reader **,
                             struct err *);
void reader_close(struct reader **);
/* For one that walks through much and comes back to nothing. */
void reader_keep_little(struct reader *);

/* Creates the database if `create`, brings the schema up to date (migrate.h),
 * reads back synchronous=FULL and mmap_size=0, else RC_FAIL. Looks for damage
 * in log and file first, unless the file is untouched since a writer closed it
 * in good order (seal.h). The caller holds the lock of the state directory
 * (lock.h). */
MUST_USE enum rc writer_open(const char *path, bool create,
                             struct writer **, struct err *);
void writer_close(struct writer **); /* checkpoints */

/* What the writer reads, inside its own transaction. */
struct reader *writer_reader(struct writer *);

/* What a job writes between these two is undone again. For work that has to
 * take as long as if it were meant. Not inside each other. */
MUST_USE enum rc writer_rehearsal_begin(struct writer *, struct err *);
MUST_USE enum rc writer_rehearsal_end(struct writer *, struct err *);

const char *db_library_version(void); /* of SQLite, as it runs */

#endif
