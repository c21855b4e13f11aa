#include "daemon/store/transaction.h"

#include <assert.h>

#include "daemon/base/log.h"
#include "daemon/store/connection.h"

/* Pages in the log after which the writer moves them, however busy it is. */
#define LOG_FRAMES 6000
/* Readers that come one after another – exports do – never let such a moving
 * reach the end, and only then the log begins anew. From 40 MiB on they are
 * waited for a moment, which is longer than a slice of an export takes, and
 * again with each further 4 MiB (RELIABILITY G17). */
#define LOG_HIGH 10000
#define LOG_MORE 1000
#define WAIT_MS 100

static int step(struct reader *reader, enum transaction_statement which)
{
    int status = sqlite3_step(reader->transaction[which]);

    sqlite3_reset(reader->transaction[which]);
    if (status == SQLITE_DONE)
        return SQLITE_OK;
    connection_note(reader, status);
    return status;
}

void connection_note(struct reader *reader, int code)
{
    int primary = code & 0xff;

    /* After a failed fsync the kernel may call the lost pages clean, and the
     * next fsync would lie (RELIABILITY A8). */
    if (code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC ||
        primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB)
        reader->doom = code;
}

int connection_guard_open(struct reader *reader)
{
    int status = step(reader, TX_SAVE);

    if (status == SQLITE_OK)
        reader->guard = GUARD_OPEN;
    return status;
}

enum rc writer_begin(struct writer *writer, struct err *err)
{
    struct reader *reader = &writer->reader;

    assert(sqlite3_get_autocommit(reader->db));
    reader->changes_before = sqlite3_total_changes64(reader->db);
    if (step(reader, TX_BEGIN) == SQLITE_OK)
        return RC_OK;
    return err_set(err, "database, begin: %s", sqlite3_errmsg(reader->db));
}

bool writer_has_written(const struct writer *writer)
{
    const struct reader *reader = &writer->reader;

    return sqlite3_total_changes64(reader->db) != reader->changes_before;
}

enum rc writer_commit(struct writer *writer, struct err *err)
{
    struct reader *reader = &writer->reader;

    assert(reader->guard == GUARD_NONE);
    if (sqlite3_get_autocommit(reader->db))
        return err_set(err, "database, commit: the transaction is gone");
    if (step(reader, TX_COMMIT) == SQLITE_OK)
        return RC_OK;
    enum rc rc = err_set(err, "database, commit: %s",
                         sqlite3_errmsg(reader->db));
    writer_rollback(writer);
    return rc;
}

void writer_rollback(struct writer *writer)
{
    struct reader *reader = &writer->reader;

    reader->guard = GUARD_NONE;
    /* SQLite rolls back by itself when the disk is full or fails. */
    if (!sqlite3_get_autocommit(reader->db))
        (void)step(reader, TX_ROLLBACK);
}

void writer_guard(struct writer *writer)
{
    assert(writer->reader.guard == GUARD_NONE);
    writer->reader.guard = GUARD_ARMED;
}

bool writer_guard_end(struct writer *writer, bool keep)
{
    struct reader *reader = &writer->reader;
    bool open = reader->guard == GUARD_OPEN;

    reader->guard = GUARD_NONE;
    if (sqlite3_get_autocommit(reader->db))
        return false;
    if (!open)
        return true;
    bool fine = keep || step(reader, TX_UNDO) == SQLITE_OK;
    fine = step(reader, TX_RELEASE) == SQLITE_OK && fine;
    return fine;
}

enum rc writer_rehearsal_begin(struct writer *writer, struct err *err)
{
    struct reader *reader = &writer->reader;

    /* The job's own savepoint lies around this one. */
    if ((reader->guard != GUARD_ARMED ||
         connection_guard_open(reader) == SQLITE_OK) &&
        step(reader, TX_REHEARSE) == SQLITE_OK)
        return RC_OK;
    return err_set(err, "database, rehearsal: %s",
                   sqlite3_errmsg(reader->db));
}

enum rc writer_rehearsal_end(struct writer *writer, struct err *err)
{
    struct reader *reader = &writer->reader;

    if (step(reader, TX_FORGET) == SQLITE_OK &&
        step(reader, TX_REHEARSED) == SQLITE_OK)
        return RC_OK;
    return err_set(err, "database, end of a rehearsal: %s",
                   sqlite3_errmsg(reader->db));
}

bool writer_is_doomed(const struct writer *writer, const char **why)
{
    *why = sqlite3_errstr(writer->reader.doom);
    if (writer->reader.doom == SQLITE_IOERR_FSYNC ||
        writer->reader.doom == SQLITE_IOERR_DIR_FSYNC)
        *why = "the disk refused an fsync";
    return writer->reader.doom != 0;
}

static bool is_high(struct reader *reader)
{
    int frames = reader->log_frames;

    if (frames < reader->high_frames)
        reader->high_frames = 0; /* the log began anew */
    if (frames < LOG_HIGH || frames - reader->high_frames < LOG_MORE)
        return false;
    reader->high_frames = frames;
    return true;
}

static int move_log(struct reader *reader, bool wait)
{
    int in_log, moved;

    sqlite3_busy_timeout(reader->db, WAIT_MS);
    int status = sqlite3_wal_checkpoint_v2(
        reader->db, "main",
        wait ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE, &in_log,
        &moved);
    sqlite3_busy_timeout(reader->db, BUSY_MS);
    connection_note(reader, status);
    /* Busy: only not to the end. */
    if (status == SQLITE_OK || status == SQLITE_BUSY)
        reader->moved_frames = moved;
    return wait && status == SQLITE_BUSY ? SQLITE_OK : status;
}

void writer_checkpoint(struct writer *writer, bool idle)
{
    struct reader *reader = &writer->reader;
    int waiting = reader->log_frames - reader->moved_frames;
    bool high = is_high(reader);

    if (waiting < (idle ? 1 : LOG_FRAMES) && !high)
        return;
    int status = move_log(reader, high);
    if (status != SQLITE_OK && !reader->told_stuck)
        log_warn("checkpoint: %s", sqlite3_errstr(status));
    reader->told_stuck = status != SQLITE_OK;
}

bool writer_empty_log(struct writer *writer)
{
    struct reader *reader = &writer->reader;

    if (!sqlite3_get_autocommit(reader->db))
        return false;
    /* Readers are never waited for: whoever registers waits behind us. */
    sqlite3_busy_timeout(reader->db, 0);
    int status = sqlite3_wal_checkpoint_v2(reader->db, "main",
                                           SQLITE_CHECKPOINT_TRUNCATE, NULL,
                                           NULL);
    sqlite3_busy_timeout(reader->db, BUSY_MS);
    connection_note(reader, status);
    if (status != SQLITE_OK) {
        if (status != SQLITE_BUSY)
            log_warn("emptying the log: %s", sqlite3_errstr(status));
        return false;
    }
    reader->log_frames = reader->moved_frames = 0;
    /* The pages in memory were not scrubbed, and would come back. */
    (void)sqlite3_db_release_memory(reader->db);
    return true;
}
