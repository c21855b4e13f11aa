/* Giving a place back, and taking it again, through a mailed link. */
#ifndef CONVENED_RULES_CANCEL_H
#define CONVENED_RULES_CANCEL_H

#include "daemon/rules/turn.h"

enum cancel_outcome {
    CANCEL_DONE,
    CANCEL_ALREADY, /* nothing to do */
    CANCEL_PAST,    /* the meeting has ended */
};
enum undo_outcome {
    UNDO_DONE,
    UNDO_WAITING, /* on the waiting list again, at its end */
    UNDO_ALREADY, /* is registered */
    UNDO_CLOSED,  /* registration is not open any more, or it was declined */
    UNDO_FULL,    /* the seat has gone */
};
/* Whose: her own alone, or also those who came with her in one go. Only the
 * first of a party speaks for all, or of those who are left once she was
 * erased; anybody else only for those whose letters she gets. */
enum cancel_whose { CANCEL_OWN, CANCEL_PARTY };

MUST_USE enum rc cancel_registration(struct turn *,
                                     const struct id *registration,
                                     enum cancel_whose,
                                     enum cancel_outcome *, struct err *);
/* A new invitation generation, or the first if none was begun (U5).
 * `may_wait`: if the seat has gone, to the end of the queue. */
MUST_USE enum rc cancel_undo(struct turn *, const struct id *registration,
                             bool may_wait, enum undo_outcome *,
                             struct err *);
/* For one that is not live: how many of its address are, at that meeting, and
 * whether the same person is among them. */
MUST_USE enum rc cancel_count_others(struct turn *,
                                     const struct registration *,
                                     int64_t *count, bool *anew,
                                     struct err *);

#endif
