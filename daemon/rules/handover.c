#include "daemon/rules/handover.h"

#include <string.h>

#include "daemon/base/address.h"
#include "daemon/base/arena.h"
#include "daemon/rules/outbox.h"
#include "daemon/rules/seating.h"
#include "daemon/rules/standing.h"
#include "daemon/rules/support.h"
#include "daemon/store/erase_store.h"
#include "daemon/store/letter_store.h"
#include "daemon/store/person_store.h"
#include "daemon/store/registration_store.h"
#include "daemon/store/seat_store.h"

/* One handing over under way. */
struct handing {
    struct registration former; /* as it was */
    struct registration *registration;
    const struct handover *to;
    const char *key, *former_key; /* former_key NULL: had no address */
    bool by_host;
};

enum handover_outcome handover_gate(const struct turn *turn,
                                    const struct registration *r,
                                    bool by_host)
{
    const struct meeting *meeting = &turn->meeting;

    if (r->state != REG_REGISTERED || !meeting->handing_over ||
        meeting->state != MEETING_PUBLISHED || turn->now >= meeting->ends_at)
        return HANDOVER_CLOSED;
    return by_host || turn->now < meeting_changes_until(meeting)
        ? HANDOVER_DONE : HANDOVER_LATE;
}

static bool is_same_mailbox(const struct handing *h)
{
    return h->former_key && strcmp(h->key, h->former_key) == 0;
}

static enum rc check_person(struct turn *turn, const struct handing *h,
                            enum handover_outcome *outcome, struct err *err)
{
    const char *fold = registration_name_fold(turn->arena, &h->to->person);
    int64_t count, same_id, most = turn->settings->registrations_per_address;
    enum rc rc = registration_of_address(writer_reader(turn->writer),
                                         h->former.meeting_id, h->key, fold,
                                         &count, &same_id, err);

    if (is_same_mailbox(h))
        count--;
    if (same_id == h->former.id)
        *outcome = HANDOVER_NONE;
    else if (same_id != 0 || count >= most)
        *outcome = HANDOVER_SAME;
    return rc;
}

/* ---- the new person ---- */

static int64_t confirm_by(const struct turn *turn, const struct handing *h)
{
    const struct meeting *meeting = &turn->meeting;
    int64_t by = turn->now + meeting->confirm_term;

    if (h->by_host || meeting->confirm_term == 0 || is_same_mailbox(h))
        return 0;
    return by < meeting->ends_at ? by : meeting->ends_at;
}

static void put_person(const struct turn *turn, struct handing *h)
{
    struct registration *r = h->registration;

    r->person = h->to->person;
    r->person.id = 0;
    r->person.name_fold = r->person.search_fold = NULL;
    r->mailbox = r->person.address;
    r->lead_id = 0;
    r->lang = h->to->lang;
    r->wants_invite = h->to->wants_invite;
    r->invite_id = 0;
    r->generation++;
    r->confirm_by = confirm_by(turn, h);
    r->undecided = !h->by_host && turn->meeting.approval != APPROVAL_NONE;
    r->state = standing_of(r, true);
}

/* As for somebody who has just registered: one step, the limits of which
 * count for an address that nobody has proven. */
static enum rc welcome(struct turn *turn, struct handing *h, struct err *err)
{
    struct standing_begun begun = { .state = LETTER_QUEUED };
    struct registration *r = h->registration;
    enum rc rc = h->by_host ? RC_OK
        : outbox_begin_step(turn->writer, turn->now, turn->settings, h->key,
                            &begun.state, err);

    if (rc == RC_OK && r->wants_invite && r->state == REG_REGISTERED) {
        rc = outbox_begin_invite(turn->writer, turn->arena, turn->now,
                                 turn->settings, r->meeting_id, h->key,
                                 &begun.invite, err);
        r->invite_id = begun.invite.invite.id;
    }
    if (rc == RC_OK)
        rc = registration_update(turn->writer, turn->now, r, err);
    struct standing s = { .registration = *r, .was = -1, .begun = &begun };
    return rc == RC_OK
        ? standing_settle(turn, &s, 1, STANDING_COURSE, err) : rc;
}

/* ---- the former one ---- */

/* Her letters are about somebody else from now on: only those go out that
 * end what she had. The invite is nobody's before it is taken back. */
static enum rc part(struct turn *turn, const struct handing *h,
                    struct err *err)
{
    const struct registration *former = &h->former;
    enum rc rc = erase_former(turn->writer, former,
                              is_same_mailbox(h) ? NULL : h->former_key,
                              err);

    if (rc == RC_OK)
        rc = outbox_withdraw(turn->writer, turn->arena, turn->now, former,
                             err);
    turn->letters = true;
    return rc == RC_OK
        ? outbox_confirmation(turn->writer, turn->now, former,
                              LETTER_HANDED_OVER, LETTER_QUEUED, err) : rc;
}

/* For a seat of the other mode: only the former one has agreed to that. */
static enum rc stop_waiting(struct turn *turn, const struct registration *r,
                            struct err *err)
{
    struct waits waits;
    enum rc rc = wait_of_registration(writer_reader(turn->writer),
                                      turn->arena, r->id, &waits, err);

    for (size_t i = 0; i < waits.count && rc == RC_OK; i++)
        rc = seating_leave_pool(turn, r, waits.items[i].pool_id, err);
    return rc;
}

static enum rc hand(struct turn *turn, struct handing *h, struct err *err)
{
    struct registration *r = h->registration;
    enum rc rc = stop_waiting(turn, r, err);

    put_person(turn, h);
    if (rc == RC_OK)
        rc = person_replace(turn->writer, turn->arena, r, err);
    if (rc == RC_OK)
        rc = registration_update(turn->writer, turn->now, r, err);
    if (rc == RC_OK)
        rc = part(turn, h, err);
    if (rc == RC_OK)
        rc = welcome(turn, h, err);
    /* She filled in no form: her letter says where these words stand. */
    if (rc == RC_OK)
        rc = support_note_notice(turn->writer, turn->now, r->id,
                                 turn->notice[r->lang], err);
    return rc == RC_OK ? turn_note(turn, r, "hand-over", err) : rc;
}

static enum rc give(struct turn *turn, struct registration *r,
                    const struct handover *to, bool by_host,
                    enum handover_outcome *outcome, struct err *err)
{
    const char *former = r->person.address;
    struct handing h = {
        .former = *r, .registration = r, .to = to, .by_host = by_host,
        .key = address_key(turn->arena, to->person.address),
        .former_key = former ? address_key(turn->arena, former) : NULL,
    };

    *outcome = handover_gate(turn, r, by_host);
    if (*outcome != HANDOVER_DONE)
        return RC_OK;
    enum rc rc = check_person(turn, &h, outcome, err);
    return rc == RC_OK && *outcome == HANDOVER_DONE ? hand(turn, &h, err)
                                                    : rc;
}

enum rc handover_granted(struct turn *turn, struct registration *r,
                         const struct handover *to,
                         enum handover_outcome *outcome, struct err *err)
{
    return give(turn, r, to, true, outcome, err);
}

enum rc handover_seat(struct turn *turn, const struct id *registration,
                      const struct handover *to,
                      enum handover_outcome *outcome, struct err *err)
{
    struct registration r;
    enum rc rc = turn_begin_by_link(turn, registration, &r, err);

    return rc == RC_OK ? give(turn, &r, to, false, outcome, err) : rc;
}
