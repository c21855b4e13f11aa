/* The organiser says yes or no to somebody who waits for that. */
#ifndef CONVENED_RULES_DECIDE_H
#define CONVENED_RULES_DECIDE_H

#include "daemon/rules/turn.h"

enum decide_outcome {
    DECIDE_DONE,        /* approved: registered, or on the waiting list */
    DECIDE_NOT_PENDING, /* nothing to decide */
    DECIDE_FULL,        /* no seat, and the meeting keeps no waiting list */
    DECIDE_PAST,        /* the meeting has ended, or does not take place */
};

/* turn->actor says who decides; the turn is begun here. `reason` may be
 * empty; it is told when declined. */
MUST_USE enum rc decide_registration(struct turn *, int64_t registration_id,
                                     bool approved, const char *reason,
                                     enum decide_outcome *, struct err *);

#endif
