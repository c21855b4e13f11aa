#include "daemon/store/wish_store.h"

#include "daemon/base/arena.h"
#include "daemon/store/query.h"

enum {
    INSERT, VALUE_INSERT, BY_ID, BY_PUBLIC_ID, OF_REGISTRATION, OF_KIND,
    OPEN, COUNT_OPEN, VALUES, SET_DECLINED, VALUES_DELETE, DELETE,
    ALL_VALUES_DELETE, ALL_DELETE,
};

#define COLUMNS \
    "SELECT id, public_id, registration_id, kind, made_at, declined_at," \
    " reason FROM wish "

/* Nobody has to answer somebody who does not come any more. */
#define LIVE \
    " EXISTS (SELECT 1 FROM registration r WHERE r.id = wish.registration_id" \
    " AND r.state < 4)"

static const struct statement statements[] = {
    [INSERT] = { "wish_insert",
        "INSERT INTO wish (public_id, registration_id, meeting_id, kind,"
        " made_at, declined_at, reason) VALUES (?1, ?2, ?3, ?4, ?5, 0, '')" },
    [VALUE_INSERT] = { "wish_value_insert",
        "INSERT INTO wish_value (wish_id, field, wanted)"
        " VALUES (?1, ?2, ?3)" },
    [BY_ID] = { "wish_by_id", COLUMNS "WHERE id = ?1" },
    [BY_PUBLIC_ID] = { "wish_by_public_id", COLUMNS "WHERE public_id = ?1" },
    [OF_REGISTRATION] = { "wish_of_registration",
        COLUMNS "WHERE registration_id = ?1 ORDER BY id" },
    [OF_KIND] = { "wish_of_kind",
        "SELECT id FROM wish WHERE registration_id = ?1 AND kind = ?2" },
    [OPEN] = { "wish_open",
        COLUMNS "WHERE meeting_id = ?1 AND declined_at = 0 AND id > ?2 AND"
        LIVE " ORDER BY id LIMIT ?3" },
    [COUNT_OPEN] = { "wish_count_open",
        "SELECT count(*) FROM wish WHERE meeting_id = ?1"
        " AND declined_at = 0 AND" LIVE },
    [VALUES] = { "wish_values",
        "SELECT field, wanted FROM wish_value WHERE wish_id = ?1"
        " ORDER BY id" },
    [SET_DECLINED] = { "wish_set_declined",
        "UPDATE wish SET declined_at = ?2, reason = ?3 WHERE id = ?1" },
    [VALUES_DELETE] = { "wish_value_delete",
        "DELETE FROM wish_value WHERE wish_id = ?1" },
    [DELETE] = { "wish_delete", "DELETE FROM wish WHERE id = ?1" },
    [ALL_VALUES_DELETE] = { "wish_value_delete_all",
        "DELETE FROM wish_value WHERE wish_id IN (SELECT id FROM wish"
        " WHERE registration_id = ?1)" },
    [ALL_DELETE] = { "wish_delete_all",
        "DELETE FROM wish WHERE registration_id = ?1" },
};

const struct family wish_family = {
    FAMILY_WISH, statements, sizeof statements / sizeof *statements,
};

static enum rc values_insert(struct writer *writer, const struct wish *wish,
                             struct err *err)
{
    enum rc rc = RC_OK;

    for (size_t i = 0; i < wish->count && rc == RC_OK; i++) {
        struct query q = query_write(writer, &wish_family, VALUE_INSERT);

        bind_int(&q, 1, wish->id);
        bind_text(&q, 2, wish->values[i].field);
        bind_text(&q, 3, wish->values[i].wanted);
        rc = query_run(&q, NULL, err);
    }
    return rc;
}

static enum rc drop_former(struct writer *writer, const struct wish *wish,
                           struct err *err)
{
    struct query q = query_read(writer_reader(writer), &wish_family,
                                OF_KIND);
    int64_t id;

    bind_int(&q, 1, wish->registration_id);
    bind_int(&q, 2, wish->kind);
    enum rc rc = query_number(&q, &id, err);
    if (rc == RC_NOT_FOUND)
        return RC_OK;
    return rc == RC_OK ? wish_delete(writer, id, err) : rc;
}

enum rc wish_insert(struct writer *writer, int64_t now, int64_t meeting_id,
                    struct wish *wish, struct err *err)
{
    enum rc rc = drop_former(writer, wish, err);

    if (rc != RC_OK)
        return rc;
    struct query q = query_write(writer, &wish_family, INSERT);
    wish->public_id = id_random();
    wish->made_at = now;
    bind_id(&q, 1, &wish->public_id);
    bind_int(&q, 2, wish->registration_id);
    bind_int(&q, 3, meeting_id);
    bind_int(&q, 4, wish->kind);
    bind_int(&q, 5, now);
    rc = query_insert(&q, &wish->id, err);
    return rc == RC_OK ? values_insert(writer, wish, err) : rc;
}

static struct wish read_wish(struct query *q, struct arena *arena)
{
    return (struct wish){
        .id = column_int(q, 0), .public_id = column_id(q, 1),
        .registration_id = column_int(q, 2),
        .kind = (enum wish_kind)column_int(q, 3),
        .made_at = column_int(q, 4), .declined_at = column_int(q, 5),
        .reason = column_text(q, 6, arena),
    };
}

static enum rc read_values(struct reader *reader, struct arena *arena,
                           struct wish *wish, struct err *err)
{
    struct query q = query_read(reader, &wish_family, VALUES);

    bind_int(&q, 1, wish->id);
    while (query_next(&q)) {
        wish->values = list_room(arena, wish->values, wish->count,
                                 sizeof *wish->values);
        wish->values[wish->count++] = (struct wish_value){
            column_text(&q, 0, arena), column_text(&q, 1, arena),
        };
    }
    return query_end(&q, err);
}

static enum rc read_one(struct query *q, struct reader *reader,
                        struct arena *arena, struct wish *out,
                        struct err *err)
{
    bool found = query_next(q);

    if (found)
        *out = read_wish(q, arena);
    enum rc rc = query_end_found(q, found, err);
    return rc == RC_OK ? read_values(reader, arena, out, err) : rc;
}

static enum rc read_all(struct query *q, struct reader *reader,
                        struct arena *arena, struct wishes *out,
                        struct err *err)
{
    *out = (struct wishes){ 0 };
    while (query_next(q)) {
        out->items = list_room(arena, out->items, out->count,
                               sizeof *out->items);
        out->items[out->count++] = read_wish(q, arena);
    }
    enum rc rc = query_end(q, err);
    for (size_t i = 0; i < out->count && rc == RC_OK; i++)
        rc = read_values(reader, arena, &out->items[i], err);
    return rc;
}

enum rc wish_by_id(struct reader *reader, struct arena *arena, int64_t id,
                   struct wish *out, struct err *err)
{
    struct query q = query_read(reader, &wish_family, BY_ID);

    bind_int(&q, 1, id);
    return read_one(&q, reader, arena, out, err);
}

enum rc wish_by_public_id(struct reader *reader, struct arena *arena,
                          const struct id *id, struct wish *out,
                          struct err *err)
{
    struct query q = query_read(reader, &wish_family, BY_PUBLIC_ID);

    bind_id(&q, 1, id);
    return read_one(&q, reader, arena, out, err);
}

enum rc wish_of_registration(struct reader *reader, struct arena *arena,
                             int64_t registration_id, struct wishes *out,
                             struct err *err)
{
    struct query q = query_read(reader, &wish_family, OF_REGISTRATION);

    bind_int(&q, 1, registration_id);
    return read_all(&q, reader, arena, out, err);
}

enum rc wish_open(struct reader *reader, struct arena *arena,
                  int64_t meeting_id, int64_t after_id, int64_t limit,
                  struct wishes *out, struct err *err)
{
    struct query q = query_read(reader, &wish_family, OPEN);

    bind_int(&q, 1, meeting_id);
    bind_int(&q, 2, after_id);
    bind_int(&q, 3, limit);
    return read_all(&q, reader, arena, out, err);
}

enum rc wish_count_open(struct reader *reader, int64_t meeting_id,
                        int64_t *count, struct err *err)
{
    struct query q = query_read(reader, &wish_family, COUNT_OPEN);

    bind_int(&q, 1, meeting_id);
    return query_number(&q, count, err);
}

enum rc wish_set_declined(struct writer *writer, int64_t now, int64_t id,
                          const char *reason, struct err *err)
{
    struct query q = query_write(writer, &wish_family, SET_DECLINED);

    bind_int(&q, 1, id);
    bind_int(&q, 2, now);
    bind_text(&q, 3, reason);
    return query_run(&q, NULL, err);
}

enum rc wish_delete(struct writer *writer, int64_t id, struct err *err)
{
    struct query q = query_write(writer, &wish_family, VALUES_DELETE);

    bind_int(&q, 1, id);
    enum rc rc = query_run(&q, NULL, err);
    if (rc != RC_OK)
        return rc;
    q = query_write(writer, &wish_family, DELETE);
    bind_int(&q, 1, id);
    return query_run(&q, NULL, err);
}

enum rc wish_delete_all(struct writer *writer, int64_t registration_id,
                        struct err *err)
{
    struct query q = query_write(writer, &wish_family, ALL_VALUES_DELETE);

    bind_int(&q, 1, registration_id);
    enum rc rc = query_run(&q, NULL, err);
    if (rc != RC_OK)
        return rc;
    q = query_write(writer, &wish_family, ALL_DELETE);
    bind_int(&q, 1, registration_id);
    return query_run(&q, NULL, err);
}
