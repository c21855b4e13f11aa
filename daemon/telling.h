/* Tells the people of a meeting that was called off: writes their letters, a
 * slice for each job of the writer, so that others get their turn between
 * them (rules/calloff.h). Goes on at start with what the process before left
 * undone. Belongs to one event loop. */
#ifndef CONVENED_TELLING_H
#define CONVENED_TELLING_H

#include "daemon/base/mailbox.h"
#include "daemon/store/db.h"
#include "daemon/store/writing.h"

struct event_base;
struct telling;

/* Looks with `reader`; its jobs come home to `home`, whose owner (the same
 * loop) calls job->done. */
struct telling *telling_start(struct event_base *, struct reader *,
                              struct writing *, struct mailbox *home);
/* There may be somebody to tell. Cheap if there is not. */
void telling_wake(struct telling *);
/* A job that the writer still has comes home later: the mailbox must be
 * emptied once more after writing_stop(). */
void telling_close(struct telling **);

#endif
