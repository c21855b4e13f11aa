/* Giving a place back, and taking it again. Same contract as signup.h. What
 * is done here was asked for through a mailed link, so the address is proven
 * from now on. */
#ifndef CONVENED_RULES_CANCEL_H
#define CONVENED_RULES_CANCEL_H

#include "daemon/model/registration.h"
#include "daemon/model/settings.h"
#include "daemon/store/db.h"

struct arena;

enum cancel_outcome {
    CANCEL_DONE,
    CANCEL_ALREADY, /* nothing to do */
    CANCEL_PAST,    /* the meeting has ended */
};
enum undo_outcome {
    UNDO_DONE,
    UNDO_ALREADY, /* is registered */
    UNDO_CLOSED,  /* registration is not open any more */
    UNDO_FULL,    /* the seat has gone */
};

MUST_USE enum rc cancel_registration(struct writer *, struct arena *,
                                     int64_t now, const struct settings *,
                                     const struct id *registration,
                                     enum cancel_outcome *, bool *letters,
                                     struct err *);
/* A new invitation generation, or the first if none was begun (U5). */
MUST_USE enum rc cancel_undo(struct writer *, struct arena *, int64_t now,
                             const struct settings *,
                             const struct id *registration,
                             enum undo_outcome *, bool *letters,
                             struct err *);

#endif
