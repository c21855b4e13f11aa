/* What somebody says through a mailed link so that a seat becomes theirs: this
 * address is mine; I take the seat that was offered. */
#ifndef CONVENED_RULES_CONFIRM_H
#define CONVENED_RULES_CONFIRM_H

#include "daemon/rules/turn.h"

enum confirm_outcome {
    CONFIRM_DONE,
    CONFIRM_ALREADY, /* nothing to confirm, or to claim */
    CONFIRM_LATE,    /* the term is over, if only just */
    CONFIRM_CLOSED,  /* cancelled, the person or the meeting, or past */
};

/* Companions without an address of their own are confirmed with it. */
MUST_USE enum rc confirm_address(struct turn *, const struct id *registration,
                                 enum confirm_outcome *, struct err *);
/* For everybody of that party to whom seats of that pool are offered. */
MUST_USE enum rc confirm_claim(struct turn *, const struct id *registration,
                               enum confirm_outcome *, struct err *);

#endif
