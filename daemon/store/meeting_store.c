#include "daemon/store/meeting_store.h"

#include "daemon/base/arena.h"
#include "daemon/store/query.h"

enum {
    BY_SLUG, BY_ID, TIMES, LIST, NEWEST_CHANGE, INSERT, UPDATE, CALL_OFF,
    SESSION_LIST, SESSION_INSERT,
};

#define COLUMNS \
    "m.id, m.alliance_id, a.slug, m.slug, m.uid, m.sequence, m.state," \
    " m.visibility, m.title_de, m.title_en, m.summary_de, m.summary_en," \
    " m.about_de, m.about_en, m.zone, m.starts_at, m.ends_at, m.opens_at," \
    " m.closes_at, m.venue_name, m.venue_street, m.venue_postcode," \
    " m.venue_town, m.venue_access_de, m.venue_access_en, m.latitude," \
    " m.longitude, m.join_url, m.scarce, m.ask_organisation, m.keep_days," \
    " m.created_at, m.changed_at, m.cancelled_at, m.cancel_reason_de," \
    " m.cancel_reason_en," \
    " m.waiting, m.claim_term, m.confirm_term, m.approval, m.changes_until," \
    " m.party_most, m.handing_over, m.keep_support_days"
/* What the rules ask of it, but for its times. */
#define TERMS \
    "waiting, claim_term, confirm_term, approval, changes_until, party_most," \
    " handing_over, keep_support_days"
#define FROM " FROM meeting m JOIN alliance a ON a.id = m.alliance_id "

/* What belongs to an alliance (?1; 0: to any) and, if ?2, to its regions. */
#define SCOPE "(?1 = 0 OR a.id = ?1 OR (?2 = 1 AND a.parent_id = ?1))"

static const struct statement statements[] = {
    [BY_SLUG] = { "meeting_by_slug",
        "SELECT " COLUMNS FROM "WHERE a.slug = ?1 AND m.slug = ?2" },
    [BY_ID] = { "meeting_by_id", "SELECT " COLUMNS FROM "WHERE m.id = ?1" },
    [TIMES] = { "meeting_times",
        "SELECT alliance_id, state, starts_at, ends_at, opens_at, closes_at,"
        " " TERMS " FROM meeting WHERE id = ?1" },
    [LIST] = { "meeting_list",
        "SELECT " COLUMNS FROM "WHERE " SCOPE
        " AND (?3 = 0 OR m.ends_at > ?3)"
        " AND (?4 = 0 OR (m.state <> 0 AND m.visibility = 0))"
        " ORDER BY m.starts_at, m.id" },
    /* A draft that nobody ever saw changes no feed; one that went back to
     * draft, or is no longer listed, does. */
    [NEWEST_CHANGE] = { "meeting_newest_change",
        "SELECT coalesce(max(t.at), 0) FROM ("
        "SELECT a.changed_at AS at FROM alliance a WHERE " SCOPE
        " UNION ALL SELECT a.feed_changed_at FROM alliance a WHERE " SCOPE
        " UNION ALL SELECT m.changed_at" FROM "WHERE " SCOPE
        " AND m.published_at > 0) AS t" },
    [INSERT] = { "meeting_insert",
        "INSERT INTO meeting (alliance_id, slug, uid, state, visibility,"
        " title_de, title_en, summary_de, summary_en, about_de, about_en,"
        " zone, starts_at, ends_at, opens_at, closes_at, venue_name,"
        " venue_street, venue_postcode, venue_town, venue_access_de,"
        " venue_access_en, latitude, longitude, join_url, scarce,"
        " ask_organisation, keep_days, cancelled_at, created_at, changed_at,"
        " published_at, sequence, " TERMS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6,"
        " ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19,"
        " ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?30,"
        " CASE WHEN ?4 <> 0 THEN ?30 ELSE 0 END, 0, ?32, ?33, ?34, ?35, ?36,"
        " ?37, ?38, ?39)"
        " ON CONFLICT (alliance_id, slug) DO NOTHING" },
    [UPDATE] = { "meeting_update",
        "UPDATE meeting SET alliance_id = ?1, slug = ?2, state = ?4,"
        " visibility = ?5, title_de = ?6, title_en = ?7, summary_de = ?8,"
        " summary_en = ?9, about_de = ?10, about_en = ?11, zone = ?12,"
        " starts_at = ?13, ends_at = ?14, opens_at = ?15, closes_at = ?16,"
        " venue_name = ?17, venue_street = ?18, venue_postcode = ?19,"
        " venue_town = ?20, venue_access_de = ?21, venue_access_en = ?22,"
        " latitude = ?23, longitude = ?24, join_url = ?25, scarce = ?26,"
        " ask_organisation = ?27, keep_days = ?28, cancelled_at = ?29,"
        " sequence = sequence"
        " + CASE WHEN published_at > 0 THEN 1 ELSE 0 END,"
        " changed_at = CASE WHEN published_at > 0 AND changed_at >= ?30"
        " THEN changed_at + 1 ELSE ?30 END,"
        " published_at = CASE WHEN published_at = 0 AND ?4 <> 0"
        " THEN ?30 ELSE published_at END, waiting = ?32, claim_term = ?33,"
        " confirm_term = ?34, approval = ?35, changes_until = ?36,"
        " party_most = ?37, handing_over = ?38, keep_support_days = ?39"
        " WHERE id = ?31 AND uid = ?3 RETURNING sequence, changed_at" },
    [CALL_OFF] = { "meeting_call_off",
        "UPDATE meeting SET state = 2, cancelled_at = ?2,"
        " cancel_reason_de = ?3, cancel_reason_en = ?4,"
        " sequence = sequence + 1, changed_at ="
        " CASE WHEN changed_at >= ?2 THEN changed_at + 1 ELSE ?2 END"
        " WHERE id = ?1 AND state = 1 RETURNING sequence, changed_at" },
    [SESSION_LIST] = { "session_list",
        "SELECT id, meeting_id, uid, title_de, title_en, about_de, about_en,"
        " speaker, starts_at, ends_at FROM session WHERE meeting_id = ?1"
        " ORDER BY starts_at, id" },
    [SESSION_INSERT] = { "session_insert",
        "INSERT INTO session (meeting_id, uid, title_de, title_en, about_de,"
        " about_en, speaker, starts_at, ends_at)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)" },
};

const struct family meeting_family = {
    FAMILY_MEETING, statements, sizeof statements / sizeof *statements,
};

static void read_terms(struct query *q, struct meeting *m, int n)
{
    m->waiting = column_int(q, n++) != 0;
    m->claim_term = column_int(q, n++);
    m->confirm_term = column_int(q, n++);
    m->approval = (enum approval)column_int(q, n++);
    m->changes_until = column_int(q, n++);
    m->party_most = column_int(q, n++);
    m->handing_over = column_int(q, n++) != 0;
    m->keep_support_days = column_int(q, n++);
}

static void read_facts(struct query *q, struct arena *arena,
                       struct meeting *m, int n)
{
    m->zone = column_text(q, n++, arena);
    m->starts_at = column_int(q, n++);
    m->ends_at = column_int(q, n++);
    m->opens_at = column_int(q, n++);
    m->closes_at = column_int(q, n++);
    m->venue_name = column_text(q, n++, arena);
    m->venue_street = column_text(q, n++, arena);
    m->venue_postcode = column_text(q, n++, arena);
    m->venue_town = column_text(q, n++, arena);
    m->venue_access.de = column_text(q, n++, arena);
    m->venue_access.en = column_text(q, n++, arena);
    m->has_geo = !column_is_null(q, n) && !column_is_null(q, n + 1);
    m->latitude = column_real(q, n++);
    m->longitude = column_real(q, n++);
    m->join_url = column_text(q, n++, arena);
    m->scarce = column_int(q, n++) != 0;
    m->ask_organisation = column_int(q, n++) != 0;
    m->keep_days = column_int(q, n++);
    m->created_at = column_int(q, n++);
    m->changed_at = column_int(q, n++);
    m->cancelled_at = column_int(q, n++);
    m->cancel_reason.de = column_text(q, n++, arena);
    m->cancel_reason.en = column_text(q, n++, arena);
    read_terms(q, m, n);
}

static void read_meeting(struct query *q, struct arena *arena,
                         struct meeting *m)
{
    int n = 0;

    m->id = column_int(q, n++);
    m->alliance_id = column_int(q, n++);
    m->alliance_slug = column_text(q, n++, arena);
    m->slug = column_text(q, n++, arena);
    m->uid = column_text(q, n++, arena);
    m->sequence = column_int(q, n++);
    m->state = (enum meeting_state)column_int(q, n++);
    m->visibility = (enum visibility)column_int(q, n++);
    m->title.de = column_text(q, n++, arena);
    m->title.en = column_text(q, n++, arena);
    m->summary.de = column_text(q, n++, arena);
    m->summary.en = column_text(q, n++, arena);
    m->about.de = column_text(q, n++, arena);
    m->about.en = column_text(q, n++, arena);
    read_facts(q, arena, m, n);
}

static enum rc read_one(struct query *q, struct arena *arena,
                        struct meeting *out, struct err *err)
{
    bool found = query_next(q);

    if (found)
        read_meeting(q, arena, out);
    return query_end_found(q, found, err);
}

enum rc meeting_by_slug(struct reader *reader, struct arena *arena,
                        const char *alliance, const char *slug,
                        struct meeting *out, struct err *err)
{
    struct query q = query_read(reader, &meeting_family, BY_SLUG);

    bind_text(&q, 1, alliance);
    bind_text(&q, 2, slug);
    return read_one(&q, arena, out, err);
}

enum rc meeting_by_id(struct reader *reader, struct arena *arena, int64_t id,
                      struct meeting *out, struct err *err)
{
    struct query q = query_read(reader, &meeting_family, BY_ID);

    bind_int(&q, 1, id);
    return read_one(&q, arena, out, err);
}

enum rc meeting_times(struct reader *reader, int64_t id, struct meeting *out,
                      struct err *err)
{
    struct query q = query_read(reader, &meeting_family, TIMES);

    bind_int(&q, 1, id);
    bool found = query_next(&q);
    if (found)
        *out = (struct meeting){
            .id = id,
            .alliance_id = column_int(&q, 0),
            .state = (enum meeting_state)column_int(&q, 1),
            .starts_at = column_int(&q, 2),
            .ends_at = column_int(&q, 3),
            .opens_at = column_int(&q, 4),
            .closes_at = column_int(&q, 5),
        };
    if (found)
        read_terms(&q, out, 6);
    return query_end_found(&q, found, err);
}

enum rc meeting_list(struct reader *reader, struct arena *arena,
                     const struct meeting_filter *filter,
                     struct meetings *out, struct err *err)
{
    struct query q = query_read(reader, &meeting_family, LIST);

    bind_int(&q, 1, filter->alliance_id);
    bind_int(&q, 2, filter->with_regions);
    bind_int(&q, 3, filter->ends_after);
    bind_int(&q, 4, filter->public_only);
    *out = (struct meetings){ 0 };
    while (query_next(&q)) {
        out->items = list_room(arena, out->items, out->count,
                               sizeof *out->items);
        read_meeting(&q, arena, &out->items[out->count++]);
    }
    return query_end(&q, err);
}

enum rc meeting_newest_change(struct reader *reader, int64_t alliance_id,
                              bool with_regions, int64_t *at,
                              struct err *err)
{
    struct query q = query_read(reader, &meeting_family, NEWEST_CHANGE);

    bind_int(&q, 1, alliance_id);
    bind_int(&q, 2, with_regions);
    return query_number(&q, at, err);
}

static void bind_facts(struct query *q, const struct meeting *m, int n)
{
    bind_text(q, n++, m->zone);
    bind_int(q, n++, m->starts_at);
    bind_int(q, n++, m->ends_at);
    bind_int(q, n++, m->opens_at);
    bind_int(q, n++, m->closes_at);
    bind_text(q, n++, m->venue_name);
    bind_text(q, n++, m->venue_street);
    bind_text(q, n++, m->venue_postcode);
    bind_text(q, n++, m->venue_town);
    bind_text(q, n++, m->venue_access.de);
    bind_text(q, n++, m->venue_access.en);
    if (m->has_geo) {
        bind_real(q, n, m->latitude);
        bind_real(q, n + 1, m->longitude);
    }
    n += 2; /* else they stay NULL */
    bind_text(q, n++, m->join_url);
    bind_int(q, n++, m->scarce);
    bind_int(q, n++, m->ask_organisation);
    bind_int(q, n++, m->keep_days);
    bind_int(q, n++, m->cancelled_at);
}

static void bind_meeting(struct query *q, int64_t now,
                         const struct meeting *m)
{
    int n = 1;

    bind_int(q, n++, m->alliance_id);
    bind_text(q, n++, m->slug);
    bind_text(q, n++, m->uid);
    bind_int(q, n++, m->state);
    bind_int(q, n++, m->visibility);
    bind_text(q, n++, m->title.de);
    bind_text(q, n++, m->title.en);
    bind_text(q, n++, m->summary.de);
    bind_text(q, n++, m->summary.en);
    bind_text(q, n++, m->about.de);
    bind_text(q, n++, m->about.en);
    bind_facts(q, m, n);
    bind_int(q, 30, now);
    n = 32; /* 31 is what the change goes by */
    bind_int(q, n++, m->waiting);
    bind_int(q, n++, m->claim_term);
    bind_int(q, n++, m->confirm_term);
    bind_int(q, n++, m->approval);
    bind_int(q, n++, m->changes_until);
    bind_int(q, n++, m->party_most);
    bind_int(q, n++, m->handing_over);
    bind_int(q, n++, m->keep_support_days);
}

static const char *new_uid(struct arena *arena, const char *domain)
{
    struct id id = id_random();

    return id_at(arena, &id, domain);
}

enum rc meeting_insert(struct writer *writer, struct arena *arena,
                       int64_t now, const char *domain,
                       struct meeting *meeting, struct err *err)
{
    struct query q = query_write(writer, &meeting_family, INSERT);

    meeting->uid = new_uid(arena, domain);
    meeting->sequence = 0;
    meeting->created_at = now;
    meeting->changed_at = now;
    bind_meeting(&q, now, meeting);
    enum rc rc = query_insert(&q, &meeting->id, err);
    if (rc == RC_NOT_FOUND)
        return err_set(err, "there is a meeting \"%s\" already",
                       meeting->slug);
    return rc;
}

/* Reads what the database counts by itself. */
static enum rc end_change(struct query *q, struct meeting *meeting,
                          struct err *err)
{
    bool found = query_next(q);

    if (found) {
        meeting->sequence = column_int(q, 0);
        meeting->changed_at = column_int(q, 1);
    }
    return query_end_found(q, found, err);
}

enum rc meeting_update(struct writer *writer, int64_t now,
                       struct meeting *meeting, struct err *err)
{
    struct query q = query_write(writer, &meeting_family, UPDATE);

    bind_meeting(&q, now, meeting);
    bind_int(&q, 31, meeting->id);
    return end_change(&q, meeting, err);
}

enum rc meeting_call_off(struct writer *writer, int64_t now,
                         struct meeting *meeting, struct err *err)
{
    struct query q = query_write(writer, &meeting_family, CALL_OFF);

    bind_int(&q, 1, meeting->id);
    bind_int(&q, 2, now);
    bind_text(&q, 3, meeting->cancel_reason.de);
    bind_text(&q, 4, meeting->cancel_reason.en);
    enum rc rc = end_change(&q, meeting, err);
    if (rc != RC_OK)
        return rc;
    meeting->state = MEETING_CANCELLED;
    meeting->cancelled_at = now;
    return RC_OK;
}

static void read_session(struct query *q, struct arena *arena,
                         struct session *s)
{
    s->id = column_int(q, 0);
    s->meeting_id = column_int(q, 1);
    s->uid = column_text(q, 2, arena);
    s->title.de = column_text(q, 3, arena);
    s->title.en = column_text(q, 4, arena);
    s->about.de = column_text(q, 5, arena);
    s->about.en = column_text(q, 6, arena);
    s->speaker = column_text(q, 7, arena);
    s->starts_at = column_int(q, 8);
    s->ends_at = column_int(q, 9);
}

enum rc session_list(struct reader *reader, struct arena *arena,
                     int64_t meeting_id, struct sessions *out,
                     struct err *err)
{
    struct query q = query_read(reader, &meeting_family, SESSION_LIST);

    bind_int(&q, 1, meeting_id);
    *out = (struct sessions){ 0 };
    while (query_next(&q)) {
        out->items = list_room(arena, out->items, out->count,
                               sizeof *out->items);
        read_session(&q, arena, &out->items[out->count++]);
    }
    return query_end(&q, err);
}

enum rc session_insert(struct writer *writer, struct arena *arena,
                       const char *domain, struct session *session,
                       struct err *err)
{
    struct query q = query_write(writer, &meeting_family, SESSION_INSERT);

    session->uid = new_uid(arena, domain);
    bind_int(&q, 1, session->meeting_id);
    bind_text(&q, 2, session->uid);
    bind_text(&q, 3, session->title.de);
    bind_text(&q, 4, session->title.en);
    bind_text(&q, 5, session->about.de);
    bind_text(&q, 6, session->about.en);
    bind_text(&q, 7, session->speaker);
    bind_int(&q, 8, session->starts_at);
    bind_int(&q, 9, session->ends_at);
    return query_insert(&q, &session->id, err);
}
