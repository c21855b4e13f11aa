#include "daemon/rules/wish.h"

#include <string.h>

#include "daemon/base/address.h"
#include "daemon/base/arena.h"
#include "daemon/base/parse.h"
#include "daemon/rules/standing.h"
#include "daemon/rules/switch.h"
#include "daemon/store/alliance_store.h"
#include "daemon/store/letter_store.h"
#include "daemon/store/question_store.h"
#include "daemon/store/registration_store.h"
#include "daemon/store/wish_store.h"

#define VALUES_MOST 9

static enum wish_outcome of_change(enum change_outcome outcome)
{
    switch (outcome) {
    case CHANGE_MADE:
    case CHANGE_WAITS:
        return WISH_DONE;
    case CHANGE_NONE:
        return WISH_NONE;
    case CHANGE_SAME:
        return WISH_SAME;
    case CHANGE_FULL:
        return WISH_FULL;
    case CHANGE_LATE:
    case CHANGE_CLOSED:
        break;
    }
    return WISH_CLOSED;
}

static enum wish_outcome of_handover(enum handover_outcome outcome)
{
    switch (outcome) {
    case HANDOVER_DONE:
        return WISH_DONE;
    case HANDOVER_NONE:
        return WISH_NONE;
    case HANDOVER_SAME:
        return WISH_SAME;
    case HANDOVER_LATE:
    case HANDOVER_CLOSED:
        break;
    }
    return WISH_CLOSED;
}

static enum wish_outcome of_answers(enum answer_outcome outcome)
{
    switch (outcome) {
    case ANSWERS_CHANGED:
        return WISH_DONE;
    case ANSWERS_SAME:
        return WISH_NONE;
    case ANSWERS_FULL:
        return WISH_FULL;
    case ANSWERS_LATE:
    case ANSWERS_CLOSED:
        break;
    }
    return WISH_CLOSED;
}

/* ---- asking ---- */

static struct wish new_wish(struct turn *turn, const struct registration *r,
                            enum wish_kind kind)
{
    return (struct wish){
        .registration_id = r->id, .kind = kind, .reason = "",
        .values = ARENA_ARRAY(turn->arena, struct wish_value, VALUES_MOST),
    };
}

static void want(struct wish *wish, const char *field, const char *wanted)
{
    wish->values[wish->count++] = (struct wish_value){ field, wanted };
}

static const char *bench_text(struct turn *turn, int64_t id)
{
    return id == 0 ? "" : arena_printf(turn->arena, "%lld", (long long)id);
}

/* To whoever the alliance names; without an address the desk alone says
 * it. */
static enum rc tell_host(struct turn *turn, const struct registration *r,
                         struct err *err)
{
    struct alliance alliance;
    char *contact;
    enum rc rc = alliance_by_id(writer_reader(turn->writer), turn->arena,
                                turn->meeting.alliance_id, &alliance, err);

    if (rc != RC_OK || address_check(turn->arena, alliance.contact_email,
                                     &contact) != ADDRESS_OK)
        return rc;
    struct letter letter = {
        .kind = LETTER_WISH_TO_HOST, .state = LETTER_QUEUED,
        .registration_id = r->id, .generation = r->generation,
        .address = contact,
    };
    turn->letters = true;
    return letter_insert(turn->writer, turn->now, &letter, err);
}

static enum rc ask(struct turn *turn, const struct registration *r,
                   struct wish *wish, struct err *err)
{
    enum rc rc = wish_insert(turn->writer, turn->now, turn->meeting.id, wish,
                             err);

    if (rc == RC_OK)
        rc = turn_note(turn, r, "wish", err);
    return rc == RC_OK ? tell_host(turn, r, err) : rc;
}

/* May somebody ask who could not do it herself? */
static enum wish_outcome gate(const struct turn *turn,
                              const struct registration *r)
{
    enum change_outcome own = change_gate(turn, r, false);

    return own == CHANGE_MADE ? WISH_SOON
         : own == CHANGE_LATE ? WISH_DONE : WISH_CLOSED;
}

enum rc wish_for_change(struct turn *turn, const struct id *registration,
                        const struct details *to, enum wish_outcome *outcome,
                        struct err *err)
{
    struct audit_change all[CHANGE_FIELDS];
    struct registration r;
    enum rc rc = turn_begin_by_link(turn, registration, &r, err);

    if (rc != RC_OK)
        return rc;
    size_t count = change_differences(&r, to, all);
    struct wish wish = new_wish(turn, &r, WISH_CHANGE);
    for (size_t i = 0; i < count; i++)
        want(&wish, all[i].field,
             strcmp(all[i].field, FIELD_BENCH) == 0
                 ? bench_text(turn, to->person.bench_id) : all[i].became);
    *outcome = gate(turn, &r);
    if (*outcome == WISH_DONE && count == 0)
        *outcome = WISH_NONE;
    return *outcome == WISH_DONE ? ask(turn, &r, &wish, err) : RC_OK;
}

enum rc wish_for_mode(struct turn *turn, const struct id *registration,
                      enum mode mode, bool may_wait,
                      enum wish_outcome *outcome, struct err *err)
{
    struct registration r;
    enum rc rc = turn_begin_by_link(turn, registration, &r, err);

    if (rc != RC_OK)
        return rc;
    struct wish wish = new_wish(turn, &r, WISH_MODE);
    want(&wish, FIELD_MODE, mode_word(mode));
    want(&wish, FIELD_WAIT, may_wait ? "yes" : "no");
    *outcome = gate(turn, &r);
    if (*outcome == WISH_DONE && r.mode == mode)
        *outcome = WISH_NONE;
    return *outcome == WISH_DONE ? ask(turn, &r, &wish, err) : RC_OK;
}

enum rc wish_for_handover(struct turn *turn, const struct id *registration,
                          const struct handover *to,
                          enum wish_outcome *outcome, struct err *err)
{
    const struct person *person = &to->person;
    struct registration r;
    enum rc rc = turn_begin_by_link(turn, registration, &r, err);

    if (rc != RC_OK)
        return rc;
    struct wish wish = new_wish(turn, &r, WISH_HANDOVER);
    want(&wish, FIELD_GIVEN, person->given_name);
    want(&wish, FIELD_FAMILY, person->family_name);
    want(&wish, FIELD_TITLE, person->title);
    want(&wish, FIELD_EMAIL, person->address);
    want(&wish, FIELD_ORGANISATION, person->organisation);
    want(&wish, FIELD_POSITION, person->position);
    want(&wish, FIELD_BENCH, bench_text(turn, person->bench_id));
    want(&wish, FIELD_INVITE, to->wants_invite ? "yes" : "no");
    *outcome = gate(turn, &r);
    if (*outcome == WISH_DONE &&
        handover_gate(turn, &r, true) != HANDOVER_DONE)
        *outcome = WISH_CLOSED;
    return *outcome == WISH_DONE ? ask(turn, &r, &wish, err) : RC_OK;
}

enum rc wish_for_answers(struct turn *turn, const struct id *registration,
                         const struct answers *answers,
                         enum wish_outcome *outcome, struct err *err)
{
    struct answer_changes changes = { 0 };
    struct registration r;
    enum rc rc = turn_begin_by_link(turn, registration, &r, err);

    if (rc == RC_OK)
        rc = answers_differ(turn, &r, answers, &changes, err);
    if (rc != RC_OK)
        return rc;
    struct wish wish = { .registration_id = r.id, .kind = WISH_ANSWERS,
                         .reason = "" };
    wish_put_answers(turn->arena, answers, &wish);
    *outcome = gate(turn, &r);
    if (*outcome == WISH_DONE && changes.count == 0)
        *outcome = WISH_NONE;
    return *outcome == WISH_DONE ? ask(turn, &r, &wish, err) : RC_OK;
}

enum rc wish_withdraw(struct turn *turn, const struct id *registration,
                      enum wish_kind kind, enum wish_outcome *outcome,
                      struct err *err)
{
    struct registration r;
    struct wishes all;
    enum rc rc = turn_begin_by_link(turn, registration, &r, err);

    *outcome = WISH_NONE;
    if (rc == RC_OK)
        rc = wish_of_registration(writer_reader(turn->writer), turn->arena,
                                  r.id, &all, err);
    for (size_t i = 0; rc == RC_OK && i < all.count; i++) {
        if (all.items[i].kind != kind || all.items[i].declined_at != 0)
            continue;
        *outcome = WISH_DONE;
        rc = wish_delete(turn->writer, all.items[i].id, err);
        if (rc == RC_OK)
            rc = turn_note(turn, &r, "withdraw-wish", err);
    }
    return rc;
}

/* ---- deciding ---- */

static const char *wanted_or(const struct wish *wish, const char *field,
                             const char *otherwise)
{
    const char *wanted = wish_wanted(wish, field);

    return wanted ? wanted : otherwise;
}

static bool wants_invite(const struct wish *wish, bool otherwise)
{
    const char *wanted = wish_wanted(wish, FIELD_INVITE);

    return wanted ? strcmp(wanted, "yes") == 0 : otherwise;
}

/* What it says, over what is. */
static struct person wanted_person(const struct wish *wish,
                                   const struct person *is)
{
    const char *bench = wish_wanted(wish, FIELD_BENCH);
    struct person person = {
        .given_name = wanted_or(wish, FIELD_GIVEN, is->given_name),
        .family_name = wanted_or(wish, FIELD_FAMILY, is->family_name),
        .title = wanted_or(wish, FIELD_TITLE, is->title),
        .address = wanted_or(wish, FIELD_EMAIL, is->address),
        .organisation = wanted_or(wish, FIELD_ORGANISATION,
                                  is->organisation),
        .position = wanted_or(wish, FIELD_POSITION, is->position),
        .bench_id = bench ? 0 : is->bench_id,
    };

    if (bench && *bench)
        parse_int(bench, 1, INT64_MAX, &person.bench_id);
    return person;
}

static enum rc grant_change(struct turn *turn, const struct wish *wish,
                            struct registration *r,
                            enum wish_outcome *outcome, struct err *err)
{
    const struct details to = {
        .person = wanted_person(wish, &r->person),
        .wants_invite = wants_invite(wish, r->wants_invite),
    };
    enum change_outcome changed = CHANGE_CLOSED;
    enum rc rc = change_granted(turn, r, &to, &changed, err);

    *outcome = of_change(changed);
    return rc;
}

static enum rc grant_mode(struct turn *turn, const struct wish *wish,
                          struct registration *r, enum wish_outcome *outcome,
                          struct err *err)
{
    enum mode mode = r->mode;
    enum change_outcome changed = CHANGE_CLOSED;
    bool may_wait = strcmp(wanted_or(wish, FIELD_WAIT, "no"), "yes") == 0;

    if (!mode_parse(wanted_or(wish, FIELD_MODE, ""), &mode))
        return err_set(err, "a wish for no mode");
    enum rc rc = switch_granted(turn, r, mode, may_wait, &changed, err);
    *outcome = of_change(changed);
    return rc;
}

static enum rc grant_handover(struct turn *turn, const struct wish *wish,
                              struct registration *r,
                              enum wish_outcome *outcome, struct err *err)
{
    const struct handover to = {
        .person = wanted_person(wish, &r->person),
        .wants_invite = wants_invite(wish, r->wants_invite),
        .lang = r->lang,
    };
    enum handover_outcome handed = HANDOVER_CLOSED;
    enum rc rc = handover_granted(turn, r, &to, &handed, err);

    *outcome = of_handover(handed);
    return rc;
}

static enum rc grant_answers(struct turn *turn, const struct wish *wish,
                             struct registration *r,
                             enum wish_outcome *outcome, struct err *err)
{
    enum answer_outcome changed = ANSWERS_CLOSED;
    struct questions questions;
    struct answers answers;
    struct answers_misfit misfit;
    enum rc rc = question_list(writer_reader(turn->writer), turn->arena,
                               r->meeting_id, &questions, err);

    if (rc != RC_OK)
        return rc;
    wish_answers(turn->arena, wish, &questions, (int)r->mode, &answers);
    rc = answers_granted(turn, r, &answers, &changed, &misfit, err);
    *outcome = of_answers(changed);
    return rc;
}

typedef enum rc granting(struct turn *, const struct wish *,
                         struct registration *, enum wish_outcome *,
                         struct err *);

static granting *const grants[WISH_KIND_COUNT] = {
    [WISH_CHANGE] = grant_change,
    [WISH_MODE] = grant_mode,
    [WISH_HANDOVER] = grant_handover,
    [WISH_ANSWERS] = grant_answers,
};

/* What is so already, the person has by now: the wish is met. */
static enum rc grant(struct turn *turn, const struct wish *wish,
                     struct registration *r, enum wish_outcome *outcome,
                     struct err *err)
{
    enum rc rc = grants[wish->kind](turn, wish, r, outcome, err);

    if (rc == RC_OK && *outcome == WISH_NONE)
        *outcome = WISH_DONE;
    if (rc != RC_OK || *outcome != WISH_DONE)
        return rc;
    rc = turn_note(turn, r, "grant-wish", err);
    return rc == RC_OK ? wish_delete(turn->writer, wish->id, err) : rc;
}

static enum rc decline(struct turn *turn, const struct wish *wish,
                       const struct registration *r, const char *reason,
                       struct err *err)
{
    const struct standing s = standing_before(r);
    enum rc rc = wish_set_declined(turn->writer, turn->now, wish->id, reason,
                                   err);

    if (rc == RC_OK)
        rc = turn_note(turn, r, "decline-wish", err);
    return rc == RC_OK
        ? standing_tell(turn, &s, 1, LETTER_WISH_DECLINED, err) : rc;
}

enum rc wish_decide(struct turn *turn, int64_t wish_id, bool granted,
                    const char *reason, enum wish_outcome *outcome,
                    struct err *err)
{
    struct reader *reader = writer_reader(turn->writer);
    struct registration r;
    struct wish wish;
    enum rc rc = wish_by_id(reader, turn->arena, wish_id, &wish, err);

    *outcome = WISH_NONE;
    if (rc == RC_NOT_FOUND || (rc == RC_OK && wish.declined_at != 0))
        return RC_OK;
    if (rc == RC_OK)
        rc = registration_by_id(reader, turn->arena, wish.registration_id,
                                &r, err);
    if (rc == RC_OK)
        rc = turn_begin(turn, r.meeting_id, err);
    if (rc != RC_OK)
        return rc;
    if (change_gate(turn, &r, true) != CHANGE_MADE) {
        *outcome = WISH_CLOSED;
        return RC_OK;
    }
    *outcome = WISH_DONE;
    return granted ? grant(turn, &wish, &r, outcome, err)
                   : decline(turn, &wish, &r, reason, err);
}
