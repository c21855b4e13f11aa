#include "daemon/rules/outbox.h"

#include "daemon/base/address.h"
#include "daemon/store/letter_store.h"
#include "daemon/store/registration_store.h"

#define HOUR 3600
#define DAY 86400

static enum rc too_many_begun(struct reader *reader, int64_t now,
                              const struct settings *settings,
                              const char *address_key, bool *too_many,
                              struct err *err)
{
    int64_t count = 0;
    enum rc rc = step_count(reader, address_key, now - DAY + 1, &count, err);

    *too_many = count >= settings->steps_per_day;
    /* What a day has not seen, its last hour has not either. */
    if (rc != RC_OK || *too_many || count < settings->steps_per_hour)
        return rc;
    rc = step_count(reader, address_key, now - HOUR + 1, &count, err);
    *too_many = count >= settings->steps_per_hour;
    return rc;
}

enum rc outbox_begin_step(struct writer *writer, int64_t now,
                          const struct settings *settings,
                          const char *address_key, enum letter_state *state,
                          struct err *err)
{
    bool proven;
    enum rc rc = address_proven(writer_reader(writer), address_key, &proven,
                                err);

    *state = LETTER_QUEUED;
    return rc == RC_OK && !proven
        ? outbox_count_step(writer, now, settings, address_key, state, err)
        : rc;
}

enum rc outbox_count_step(struct writer *writer, int64_t now,
                          const struct settings *settings,
                          const char *address_key, enum letter_state *state,
                          struct err *err)
{
    bool too_many;
    enum rc rc = too_many_begun(writer_reader(writer), now, settings,
                                address_key, &too_many, err);

    *state = LETTER_QUEUED;
    if (rc != RC_OK)
        return rc;
    if (too_many) {
        /* Not counted: an attacker who goes on cannot silence us for ever. */
        *state = LETTER_SUPPRESSED;
        return RC_OK;
    }
    return step_insert(writer, now, address_key, err);
}

enum rc outbox_follow(struct writer *writer, struct arena *arena,
                      const struct registration *registration,
                      enum letter_state *state, struct err *err)
{
    struct reader *reader = writer_reader(writer);
    bool proven = true, withheld = false;

    *state = LETTER_QUEUED;
    if (!registration->mailbox)
        return RC_OK;
    enum rc rc = address_proven(reader,
                                address_key(arena, registration->mailbox),
                                &proven, err);
    if (rc != RC_OK || proven)
        return rc;
    rc = letter_all_withheld(reader, registration->id, registration->lead_id,
                             &withheld, err);
    if (withheld)
        *state = LETTER_SUPPRESSED;
    return rc;
}

enum rc outbox_confirmation(struct writer *writer, int64_t now,
                            const struct registration *registration,
                            enum letter_kind kind, enum letter_state state,
                            struct err *err)
{
    if (!registration->mailbox)
        return RC_OK;
    struct letter letter = {
        .kind = kind, .state = state, .registration_id = registration->id,
        .generation = registration->generation,
        .address = registration->mailbox,
    };
    return letter_insert(writer, now, &letter, err);
}

static enum rc invite_letter(struct writer *writer, int64_t now,
                             const struct registration *registration,
                             const struct invite *invite,
                             enum letter_kind kind, enum letter_state state,
                             struct err *err)
{
    struct letter letter = {
        .kind = kind, .state = state, .registration_id = registration->id,
        .invite_id = invite->id, .generation = invite->generation,
        .sequence = invite->sequence,
        .address = registration->person.address,
    };

    return letter_insert(writer, now, &letter, err);
}

static void move_stamp(struct invite *invite, int64_t now)
{
    invite->stamp = now > invite->stamp ? now : invite->stamp + 1;
}

enum rc outbox_begin_invite(struct writer *writer, struct arena *arena,
                            int64_t now, const struct settings *settings,
                            int64_t meeting_id, const char *address_key,
                            struct invite_begun *begun, struct err *err)
{
    struct invite *invite = &begun->invite;
    enum rc rc = invite_newest(writer_reader(writer), arena, meeting_id,
                               address_key, invite, err);

    begun->is_new = rc == RC_NOT_FOUND || (rc == RC_OK && invite->cancelled);
    if (!begun->is_new)
        return rc;
    int64_t before = rc == RC_OK ? invite->generation : 0;
    *invite = (struct invite){ .meeting_id = meeting_id,
                               .address = address_key,
                               .generation = before + 1 };
    return invite_insert(writer, arena, now, settings->mail_domain, invite,
                         err);
}

enum rc outbox_send_invite(struct writer *writer, int64_t now,
                           const struct registration *registration,
                           struct invite_begun *begun,
                           enum letter_state state, struct err *err)
{
    struct invite *invite = &begun->invite;
    bool on_its_way = false;
    enum rc rc = begun->is_new ? RC_OK
        : letter_invite_on_its_way(writer_reader(writer), invite->id,
                                   &on_its_way, err);

    if (rc != RC_OK || on_its_way)
        return rc;
    if (!begun->is_new) {
        move_stamp(invite, now);
        rc = invite_update(writer, invite, err);
        if (rc != RC_OK)
            return rc;
    }
    return invite_letter(writer, now, registration, invite,
                         LETTER_INVITATION, state, err);
}

enum rc outbox_invite(struct writer *writer, struct arena *arena,
                      int64_t now, const struct settings *settings,
                      struct registration *registration,
                      enum letter_state state, struct err *err)
{
    struct invite_begun begun;

    if (!registration->person.address)
        return RC_OK;
    enum rc rc = outbox_begin_invite(
        writer, arena, now, settings, registration->meeting_id,
        address_key(arena, registration->person.address), &begun, err);
    if (rc != RC_OK)
        return rc;
    registration->invite_id = begun.invite.id;
    rc = registration_set_invite(writer, registration->id, begun.invite.id,
                                 err);
    return rc == RC_OK ? outbox_send_invite(writer, now, registration,
                                            &begun, state, err) : rc;
}

enum rc outbox_renew_invite(struct writer *writer, struct arena *arena,
                            int64_t now, const struct settings *settings,
                            struct registration *registration,
                            enum letter_state state, struct err *err)
{
    struct invite invite;
    enum rc rc = registration->invite_id == 0 ? RC_NOT_FOUND
        : invite_by_id(writer_reader(writer), arena, registration->invite_id,
                       &invite, err);

    if (rc == RC_NOT_FOUND || (rc == RC_OK && invite.cancelled))
        return outbox_invite(writer, arena, now, settings, registration,
                             state, err);
    if (rc != RC_OK)
        return rc;
    invite.sequence++;
    move_stamp(&invite, now);
    rc = invite_update(writer, &invite, err);
    return rc == RC_OK ? invite_letter(writer, now, registration, &invite,
                                       LETTER_INVITATION, state, err) : rc;
}

/* Whether somebody's calendar holds the invite, or may come to: then, and
 * only then, there is something to take back. */
static enum rc is_out(struct reader *reader, int64_t invite_id, bool *out,
                      struct err *err)
{
    enum rc rc = letter_invite_was_sent(reader, invite_id, out, err);

    if (rc != RC_OK || *out)
        return rc;
    return letter_invite_on_its_way(reader, invite_id, out, err);
}

enum rc outbox_withdraw(struct writer *writer, struct arena *arena,
                        int64_t now, const struct registration *registration,
                        struct err *err)
{
    int64_t user;

    if (registration->invite_id == 0)
        return RC_OK;
    enum rc rc = invite_user(writer_reader(writer), registration->invite_id,
                             &user, err);
    return rc == RC_NOT_FOUND
        ? outbox_call_back(writer, arena, now, registration, err) : rc;
}

enum rc outbox_call_back(struct writer *writer, struct arena *arena,
                         int64_t now, const struct registration *registration,
                         struct err *err)
{
    struct reader *reader = writer_reader(writer);
    struct invite invite;
    bool out = false;

    if (registration->invite_id == 0)
        return RC_OK;
    enum rc rc = invite_by_id(reader, arena, registration->invite_id, &invite,
                              err);
    if (rc != RC_OK || invite.cancelled)
        return rc;
    rc = is_out(reader, invite.id, &out, err);
    if (rc != RC_OK)
        return rc;
    invite.cancelled = true;
    invite.sequence++;
    move_stamp(&invite, now);
    rc = invite_update(writer, &invite, err);
    if (rc != RC_OK || !out)
        return rc;
    return invite_letter(writer, now, registration, &invite,
                         LETTER_WITHDRAWAL, LETTER_QUEUED, err);
}
