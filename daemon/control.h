/* control.sock (0600): the admin commands of command.h, run in the server.
 *
 *   client: {"words": ["meeting", "list"], "input": null}
 *   server: {"out": "…", "err": "…", "exit": 0}
 *
 * Commands that read run on this loop with `reader`; those that write are
 * jobs of the writer; one that came with descriptors runs aside, one at a
 * time. */
#ifndef CONVENED_CONTROL_H
#define CONVENED_CONTROL_H

#include <stdbool.h>

#include "daemon/base/err.h"
#include "daemon/base/mailbox.h"
#include "daemon/model/settings.h"
#include "daemon/store/db.h"
#include "daemon/store/writing.h"

struct control;
struct event_base;
struct keyring;

MUST_USE enum rc control_open(struct event_base *, const struct settings *,
                              const struct keyring *, struct reader *,
                              struct writing *, struct mailbox *jobs_home,
                              struct control **, struct err *);
/* From now on with these settings; a command that is with the writer still
 * has the old ones. */
void control_adopt(struct control *, const struct settings *);
/* A command that takes longer still works with those. */
bool control_uses(const struct control *, const struct settings *);
void control_close(struct control **);

#endif
