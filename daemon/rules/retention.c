#include "daemon/rules/retention.h"

#include "daemon/base/arena.h"
#include "daemon/rules/erase.h"
#include "daemon/rules/promise.h"
#include "daemon/store/account_store.h"
#include "daemon/store/erase_store.h"
#include "daemon/store/meeting_store.h"
#include "daemon/store/support_store.h"

#define DAY 86400

static enum rc end_farewells(struct writer *writer, int64_t now,
                             struct purged *purged, struct err *err)
{
    int64_t id;
    enum rc rc = farewell_late(writer_reader(writer), now, &id, err);

    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    purged->more = purged->letters = true;
    return erase_end_farewell(writer, id, err);
}

static enum rc finish_meeting(struct writer *writer, int64_t now,
                              const struct meeting *meeting, struct err *err)
{
    struct tally tally;
    enum rc rc = tally_read(writer_reader(writer), meeting->id, &tally, err);
    struct audit audit = {
        .actor = -1, .deed = "purge", .alliance_id = meeting->alliance_id,
        .meeting_id = meeting->id, .amount = tally.all,
    };

    if (rc == RC_OK)
        rc = erase_mark_purged(writer, now, meeting->id, err);
    return rc == RC_OK ? audit_insert(writer, now, &audit, err) : rc;
}

static enum rc purge_some(struct writer *writer, struct arena *arena,
                          int64_t now, int64_t limit,
                          const struct settings *settings,
                          const struct meeting *meeting,
                          struct purged *purged, struct err *err)
{
    struct registrations some;
    /* One more tells whether these are the last: a meeting without people
     * is not found again. */
    enum rc rc = erase_next(writer_reader(writer), arena, meeting->id,
                            limit + 1, &some, err);
    bool last = some.count <= (size_t)limit;

    if (!last)
        some.count = (size_t)limit;
    for (size_t i = 0; i < some.count && rc == RC_OK; i++) {
        struct erased erased;

        rc = erase_registration(writer, arena, now, settings, meeting,
                                &some.items[i], &erased, err);
    }
    if (rc != RC_OK)
        return rc;
    purged->people = (int64_t)some.count;
    purged->more = purged->letters = true;
    return last ? finish_meeting(writer, now, meeting, err) : RC_OK;
}

/* Those that the query finds may have some hours to wait. */
static enum rc purge_first_due(struct writer *writer, struct arena *arena,
                               int64_t now, int64_t limit,
                               const struct settings *settings,
                               struct purged *purged, struct err *err)
{
    struct meeting_ids ended;
    enum rc rc = erase_meetings(writer_reader(writer), arena, now + 2 * DAY,
                                &ended, err);

    for (size_t i = 0; i < ended.count && rc == RC_OK; i++) {
        struct meeting meeting;

        rc = meeting_by_id(writer_reader(writer), arena, ended.items[i],
                           &meeting, err);
        if (rc == RC_OK && promise_due(&meeting) <= now)
            return purge_some(writer, arena, now, limit, settings, &meeting,
                              purged, err);
    }
    return rc;
}

static enum rc purge_needs_of(struct writer *writer, int64_t now,
                              int64_t limit, const struct meeting *meeting,
                              struct purged *purged, struct err *err)
{
    struct audit audit = {
        .actor = -1, .deed = "purge-support",
        .alliance_id = meeting->alliance_id, .meeting_id = meeting->id,
    };
    enum rc rc = support_purge(writer, meeting->id, limit, &audit.amount,
                               err);

    if (rc != RC_OK)
        return rc;
    purged->support += audit.amount;
    purged->more = purged->letters = true;
    return audit_insert(writer, now, &audit, err);
}

/* What somebody needs goes before who they are. */
static enum rc purge_needs(struct writer *writer, struct arena *arena,
                           int64_t now, int64_t limit, struct purged *purged,
                           struct err *err)
{
    struct reader *reader = writer_reader(writer);
    struct meeting meeting = { 0 };
    enum rc rc = RC_OK;

    while (rc == RC_OK) {
        rc = support_overdue(reader, now + 2 * DAY, meeting.id, &meeting.id,
                             err);
        if (rc == RC_OK)
            rc = meeting_by_id(reader, arena, meeting.id, &meeting, err);
        if (rc == RC_OK && promise_support_due(&meeting) <= now)
            return purge_needs_of(writer, now, limit, &meeting, purged, err);
    }
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc retention_purge(struct writer *writer, int64_t now, int64_t limit,
                        const struct settings *settings,
                        struct purged *purged, struct err *err)
{
    struct arena *arena = arena_new();

    *purged = (struct purged){ 0 };
    enum rc rc = end_farewells(writer, now, purged, err);
    if (rc == RC_OK)
        rc = purge_needs(writer, arena, now, limit, purged, err);
    if (rc == RC_OK)
        rc = purge_first_due(writer, arena, now, limit, settings, purged,
                             err);
    arena_free(&arena);
    return rc;
}
