#include "daemon/store/support_store.h"

#include "daemon/base/arena.h"
#include "daemon/store/query.h"

enum {
    READ, PUT, DELETE, LIST, COUNT, OVERDUE, PURGE,
};

/* Who was erased and only waits for a last letter has no name any more. */
#define LIVE " FROM support s JOIN registration r ON r.id =" \
    " s.registration_id JOIN person p ON p.id = r.person_id" \
    " WHERE s.meeting_id = ?1 AND r.state < 4 AND r.search > ''"

static const struct statement statements[] = {
    [READ] = { "support_read",
        "SELECT needs, words, changed_at FROM support"
        " WHERE registration_id = ?1" },
    [PUT] = { "support_put",
        "INSERT INTO support (registration_id, meeting_id, needs, words,"
        " changed_at) VALUES (?1, ?2, ?3, ?4, ?5)"
        " ON CONFLICT (registration_id) DO UPDATE SET needs = ?3,"
        " words = ?4, changed_at = ?5" },
    [DELETE] = { "support_delete",
        "DELETE FROM support WHERE registration_id = ?1" },
    [LIST] = { "support_list",
        "SELECT s.needs, s.words, s.changed_at, r.id, r.reference, r.state,"
        " r.mode, p.title, p.given_name, p.family_name, p.address,"
        " p.organisation" LIVE " ORDER BY r.search" },
    [COUNT] = { "support_count", "SELECT count(*)" LIVE },
    [OVERDUE] = { "support_overdue",
        "SELECT id FROM meeting m WHERE id > ?2"
        " AND ends_at + keep_support_days * 86400 <= ?1"
        " AND EXISTS (SELECT 1 FROM support s WHERE s.meeting_id = m.id)"
        " ORDER BY id LIMIT 1" },
    [PURGE] = { "support_purge",
        "DELETE FROM support WHERE registration_id IN"
        " (SELECT registration_id FROM support WHERE meeting_id = ?1"
        " LIMIT ?2)" },
};

const struct family support_family = {
    FAMILY_SUPPORT, statements, sizeof statements / sizeof *statements,
};

enum rc support_read(struct reader *reader, struct arena *arena,
                     int64_t registration_id, struct support *out,
                     int64_t *changed_at, struct err *err)
{
    struct query q = query_read(reader, &support_family, READ);

    *out = (struct support){ 0 };
    bind_int(&q, 1, registration_id);
    bool found = query_next(&q);
    if (found) {
        out->needs = (unsigned)column_int(&q, 0);
        out->words = column_text(&q, 1, arena);
        if (changed_at)
            *changed_at = column_int(&q, 2);
    }
    return query_end_found(&q, found, err);
}

enum rc support_put(struct writer *writer, int64_t now,
                    const struct registration *registration,
                    const struct support *support, struct err *err)
{
    struct query q = query_write(writer, &support_family, PUT);

    bind_int(&q, 1, registration->id);
    bind_int(&q, 2, registration->meeting_id);
    bind_int(&q, 3, support->needs);
    bind_text(&q, 4, support->words ? support->words : "");
    bind_int(&q, 5, now);
    return query_run(&q, NULL, err);
}

enum rc support_delete(struct writer *writer, int64_t registration_id,
                       bool *was, struct err *err)
{
    struct query q = query_write(writer, &support_family, DELETE);
    int64_t gone = 0;

    bind_int(&q, 1, registration_id);
    enum rc rc = query_run(&q, &gone, err);
    *was = gone > 0;
    return rc;
}

static void read_supported(struct query *q, struct arena *arena,
                           int64_t meeting_id, struct supported *out)
{
    struct registration *r = &out->registration;

    *out = (struct supported){ 0 };
    out->support.needs = (unsigned)column_int(q, 0);
    out->support.words = column_text(q, 1, arena);
    out->changed_at = column_int(q, 2);
    r->meeting_id = meeting_id;
    r->id = column_int(q, 3);
    r->reference = column_text(q, 4, arena);
    r->state = (enum registration_state)column_int(q, 5);
    r->mode = (enum mode)column_int(q, 6);
    r->person.title = column_text(q, 7, arena);
    r->person.given_name = column_text(q, 8, arena);
    r->person.family_name = column_text(q, 9, arena);
    r->person.address = column_text(q, 10, arena);
    r->person.organisation = column_text(q, 11, arena);
}

enum rc support_list(struct reader *reader, struct arena *arena,
                     int64_t meeting_id, struct supporteds *out,
                     struct err *err)
{
    struct query q = query_read(reader, &support_family, LIST);

    *out = (struct supporteds){ 0 };
    bind_int(&q, 1, meeting_id);
    while (query_next(&q)) {
        out->items = list_room(arena, out->items, out->count,
                               sizeof *out->items);
        read_supported(&q, arena, meeting_id, &out->items[out->count++]);
    }
    return query_end(&q, err);
}

enum rc support_count(struct reader *reader, int64_t meeting_id,
                      int64_t *people, struct err *err)
{
    struct query q = query_read(reader, &support_family, COUNT);

    bind_int(&q, 1, meeting_id);
    return query_number(&q, people, err);
}

enum rc support_overdue(struct reader *reader, int64_t ended,
                        int64_t after_id, int64_t *meeting_id,
                        struct err *err)
{
    struct query q = query_read(reader, &support_family, OVERDUE);

    bind_int(&q, 1, ended);
    bind_int(&q, 2, after_id);
    return query_number(&q, meeting_id, err);
}

enum rc support_purge(struct writer *writer, int64_t meeting_id,
                      int64_t limit, int64_t *gone, struct err *err)
{
    struct query q = query_write(writer, &support_family, PURGE);

    bind_int(&q, 1, meeting_id);
    bind_int(&q, 2, limit);
    return query_run(&q, gone, err);
}
