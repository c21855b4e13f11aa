#include "daemon/rules/calloff.h"

#include "daemon/base/arena.h"
#include "daemon/rules/outbox.h"
#include "daemon/store/letter_store.h"
#include "daemon/store/meeting_store.h"
#include "daemon/store/registration_store.h"

enum rc calloff_meeting(struct writer *writer, int64_t now,
                        struct meeting *meeting,
                        enum calloff_outcome *outcome, struct err *err)
{
    *outcome = meeting->state == MEETING_CANCELLED ? CALLOFF_ALREADY
        : meeting->state == MEETING_DRAFT ? CALLOFF_DRAFT
        : meeting->ends_at <= now ? CALLOFF_PAST : CALLOFF_DONE;
    if (*outcome != CALLOFF_DONE)
        return RC_OK;
    enum rc rc = meeting_call_off(writer, now, meeting, err);
    return rc == RC_OK ? calloff_begin(writer, meeting->id, err) : rc;
}

/* Whose lead is told in the same mailbox. */
static enum rc is_covered(struct writer *writer, struct arena *arena,
                          const struct registration *r, bool *covered,
                          struct err *err)
{
    struct registration lead;

    *covered = false;
    if (r->person.address || r->lead_id == 0)
        return RC_OK;
    enum rc rc = registration_by_id(writer_reader(writer), arena, r->lead_id,
                                    &lead, err);
    *covered = rc == RC_OK && registration_is_reached(&lead);
    return rc;
}

static enum rc tell(struct writer *writer, struct arena *arena, int64_t now,
                    const struct registration *registration, struct err *err)
{
    bool covered;

    if (!registration_is_reached(registration))
        return RC_OK;
    enum rc rc = is_covered(writer, arena, registration, &covered, err);
    if (rc != RC_OK || covered)
        return rc;
    rc = outbox_confirmation(writer, now, registration,
                                     LETTER_CALLED_OFF, LETTER_QUEUED, err);
    return rc == RC_OK
        ? outbox_call_back(writer, arena, now, registration, err) : rc;
}

/* Nobody can register any more, so whoever has a later id is there already. */
static enum rc tell_slice(struct writer *writer, struct arena *arena,
                          int64_t now, int64_t limit,
                          struct calloff *calloff, size_t *told,
                          struct err *err)
{
    struct registrations slice;
    enum rc rc = registration_slice(writer_reader(writer), arena,
                                    calloff->meeting_id, calloff->told_id,
                                    limit, &slice, err);

    for (size_t i = 0; rc == RC_OK && i < slice.count; i++) {
        rc = tell(writer, arena, now, &slice.items[i], err);
        calloff->told_id = slice.items[i].id;
    }
    *told = slice.count;
    return rc;
}

enum rc calloff_tell(struct writer *writer, int64_t now, int64_t limit,
                     bool *more, bool *letters, struct err *err)
{
    struct calloff calloff;
    size_t told = 0;

    *more = *letters = false;
    enum rc rc = calloff_next(writer_reader(writer), &calloff, err);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    struct arena *arena = arena_new();
    rc = tell_slice(writer, arena, now, limit, &calloff, &told, err);
    arena_free(&arena);
    if (rc != RC_OK)
        return rc;
    *more = true; /* of this meeting, or of another */
    *letters = told > 0;
    return told == (size_t)limit
        ? calloff_told(writer, &calloff, err)
        : calloff_end(writer, calloff.meeting_id, err);
}
