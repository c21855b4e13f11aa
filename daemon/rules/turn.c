#include "daemon/rules/turn.h"

#include "daemon/base/address.h"
#include "daemon/store/letter_store.h"
#include "daemon/store/meeting_store.h"
#include "daemon/store/registration_store.h"

enum rc turn_begin(struct turn *turn, int64_t meeting_id, struct err *err)
{
    turn->letters = turn->seats = false;
    return meeting_times(writer_reader(turn->writer), meeting_id,
                         &turn->meeting, err);
}

enum rc turn_begin_by_link(struct turn *turn, const struct id *id,
                           struct registration *registration,
                           struct err *err)
{
    enum rc rc = registration_by_public_id(writer_reader(turn->writer),
                                           turn->arena, id, registration,
                                           err);

    if (rc == RC_OK && turn->generation != 0 &&
        turn->generation != registration->generation)
        return RC_NOT_FOUND;
    if (rc == RC_OK)
        rc = turn_begin(turn, registration->meeting_id, err);
    /* A companion's link may have come to a mailbox before the lead's. */
    if (rc != RC_OK || !registration->person.address)
        return rc;
    return address_prove(turn->writer, turn->now,
                         address_key(turn->arena,
                                     registration->person.address), err);
}

enum rc turn_note(struct turn *turn, const struct registration *registration,
                  const char *deed, struct err *err)
{
    return turn_note_changes(turn, registration, deed, NULL, 0, err);
}

enum rc turn_note_changes(struct turn *turn,
                          const struct registration *registration,
                          const char *deed,
                          const struct audit_change *changes, size_t count,
                          struct err *err)
{
    const struct audit audit = {
        .actor = turn->actor, .deed = deed,
        .alliance_id = turn->meeting.alliance_id,
        .meeting_id = turn->meeting.id, .registration_id = registration->id,
    };

    return audit_insert_changes(turn->writer, turn->now, &audit,
                                registration->person.id, changes, count,
                                err);
}

bool turn_is_ahead(const struct turn *turn)
{
    return turn->meeting.state == MEETING_PUBLISHED &&
           turn->now < turn->meeting.starts_at;
}
