#include "daemon/rules/standing.h"

#include "daemon/rules/answer_change.h"
#include "daemon/store/answer_store.h"
#include "daemon/store/letter_store.h"
#include "daemon/store/registration_store.h"
#include "daemon/store/seat_store.h"

struct standing standing_before(const struct registration *registration)
{
    return (struct standing){
        .registration = *registration,
        .was = (int)registration->state,
        .was_mode = registration->mode,
    };
}

enum registration_state standing_of(const struct registration *r, bool seated)
{
    if (r->confirm_by > 0)
        return REG_UNCONFIRMED;
    if (r->undecided)
        return REG_PENDING;
    return seated ? REG_REGISTERED : REG_WAITING;
}

static bool has_moved(const struct standing *s)
{
    const struct registration *r = &s->registration;

    return s->was != (int)r->state ||
           (r->state == REG_REGISTERED && s->was_mode != r->mode);
}

static enum letter_kind kind_of(const struct standing *s,
                                enum standing_cause cause)
{
    switch (s->registration.state) {
    case REG_UNCONFIRMED:
        return LETTER_CONFIRM_ADDRESS;
    case REG_PENDING:
        return LETTER_PENDING;
    case REG_WAITING:
        return LETTER_WAITING;
    case REG_DECLINED:
        return LETTER_DECLINED;
    case REG_CANCELLED:
        return cause == STANDING_LAPSED ? LETTER_LAPSED : LETTER_GOODBYE;
    case REG_REGISTERED:
        break;
    }
    if (cause == STANDING_QUEUE)
        return LETTER_MOVED_UP;
    return s->was == REG_REGISTERED && cause != STANDING_CLAIM
        ? LETTER_CHANGED : LETTER_CONFIRMATION;
}

/* Its lead's letter speaks of it too. */
static bool is_covered(const struct standing *all, size_t count, size_t at)
{
    const struct registration *r = &all[at].registration;

    if (r->person.address || r->lead_id == 0)
        return false;
    for (size_t i = 0; i < count; i++)
        if (all[i].registration.id == r->lead_id && has_moved(&all[i]))
            return true;
    return false;
}

static enum rc letter_state_of(struct turn *turn, const struct standing *s,
                               enum letter_state *state, struct err *err)
{
    if (!s->begun)
        return outbox_follow(turn->writer, turn->arena, &s->registration,
                             state, err);
    *state = s->begun->state;
    return RC_OK;
}

/* Whoever comes to the queue when her party is offered seats already, since
 * she was confirmed or approved after the others, hears of the offer. */
static enum rc find_kind(struct turn *turn, const struct standing *s,
                         enum standing_cause cause, enum letter_kind *kind,
                         struct err *err)
{
    struct waits waits = { 0 };
    enum rc rc = RC_OK;

    *kind = kind_of(s, cause);
    if (*kind == LETTER_WAITING && s->was >= 0)
        rc = wait_of_registration(writer_reader(turn->writer), turn->arena,
                                  s->registration.id, &waits, err);
    for (size_t i = 0; i < waits.count; i++)
        if (waits.items[i].claim_by > turn->now)
            *kind = LETTER_OFFER;
    return rc;
}

static enum rc write_letter(struct turn *turn, const struct standing *s,
                            enum letter_kind kind, struct err *err)
{
    enum letter_state state;

    if (!s->registration.mailbox || (s->begun && s->begun->silent))
        return RC_OK;
    enum rc rc = letter_state_of(turn, s, &state, err);
    if (rc != RC_OK)
        return rc;
    if (state == LETTER_QUEUED)
        turn->letters = true;
    return outbox_confirmation(turn->writer, turn->now, &s->registration,
                               kind, state, err);
}

/* A calendar holds what is certain: the invitation comes with the seat, is
 * renewed when the mode is another, and goes with it. */
static enum rc write_invite(struct turn *turn, struct standing *s,
                            struct err *err)
{
    struct registration *r = &s->registration;
    enum letter_state state;

    if (r->state != REG_REGISTERED)
        return s->was == REG_REGISTERED
            ? outbox_withdraw(turn->writer, turn->arena, turn->now, r, err)
            : RC_OK;
    if (!r->wants_invite || !r->person.address)
        return RC_OK;
    if (s->begun) {
        struct invite_begun invite = s->begun->invite;
        return outbox_send_invite(turn->writer, turn->now, r, &invite,
                                  s->begun->state, err);
    }
    enum rc rc = letter_state_of(turn, s, &state, err);
    if (rc != RC_OK)
        return rc;
    return s->was == REG_REGISTERED
        ? outbox_renew_invite(turn->writer, turn->arena, turn->now,
                              turn->settings, r, state, err)
        : outbox_invite(turn->writer, turn->arena, turn->now, turn->settings,
                        r, state, err);
}

/* What the other mode asked is not answered any more; and whoever comes back
 * finds what she chose, or it has become full. The log says which. */
static enum rc move_answers(struct turn *turn, const struct registration *r,
                            bool comes_back, struct err *err)
{
    struct answers before;
    size_t lost = 0;
    enum rc rc = answer_list(writer_reader(turn->writer), turn->arena, r->id,
                             &before, err);

    if (rc != RC_OK || before.count == 0)
        return rc;
    rc = comes_back
        ? answers_take_again(turn->writer, turn->arena, r->id, &lost, err)
        : answers_follow_mode(turn->writer, turn->arena, r, err);
    turn->options_lost += lost;
    return rc == RC_OK ? answers_note(turn, r, &before, err) : rc;
}

/* Places of options are held by whoever is not gone. */
static enum rc move_options(struct turn *turn, const struct standing *s,
                            struct err *err)
{
    const struct registration *r = &s->registration;
    bool was_gone = s->was >= REG_CANCELLED;

    if (!registration_is_live(r))
        return was_gone ? RC_OK : answer_release(turn->writer, r->id, err);
    return was_gone || s->was_mode != r->mode
        ? move_answers(turn, r, was_gone, err) : RC_OK;
}

static enum rc set_state(struct turn *turn, struct standing *s,
                         struct err *err)
{
    struct registration *r = &s->registration;
    bool seated = false;
    enum rc rc;

    if (s->was < 0)
        return RC_OK;
    if (registration_is_live(r)) {
        rc = seat_is_held(writer_reader(turn->writer), r->id, r->mode,
                          &seated, err);
        if (rc != RC_OK)
            return rc;
        r->state = standing_of(r, seated);
    }
    rc = move_options(turn, s, err);
    if (rc != RC_OK)
        return rc;
    return registration_update(turn->writer, turn->now, r, err);
}

enum rc standing_settle(struct turn *turn, struct standing *all, size_t count,
                        enum standing_cause cause, struct err *err)
{
    enum rc rc = RC_OK;

    for (size_t i = 0; i < count && rc == RC_OK; i++)
        rc = set_state(turn, &all[i], err);
    for (size_t i = 0; i < count && rc == RC_OK; i++) {
        enum letter_kind kind;

        if (!has_moved(&all[i]))
            continue;
        turn->seats = true;
        rc = find_kind(turn, &all[i], cause, &kind, err);
        if (rc == RC_OK && !is_covered(all, count, i))
            rc = write_letter(turn, &all[i], kind, err);
        if (rc == RC_OK)
            rc = write_invite(turn, &all[i], err);
    }
    return rc;
}

static bool has_lead_among(const struct standing *all, size_t count,
                           const struct registration *r)
{
    for (size_t i = 0; i < count; i++)
        if (all[i].registration.id == r->lead_id)
            return true;
    return false;
}

enum rc standing_tell(struct turn *turn, const struct standing *all,
                      size_t count, enum letter_kind kind, struct err *err)
{
    enum rc rc = RC_OK;

    for (size_t i = 0; i < count && rc == RC_OK; i++) {
        const struct registration *r = &all[i].registration;

        if (r->person.address || !has_lead_among(all, count, r))
            rc = write_letter(turn, &all[i], kind, err);
    }
    return rc;
}
