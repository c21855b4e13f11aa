/* After meeting_changes_until() a change is a request to the organiser. One
 * of each kind per registration: a newer one takes the place of the older.
 *
 * Asking and withdrawing is by the mailed link, deciding is the organiser's;
 * all take a turn. */
#ifndef CONVENED_RULES_WISH_H
#define CONVENED_RULES_WISH_H

#include "daemon/model/wish.h"
#include "daemon/rules/answer_change.h"
#include "daemon/rules/change.h"
#include "daemon/rules/handover.h"

enum wish_outcome {
    WISH_DONE,
    WISH_NONE,   /* it is so already; or there is no such wish */
    WISH_SOON,   /* the deadline is not over: no need to ask */
    WISH_SAME,   /* that person is registered already */
    WISH_FULL,   /* the other mode has no seat, or an option no place */
    WISH_CLOSED, /* cancelled, the person or the meeting, or past */
};

/* Writes the wish, and a letter to the alliance's contact. */
MUST_USE enum rc wish_for_change(struct turn *, const struct id *registration,
                                 const struct details *, enum wish_outcome *,
                                 struct err *);
MUST_USE enum rc wish_for_mode(struct turn *, const struct id *registration,
                               enum mode, bool may_wait, enum wish_outcome *,
                               struct err *);
MUST_USE enum rc wish_for_handover(struct turn *,
                                   const struct id *registration,
                                   const struct handover *,
                                   enum wish_outcome *, struct err *);
MUST_USE enum rc wish_for_answers(struct turn *,
                                  const struct id *registration,
                                  const struct answers *,
                                  enum wish_outcome *, struct err *);
MUST_USE enum rc wish_withdraw(struct turn *, const struct id *registration,
                               enum wish_kind, enum wish_outcome *,
                               struct err *);

/* The organiser decides; turn->actor says who, and the turn is begun here.
 * Granted: the change is made with the organiser's right, whatever the
 * deadline, and the person hears of it as of any change. Not possible any
 * more (WISH_SAME, WISH_FULL, WISH_CLOSED): the wish stays open. Declined:
 * `reason` (may be empty) is told. WISH_NONE: nothing to decide. */
MUST_USE enum rc wish_decide(struct turn *, int64_t wish_id, bool granted,
                             const char *reason, enum wish_outcome *,
                             struct err *);

#endif
