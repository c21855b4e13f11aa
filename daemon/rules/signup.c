#include "daemon/rules/signup.h"

#include "daemon/base/address.h"
#include "daemon/base/arena.h"
#include "daemon/rules/outbox.h"
#include "daemon/store/account_store.h"
#include "daemon/store/letter_store.h"
#include "daemon/store/meeting_store.h"
#include "daemon/store/registration_store.h"

/* A form sent twice within this time gets no second letter: double clicks,
 * reloads, retries. */
#define QUIET 600

/* One registration under way. */
struct placing {
    struct writer *writer;
    int64_t now;
    const struct signup *in;
    const char *address_key; /* NULL: has none */
    int64_t with_address;    /* registrations that it has here */
    struct meeting meeting;  /* meeting_times() */
    struct pools pools;
};

bool signup_is_open(const struct meeting *meeting, const struct pools *pools,
                    enum mode mode, int64_t now)
{
    return meeting->state == MEETING_PUBLISHED && meeting->opens_at <= now &&
        now < meeting->closes_at && now < meeting->ends_at &&
        pools->offered[mode];
}

static bool is_open(const struct placing *p)
{
    const struct signup_host *host = p->in->host;

    if (!host)
        return signup_is_open(&p->meeting, &p->pools, p->in->mode, p->now);
    return p->meeting.state == MEETING_PUBLISHED &&
        p->now < p->meeting.ends_at &&
        (host->after_deadline || p->now < p->meeting.closes_at) &&
        p->pools.offered[p->in->mode];
}

/* RC_NOT_FOUND: that person is not registered. */
static enum rc find_same(struct placing *p, struct registration *same,
                         struct err *err)
{
    struct reader *reader = writer_reader(p->writer);
    const char *fold = registration_name_fold(p->in->arena, &p->in->person);
    int64_t id;
    enum rc rc = p->address_key
        ? registration_of_address(reader, p->meeting.id, p->address_key,
                                  fold, &p->with_address, &id, err)
        : registration_of_name(reader, p->meeting.id, fold,
                               p->in->person.organisation, &id, err);

    if (rc != RC_OK)
        return rc;
    return id == 0 ? RC_NOT_FOUND
                   : registration_by_id(reader, p->in->arena, id, same, err);
}

static enum rc newest_letter_at(struct placing *p, int64_t registration_id,
                                enum letter_kind kind, int64_t *at,
                                struct err *err)
{
    struct letter letter;
    enum rc rc = letter_newest(writer_reader(p->writer), p->in->arena,
                               registration_id, kind, &letter, err);

    if (rc == RC_OK && letter.created_at > *at)
        *at = letter.created_at;
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

/* The answer is the same as for a new one; only the mailbox learns more. */
static enum rc remind(struct placing *p, const struct registration *same,
                      bool *letters, struct err *err)
{
    enum letter_state state;
    int64_t newest = INT64_MIN;
    enum rc rc = newest_letter_at(p, same->id, LETTER_CONFIRMATION, &newest,
                                  err);

    if (rc == RC_OK)
        rc = newest_letter_at(p, same->id, LETTER_ALREADY, &newest, err);
    if (rc != RC_OK || newest > p->now - QUIET)
        return rc;
    rc = outbox_begin_step(p->writer, p->now, p->in->settings,
                           p->address_key, &state, err);
    if (rc != RC_OK)
        return rc;
    *letters = state == LETTER_QUEUED;
    return outbox_confirmation(p->writer, p->now, same, LETTER_ALREADY,
                               state, err);
}

/* The letters of a registration that was just written; its invite, if it
 * wants one, was begun before. */
static enum rc write_letters(struct placing *p, struct registration *r,
                             struct invite_begun *begun,
                             enum letter_state state, struct err *err)
{
    enum rc rc = outbox_confirmation(p->writer, p->now, r,
                                     LETTER_CONFIRMATION, state, err);

    return rc == RC_OK && r->invite_id != 0
        ? outbox_send_invite(p->writer, p->now, r, begun, state, err) : rc;
}

static enum rc write_rows(struct placing *p, struct registration *r,
                          struct err *err)
{
    enum rc rc = registration_insert(p->writer, p->in->arena, p->now, r,
                                     err);
    const struct signup_host *host = p->in->host;
    struct audit audit = {
        .actor = host ? host->actor : 0,
        .deed = "register", .alliance_id = p->meeting.alliance_id,
        .meeting_id = r->meeting_id, .registration_id = r->id,
    };

    if (rc == RC_OK)
        rc = seat_insert(p->writer, r->id, p->pools.at[r->mode].id, err);
    return rc == RC_OK ? audit_insert(p->writer, p->now, &audit, err) : rc;
}

static enum rc begin_letters(const struct placing *p,
                             enum letter_state *state, struct err *err)
{
    *state = LETTER_QUEUED;
    return p->in->host ? RC_OK
        : outbox_begin_step(p->writer, p->now, p->in->settings,
                            p->address_key, state, err);
}

/* The invite comes first, so that the registration is written once. */
static enum rc insert(struct placing *p, struct signup_result *out,
                      struct err *err)
{
    const struct signup *in = p->in;
    struct registration *r = &out->registration;
    struct invite_begun begun = { 0 };
    enum letter_state state;
    enum rc rc = RC_OK;

    *r = (struct registration){
        .meeting_id = in->meeting_id, .person = in->person,
        .mode = in->mode, .state = REG_REGISTERED, .lang = in->lang,
        .wants_invite = in->wants_invite,
    };
    if (!p->address_key || (in->host && in->host->no_letters)) {
        r->wants_invite = false;
        return write_rows(p, r, err);
    }
    rc = begin_letters(p, &state, err);
    if (rc == RC_OK && in->wants_invite) {
        rc = outbox_begin_invite(p->writer, in->arena, p->now, in->settings,
                                 in->meeting_id, p->address_key, &begun,
                                 err);
        r->invite_id = begun.invite.id;
    }
    if (rc == RC_OK)
        rc = write_rows(p, r, err);
    if (rc == RC_OK)
        rc = write_letters(p, r, &begun, state, err);
    out->letters = rc == RC_OK && state == LETTER_QUEUED;
    return rc;
}

/* Refusals come before the first write: they cost no savepoint. */
static enum rc place_new(struct placing *p, struct signup_result *out,
                         struct err *err)
{
    const struct pool *pool = &p->pools.at[p->in->mode];
    bool taken = false;

    out->outcome = SIGNUP_TOO_MANY;
    if (p->with_address >= p->in->settings->registrations_per_address)
        return RC_OK;
    out->outcome = SIGNUP_FULL;
    if (pool_left(pool) == 0)
        return RC_OK;
    enum rc rc = pool_take(p->writer, pool->id, 1, &taken, err);
    if (rc != RC_OK || !taken)
        return rc;
    out->outcome = SIGNUP_REGISTERED;
    return insert(p, out, err);
}

/* An answer that came sooner would tell who is registered: all that a new
 * name costs is done, and undone (RELIABILITY section 5, enumeration). */
static enum rc rehearse(const struct placing *p, struct err *err)
{
    struct signup in = *p->in;
    struct placing other = *p;
    struct signup_result result = { .outcome = SIGNUP_NOT_OPEN };
    enum rc rc = writer_rehearsal_begin(p->writer, err);

    if (rc != RC_OK)
        return rc;
    /* A name that nobody can have typed: the same one is there already. */
    in.person.family_name =
        arena_printf(in.arena, "%s\x01", in.person.family_name);
    in.person.name_fold = arena_printf(
        in.arena, "%s\x01",
        registration_name_fold(in.arena, &p->in->person));
    other.in = &in;
    rc = place_new(&other, &result, err);
    return rc == RC_OK ? writer_rehearsal_end(p->writer, err) : rc;
}

static enum rc place(struct placing *p, struct signup_result *out,
                     struct err *err)
{
    enum rc rc = find_same(p, &out->registration, err);

    if (rc == RC_NOT_FOUND)
        return place_new(p, out, err);
    if (rc != RC_OK)
        return rc;
    out->outcome = SIGNUP_ALREADY;
    if (p->in->host || !p->address_key)
        return RC_OK;
    rc = rehearse(p, err);
    return rc == RC_OK ? remind(p, &out->registration, &out->letters, err)
                       : rc;
}

enum rc signup_place(struct writer *writer, int64_t now,
                     const struct signup *in, struct signup_result *out,
                     struct err *err)
{
    struct reader *reader = writer_reader(writer);
    struct placing p = { .writer = writer, .now = now, .in = in };

    *out = (struct signup_result){ .outcome = SIGNUP_NOT_OPEN };
    enum rc rc = meeting_times(reader, in->meeting_id, &p.meeting, err);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    rc = pool_of_meeting(reader, in->meeting_id, &p.pools, err);
    if (rc != RC_OK || !is_open(&p))
        return rc;
    if (in->person.address)
        p.address_key = address_key(in->arena, in->person.address);
    return place(&p, out, err);
}
