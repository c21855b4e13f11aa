/* On site instead of online, or the other way round: one seat is freed and
 * the other taken in one transaction. At its end nobody has both, and whoever
 * had one has one. */
#ifndef CONVENED_RULES_SWITCH_H
#define CONVENED_RULES_SWITCH_H

#include "daemon/rules/change.h"

/* `may_wait`: if the other mode is full, she waits for it, and whoever has a
 * seat keeps it meanwhile. A seat of it that is offered is claimed, for all
 * of the party to whom it is. */
MUST_USE enum rc switch_mode(struct turn *, const struct id *registration,
                             enum mode, bool may_wait, enum change_outcome *,
                             struct err *);
/* With the organiser's right; see change_granted(). */
MUST_USE enum rc switch_granted(struct turn *, struct registration *,
                                enum mode, bool may_wait,
                                enum change_outcome *, struct err *);
/* Keeps the seat that she has, and waits for no other any more; gives back
 * one that is offered. Whatever the deadline. CHANGE_NONE: she does not, or
 * has no seat to keep. */
MUST_USE enum rc switch_stop_waiting(struct turn *,
                                     const struct id *registration,
                                     enum change_outcome *, struct err *);

#endif
