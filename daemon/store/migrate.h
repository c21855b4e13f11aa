/* The schema and its history. Each migration runs once, in a transaction of
 * its own, and is never edited after release; the database's user_version
 * says how far it has come. */
#ifndef CONVENED_STORE_MIGRATE_H
#define CONVENED_STORE_MIGRATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/base/err.h"

struct sqlite3;

struct migration {
    int number; /* grows; a number may be missing */
    const char *name;
    const char *sql;
};

/* Made from migrations/NNNN-*.sql at build. */
extern const struct migration migrations[];
extern const size_t migration_count;

/* Brings the database at `path`, open as `db`, up to the last of `steps`. An
 * existing one that needs a step is first copied to "PATH.schema-N" beside
 * it, N being its present version. RC_FAIL with one line: the schema is newer
 * than the last step, or the file is not ours, or a step failed, which then
 * has left no trace. */
MUST_USE enum rc migrate(struct sqlite3 *db, const char *path,
                         const struct migration *steps, size_t count,
                         struct err *);

/* The schema of an open database; `path` is for the words. 0: it is empty.
 * RC_FAIL also if it is not a database of ours. */
MUST_USE enum rc schema_read(struct sqlite3 *, const char *path,
                             int64_t *version, struct err *);
/* The schema of the database at `path`, without changing it. The caller
 * may open files beside it: the lock is held, or the server runs. */
MUST_USE enum rc schema_look(const char *path, int64_t *version,
                             struct err *);
/* RC_FAIL, in words: that version is newer than this program. */
MUST_USE enum rc schema_check(const char *path, int64_t version,
                              struct err *);
/* The one that this program brings a database to. */
int schema_newest(void);

#endif
