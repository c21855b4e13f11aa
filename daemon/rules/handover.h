/* Somebody hands her seat to somebody else: the same registration, reference
 * and seat, another person. In one transaction the old link dies, the old
 * calendar invitation is taken back, what the former person said is erased,
 * and the new one hears as if she had registered herself: it is noted which
 * words on data protection (turn->notice) her letter refers to; where the
 * meeting asks for it she confirms her address or waits for the organiser, and
 * the seat is hers meanwhile, whatever enum approval says. Who leads
 * companions hands them over with it. */
#ifndef CONVENED_RULES_HANDOVER_H
#define CONVENED_RULES_HANDOVER_H

#include "daemon/rules/turn.h"

enum handover_outcome {
    HANDOVER_DONE,
    HANDOVER_NONE,   /* that is herself */
    HANDOVER_SAME,   /* is registered already, or too many of that address:
                        nobody need know which */
    HANDOVER_LATE,   /* the deadline is over: ask the organiser */
    HANDOVER_CLOSED, /* has no seat to give, or the meeting does not allow it,
                        or is over or called off */
};

struct handover {
    struct person person; /* checked and cleaned, with an address */
    bool wants_invite;
    enum lang lang; /* of the new one's letters */
};

MUST_USE enum rc handover_seat(struct turn *, const struct id *registration,
                               const struct handover *,
                               enum handover_outcome *, struct err *);
/* With the organiser's right: whatever the deadline, and nothing is to be
 * confirmed or approved. The turn is begun, the registration fresh. */
MUST_USE enum rc handover_granted(struct turn *, struct registration *,
                                  const struct handover *,
                                  enum handover_outcome *, struct err *);
/* HANDOVER_DONE: may be handed over; else why not. */
enum handover_outcome handover_gate(const struct turn *,
                                    const struct registration *,
                                    bool by_host);

#endif
