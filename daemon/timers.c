#include "daemon/timers.h"

#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>

#include "daemon/base/log.h"
#include "daemon/base/mem.h"
#include "daemon/earlier.h"
#include "daemon/rules/expire.h"
#include "daemon/rules/feedback.h"
#include "daemon/rules/retention.h"
#include "daemon/store/account_store.h"
#include "daemon/store/letter_store.h"

/* What a chore leaves behind. */
struct swept {
    bool more;        /* it wants another transaction at once */
    bool soon;        /* it has something to watch */
    unsigned changed; /* enum change bits */
};

struct chore {
    const char *name;
    int64_t period; /* seconds */
    int64_t watch;  /* seconds, while it has something to watch, and once after
                       letters were written: then it may have. 0: never */
    bool at_start;  /* what a server that was off at night has missed */
    enum rc (*run)(struct writer *, int64_t now, const struct settings *,
                   struct swept *, struct err *);
};

static enum rc purge_logins(struct writer *writer, int64_t now,
                            const struct settings *settings,
                            struct swept *swept, struct err *err)
{
    (void)swept;
    return login_purge(writer, now - settings->login_idle,
                       now - settings->login_most, err);
}

static enum rc purge_tries(struct writer *writer, int64_t now,
                           const struct settings *settings,
                           struct swept *swept, struct err *err)
{
    (void)swept;
    return try_purge(writer, now - settings->login_tries_window, err);
}

#define DAY 86400 /* no limit on letters looks back further */

static enum rc purge_steps(struct writer *writer, int64_t now,
                           const struct settings *settings,
                           struct swept *swept, struct err *err)
{
    (void)settings, (void)swept;
    return step_purge(writer, now - DAY, err);
}

/* So few at a time that nobody waits long behind them: 0.3 ms for one. */
#define PEOPLE_AT_A_TIME 20

static enum rc purge_people(struct writer *writer, int64_t now,
                            const struct settings *settings,
                            struct swept *swept, struct err *err)
{
    struct purged purged;
    enum rc rc = retention_purge(writer, now, PEOPLE_AT_A_TIME, settings,
                                 &purged, err);

    if (rc != RC_OK)
        return rc;
    swept->more = purged.more;
    if (purged.more)
        swept->changed |= CHANGE_SEATS;
    if (purged.letters)
        swept->changed |= CHANGE_ERASED | CHANGE_LETTERS;
    return RC_OK;
}

static enum rc purge_feedback(struct writer *writer, int64_t now,
                              const struct settings *settings,
                              struct swept *swept, struct err *err)
{
    int64_t count;
    enum rc rc = feedback_purge(writer, now, PEOPLE_AT_A_TIME, settings,
                                &count, err);

    swept->more = rc == RC_OK && count == PEOPLE_AT_A_TIME;
    if (rc == RC_OK && count > 0)
        swept->changed |= CHANGE_ERASED | CHANGE_LETTERS;
    return rc;
}

static enum rc expire(struct writer *writer, int64_t now,
                      const struct settings *settings, struct swept *swept,
                      struct err *err)
{
    struct expired expired;
    enum rc rc = expire_due(writer, now, PEOPLE_AT_A_TIME, settings,
                            &expired, err);

    if (rc != RC_OK)
        return rc;
    swept->more = expired.more;
    swept->soon = expired.running;
    swept->changed = (expired.seats ? CHANGE_SEATS : 0u) |
                     (expired.letters ? CHANGE_LETTERS : 0u) |
                     (expired.erased ? CHANGE_ERASED : 0u);
    return RC_OK;
}

static enum rc purge_earlier(struct writer *writer, int64_t now,
                             const struct settings *settings,
                             struct swept *swept, struct err *err)
{
    (void)writer, (void)swept;
    return earlier_remove(settings->state_dir, now - settings->keep_earlier,
                          err);
}

static const struct chore chores[] = {
    { "purge logins", 600, 0, false, purge_logins },
    { "purge tries to sign in", 600, 0, false, purge_tries },
    { "purge steps begun for an address", 600, 0, false, purge_steps },
    { "end what was not confirmed or claimed", 300, 20, true, expire },
    { "purge people whose day has come", 300, 0, true, purge_people },
    { "purge answered feedback", 300, 0, true, purge_feedback },
    { "purge earlier states", 3600, 0, true, purge_earlier },
};
#define CHORES (sizeof chores / sizeof *chores)

struct timer {
    struct job job;
    const struct settings *settings; /* of the job under way */
    const struct chore *chore;
    struct timers *timers;
    struct event *event, *soon;
    bool under_way;
    struct swept swept;
};

struct timers {
    const struct settings *settings;
    struct writing *writing;
    struct mailbox *home;
    struct event *on_letters;
    struct timer timers[CHORES];
};

static struct timer *timer_of(struct job *job)
{
    return (struct timer *)(void *)((char *)job - offsetof(struct timer, job));
}

static enum rc run_chore(struct writer *writer, int64_t now, struct job *job,
                         struct err *err)
{
    struct timer *timer = timer_of(job);

    timer->swept = (struct swept){ 0 };
    enum rc rc = timer->chore->run(writer, now, timer->settings,
                                   &timer->swept, err);
    job->changed = timer->swept.changed;
    return rc;
}

static void chore_due(evutil_socket_t, short, void *);

static void watch(struct timer *timer)
{
    const struct timeval period = { .tv_sec = timer->chore->watch };

    if (timer->chore->watch > 0 && !evtimer_pending(timer->soon, NULL))
        evtimer_add(timer->soon, &period);
}

/* What begins a term writes a letter about it. An idle server has neither, and
 * sleeps. */
static void on_letters(evutil_socket_t fd, short what, void *argument)
{
    struct timers *timers = argument;

    (void)fd, (void)what;
    for (size_t i = 0; i < CHORES; i++)
        watch(&timers->timers[i]);
}

static void chore_done(struct job *job)
{
    struct timer *timer = timer_of(job);

    timer->under_way = false;
    if (job->rc != RC_OK)
        log_warn("%s: %s", timer->chore->name, job->err.text);
    else if (timer->swept.more && timer->event)
        chore_due(-1, 0, timer);
    if ((timer->swept.soon || job->rc != RC_OK) && timer->event)
        watch(timer);
}

static void chore_due(evutil_socket_t fd, short what, void *argument)
{
    struct timer *timer = argument;
    struct timers *timers = timer->timers;

    (void)fd, (void)what;
    if (timer->under_way)
        return;
    timer->job = (struct job){ .run = run_chore, .done = chore_done,
                               .home = timers->home };
    timer->settings = timers->settings;
    timer->under_way = writing_submit(timers->writing, &timer->job);
    if (!timer->under_way)
        watch(timer);
}

struct timers *timers_start(struct event_base *base,
                            const struct settings *settings,
                            struct writing *writing, struct mailbox *home,
                            int letters_fd)
{
    struct timers *timers = mem_new(sizeof *timers);

    timers->settings = settings;
    timers->writing = writing;
    timers->home = home;
    timers->on_letters = event_new(base, letters_fd, EV_READ | EV_PERSIST,
                                   on_letters, timers);
    event_add(timers->on_letters, NULL);
    for (size_t i = 0; i < CHORES; i++) {
        struct timer *timer = &timers->timers[i];
        const struct timeval period = { .tv_sec = chores[i].period };

        timer->chore = &chores[i];
        timer->timers = timers;
        timer->event = event_new(base, -1, EV_PERSIST, chore_due, timer);
        timer->soon = evtimer_new(base, chore_due, timer);
        event_add(timer->event, &period);
        if (chores[i].at_start)
            chore_due(-1, 0, timer);
    }
    return timers;
}

void timers_adopt(struct timers *timers, const struct settings *settings)
{
    timers->settings = settings;
}

void timers_stop(struct timers **timers)
{
    if (!*timers)
        return;
    event_free((*timers)->on_letters);
    for (size_t i = 0; i < CHORES; i++) {
        event_free((*timers)->timers[i].event);
        event_free((*timers)->timers[i].soon);
    }
    mem_free(*timers);
    *timers = NULL;
}
