/* The invitations, the meetings called off, the limits on letters and the
 * proven addresses: the lower half of letter_store.h. */
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/token.h"
#include "daemon/model/registration.h"
#include "daemon/store/letter_store.h"
#include "daemon/store/query.h"

enum {
    NEWEST, BY_ID, INSERT, UPDATE, LIVE_USERS, USER, COUNT_OPEN,
    CALLOFF_BEGIN, CALLOFF_NEXT, CALLOFF_TOLD, CALLOFF_END, STEP_COUNT,
    STEP_INSERT, STEP_PURGE, PROVEN, PROVE,
};

_Static_assert(REG_REGISTERED == 2, "states in SQL");

#define COLUMNS \
    "id, meeting_id, address, generation, uid, sequence, stamp, cancelled"

static const struct statement statements[] = {
    [NEWEST] = { "invite_newest",
        "SELECT " COLUMNS " FROM invite WHERE meeting_id = ?1"
        " AND address = ?2 ORDER BY generation DESC LIMIT 1" },
    [BY_ID] = { "invite_by_id",
        "SELECT " COLUMNS " FROM invite WHERE id = ?1" },
    [INSERT] = { "invite_insert",
        "INSERT INTO invite (meeting_id, address, generation, uid, sequence,"
        " stamp, cancelled) VALUES (?1, ?2, ?3, ?4, 0, ?5, 0)" },
    [UPDATE] = { "invite_update",
        "UPDATE invite SET sequence = ?2, stamp = ?3, cancelled = ?4"
        " WHERE id = ?1" },
    [LIVE_USERS] = { "invite_count_live",
        "SELECT count(*) FROM registration"
        " WHERE invite_id = ?1 AND state = 2" },
    [USER] = { "invite_user",
        "SELECT id FROM registration WHERE invite_id = ?1 AND state = 2"
        " ORDER BY id LIMIT 1" },
    [COUNT_OPEN] = { "invite_count_open",
        "SELECT count(*) FROM invite WHERE meeting_id = ?1"
        " AND cancelled = 0" },
    [CALLOFF_BEGIN] = { "calloff_begin",
        "INSERT INTO calling_off (meeting_id, told_id) VALUES (?1, 0)" },
    [CALLOFF_NEXT] = { "calloff_next",
        "SELECT meeting_id, told_id FROM calling_off ORDER BY meeting_id"
        " LIMIT 1" },
    [CALLOFF_TOLD] = { "calloff_told",
        "UPDATE calling_off SET told_id = ?2 WHERE meeting_id = ?1" },
    [CALLOFF_END] = { "calloff_end",
        "DELETE FROM calling_off WHERE meeting_id = ?1" },
    [STEP_COUNT] = { "step_count",
        "SELECT count(*) FROM step WHERE address_key = ?1 AND at >= ?2" },
    [STEP_INSERT] = { "step_insert",
        "INSERT INTO step (address_key, at) VALUES (?1, ?2)" },
    [STEP_PURGE] = { "step_purge", "DELETE FROM step WHERE at < ?1" },
    [PROVEN] = { "address_proven",
        "SELECT count(*) FROM address WHERE address_key = ?1" },
    [PROVE] = { "address_prove",
        "INSERT INTO address (address_key, proven_at) VALUES (?1, ?2)"
        " ON CONFLICT (address_key) DO NOTHING" },
};

const struct family invite_family = {
    FAMILY_INVITE, statements, sizeof statements / sizeof *statements,
};

static enum rc read_one(struct query *q, struct arena *arena,
                        struct invite *out, struct err *err)
{
    bool found = query_next(q);

    if (found)
        *out = (struct invite){
            .id = column_int(q, 0),
            .meeting_id = column_int(q, 1),
            .address = column_text(q, 2, arena),
            .generation = column_int(q, 3),
            .uid = column_text(q, 4, arena),
            .sequence = column_int(q, 5),
            .stamp = column_int(q, 6),
            .cancelled = column_int(q, 7) != 0,
        };
    return query_end_found(q, found, err);
}

enum rc invite_newest(struct reader *reader, struct arena *arena,
                      int64_t meeting_id, const char *address_key,
                      struct invite *out, struct err *err)
{
    struct query q = query_read(reader, &invite_family, NEWEST);

    bind_int(&q, 1, meeting_id);
    bind_text(&q, 2, address_key);
    return read_one(&q, arena, out, err);
}

enum rc invite_by_id(struct reader *reader, struct arena *arena, int64_t id,
                     struct invite *out, struct err *err)
{
    struct query q = query_read(reader, &invite_family, BY_ID);

    bind_int(&q, 1, id);
    return read_one(&q, arena, out, err);
}

enum rc invite_insert(struct writer *writer, struct arena *arena,
                      int64_t now, const char *domain, struct invite *invite,
                      struct err *err)
{
    struct query q = query_write(writer, &invite_family, INSERT);
    struct id id = id_random();

    invite->uid = id_at(arena, &id, domain);
    invite->sequence = 0;
    invite->stamp = now;
    invite->cancelled = false;
    bind_int(&q, 1, invite->meeting_id);
    bind_text(&q, 2, invite->address);
    bind_int(&q, 3, invite->generation);
    bind_text(&q, 4, invite->uid);
    bind_int(&q, 5, now);
    return query_insert(&q, &invite->id, err);
}

enum rc invite_update(struct writer *writer, const struct invite *invite,
                      struct err *err)
{
    struct query q = query_write(writer, &invite_family, UPDATE);
    int64_t changed;

    bind_int(&q, 1, invite->id);
    bind_int(&q, 2, invite->sequence);
    bind_int(&q, 3, invite->stamp);
    bind_int(&q, 4, invite->cancelled);
    enum rc rc = query_run(&q, &changed, err);
    return rc == RC_OK && changed == 0 ? RC_NOT_FOUND : rc;
}

enum rc invite_count_live(struct reader *reader, int64_t invite_id,
                          int64_t *count, struct err *err)
{
    struct query q = query_read(reader, &invite_family, LIVE_USERS);

    bind_int(&q, 1, invite_id);
    return query_number(&q, count, err);
}

enum rc invite_user(struct reader *reader, int64_t invite_id,
                    int64_t *registration_id, struct err *err)
{
    struct query q = query_read(reader, &invite_family, USER);

    bind_int(&q, 1, invite_id);
    return query_number(&q, registration_id, err);
}

enum rc invite_count_open(struct reader *reader, int64_t meeting_id,
                          int64_t *count, struct err *err)
{
    struct query q = query_read(reader, &invite_family, COUNT_OPEN);

    bind_int(&q, 1, meeting_id);
    return query_number(&q, count, err);
}

enum rc calloff_begin(struct writer *writer, int64_t meeting_id,
                      struct err *err)
{
    struct query q = query_write(writer, &invite_family, CALLOFF_BEGIN);

    bind_int(&q, 1, meeting_id);
    return query_run(&q, NULL, err);
}

enum rc calloff_next(struct reader *reader, struct calloff *out,
                     struct err *err)
{
    struct query q = query_read(reader, &invite_family, CALLOFF_NEXT);
    bool found = query_next(&q);

    if (found)
        *out = (struct calloff){ .meeting_id = column_int(&q, 0),
                                 .told_id = column_int(&q, 1) };
    return query_end_found(&q, found, err);
}

enum rc calloff_told(struct writer *writer, const struct calloff *calloff,
                     struct err *err)
{
    struct query q = query_write(writer, &invite_family, CALLOFF_TOLD);

    bind_int(&q, 1, calloff->meeting_id);
    bind_int(&q, 2, calloff->told_id);
    return query_run(&q, NULL, err);
}

enum rc calloff_end(struct writer *writer, int64_t meeting_id,
                    struct err *err)
{
    struct query q = query_write(writer, &invite_family, CALLOFF_END);

    bind_int(&q, 1, meeting_id);
    return query_run(&q, NULL, err);
}

const char *step_key(const char *address_key, char room[33])
{
    digest_hex(address_key, strlen(address_key), room);
    return room;
}

enum rc step_count(struct reader *reader, const char *address_key,
                   int64_t since, int64_t *count, struct err *err)
{
    struct query q = query_read(reader, &invite_family, STEP_COUNT);
    char room[33];

    bind_text(&q, 1, step_key(address_key, room));
    bind_int(&q, 2, since);
    return query_number(&q, count, err);
}

enum rc step_insert(struct writer *writer, int64_t now,
                    const char *address_key, struct err *err)
{
    struct query q = query_write(writer, &invite_family, STEP_INSERT);
    char room[33];

    bind_text(&q, 1, step_key(address_key, room));
    bind_int(&q, 2, now);
    return query_run(&q, NULL, err);
}

enum rc step_purge(struct writer *writer, int64_t before, struct err *err)
{
    struct query q = query_write(writer, &invite_family, STEP_PURGE);

    bind_int(&q, 1, before);
    return query_run(&q, NULL, err);
}

enum rc address_proven(struct reader *reader, const char *address_key,
                       bool *proven, struct err *err)
{
    struct query q = query_read(reader, &invite_family, PROVEN);
    int64_t count = 0;

    bind_text(&q, 1, address_key);
    enum rc rc = query_number(&q, &count, err);
    *proven = count > 0;
    return rc;
}

enum rc address_prove(struct writer *writer, int64_t now,
                      const char *address_key, struct err *err)
{
    struct query q = query_write(writer, &invite_family, PROVE);

    bind_text(&q, 1, address_key);
    bind_int(&q, 2, now);
    return query_run(&q, NULL, err);
}
