#include "daemon/store/alliance_store.h"

#include "daemon/store/query.h"

enum {
    BY_SLUG, BY_ID, LIST, REGIONS, INSERT, UPDATE, BENCH_LIST, BENCH_INSERT,
};

#define COLUMNS \
    "id, parent_id, slug, name_de, name_en, about_de, about_en, " \
    "contact_name, contact_email, contact_phone, mail_from, color, lang, " \
    "invite_default, queue_passing, created_at, changed_at"

static const struct statement statements[] = {
    [BY_SLUG] = { "alliance_by_slug",
        "SELECT " COLUMNS " FROM alliance WHERE slug = ?1" },
    [BY_ID] = { "alliance_by_id",
        "SELECT " COLUMNS " FROM alliance WHERE id = ?1" },
    [LIST] = { "alliance_list",
        "SELECT " COLUMNS " FROM alliance"
        " ORDER BY CASE WHEN parent_id IS NULL THEN 0 ELSE 1 END, name_de,"
        " id" },
    [REGIONS] = { "alliance_regions",
        "SELECT " COLUMNS " FROM alliance WHERE parent_id = ?1"
        " ORDER BY name_de, id" },
    [INSERT] = { "alliance_insert",
        "INSERT INTO alliance (parent_id, slug, name_de, name_en, about_de,"
        " about_en, contact_name, contact_email, contact_phone, mail_from,"
        " color, lang, invite_default, created_at, changed_at, queue_passing)"
        " VALUES (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,"
        " ?15, ?15, ?16) ON CONFLICT (slug) DO NOTHING" },
    [UPDATE] = { "alliance_update",
        "UPDATE alliance SET parent_id = ?2, slug = ?3, name_de = ?4,"
        " name_en = ?5, about_de = ?6, about_en = ?7, contact_name = ?8,"
        " contact_email = ?9, contact_phone = ?10, mail_from = ?11,"
        " color = ?12, lang = ?13, invite_default = ?14,"
        " queue_passing = ?16, changed_at ="
        " CASE WHEN changed_at >= ?15 THEN changed_at + 1 ELSE ?15 END"
        " WHERE id = ?1" },
    [BENCH_LIST] = { "bench_list",
        "SELECT id, alliance_id, name_de, name_en FROM bench"
        " WHERE alliance_id = ?1 ORDER BY id" },
    [BENCH_INSERT] = { "bench_insert",
        "INSERT INTO bench (alliance_id, name_de, name_en)"
        " VALUES (?1, ?2, ?3) ON CONFLICT (alliance_id, name_de) DO NOTHING" },
};

const struct family alliance_family = {
    FAMILY_ALLIANCE, statements, sizeof statements / sizeof *statements,
};

static void read_alliance(struct query *q, struct arena *arena,
                          struct alliance *a)
{
    int n = 0;

    a->id = column_int(q, n++);
    a->parent_id = column_int(q, n++);
    a->slug = column_text(q, n++, arena);
    a->name.de = column_text(q, n++, arena);
    a->name.en = column_text(q, n++, arena);
    a->about.de = column_text(q, n++, arena);
    a->about.en = column_text(q, n++, arena);
    a->contact_name = column_text(q, n++, arena);
    a->contact_email = column_text(q, n++, arena);
    a->contact_phone = column_text(q, n++, arena);
    a->mail_from = column_text(q, n++, arena);
    a->color = column_text(q, n++, arena);
    a->lang = (enum lang)column_int(q, n++);
    a->invite_default = column_int(q, n++) != 0;
    a->queue_passing = column_int(q, n++) != 0;
    a->created_at = column_int(q, n++);
    a->changed_at = column_int(q, n++);
}

static enum rc read_one(struct query *q, struct arena *arena,
                        struct alliance *out, struct err *err)
{
    bool found = query_next(q);

    if (found)
        read_alliance(q, arena, out);
    return query_end_found(q, found, err);
}

static enum rc read_all(struct query *q, struct arena *arena,
                        struct alliances *out, struct err *err)
{
    *out = (struct alliances){ 0 };
    while (query_next(q)) {
        out->items = list_room(arena, out->items, out->count,
                               sizeof *out->items);
        read_alliance(q, arena, &out->items[out->count++]);
    }
    return query_end(q, err);
}

enum rc alliance_by_slug(struct reader *reader, struct arena *arena,
                         const char *slug, struct alliance *out,
                         struct err *err)
{
    struct query q = query_read(reader, &alliance_family, BY_SLUG);

    bind_text(&q, 1, slug);
    return read_one(&q, arena, out, err);
}

enum rc alliance_by_id(struct reader *reader, struct arena *arena,
                       int64_t id, struct alliance *out, struct err *err)
{
    struct query q = query_read(reader, &alliance_family, BY_ID);

    bind_int(&q, 1, id);
    return read_one(&q, arena, out, err);
}

enum rc alliance_list(struct reader *reader, struct arena *arena,
                      struct alliances *out, struct err *err)
{
    struct query q = query_read(reader, &alliance_family, LIST);

    return read_all(&q, arena, out, err);
}

enum rc alliance_regions(struct reader *reader, struct arena *arena,
                         int64_t parent_id, struct alliances *out,
                         struct err *err)
{
    struct query q = query_read(reader, &alliance_family, REGIONS);

    bind_int(&q, 1, parent_id);
    return read_all(&q, arena, out, err);
}

static void bind_alliance(struct query *q, int64_t now,
                          const struct alliance *a)
{
    int n = 2;

    bind_ref(q, n++, a->parent_id);
    bind_text(q, n++, a->slug);
    bind_text(q, n++, a->name.de);
    bind_text(q, n++, a->name.en);
    bind_text(q, n++, a->about.de);
    bind_text(q, n++, a->about.en);
    bind_text(q, n++, a->contact_name);
    bind_text(q, n++, a->contact_email);
    bind_text(q, n++, a->contact_phone);
    bind_text(q, n++, a->mail_from);
    bind_text(q, n++, a->color);
    bind_int(q, n++, a->lang);
    bind_int(q, n++, a->invite_default);
    bind_int(q, n++, now);
    bind_int(q, n++, a->queue_passing);
}

enum rc alliance_insert(struct writer *writer, int64_t now,
                        struct alliance *alliance, struct err *err)
{
    struct query q = query_write(writer, &alliance_family, INSERT);

    bind_alliance(&q, now, alliance);
    enum rc rc = query_insert(&q, &alliance->id, err);
    if (rc == RC_NOT_FOUND)
        return err_set(err, "there is an alliance \"%s\" already",
                       alliance->slug);
    alliance->created_at = now;
    alliance->changed_at = now;
    return rc;
}

enum rc alliance_update(struct writer *writer, int64_t now,
                        const struct alliance *alliance, struct err *err)
{
    struct query q = query_write(writer, &alliance_family, UPDATE);
    int64_t changed;

    bind_int(&q, 1, alliance->id);
    bind_alliance(&q, now, alliance);
    enum rc rc = query_run(&q, &changed, err);
    return rc == RC_OK && changed == 0 ? RC_NOT_FOUND : rc;
}

enum rc bench_list(struct reader *reader, struct arena *arena,
                   int64_t alliance_id, struct benches *out, struct err *err)
{
    struct query q = query_read(reader, &alliance_family, BENCH_LIST);

    bind_int(&q, 1, alliance_id);
    *out = (struct benches){ 0 };
    while (query_next(&q)) {
        out->items = list_room(arena, out->items, out->count,
                               sizeof *out->items);
        struct bench *bench = &out->items[out->count++];
        bench->id = column_int(&q, 0);
        bench->alliance_id = column_int(&q, 1);
        bench->name.de = column_text(&q, 2, arena);
        bench->name.en = column_text(&q, 3, arena);
    }
    return query_end(&q, err);
}

enum rc bench_insert(struct writer *writer, struct bench *bench,
                     struct err *err)
{
    struct query q = query_write(writer, &alliance_family, BENCH_INSERT);

    bind_int(&q, 1, bench->alliance_id);
    bind_text(&q, 2, bench->name.de);
    bind_text(&q, 3, bench->name.en);
    enum rc rc = query_insert(&q, &bench->id, err);
    if (rc == RC_NOT_FOUND)
        return err_set(err, "there is a group \"%s\" already",
                       bench->name.de);
    return rc;
}
