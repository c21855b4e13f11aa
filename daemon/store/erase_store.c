#include "daemon/store/erase_store.h"

#include "daemon/base/arena.h"
#include "daemon/store/answer_store.h"
#include "daemon/store/query.h"
#include "daemon/store/registration_store.h"
#include "daemon/store/wish_store.h"

enum {
    TALLY_ADD, TALLY_READ, TALLY_PURGED, STRAYS_NOTE, LETTERS_DELETE,
    LETTERS_DELETE_OTHERS, LETTERS_BLANK, LETTERS_HAND_OVER,
    LETTER_QUEUED_IS, SHARER, FAREWELL_DELETE, SUPPORT_DELETE,
    CONSENTS_DELETE, VALUES_DELETE, FORMER_STRAYS, FORMER_LETTERS,
    FORMER_INVITES,
    LED_STRAYS, LED_LETTERS, LED_FORGET,
    AUDIT_FORGET, ROW_DELETE, PERSON_DELETE, PARTY_DELETE, INVITE_DELETE,
    STEP_DELETE, ADDRESS_DELETE, ROW_STRIP, PERSON_STRIP, FAREWELL_INSERT,
    FAREWELL_IS, FAREWELL_LATE, MEETINGS, NEXT, MARK_PURGED, BY_ADDRESS,
    BY_ADDRESS_AT, BY_REFERENCE, OTHERS_NAMED, LETTERS_WAITING, STRAY_LIST,
    STRAY_DELETE,
};

/* Somebody who registered is in these; see erase_rows() and, for seats
 * and queues, rules/seating. A step stays for its day: it holds no address,
 * and else whoever is erased could be written to without end. */
const char *const erase_places[] = {
    "address", "answer", "answer_option", "audit", "audit_value", "consent",
    "farewell", "feedback", "invite", "letter", "party", "person",
    "registration", "seat", "step", "stray", "support", "wait", "wish",
    "wish_value", NULL,
};

/* Nobody but ?1 itself has this address ?2; each half reads one partial
 * index. */
#define NOBODY_ELSE \
    " NOT EXISTS (SELECT 1 FROM registration r WHERE r.address_key = ?2" \
    " AND r.state < 4 AND r.id <> ?1) AND NOT EXISTS (SELECT 1" \
    " FROM registration r WHERE r.address_key = ?2 AND r.state >= 4" \
    " AND r.id <> ?1)"

/* Letters to whoever had the registration before, but for the organiser's
 * (kind 16), once none of them waits. */
#define OF_FORMER \
    " registration_id = ?1 AND kind <> 16" \
    " AND address_key <> (SELECT r.address_key FROM registration r" \
    " WHERE r.id = ?1 AND r.generation > 1) AND NOT EXISTS (SELECT 1" \
    " FROM letter l WHERE l.registration_id = ?1 AND l.state = 0" \
    " AND l.kind <> 16 AND l.address_key = letter.address_key)"
_Static_assert(LETTER_WISH_TO_HOST == 16 && LETTER_HANDED_OVER == 14 &&
               LETTER_WITHDRAWAL == 3, "kinds in SQL");

static const struct statement statements[] = {
    [TALLY_ADD] = { "tally_add",
        "INSERT INTO tally (meeting_id, state, mode, bench_id, people)"
        " VALUES (?1, ?2, ?3, ?4, 1)"
        " ON CONFLICT (meeting_id, state, mode, bench_id)"
        " DO UPDATE SET people = tally.people + 1" },
    [TALLY_READ] = { "tally_read",
        "SELECT state, mode, sum(people) FROM tally WHERE meeting_id = ?1"
        " GROUP BY state, mode" },
    [TALLY_PURGED] = { "tally_purged",
        "SELECT purged_at FROM meeting WHERE id = ?1" },
    /* One that never went out has no file. */
    [STRAYS_NOTE] = { "stray_note",
        "INSERT INTO stray (letter_id, written_at) SELECT id, created_at"
        " FROM letter WHERE registration_id = ?1 AND (state < 2"
        " OR attempts > 0) ON CONFLICT (letter_id) DO NOTHING" },
    [LETTERS_DELETE] = { "letter_delete_all",
        "DELETE FROM letter WHERE registration_id = ?1" },
    /* But for what a former mailbox still has to hear, or whose calendar
     * still holds an entry that was withdrawn. */
    [LETTERS_DELETE_OTHERS] = { "letter_delete_others",
        "DELETE FROM letter WHERE registration_id = ?1"
        " AND (invite_id IS NULL OR invite_id <> ?2)"
        " AND NOT (state = 0 AND kind = 14) AND NOT EXISTS (SELECT 1"
        " FROM letter w WHERE w.invite_id = letter.invite_id"
        " AND w.state = 0 AND w.kind = 3)" },
    [LETTERS_BLANK] = { "letter_blank",
        "UPDATE letter SET remark = '' WHERE registration_id = ?1" },
    [LETTERS_HAND_OVER] = { "letter_hand_over",
        "UPDATE letter SET registration_id = ?2 WHERE registration_id = ?1"
        " AND invite_id = ?3" },
    [LETTER_QUEUED_IS] = { "letter_queued_is",
        "SELECT count(*) FROM letter WHERE registration_id = ?1"
        " AND kind = ?2 AND state = 0" },
    [SHARER] = { "invite_sharer",
        "SELECT id FROM registration WHERE invite_id = ?1 AND id <> ?2"
        " ORDER BY CASE WHEN state < 4 THEN 0 ELSE 1 END, id LIMIT 1" },
    [FAREWELL_DELETE] = { "farewell_delete",
        "DELETE FROM farewell WHERE registration_id = ?1" },
    [SUPPORT_DELETE] = { "support_erase",
        "DELETE FROM support WHERE registration_id = ?1" },
    [CONSENTS_DELETE] = { "consent_erase",
        "DELETE FROM consent WHERE registration_id = ?1" },
    [FORMER_STRAYS] = { "stray_note_former",
        "INSERT INTO stray (letter_id, written_at) SELECT id, created_at"
        " FROM letter WHERE" OF_FORMER " AND (state < 2 OR attempts > 0)"
        " ON CONFLICT (letter_id) DO NOTHING" },
    [FORMER_LETTERS] = { "letter_delete_former",
        "DELETE FROM letter WHERE" OF_FORMER },
    [FORMER_INVITES] = { "invite_delete_former",
        "DELETE FROM invite WHERE cancelled = 1 AND meeting_id = (SELECT"
        " meeting_id FROM registration WHERE id = ?1)"
        " AND NOT EXISTS (SELECT 1 FROM letter l"
        " WHERE l.invite_id = invite.id)"
        " AND NOT EXISTS (SELECT 1 FROM registration r"
        " WHERE r.invite_id = invite.id)" },
    [VALUES_DELETE] = { "audit_value_delete",
        "DELETE FROM audit_value WHERE person_id = ?1" },
    /* What went to her about her companions has her address on it. */
    [LED_STRAYS] = { "stray_note_led",
        "INSERT INTO stray (letter_id, written_at) SELECT id, created_at"
        " FROM letter WHERE registration_id IN (SELECT id FROM registration"
        " WHERE lead_id = ?1) AND address_key = ?2 AND (state < 2"
        " OR attempts > 0) ON CONFLICT (letter_id) DO NOTHING" },
    [LED_LETTERS] = { "letter_delete_led",
        "DELETE FROM letter WHERE registration_id IN (SELECT id FROM"
        " registration WHERE lead_id = ?1) AND address_key = ?2" },
    /* Her companions stay; their letters have no mailbox any more. */
    [LED_FORGET] = { "registration_led_forget",
        "UPDATE registration SET lead_id = NULL WHERE lead_id = ?1" },
    [AUDIT_FORGET] = { "audit_forget",
        "UPDATE audit SET registration_id = NULL"
        " WHERE registration_id = ?1" },
    [ROW_DELETE] = { "registration_delete",
        "DELETE FROM registration WHERE id = ?1" },
    [PERSON_DELETE] = { "person_delete", "DELETE FROM person WHERE id = ?1" },
    [PARTY_DELETE] = { "party_delete",
        "DELETE FROM party WHERE id = ?1 AND NOT EXISTS (SELECT 1"
        " FROM registration r WHERE r.party_id = ?1)" },
    [INVITE_DELETE] = { "invite_delete",
        "DELETE FROM invite WHERE meeting_id = ?1 AND address = ?2"
        " AND NOT EXISTS (SELECT 1 FROM letter l"
        " WHERE l.invite_id = invite.id)"
        " AND NOT EXISTS (SELECT 1 FROM registration r"
        " WHERE r.invite_id = invite.id)" },
    /* Of before the upgrade: for a day after it, some have an address. */
    [STEP_DELETE] = { "step_delete",
        "DELETE FROM step WHERE address_key = ?2" },
    [ADDRESS_DELETE] = { "address_delete",
        "DELETE FROM address WHERE address_key = ?2 AND" NOBODY_ELSE },
    [ROW_STRIP] = { "registration_strip",
        "UPDATE registration SET public_id = ?2, reference = ?3,"
        " generation = generation + 1, state = 4, address_key = NULL,"
        " name_fold = '', search = '', bench_id = NULL, reason = '',"
        " confirm_by = 0, undecided = 0, lead_id = NULL, changed_at = ?4"
        " WHERE id = ?1" },
    [PERSON_STRIP] = { "person_strip",
        "UPDATE person SET given_name = '', family_name = '', title = '',"
        " address = NULL, organisation = '', position = '',"
        " bench_id = NULL WHERE id = ?1" },
    [FAREWELL_INSERT] = { "farewell_insert",
        "INSERT INTO farewell (registration_id, latest) VALUES (?1, ?2)" },
    [FAREWELL_IS] = { "farewell_is",
        "SELECT count(*) FROM farewell WHERE registration_id = ?1" },
    [FAREWELL_LATE] = { "farewell_late",
        "SELECT registration_id FROM farewell WHERE latest <= ?1 LIMIT 1" },
    [MEETINGS] = { "meeting_with_people_over",
        "SELECT id FROM meeting WHERE ends_at + keep_days * 86400 <= ?1"
        " AND EXISTS (SELECT 1 FROM registration r"
        " WHERE r.meeting_id = meeting.id) ORDER BY id" },
    [NEXT] = { "registration_first",
        "SELECT id FROM registration WHERE meeting_id = ?1 ORDER BY id"
        " LIMIT ?2" },
    [MARK_PURGED] = { "meeting_mark_purged",
        "UPDATE meeting SET purged_at = ?2 WHERE id = ?1" },
    [BY_ADDRESS] = { "registration_by_address",
        "SELECT id FROM registration WHERE address_key = ?1 AND state < 4"
        " UNION ALL SELECT id FROM registration WHERE address_key = ?1"
        " AND state >= 4" },
    [BY_ADDRESS_AT] = { "registration_by_address_at",
        "SELECT id FROM registration WHERE address_key = ?1"
        " AND meeting_id = ?2 AND state < 4"
        " UNION ALL SELECT id FROM registration WHERE address_key = ?1"
        " AND meeting_id = ?2 AND state >= 4" },
    [BY_REFERENCE] = { "registration_by_reference",
        "SELECT id FROM registration WHERE meeting_id = ?1"
        " AND reference = ?2" },
    [OTHERS_NAMED] = { "erase_others_named",
        "SELECT count(*) FROM registration WHERE name_fold = ?1" },
    [LETTERS_WAITING] = { "erase_letters_waiting",
        "SELECT count(*) FROM letter WHERE address_key = ?1" },
    [STRAY_LIST] = { "stray_list",
        "SELECT letter_id, written_at FROM stray ORDER BY letter_id"
        " LIMIT ?1" },
    [STRAY_DELETE] = { "stray_delete",
        "DELETE FROM stray WHERE letter_id = ?1" },
};

const struct family erase_family = {
    FAMILY_ERASE, statements, sizeof statements / sizeof *statements,
};

/* Those that want one number, and those that want two. */
static enum rc run_1(struct writer *writer, int which, int64_t first,
                     struct err *err)
{
    struct query q = query_write(writer, &erase_family, which);

    bind_int(&q, 1, first);
    return query_run(&q, NULL, err);
}

static enum rc run_2(struct writer *writer, int which, int64_t first,
                     int64_t second, struct err *err)
{
    struct query q = query_write(writer, &erase_family, which);

    bind_int(&q, 1, first);
    bind_int(&q, 2, second);
    return query_run(&q, NULL, err);
}

static enum rc run_with_address(struct writer *writer, int which,
                                int64_t first, const char *address_key,
                                struct err *err)
{
    struct query q = query_write(writer, &erase_family, which);

    bind_int(&q, 1, first);
    bind_text(&q, 2, address_key);
    return query_run(&q, NULL, err);
}

enum rc tally_add(struct writer *writer, const struct registration *r,
                  enum registration_state state, struct err *err)
{
    struct query q = query_write(writer, &erase_family, TALLY_ADD);

    bind_int(&q, 1, r->meeting_id);
    bind_int(&q, 2, state);
    bind_int(&q, 3, r->mode);
    bind_int(&q, 4, r->person.bench_id);
    return query_run(&q, NULL, err);
}

enum rc tally_read(struct reader *reader, int64_t meeting_id,
                   struct tally *out, struct err *err)
{
    struct query q = query_read(reader, &erase_family, TALLY_READ);

    *out = (struct tally){ 0 };
    bind_int(&q, 1, meeting_id);
    while (query_next(&q)) {
        int64_t people = column_int(&q, 2);

        out->people[column_int(&q, 0)][column_int(&q, 1)] = people;
        out->all += people;
    }
    enum rc rc = query_end(&q, err);
    if (rc != RC_OK)
        return rc;
    q = query_read(reader, &erase_family, TALLY_PURGED);
    bind_int(&q, 1, meeting_id);
    return query_number(&q, &out->purged_at, err);
}

/* What the address alone tells. */
static enum rc erase_mailbox(struct writer *writer, int64_t id,
                             const char *address_key, struct err *err)
{
    static const int by_address[] = { LED_STRAYS, LED_LETTERS, STEP_DELETE,
                                      ADDRESS_DELETE };
    enum rc rc = RC_OK;

    for (size_t i = 0; i < sizeof by_address / sizeof *by_address &&
         rc == RC_OK; i++)
        rc = run_with_address(writer, by_address[i], id, address_key, err);
    return rc;
}

/* What that person said, and what was said of her, beside its own rows. */
static enum rc erase_words(struct writer *writer,
                           const struct registration *r, struct err *err)
{
    static const int by_registration[] = { SUPPORT_DELETE, CONSENTS_DELETE };
    enum rc rc = answer_delete(writer, r->id, err);

    if (rc == RC_OK)
        rc = wish_delete_all(writer, r->id, err);
    if (rc == RC_OK)
        rc = run_1(writer, VALUES_DELETE, r->person.id, err);
    for (size_t i = 0; i < sizeof by_registration / sizeof *by_registration &&
         rc == RC_OK; i++)
        rc = run_1(writer, by_registration[i], r->id, err);
    return rc;
}

/* What speaks of the person beside its own rows. */
static enum rc erase_traces(struct writer *writer,
                            const struct registration *r,
                            const char *address_key, struct err *err)
{
    enum rc rc = address_key
        ? erase_mailbox(writer, r->id, address_key, err) : RC_OK;

    if (rc == RC_OK)
        rc = erase_words(writer, r, err);
    if (rc == RC_OK)
        rc = run_1(writer, AUDIT_FORGET, r->id, err);
    return rc == RC_OK ? run_1(writer, LED_FORGET, r->id, err) : rc;
}

static enum rc erase_letters(struct writer *writer, int64_t registration_id,
                             struct err *err)
{
    enum rc rc = run_1(writer, STRAYS_NOTE, registration_id, err);

    return rc == RC_OK
        ? run_1(writer, LETTERS_DELETE, registration_id, err) : rc;
}

enum rc erase_rows(struct writer *writer, const struct registration *r,
                   const char *address_key, struct err *err)
{
    static const int by_id[] = { FAREWELL_DELETE, ROW_DELETE };
    enum rc rc = erase_traces(writer, r, address_key, err);

    if (rc == RC_OK)
        rc = erase_letters(writer, r->id, err);
    if (rc == RC_OK && r->generation > 1)
        rc = run_1(writer, FORMER_INVITES, r->id, err);
    for (size_t i = 0; i < 2 && rc == RC_OK; i++)
        rc = run_1(writer, by_id[i], r->id, err);
    if (rc == RC_OK)
        rc = run_1(writer, PERSON_DELETE, r->person.id, err);
    if (rc == RC_OK)
        rc = run_1(writer, PARTY_DELETE, r->party_id, err);
    return rc == RC_OK && address_key
        ? run_with_address(writer, INVITE_DELETE, r->meeting_id, address_key,
                           err) : rc;
}

static enum rc strip(struct writer *writer, struct arena *arena, int64_t now,
                     const struct registration *r, struct err *err)
{
    struct query q = query_write(writer, &erase_family, ROW_STRIP);
    struct id made_up = id_random();

    bind_int(&q, 1, r->id);
    bind_id(&q, 2, &made_up);
    bind_text(&q, 3, id_uuid(arena, &made_up));
    bind_int(&q, 4, now);
    enum rc rc = query_run(&q, NULL, err);
    return rc == RC_OK ? run_1(writer, PERSON_STRIP, r->person.id, err) : rc;
}

enum rc erase_all_but_letters(struct writer *writer, struct arena *arena,
                              int64_t now, int64_t latest,
                              const struct registration *r,
                              const char *address_key, struct err *err)
{
    enum rc rc = erase_traces(writer, r, address_key, err);

    if (rc == RC_OK)
        rc = run_1(writer, STRAYS_NOTE, r->id, err);
    if (rc == RC_OK)
        rc = run_2(writer, LETTERS_DELETE_OTHERS, r->id, r->invite_id, err);
    if (rc == RC_OK)
        rc = run_1(writer, LETTERS_BLANK, r->id, err);
    if (rc == RC_OK)
        rc = strip(writer, arena, now, r, err);
    return rc == RC_OK
        ? run_2(writer, FAREWELL_INSERT, r->id, latest, err) : rc;
}

enum rc erase_former(struct writer *writer, const struct registration *former,
                     const char *address_key, struct err *err)
{
    /* Nobody who came: its places are not counted among them. */
    enum rc rc = answer_release(writer, former->id, err);

    /* What she did is not for whoever comes after her to read. */
    if (rc == RC_OK)
        rc = run_1(writer, AUDIT_FORGET, former->id, err);
    if (rc == RC_OK)
        rc = erase_words(writer, former, err);
    if (rc == RC_OK)
        rc = run_1(writer, STRAYS_NOTE, former->id, err);
    if (rc == RC_OK)
        rc = run_2(writer, LETTERS_DELETE_OTHERS, former->id,
                   former->invite_id, err);
    if (rc == RC_OK)
        rc = run_1(writer, LETTERS_BLANK, former->id, err);
    if (rc == RC_OK)
        rc = run_1(writer, PERSON_DELETE, former->person.id, err);
    return rc == RC_OK && address_key
        ? erase_mailbox(writer, former->id, address_key, err) : rc;
}

enum rc erase_former_letters(struct writer *writer, int64_t registration_id,
                             bool *gone, struct err *err)
{
    int64_t letters = 0;
    enum rc rc = run_1(writer, FORMER_STRAYS, registration_id, err);

    *gone = false;
    if (rc != RC_OK)
        return rc;
    struct query q = query_write(writer, &erase_family, FORMER_LETTERS);
    bind_int(&q, 1, registration_id);
    rc = query_run(&q, &letters, err);
    *gone = letters > 0;
    return rc == RC_OK && *gone
        ? run_1(writer, FORMER_INVITES, registration_id, err) : rc;
}

enum rc erase_hand_over(struct writer *writer, const struct registration *r,
                        struct err *err)
{
    struct query q = query_read(writer_reader(writer), &erase_family,
                                SHARER);
    int64_t sharer = 0;

    bind_int(&q, 1, r->invite_id);
    bind_int(&q, 2, r->id);
    enum rc rc = query_number(&q, &sharer, err);
    if (rc != RC_OK)
        return rc;
    q = query_write(writer, &erase_family, LETTERS_HAND_OVER);
    bind_int(&q, 1, r->id);
    bind_int(&q, 2, sharer);
    bind_int(&q, 3, r->invite_id);
    return query_run(&q, NULL, err);
}

enum rc erase_letter_queued(struct reader *reader, int64_t registration_id,
                            enum letter_kind kind, bool *queued,
                            struct err *err)
{
    struct query q = query_read(reader, &erase_family, LETTER_QUEUED_IS);
    int64_t count = 0;

    bind_int(&q, 1, registration_id);
    bind_int(&q, 2, kind);
    enum rc rc = query_number(&q, &count, err);
    *queued = count > 0;
    return rc;
}

enum rc farewell_is(struct reader *reader, int64_t registration_id,
                    bool *farewell, struct err *err)
{
    struct query q = query_read(reader, &erase_family, FAREWELL_IS);
    int64_t count = 0;

    bind_int(&q, 1, registration_id);
    enum rc rc = query_number(&q, &count, err);
    *farewell = count > 0;
    return rc;
}

enum rc farewell_late(struct reader *reader, int64_t now,
                      int64_t *registration_id, struct err *err)
{
    struct query q = query_read(reader, &erase_family, FAREWELL_LATE);

    bind_int(&q, 1, now);
    return query_number(&q, registration_id, err);
}

enum rc erase_meetings(struct reader *reader, struct arena *arena,
                       int64_t ended, struct meeting_ids *out,
                       struct err *err)
{
    struct query q = query_read(reader, &erase_family, MEETINGS);

    *out = (struct meeting_ids){ 0 };
    bind_int(&q, 1, ended);
    while (query_next(&q)) {
        out->items = list_room(arena, out->items, out->count,
                               sizeof *out->items);
        out->items[out->count++] = column_int(&q, 0);
    }
    return query_end(&q, err);
}

/* The query gives ids alone; the rest is registration_store's to read. */
static enum rc read_all(struct query *q, struct reader *reader,
                        struct arena *arena, struct registrations *out,
                        struct err *err)
{
    *out = (struct registrations){ 0 };
    while (query_next(q)) {
        out->items = list_room(arena, out->items, out->count,
                               sizeof *out->items);
        out->items[out->count++].id = column_int(q, 0);
    }
    enum rc rc = query_end(q, err);
    for (size_t i = 0; i < out->count && rc == RC_OK; i++)
        rc = registration_by_id(reader, arena, out->items[i].id,
                                &out->items[i], err);
    return rc;
}

enum rc erase_next(struct reader *reader, struct arena *arena,
                   int64_t meeting_id, int64_t limit,
                   struct registrations *out, struct err *err)
{
    struct query q = query_read(reader, &erase_family, NEXT);

    bind_int(&q, 1, meeting_id);
    bind_int(&q, 2, limit);
    return read_all(&q, reader, arena, out, err);
}

enum rc erase_mark_purged(struct writer *writer, int64_t now,
                          int64_t meeting_id, struct err *err)
{
    return run_2(writer, MARK_PURGED, meeting_id, now, err);
}

enum rc erase_find_address(struct reader *reader, struct arena *arena,
                           const char *address_key, int64_t meeting_id,
                           struct registrations *out, struct err *err)
{
    struct query q = query_read(reader, &erase_family,
                                meeting_id ? BY_ADDRESS_AT : BY_ADDRESS);

    bind_text(&q, 1, address_key);
    if (meeting_id)
        bind_int(&q, 2, meeting_id);
    return read_all(&q, reader, arena, out, err);
}

enum rc erase_find_reference(struct reader *reader, struct arena *arena,
                             int64_t meeting_id, const char *reference,
                             struct registration *out, struct err *err)
{
    struct query q = query_read(reader, &erase_family, BY_REFERENCE);
    int64_t id = 0;

    bind_int(&q, 1, meeting_id);
    bind_text(&q, 2, reference);
    enum rc rc = query_number(&q, &id, err);
    return rc == RC_OK ? registration_by_id(reader, arena, id, out, err)
                       : rc;
}

static enum rc count_text(struct reader *reader, int which, const char *text,
                          int64_t *count, struct err *err)
{
    struct query q = query_read(reader, &erase_family, which);

    bind_text(&q, 1, text);
    return query_number(&q, count, err);
}

enum rc erase_count_others(struct reader *reader, const char *address_key,
                           const char *name_fold, int64_t *people,
                           int64_t *letters, struct err *err)
{
    enum rc rc = count_text(reader, OTHERS_NAMED, name_fold, people, err);

    return rc == RC_OK ? count_text(reader, LETTERS_WAITING, address_key,
                                    letters, err) : rc;
}

enum rc stray_list(struct reader *reader, struct arena *arena, int64_t limit,
                   struct stray_files *out, struct err *err)
{
    struct query q = query_read(reader, &erase_family, STRAY_LIST);

    *out = (struct stray_files){ 0 };
    bind_int(&q, 1, limit);
    while (query_next(&q)) {
        out->items = list_room(arena, out->items, out->count,
                               sizeof *out->items);
        out->items[out->count++] = (struct stray){
            .letter_id = column_int(&q, 0), .written_at = column_int(&q, 1),
        };
    }
    return query_end(&q, err);
}

enum rc stray_delete(struct writer *writer, int64_t letter_id,
                     struct err *err)
{
    return run_1(writer, STRAY_DELETE, letter_id, err);
}
