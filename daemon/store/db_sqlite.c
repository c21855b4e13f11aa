/* What SQLite needs to be told so that it keeps our promises (DESIGN 8,
 * RELIABILITY G25). */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "daemon/base/mem.h"
#include "daemon/base/text.h"
#include "daemon/store/connection.h"
#include "daemon/store/db.h"
#include "daemon/store/migrate.h"
#include "daemon/store/scrub.h"
#include "daemon/store/seal.h"
#include "daemon/store/wal_check.h"

static const struct family *const families[] = {
    &alliance_family, &meeting_family, &registration_family,
    &letter_family, &invite_family, &account_family, &house_family,
    &erase_family, &seat_family, &record_family, &attendee_family,
    &attendee_match_family, &census_family, &support_family,
    &consent_family, &question_family, &answer_family, &feedback_family,
    &person_family, &wish_family,
};
_Static_assert(sizeof families / sizeof *families == FAMILY_COUNT,
               "every family is opened");

/* A setting, and what it must read back as; -1: nothing to check. */
struct setting {
    const char *set;
    const char *read;
    int64_t wanted;
};

static const struct setting for_all[] = {
    { "PRAGMA mmap_size = 0", "PRAGMA mmap_size", 0 },
    { "PRAGMA trusted_schema = OFF", "PRAGMA trusted_schema", 0 },
    { "PRAGMA cell_size_check = ON", "PRAGMA cell_size_check", 1 },
    { "PRAGMA foreign_keys = ON", "PRAGMA foreign_keys", 1 },
    { "PRAGMA temp_store = MEMORY", "PRAGMA temp_store", 2 },
    { "PRAGMA wal_autocheckpoint = 0", "PRAGMA wal_autocheckpoint", 0 },
    { "PRAGMA synchronous = FULL", "PRAGMA synchronous", 2 },
};

static const struct setting for_readers[] = {
    { "PRAGMA query_only = ON", "PRAGMA query_only", 1 },
    { "PRAGMA cache_size = -8192", "PRAGMA cache_size", -8192 },
};

static const struct setting for_the_writer[] = {
    { "PRAGMA secure_delete = ON", "PRAGMA secure_delete", 1 },
    { "PRAGMA cache_size = -65536", "PRAGMA cache_size", -65536 },
    { "PRAGMA journal_size_limit = 67108864", "PRAGMA journal_size_limit",
      67108864 },
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* "disk I/O error" may be anything; the system knows that the disk is full. */
static enum rc sqlite_words(struct reader *reader, const char *about,
                            struct err *err)
{
    int why = sqlite3_system_errno(reader->db);

    return err_set(err, "%s: %s%s%s%s", about, sqlite3_errmsg(reader->db),
                   why ? " (" : "", why ? strerror(why) : "",
                   why ? ")" : "");
}

/* The first column of the first row, as text of at most `room` bytes. */
static enum rc ask(struct reader *reader, const char *sql, char *answer,
                   size_t room, struct err *err)
{
    sqlite3_stmt *statement = NULL;
    int status = sqlite3_prepare_v2(reader->db, sql, -1, &statement, NULL);

    if (status == SQLITE_OK)
        status = sqlite3_step(statement);
    const char *text = status == SQLITE_ROW
        ? (const char *)sqlite3_column_text(statement, 0) : NULL;
    enum rc rc = text ? RC_OK : sqlite_words(reader, sql, err);
    if (text) {
        size_t length = strnlen(text, room - 1);
        memcpy(answer, text, length);
        answer[length] = '\0';
    }
    sqlite3_finalize(statement);
    return rc;
}

static enum rc ask_number(struct reader *reader, const char *sql,
                          int64_t *answer, struct err *err)
{
    sqlite3_stmt *statement = NULL;
    int status = sqlite3_prepare_v2(reader->db, sql, -1, &statement, NULL);

    if (status == SQLITE_OK)
        status = sqlite3_step(statement);
    enum rc rc = status == SQLITE_ROW ? RC_OK
                                      : sqlite_words(reader, sql, err);
    *answer = rc == RC_OK ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_finalize(statement);
    return rc;
}

static enum rc apply(struct reader *reader, const struct setting *settings,
                     size_t count, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        const struct setting *s = &settings[i];
        int64_t got;

        if (sqlite3_exec(reader->db, s->set, NULL, NULL, NULL) != SQLITE_OK)
            return sqlite_words(reader, s->set, err);
        enum rc rc = ask_number(reader, s->read, &got, err);
        if (rc != RC_OK)
            return rc;
        if (got != s->wanted)
            return err_set(err, "%s: SQLite answers %lld", s->set,
                           (long long)got);
    }
    return RC_OK;
}

/* Nobody asks how much memory SQLite has, so it need not count it under one
 * lock for all threads at each allocation: 8 % of a registration. Too late if
 * something else in the process has used SQLite already; then it counts. */
static void stop_counting_memory(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/* `writes`: what it moves into the file is scrubbed on the way. */
static enum rc connect_to(const char *path, bool writes,
                          struct reader *reader, struct err *err)
{
    static pthread_once_t first = PTHREAD_ONCE_INIT;
    int on = 0;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
        SQLITE_OPEN_EXRESCODE;

    pthread_once(&first, stop_counting_memory);
    const char *vfs = writes ? scrub_vfs() : NULL;
    if (writes && !vfs)
        return err_set(err, "SQLite offers no files to stand on");
    if (sqlite3_open_v2(path, &reader->db, flags, vfs) != SQLITE_OK)
        return sqlite_words(reader, path, err);
    sqlite3_busy_timeout(reader->db, BUSY_MS);
    sqlite3_db_config(reader->db, SQLITE_DBCONFIG_DEFENSIVE, 1, &on);
    if (!on)
        return err_set(err, "%s: SQLite lacks its defensive mode", path);
    struct err why;
    if (apply(reader, for_all, COUNT(for_all), &why) != RC_OK)
        return err_set(err, "%s: %s", path, why.text);
    return RC_OK;
}

#define RESTORE ": restore the newest backup (convened restore DIR)"

static enum rc prepare_one(struct reader *reader, bool writes,
                           const struct statement *statement,
                           sqlite3_stmt **out, struct err *err)
{
    if (sqlite3_prepare_v3(reader->db, statement->sql, -1,
                           SQLITE_PREPARE_PERSISTENT, out, NULL) !=
        SQLITE_OK) {
        struct err why;

        /* The schema's number was right: its text is not what it was. */
        enum rc rc = sqlite_words(reader, statement->name, &why);
        (void)err_set(err, "%s" RESTORE, why.text);
        return rc;
    }
    if (!writes && !sqlite3_stmt_readonly(*out)) {
        sqlite3_finalize(*out);
        *out = NULL;
    }
    return RC_OK;
}

static enum rc prepare_all(struct reader *reader, bool writes,
                           struct err *err)
{
    for (size_t f = 0; f < FAMILY_COUNT; f++) {
        const struct family *family = families[f];
        sqlite3_stmt **prepared =
            mem_new(family->count * sizeof *prepared);

        reader->prepared[family->place] = prepared;
        for (size_t i = 0; i < family->count; i++) {
            enum rc rc = prepare_one(reader, writes, &family->items[i],
                                     &prepared[i], err);
            if (rc != RC_OK)
                return rc;
        }
    }
    return RC_OK;
}

static void disconnect(struct reader *reader)
{
    for (size_t f = 0; f < FAMILY_COUNT; f++) {
        sqlite3_stmt **prepared = reader->prepared[families[f]->place];

        for (size_t i = 0; prepared && i < families[f]->count; i++)
            sqlite3_finalize(prepared[i]);
        mem_free(prepared);
    }
    for (size_t i = 0; i < TX_COUNT; i++)
        sqlite3_finalize(reader->transaction[i]);
    sqlite3_close(reader->db);
}

static void never_checkpoint(struct reader *reader)
{
    sqlite3_db_config(reader->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
}

enum rc connection_open_bare(const char *path, struct reader *reader,
                             struct err *err)
{
    enum rc rc = connect_to(path, false, reader, err);

    if (rc == RC_OK)
        never_checkpoint(reader);
    return rc;
}

static enum rc reader_set_up(struct reader *reader, const char *path,
                             struct err *err)
{
    enum rc rc = connection_open_bare(path, reader, err);

    if (rc == RC_OK)
        rc = prepare_all(reader, false, err);
    return rc == RC_OK
        ? apply(reader, for_readers, COUNT(for_readers), err) : rc;
}

enum rc reader_open(const char *path, struct reader **out, struct err *err)
{
    struct reader *reader = mem_new(sizeof *reader);
    enum rc rc = reader_set_up(reader, path, err);

    if (rc != RC_OK)
        reader_close(&reader);
    *out = reader;
    return rc;
}

void reader_keep_little(struct reader *reader)
{
    /* It cannot fail, and would cost only memory if it did. */
    (void)sqlite3_exec(reader->db, "PRAGMA cache_size = -1024", NULL, NULL,
                       NULL);
}

void reader_close(struct reader **reader)
{
    if (!*reader)
        return;
    disconnect(*reader);
    mem_free(*reader);
    *reader = NULL;
}

/* Before SQLite can: its log and index take over the mode of this file. */
static enum rc create_file(const char *path, struct err *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (fd < 0)
        return err_set(err, "%s: %s", path, strerror(errno));
    close(fd);
    return RC_OK;
}

static enum rc check_file(struct reader *reader, const char *path,
                          struct err *err)
{
    char answer[200];
    struct err why;
    enum rc rc = ask(reader, "PRAGMA quick_check(1)", answer, sizeof answer,
                     &why);

    if (rc == RC_OK && strcmp(answer, "ok") == 0)
        return RC_OK;
    return err_set(err, "%s is damaged (%s)" RESTORE, path,
                   rc == RC_OK ? answer : why.text);
}

static enum rc check_log(const char *path, struct err *err)
{
    struct err why;

    return wal_check(path, &why) == RC_OK
        ? RC_OK : err_set(err, "%s" RESTORE, why.text);
}

static enum rc go_wal(struct reader *reader, const char *path,
                      struct err *err)
{
    char mode[16];
    enum rc rc = ask(reader, "PRAGMA journal_mode = WAL", mode, sizeof mode,
                     err);

    if (rc != RC_OK || strcmp(mode, "wal") == 0)
        return rc;
    return err_set(err, "%s: no write-ahead log on this file system", path);
}

/* Always OK: a hook that hands on a checkpoint's failure makes a COMMIT fail
 * that has already happened. */
static int after_commit(void *context, sqlite3 *db, const char *name,
                        int frames)
{
    struct reader *reader = context;

    (void)db;
    (void)name;
    if (frames < reader->log_frames)
        reader->moved_frames = 0; /* the log began anew */
    reader->log_frames = frames;
    return SQLITE_OK;
}

static enum rc prepare_transactions(struct reader *reader, struct err *err)
{
    static const struct statement texts[TX_COUNT] = {
        [TX_BEGIN] = { "begin", "BEGIN IMMEDIATE" },
        [TX_COMMIT] = { "commit", "COMMIT" },
        [TX_ROLLBACK] = { "rollback", "ROLLBACK" },
        [TX_SAVE] = { "save", "SAVEPOINT job" },
        [TX_RELEASE] = { "release", "RELEASE job" },
        [TX_UNDO] = { "undo", "ROLLBACK TO job" },
        [TX_REHEARSE] = { "rehearse", "SAVEPOINT rehearsal" },
        [TX_FORGET] = { "forget", "ROLLBACK TO rehearsal" },
        [TX_REHEARSED] = { "rehearsed", "RELEASE rehearsal" },
    };

    for (size_t i = 0; i < TX_COUNT; i++) {
        enum rc rc = prepare_one(reader, true, &texts[i],
                                 &reader->transaction[i], err);
        if (rc != RC_OK)
            return rc;
    }
    return RC_OK;
}

static enum rc writer_set_up(struct reader *reader, const char *path,
                             struct err *err)
{
    bool as_we_left_it = seal_break(path);
    enum rc rc = as_we_left_it ? RC_OK : check_log(path, err);

    if (rc == RC_OK)
        rc = connect_to(path, true, reader, err);
    if (rc == RC_OK && !as_we_left_it)
        rc = check_file(reader, path, err);
    if (rc == RC_OK)
        rc = go_wal(reader, path, err);
    if (rc == RC_OK)
        rc = apply(reader, for_the_writer, COUNT(for_the_writer), err);
    if (rc == RC_OK)
        rc = migrate(reader->db, path, migrations, migration_count, err);
    if (rc == RC_OK)
        rc = apply(reader, for_all, COUNT(for_all), err);
    if (rc == RC_OK)
        rc = prepare_all(reader, true, err);
    if (rc == RC_OK)
        rc = prepare_transactions(reader, err);
    /* After the settings: setting wal_autocheckpoint replaces the hook. */
    if (rc == RC_OK)
        sqlite3_wal_hook(reader->db, after_commit, reader);
    return rc;
}

/* Damage may also show itself before or behind the check for it. */
static void advise(const struct reader *reader, struct err *err)
{
    int code = reader->db ? sqlite3_errcode(reader->db) & 0xff : SQLITE_OK;
    struct err why = *err;

    if ((code == SQLITE_CORRUPT || code == SQLITE_NOTADB) &&
        !strstr(why.text, RESTORE))
        (void)err_set(err, "%s" RESTORE, why.text);
    /* SQLite quotes what it read, whatever it is by now. */
    if (!text_is_utf8(err->text, strlen(err->text)))
        for (char *c = err->text; *c; c++)
            if (*c & 0x80)
                *c = '?';
}

enum rc writer_open(const char *path, bool create, struct writer **out,
                    struct err *err)
{
    *out = NULL;
    enum rc rc = create ? create_file(path, err) : RC_OK;
    if (rc != RC_OK)
        return rc;
    struct writer *writer = mem_new(sizeof *writer);
    rc = writer_set_up(&writer->reader, path, err);
    if (rc != RC_OK) {
        advise(&writer->reader, err);
        /* What is wrong with the file must not be moved about in it. */
        if (writer->reader.db)
            never_checkpoint(&writer->reader);
        disconnect(&writer->reader);
        mem_free(writer);
        return rc;
    }
    *out = writer;
    return RC_OK;
}

void writer_close(struct writer **writer)
{
    if (!*writer)
        return;
    struct reader *reader = &(*writer)->reader;
    const char *name = sqlite3_db_filename(reader->db, "main");
    char *path = mem_strdup(name);
    if (reader->doom == 0)
        connection_note(reader, sqlite3_wal_checkpoint_v2(
            reader->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL));
    bool sound = reader->doom == 0;
    if (!sound)
        never_checkpoint(reader);
    disconnect(reader);
    if (sound)
        seal_set(path);
    mem_free(path);
    mem_free(*writer);
    *writer = NULL;
}

struct reader *writer_reader(struct writer *writer)
{
    return &writer->reader;
}

const char *db_library_version(void)
{
    return sqlite3_libversion();
}
