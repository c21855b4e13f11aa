/* The courier as a child of `convened serve`: for the first five minutes and
 * for small machines. Under systemd it is a unit of its own with a user of
 * its own. */
#ifndef CONVENED_CHILD_H
#define CONVENED_CHILD_H

#include <stdbool.h>

#include "daemon/base/err.h"

struct child;
struct event_base;

/* Starts `convened courier --child-of=PID --config PATH`, and again if it
 * ends, at most once a second. */
MUST_USE enum rc child_start(struct event_base *, const char *config_path,
                             struct child **, struct err *);
/* Asks it to end (SIGTERM), without waiting, and does not start it again. */
void child_dismiss(struct child *);
/* Asks it to read its configuration again (SIGHUP). */
void child_reload(const struct child *);
bool child_running(const struct child *);
/* For the child itself, first thing, with the word that it was started by:
 * end when that server does, however that came about. False: that word says
 * nothing of the kind. */
bool child_follow(const char *word);
/* SIGKILL if it still runs. */
void child_free(struct child **);

#endif
