#include "daemon/rules/signup.h"

#include <string.h>

#include "daemon/base/address.h"
#include "daemon/base/arena.h"
#include "daemon/rules/outbox.h"
#include "daemon/rules/seating.h"
#include "daemon/rules/standing.h"
#include "daemon/rules/support.h"
#include "daemon/store/letter_store.h"
#include "daemon/store/registration_store.h"
#include "daemon/store/seat_store.h"

/* A form sent twice within this time gets no second letter: double clicks,
 * reloads, retries. */
#define QUIET 600

/* One person of the form. */
struct entrant {
    struct person person;
    const char *address_key; /* NULL: has none of her own */
    enum mode mode;
    bool may_wait;
    bool wants_invite;
    const struct answers *answers; /* NULL: none */
    const struct support *support;
    int64_t with_address; /* people whom her own has here */
    int64_t same_id; /* who she is already; 0: nobody */
    bool seated;     /* a seat was taken for her, or she waits */
    struct standing_begun begun;
};

/* One form under way. The first entrant is the lead. */
struct placing {
    struct turn turn;
    const struct signup *in;
    struct entrant *people;
    size_t count;
    struct pools pools;
    int64_t party_id; /* 0: none yet */
    int64_t lead_id;
};

bool signup_is_accepted(enum signup_outcome outcome)
{
    return outcome <= SIGNUP_ALREADY;
}

bool signup_is_open(const struct meeting *meeting, const struct pools *pools,
                    enum mode mode, int64_t now)
{
    return meeting->state == MEETING_PUBLISHED && meeting->opens_at <= now &&
        now < meeting->closes_at && now < meeting->ends_at &&
        pools->offered[mode];
}

static bool is_open(const struct placing *p, enum mode mode)
{
    const struct signup_host *host = p->in->host;
    const struct meeting *meeting = &p->turn.meeting;
    int64_t now = p->turn.now;

    if (!host)
        return signup_is_open(meeting, &p->pools, mode, now);
    return meeting->state == MEETING_PUBLISHED && now < meeting->ends_at &&
        (host->after_deadline || now < meeting->closes_at) &&
        p->pools.offered[mode];
}

static bool all_open(const struct placing *p)
{
    for (size_t i = 0; i < p->count; i++)
        if (!is_open(p, p->people[i].mode))
            return false;
    return true;
}

/* ---- who is there already ---- */

static enum rc find_same(struct placing *p, struct entrant *e,
                         struct err *err)
{
    struct reader *reader = writer_reader(p->turn.writer);
    int64_t meeting_id = p->turn.meeting.id;
    const char *fold = registration_name_fold(p->turn.arena, &e->person);

    return e->address_key
        ? registration_of_address(reader, meeting_id, e->address_key, fold,
                                  &e->with_address, &e->same_id, err)
        : registration_of_name(reader, meeting_id, fold,
                               e->person.organisation, &e->same_id, err);
}

/* Companions without an address are known by whoever brought them. */
static enum rc find_companion(struct placing *p, struct entrant *e,
                              struct err *err)
{
    if (e->address_key)
        return find_same(p, e, err);
    if (p->people[0].same_id == 0)
        return RC_OK;
    return registration_of_lead(writer_reader(p->turn.writer),
                                p->people[0].same_id,
                                registration_name_fold(p->turn.arena,
                                                       &e->person),
                                &e->same_id, err);
}

static enum rc find_all(struct placing *p, bool *known, struct err *err)
{
    enum rc rc = find_same(p, &p->people[0], err);

    *known = p->people[0].same_id != 0;
    for (size_t i = 1; i < p->count && rc == RC_OK; i++) {
        rc = find_companion(p, &p->people[i], err);
        *known = *known || p->people[i].same_id != 0;
    }
    return rc;
}

/* Counts those whose letters go to her own address. */
static bool is_below_ceiling(const struct placing *p, const struct entrant *e)
{
    int64_t people = e->with_address;

    for (size_t i = 0; i < p->count && e->address_key; i++) {
        const struct entrant *other = &p->people[i];
        const char *key = other->address_key ? other->address_key
                                             : p->people[0].address_key;

        people += other->same_id == 0 && key &&
                  strcmp(key, e->address_key) == 0;
    }
    return people <= p->in->settings->registrations_per_address;
}

/* ---- seats ---- */

static bool needs_decision(const struct placing *p)
{
    return !p->in->host && p->turn.meeting.approval != APPROVAL_NONE;
}

/* Nobody has or waits for a seat until the organiser has decided. */
static bool seats_come_later(const struct placing *p)
{
    return needs_decision(p) && p->turn.meeting.approval == APPROVAL_FREE;
}

static int64_t count_new(const struct placing *p, enum mode mode,
                         bool *may_wait)
{
    int64_t people = 0;

    *may_wait = p->turn.meeting.waiting;
    for (size_t i = 0; i < p->count; i++)
        if (p->people[i].same_id == 0 && p->people[i].mode == mode) {
            people++;
            *may_wait = *may_wait && p->people[i].may_wait;
        }
    return people;
}

/* Those of one mode sit together or wait together. */
static bool have_room(const struct placing *p)
{
    for (int mode = 0; mode < MODE_COUNT; mode++) {
        const struct pool *pool = &p->pools.at[mode];
        bool may_wait;
        int64_t people = count_new(p, (enum mode)mode, &may_wait);

        if (people > 0 && !seating_has(pool, people) &&
            (!may_wait || people > pool->capacity))
            return false;
    }
    return true;
}

static enum rc take_seats(struct placing *p, enum mode mode, struct err *err)
{
    const struct pool *pool = &p->pools.at[mode];
    bool may_wait, taken = false;
    int64_t people = count_new(p, mode, &may_wait);

    if (people == 0 || !seating_has(pool, people))
        return RC_OK;
    enum rc rc = pool_take(p->turn.writer, pool->id, people, &taken, err);
    for (size_t i = 0; i < p->count; i++)
        if (p->people[i].same_id == 0 && p->people[i].mode == mode)
            p->people[i].seated = taken;
    return rc;
}

/* Places of the options that the new ones chose. */
static enum rc check_options(const struct placing *p,
                             struct answers_misfit *misfit, struct err *err)
{
    const struct answers **chosen =
        ARENA_ARRAY(p->turn.arena, const struct answers *, p->count);

    for (size_t i = 0; i < p->count; i++)
        if (p->people[i].same_id == 0)
            chosen[i] = p->people[i].answers;
    return answers_fit(writer_reader(p->turn.writer), chosen, p->count, 0,
                       misfit, err);
}

/* ---- rows and letters ---- */

static int64_t confirm_by(const struct placing *p)
{
    const struct meeting *meeting = &p->turn.meeting;
    int64_t by = p->turn.now + meeting->confirm_term;

    if (p->in->host || meeting->confirm_term == 0)
        return 0;
    return by < meeting->ends_at ? by : meeting->ends_at;
}

/* A step is one mailbox: companions without one of their own go with the
 * lead's, unless she has been there before. */
static enum rc begin_letters(struct placing *p, struct entrant *e,
                             struct err *err)
{
    const struct entrant *lead = &p->people[0];
    const char *key = e->address_key ? e->address_key
                    : lead->same_id != 0 ? lead->address_key : NULL;

    e->begun.silent = !key || (p->in->host && p->in->host->no_letters);
    e->begun.state = LETTER_QUEUED;
    if (p->in->host || !key)
        return RC_OK;
    return outbox_begin_step(p->turn.writer, p->turn.now, p->turn.settings,
                             key, &e->begun.state, err);
}

/* The invite comes first, so that the registration is written once. */
static enum rc begin_invite(struct placing *p, struct entrant *e,
                            struct registration *r, struct err *err)
{
    r->wants_invite = e->wants_invite && e->address_key &&
                      !e->begun.silent;
    if (!r->wants_invite || r->state != REG_REGISTERED)
        return RC_OK;
    enum rc rc = outbox_begin_invite(p->turn.writer, p->turn.arena,
                                     p->turn.now, p->turn.settings,
                                     r->meeting_id, e->address_key,
                                     &e->begun.invite, err);
    r->invite_id = e->begun.invite.invite.id;
    return rc;
}

static enum rc write_places(struct placing *p, const struct entrant *e,
                            const struct registration *r, struct err *err)
{
    int64_t pool_id = p->pools.at[r->mode].id;

    if (seats_come_later(p))
        return RC_OK;
    return e->seated ? seat_insert(p->turn.writer, r->id, pool_id, err)
                     : seating_wait(&p->turn, r, pool_id, err);
}

/* What she was shown, and what she told us in confidence. */
static enum rc write_private(struct placing *p, const struct entrant *e,
                             const struct registration *r, struct err *err)
{
    struct writer *writer = p->turn.writer;
    enum rc rc = support_note_notice(writer, p->turn.now, r->id,
                                     p->in->notice, err);

    return rc == RC_OK && !support_is_empty(e->support)
        ? support_write(writer, p->turn.now, r, e->support, p->in->consent,
                        err) : rc;
}

static enum rc write_row(struct placing *p, struct entrant *e,
                         struct registration *r, struct err *err)
{
    *r = (struct registration){
        .meeting_id = p->in->meeting_id, .person = e->person,
        .mode = e->mode, .lang = p->in->lang, .party_id = p->party_id,
        .confirm_by = confirm_by(p), .undecided = needs_decision(p),
        .lead_id = e->address_key ? 0 : p->lead_id,
        .mailbox = e->address_key ? e->person.address
                                  : p->people[0].person.address,
    };
    r->state = standing_of(r, e->seated);
    enum rc rc = begin_letters(p, e, err);
    if (rc == RC_OK)
        rc = begin_invite(p, e, r, err);
    if (rc == RC_OK)
        rc = registration_insert(p->turn.writer, p->turn.arena, p->turn.now,
                                 r, err);
    if (rc == RC_OK)
        rc = write_places(p, e, r, err);
    if (rc == RC_OK && e->answers && e->answers->count > 0) {
        p->turn.seats = true; /* pages show what is left of options too */
        rc = answers_add(p->turn.writer, r->id, e->answers, err);
    }
    if (rc == RC_OK)
        rc = write_private(p, e, r, err);
    return rc == RC_OK ? turn_note(&p->turn, r, "register", err) : rc;
}

static enum rc write_all(struct placing *p, struct signup_result *out,
                         struct err *err)
{
    struct standing *all = ARENA_ARRAY(p->turn.arena, struct standing,
                                       p->count);
    size_t count = 0;
    enum rc rc = RC_OK;

    for (size_t i = 0; i < p->count && rc == RC_OK; i++) {
        struct entrant *e = &p->people[i];
        struct standing *s = &all[count];

        if (e->same_id != 0)
            continue;
        *s = (struct standing){ .was = -1, .begun = &e->begun };
        rc = write_row(p, e, &s->registration, err);
        count++;
        p->party_id = s->registration.party_id;
        out->states[i] = s->registration.state;
        if (i == 0)
            p->lead_id = s->registration.id;
    }
    if (rc == RC_OK)
        rc = standing_settle(&p->turn, all, count, STANDING_COURSE, err);
    if (p->people[0].same_id == 0 && count > 0)
        out->registration = all[0].registration;
    return rc;
}

static enum signup_outcome outcome_of(enum registration_state state)
{
    return state == REG_UNCONFIRMED ? SIGNUP_UNCONFIRMED
         : state == REG_PENDING ? SIGNUP_PENDING
         : state == REG_WAITING ? SIGNUP_WAITING : SIGNUP_REGISTERED;
}

/* Refusals come before the first write: they cost no savepoint. */
static enum rc place_new(struct placing *p, struct signup_result *out,
                         struct err *err)
{
    enum rc rc = RC_OK;

    out->outcome = SIGNUP_TOO_MANY;
    for (size_t i = 0; i < p->count; i++)
        if (!is_below_ceiling(p, &p->people[i]))
            return RC_OK;
    out->outcome = SIGNUP_FULL;
    if (!seats_come_later(p) && !have_room(p))
        return RC_OK;
    rc = check_options(p, &out->misfit, err);
    out->outcome = SIGNUP_OPTION_FULL;
    if (rc != RC_OK || out->misfit.option_id != 0)
        return rc;
    for (int mode = 0; mode < MODE_COUNT && rc == RC_OK; mode++)
        if (!seats_come_later(p))
            rc = take_seats(p, (enum mode)mode, err);
    if (rc == RC_OK)
        rc = write_all(p, out, err);
    if (rc == RC_OK)
        out->outcome = outcome_of(out->states[0]);
    return rc;
}

/* ---- somebody who is there already ---- */

/* The answer is the same as for a new one; only the mailbox learns more. */
static enum rc remind(struct placing *p, const struct registration *same,
                      struct err *err)
{
    enum letter_state state;
    int64_t newest;
    enum rc rc = letter_newest_at(writer_reader(p->turn.writer), same->id,
                                  &newest, err);

    if (rc != RC_OK || !same->mailbox || newest > p->turn.now - QUIET)
        return rc;
    rc = outbox_begin_step(p->turn.writer, p->turn.now, p->turn.settings,
                           p->people[0].address_key, &state, err);
    if (rc != RC_OK)
        return rc;
    if (state == LETTER_QUEUED)
        p->turn.letters = true;
    return outbox_confirmation(p->turn.writer, p->turn.now, same,
                               same->state == REG_UNCONFIRMED
                                   ? LETTER_CONFIRM_ADDRESS : LETTER_ALREADY,
                               state, err);
}

/* An answer that came sooner would tell who is registered: all that a new
 * name costs is done, and undone (RELIABILITY section 5, enumeration). It
 * also tells what somebody new would be told. */
static enum rc rehearse(const struct placing *p, struct signup_result *out,
                        struct err *err)
{
    struct placing other = *p;
    struct arena *arena = p->turn.arena;
    enum rc rc = writer_rehearsal_begin(p->turn.writer, err);

    if (rc != RC_OK)
        return rc;
    other.people = ARENA_ARRAY(arena, struct entrant, p->count);
    for (size_t i = 0; i < p->count; i++) {
        struct entrant *e = &other.people[i];

        /* A name that nobody can have typed: it is there already. */
        *e = p->people[i];
        e->same_id = 0;
        e->person.family_name =
            arena_printf(arena, "%s\x01", e->person.family_name);
        e->person.name_fold = arena_printf(
            arena, "%s\x01",
            registration_name_fold(arena, &p->people[i].person));
    }
    rc = place_new(&other, out, err);
    return rc == RC_OK ? writer_rehearsal_end(p->turn.writer, err) : rc;
}

/* A form that has just been sent hears again what it heard; with somebody
 * more in it, it is another form. */
static enum rc tell_again(const struct placing *p, struct signup_result *out,
                          struct err *err)
{
    enum registration_state *states =
        ARENA_ARRAY(p->turn.arena, enum registration_state, p->count);

    for (size_t i = 0; i < p->count; i++) {
        struct registration r;

        if (p->people[i].same_id == 0)
            return RC_OK;
        enum rc rc = registration_by_id(writer_reader(p->turn.writer),
                                        p->turn.arena, p->people[i].same_id,
                                        &r, err);
        if (rc != RC_OK || r.created_at <= p->turn.now - QUIET)
            return rc;
        states[i] = r.state;
    }
    out->told = outcome_of(states[0]);
    out->states = states;
    return RC_OK;
}

/* The lead is there; companions who are not join the party. */
static enum rc place_known(struct placing *p, struct signup_result *out,
                           struct err *err)
{
    struct signup_result rest = {
        .states = ARENA_ARRAY(p->turn.arena, enum registration_state,
                              p->count),
    };
    struct registration *lead = &out->registration;
    bool accepted = signup_is_accepted(out->told);
    enum rc rc = registration_by_id(writer_reader(p->turn.writer),
                                    p->turn.arena, p->people[0].same_id,
                                    lead, err);

    out->outcome = SIGNUP_ALREADY;
    if (rc == RC_OK)
        rc = tell_again(p, out, err);
    if (rc != RC_OK)
        return rc;
    p->party_id = lead->party_id;
    p->lead_id = lead->id;
    if (accepted && p->count > 1)
        rc = place_new(p, &rest, err);
    return rc == RC_OK ? remind(p, lead, err) : rc;
}

/* Some are there already: all are told what somebody new would be. */
static enum rc place_beside(struct placing *p, struct signup_result *out,
                            struct err *err)
{
    struct signup_result as_new = { .states = out->states };
    enum rc rc = rehearse(p, &as_new, err);

    out->outcome = out->told = as_new.outcome;
    out->misfit = as_new.misfit;
    if (rc != RC_OK)
        return rc;
    if (p->people[0].same_id != 0)
        return place_known(p, out, err);
    if (!signup_is_accepted(as_new.outcome))
        return RC_OK;
    as_new.states = ARENA_ARRAY(p->turn.arena, enum registration_state,
                                p->count);
    rc = place_new(p, &as_new, err);
    out->registration = as_new.registration;
    return rc;
}

/* Organisers are told plainly, and nobody is reminded. */
static enum rc place_hosted(struct placing *p, struct signup_result *out,
                            struct err *err)
{
    out->outcome = out->told = SIGNUP_ALREADY;
    return registration_by_id(writer_reader(p->turn.writer), p->turn.arena,
                              p->people[0].same_id, &out->registration, err);
}

/* ---- the form as a whole ---- */

/* Whoever gives the lead's address has none of her own. */
static void drop_shared_address(const struct entrant *lead,
                                struct entrant *guest)
{
    if (!lead->address_key || !guest->address_key ||
        strcmp(lead->address_key, guest->address_key) != 0)
        return;
    guest->person.address = NULL;
    guest->person.search_fold = NULL; /* it had the address in it */
    guest->address_key = NULL;
}

static void enter(struct placing *p, const struct signup *in)
{
    struct arena *arena = in->arena;

    p->count = in->guest_count + 1;
    p->people = ARENA_ARRAY(arena, struct entrant, p->count);
    p->people[0] = (struct entrant){
        .person = in->person, .mode = in->mode, .may_wait = in->may_wait,
        .wants_invite = in->wants_invite, .support = &in->support,
        .answers = in->answers,
    };
    for (size_t i = 1; i < p->count; i++) {
        const struct signup_guest *guest = &in->guests[i - 1];

        p->people[i] = (struct entrant){
            .person = guest->person, .mode = guest->mode,
            .may_wait = guest->may_wait, .wants_invite = in->wants_invite,
            .answers = guest->answers,
            .support = &guest->support,
        };
    }
    for (size_t i = 0; i < p->count; i++)
        if (p->people[i].person.address)
            p->people[i].address_key =
                address_key(arena, p->people[i].person.address);
    for (size_t i = 1; i < p->count; i++)
        drop_shared_address(&p->people[0], &p->people[i]);
}

static enum rc place(struct placing *p, struct signup_result *out,
                     struct err *err)
{
    bool known;
    enum rc rc = find_all(p, &known, err);

    if (rc != RC_OK)
        return rc;
    if (known)
        return p->in->host ? place_hosted(p, out, err)
                           : place_beside(p, out, err);
    rc = place_new(p, out, err);
    out->told = out->outcome;
    return rc;
}

enum rc signup_place(struct writer *writer, int64_t now,
                     const struct signup *in, struct signup_result *out,
                     struct err *err)
{
    struct placing p = {
        .turn = { .writer = writer, .arena = in->arena, .now = now,
                  .settings = in->settings,
                  .actor = in->host ? in->host->actor : 0 },
        .in = in,
    };

    *out = (struct signup_result){
        .outcome = SIGNUP_NOT_OPEN, .told = SIGNUP_NOT_OPEN,
        .states = ARENA_ARRAY(in->arena, enum registration_state,
                              in->guest_count + 1),
    };
    enum rc rc = turn_begin(&p.turn, in->meeting_id, err);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    enter(&p, in);
    rc = pool_of_meeting(writer_reader(writer), in->meeting_id, &p.pools,
                         err);
    if (rc != RC_OK || !all_open(&p))
        return rc;
    if (in->guest_count > 0 &&
        p.count > (size_t)p.turn.meeting.party_most) {
        out->outcome = out->told = SIGNUP_PARTY;
        return RC_OK;
    }
    rc = place(&p, out, err);
    out->letters = p.turn.letters;
    out->seats = p.turn.seats;
    return rc;
}
