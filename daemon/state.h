/* What lies in the state directory: the database and its key, which belong
 * together. Its lock (store/lock.h) is held by the caller. */
#ifndef CONVENED_STATE_H
#define CONVENED_STATE_H

#include <stdbool.h>

#include "daemon/base/err.h"
#include "daemon/model/settings.h"
#include "daemon/store/db.h"

struct arena;
struct keyring;

/* Their names, there and in a backup. */
#define STATE_DATABASE "convened.db"
#define STATE_KEY "convened.key"

struct state {
    const char *database, *key; /* paths, in the arena */
    const char *restoring; /* a folder, while a restore is under way */
    bool fresh; /* there was no database yet, and none is on its way */
    bool refused; /* by state_open(): only a person can mend this */
    struct keyring *keys;
    struct writer *writer;
};

/* Looks, and opens nothing. */
void state_find(struct arena *, const struct settings *, struct state *);
/* After state_find(). A fresh state gets a database and a key; the wrong key
 * beside an older database would silently void every link that was ever
 * mailed, and is refused. On RC_FAIL state_close() frees what there is. */
MUST_USE enum rc state_open(struct state *, struct err *);
void state_close(struct state *);

#endif
