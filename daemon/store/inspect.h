/* A look at a whole database from outside: for doctor, and for backups. */
#ifndef CONVENED_STORE_INSPECT_H
#define CONVENED_STORE_INSPECT_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/base/err.h"

struct arena;

enum inspect_how {
    INSPECT_AT_REST, /* nobody uses it; its log, if any, is not read; nothing
                      * is made beside it */
    INSPECT_LIVE,    /* a server may be using it; never checkpoints */
};

enum inspect_depth {
    INSPECT_SCHEMA, /* only whose it is, and what it knows of itself */
    INSPECT_QUICK, /* every page */
    INSPECT_FULL,  /* every index against its table and every reference, too:
                    * several times as long */
};

struct inspection {
    int64_t schema;
    int64_t registrations, newest; /* when the newest was made */
    int64_t letters_waiting, letters_late; /* late: due an hour ago */
    int64_t letters_refused; /* in the last seven days */
    int64_t miscounted; /* pools and options whose numbers are not those of
                         * the people who have or wait for them */
    int64_t backup_at;       /* 0: never, or not known */
    const char *key_mark; /* in the arena; empty: its key is not known */
};

/* RC_FAIL: it is damaged, or not ours, or of a newer program. */
MUST_USE enum rc database_inspect(struct arena *, const char *path,
                                  enum inspect_how, enum inspect_depth,
                                  int64_t now, struct inspection *,
                                  struct err *);

#endif
