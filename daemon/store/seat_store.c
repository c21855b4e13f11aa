#include "daemon/store/seat_store.h"

#include "daemon/base/arena.h"
#include "daemon/store/query.h"

enum {
    POOLS, POOL_BY_ID, POOL_TAKEN, POOL_SET, POOL_TAKE, POOL_WAITING,
    SEAT_INSERT, SEAT_DELETE, SEAT_POOLS, SEAT_HELD, INSERT, CLAIM_OF,
    DELETE, OFFER, OF_REGISTRATION, OF_PARTY, NEXT_GROUP, PLACE, PLACES,
    LAPSED, TERMS_RUN,
};

#define POOL_COLUMNS \
    "p.id, p.meeting_id, coalesce(p.mode, -1), p.capacity, p.taken," \
    " p.waiting, a.queue_passing FROM pool p" \
    " JOIN meeting m ON m.id = p.meeting_id" \
    " JOIN alliance a ON a.id = m.alliance_id "
#define WAIT_COLUMNS \
    "w.id, w.registration_id, w.pool_id, w.party_id, w.since, w.claim_by" \
    " FROM wait w "

static const struct statement statements[] = {
    [POOLS] = { "pool_of_meeting",
        "SELECT " POOL_COLUMNS
        "WHERE p.meeting_id = ?1 AND p.mode IS NOT NULL" },
    [POOL_BY_ID] = { "pool_by_id", "SELECT " POOL_COLUMNS "WHERE p.id = ?1" },
    [POOL_TAKEN] = { "pool_taken",
        "SELECT taken FROM pool WHERE meeting_id = ?1 AND mode = ?2" },
    [POOL_SET] = { "pool_set_capacity",
        "INSERT INTO pool (meeting_id, mode, capacity, taken)"
        " VALUES (?1, ?2, ?3, 0) ON CONFLICT (meeting_id, mode)"
        " WHERE mode IS NOT NULL DO UPDATE SET capacity = excluded.capacity"
        },
    [POOL_TAKE] = { "pool_take",
        "UPDATE pool SET taken = taken + ?2"
        " WHERE id = ?1 AND taken + ?2 BETWEEN 0 AND capacity" },
    [POOL_WAITING] = { "pool_count_waiting",
        "UPDATE pool SET waiting = waiting + ?2 WHERE id = ?1" },
    [SEAT_INSERT] = { "seat_insert",
        "INSERT INTO seat (registration_id, pool_id) VALUES (?1, ?2)" },
    [SEAT_DELETE] = { "seat_delete",
        "DELETE FROM seat WHERE registration_id = ?1 AND pool_id = ?2" },
    [SEAT_POOLS] = { "seat_pools",
        "SELECT pool_id FROM seat WHERE registration_id = ?1"
        " UNION SELECT pool_id FROM wait WHERE registration_id = ?1"
        " ORDER BY pool_id" },
    [SEAT_HELD] = { "seat_is_held",
        "SELECT count(*) FROM registration r"
        " JOIN seat s ON s.registration_id = r.id"
        " JOIN pool p ON p.id = s.pool_id AND p.mode = ?2"
        " WHERE r.id = ?1 AND NOT EXISTS (SELECT 1 FROM wait w"
        " WHERE w.registration_id = r.id AND w.pool_id = p.id)" },
    [INSERT] = { "wait_insert",
        "INSERT INTO wait (registration_id, pool_id, party_id, since,"
        " claim_by) VALUES (?1, ?2, ?3, ?4, 0)" },
    [CLAIM_OF] = { "wait_claim_of",
        "SELECT claim_by FROM wait WHERE registration_id = ?1"
        " AND pool_id = ?2" },
    [DELETE] = { "wait_delete",
        "DELETE FROM wait WHERE registration_id = ?1 AND pool_id = ?2" },
    [OFFER] = { "wait_offer",
        "UPDATE wait SET claim_by = ?3 WHERE pool_id = ?1 AND party_id = ?2"
        " AND claim_by = 0" },
    [OF_REGISTRATION] = { "wait_of_registration",
        "SELECT " WAIT_COLUMNS "WHERE w.registration_id = ?1 ORDER BY w.id" },
    [OF_PARTY] = { "wait_of_party",
        "SELECT " WAIT_COLUMNS "WHERE w.party_id = ?2 AND w.pool_id = ?1"
        " AND (w.claim_by > 0) = ?3 ORDER BY w.id" },
    [NEXT_GROUP] = { "wait_next_group",
        "SELECT w.id, w.party_id, (SELECT count(*) FROM wait o"
        " WHERE o.party_id = w.party_id AND o.pool_id = w.pool_id"
        " AND o.claim_by = 0)"
        " FROM wait w WHERE w.pool_id = ?1 AND w.claim_by = 0 AND w.id > ?2"
        " AND NOT EXISTS (SELECT 1 FROM wait o"
        " WHERE o.party_id = w.party_id AND o.pool_id = w.pool_id"
        " AND o.claim_by = 0 AND o.id < w.id) ORDER BY w.id LIMIT 1" },
    /* Everybody whose party came before this one's. */
    [PLACE] = { "wait_place",
        "SELECT 1 + (SELECT count(*) FROM wait o WHERE o.pool_id = w.pool_id"
        " AND o.claim_by = 0 AND o.party_id <> w.party_id"
        " AND (SELECT min(f.id) FROM wait f WHERE f.party_id = o.party_id"
        " AND f.pool_id = o.pool_id AND f.claim_by = 0) <"
        " (SELECT min(f.id) FROM wait f WHERE f.party_id = w.party_id"
        " AND f.pool_id = w.pool_id AND f.claim_by = 0))"
        " FROM wait w WHERE w.registration_id = ?1 AND w.pool_id = ?2"
        " AND w.claim_by = 0" },
    [PLACES] = { "wait_places",
        "SELECT w.registration_id, p.mode, w.party_id, w.claim_by,"
        " (SELECT min(f.id) FROM wait f WHERE f.party_id = w.party_id"
        " AND f.pool_id = w.pool_id AND f.claim_by = 0) AS first"
        " FROM pool p JOIN wait w ON w.pool_id = p.id"
        " WHERE p.meeting_id = ?1 AND p.mode IS NOT NULL"
        " ORDER BY p.mode, first, w.id" },
    /* What is called off is told to everybody as they stood then. */
    [LAPSED] = { "wait_lapsed",
        "SELECT " WAIT_COLUMNS "JOIN pool p ON p.id = w.pool_id"
        " JOIN meeting m ON m.id = p.meeting_id AND m.state = 1"
        " WHERE w.claim_by > 0 AND w.claim_by <= ?1"
        " ORDER BY w.claim_by, w.id LIMIT 1" },
    [TERMS_RUN] = { "terms_run",
        "SELECT EXISTS (SELECT 1 FROM wait WHERE claim_by > 0) OR"
        " EXISTS (SELECT 1 FROM registration WHERE confirm_by > 0)" },
};

const struct family seat_family = {
    FAMILY_SEAT, statements, sizeof statements / sizeof *statements,
};

static struct pool read_pool(struct query *q)
{
    return (struct pool){
        .id = column_int(q, 0), .meeting_id = column_int(q, 1),
        .mode = (int)column_int(q, 2), .capacity = column_int(q, 3),
        .taken = column_int(q, 4), .waiting = column_int(q, 5),
        .passing = column_int(q, 6) != 0,
    };
}

enum rc pool_of_meeting(struct reader *reader, int64_t meeting_id,
                        struct pools *out, struct err *err)
{
    struct query q = query_read(reader, &seat_family, POOLS);

    bind_int(&q, 1, meeting_id);
    *out = (struct pools){ 0 };
    while (query_next(&q)) {
        struct pool pool = read_pool(&q);

        out->offered[pool.mode] = true;
        out->at[pool.mode] = pool;
    }
    return query_end(&q, err);
}

enum rc pool_by_id(struct reader *reader, int64_t id, struct pool *out,
                   struct err *err)
{
    struct query q = query_read(reader, &seat_family, POOL_BY_ID);

    bind_int(&q, 1, id);
    bool found = query_next(&q);
    if (found)
        *out = read_pool(&q);
    return query_end_found(&q, found, err);
}

static enum rc pool_taken(struct reader *reader, int64_t meeting_id,
                          enum mode mode, int64_t *taken, struct err *err)
{
    struct query q = query_read(reader, &seat_family, POOL_TAKEN);

    bind_int(&q, 1, meeting_id);
    bind_int(&q, 2, mode);
    *taken = 0;
    enum rc rc = query_number(&q, taken, err);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc pool_set_capacity(struct writer *writer, int64_t meeting_id,
                          enum mode mode, int64_t capacity, struct err *err)
{
    int64_t taken;
    enum rc rc = pool_taken(writer_reader(writer), meeting_id, mode, &taken,
                            err);

    if (rc != RC_OK)
        return rc;
    if (capacity < taken)
        return err_set(err, "%lld seats (%s) are taken already; fewer than "
                       "that is not possible", (long long)taken,
                       mode_word(mode));
    struct query q = query_write(writer, &seat_family, POOL_SET);
    bind_int(&q, 1, meeting_id);
    bind_int(&q, 2, mode);
    bind_int(&q, 3, capacity);
    return query_run(&q, NULL, err);
}

/* Those that want two numbers and tell how many rows they touched. */
static enum rc run_2(struct writer *writer, int which, int64_t first,
                     int64_t second, bool *touched, struct err *err)
{
    struct query q = query_write(writer, &seat_family, which);
    int64_t changed;

    bind_int(&q, 1, first);
    bind_int(&q, 2, second);
    enum rc rc = query_run(&q, &changed, err);
    *touched = rc == RC_OK && changed > 0;
    return rc;
}

enum rc pool_take(struct writer *writer, int64_t pool_id, int64_t seats,
                  bool *taken, struct err *err)
{
    return run_2(writer, POOL_TAKE, pool_id, seats, taken, err);
}

enum rc seat_insert(struct writer *writer, int64_t registration_id,
                    int64_t pool_id, struct err *err)
{
    bool inserted;

    return run_2(writer, SEAT_INSERT, registration_id, pool_id, &inserted,
                 err);
}

enum rc seat_free(struct writer *writer, int64_t registration_id,
                  int64_t pool_id, bool *freed, struct err *err)
{
    bool given_back;
    enum rc rc = run_2(writer, SEAT_DELETE, registration_id, pool_id, freed,
                       err);

    return rc == RC_OK && *freed
        ? pool_take(writer, pool_id, -1, &given_back, err) : rc;
}

enum rc seat_pools(struct reader *reader, struct arena *arena,
                   int64_t registration_id, struct pool_ids *out,
                   struct err *err)
{
    struct query q = query_read(reader, &seat_family, SEAT_POOLS);

    bind_int(&q, 1, registration_id);
    *out = (struct pool_ids){ 0 };
    while (query_next(&q)) {
        out->items = list_room(arena, out->items, out->count,
                               sizeof *out->items);
        out->items[out->count++] = column_int(&q, 0);
    }
    return query_end(&q, err);
}

enum rc seat_is_held(struct reader *reader, int64_t registration_id,
                     enum mode mode, bool *held, struct err *err)
{
    struct query q = query_read(reader, &seat_family, SEAT_HELD);
    int64_t count = 0;

    bind_int(&q, 1, registration_id);
    bind_int(&q, 2, mode);
    enum rc rc = query_number(&q, &count, err);
    *held = count > 0;
    return rc;
}

static enum rc count_waiting(struct writer *writer, int64_t pool_id,
                             int64_t people, struct err *err)
{
    bool counted;

    return run_2(writer, POOL_WAITING, pool_id, people, &counted, err);
}

enum rc wait_insert(struct writer *writer, struct wait *wait,
                    struct err *err)
{
    struct query q = query_write(writer, &seat_family, INSERT);

    bind_int(&q, 1, wait->registration_id);
    bind_int(&q, 2, wait->pool_id);
    bind_int(&q, 3, wait->party_id);
    bind_int(&q, 4, wait->since);
    wait->claim_by = 0;
    enum rc rc = query_insert(&q, &wait->id, err);
    return rc == RC_OK ? count_waiting(writer, wait->pool_id, 1, err) : rc;
}

/* RC_NOT_FOUND: it does not wait there. */
static enum rc claim_of(struct reader *reader, int64_t registration_id,
                        int64_t pool_id, int64_t *claim_by, struct err *err)
{
    struct query q = query_read(reader, &seat_family, CLAIM_OF);

    bind_int(&q, 1, registration_id);
    bind_int(&q, 2, pool_id);
    return query_number(&q, claim_by, err);
}

enum rc wait_is(struct reader *reader, int64_t registration_id,
                int64_t pool_id, bool *waits, struct err *err)
{
    int64_t claim_by;
    enum rc rc = claim_of(reader, registration_id, pool_id, &claim_by, err);

    *waits = rc == RC_OK;
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc wait_delete(struct writer *writer, int64_t registration_id,
                    int64_t pool_id, bool *left, struct err *err)
{
    int64_t claim_by;
    enum rc rc = claim_of(writer_reader(writer), registration_id, pool_id,
                          &claim_by, err);

    *left = false;
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    rc = run_2(writer, DELETE, registration_id, pool_id, left, err);
    return rc == RC_OK && claim_by == 0
        ? count_waiting(writer, pool_id, -1, err) : rc;
}

enum rc wait_offer(struct writer *writer, int64_t pool_id, int64_t party_id,
                   int64_t claim_by, struct err *err)
{
    struct query q = query_write(writer, &seat_family, OFFER);
    int64_t people;

    bind_int(&q, 1, pool_id);
    bind_int(&q, 2, party_id);
    bind_int(&q, 3, claim_by);
    enum rc rc = query_run(&q, &people, err);
    return rc == RC_OK ? count_waiting(writer, pool_id, -people, err) : rc;
}

static struct wait read_wait(struct query *q)
{
    return (struct wait){
        .id = column_int(q, 0), .registration_id = column_int(q, 1),
        .pool_id = column_int(q, 2), .party_id = column_int(q, 3),
        .since = column_int(q, 4), .claim_by = column_int(q, 5),
    };
}

static enum rc read_waits(struct query *q, struct arena *arena,
                          struct waits *out, struct err *err)
{
    *out = (struct waits){ 0 };
    while (query_next(q)) {
        out->items = list_room(arena, out->items, out->count,
                               sizeof *out->items);
        out->items[out->count++] = read_wait(q);
    }
    return query_end(q, err);
}

enum rc wait_of_registration(struct reader *reader, struct arena *arena,
                             int64_t registration_id, struct waits *out,
                             struct err *err)
{
    struct query q = query_read(reader, &seat_family, OF_REGISTRATION);

    bind_int(&q, 1, registration_id);
    return read_waits(&q, arena, out, err);
}

enum rc wait_of_party(struct reader *reader, struct arena *arena,
                      int64_t pool_id, int64_t party_id, bool offered,
                      struct waits *out, struct err *err)
{
    struct query q = query_read(reader, &seat_family, OF_PARTY);

    bind_int(&q, 1, pool_id);
    bind_int(&q, 2, party_id);
    bind_int(&q, 3, offered);
    return read_waits(&q, arena, out, err);
}

enum rc wait_next_group(struct reader *reader, int64_t pool_id,
                        int64_t after, struct queue_group *out,
                        struct err *err)
{
    struct query q = query_read(reader, &seat_family, NEXT_GROUP);

    bind_int(&q, 1, pool_id);
    bind_int(&q, 2, after);
    bool found = query_next(&q);
    if (found)
        *out = (struct queue_group){
            .place = column_int(&q, 0), .party_id = column_int(&q, 1),
            .people = column_int(&q, 2),
        };
    return query_end_found(&q, found, err);
}

enum rc wait_place(struct reader *reader, int64_t registration_id,
                   int64_t pool_id, int64_t *place, struct err *err)
{
    struct query q = query_read(reader, &seat_family, PLACE);

    bind_int(&q, 1, registration_id);
    bind_int(&q, 2, pool_id);
    *place = 0;
    enum rc rc = query_number(&q, place, err);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc wait_places(struct reader *reader, struct arena *arena,
                    int64_t meeting_id, struct queue_places *out,
                    struct err *err)
{
    struct query q = query_read(reader, &seat_family, PLACES);
    int64_t party = 0, before = 0, first = 0;
    int mode = -1;

    bind_int(&q, 1, meeting_id);
    *out = (struct queue_places){ 0 };
    for (; query_next(&q); before += column_int(&q, 3) == 0) {
        bool offered = column_int(&q, 3) > 0;

        if (mode != (int)column_int(&q, 1))
            before = party = 0;
        mode = (int)column_int(&q, 1);
        if (!offered && party != column_int(&q, 2)) {
            party = column_int(&q, 2);
            first = before + 1;
        }
        out->items = list_room(arena, out->items, out->count,
                               sizeof *out->items);
        out->items[out->count++] = (struct queue_place){
            .registration_id = column_int(&q, 0), .mode = (enum mode)mode,
            .place = offered ? 0 : first, .claim_by = column_int(&q, 3),
        };
    }
    queue_places_sort(out);
    return query_end(&q, err);
}

enum rc wait_terms_run(struct reader *reader, bool *run, struct err *err)
{
    struct query q = query_read(reader, &seat_family, TERMS_RUN);

    *run = query_next(&q) && column_int(&q, 0) != 0;
    return query_end(&q, err);
}

enum rc wait_lapsed(struct reader *reader, int64_t now, struct wait *out,
                    struct err *err)
{
    struct query q = query_read(reader, &seat_family, LAPSED);

    bind_int(&q, 1, now);
    bool found = query_next(&q);
    if (found)
        *out = read_wait(&q);
    return query_end_found(&q, found, err);
}
