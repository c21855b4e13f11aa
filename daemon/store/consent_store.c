#include "daemon/store/consent_store.h"

#include "daemon/base/arena.h"
#include "daemon/store/query.h"

enum {
    NOTICE_FIND, NOTICE_INSERT, NOTICE_LIST, NOTICE_READ, INSERT, STANDING,
    WITHDRAW, LIST,
};

static const struct statement statements[] = {
    [NOTICE_FIND] = { "notice_find",
        "SELECT id FROM notice WHERE version = ?1 AND kind = ?2" },
    [NOTICE_INSERT] = { "notice_insert",
        "INSERT INTO notice (kind, version, lang, words, since)"
        " VALUES (?1, ?2, ?3, ?4, ?5)" },
    [NOTICE_LIST] = { "notice_list",
        "SELECT kind, version, lang, since FROM notice ORDER BY id" },
    [NOTICE_READ] = { "notice_read",
        "SELECT kind, version, lang, since, words FROM notice"
        " WHERE version = ?1 ORDER BY kind LIMIT 1" },
    [INSERT] = { "consent_insert",
        "INSERT INTO consent (registration_id, notice_id, given_at,"
        " withdrawn_at) VALUES (?1, ?2, ?3, 0)" },
    [STANDING] = { "consent_standing",
        "SELECT c.notice_id FROM consent c JOIN notice n ON n.id ="
        " c.notice_id WHERE c.registration_id = ?1 AND n.kind = ?2"
        " AND c.withdrawn_at = 0 ORDER BY c.id DESC LIMIT 1" },
    [WITHDRAW] = { "consent_withdraw",
        "UPDATE consent SET withdrawn_at = ?3 WHERE registration_id = ?1"
        " AND withdrawn_at = 0 AND notice_id IN"
        " (SELECT id FROM notice WHERE kind = ?2)" },
    [LIST] = { "consent_list",
        "SELECT n.kind, n.version, n.lang, n.since, c.given_at,"
        " c.withdrawn_at FROM consent c JOIN notice n ON n.id = c.notice_id"
        " WHERE c.registration_id = ?1 ORDER BY c.id" },
};

const struct family consent_family = {
    FAMILY_CONSENT, statements, sizeof statements / sizeof *statements,
};

static void read_notice(struct query *q, struct arena *arena,
                        struct notice *notice)
{
    *notice = (struct notice){
        .kind = (enum notice_kind)column_int(q, 0),
        .version = column_text(q, 1, arena),
        .lang = (enum lang)column_int(q, 2),
        .since = column_int(q, 3),
    };
}

static enum rc notice_insert(struct writer *writer, int64_t now,
                             const struct notice *notice, int64_t *id,
                             struct err *err)
{
    struct query q = query_write(writer, &consent_family, NOTICE_INSERT);

    bind_int(&q, 1, notice->kind);
    bind_text(&q, 2, notice->version);
    bind_int(&q, 3, notice->lang);
    bind_text(&q, 4, notice->words);
    bind_int(&q, 5, now);
    return query_insert(&q, id, err);
}

enum rc notice_note(struct writer *writer, int64_t now,
                    const struct notice *notice, int64_t *id,
                    struct err *err)
{
    struct query q = query_read(writer_reader(writer), &consent_family,
                                NOTICE_FIND);

    bind_text(&q, 1, notice->version);
    bind_int(&q, 2, notice->kind);
    enum rc rc = query_number(&q, id, err);
    return rc == RC_NOT_FOUND ? notice_insert(writer, now, notice, id, err)
                              : rc;
}

enum rc notice_list(struct reader *reader, struct arena *arena,
                    struct notices *out, struct err *err)
{
    struct query q = query_read(reader, &consent_family, NOTICE_LIST);

    *out = (struct notices){ 0 };
    while (query_next(&q)) {
        out->items = list_room(arena, out->items, out->count,
                               sizeof *out->items);
        read_notice(&q, arena, &out->items[out->count++]);
    }
    return query_end(&q, err);
}

enum rc notice_by_version(struct reader *reader, struct arena *arena,
                          const char *version, struct notice *out,
                          struct err *err)
{
    struct query q = query_read(reader, &consent_family, NOTICE_READ);

    bind_text(&q, 1, version);
    bool found = query_next(&q);
    if (found) {
        read_notice(&q, arena, out);
        out->words = column_text(&q, 4, arena);
    }
    return query_end_found(&q, found, err);
}

enum rc consent_insert(struct writer *writer, int64_t now,
                       int64_t registration_id, int64_t notice_id,
                       struct err *err)
{
    struct query q = query_write(writer, &consent_family, INSERT);

    bind_int(&q, 1, registration_id);
    bind_int(&q, 2, notice_id);
    bind_int(&q, 3, now);
    return query_run(&q, NULL, err);
}

enum rc consent_standing(struct reader *reader, int64_t registration_id,
                         enum notice_kind kind, int64_t *notice_id,
                         struct err *err)
{
    struct query q = query_read(reader, &consent_family, STANDING);

    bind_int(&q, 1, registration_id);
    bind_int(&q, 2, kind);
    return query_number(&q, notice_id, err);
}

enum rc consent_withdraw(struct writer *writer, int64_t now,
                         int64_t registration_id, enum notice_kind kind,
                         struct err *err)
{
    struct query q = query_write(writer, &consent_family, WITHDRAW);

    bind_int(&q, 1, registration_id);
    bind_int(&q, 2, kind);
    bind_int(&q, 3, now);
    return query_run(&q, NULL, err);
}

enum rc consent_list(struct reader *reader, struct arena *arena,
                     int64_t registration_id, struct consents *out,
                     struct err *err)
{
    struct query q = query_read(reader, &consent_family, LIST);

    *out = (struct consents){ 0 };
    bind_int(&q, 1, registration_id);
    while (query_next(&q)) {
        out->items = list_room(arena, out->items, out->count,
                               sizeof *out->items);
        struct consent *one = &out->items[out->count++];

        read_notice(&q, arena, &one->notice);
        one->given_at = column_int(&q, 4);
        one->withdrawn_at = column_int(&q, 5);
    }
    return query_end(&q, err);
}
