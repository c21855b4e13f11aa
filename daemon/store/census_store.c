#include "daemon/store/census_store.h"

#include <sqlite3.h>

#include "daemon/store/connection.h"
#include "daemon/store/query.h"

enum { PROBE, TOUCH, LETTERS, QUEUED, OLDEST, MODES };

/* Partial indices want the numbers written out. */
_Static_assert(LETTER_QUEUED == 0 && LETTER_SENT == 1 && REG_CANCELLED == 4 &&
               REG_UNCONFIRMED == 0 && REG_PENDING == 1 &&
               REG_REGISTERED == 2 && REG_WAITING == 3, "states in SQL");

static const struct statement statements[] = {
    [PROBE] = { "census_probe",
        "SELECT count(*) FROM (SELECT slug FROM alliance LIMIT 1)" },
    [TOUCH] = { "census_touch",
        "UPDATE alliance SET slug = slug"
        " WHERE id = (SELECT min(id) FROM alliance)" },
    [LETTERS] = { "census_letters",
        "SELECT state, count(*) FROM letter WHERE state <> 1"
        " GROUP BY state" },
    [QUEUED] = { "census_queued",
        "SELECT count(*) FROM (SELECT 1 FROM letter WHERE state = 0"
        " LIMIT ?1)" },
    [OLDEST] = { "census_oldest",
        "SELECT due_at FROM letter WHERE state = 0 ORDER BY due_at"
        " LIMIT 1" },
    /* Whoever is registered has a seat, and the seats are counted already,
     * with those that are held for somebody; the others are found in indices
     * of those who are on the way and of those who are gone, which begins
     * with an address or with none. */
    [MODES] = { "census_modes",
        "SELECT a.slug, m.slug, p.mode, p.capacity, p.taken,"
        " coalesce(sum(r.state = 0), 0), coalesce(sum(r.state = 1), 0),"
        " p.taken - coalesce(sum((SELECT count(*) FROM seat s"
        " WHERE s.registration_id = r.id AND s.pool_id = p.id)), 0)"
        " - (SELECT count(*) FROM wait w JOIN registration o"
        " ON o.id = w.registration_id AND o.state = 2"
        " WHERE w.pool_id = p.id AND w.claim_by > 0),"
        " coalesce(sum(r.state = 3), 0), coalesce(g.people, 0)"
        " FROM meeting m JOIN alliance a ON a.id = m.alliance_id"
        " JOIN pool p ON p.meeting_id = m.id AND p.mode IS NOT NULL"
        " LEFT JOIN (SELECT meeting_id, mode, count(*) AS people FROM ("
        "SELECT meeting_id, mode, state FROM registration"
        " WHERE state >= 4 AND address_key > ''"
        " UNION ALL SELECT meeting_id, mode, state FROM registration"
        " WHERE state >= 4 AND address_key IS NULL) AS gone"
        " WHERE state = 4 GROUP BY meeting_id, mode) AS g"
        " ON g.meeting_id = m.id AND g.mode = p.mode"
        " LEFT JOIN registration r ON r.meeting_id = m.id"
        " AND r.mode = p.mode AND r.state IN (0, 1, 3)"
        " WHERE m.starts_at > ?1 AND m.published_at > 0"
        " GROUP BY m.id, p.mode"
        " ORDER BY m.starts_at DESC, m.id, p.mode LIMIT ?2" },
};

const struct family census_family = {
    FAMILY_CENSUS, statements, sizeof statements / sizeof *statements,
};

enum rc census_probe(struct reader *reader, struct err *err)
{
    int64_t ignored;

    /* What is in memory says nothing about the disk. */
    sqlite3_db_release_memory(reader->db);
    struct query q = query_read(reader, &census_family, PROBE);
    return query_number(&q, &ignored, err);
}

enum rc census_touch(struct writer *writer, struct err *err)
{
    struct query q = query_write(writer, &census_family, TOUCH);

    return query_run(&q, NULL, err);
}

enum rc census_letters(struct reader *reader,
                       int64_t counts[LETTER_STATE_COUNT], struct err *err)
{
    struct query q = query_read(reader, &census_family, LETTERS);

    for (int i = 0; i < LETTER_STATE_COUNT; i++)
        counts[i] = 0;
    while (query_next(&q)) {
        int64_t state = column_int(&q, 0);

        if (state >= 0 && state < LETTER_STATE_COUNT)
            counts[state] = column_int(&q, 1);
    }
    return query_end(&q, err);
}

enum rc census_queued(struct reader *reader, int64_t most, int64_t *count,
                      struct err *err)
{
    struct query q = query_read(reader, &census_family, QUEUED);

    bind_int(&q, 1, most);
    return query_number(&q, count, err);
}

enum rc census_overdue(struct reader *reader, int64_t now, int64_t *seconds,
                       struct err *err)
{
    struct query q = query_read(reader, &census_family, OLDEST);
    int64_t due_at = now;
    enum rc rc = query_number(&q, &due_at, err);

    *seconds = due_at < now ? now - due_at : 0;
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc census_modes(struct reader *reader, struct arena *arena,
                     int64_t since, int64_t most, struct census_modes *out,
                     struct err *err)
{
    struct query q = query_read(reader, &census_family, MODES);

    *out = (struct census_modes){ 0 };
    bind_int(&q, 1, since);
    bind_int(&q, 2, most);
    while (query_next(&q)) {
        out->items = list_room(arena, out->items, out->count,
                               sizeof *out->items);
        out->items[out->count++] = (struct census_mode){
            .alliance = column_text(&q, 0, arena),
            .meeting = column_text(&q, 1, arena),
            .mode = (enum mode)column_int(&q, 2),
            .capacity = column_int(&q, 3),
            .taken = column_int(&q, 4),
        };
        struct census_mode *last = &out->items[out->count - 1];
        for (int state = 0; state <= REG_CANCELLED; state++)
            last->people[state] = column_int(&q, 5 + state);
    }
    return query_end(&q, err);
}
