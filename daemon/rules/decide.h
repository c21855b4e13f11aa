/* The organiser says yes or no to somebody who waits for that. */
#ifndef CONVENED_RULES_DECIDE_H
#define CONVENED_RULES_DECIDE_H

#include "daemon/rules/turn.h"

/* Characters of a reason. */
#define DECIDE_REASON_MOST 500

enum decide_outcome {
    DECIDE_DONE,        /* approved: registered, or on the waiting list */
    DECIDE_NOT_PENDING, /* nothing to decide */
    DECIDE_FULL,        /* no seat, and the meeting keeps no waiting list */
    DECIDE_PAST,        /* the meeting has ended, or does not take place */
};

/* One of many that are decided in one go. */
struct decision {
    int64_t registration_id;
    enum decide_outcome outcome;
    struct registration registration; /* as it stands now; id 0: is gone */
};

/* turn->actor says who decides; the turn is begun here. All are of that
 * meeting; whoever is not counts as gone. A party is decided together: seats
 * for all whom the call names or for none, and one letter for a mailbox.
 * `reason` may be empty; it is told when declined. */
MUST_USE enum rc decide_all(struct turn *, int64_t meeting_id,
                            struct decision *, size_t count, bool approved,
                            const char *reason, struct err *);
/* The same for one alone. */
MUST_USE enum rc decide_registration(struct turn *, int64_t registration_id,
                                     bool approved, const char *reason,
                                     enum decide_outcome *, struct err *);

/* For so long a decline can be taken back (EXPERIENCE O17). */
#define DECIDE_UNDO_TERM (24 * 3600)

enum decide_undo_outcome {
    DECIDE_UNDO_DONE,   /* pending again */
    DECIDE_UNDO_IS_NOT, /* it is not declined */
    DECIDE_UNDO_ANEW,   /* the same person has registered anew meanwhile */
    DECIDE_UNDO_LATE,
    DECIDE_UNDO_PAST,   /* the meeting has ended, or does not take place */
};

/* Back to where it was before the decline, but for the seat that it may have
 * held: others may have that now. The letter says that it awaits approval. */
MUST_USE enum rc decide_undo(struct turn *, int64_t registration_id,
                             enum decide_undo_outcome *, struct err *);

#endif
