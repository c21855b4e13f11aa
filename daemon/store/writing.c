#include "daemon/store/writing.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/base/mem.h"
#include "daemon/store/transaction.h"

#define BATCH_MOST 512
#define IDLE_MS 100
/* What was erased leaves the log as soon as nobody wants to write, or after
 * BUSY: emptying it costs two fsyncs. While somebody reads in it, it is tried
 * EVERY so often; after PATIENCE we complain. */
#define EMPTY_BUSY_MS 10000
#define EMPTY_EVERY_MS 1000
#define PATIENCE_MS 60000

/* sysexits(3): an internal fault; the process manager starts us again, and
 * SQLite then recovers from what the disk really holds. */
#define EXIT_DOOMED 70

struct writing {
    struct writer *writer;
    struct mailbox *inbox;
    int letters_fd;
    pthread_t thread;
    bool finished; /* the thread has ended */
    /* The thread's own: what was erased is still in the log, since when, and
     * when that was last tried to be mended. */
    bool traces;
    int64_t traces_since_ms, tried_ms;
    _Atomic uint64_t edits, seats;
    struct writing_meter meter;
};

static struct job *job_of(struct parcel *parcel)
{
    return (struct job *)parcel; /* it comes first */
}

static struct job *next_of(const struct job *job)
{
    return job_of(job->parcel.next);
}

/* Nothing may be acknowledged any more, not even by the exit handlers. */
static void stop_if_doomed(const struct writer *writer)
{
    const char *why;

    if (!writer_is_doomed(writer, &why))
        return;
    log_error("the database can no longer be trusted (%s): stopping", why);
    _exit(EXIT_DOOMED);
}

static void fail_all(struct job *first, const struct err *why)
{
    for (struct job *job = first; job; job = next_of(job)) {
        if (job->rc == RC_FAIL)
            continue; /* it has words of its own */
        job->rc = RC_FAIL;
        job->err = *why;
        job->changed = 0;
    }
}

static void run_one(struct writer *writer, int64_t now, struct job *job)
{
    job->changed = 0;
    job->rc = job->run(writer, now, job, &job->err);
    if (job->rc == RC_FAIL)
        job->changed = 0;
}

/* False: SQLite has rolled back the whole transaction, neighbours too. */
static bool run_guarded(struct writer *writer, int64_t now, struct job *job)
{
    writer_guard(writer);
    run_one(writer, now, job);
    if (writer_guard_end(writer, job->rc != RC_FAIL))
        return true;
    if (job->rc != RC_FAIL)
        job->rc = err_set(&job->err, "database: the transaction is gone");
    return false;
}

static bool all_repeatable(const struct job *first)
{
    for (const struct job *job = first; job; job = next_of(job))
        if (!job->repeatable)
            return false;
    return true;
}

/* Without savepoints. False: one failed, and what the others wrote has to go
 * with it. */
static bool run_plain(struct writer *writer, int64_t now, struct job *first)
{
    for (struct job *job = first; job; job = next_of(job)) {
        run_one(writer, now, job);
        if (job->rc == RC_FAIL)
            return false;
    }
    return true;
}

/* RC_FAIL: the transaction is gone; with the words of whose failure it was. */
static enum rc run_with_guards(struct writer *writer, int64_t now,
                               struct job *first, struct err *err)
{
    for (struct job *job = first; job; job = next_of(job))
        if (!run_guarded(writer, now, job)) {
            *err = job->err;
            return RC_FAIL;
        }
    return RC_OK;
}

static enum rc run_all(struct writer *writer, int64_t now, struct job *first,
                       struct err *err)
{
    if (all_repeatable(first)) {
        if (run_plain(writer, now, first))
            return RC_OK;
        stop_if_doomed(writer);
        writer_rollback(writer);
        enum rc rc = writer_begin(writer, err);
        if (rc != RC_OK)
            return rc;
    }
    return run_with_guards(writer, now, first, err);
}

/* With nothing to write a commit says nothing about the disk. */
static enum rc commit(struct writer *writer, struct writing_meter *meter,
                      struct err *err)
{
    int64_t began = clock_ticks_us();
    bool writes = writer_has_written(writer);
    enum rc rc = writer_commit(writer, err);

    if (writes) {
        histogram_add(&meter->commit, clock_ticks_us() - began);
        counter_set(&meter->failing, 0);
    }
    return rc;
}

static void count(struct writing_meter *meter, const struct job *first)
{
    counter_add(&meter->batches, 1);
    for (const struct job *job = first; job; job = next_of(job))
        counter_add(&meter->jobs, 1);
}

/* One transaction for the chain; afterwards each job knows its fate. */
static void run_batch(struct writer *writer, struct writing_meter *meter,
                      struct job *first, int64_t now)
{
    struct err err;
    enum rc rc = writer_begin(writer, &err);

    count(meter, first);

    for (struct job *job = first; job; job = next_of(job))
        job->rc = RC_OK;
    if (rc == RC_OK)
        rc = run_all(writer, now, first, &err);
    if (rc == RC_OK)
        rc = commit(writer, meter, &err);
    if (rc != RC_OK) {
        writer_rollback(writer);
        fail_all(first, &err);
        counter_add(&meter->failed, 1);
        counter_set(&meter->failing, 1);
    }
    stop_if_doomed(writer);
}

static unsigned changes_of(const struct job *first)
{
    unsigned changed = 0;

    for (const struct job *job = first; job; job = next_of(job))
        changed |= job->changed;
    return changed;
}

/* Before the jobs go home: whoever hears of a job then also sees that the
 * pages built before it are stale. */
static void announce(struct writing *writing, unsigned changed)
{
    if (changed & CHANGE_EDIT)
        atomic_fetch_add(&writing->edits, 1);
    if (changed & CHANGE_SEATS)
        atomic_fetch_add(&writing->seats, 1);
}

static void tell_courier(const struct writing *writing, unsigned changed)
{
    uint64_t one = 1;

    if (!(changed & CHANGE_LETTERS) || writing->letters_fd < 0)
        return;
    /* Fails only when the counter is full, and then it is readable. */
    ssize_t written = write(writing->letters_fd, &one, sizeof one);
    (void)written;
}

/* Takes those of one home out of the chain, in order, and posts them with
 * one wake-up; returns the rest. */
static struct job *send_some(struct job *first)
{
    struct mailbox *home = first->home;
    struct parcel *mine = NULL, **mine_end = &mine, *last = NULL;
    struct parcel *rest = NULL, **rest_end = &rest;

    for (struct parcel *at = &first->parcel, *next; at; at = next) {
        next = at->next;
        at->next = NULL;
        if (job_of(at)->home == home) {
            *mine_end = last = at;
            mine_end = &at->next;
        } else {
            *rest_end = at;
            rest_end = &at->next;
        }
    }
    mailbox_post_chain(home, mine, last);
    return job_of(rest);
}

static void note_traces(struct writing *writing, unsigned changed)
{
    if (!(changed & CHANGE_ERASED) || writing->traces)
        return;
    writing->traces = true;
    writing->traces_since_ms = clock_ticks_ms();
    writing->tried_ms = 0;
}

static void remove_traces(struct writing *writing, bool idle)
{
    int64_t now = clock_ticks_ms();

    if (!writing->traces || now - writing->tried_ms < EMPTY_EVERY_MS ||
        (!idle && now - writing->traces_since_ms < EMPTY_BUSY_MS))
        return;
    writing->tried_ms = now;
    writing->traces = !writer_empty_log(writing->writer);
    if (writing->traces && now - writing->traces_since_ms > PATIENCE_MS) {
        log_warn("what was erased is still in the database's log: a reader "
                 "keeps it");
        writing->traces_since_ms = now;
    }
}

static void work(struct writing *writing, struct job *first)
{
    run_batch(writing->writer, &writing->meter, first, clock_now());
    unsigned changed = changes_of(first);

    announce(writing, changed);
    while (first)
        first = send_some(first);
    tell_courier(writing, changed);
    writer_checkpoint(writing->writer, false);
    note_traces(writing, changed);
    remove_traces(writing, false);
    stop_if_doomed(writing->writer);
}

static void *write_on(void *argument)
{
    struct writing *writing = argument;
    /* Whoever stopped before us may have left traces. */
    int timeout = IDLE_MS;

    note_traces(writing, CHANGE_ERASED);
    for (;;) {
        struct parcel *first =
            mailbox_wait(writing->inbox, BATCH_MOST, timeout);
        if (first) {
            work(writing, job_of(first));
            timeout = IDLE_MS;
        } else if (mailbox_closed(writing->inbox) &&
                   mailbox_length(writing->inbox) == 0) {
            return NULL;
        } else {
            writer_checkpoint(writing->writer, true);
            remove_traces(writing, true);
            stop_if_doomed(writing->writer);
            timeout = writing->traces ? EMPTY_EVERY_MS : -1;
        }
    }
}

struct writing *writing_start(struct writer *writer, size_t queue,
                              int letters_fd)
{
    struct writing *writing = mem_new(sizeof *writing);
    sigset_t all, before;

    writing->writer = writer;
    writing->inbox = mailbox_new(queue);
    writing->letters_fd = letters_fd;
    /* Signals are the main thread's. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&writing->thread, NULL, write_on, writing);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    assert(!failed);
    pthread_setname_np(writing->thread, "writer");
    return writing;
}

bool writing_submit(struct writing *writing, struct job *job)
{
    return mailbox_post(writing->inbox, &job->parcel);
}

void writing_finish(struct writing *writing)
{
    if (writing->finished)
        return;
    mailbox_close(writing->inbox);
    pthread_join(writing->thread, NULL);
    writing->finished = true;
}

struct writer *writing_stop(struct writing **writing)
{
    struct writer *writer = (*writing)->writer;

    writing_finish(*writing);
    mailbox_free(&(*writing)->inbox);
    mem_free(*writing);
    *writing = NULL;
    return writer;
}

void writing_come_home(struct mailbox *home)
{
    struct parcel *next;

    for (struct parcel *at = mailbox_take(home); at; at = next) {
        struct job *job = job_of(at);

        next = at->next;
        job->done(job);
    }
}

uint64_t writing_edits(const struct writing *writing)
{
    return atomic_load(&writing->edits);
}

uint64_t writing_seats(const struct writing *writing)
{
    return atomic_load(&writing->seats);
}

const struct writing_meter *writing_meter(const struct writing *writing)
{
    return &writing->meter;
}

size_t writing_waiting(const struct writing *writing)
{
    return mailbox_length(writing->inbox);
}

void writing_run_alone(struct writer *writer, struct job *job, int64_t now)
{
    struct writing_meter meter = { 0 };

    job->parcel.next = NULL;
    run_batch(writer, &meter, job, now);
}
