#include "daemon/store/letter_store.h"

#include <string.h>

#include "daemon/store/query.h"

enum {
    INSERT, LAST_DUE, BY_ID, DUE, NEXT_DUE, UPDATE, HOLD_YOUNGER, NEWEST,
    NEWEST_AT, WAS_SENT, IN_FLIGHT, ALL_WITHHELD, LIST, COUNT_UNSENT, RETRY,
};

/* Partial indices want the numbers written out. */
_Static_assert(LETTER_QUEUED == 0 && LETTER_SENT == 1 && LETTER_REFUSED == 2 &&
               LETTER_SUPPRESSED == 3,
               "states in SQL");

#define COLUMNS \
    "l.id, l.public_id, l.kind, l.state, l.registration_id, l.invite_id," \
    " l.generation, l.sequence, l.address, l.created_at, l.due_at," \
    " l.attempts, l.remark, l.settled_at, l.feedback_id"

/* One mailbox's letters go in the order in which they were written. So that
 * those behind need not be looked at again and again while the first waits,
 * none is ever due before one that stands before it. */
static const struct statement statements[] = {
    [INSERT] = { "letter_insert",
        "INSERT INTO letter (public_id, kind, state, registration_id,"
        " meeting_id, invite_id, generation, sequence, address, address_key,"
        " created_at, due_at, attempts, remark, settled_at, feedback_id)"
        " VALUES (?1, ?2, ?3, ?4, (SELECT meeting_id FROM registration"
        " WHERE id = ?4), ?5, ?6, ?7, ?8, lower(?8), ?9, ?10, 0, '', ?11,"
        " ?12)" },
    [LAST_DUE] = { "letter_last_due",
        "SELECT coalesce(max(due_at), 0) FROM letter"
        " WHERE address_key = lower(?1) AND state = 0" },
    [BY_ID] = { "letter_by_id",
        "SELECT " COLUMNS " FROM letter l WHERE l.id = ?1" },
    [DUE] = { "letter_due",
        "SELECT " COLUMNS " FROM letter l WHERE l.state = 0"
        " AND l.due_at <= ?1 AND NOT EXISTS (SELECT 1 FROM letter o"
        " WHERE o.state = 0 AND o.address_key = l.address_key"
        " AND o.id < l.id) ORDER BY l.due_at, l.id LIMIT ?2" },
    [NEXT_DUE] = { "letter_next_due",
        "SELECT due_at FROM letter WHERE state = 0 ORDER BY due_at"
        " LIMIT 1" },
    [UPDATE] = { "letter_update",
        "UPDATE letter SET state = ?2, due_at = ?3, attempts = ?4,"
        " remark = ?5, settled_at = ?6 WHERE id = ?1" },
    [HOLD_YOUNGER] = { "letter_hold_younger",
        "UPDATE letter SET due_at = ?2 WHERE state = 0 AND id > ?1"
        " AND due_at < ?2 AND address_key = lower(?3)" },
    [NEWEST] = { "letter_newest",
        "SELECT " COLUMNS " FROM letter l WHERE l.registration_id = ?1"
        " AND l.kind = ?2 ORDER BY l.id DESC LIMIT 1" },
    [NEWEST_AT] = { "letter_newest_at",
        "SELECT coalesce(max(created_at), 0) FROM letter"
        " WHERE registration_id = ?1" },
    /* A refusal at the first attempt is certain; an attempt that ended
     * otherwise may have arrived before the connection broke. */
    [WAS_SENT] = { "letter_invite_was_sent",
        "SELECT count(*) FROM letter WHERE invite_id = ?1 AND (state = 1"
        " OR attempts > CASE WHEN state = 2 THEN 1 ELSE 0 END)" },
    [IN_FLIGHT] = { "letter_invite_request",
        "SELECT count(*) FROM letter WHERE invite_id = ?1 AND kind = ?2"
        " AND state IN (0, 1)" },
    /* Of somebody without letters of her own, her lead's. */
    [ALL_WITHHELD] = { "letter_all_withheld",
        "SELECT count(*) > 0 AND count(*) = sum(state = 3) FROM letter"
        " WHERE registration_id = CASE WHEN ?2 IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM letter o WHERE o.registration_id = ?1)"
        " THEN ?2 ELSE ?1 END" },
    [LIST] = { "letter_list",
        "SELECT " COLUMNS " FROM letter l"
        " LEFT JOIN meeting m ON m.id = l.meeting_id"
        " WHERE (?1 < 0 OR l.state = ?1) AND (?2 = 0 OR m.alliance_id = ?2)"
        " ORDER BY l.id DESC LIMIT ?3" },
    [COUNT_UNSENT] = { "letter_count_unsent",
        "SELECT state, count(*) FROM letter WHERE meeting_id = ?1"
        " AND state <> 1 GROUP BY state" },
    [RETRY] = { "letter_retry",
        "UPDATE letter SET state = 0, due_at = ?1, settled_at = 0,"
        " attempts = CASE WHEN state = 2 THEN 0 ELSE attempts END"
        " WHERE ((state = 0 AND due_at > ?1) OR (?3 = 1 AND state = 2))"
        " AND (?2 = 0 OR id = ?2 OR (state = 0 AND id < ?2 AND address_key ="
        " (SELECT o.address_key FROM letter o WHERE o.id = ?2)))" },
};

const struct family letter_family = {
    FAMILY_LETTER, statements, sizeof statements / sizeof *statements,
};

static void read_letter(struct query *q, struct arena *arena,
                        struct letter *l)
{
    int n = 0;

    l->id = column_int(q, n++);
    l->public_id = column_id(q, n++);
    l->kind = (enum letter_kind)column_int(q, n++);
    l->state = (enum letter_state)column_int(q, n++);
    l->registration_id = column_int(q, n++);
    l->invite_id = column_int(q, n++);
    l->generation = column_int(q, n++);
    l->sequence = column_int(q, n++);
    l->address = column_text(q, n++, arena);
    l->created_at = column_int(q, n++);
    l->due_at = column_int(q, n++);
    l->attempts = column_int(q, n++);
    l->remark = column_text(q, n++, arena);
    l->settled_at = column_int(q, n++);
    l->feedback_id = column_int(q, n++);
}

static enum rc read_one(struct query *q, struct arena *arena,
                        struct letter *out, struct err *err)
{
    bool found = query_next(q);

    if (found)
        read_letter(q, arena, out);
    return query_end_found(q, found, err);
}

static enum rc read_all(struct query *q, struct arena *arena,
                        struct letters *out, struct err *err)
{
    *out = (struct letters){ 0 };
    while (query_next(q)) {
        out->items = list_room(arena, out->items, out->count,
                               sizeof *out->items);
        read_letter(q, arena, &out->items[out->count++]);
    }
    return query_end(q, err);
}

static enum rc row_insert(struct writer *writer, struct letter *letter,
                          struct err *err)
{
    struct query q = query_write(writer, &letter_family, INSERT);

    bind_id(&q, 1, &letter->public_id);
    bind_int(&q, 2, letter->kind);
    bind_int(&q, 3, letter->state);
    bind_ref(&q, 4, letter->registration_id);
    bind_ref(&q, 5, letter->invite_id);
    bind_int(&q, 6, letter->generation);
    bind_int(&q, 7, letter->sequence);
    bind_text(&q, 8, letter->address);
    bind_int(&q, 9, letter->created_at);
    bind_int(&q, 10, letter->due_at);
    bind_int(&q, 11, letter->settled_at);
    bind_ref(&q, 12, letter->feedback_id);
    return query_insert(&q, &letter->id, err);
}

enum rc letter_insert(struct writer *writer, int64_t now,
                      struct letter *letter, struct err *err)
{
    struct query q = query_read(writer_reader(writer), &letter_family,
                                LAST_DUE);
    int64_t before = 0;

    bind_text(&q, 1, letter->address);
    enum rc rc = query_number(&q, &before, err);
    if (rc != RC_OK)
        return rc;
    letter->public_id = id_random();
    letter->created_at = now;
    letter->due_at = before > now ? before : now;
    letter->attempts = 0;
    letter->remark = "";
    letter->settled_at = letter->state == LETTER_QUEUED ? 0 : now;
    return row_insert(writer, letter, err);
}

enum rc letter_by_id(struct reader *reader, struct arena *arena, int64_t id,
                     struct letter *out, struct err *err)
{
    struct query q = query_read(reader, &letter_family, BY_ID);

    bind_int(&q, 1, id);
    return read_one(&q, arena, out, err);
}

enum rc letter_due(struct reader *reader, struct arena *arena, int64_t now,
                   int64_t limit, struct letters *out, struct err *err)
{
    struct query q = query_read(reader, &letter_family, DUE);

    bind_int(&q, 1, now);
    bind_int(&q, 2, limit);
    return read_all(&q, arena, out, err);
}

enum rc letter_next_due(struct reader *reader, int64_t *at, struct err *err)
{
    struct query q = query_read(reader, &letter_family, NEXT_DUE);

    *at = INT64_MAX;
    enum rc rc = query_number(&q, at, err);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc hold_younger(struct writer *writer,
                            const struct letter *letter, struct err *err)
{
    struct query q = query_write(writer, &letter_family, HOLD_YOUNGER);

    bind_int(&q, 1, letter->id);
    bind_int(&q, 2, letter->due_at);
    bind_text(&q, 3, letter->address);
    return query_run(&q, NULL, err);
}

enum rc letter_update(struct writer *writer, const struct letter *letter,
                      struct err *err)
{
    struct query q = query_write(writer, &letter_family, UPDATE);
    int64_t changed;

    bind_int(&q, 1, letter->id);
    bind_int(&q, 2, letter->state);
    bind_int(&q, 3, letter->due_at);
    bind_int(&q, 4, letter->attempts);
    bind_text(&q, 5, letter->remark);
    bind_int(&q, 6, letter->settled_at);
    enum rc rc = query_run(&q, &changed, err);
    if (rc == RC_OK && changed == 0)
        return RC_NOT_FOUND;
    return rc == RC_OK && letter->state == LETTER_QUEUED
        ? hold_younger(writer, letter, err) : rc;
}

enum rc letter_newest(struct reader *reader, struct arena *arena,
                      int64_t registration_id, enum letter_kind kind,
                      struct letter *out, struct err *err)
{
    struct query q = query_read(reader, &letter_family, NEWEST);

    bind_int(&q, 1, registration_id);
    bind_int(&q, 2, kind);
    return read_one(&q, arena, out, err);
}

enum rc letter_invite_was_sent(struct reader *reader, int64_t invite_id,
                               bool *sent, struct err *err)
{
    struct query q = query_read(reader, &letter_family, WAS_SENT);
    int64_t count = 0;

    bind_int(&q, 1, invite_id);
    enum rc rc = query_number(&q, &count, err);
    *sent = count > 0;
    return rc;
}

enum rc letter_invite_on_its_way(struct reader *reader, int64_t invite_id,
                                 bool *on_its_way, struct err *err)
{
    struct query q = query_read(reader, &letter_family, IN_FLIGHT);
    int64_t count = 0;

    bind_int(&q, 1, invite_id);
    bind_int(&q, 2, LETTER_INVITATION);
    enum rc rc = query_number(&q, &count, err);
    *on_its_way = count > 0;
    return rc;
}

enum rc letter_newest_at(struct reader *reader, int64_t registration_id,
                         int64_t *at, struct err *err)
{
    struct query q = query_read(reader, &letter_family, NEWEST_AT);

    bind_int(&q, 1, registration_id);
    return query_number(&q, at, err);
}

enum rc letter_all_withheld(struct reader *reader, int64_t registration_id,
                            int64_t lead_id, bool *withheld, struct err *err)
{
    struct query q = query_read(reader, &letter_family, ALL_WITHHELD);
    int64_t all = 0;

    bind_int(&q, 1, registration_id);
    bind_ref(&q, 2, lead_id);
    enum rc rc = query_number(&q, &all, err);
    *withheld = all != 0;
    return rc;
}

enum rc letter_list(struct reader *reader, struct arena *arena,
                    const struct letter_filter *filter, struct letters *out,
                    struct err *err)
{
    struct query q = query_read(reader, &letter_family, LIST);

    bind_int(&q, 1, filter->state);
    bind_int(&q, 2, filter->alliance_id);
    bind_int(&q, 3, filter->limit);
    return read_all(&q, arena, out, err);
}

enum rc letter_count_unsent(struct reader *reader, int64_t meeting_id,
                            int64_t counts[LETTER_STATE_COUNT],
                            struct err *err)
{
    struct query q = query_read(reader, &letter_family, COUNT_UNSENT);

    bind_int(&q, 1, meeting_id);
    memset(counts, 0, sizeof counts[0] * LETTER_STATE_COUNT);
    while (query_next(&q))
        counts[column_int(&q, 0)] = column_int(&q, 1);
    return query_end(&q, err);
}

enum rc letter_retry(struct writer *writer, int64_t now, int64_t id,
                     bool refused, int64_t *changed, struct err *err)
{
    struct query q = query_write(writer, &letter_family, RETRY);

    bind_int(&q, 1, now);
    bind_int(&q, 2, id);
    bind_int(&q, 3, refused);
    return query_run(&q, changed, err);
}
