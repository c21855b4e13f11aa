#include "daemon/rules/cancel.h"

#include "daemon/base/address.h"
#include "daemon/rules/outbox.h"
#include "daemon/rules/signup.h"
#include "daemon/store/account_store.h"
#include "daemon/store/letter_store.h"
#include "daemon/store/meeting_store.h"
#include "daemon/store/registration_store.h"

/* A registration that somebody acts on through its mailed link. */
struct acting {
    struct writer *writer;
    struct arena *arena;
    int64_t now;
    const struct settings *settings;
    struct registration registration;
    struct meeting meeting;
};

/* Loads both, and notes that the address is proven. */
static enum rc begin(struct acting *a, const struct id *id, struct err *err)
{
    struct reader *reader = writer_reader(a->writer);
    const char *address;
    enum rc rc = registration_by_public_id(reader, a->arena, id,
                                           &a->registration, err);

    if (rc != RC_OK)
        return rc;
    rc = meeting_by_id(reader, a->arena, a->registration.meeting_id,
                       &a->meeting, err);
    address = a->registration.person.address;
    if (rc != RC_OK || !address)
        return rc;
    return address_prove(a->writer, a->now, address_key(a->arena, address),
                         err);
}

static enum rc note(struct acting *a, const char *deed, struct err *err)
{
    struct audit audit = {
        .deed = deed, .alliance_id = a->meeting.alliance_id,
        .meeting_id = a->meeting.id, .registration_id = a->registration.id,
    };

    return audit_insert(a->writer, a->now, &audit, err);
}

static enum rc give_back(struct acting *a, struct err *err)
{
    struct registration *r = &a->registration;
    enum rc rc = seat_free(a->writer, r->id, err);

    r->state = REG_CANCELLED;
    r->cancelled_at = a->now;
    if (rc == RC_OK)
        rc = registration_update(a->writer, a->now, r, err);
    if (rc == RC_OK)
        rc = note(a, "cancel", err);
    if (rc == RC_OK)
        rc = outbox_confirmation(a->writer, a->now, r, LETTER_GOODBYE,
                                 LETTER_QUEUED, err);
    return rc == RC_OK
        ? outbox_withdraw(a->writer, a->arena, a->now, r, err) : rc;
}

enum rc cancel_registration(struct writer *writer, struct arena *arena,
                            int64_t now, const struct settings *settings,
                            const struct id *registration,
                            enum cancel_outcome *outcome, bool *letters,
                            struct err *err)
{
    struct acting a = { .writer = writer, .arena = arena, .now = now,
                        .settings = settings };
    enum rc rc = begin(&a, registration, err);

    *letters = false;
    if (rc != RC_OK)
        return rc;
    *outcome = !registration_is_live(&a.registration) ? CANCEL_ALREADY
        : now >= a.meeting.ends_at ? CANCEL_PAST : CANCEL_DONE;
    if (*outcome != CANCEL_DONE)
        return RC_OK;
    *letters = a.registration.person.address != NULL;
    return give_back(&a, err);
}

/* The same person may have registered anew meanwhile, or others of that
 * address up to its limit. */
static enum rc check_address(struct acting *a, enum undo_outcome *outcome,
                             struct err *err)
{
    struct reader *reader = writer_reader(a->writer);
    const struct person *person = &a->registration.person;
    int64_t count, same;

    if (!person->address)
        return RC_OK;
    enum rc rc = registration_of_address(
        reader, a->meeting.id, address_key(a->arena, person->address),
        registration_name_fold(a->arena, person), &count, &same, err);
    if (rc == RC_OK && same != 0)
        *outcome = UNDO_ALREADY;
    else if (count >= a->settings->registrations_per_address)
        *outcome = UNDO_FULL;
    return rc;
}

/* Says why not, or leaves *outcome at UNDO_DONE and *pool_id at the pool. */
static enum rc check_undo(struct acting *a, enum undo_outcome *outcome,
                          int64_t *pool_id, struct err *err)
{
    const struct registration *r = &a->registration;
    struct pools pools;

    *outcome = UNDO_DONE;
    if (registration_is_live(r)) {
        *outcome = UNDO_ALREADY;
        return RC_OK;
    }
    enum rc rc = pool_of_meeting(writer_reader(a->writer), r->meeting_id,
                                 &pools, err);
    if (rc != RC_OK)
        return rc;
    *pool_id = pools.at[r->mode].id;
    if (r->state == REG_DECLINED ||
        !signup_is_open(&a->meeting, &pools, r->mode, a->now)) {
        *outcome = UNDO_CLOSED;
        return RC_OK;
    }
    rc = check_address(a, outcome, err);
    if (*outcome == UNDO_DONE && pool_left(&pools.at[r->mode]) == 0)
        *outcome = UNDO_FULL;
    return rc;
}

static enum rc take_again(struct acting *a, int64_t pool_id, struct err *err)
{
    struct registration *r = &a->registration;
    enum rc rc = seat_insert(a->writer, r->id, pool_id, err);

    r->state = REG_REGISTERED;
    r->cancelled_at = 0;
    if (rc == RC_OK)
        rc = registration_update(a->writer, a->now, r, err);
    if (rc == RC_OK)
        rc = note(a, "undo", err);
    if (rc == RC_OK)
        rc = outbox_confirmation(a->writer, a->now, r, LETTER_CONFIRMATION,
                                 LETTER_QUEUED, err);
    if (rc == RC_OK && r->wants_invite)
        rc = outbox_invite(a->writer, a->arena, a->now, a->settings, r,
                           LETTER_QUEUED, err);
    return rc;
}

enum rc cancel_undo(struct writer *writer, struct arena *arena, int64_t now,
                    const struct settings *settings,
                    const struct id *registration,
                    enum undo_outcome *outcome, bool *letters,
                    struct err *err)
{
    struct acting a = { .writer = writer, .arena = arena, .now = now,
                        .settings = settings };
    int64_t pool_id = 0;
    bool taken = false;
    enum rc rc = begin(&a, registration, err);

    *letters = false;
    if (rc == RC_OK)
        rc = check_undo(&a, outcome, &pool_id, err);
    if (rc != RC_OK || *outcome != UNDO_DONE)
        return rc;
    rc = pool_take(writer, pool_id, 1, &taken, err);
    if (rc != RC_OK || !taken) {
        *outcome = UNDO_FULL;
        return rc;
    }
    *letters = a.registration.person.address != NULL;
    return take_again(&a, pool_id, err);
}
