#include "daemon/store/record_store.h"

#include "daemon/base/arena.h"
#include "daemon/store/letter_store.h"
#include "daemon/store/query.h"

enum { LETTERS, DEEDS, VALUES, PROVEN, STEPS, TEXTS };

/* Every text about a registration that is free, and no name. */
#define FREE_TEXTS \
    "SELECT registration_id AS id, words AS t FROM support UNION ALL" \
    " SELECT registration_id, value FROM answer UNION ALL" \
    " SELECT id, reason FROM registration UNION ALL" \
    " SELECT registration_id, reason FROM wish"


static const struct statement statements[] = {
    [LETTERS] = { "record_letters",
        "SELECT id, public_id, kind, state, address, created_at, attempts,"
        " remark, settled_at FROM letter WHERE registration_id = ?1"
        " ORDER BY id" },
    [DEEDS] = { "record_deeds",
        "SELECT id, at, actor, deed FROM audit WHERE registration_id = ?1"
        " ORDER BY id" },
    [VALUES] = { "record_values",
        "SELECT a.at, v.field, v.was, v.became FROM audit_value v"
        " JOIN audit a ON a.id = v.audit_id WHERE v.person_id = ?1"
        " ORDER BY v.id" },
    [PROVEN] = { "record_proven",
        "SELECT proven_at FROM address WHERE address_key = ?1" },
    [STEPS] = { "record_steps",
        "SELECT at FROM step WHERE address_key = ?1 ORDER BY at" },
    [TEXTS] = { "record_texts",
        "SELECT own.t, NOT EXISTS (SELECT 1 FROM (" FREE_TEXTS ") other"
        " WHERE other.id <> ?1 AND instr(other.t, own.t) > 0)"
        " FROM (" FREE_TEXTS ") own WHERE own.id = ?1"
        " AND length(CAST(own.t AS BLOB)) >= ?2" },
};

const struct family record_family = {
    FAMILY_RECORD, statements, sizeof statements / sizeof *statements,
};

enum rc record_letters(struct reader *reader, struct arena *arena,
                       int64_t registration_id, struct record_letters *out,
                       struct err *err)
{
    struct query q = query_read(reader, &record_family, LETTERS);

    *out = (struct record_letters){ 0 };
    bind_int(&q, 1, registration_id);
    while (query_next(&q)) {
        out->items = list_room(arena, out->items, out->count,
                               sizeof *out->items);
        out->items[out->count++] = (struct letter){
            .id = column_int(&q, 0),
            .public_id = column_id(&q, 1),
            .kind = (enum letter_kind)column_int(&q, 2),
            .state = (enum letter_state)column_int(&q, 3),
            .address = column_text(&q, 4, arena),
            .created_at = column_int(&q, 5),
            .attempts = column_int(&q, 6),
            .remark = column_text(&q, 7, arena),
            .settled_at = column_int(&q, 8),
        };
    }
    return query_end(&q, err);
}

enum rc record_deeds(struct reader *reader, struct arena *arena,
                     int64_t registration_id, struct record_deeds *out,
                     struct err *err)
{
    struct query q = query_read(reader, &record_family, DEEDS);

    *out = (struct record_deeds){ 0 };
    bind_int(&q, 1, registration_id);
    while (query_next(&q)) {
        out->items = list_room(arena, out->items, out->count,
                               sizeof *out->items);
        out->items[out->count++] = (struct record_deed){
            .id = column_int(&q, 0),
            .at = column_int(&q, 1),
            .actor = column_int(&q, 2),
            .deed = column_text(&q, 3, arena),
        };
    }
    return query_end(&q, err);
}

enum rc record_values(struct reader *reader, struct arena *arena,
                      int64_t person_id, struct record_values *out,
                      struct err *err)
{
    struct query q = query_read(reader, &record_family, VALUES);

    *out = (struct record_values){ 0 };
    bind_int(&q, 1, person_id);
    while (query_next(&q)) {
        out->items = list_room(arena, out->items, out->count,
                               sizeof *out->items);
        out->items[out->count++] = (struct record_value){
            .at = column_int(&q, 0),
            .field = column_text(&q, 1, arena),
            .was = column_text(&q, 2, arena),
            .became = column_text(&q, 3, arena),
        };
    }
    return query_end(&q, err);
}

enum rc record_address(struct reader *reader, struct arena *arena,
                       const char *address_key, struct record_address *out,
                       struct err *err)
{
    struct query q = query_read(reader, &record_family, PROVEN);
    char room[33];

    *out = (struct record_address){ 0 };
    bind_text(&q, 1, address_key);
    enum rc rc = query_number(&q, &out->proven_at, err);
    if (rc == RC_FAIL)
        return rc;
    q = query_read(reader, &record_family, STEPS);
    bind_text(&q, 1, step_key(address_key, room));
    while (query_next(&q)) {
        out->steps = list_room(arena, out->steps, out->step_count,
                               sizeof *out->steps);
        out->steps[out->step_count++] = column_int(&q, 0);
    }
    return query_end(&q, err);
}

enum rc record_texts(struct reader *reader, struct arena *arena,
                     int64_t registration_id, int64_t least,
                     struct record_texts *out, struct err *err)
{
    struct query q = query_read(reader, &record_family, TEXTS);

    *out = (struct record_texts){ 0 };
    bind_int(&q, 1, registration_id);
    bind_int(&q, 2, least);
    while (query_next(&q)) {
        out->items = list_room(arena, out->items, out->count,
                               sizeof *out->items);
        out->items[out->count++] = (struct record_text){
            .words = column_text(&q, 0, arena),
            .alone = column_int(&q, 1) != 0,
        };
    }
    return query_end(&q, err);
}
