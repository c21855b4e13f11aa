#include "daemon/telling.h"

#include <assert.h>
#include <event2/event.h>
#include <stdbool.h>

#include "daemon/base/log.h"
#include "daemon/base/mem.h"
#include "daemon/rules/calloff.h"
#include "daemon/store/letter_store.h"

/* As many registrations take the writer about as long as a batch of them
 * that came by the form. */
#define SLICE 200
#define TROUBLE_WAIT 5 /* seconds */

struct telling {
    struct job job; /* first */
    struct reader *reader;
    struct writing *writing;
    struct mailbox *home;
    struct event *again;
    bool under_way;
    bool more;  /* there was more to tell after the last slice */
    bool woken; /* while one was under way */
    bool closed;
};

static enum rc run(struct writer *writer, int64_t now, struct job *job,
                   struct err *err)
{
    struct telling *telling = (struct telling *)(void *)job;
    bool letters;
    enum rc rc = calloff_tell(writer, now, SLICE, &telling->more, &letters,
                              err);

    job->changed = letters ? CHANGE_LETTERS : 0;
    return rc;
}

static void wait_a_little(struct telling *telling)
{
    const struct timeval wait = { .tv_sec = TROUBLE_WAIT };

    evtimer_add(telling->again, &wait);
}

static void done(struct job *job);

static void submit(struct telling *telling)
{
    telling->job = (struct job){ .run = run, .repeatable = true,
                                 .done = done, .home = telling->home };
    telling->woken = false;
    telling->under_way = writing_submit(telling->writing, &telling->job);
    if (!telling->under_way)
        wait_a_little(telling);
}

static void done(struct job *job)
{
    struct telling *telling = (struct telling *)(void *)job;

    telling->under_way = false;
    if (telling->closed) {
        mem_free(telling);
    } else if (job->rc != RC_OK) {
        log_error("people cannot be told that their meeting is cancelled: "
                  "%s", job->err.text);
        wait_a_little(telling);
    } else if (telling->more || telling->woken) {
        submit(telling);
    }
}

void telling_wake(struct telling *telling)
{
    struct calloff calloff;
    struct err err;

    telling->woken = true;
    if (telling->under_way)
        return;
    switch (calloff_next(telling->reader, &calloff, &err)) {
    case RC_OK:
        submit(telling);
        break;
    case RC_NOT_FOUND:
        break;
    case RC_FAIL:
        log_error("meetings that were called off cannot be read: %s",
                  err.text);
        wait_a_little(telling);
        break;
    }
}

static void on_again(evutil_socket_t fd, short what, void *telling)
{
    (void)fd, (void)what;
    telling_wake(telling);
}

struct telling *telling_start(struct event_base *base, struct reader *reader,
                              struct writing *writing, struct mailbox *home)
{
    struct telling *telling = mem_new(sizeof *telling);

    telling->reader = reader;
    telling->writing = writing;
    telling->home = home;
    telling->again = evtimer_new(base, on_again, telling);
    assert(telling->again);
    telling_wake(telling);
    return telling;
}

void telling_close(struct telling **slot)
{
    struct telling *telling = *slot;

    *slot = NULL;
    if (!telling)
        return;
    event_free(telling->again);
    telling->closed = true;
    if (!telling->under_way)
        mem_free(telling);
}
