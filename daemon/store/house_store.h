/* What the database knows about itself. */
#ifndef CONVENED_STORE_HOUSE_STORE_H
#define CONVENED_STORE_HOUSE_STORE_H

#include <stdint.h>

#include "daemon/base/err.h"
#include "daemon/store/db.h"

struct arena;

struct house_facts {
    char *key_mark;    /* keyring_mark() of its key; empty: not noted yet */
    int64_t backup_at; /* when the last backup was found good; 0: never */
};

MUST_USE enum rc house_read(struct reader *, struct arena *,
                            struct house_facts *, struct err *);
MUST_USE enum rc house_note_key(struct writer *, const char *mark,
                                struct err *);
MUST_USE enum rc house_note_backup(struct writer *, int64_t at,
                                   struct err *);

#endif
