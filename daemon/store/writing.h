/* The writer's thread: takes all that is queued, runs it in one transaction
 * (at most 512 jobs, no waiting for more), commits durably, and only then
 * sends the jobs home. A job that fails leaves no trace and does not hurt its
 * neighbours. If the commit itself fails, every job of the batch fails; if
 * the disk no longer takes fsyncs, the process ends (RELIABILITY A8). */
#ifndef CONVENED_STORE_WRITING_H
#define CONVENED_STORE_WRITING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/base/err.h"
#include "daemon/base/mailbox.h"
#include "daemon/base/counter.h"
#include "daemon/store/db.h"

/* What a job changed, so that prebuilt pages and the courier can know. */
enum change {
    CHANGE_SEATS = 1,   /* numbers only: pages may lag by a second */
    CHANGE_EDIT = 2,    /* anything else that the public sees */
    CHANGE_LETTERS = 4, /* a letter is due */
    CHANGE_ERASED = 8,  /* personal data went: its traces in the log, too */
};

struct job {
    struct parcel parcel;
    /* On the writer's thread, inside the transaction. RC_FAIL undoes what
     * this job wrote. */
    enum rc (*run)(struct writer *, int64_t now, struct job *, struct err *);
    /* `run` may be called again after its work was undone: it says all its
     * results afresh and adds to none. A batch of such jobs needs no
     * savepoints, which cost a fifth of a registration; only if one of them
     * fails is the batch undone and run again with them. */
    bool repeatable;
    /* On the thread that owns `home`, after the commit. */
    void (*done)(struct job *);
    struct mailbox *home;
    unsigned changed; /* enum change bits, set by run */
    enum rc rc;       /* of run and commit together */
    struct err err;
};

struct writing;

/* Takes the writer over until writing_stop(). `letters` (may be NULL) gets no
 * parcels; it is an eventfd written to after a commit with CHANGE_LETTERS. */
struct writing *writing_start(struct writer *, size_t queue, int letters_fd);
/* False: the queue is full; answer 503 with Retry-After. */
bool writing_submit(struct writing *, struct job *);
/* Refuses new jobs, runs what is queued, ends the thread. The jobs are in
 * their homes then, and their done() may still find this object. */
void writing_finish(struct writing *);
/* Runs what is queued, then gives the writer back (checkpointed by
 * writer_close). */
struct writer *writing_stop(struct writing **);

/* For the owner of a `home`: calls done() of all that are there. */
void writing_come_home(struct mailbox *);

/* Counters that grow with each commit that changed such a thing; read by any
 * thread. A page built after reading them is stale once they differ. */
uint64_t writing_edits(const struct writing *);
uint64_t writing_seats(const struct writing *);

/* What the writer has done; read by any thread. */
struct writing_meter {
    struct counter batches, jobs;  /* that were run */
    struct counter failed;         /* batches whose commit failed */
    struct histogram commit;     /* from COMMIT to the disk's word */
    /* 1: the newest batch that had something to write could not; a success
     * takes it back. */
    struct counter failing;
};
const struct writing_meter *writing_meter(const struct writing *);
size_t writing_waiting(const struct writing *); /* jobs in the queue */

/* Without a thread, for admin commands with no server running and for tests:
 * one job, one transaction. */
void writing_run_alone(struct writer *, struct job *, int64_t now);

#endif
