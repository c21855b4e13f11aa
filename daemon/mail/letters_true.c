#include "daemon/mail/letters_true.h"

#include "daemon/base/address.h"
#include "daemon/base/arena.h"
#include "daemon/store/letter_store.h"
#include "daemon/store/meeting_store.h"
#include "daemon/store/registration_store.h"
#include "daemon/store/wish_store.h"

/* A newer one of the same kind waits behind it, and says it better (U3). */
static enum rc is_superseded(struct reader *reader,
                             const struct occasion *occasion, bool *superseded,
                             struct err *err)
{
    const struct letter *letter = occasion->letter;
    struct letter newest;
    enum rc rc = letter_newest(reader, occasion->arena,
                               letter->registration_id, letter->kind,
                               &newest, err);

    *superseded = rc == RC_OK && newest.id > letter->id &&
                  newest.state == LETTER_QUEUED;
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

/* It says how one registration stands, to whom that may be told, and nothing
 * newer says it. */
static enum rc speaks(struct reader *reader, const struct occasion *occasion,
                      bool as_it_stands, bool *holds, struct err *err)
{
    bool superseded = false;

    *holds = false;
    if (!as_it_stands || !occasion_is_current(occasion))
        return RC_OK;
    enum rc rc = is_superseded(reader, occasion, &superseded, err);
    *holds = !superseded;
    return rc;
}

static bool is_on(const struct occasion *occasion)
{
    return occasion->meeting.state == MEETING_PUBLISHED;
}

static bool is(const struct occasion *occasion, enum registration_state state)
{
    return is_on(occasion) && occasion->registration.state == state;
}

enum rc true_while_registered(struct reader *reader,
                              struct occasion *occasion, bool *holds,
                              struct err *err)
{
    return speaks(reader, occasion, is(occasion, REG_REGISTERED), holds, err);
}

enum rc true_while_live(struct reader *reader, struct occasion *occasion,
                        bool *holds, struct err *err)
{
    return speaks(reader, occasion,
                  is_on(occasion) &&
                      registration_is_live(&occasion->registration),
                  holds, err);
}

/* Even if the meeting has been called off since. */
enum rc true_while_cancelled(struct reader *reader, struct occasion *occasion,
                             bool *holds, struct err *err)
{
    return speaks(reader, occasion,
                  occasion->registration.state == REG_CANCELLED, holds, err);
}

enum rc true_while_unconfirmed(struct reader *reader,
                               struct occasion *occasion, bool *holds,
                               struct err *err)
{
    return speaks(reader, occasion,
                  is(occasion, REG_UNCONFIRMED) &&
                      occasion->registration.confirm_by > occasion->now,
                  holds, err);
}

/* Perhaps with a seat in the other mode meanwhile. Nobody moves up once the
 * meeting has begun. */
static bool hopes(const struct occasion *occasion)
{
    return occasion->meeting.starts_at > occasion->now &&
           (is(occasion, REG_WAITING) || is(occasion, REG_REGISTERED));
}

enum rc true_while_waiting(struct reader *reader, struct occasion *occasion,
                           bool *holds, struct err *err)
{
    return speaks(reader, occasion,
                  hopes(occasion) && occasion->queue.place > 0, holds, err);
}

enum rc true_while_offered(struct reader *reader, struct occasion *occasion,
                           bool *holds, struct err *err)
{
    return speaks(reader, occasion,
                  hopes(occasion) &&
                      occasion->queue.claim_by > occasion->now,
                  holds, err);
}

/* Not if she stands in the queue again. */
enum rc true_once_lapsed(struct reader *reader, struct occasion *occasion,
                         bool *holds, struct err *err)
{
    const struct queue *queue = &occasion->queue;
    bool ended = is(occasion, REG_CANCELLED) ||
                 is(occasion, REG_REGISTERED);

    return speaks(reader, occasion,
                  ended && queue->place == 0 && queue->claim_by == 0, holds,
                  err);
}

enum rc true_while_pending(struct reader *reader, struct occasion *occasion,
                           bool *holds, struct err *err)
{
    return speaks(reader, occasion, is(occasion, REG_PENDING), holds, err);
}

enum rc true_while_declined(struct reader *reader, struct occasion *occasion,
                            bool *holds, struct err *err)
{
    return speaks(reader, occasion, is(occasion, REG_DECLINED), holds, err);
}

/* The registration is somebody else's now, so nothing of it matters. */
enum rc true_once_handed_over(struct reader *reader,
                              struct occasion *occasion, bool *holds,
                              struct err *err)
{
    (void)reader;
    (void)err;
    *holds = is_on(occasion);
    return RC_OK;
}

static enum rc read_meetings(struct reader *reader,
                             struct occasion *occasion, struct err *err)
{
    const struct registrations *all = &occasion->mailbox;
    struct meetings *meetings = &occasion->meetings;
    enum rc rc = RC_OK;

    *meetings = (struct meetings){
        ARENA_ARRAY(occasion->arena, struct meeting, all->count), all->count
    };
    for (size_t i = 0; i < all->count && rc == RC_OK; i++)
        rc = meeting_by_id(reader, occasion->arena,
                           all->items[i].meeting_id, &meetings->items[i],
                           err);
    return rc;
}

/* The registration that it is about is merely one of those. */
enum rc true_while_any_is_live(struct reader *reader,
                               struct occasion *occasion, bool *holds,
                               struct err *err)
{
    const char *key = address_key(occasion->arena, occasion->letter->address);
    enum rc rc = registration_of_mailbox(reader, occasion->arena, key,
                                         occasion->now, &occasion->mailbox,
                                         err);

    *holds = occasion->mailbox.count > 0;
    return rc == RC_OK ? read_meetings(reader, occasion, err) : rc;
}

/* Those that are open, with at 0; else those that were declined then. */
static enum rc read_wishes(struct reader *reader, struct occasion *occasion,
                           int64_t at, struct err *err)
{
    struct wishes all;
    struct wishes *out = &occasion->wishes;
    enum rc rc = wish_of_registration(reader, occasion->arena,
                                      occasion->registration.id, &all, err);

    if (rc != RC_OK)
        return rc;
    out->items = ARENA_ARRAY(occasion->arena, struct wish, all.count);
    for (size_t i = 0; i < all.count; i++)
        if (all.items[i].declined_at == at)
            out->items[out->count++] = all.items[i];
    return RC_OK;
}

/* The newest speaks of all that are open. */
enum rc true_while_wished(struct reader *reader, struct occasion *occasion,
                          bool *holds, struct err *err)
{
    bool superseded = false;
    enum rc rc = read_wishes(reader, occasion, 0, err);

    if (rc == RC_OK)
        rc = is_superseded(reader, occasion, &superseded, err);
    *holds = !superseded && occasion->wishes.count > 0 && is_on(occasion) &&
             registration_is_live(&occasion->registration);
    return rc;
}

/* Each decision has its letter, written in the same instant. */
enum rc true_once_wish_declined(struct reader *reader,
                                struct occasion *occasion, bool *holds,
                                struct err *err)
{
    enum rc rc = read_wishes(reader, occasion, occasion->letter->created_at,
                             err);

    *holds = occasion->wishes.count > 0 && is_on(occasion) &&
             registration_is_live(&occasion->registration) &&
             occasion_is_current(occasion);
    return rc;
}

/* Who has given the place back herself need not hear of it. */
enum rc true_while_called_off(struct reader *reader,
                              struct occasion *occasion, bool *holds,
                              struct err *err)
{
    (void)reader;
    (void)err;
    *holds = occasion->meeting.state == MEETING_CANCELLED &&
             registration_is_reached(&occasion->registration);
    return RC_OK;
}

/* The invite says it all: it is cancelled when the last registration of its
 * address is gone, and only its newest message may go out. */
enum rc true_while_invited(struct reader *reader, struct occasion *occasion,
                           bool *holds, struct err *err)
{
    const struct invite *invite = &occasion->invite;
    const struct letter *letter = occasion->letter;

    (void)reader;
    (void)err;
    *holds = invite->id != 0 && !invite->cancelled &&
             invite->generation == letter->generation &&
             invite->sequence == letter->sequence && is_on(occasion);
    return RC_OK;
}

/* Nobody is told that something is gone of which they never heard. */
enum rc true_once_withdrawn(struct reader *reader, struct occasion *occasion,
                            bool *holds, struct err *err)
{
    *holds = false;
    if (occasion->invite.id == 0 || !occasion->invite.cancelled)
        return RC_OK;
    return letter_invite_was_sent(reader, occasion->invite.id, holds, err);
}
