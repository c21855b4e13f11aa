#include "web/pages/later.h"

#include <assert.h>
#include <event2/event.h>
#include <stdbool.h>
#include <sys/queue.h>

#include "daemon/base/mem.h"

#define MOMENT_MS 100

struct thing {
    TAILQ_ENTRY(thing) next;
    struct laters *laters;
    struct event *timer;
    void (*run)(void *);
    void *context;
};
TAILQ_HEAD(things, thing);

struct laters {
    struct event_base *base;
    struct things things;
    bool in_a_hurry;
};

struct laters *laters_new(struct event_base *base)
{
    struct laters *laters = mem_new(sizeof *laters);

    laters->base = base;
    TAILQ_INIT(&laters->things);
    return laters;
}

static void wait_for(struct thing *thing, int ms)
{
    const struct timeval wait = { .tv_sec = ms / 1000,
                                  .tv_usec = ms % 1000 * 1000 };

    evtimer_add(thing->timer, &wait);
}

static void on_time(evutil_socket_t fd, short what, void *argument)
{
    struct thing *thing = argument;
    void (*run)(void *) = thing->run;
    void *context = thing->context;

    (void)fd;
    (void)what;
    TAILQ_REMOVE(&thing->laters->things, thing, next);
    event_free(thing->timer);
    mem_free(thing);
    run(context);
}

void later(struct laters *laters, int ms, void (*run)(void *), void *context)
{
    struct thing *thing = mem_new(sizeof *thing);

    thing->laters = laters;
    thing->run = run;
    thing->context = context;
    thing->timer = evtimer_new(laters->base, on_time, thing);
    assert(thing->timer);
    TAILQ_INSERT_TAIL(&laters->things, thing, next);
    wait_for(thing, laters->in_a_hurry && ms > MOMENT_MS ? MOMENT_MS : ms);
}

void laters_hurry(struct laters *laters)
{
    struct thing *thing;

    laters->in_a_hurry = true;
    TAILQ_FOREACH(thing, &laters->things, next)
        wait_for(thing, 0);
}

void laters_free(struct laters **laters)
{
    if (!*laters)
        return;
    assert(TAILQ_EMPTY(&(*laters)->things));
    mem_free(*laters);
    *laters = NULL;
}
