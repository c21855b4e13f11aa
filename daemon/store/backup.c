#include "daemon/store/backup.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <time.h>

#include "daemon/base/clock.h"
#include "daemon/store/connection.h"
#include "daemon/store/descriptor_vfs.h"

/* Pages of one step: a quarter of a megabyte. */
#define STEP_PAGES 64
#define REST_MOST_US 50000

static enum rc fails(sqlite3 *db, const char *about, struct err *err)
{
    return err_set(err, "%s: %s", about, sqlite3_errmsg(db));
}

static void rest(int64_t us)
{
    struct timespec pause = { 0, (us < REST_MOST_US ? us : REST_MOST_US) *
                                     1000 };

    (void)nanosleep(&pause, NULL);
}

static enum rc copy_pages(sqlite3_backup *backup, const atomic_bool *hurry,
                          struct err *err)
{
    int status;

    do {
        int64_t before = clock_ticks_us();
        status = sqlite3_backup_step(backup, STEP_PAGES);
        if (status != SQLITE_OK)
            break;
        if (hurry && atomic_load(hurry))
            return err_set(err, "the backup was given up");
        rest(clock_ticks_us() - before);
    } while (true);
    if (status == SQLITE_DONE)
        return RC_OK;
    return err_set(err, "backup: %s", sqlite3_errstr(status));
}

static enum rc copy_to(sqlite3 *from, sqlite3 *to, const atomic_bool *hurry,
                       struct err *err)
{
    /* It can be made anew: no journal, and whoever keeps it syncs it. */
    if (sqlite3_exec(to, "PRAGMA journal_mode = OFF;"
                     "PRAGMA synchronous = OFF; PRAGMA cache_size = -512",
                     NULL, NULL, NULL) != SQLITE_OK)
        return fails(to, "backup", err);
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    if (!backup)
        return fails(to, "backup", err);
    enum rc rc = copy_pages(backup, hurry, err);
    int status = sqlite3_backup_finish(backup);
    if (rc == RC_OK && status != SQLITE_OK)
        rc = err_set(err, "backup: %s", sqlite3_errstr(status));
    return rc;
}

static enum rc copy_snapshot(sqlite3 *from, int fd, const atomic_bool *hurry,
                             struct err *err)
{
    struct descriptor_vfs vfs;
    sqlite3 *to = NULL;
    enum rc rc = RC_OK;

    if (descriptor_vfs_add(&vfs, fd) != SQLITE_OK)
        return err_set(err, "backup: SQLite takes no further file system");
    if (sqlite3_open_v2("backup", &to,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                        vfs.name) != SQLITE_OK)
        rc = fails(to, "backup", err);
    if (rc == RC_OK)
        rc = copy_to(from, to, hurry, err);
    if (sqlite3_close(to) != SQLITE_OK && rc == RC_OK)
        rc = err_set(err, "backup: the copy is still in use");
    descriptor_vfs_remove(&vfs);
    return rc;
}

enum rc backup_copy(const char *path, int fd, const atomic_bool *hurry,
                    struct err *err)
{
    struct reader source = { 0 };
    enum rc rc = connection_open_bare(path, &source, err);

    /* One instant for all steps: without this, each commit of the writer
     * would make the copy begin anew. */
    if (rc == RC_OK &&
        sqlite3_exec(source.db, "BEGIN; SELECT count(*) FROM sqlite_schema",
                     NULL, NULL, NULL) != SQLITE_OK)
        rc = fails(source.db, path, err);
    if (rc == RC_OK)
        rc = copy_snapshot(source.db, fd, hurry, err);
    sqlite3_close(source.db);
    return rc;
}

/* --- a copy that is there ---------------------------------------------- */

enum rc backup_settle(const char *path, struct err *err)
{
    sqlite3 *db = NULL;
    enum rc rc = RC_OK;

    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        rc = fails(db, path, err);
    sqlite3_busy_timeout(db, BUSY_MS);
    if (rc == RC_OK && sqlite3_exec(db, "PRAGMA journal_mode = DELETE", NULL,
                                    NULL, NULL) != SQLITE_OK)
        rc = fails(db, path, err);
    sqlite3_close(db);
    return rc;
}
