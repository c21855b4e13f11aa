#include <event2/event.h>

#include "daemon/base/clock.h"
#include "daemon/http/wire.h"
#include "daemon/model/settings.h"

/* How long a closing connection may still take our last words. */
#define LINGER_SECONDS 2

static int64_t seconds_of(const struct settings *settings, enum phase phase)
{
    switch (phase) {
    case PHASE_FIRST:
    case PHASE_HEAD:
        return settings->head_time;
    case PHASE_IDLE:
        return settings->idle_time;
    case PHASE_BODY:
        return settings->body_time;
    case PHASE_ANSWER:
        return settings->answer_time;
    case PHASE_LINGER:
    case PHASE_COUNT:
        break;
    }
    return LINGER_SECONDS;
}

/* The timer is only ever moved forward in time: a busy loop touches it as
 * seldom as an idle one. */
static void wake_at(struct http *http, int64_t deadline, int64_t now)
{
    if (http->deadline_set && http->deadline_set <= deadline)
        return;
    int64_t wait = deadline > now ? deadline - now : 0;
    struct timeval timeout = { .tv_sec = wait / 1000,
                               .tv_usec = wait % 1000 * 1000 };

    evtimer_add(http->deadline_timer, &timeout);
    http->deadline_set = deadline;
}

/* All of one phase wait equally long, so that each line is in order. */
void deadline_set(struct connection *connection, enum phase phase)
{
    struct http *http = connection->http;
    int64_t now = clock_ticks_ms();

    TAILQ_REMOVE(&http->lines[connection->phase], connection, line);
    TAILQ_INSERT_TAIL(&http->lines[phase], connection, line);
    connection->phase = phase;
    connection->deadline = now + seconds_of(http->settings, phase) * 1000;
    wake_at(http, connection->deadline, now);
}

static void expire(evutil_socket_t fd, short what, void *context)
{
    struct http *http = context;
    int64_t now = clock_ticks_ms();
    struct connection *first;

    (void)fd;
    (void)what;
    http->deadline_set = 0;
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++)
        while ((first = TAILQ_FIRST(&http->lines[phase])) &&
               first->deadline <= now)
            connection_expire(first);
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++)
        if ((first = TAILQ_FIRST(&http->lines[phase])))
            wake_at(http, first->deadline, now);
}

void deadline_init(struct http *http)
{
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++)
        TAILQ_INIT(&http->lines[phase]);
    http->deadline_timer = evtimer_new(http->base, expire, http);
}

void deadline_end(struct http *http)
{
    event_free(http->deadline_timer);
}
