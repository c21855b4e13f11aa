#include "daemon/store/migrate.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon/base/files.h"
#include "daemon/base/log.h"
#include "daemon/base/str.h"

/* "conv": the file(1) mark by which we know our own. */
#define APPLICATION_ID 0x636f6e76

#define PATH_CEILING 8192
#define LOOK_MS 2000 /* a foreign lock is waited for */

static enum rc run(sqlite3 *db, const char *sql, struct err *err)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK)
        return RC_OK;
    return err_set(err, "%s", sqlite3_errmsg(db));
}

static enum rc number(sqlite3 *db, const char *sql, int64_t *out,
                      struct err *err)
{
    sqlite3_stmt *statement = NULL;
    int status = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);

    if (status == SQLITE_OK)
        status = sqlite3_step(statement);
    *out = status == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    enum rc rc = status == SQLITE_ROW || status == SQLITE_DONE
        ? RC_OK : err_set(err, "%s", sqlite3_errmsg(db));
    sqlite3_finalize(statement);
    return rc;
}

/* Personal data: nobody else may read the copy, not even while it grows. */
static enum rc make_empty(const char *path, struct err *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    if (fd < 0)
        return err_set(err, "%s: %s", path, strerror(errno));
    close(fd);
    return RC_OK;
}

static enum rc vacuum_into(sqlite3 *db, const char *path, struct err *err)
{
    sqlite3_stmt *statement = NULL;
    int status = sqlite3_prepare_v2(db, "VACUUM INTO ?1", -1, &statement,
                                    NULL);

    if (status == SQLITE_OK)
        status = sqlite3_bind_text(statement, 1, path, -1, SQLITE_STATIC);
    if (status == SQLITE_OK)
        status = sqlite3_step(statement);
    enum rc rc = status == SQLITE_DONE
        ? RC_OK : err_set(err, "%s", sqlite3_errmsg(db));
    sqlite3_finalize(statement);
    return rc;
}

static enum rc copy_into(sqlite3 *db, const char *part, const char *whole,
                         struct err *err)
{
    enum rc rc = make_empty(part, err);

    if (rc == RC_OK)
        rc = vacuum_into(db, part, err);
    if (rc == RC_OK)
        rc = file_sync(part, err);
    if (rc == RC_OK && rename(part, whole) != 0)
        rc = err_set(err, "%s: %s", whole, strerror(errno));
    if (rc == RC_OK)
        return folder_sync_of(whole, err);
    (void)unlink(part);
    return rc;
}

/* A copy that was cut short never stands under the final name. */
static enum rc back_up(sqlite3 *db, const char *path, int64_t version,
                       struct err *err)
{
    struct str whole, part;
    struct err why;

    str_init(&whole, NULL, PATH_CEILING);
    str_init(&part, NULL, PATH_CEILING);
    str_addf(&whole, "%s.schema-%lld", path, (long long)version);
    str_addf(&part, "%s.part", whole.data);
    enum rc rc = copy_into(db, part.data, whole.data, &why);
    if (rc != RC_OK)
        rc = err_set(err, "no copy before the upgrade: %s", why.text);
    else
        log_info("the database as it was: %s", whole.data);
    str_free(&whole);
    str_free(&part);
    return rc;
}

static enum rc check_references(sqlite3 *db, struct err *err)
{
    int64_t broken;
    enum rc rc = number(db, "SELECT count(*) FROM pragma_foreign_key_check",
                        &broken, err);

    if (rc == RC_OK && broken > 0)
        return err_set(err, "%lld references lead nowhere",
                       (long long)broken);
    return rc;
}

static enum rc step_inside(sqlite3 *db, const struct migration *step,
                           struct err *err)
{
    char marks[96];
    enum rc rc = run(db, step->sql, err);

    if (rc != RC_OK)
        return rc;
    rc = check_references(db, err);
    if (rc != RC_OK)
        return rc;
    (void)snprintf(marks, sizeof marks,
                   "PRAGMA application_id = %d; PRAGMA user_version = %d",
                   APPLICATION_ID, step->number);
    rc = run(db, marks, err);
    return rc == RC_OK ? run(db, "COMMIT", err) : rc;
}

static enum rc take_step(sqlite3 *db, const struct migration *step,
                         struct err *err)
{
    struct err why;
    enum rc rc = run(db, "BEGIN IMMEDIATE", &why);

    if (rc == RC_OK)
        rc = step_inside(db, step, &why);
    if (rc == RC_OK) {
        log_info("the database has now schema %d (%s)", step->number,
                 step->name);
        return RC_OK;
    }
    if (!sqlite3_get_autocommit(db))
        sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return err_set(err, "schema %s: %s", step->name, why.text);
}

enum rc schema_read(sqlite3 *db, const char *path, int64_t *version,
                    struct err *err)
{
    int64_t mark, things;
    enum rc rc = number(db, "PRAGMA user_version", version, err);

    if (rc == RC_OK)
        rc = number(db, "PRAGMA application_id", &mark, err);
    if (rc == RC_OK)
        rc = number(db, "SELECT count(*) FROM sqlite_schema", &things, err);
    if (rc != RC_OK)
        return rc;
    bool fresh = *version == 0 && things == 0;
    if (!fresh && mark != APPLICATION_ID)
        return err_set(err, "%s is not a database of convened", path);
    return RC_OK;
}

static enum rc check_known(const char *path, int64_t version, int64_t newest,
                           struct err *err)
{
    if (version > newest)
        return err_set(err, "%s has schema %lld, this program knows only up "
                       "to %lld: start the newer program, or restore the "
                       "backup from before the upgrade", path,
                       (long long)version, (long long)newest);
    return RC_OK;
}

static enum rc take_steps(sqlite3 *db, const char *path, int64_t version,
                          const struct migration *steps, size_t count,
                          struct err *err)
{
    enum rc rc = version > 0 ? back_up(db, path, version, err) : RC_OK;

    for (size_t i = 0; rc == RC_OK && i < count; i++)
        if (steps[i].number > version)
            rc = take_step(db, &steps[i], err);
    return rc;
}

enum rc migrate(sqlite3 *db, const char *path, const struct migration *steps,
                size_t count, struct err *err)
{
    int64_t version, newest = steps[count - 1].number;
    enum rc rc = schema_read(db, path, &version, err);

    if (rc == RC_OK)
        rc = check_known(path, version, newest, err);
    if (rc != RC_OK || version == newest)
        return rc;
    /* A step may rebuild a table that others refer to; it is checked as a
     * whole before it commits. The pragma does nothing inside one. */
    rc = run(db, "PRAGMA foreign_keys = OFF", err);
    if (rc == RC_OK)
        rc = take_steps(db, path, version, steps, count, err);
    struct err ignored;
    enum rc on = run(db, "PRAGMA foreign_keys = ON",
                     rc == RC_OK ? err : &ignored);
    return rc == RC_OK ? on : rc;
}

enum rc schema_look(const char *path, int64_t *version, struct err *err)
{
    sqlite3 *db = NULL;
    enum rc rc = RC_OK;

    *version = 0;
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) !=
        SQLITE_OK)
        rc = err_set(err, "%s: %s", path, sqlite3_errmsg(db));
    if (rc == RC_OK) {
        sqlite3_busy_timeout(db, LOOK_MS);
        sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        rc = schema_read(db, path, version, err);
    }
    sqlite3_close(db);
    return rc;
}

enum rc schema_check(const char *path, int64_t version, struct err *err)
{
    return check_known(path, version, schema_newest(), err);
}

int schema_newest(void)
{
    return migrations[migration_count - 1].number;
}
