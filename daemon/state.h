/* What lies in the state directory: the database and its key. Its lock
 * (store/lock.h) is held by the caller. */
#ifndef CONVENED_STATE_H
#define CONVENED_STATE_H

#include <stdbool.h>

#include "daemon/base/err.h"
#include "daemon/model/settings.h"
#include "daemon/store/db.h"

struct arena;
struct keyring;

struct state {
    const char *database, *key; /* paths, in the arena */
    bool fresh; /* there was no database yet */
    struct keyring *keys;
    struct writer *writer;
};

/* Looks, and opens nothing. */
void state_find(struct arena *, const struct settings *, struct state *);
/* After state_find(). A fresh state gets a database and a key; a key beside an
 * older database would silently void every link that was ever mailed. On
 * RC_FAIL state_close() frees what there is. */
MUST_USE enum rc state_open(struct state *, struct err *);
void state_close(struct state *);

#endif
