#include "daemon/rules/change.h"

#include <string.h>

#include "daemon/base/address.h"
#include "daemon/base/arena.h"
#include "daemon/model/wish.h"
#include "daemon/rules/outbox.h"
#include "daemon/rules/standing.h"
#include "daemon/store/alliance_store.h"
#include "daemon/store/letter_store.h"
#include "daemon/store/person_store.h"
#include "daemon/store/registration_store.h"

enum change_outcome change_gate(const struct turn *turn,
                                const struct registration *r, bool by_host)
{
    const struct meeting *meeting = &turn->meeting;

    if (!registration_is_live(r) || meeting->state != MEETING_PUBLISHED ||
        turn->now >= meeting->ends_at)
        return CHANGE_CLOSED;
    return by_host || turn->now < meeting_changes_until(meeting)
        ? CHANGE_MADE : CHANGE_LATE;
}

/* ---- what differs ---- */

static void differ(struct audit_change *all, size_t *count,
                   const char *field, const char *was, const char *became)
{
    if (strcmp(was, became) != 0)
        all[(*count)++] = (struct audit_change){ field, was, became };
}

static const char *yes_or_no(bool yes)
{
    return yes ? "yes" : "no";
}

size_t change_differences(const struct registration *r,
                          const struct details *to,
                          struct audit_change *all)
{
    const struct person *was = &r->person, *now = &to->person;
    size_t count = 0;

    differ(all, &count, FIELD_GIVEN, was->given_name, now->given_name);
    differ(all, &count, FIELD_FAMILY, was->family_name, now->family_name);
    differ(all, &count, FIELD_TITLE, was->title, now->title);
    differ(all, &count, FIELD_ORGANISATION, was->organisation,
           now->organisation);
    differ(all, &count, FIELD_POSITION, was->position, now->position);
    if (was->bench_id != now->bench_id)
        all[count++] = (struct audit_change){ FIELD_BENCH, "", "" };
    differ(all, &count, FIELD_INVITE, yes_or_no(r->wants_invite),
           yes_or_no(to->wants_invite));
    return count;
}

static const char *bench_name(const struct benches *benches, int64_t id)
{
    const struct bench *bench = bench_find(benches, id);

    return bench ? bench->name.de : NULL;
}

/* Groups are named in the log: nobody there knows their numbers. */
static enum rc name_benches(struct turn *turn, const struct registration *r,
                            const struct details *to,
                            struct audit_change *all, size_t count,
                            struct err *err)
{
    struct benches benches = { 0 };
    enum rc rc = RC_OK;

    if (r->person.bench_id != to->person.bench_id)
        rc = bench_list(writer_reader(turn->writer), turn->arena,
                        turn->meeting.alliance_id, &benches, err);
    for (size_t i = 0; i < count && rc == RC_OK; i++)
        if (strcmp(all[i].field, FIELD_BENCH) == 0) {
            all[i].was = bench_name(&benches, r->person.bench_id);
            all[i].became = bench_name(&benches, to->person.bench_id);
        }
    return rc;
}

static bool matters(const struct audit_change *all, size_t count)
{
    static const char *const fields[] = { FIELD_GIVEN, FIELD_FAMILY,
                                          FIELD_TITLE, FIELD_ORGANISATION };

    for (size_t i = 0; i < count; i++)
        for (size_t f = 0; f < sizeof fields / sizeof *fields; f++)
            if (strcmp(all[i].field, fields[f]) == 0)
                return true;
    return false;
}

/* ---- the same person ---- */

static enum rc find_same(struct turn *turn, const struct registration *r,
                         const struct person *person, int64_t *same_id,
                         struct err *err)
{
    struct reader *reader = writer_reader(turn->writer);
    const char *fold = registration_name_fold(turn->arena, person);
    int64_t count;

    if (r->person.address)
        return registration_of_address(
            reader, r->meeting_id,
            address_key(turn->arena, r->person.address), fold, &count,
            same_id, err);
    return r->lead_id != 0
        ? registration_of_lead(reader, r->lead_id, fold, same_id, err)
        : registration_of_name(reader, r->meeting_id, fold,
                               person->organisation, same_id, err);
}

/* Whoever only writes herself differently stays who she is. */
static bool is_another_name(struct turn *turn, const struct person *was,
                            const struct person *now)
{
    return strcmp(registration_name_fold(turn->arena, was),
                  registration_name_fold(turn->arena, now)) != 0 ||
           (!was->address && strcmp(was->organisation,
                                    now->organisation) != 0);
}

/* ---- the calendar invitation ---- */

static enum rc invite_now(struct turn *turn, struct registration *r,
                          struct err *err)
{
    enum letter_state state;

    if (r->state != REG_REGISTERED || !r->person.address)
        return RC_OK;
    enum rc rc = outbox_follow(turn->writer, turn->arena, r, &state, err);
    if (rc == RC_OK)
        rc = outbox_invite(turn->writer, turn->arena, turn->now,
                           turn->settings, r, state, err);
    turn->letters = true;
    return rc;
}

/* Somebody else of that address may still want it; then it is theirs. */
static enum rc invite_no_more(struct turn *turn, struct registration *r,
                              struct err *err)
{
    int64_t users = 0;
    enum rc rc = r->invite_id == 0 ? RC_OK
        : invite_count_live(writer_reader(turn->writer), r->invite_id,
                            &users, err);

    if (rc != RC_OK || r->invite_id == 0)
        return rc;
    if (users > 1) {
        r->invite_id = 0;
        return RC_OK;
    }
    turn->letters = true;
    return outbox_call_back(turn->writer, turn->arena, turn->now, r, err);
}

static enum rc set_invite(struct turn *turn, struct registration *r,
                          bool wanted, struct err *err)
{
    if (r->wants_invite == wanted)
        return RC_OK;
    r->wants_invite = wanted;
    return wanted ? invite_now(turn, r, err) : invite_no_more(turn, r, err);
}

/* ---- the whole ---- */

static void put_person(struct registration *r, const struct person *from)
{
    struct person person = *from;

    person.id = r->person.id;
    person.address = r->person.address;
    person.name_fold = person.search_fold = NULL;
    r->person = person;
}

static enum rc apply(struct turn *turn, struct registration *r,
                     const struct details *to,
                     const struct audit_change *all, size_t count,
                     struct err *err)
{
    put_person(r, &to->person);
    enum rc rc = set_invite(turn, r, to->wants_invite, err);
    if (rc == RC_OK)
        rc = person_update(turn->writer, turn->arena, r, err);
    if (rc == RC_OK)
        rc = registration_update(turn->writer, turn->now, r, err);
    if (rc == RC_OK)
        rc = turn_note_changes(turn, r, "change", all, count, err);
    if (rc != RC_OK || !matters(all, count) || r->state != REG_REGISTERED)
        return rc;
    struct standing s = standing_before(r);
    return standing_tell(turn, &s, 1, LETTER_CHANGED, err);
}

enum rc change_granted(struct turn *turn, struct registration *r,
                       const struct details *to, enum change_outcome *outcome,
                       struct err *err)
{
    struct audit_change all[CHANGE_FIELDS];
    size_t count = change_differences(r, to, all);
    struct person after = to->person;
    int64_t same_id = 0;
    enum rc rc = RC_OK;

    after.name_fold = NULL;
    after.address = r->person.address;
    *outcome = count == 0 ? CHANGE_NONE : CHANGE_MADE;
    if (count > 0 && is_another_name(turn, &r->person, &after))
        rc = find_same(turn, r, &after, &same_id, err);
    if (same_id != 0 && same_id != r->id)
        *outcome = CHANGE_SAME;
    if (rc == RC_OK)
        rc = name_benches(turn, r, to, all, count, err);
    return rc == RC_OK && *outcome == CHANGE_MADE
        ? apply(turn, r, to, all, count, err) : rc;
}

enum rc change_details(struct turn *turn, const struct id *registration,
                       const struct details *to, enum change_outcome *outcome,
                       struct err *err)
{
    struct registration r;
    enum rc rc = turn_begin_by_link(turn, registration, &r, err);

    if (rc != RC_OK)
        return rc;
    *outcome = change_gate(turn, &r, false);
    return *outcome == CHANGE_MADE
        ? change_granted(turn, &r, to, outcome, err) : RC_OK;
}
