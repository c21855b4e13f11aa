/* One event loop in one thread: its connections, its reader, its prebuilt
 * answers. */
#ifndef CONVENED_WORKER_H
#define CONVENED_WORKER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "daemon/base/err.h"
#include "daemon/base/helpers.h"
#include "daemon/base/mailbox.h"
#include "daemon/listen.h"
#include "daemon/model/settings.h"
#include "daemon/store/writing.h"

struct keyring;
struct texts;
struct vitals;
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
    struct vitals *vitals;
    const struct listening *listening;
};

/* Opens everything. `share` outlives the worker. */
MUST_USE enum rc worker_open(const struct worker_share *, struct worker **,
                             struct err *);
/* Starts the thread. RC_FAIL: it is as before, and may be freed. */
MUST_USE enum rc worker_go(struct worker *, struct err *);
/* From the thread that started it: stop accepting, finish what is under way,
 * then end. Nobody is hurried. Again does no harm. */
void worker_drain(struct worker *);
/* The same, but after limits.stop-time it hangs up; also of a worker that
 * drains already. Writer and helpers go on until it has ended. */
void worker_drain_soon(struct worker *);
/* True: its loop has ended, or will without waiting for anybody. */
bool worker_is_over(const struct worker *);
/* Asks the loop for a sign of life, unless it still owes one. */
void worker_ping(struct worker *);
/* It gave the sign that it was asked for. */
bool worker_has_answered(const struct worker *);
/* Waits for the end of a drained worker's thread. */
void worker_join(struct worker *);
/* Of a worker that was joined, or never went: nothing is on its way to it. */
void worker_free(struct worker **);

#endif
