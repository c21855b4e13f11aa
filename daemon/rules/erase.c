#include "daemon/rules/erase.h"

#include "daemon/base/address.h"
#include "daemon/base/arena.h"
#include "daemon/rules/outbox.h"
#include "daemon/rules/seating.h"
#include "daemon/store/account_store.h"
#include "daemon/store/answer_store.h"
#include "daemon/store/erase_store.h"
#include "daemon/store/letter_store.h"
#include "daemon/store/meeting_store.h"
#include "daemon/store/registration_store.h"

#define DAY 86400

/* One erasure under way. */
struct erasing {
    struct writer *writer;
    struct arena *arena;
    int64_t now;
    const struct settings *settings;
    const struct meeting *meeting;
    struct registration registration;
    const char *address_key; /* NULL: has none */
    bool ahead;              /* the meeting is not over */
};

/* The place is free again, and the calendar entry of nobody else taken back;
 * what would have been said besides is not said any more. */
static enum rc give_back(struct erasing *e, struct err *err)
{
    struct registration *r = &e->registration;

    if (!registration_is_live(r) || !e->ahead)
        return RC_OK;
    r->state = REG_CANCELLED;
    r->cancelled_at = e->now;
    enum rc rc = registration_update(e->writer, e->now, r, err);
    if (rc == RC_OK)
        rc = answer_release(e->writer, r->id, err);
    return rc == RC_OK
        ? outbox_withdraw(e->writer, e->arena, e->now, r, err) : rc;
}

/* Seats and places in queues; others move up. */
static enum rc leave(const struct erasing *e, bool *letters, struct err *err)
{
    struct turn turn = {
        .writer = e->writer, .arena = e->arena, .now = e->now,
        .settings = e->settings, .actor = -1, .meeting = *e->meeting,
    };
    enum rc rc = seating_leave(&turn, &e->registration, 1, err);

    *letters = turn.letters;
    return rc;
}

/* Those that end what somebody has; of an invitation that is under way it is
 * not known whether it arrives. */
static const enum letter_kind endings[] = {
    LETTER_WITHDRAWAL, LETTER_HANDED_OVER, LETTER_INVITATION,
};
#define ENDINGS (sizeof endings / sizeof *endings)

static enum rc is_any_queued(struct reader *reader, int64_t registration_id,
                             size_t kinds, bool *queued, struct err *err)
{
    enum rc rc = RC_OK;

    *queued = false;
    for (size_t i = 0; i < kinds && rc == RC_OK && !*queued; i++)
        rc = erase_letter_queued(reader, registration_id, endings[i], queued,
                                 err);
    return rc;
}

/* Whether a letter is left that must still go out: her own, or one to whoever
 * handed the seat over to her. */
static enum rc settle_letters(struct erasing *e, bool *last_letter,
                              struct err *err)
{
    const struct registration *r = &e->registration;
    enum rc rc = r->invite_id == 0 ? RC_OK
                                   : erase_hand_over(e->writer, r, err);

    *last_letter = false;
    if (rc == RC_FAIL || !e->ahead)
        return rc == RC_FAIL ? rc : RC_OK;
    return is_any_queued(writer_reader(e->writer), r->id, ENDINGS - 1,
                         last_letter, err);
}

static enum rc erase_one(struct erasing *e, struct erased *out,
                         struct err *err)
{
    struct registration *r = &e->registration;
    bool live = registration_is_live(r);
    /* Who never confirmed the address did not cancel either. */
    bool confirmed = r->state != REG_UNCONFIRMED;
    enum rc rc = give_back(e, err);

    if (rc == RC_OK)
        rc = leave(e, &out->letters, err);
    if (rc == RC_OK)
        rc = tally_add(e->writer, r, confirmed ? r->state : REG_UNCONFIRMED,
                       err);
    if (rc == RC_OK)
        rc = settle_letters(e, &out->last_letter, err);
    if (rc != RC_OK)
        return rc;
    out->seat_freed = live && e->ahead &&
                      e->meeting->state == MEETING_PUBLISHED;
    if (!out->last_letter)
        return erase_rows(e->writer, r, e->address_key, err);
    out->letters = true;
    out->latest = e->now + e->settings->mail_give_up + DAY;
    return erase_all_but_letters(e->writer, e->arena, e->now, out->latest, r,
                                 e->address_key, err);
}

enum rc erase_registration(struct writer *writer, struct arena *arena,
                           int64_t now, const struct settings *settings,
                           const struct meeting *meeting,
                           const struct registration *registration,
                           struct erased *out, struct err *err)
{
    const char *address = registration->person.address;
    struct erasing e = {
        .writer = writer, .arena = arena, .now = now, .settings = settings,
        .meeting = meeting, .registration = *registration,
        .address_key = address ? address_key(arena, address) : NULL,
        .ahead = now < meeting->ends_at,
    };
    bool farewell;

    *out = (struct erased){ 0 };
    enum rc rc = farewell_is(writer_reader(writer), registration->id,
                             &farewell, err);
    if (rc != RC_OK)
        return rc;
    return farewell ? erase_end_farewell(writer, registration->id, err)
                    : erase_one(&e, out, err);
}

enum rc erase_by_link(struct writer *writer, struct arena *arena, int64_t now,
                      const struct settings *settings,
                      const struct id *registration, struct erased *out,
                      struct err *err)
{
    struct reader *reader = writer_reader(writer);
    struct registration found;
    struct meeting meeting;
    enum rc rc = registration_by_public_id(reader, arena, registration,
                                           &found, err);

    if (rc == RC_OK)
        rc = meeting_by_id(reader, arena, found.meeting_id, &meeting, err);
    if (rc == RC_OK)
        rc = erase_registration(writer, arena, now, settings, &meeting,
                                &found, out, err);
    if (rc != RC_OK)
        return rc;
    struct audit audit = {
        .deed = "erase", .alliance_id = meeting.alliance_id,
        .meeting_id = meeting.id, .amount = 1,
    };
    return audit_insert(writer, now, &audit, err);
}

/* Its own row has no address any more; its calendar entry's has, if it had
 * one. */
static enum rc end_farewell(struct writer *writer, struct arena *arena,
                            int64_t registration_id, struct err *err)
{
    struct reader *reader = writer_reader(writer);
    struct registration r;
    struct invite invite = { 0 };
    enum rc rc = registration_by_id(reader, arena, registration_id, &r, err);

    if (rc == RC_OK && r.invite_id != 0)
        rc = invite_by_id(reader, arena, r.invite_id, &invite, err);
    return rc == RC_OK ? erase_rows(writer, &r, invite.address, err) : rc;
}

enum rc erase_end_farewell(struct writer *writer, int64_t registration_id,
                           struct err *err)
{
    struct arena *arena = arena_new();
    enum rc rc = end_farewell(writer, arena, registration_id, err);

    arena_free(&arena);
    return rc == RC_NOT_FOUND
        ? err_set(err, "a farewell without its registration") : rc;
}

enum rc erase_after_letter(struct writer *writer, int64_t registration_id,
                           bool *gone, struct err *err)
{
    struct reader *reader = writer_reader(writer);
    bool farewell, queued = false;
    enum rc rc = farewell_is(reader, registration_id, &farewell, err);

    *gone = false;
    if (rc != RC_OK)
        return rc;
    if (!farewell)
        return erase_former_letters(writer, registration_id, gone, err);
    rc = is_any_queued(reader, registration_id, ENDINGS, &queued, err);
    if (rc != RC_OK || queued)
        return rc;
    *gone = true;
    return erase_end_farewell(writer, registration_id, err);
}
