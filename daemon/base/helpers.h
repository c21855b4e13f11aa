/* Threads for work that would hold up an event loop: password hashes, long
 * exports. A task runs on a helper and then comes home to the mailbox that it
 * names, whose owner calls task->done. */
#ifndef CONVENED_BASE_HELPERS_H
#define CONVENED_BASE_HELPERS_H

#include <stdbool.h>
#include <stddef.h>

#include "daemon/base/mailbox.h"

struct helpers;

struct task {
    struct parcel parcel;
    void (*run)(struct task *);  /* on a helper thread */
    void (*done)(struct task *); /* on the thread that owns `home` */
    struct mailbox *home;
};

struct helpers *helpers_start(size_t threads, size_t capacity);
/* False: too much is waiting already; answer 503. */
bool helpers_submit(struct helpers *, struct task *);
/* For the owner of a `home`: calls done() of all that are there. */
void helpers_come_home(struct mailbox *);
/* Refuses new tasks, runs what is queued, ends the threads. The tasks are in
 * their homes then, and their done() may still find this object. */
void helpers_finish(struct helpers *);
void helpers_stop(struct helpers **); /* finishes, if need be, and frees */

#endif
