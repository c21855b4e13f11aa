#include "daemon/store/query.h"

#include <assert.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/store/connection.h"

static struct query query_new(struct reader *reader,
                              const struct family *family, int which)
{
    assert(which >= 0 && (size_t)which < family->count);
    sqlite3_stmt *statement = reader->prepared[family->place][which];
    /* NULL: it writes, and this connection only reads. */
    assert(statement);
    /* A query inside another of the same name would tread on it. */
    assert(!sqlite3_stmt_busy(statement));
    return (struct query){ .reader = reader, .statement = statement,
                           .name = family->items[which].name,
                           .status = SQLITE_OK };
}

struct query query_read(struct reader *reader, const struct family *family,
                        int which)
{
    return query_new(reader, family, which);
}

struct query query_write(struct writer *writer, const struct family *family,
                         int which)
{
    struct query q = query_new(&writer->reader, family, which);

    if (writer->reader.guard == GUARD_ARMED)
        q.status = connection_guard_open(&writer->reader);
    return q;
}

static void bound(struct query *q, int status)
{
    /* A wrong place is our mistake; too big or out of memory is not. */
    assert(status != SQLITE_RANGE && status != SQLITE_MISUSE);
    if (q->status == SQLITE_OK)
        q->status = status;
}

void bind_int(struct query *q, int at, int64_t value)
{
    bound(q, sqlite3_bind_int64(q->statement, at, value));
}

void bind_ref(struct query *q, int at, int64_t id)
{
    if (id == 0)
        bound(q, sqlite3_bind_null(q->statement, at));
    else
        bound(q, sqlite3_bind_int64(q->statement, at, id));
}

void bind_real(struct query *q, int at, double value)
{
    bound(q, sqlite3_bind_double(q->statement, at, value));
}

void bind_text(struct query *q, int at, const char *text)
{
    bound(q, sqlite3_bind_text(q->statement, at, text, -1, SQLITE_STATIC));
}

void bind_blob(struct query *q, int at, const void *data, size_t length)
{
    bound(q, sqlite3_bind_blob64(q->statement, at, data, length,
                                 SQLITE_STATIC));
}

void bind_id(struct query *q, int at, const struct id *id)
{
    bind_blob(q, at, id->bytes, sizeof id->bytes);
}

bool query_next(struct query *q)
{
    if (q->status != SQLITE_OK && q->status != SQLITE_ROW)
        return false;
    q->status = sqlite3_step(q->statement);
    return q->status == SQLITE_ROW;
}

int64_t column_int(struct query *q, int at)
{
    return sqlite3_column_int64(q->statement, at);
}

bool column_is_null(struct query *q, int at)
{
    return sqlite3_column_type(q->statement, at) == SQLITE_NULL;
}

double column_real(struct query *q, int at)
{
    return sqlite3_column_double(q->statement, at);
}

char *column_text(struct query *q, int at, struct arena *arena)
{
    const unsigned char *text = sqlite3_column_text(q->statement, at);

    if (!text)
        return NULL;
    size_t length = (size_t)sqlite3_column_bytes(q->statement, at);
    return arena_strndup(arena, (const char *)text, length);
}

const char *column_borrow(struct query *q, int at)
{
    return (const char *)sqlite3_column_text(q->statement, at);
}

size_t column_length(struct query *q, int at)
{
    return (size_t)sqlite3_column_bytes(q->statement, at);
}

struct id column_id(struct query *q, int at)
{
    struct id id = { { 0 } };
    const void *data = sqlite3_column_blob(q->statement, at);

    if (data &&
        sqlite3_column_bytes(q->statement, at) == (int)sizeof id.bytes)
        memcpy(id.bytes, data, sizeof id.bytes);
    return id;
}

enum rc query_end(struct query *q, struct err *err)
{
    int status = q->status;
    bool fine = status == SQLITE_OK || status == SQLITE_ROW ||
        status == SQLITE_DONE;
    enum rc rc = RC_OK;

    if (!fine) {
        connection_note(q->reader, status);
        rc = err_set(err, "database, %s: %s", q->name,
                     sqlite3_errmsg(q->reader->db));
    }
    sqlite3_reset(q->statement);
    /* No pointer of the caller's stays behind. */
    sqlite3_clear_bindings(q->statement);
    return rc;
}

enum rc query_end_found(struct query *q, bool found, struct err *err)
{
    enum rc rc = query_end(q, err);

    return rc == RC_OK && !found ? RC_NOT_FOUND : rc;
}

enum rc query_run(struct query *q, int64_t *changed, struct err *err)
{
    while (query_next(q)) {
    }
    if (changed)
        *changed = sqlite3_changes64(q->reader->db);
    return query_end(q, err);
}

enum rc query_insert(struct query *q, int64_t *id, struct err *err)
{
    int64_t changed;
    enum rc rc = query_run(q, &changed, err);

    if (rc == RC_OK && changed == 0)
        return RC_NOT_FOUND;
    if (rc == RC_OK)
        *id = sqlite3_last_insert_rowid(q->reader->db);
    return rc;
}

enum rc query_number(struct query *q, int64_t *number, struct err *err)
{
    bool found = query_next(q);

    if (found)
        *number = column_int(q, 0);
    return query_end_found(q, found, err);
}

#define LIST_FIRST 8

void *list_room(struct arena *arena, void *items, size_t count, size_t size)
{
    bool power_of_two = (count & (count - 1)) == 0;

    if (count != 0 && (count < LIST_FIRST || !power_of_two))
        return items;
    size_t room = count == 0 ? LIST_FIRST : count * 2;
    void *grown = arena_alloc(arena, room * size);
    if (count > 0)
        memcpy(grown, items, count * size);
    return grown;
}
