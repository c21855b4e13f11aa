/* Which letters a step writes, and which are withheld: an unproven address
 * gets at most 3 steps' letters an hour and 5 a day (RELIABILITY, mail
 * bombing). A CANCEL is never withheld. */
#ifndef CONVENED_RULES_OUTBOX_H
#define CONVENED_RULES_OUTBOX_H

#include "daemon/model/invite.h"
#include "daemon/model/letter.h"
#include "daemon/model/registration.h"
#include "daemon/model/settings.h"
#include "daemon/store/db.h"

struct arena;

/* Counts one step begun by an anonymous form, and says what its letters'
 * state is: LETTER_QUEUED or LETTER_SUPPRESSED. A step that is withheld does
 * not count, so going on never silences us longer. */
MUST_USE enum rc outbox_begin_step(struct writer *, int64_t now,
                                   const struct settings *,
                                   const char *address_key,
                                   enum letter_state *, struct err *);
/* The same for what anybody may ask for in the name of anybody: proven
 * addresses are counted, too. */
MUST_USE enum rc outbox_count_step(struct writer *, int64_t now,
                                   const struct settings *,
                                   const char *address_key,
                                   enum letter_state *, struct err *);
/* The state of a letter that nobody begins but the course of things: as for
 * the first, an unproven address hears no more if all before was withheld. */
MUST_USE enum rc outbox_follow(struct writer *, struct arena *,
                               const struct registration *,
                               enum letter_state *, struct err *);
/* Any kind without a calendar part, to the registration's mailbox; nothing if
 * it has none. */
MUST_USE enum rc outbox_confirmation(struct writer *, int64_t now,
                                     const struct registration *,
                                     enum letter_kind, enum letter_state,
                                     struct err *);
/* The invite of one address to one meeting, shared by all who have it. */
struct invite_begun {
    struct invite invite;
    bool is_new;
};
/* Finds it, or makes it if there is none or it is withdrawn. */
MUST_USE enum rc outbox_begin_invite(struct writer *, struct arena *,
                                     int64_t now, const struct settings *,
                                     int64_t meeting_id,
                                     const char *address_key,
                                     struct invite_begun *, struct err *);
/* A shared one gets a REQUEST only if none was sent or is queued. So an
 * INVITATION is true as long as its invite is not cancelled; it speaks of
 * another that shares it if the registration that it names needs it no more.
 */
MUST_USE enum rc outbox_send_invite(struct writer *, int64_t now,
                                    const struct registration *,
                                    struct invite_begun *, enum letter_state,
                                    struct err *);
/* Both, for a registration that is there already; sets its invite_id, in the
 * database too. */
MUST_USE enum rc outbox_invite(struct writer *, struct arena *, int64_t now,
                               const struct settings *,
                               struct registration *, enum letter_state,
                               struct err *);
/* The invite that it has is not what it was: one more REQUEST, with the next
 * SEQUENCE; the first, if none was begun. */
MUST_USE enum rc outbox_renew_invite(struct writer *, struct arena *,
                                     int64_t now, const struct settings *,
                                     struct registration *,
                                     enum letter_state, struct err *);
/* If no registered one has the invite any more: cancels it, with
 * METHOD:CANCEL if a REQUEST was sent, or is queued. A queued one may be in
 * the courier's hand just now, so it is not touched here; both are settled
 * when their turn comes. letters_render() drops an INVITATION whose invite is
 * cancelled, and, since letters to one mailbox go in order, knows at the
 * WITHDRAWAL's turn for certain: without letter_invite_was_sent() it drops
 * that too. */
MUST_USE enum rc outbox_withdraw(struct writer *, struct arena *,
                                 int64_t now, const struct registration *,
                                 struct err *);
/* The same at once, whoever still needs it: the meeting is off. Once for each
 * invite. */
MUST_USE enum rc outbox_call_back(struct writer *, struct arena *,
                                  int64_t now, const struct registration *,
                                  struct err *);

#endif
