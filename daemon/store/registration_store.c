#include "daemon/store/registration_store.h"

#include <string.h>

#include "daemon/base/address.h"
#include "daemon/base/arena.h"
#include "daemon/base/str.h"
#include "daemon/base/text.h"
#include "daemon/store/attendee_match.h"
#include "daemon/store/person_store.h"
#include "daemon/store/query.h"

enum {
    BY_PUBLIC_ID, BY_ID, OF_ADDRESS, OF_NAME, PARTY_INSERT,
    INSERT, UPDATE, SET_INVITE, SLICE, EACH, EACH_TEXT, NUMBERS, REACHED,
    OF_PARTY, OF_LEAD, LED_BY, OF_MAILBOX, ANY, UNCONFIRMED,
};

/* The texts below say "state < 4" for "not cancelled or declined": a partial
 * index wants it written out. */
_Static_assert(REG_PENDING == 1 && REG_REGISTERED == 2 && REG_WAITING == 3 &&
               REG_CANCELLED == 4 && REG_DECLINED == 5, "states in SQL");
_Static_assert(MEETING_PUBLISHED == 1, "states in SQL");
_Static_assert(MODE_ONSITE == 0 && MODE_ONLINE == 1 && MODE_COUNT == 2,
               "modes in SQL");

#define COLUMNS \
    "r.id, r.public_id, r.generation, r.meeting_id, r.party_id, r.mode," \
    " r.state, r.reference, r.lang, r.wants_invite, r.invite_id," \
    " r.created_at, r.changed_at, r.cancelled_at, p.id, p.given_name," \
    " p.family_name, p.title, p.address, p.organisation, p.position," \
    " p.bench_id, r.confirm_by, r.undecided, r.reason, r.lead_id," \
    " coalesce(p.address, (SELECT lp.address FROM registration lr" \
    " JOIN person lp ON lp.id = lr.person_id WHERE lr.id = r.lead_id))"
/* What lists show of it: half of the time of an export is spent on columns. */
#define LISTED \
    "r.id, r.mode, r.state, r.reference, r.lang, r.created_at," \
    " r.cancelled_at, p.given_name, p.family_name, p.title, p.address," \
    " p.organisation, p.position, p.bench_id"
#define LISTED_COUNT 14
#define FROM " FROM registration r JOIN person p ON p.id = r.person_id "
#define NEXT_BY_ID \
    "WHERE r.meeting_id = ?1 AND r.id > ?2 AND r.search > ''" \
    " ORDER BY r.id LIMIT ?3"

static const struct statement statements[] = {
    [BY_PUBLIC_ID] = { "registration_by_public_id",
        "SELECT " COLUMNS FROM "WHERE r.public_id = ?1" },
    [BY_ID] = { "registration_by_id",
        "SELECT " COLUMNS FROM "WHERE r.id = ?1" },
    [OF_ADDRESS] = { "registration_of_address",
        "WITH own AS (SELECT id, name_fold = ?3 AS same FROM registration"
        " WHERE meeting_id = ?1 AND address_key = ?2 AND state < 4)"
        " SELECT id, same FROM own UNION ALL SELECT r.id, 0 FROM own"
        " JOIN registration r ON r.lead_id = own.id AND r.state < 4"
        " AND r.address_key IS NULL" },
    [OF_NAME] = { "registration_of_name",
        "SELECT r.id" FROM "WHERE r.meeting_id = ?1"
        " AND r.address_key IS NULL AND r.name_fold = ?2 AND r.state < 4"
        " AND p.organisation = ?3 ORDER BY r.id LIMIT 1" },
    [PARTY_INSERT] = { "party_insert",
        "INSERT INTO party (meeting_id, created_at) VALUES (?1, ?2)" },
    [INSERT] = { "registration_insert",
        "INSERT INTO registration (public_id, generation, meeting_id,"
        " party_id, person_id, mode, state, reference, lang, wants_invite,"
        " invite_id, created_at, changed_at, cancelled_at, address_key,"
        " name_fold, search, bench_id, lead_id, confirm_by, undecided)"
        " VALUES (?1, 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11, ?12,"
        " ?13, ?14, ?15, ?16, ?17, ?18, ?19)"
        " ON CONFLICT (meeting_id, reference) DO NOTHING" },
    [UPDATE] = { "registration_update",
        "UPDATE registration SET state = ?2, mode = ?3, generation = ?4,"
        " wants_invite = ?5, invite_id = ?6, cancelled_at = ?7,"
        " changed_at = ?8, confirm_by = ?9, undecided = ?10, reason = ?11"
        " WHERE id = ?1" },
    [SET_INVITE] = { "registration_set_invite",
        "UPDATE registration SET invite_id = ?2 WHERE id = ?1" },
    [SLICE] = { "registration_slice",
        "SELECT " COLUMNS FROM NEXT_BY_ID },
    [EACH] = { "registration_each", "SELECT " LISTED FROM NEXT_BY_ID },
    [EACH_TEXT] = { "registration_each_text",
        "SELECT " LISTED ", r.search" FROM NEXT_BY_ID },
    /* With those who were erased. Who is just leaving has no name any more
     * and stands in the tally already. */
    [NUMBERS] = { "registration_count_all",
        "SELECT"
        " coalesce(sum(CASE WHEN state = 2 AND mode = 0 THEN 1 END), 0)"
        " + (SELECT coalesce(sum(people), 0) FROM tally"
        " WHERE meeting_id = ?1 AND state = 2 AND mode = 0),"
        " coalesce(sum(CASE WHEN state = 2 AND mode = 1 THEN 1 END), 0)"
        " + (SELECT coalesce(sum(people), 0) FROM tally"
        " WHERE meeting_id = ?1 AND state = 2 AND mode = 1),"
        " coalesce(sum(CASE WHEN state = 4 THEN 1 END), 0)"
        " + (SELECT coalesce(sum(people), 0) FROM tally"
        " WHERE meeting_id = ?1 AND state = 4),"
        " coalesce(sum(CASE WHEN state = 5 THEN 1 END), 0)"
        " + (SELECT coalesce(sum(people), 0) FROM tally"
        " WHERE meeting_id = ?1 AND state = 5),"
        " coalesce(sum(CASE WHEN state = 0 THEN 1 END), 0),"
        " coalesce(sum(CASE WHEN state = 1 THEN 1 END), 0),"
        " coalesce(sum(CASE WHEN state = 3 THEN 1 END), 0),"
        " coalesce(sum(CASE WHEN state = 2 AND created_at >= ?2 THEN 1 END),"
        " 0) FROM registration WHERE meeting_id = ?1 AND search > ''" },
    [REACHED] = { "registration_count_reached",
        "SELECT count(*), count(address_key) FROM registration"
        " WHERE meeting_id = ?1 AND state BETWEEN 1 AND 3" },
    [OF_PARTY] = { "registration_of_party",
        "SELECT " COLUMNS FROM "WHERE r.party_id = ?1 AND r.search > ''"
        " ORDER BY r.id" },
    [OF_LEAD] = { "registration_of_lead",
        "SELECT id FROM registration WHERE lead_id = ?1 AND name_fold = ?2"
        " AND state < 4 ORDER BY id LIMIT 1" },
    [LED_BY] = { "registration_led_by",
        "SELECT " COLUMNS FROM "WHERE r.lead_id = ?1 ORDER BY r.id" },
    [OF_MAILBOX] = { "registration_of_mailbox",
        "WITH own AS (SELECT id FROM registration WHERE address_key = ?1"
        " AND state < 4 UNION ALL SELECT id FROM registration"
        " WHERE address_key = ?1 AND state >= 4),"
        " led AS (SELECT id FROM own UNION ALL SELECT r.id FROM own"
        " JOIN registration r ON r.lead_id = own.id"
        " AND r.address_key IS NULL)"
        " SELECT " COLUMNS FROM "JOIN led ON led.id = r.id"
        " JOIN meeting m ON m.id = r.meeting_id WHERE r.state < 4"
        " AND m.state = 1 AND m.ends_at > ?2 ORDER BY m.starts_at, r.id" },
    [ANY] = { "registration_any",
        "SELECT " COLUMNS FROM "WHERE r.id ="
        " (SELECT max(id) FROM registration)" },
    [UNCONFIRMED] = { "registration_unconfirmed",
        "SELECT " COLUMNS FROM "WHERE r.confirm_by > 0"
        " AND r.confirm_by <= ?1 ORDER BY r.confirm_by, r.id LIMIT ?2" },
};

const struct family registration_family = {
    FAMILY_REGISTRATION, statements, sizeof statements / sizeof *statements,
};

static void read_registration(struct query *q, struct arena *arena,
                              struct registration *r)
{
    int n = 0;

    r->id = column_int(q, n++);
    r->public_id = column_id(q, n++);
    r->generation = column_int(q, n++);
    r->meeting_id = column_int(q, n++);
    r->party_id = column_int(q, n++);
    r->mode = (enum mode)column_int(q, n++);
    r->state = (enum registration_state)column_int(q, n++);
    r->reference = column_text(q, n++, arena);
    r->lang = (enum lang)column_int(q, n++);
    r->wants_invite = column_int(q, n++) != 0;
    r->invite_id = column_int(q, n++);
    r->created_at = column_int(q, n++);
    r->changed_at = column_int(q, n++);
    r->cancelled_at = column_int(q, n++);
    r->person.id = column_int(q, n++);
    r->person.given_name = column_text(q, n++, arena);
    r->person.family_name = column_text(q, n++, arena);
    r->person.title = column_text(q, n++, arena);
    r->person.address = column_text(q, n++, arena);
    r->person.organisation = column_text(q, n++, arena);
    r->person.position = column_text(q, n++, arena);
    r->person.bench_id = column_int(q, n++);
    r->confirm_by = column_int(q, n++);
    r->undecided = column_int(q, n++) != 0;
    r->reason = column_text(q, n++, arena);
    r->lead_id = column_int(q, n++);
    r->mailbox = column_text(q, n++, arena);
    r->person.name_fold = r->person.search_fold = NULL;
}

static enum rc read_one(struct query *q, struct arena *arena,
                        struct registration *out, struct err *err)
{
    bool found = query_next(q);

    if (found)
        read_registration(q, arena, out);
    return query_end_found(q, found, err);
}

static enum rc read_all(struct query *q, struct arena *arena,
                        struct registrations *out, struct err *err)
{
    *out = (struct registrations){ 0 };
    while (query_next(q)) {
        out->items = list_room(arena, out->items, out->count,
                               sizeof *out->items);
        read_registration(q, arena, &out->items[out->count++]);
    }
    return query_end(q, err);
}

enum rc registration_by_public_id(struct reader *reader, struct arena *arena,
                                  const struct id *id,
                                  struct registration *out, struct err *err)
{
    struct query q = query_read(reader, &registration_family, BY_PUBLIC_ID);

    bind_id(&q, 1, id);
    return read_one(&q, arena, out, err);
}

enum rc registration_by_id(struct reader *reader, struct arena *arena,
                           int64_t id, struct registration *out,
                           struct err *err)
{
    struct query q = query_read(reader, &registration_family, BY_ID);

    bind_int(&q, 1, id);
    return read_one(&q, arena, out, err);
}

enum rc registration_of_address(struct reader *reader, int64_t meeting_id,
                                const char *address_key,
                                const char *name_fold, int64_t *count,
                                int64_t *same_id, struct err *err)
{
    struct query q = query_read(reader, &registration_family, OF_ADDRESS);

    bind_int(&q, 1, meeting_id);
    bind_text(&q, 2, address_key);
    bind_text(&q, 3, name_fold);
    *count = *same_id = 0;
    for (; query_next(&q); ++*count)
        if (column_int(&q, 1))
            *same_id = column_int(&q, 0);
    return query_end(&q, err);
}

enum rc registration_of_name(struct reader *reader, int64_t meeting_id,
                             const char *name_fold, const char *organisation,
                             int64_t *same_id, struct err *err)
{
    struct query q = query_read(reader, &registration_family, OF_NAME);

    bind_int(&q, 1, meeting_id);
    bind_text(&q, 2, name_fold);
    bind_text(&q, 3, organisation);
    *same_id = 0;
    enum rc rc = query_number(&q, same_id, err);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc registration_of_lead(struct reader *reader, int64_t lead_id,
                             const char *name_fold, int64_t *same_id,
                             struct err *err)
{
    struct query q = query_read(reader, &registration_family, OF_LEAD);

    bind_int(&q, 1, lead_id);
    bind_text(&q, 2, name_fold);
    *same_id = 0;
    enum rc rc = query_number(&q, same_id, err);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc party_insert(struct writer *writer, int64_t now,
                            int64_t meeting_id, int64_t *id, struct err *err)
{
    struct query q = query_write(writer, &registration_family, PARTY_INSERT);

    bind_int(&q, 1, meeting_id);
    bind_int(&q, 2, now);
    return query_insert(&q, id, err);
}

/* What the list is searched and sorted by, but for the reference, which only
 * the writer knows. */
static const char *search_fold(struct arena *arena, const struct person *p)
{
    /* One by one: what is plain ASCII folds much faster by itself. */
    const char *const parts[] = { p->family_name, p->given_name,
                                  p->organisation,
                                  p->address ? p->address : "" };
    struct str text;

    if (p->search_fold)
        return p->search_fold;
    str_init(&text, arena, SIZE_MAX / 2);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        str_add(&text, text_fold_search(arena, parts[i]));
        str_add(&text, SEARCH_BETWEEN);
    }
    return text.data;
}

void registration_fold(struct arena *arena, struct person *person)
{
    person->name_fold = person->search_fold = NULL;
    person->name_fold = registration_name_fold(arena, person);
    person->search_fold = search_fold(arena, person);
}

char *registration_search(struct arena *arena, const struct registration *r)
{
    struct str text;

    str_init(&text, arena, SIZE_MAX / 2);
    str_add(&text, search_fold(arena, &r->person));
    str_add(&text, text_fold_search(arena, r->reference));
    return text.data;
}

static enum rc row_insert(struct writer *writer, struct arena *arena,
                          int64_t now, struct registration *r,
                          struct err *err)
{
    const char *address = r->person.address;
    struct query q = query_write(writer, &registration_family, INSERT);

    bind_id(&q, 1, &r->public_id);
    bind_int(&q, 2, r->meeting_id);
    bind_int(&q, 3, r->party_id);
    bind_int(&q, 4, r->person.id);
    bind_int(&q, 5, r->mode);
    bind_int(&q, 6, r->state);
    bind_text(&q, 7, r->reference);
    bind_int(&q, 8, r->lang);
    bind_int(&q, 9, r->wants_invite);
    bind_ref(&q, 10, r->invite_id);
    bind_int(&q, 11, now);
    bind_int(&q, 12, r->cancelled_at);
    bind_text(&q, 13, address ? address_key(arena, address) : NULL);
    bind_text(&q, 14, registration_name_fold(arena, &r->person));
    bind_text(&q, 15, registration_search(arena, r));
    bind_ref(&q, 16, r->person.bench_id);
    bind_ref(&q, 17, r->lead_id);
    bind_int(&q, 18, r->confirm_by);
    bind_int(&q, 19, r->undecided);
    return query_insert(&q, &r->id, err);
}

#define REFERENCE_LENGTH 7
#define REFERENCE_TRIES 8

enum rc registration_insert(struct writer *writer, struct arena *arena,
                            int64_t now, struct registration *r,
                            struct err *err)
{
    enum rc rc = r->party_id != 0 ? RC_OK
        : party_insert(writer, now, r->meeting_id, &r->party_id, err);

    if (rc == RC_OK)
        rc = person_insert(writer, &r->person, err);
    if (rc != RC_OK)
        return rc;
    r->public_id = id_random();
    r->generation = 1;
    r->created_at = now;
    r->changed_at = now;
    for (int i = 0; i < REFERENCE_TRIES; i++) {
        r->reference = random_readable(arena, REFERENCE_LENGTH);
        rc = row_insert(writer, arena, now, r, err);
        if (rc != RC_NOT_FOUND)
            return rc;
    }
    return err_set(err, "database: no free reference code was found");
}

enum rc registration_update(struct writer *writer, int64_t now,
                            const struct registration *r, struct err *err)
{
    struct query q = query_write(writer, &registration_family, UPDATE);
    int64_t changed;

    bind_int(&q, 1, r->id);
    bind_int(&q, 2, r->state);
    bind_int(&q, 3, r->mode);
    bind_int(&q, 4, r->generation);
    bind_int(&q, 5, r->wants_invite);
    bind_ref(&q, 6, r->invite_id);
    bind_int(&q, 7, r->cancelled_at);
    bind_int(&q, 8, now);
    bind_int(&q, 9, r->confirm_by);
    bind_int(&q, 10, r->undecided);
    bind_text(&q, 11, r->reason ? r->reason : "");
    enum rc rc = query_run(&q, &changed, err);
    return rc == RC_OK && changed == 0 ? RC_NOT_FOUND : rc;
}

enum rc registration_set_invite(struct writer *writer, int64_t id,
                                int64_t invite_id, struct err *err)
{
    struct query q = query_write(writer, &registration_family, SET_INVITE);

    bind_int(&q, 1, id);
    bind_ref(&q, 2, invite_id);
    return query_run(&q, NULL, err);
}

static struct query slice_query(struct reader *reader, int which,
                                int64_t meeting_id, int64_t after_id,
                                int64_t limit)
{
    struct query q = query_read(reader, &registration_family, which);

    bind_int(&q, 1, meeting_id);
    bind_int(&q, 2, after_id);
    bind_int(&q, 3, limit);
    return q;
}

enum rc registration_slice(struct reader *reader, struct arena *arena,
                           int64_t meeting_id, int64_t after_id,
                           int64_t limit, struct registrations *out,
                           struct err *err)
{
    struct query q = slice_query(reader, SLICE, meeting_id, after_id,
                                 limit);

    return read_all(&q, arena, out, err);
}

static enum rc list_of(struct reader *reader, int which, int64_t id,
                       struct arena *arena, struct registrations *out,
                       struct err *err)
{
    struct query q = query_read(reader, &registration_family, which);

    bind_int(&q, 1, id);
    return read_all(&q, arena, out, err);
}

enum rc registration_of_party(struct reader *reader, struct arena *arena,
                              int64_t party_id, struct registrations *out,
                              struct err *err)
{
    return list_of(reader, OF_PARTY, party_id, arena, out, err);
}

enum rc registration_led_by(struct reader *reader, struct arena *arena,
                            int64_t lead_id, struct registrations *out,
                            struct err *err)
{
    return list_of(reader, LED_BY, lead_id, arena, out, err);
}

enum rc registration_of_mailbox(struct reader *reader, struct arena *arena,
                                const char *address_key, int64_t now,
                                struct registrations *out, struct err *err)
{
    struct query q = query_read(reader, &registration_family, OF_MAILBOX);

    bind_text(&q, 1, address_key);
    bind_int(&q, 2, now);
    return read_all(&q, arena, out, err);
}

enum rc registration_any(struct reader *reader, struct arena *arena,
                         struct registration *out, struct err *err)
{
    struct query q = query_read(reader, &registration_family, ANY);

    return read_one(&q, arena, out, err);
}

enum rc registration_unconfirmed(struct reader *reader, struct arena *arena,
                                 int64_t now, int64_t limit,
                                 struct registrations *out, struct err *err)
{
    struct query q = query_read(reader, &registration_family, UNCONFIRMED);

    bind_int(&q, 1, now);
    bind_int(&q, 2, limit);
    return read_all(&q, arena, out, err);
}

/* The texts are borrowed until the next row. */
static void read_listed(struct query *q, struct registration *r)
{
    int n = 0;

    r->id = column_int(q, n++);
    r->mode = (enum mode)column_int(q, n++);
    r->state = (enum registration_state)column_int(q, n++);
    r->reference = column_borrow(q, n++);
    r->lang = (enum lang)column_int(q, n++);
    r->created_at = column_int(q, n++);
    r->cancelled_at = column_int(q, n++);
    r->person.given_name = column_borrow(q, n++);
    r->person.family_name = column_borrow(q, n++);
    r->person.title = column_borrow(q, n++);
    r->person.address = column_borrow(q, n++);
    r->person.organisation = column_borrow(q, n++);
    r->person.position = column_borrow(q, n++);
    r->person.bench_id = column_int(q, n++);
}

static bool is_taken(struct query *q, const struct match *match,
                     const struct registration *r)
{
    struct match_row row = {
        .id = r->id, .state = (int)r->state, .mode = (int)r->mode,
        .created_at = r->created_at, .bench_id = r->person.bench_id,
    };

    if (match_reads_text(match)) {
        row.search = column_borrow(q, LISTED_COUNT);
        row.search_length = column_length(q, LISTED_COUNT);
    }
    return match_takes(match, &row);
}

static enum rc visit_slice(struct query *q, const struct match *match,
                           registration_visitor *each, void *context,
                           struct registration_cursor *at, struct err *err)
{
    struct registration r = { 0 };
    int64_t read = 0;

    for (; query_next(q); read++) {
        read_listed(q, &r);
        at->after_id = r.id;
        if (is_taken(q, match, &r))
            each(context, &r);
    }
    at->done = read < at->limit;
    return query_end(q, err);
}

enum rc registration_each(struct reader *reader,
                          const struct registration_filter *filter,
                          struct registration_cursor *at,
                          registration_visitor *each, void *context,
                          struct err *err)
{
    struct arena *scratch = arena_new();
    struct match match;
    enum rc rc = match_prepare(reader, scratch, filter, &match, err);

    if (rc == RC_OK) {
        struct query q = slice_query(
            reader, match_reads_text(&match) ? EACH_TEXT : EACH,
            filter->meeting_id, at->after_id, at->limit);
        rc = visit_slice(&q, &match, each, context, at, err);
    }
    arena_free(&scratch);
    return rc;
}

enum rc registration_count_all(struct reader *reader, int64_t meeting_id,
                               int64_t since,
                               struct registration_numbers *out,
                               struct err *err)
{
    struct query q = query_read(reader, &registration_family, NUMBERS);

    bind_int(&q, 1, meeting_id);
    bind_int(&q, 2, since);
    *out = (struct registration_numbers){ 0 };
    if (query_next(&q)) {
        out->registered[MODE_ONSITE] = column_int(&q, 0);
        out->registered[MODE_ONLINE] = column_int(&q, 1);
        out->cancelled = column_int(&q, 2);
        out->declined = column_int(&q, 3);
        out->unconfirmed = column_int(&q, 4);
        out->pending = column_int(&q, 5);
        out->waiting = column_int(&q, 6);
        out->today = column_int(&q, 7);
    }
    return query_end(&q, err);
}

enum rc registration_count_reached(struct reader *reader, int64_t meeting_id,
                                   int64_t *people, int64_t *addressed,
                                   struct err *err)
{
    struct query q = query_read(reader, &registration_family, REACHED);

    bind_int(&q, 1, meeting_id);
    *people = *addressed = 0;
    if (query_next(&q)) {
        *people = column_int(&q, 0);
        *addressed = column_int(&q, 1);
    }
    return query_end(&q, err);
}
