/* One event loop in one thread: its connections, its reader, its prebuilt
 * answers. */
#ifndef CONVENED_WORKER_H
#define CONVENED_WORKER_H

#include <stdatomic.h>
#include <stddef.h>

#include "daemon/base/err.h"
#include "daemon/base/helpers.h"
#include "daemon/base/mailbox.h"
#include "daemon/model/settings.h"
#include "daemon/store/writing.h"

struct keyring;
struct texts;
struct worker;

/* What all workers share: immutable, or made for sharing. */
struct worker_share {
    const struct settings *settings;
    const struct keyring *keys;
    const char *database; /* path */
    struct writing *writing;
    struct helpers *helpers;
    struct texts *texts;
    atomic_int *exports; /* lists being downloaded from any worker */
    const int *sockets; /* listening, non-blocking */
    size_t socket_count;
    struct mailbox *ended; /* gets one parcel from each worker that has ended;
                              the parcel stays the worker's */
};

/* Opens everything, then starts the thread. `share` outlives the worker. */
MUST_USE enum rc worker_start(const struct worker_share *, struct worker **,
                              struct err *);
/* From the thread that started it: stop accepting and finish what is under
 * way. Again does no harm. */
void worker_drain(struct worker *);
/* Waits for the end of a drained worker's thread. */
void worker_join(struct worker *);
/* After writer and helpers have finished, so that nothing is on its way to it
 * any more: what came home late is heard, then its rooms are closed. */
void worker_free(struct worker **);

#endif
