/* Which letters a step writes, and which are withheld: an unproven address
 * gets at most 3 steps' letters an hour and 5 a day (RELIABILITY, mail
 * bombing). A CANCEL is never withheld. */
#ifndef CONVENED_RULES_OUTBOX_H
#define CONVENED_RULES_OUTBOX_H

#include "daemon/model/letter.h"
#include "daemon/model/registration.h"
#include "daemon/model/settings.h"
#include "daemon/store/db.h"

struct arena;

/* Counts one step begun by an anonymous form, and says what its letters'
 * state is: LETTER_QUEUED or LETTER_SUPPRESSED. */
MUST_USE enum rc outbox_begin_step(struct writer *, int64_t now,
                                   const struct settings *,
                                   const char *address_key,
                                   enum letter_state *, struct err *);
MUST_USE enum rc outbox_confirmation(struct writer *, int64_t now,
                                     const struct registration *,
                                     enum letter_kind, enum letter_state,
                                     struct err *);
/* Begins, or shares, the invite of the registration's address; sets its
 * invite_id. */
MUST_USE enum rc outbox_invite(struct writer *, struct arena *, int64_t now,
                               const struct settings *,
                               struct registration *, enum letter_state,
                               struct err *);
/* METHOD:CANCEL if no other registration needs the invite any more. */
MUST_USE enum rc outbox_withdraw(struct writer *, struct arena *,
                                 int64_t now, const struct registration *,
                                 struct err *);

#endif
