/* What a connection is made of. Private to db_sqlite.c, query.c and
 * transaction.c. */
#ifndef CONVENED_STORE_CONNECTION_H
#define CONVENED_STORE_CONNECTION_H

#include <sqlite3.h>
#include <stdbool.h>

#include "daemon/store/db.h"
#include "daemon/store/query.h"

/* A foreign lock is waited for so long; then the visitor hears of it. */
#define BUSY_MS 2000

enum guard { GUARD_NONE, GUARD_ARMED, GUARD_OPEN };

enum transaction_statement {
    TX_BEGIN, TX_COMMIT, TX_ROLLBACK, TX_SAVE, TX_RELEASE, TX_UNDO,
    TX_REHEARSE, TX_REHEARSED, TX_FORGET, TX_COUNT,
};

struct reader {
    sqlite3 *db;
    sqlite3_stmt **prepared[FAMILY_COUNT];
    /* Only in a writer: */
    sqlite3_stmt *transaction[TX_COUNT];
    enum guard guard;
    int64_t changes_before; /* the transaction under way */
    int doom;        /* the SQLite code that ends the process; 0: none */
    int log_frames;   /* in the write-ahead log after the last commit */
    int moved_frames; /* of those, already in the database */
    int high_frames;  /* in the log when readers were last waited for */
    bool told_stuck;  /* the log has heard that they cannot be moved */
};

struct writer {
    struct reader reader;
};

/* With all settings but no statements, and it never checkpoints. The caller
 * closes reader->db, whatever this returns. */
MUST_USE enum rc connection_open_bare(const char *path, struct reader *,
                                      struct err *);
/* Remembers `code` if it is one after which nothing may be acknowledged. */
void connection_note(struct reader *, int code);
/* Opens the savepoint of an armed guard. */
int connection_guard_open(struct reader *);

#endif
