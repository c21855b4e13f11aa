#include "daemon/store/inspect.h"

#include <sqlite3.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/str.h"
#include "daemon/model/letter.h"
#include "daemon/store/connection.h"
#include "daemon/store/migrate.h"

#define HOUR 3600
#define DAY 86400

/* What is being looked at. */
struct look {
    struct arena *arena;
    const char *path;
    sqlite3 *db;
    int64_t now;
};

/* A number that one statement gives; some are bound to a moment, ?1, and to
 * the number of a letter's state, ?2. */
struct fact {
    const char *table; /* that it is about; newer schemas have more */
    const char *sql;
    int64_t ago; /* the moment is so long before now */
    int letter_state;
    size_t place;
};

#define PLACE(field) offsetof(struct inspection, field)
static const struct fact facts[] = {
    { "registration", "SELECT count(*) FROM registration",
      .place = PLACE(registrations) },
    { "registration", "SELECT coalesce(max(created_at), 0) FROM registration",
      .place = PLACE(newest) },
    { "letter", "SELECT count(*) FROM letter WHERE state = ?2 AND ?1 > 0",
      .letter_state = LETTER_QUEUED, .place = PLACE(letters_waiting) },
    { "letter", "SELECT count(*) FROM letter WHERE state = ?2"
      " AND due_at < ?1", HOUR, LETTER_QUEUED, PLACE(letters_late) },
    { "letter", "SELECT count(*) FROM letter WHERE state = ?2"
      " AND settled_at > ?1", 7 * DAY, LETTER_REFUSED,
      PLACE(letters_refused) },
    { "answer_option", "SELECT (SELECT count(*) FROM pool p WHERE taken <>"
      " (SELECT count(*) FROM seat s WHERE s.pool_id = p.id) OR waiting <>"
      " (SELECT count(*) FROM wait w WHERE w.pool_id = p.id"
      " AND w.claim_by = 0)) + (SELECT count(*) FROM question_option o"
      " WHERE taken <> (SELECT count(*) FROM answer_option a"
      " WHERE a.option_id = o.id AND a.held = 1))",
      .place = PLACE(miscounted) },
    { "house", "SELECT backup_at FROM house", .place = PLACE(backup_at) },
};
#define FACTS (sizeof facts / sizeof *facts)

static enum rc fails(const struct look *look, struct err *err)
{
    return err_set(err, "%s: %s", look->path, sqlite3_errmsg(look->db));
}

/* The first column of the first row. */
static enum rc ask_text(const struct look *look, const char *sql,
                        const char **answer, struct err *err)
{
    sqlite3_stmt *statement = NULL;
    int status = sqlite3_prepare_v2(look->db, sql, -1, &statement, NULL);

    if (status == SQLITE_OK)
        status = sqlite3_step(statement);
    const char *text = status == SQLITE_ROW
        ? (const char *)sqlite3_column_text(statement, 0) : NULL;
    enum rc rc = text ? RC_OK : fails(look, err);
    *answer = text ? arena_strdup(look->arena, text) : "";
    sqlite3_finalize(statement);
    return rc;
}

static enum rc ask_number(const struct look *look, const char *sql,
                          int64_t moment, int state, int64_t *answer,
                          struct err *err)
{
    sqlite3_stmt *statement = NULL;
    int status = sqlite3_prepare_v2(look->db, sql, -1, &statement, NULL);

    if (status == SQLITE_OK && sqlite3_bind_parameter_count(statement)) {
        sqlite3_bind_int64(statement, 1, moment);
        sqlite3_bind_int(statement, 2, state);
    }
    if (status == SQLITE_OK)
        status = sqlite3_step(statement);
    enum rc rc = status == SQLITE_ROW ? RC_OK : fails(look, err);
    *answer = rc == RC_OK ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_finalize(statement);
    return rc;
}

static bool has_table(const struct look *look, const char *name)
{
    sqlite3_stmt *statement = NULL;
    bool has = sqlite3_prepare_v2(look->db, "SELECT 1 FROM sqlite_schema"
                                  " WHERE type = 'table' AND name = ?1", -1,
                                  &statement, NULL) == SQLITE_OK &&
        sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC) ==
            SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW;

    sqlite3_finalize(statement);
    return has;
}

static enum rc read_facts(const struct look *look, struct inspection *found,
                          struct err *err)
{
    enum rc rc = RC_OK;

    for (size_t i = 0; rc == RC_OK && i < FACTS; i++) {
        const struct fact *fact = &facts[i];
        int64_t *number =
            (int64_t *)(void *)((char *)found + fact->place);
        if (has_table(look, fact->table))
            rc = ask_number(look, fact->sql, look->now - fact->ago,
                            fact->letter_state, number, err);
    }
    if (rc == RC_OK && has_table(look, "house"))
        rc = ask_text(look, "SELECT key_mark FROM house", &found->key_mark,
                      err);
    return rc;
}

static enum rc check_pages(const struct look *look, enum inspect_depth depth,
                           struct err *err)
{
    const char *verdict;
    int64_t broken = 0;

    if (depth == INSPECT_SCHEMA)
        return RC_OK;
    enum rc rc = ask_text(look, depth == INSPECT_FULL
                              ? "PRAGMA integrity_check(1)"
                              : "PRAGMA quick_check(1)", &verdict, err);

    if (rc == RC_OK && strcmp(verdict, "ok") != 0)
        return err_set(err, "%s is damaged: %s", look->path, verdict);
    if (rc == RC_OK && depth == INSPECT_FULL)
        rc = ask_number(look,
                        "SELECT count(*) FROM pragma_foreign_key_check", 0,
                        0, &broken, err);
    if (rc == RC_OK && broken)
        return err_set(err, "%s is damaged: %lld references lead nowhere",
                       look->path, (long long)broken);
    return rc;
}

/* A name under which SQLite makes neither lock nor index beside the file. */
static const char *untouched(struct arena *arena, const char *path)
{
    struct str uri;

    str_init(&uri, arena, 3 * strlen(path) + 32);
    str_add(&uri, "file:");
    str_add_percent(&uri, path);
    str_add(&uri, "?immutable=1");
    return uri.data;
}

static enum rc open_for(struct look *look, enum inspect_how how,
                        struct err *err)
{
    struct reader bare = { 0 };
    enum rc rc;

    if (how == INSPECT_LIVE) {
        rc = connection_open_bare(look->path, &bare, err);
        look->db = bare.db;
        return rc;
    }
    return sqlite3_open_v2(untouched(look->arena, look->path), &look->db,
                           SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL) ==
            SQLITE_OK ? RC_OK : fails(look, err);
}

enum rc database_inspect(struct arena *arena, const char *path,
                         enum inspect_how how, enum inspect_depth depth,
                         int64_t now, struct inspection *found,
                         struct err *err)
{
    struct look look = { .arena = arena, .path = path, .now = now };
    enum rc rc = open_for(&look, how, err);

    *found = (struct inspection){ .key_mark = "" };
    if (rc == RC_OK)
        rc = schema_read(look.db, path, &found->schema, err);
    if (rc == RC_OK)
        rc = schema_check(path, found->schema, err);
    if (rc == RC_OK && found->schema == 0)
        rc = err_set(err, "%s is an empty database", path);
    if (rc == RC_OK)
        rc = check_pages(&look, depth, err);
    if (rc == RC_OK)
        rc = read_facts(&look, found, err);
    sqlite3_close(look.db);
    return rc;
}
