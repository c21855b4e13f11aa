#include "daemon/store/feedback_store.h"

#include "daemon/base/address.h"
#include "daemon/base/arena.h"
#include "daemon/store/query.h"

enum {
    INSERT, BY_ID, BY_PUBLIC_ID, KNOWN, OPEN, ANSWERED, OF_ADDRESS, COUNT,
    COUNT_SINCE, SET_ANSWERED, LATE, STRAYS_NOTE, LETTERS_DELETE, DELETE,
    LETTERS,
};

#define COLUMNS \
    "id, public_id, message, address, page, lang, received_at, due_at," \
    " answered_at"

static const struct statement statements[] = {
    [INSERT] = { "feedback_insert",
        "INSERT INTO feedback (public_id, message, address, address_key,"
        " page, lang, received_at, due_at, answered_at)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0)" },
    [BY_ID] = { "feedback_by_id",
        "SELECT " COLUMNS " FROM feedback WHERE id = ?1" },
    [BY_PUBLIC_ID] = { "feedback_by_public_id",
        "SELECT " COLUMNS " FROM feedback WHERE public_id = ?1" },
    [KNOWN] = { "feedback_known",
        "SELECT count(*) FROM feedback WHERE received_at >= ?1"
        " AND answered_at = 0 AND message = ?2 AND page = ?3"
        " AND coalesce(address, '') = coalesce(?4, '')" },
    [OPEN] = { "feedback_open",
        "SELECT " COLUMNS " FROM feedback WHERE answered_at = 0"
        " ORDER BY due_at, id LIMIT ?1" },
    [ANSWERED] = { "feedback_answered",
        "SELECT " COLUMNS " FROM feedback WHERE answered_at > 0"
        " ORDER BY answered_at DESC, id DESC LIMIT ?1" },
    [OF_ADDRESS] = { "feedback_of_address",
        "SELECT " COLUMNS " FROM feedback WHERE address_key = ?1"
        " ORDER BY id" },
    [COUNT] = { "feedback_count",
        "SELECT count(*), coalesce(sum(CASE WHEN due_at < ?1 THEN 1 ELSE 0"
        " END), 0) FROM feedback WHERE answered_at = 0" },
    [COUNT_SINCE] = { "feedback_count_since",
        "SELECT count(*) FROM feedback WHERE received_at >= ?1" },
    [SET_ANSWERED] = { "feedback_set_answered",
        "UPDATE feedback SET answered_at = ?2 WHERE id = ?1"
        " AND answered_at = 0" },
    [LATE] = { "feedback_late",
        "SELECT id FROM feedback WHERE answered_at > 0 AND answered_at <= ?1"
        " ORDER BY answered_at LIMIT 1" },
    /* As for letters of registrations: one that never went out has no file. */
    [STRAYS_NOTE] = { "feedback_stray_note",
        "INSERT INTO stray (letter_id, written_at) SELECT id, created_at"
        " FROM letter WHERE feedback_id = ?1 AND (state < 2"
        " OR attempts > 0) ON CONFLICT (letter_id) DO NOTHING" },
    [LETTERS_DELETE] = { "feedback_letter_delete",
        "DELETE FROM letter WHERE feedback_id = ?1" },
    [DELETE] = { "feedback_delete", "DELETE FROM feedback WHERE id = ?1" },
    [LETTERS] = { "feedback_letters",
        "SELECT public_id FROM letter WHERE feedback_id = ?1 ORDER BY id" },
};

const struct family feedback_family = {
    FAMILY_FEEDBACK, statements, sizeof statements / sizeof *statements,
};

static void read_row(struct query *q, struct arena *arena,
                     struct feedback *f)
{
    int n = 0;

    f->id = column_int(q, n++);
    f->public_id = column_id(q, n++);
    f->message = column_text(q, n++, arena);
    f->address = column_text(q, n++, arena);
    f->page = column_text(q, n++, arena);
    f->lang = (enum lang)column_int(q, n++);
    f->received_at = column_int(q, n++);
    f->due_at = column_int(q, n++);
    f->answered_at = column_int(q, n++);
}

static enum rc read_one(struct query *q, struct arena *arena,
                        struct feedback *out, struct err *err)
{
    bool found = query_next(q);

    if (found)
        read_row(q, arena, out);
    return query_end_found(q, found, err);
}

/* Adds to what is there. */
static enum rc read_more(struct query *q, struct arena *arena,
                         struct feedbacks *out, struct err *err)
{
    while (query_next(q)) {
        out->items = list_room(arena, out->items, out->count,
                               sizeof *out->items);
        read_row(q, arena, &out->items[out->count++]);
    }
    return query_end(q, err);
}

enum rc feedback_insert(struct writer *writer, struct arena *arena,
                        struct feedback *f, struct err *err)
{
    struct query q = query_write(writer, &feedback_family, INSERT);

    f->public_id = id_random();
    bind_id(&q, 1, &f->public_id);
    bind_text(&q, 2, f->message);
    bind_text(&q, 3, f->address);
    bind_text(&q, 4, f->address ? address_key(arena, f->address) : NULL);
    bind_text(&q, 5, f->page);
    bind_int(&q, 6, f->lang);
    bind_int(&q, 7, f->received_at);
    bind_int(&q, 8, f->due_at);
    return query_insert(&q, &f->id, err);
}

enum rc feedback_by_id(struct reader *reader, struct arena *arena, int64_t id,
                       struct feedback *out, struct err *err)
{
    struct query q = query_read(reader, &feedback_family, BY_ID);

    bind_int(&q, 1, id);
    return read_one(&q, arena, out, err);
}

enum rc feedback_by_public_id(struct reader *reader, struct arena *arena,
                              const struct id *id, struct feedback *out,
                              struct err *err)
{
    struct query q = query_read(reader, &feedback_family, BY_PUBLIC_ID);

    bind_id(&q, 1, id);
    return read_one(&q, arena, out, err);
}

enum rc feedback_is_known(struct reader *reader, const struct feedback *f,
                          int64_t since, bool *known, struct err *err)
{
    struct query q = query_read(reader, &feedback_family, KNOWN);
    int64_t count = 0;

    bind_int(&q, 1, since);
    bind_text(&q, 2, f->message);
    bind_text(&q, 3, f->page);
    bind_text(&q, 4, f->address);
    enum rc rc = query_number(&q, &count, err);
    *known = count > 0;
    return rc;
}

enum rc feedback_list(struct reader *reader, struct arena *arena,
                      bool answered, int64_t limit, struct feedbacks *out,
                      struct err *err)
{
    struct query q = query_read(reader, &feedback_family, OPEN);

    *out = (struct feedbacks){ 0 };
    bind_int(&q, 1, limit);
    enum rc rc = read_more(&q, arena, out, err);
    if (rc != RC_OK || !answered)
        return rc;
    q = query_read(reader, &feedback_family, ANSWERED);
    bind_int(&q, 1, limit - (int64_t)out->count);
    return read_more(&q, arena, out, err);
}

enum rc feedback_of_address(struct reader *reader, struct arena *arena,
                            const char *address_key, struct feedbacks *out,
                            struct err *err)
{
    struct query q = query_read(reader, &feedback_family, OF_ADDRESS);

    *out = (struct feedbacks){ 0 };
    bind_text(&q, 1, address_key);
    return read_more(&q, arena, out, err);
}

enum rc feedback_count(struct reader *reader, int64_t now,
                       struct feedback_counts *out, struct err *err)
{
    struct query q = query_read(reader, &feedback_family, COUNT);

    *out = (struct feedback_counts){ 0 };
    bind_int(&q, 1, now);
    if (query_next(&q))
        *out = (struct feedback_counts){ column_int(&q, 0),
                                         column_int(&q, 1) };
    return query_end(&q, err);
}

enum rc feedback_count_since(struct reader *reader, int64_t since,
                             int64_t *count, struct err *err)
{
    struct query q = query_read(reader, &feedback_family, COUNT_SINCE);

    bind_int(&q, 1, since);
    return query_number(&q, count, err);
}

enum rc feedback_set_answered(struct writer *writer, int64_t now, int64_t id,
                              struct err *err)
{
    struct query q = query_write(writer, &feedback_family, SET_ANSWERED);
    int64_t changed;

    bind_int(&q, 1, id);
    bind_int(&q, 2, now);
    enum rc rc = query_run(&q, &changed, err);
    return rc == RC_OK && changed == 0 ? RC_NOT_FOUND : rc;
}

enum rc feedback_answered_before(struct reader *reader, int64_t before,
                                 int64_t *id, struct err *err)
{
    struct query q = query_read(reader, &feedback_family, LATE);

    bind_int(&q, 1, before);
    return query_number(&q, id, err);
}

enum rc feedback_delete(struct writer *writer, int64_t id, struct err *err)
{
    static const int steps[] = { STRAYS_NOTE, LETTERS_DELETE, DELETE };
    enum rc rc = RC_OK;

    for (size_t i = 0; i < 3 && rc == RC_OK; i++) {
        struct query q = query_write(writer, &feedback_family, steps[i]);

        bind_int(&q, 1, id);
        rc = query_run(&q, NULL, err);
    }
    return rc;
}

enum rc feedback_letters(struct reader *reader, struct arena *arena,
                         int64_t id, struct feedback_letters *out,
                         struct err *err)
{
    struct query q = query_read(reader, &feedback_family, LETTERS);

    *out = (struct feedback_letters){ 0 };
    bind_int(&q, 1, id);
    while (query_next(&q)) {
        out->items = list_room(arena, out->items, out->count,
                               sizeof *out->items);
        out->items[out->count++] = column_id(&q, 0);
    }
    return query_end(&q, err);
}
