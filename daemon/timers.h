/* Periodic work of the server: one table. `letters_fd` is readable when
 * letters were written; it is drained elsewhere (outgoing.h). */
#ifndef CONVENED_TIMERS_H
#define CONVENED_TIMERS_H

#include "daemon/base/mailbox.h"
#include "daemon/model/settings.h"
#include "daemon/store/writing.h"

struct event_base;
struct timers;

struct timers *timers_start(struct event_base *, const struct settings *,
                            struct writing *, struct mailbox *jobs_home,
                            int letters_fd);
/* From now on with these settings; a job that is with the writer still has
 * the old ones. */
void timers_adopt(struct timers *, const struct settings *);
void timers_stop(struct timers **);

#endif
