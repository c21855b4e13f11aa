#include <assert.h>
#include <event2/event.h>
#include <stdio.h>

#include "daemon/base/clock.h"
#include "daemon/base/mem.h"
#include "daemon/base/parse.h"
#include "daemon/base/token.h"
#include "daemon/http/fields.h"
#include "daemon/http/wire.h"
#include "daemon/model/settings.h"

#define SECURITY_MOST 2048
/* How long a request that was sent before we began to stop may travel. */
#define GRACE_MS 300

static void prepare_security(struct http *http)
{
    struct str text;

    str_init(&text, NULL, SECURITY_MOST);
    for (enum privacy p = 0; p < PRIVACY_KINDS; p++) {
        str_clear(&text);
        security_fields(&text, http->settings, p);
        http->security[p] = mem_strdup(text.data);
    }
    str_free(&text);
}

struct http *http_new(struct event_base *base, const struct router *router,
                      const struct settings *settings, struct site *site)
{
    struct http *http = mem_new(sizeof *http);

    http->base = base;
    http->router = router;
    http->settings = settings;
    http->site = site;
    http->meter = meter_new(router->count);
    http->routes = routes_new(router->routes, router->count);
    http->peers = mem_new(PEER_BUCKETS * sizeof *http->peers);
    /* Not from 1: logs of several loops and starts must not mix. */
    http->next_id = random_number();
    prepare_security(http);
    deadline_init(http);
    return http;
}

/* Formatted once a second. */
const char *http_date_line(struct http *http)
{
    int64_t now = clock_now();
    char date[30];

    if (now != http->date_at) {
        http->date_at = now;
        format_http_date(now, date);
        snprintf(http->date_line, sizeof http->date_line, "Date: %s\r\n",
                 date);
    }
    return http->date_line;
}

struct http_numbers http_numbers(const struct http *http)
{
    const struct meter *meter = http->meter;

    return (struct http_numbers){
        .requests = counter_read(&meter->requests),
        .connections_open = counter_read(&meter->connections_open),
        .connections_total = counter_read(&meter->connections_total),
        .refused = counter_read(&meter->refused),
    };
}

struct meter *http_meter(struct http *http)
{
    return http->meter;
}

/* Once, and only from the loop: whoever asked may free us in it. */
static void on_drained(evutil_socket_t fd, short what, void *context)
{
    struct http *http = context;
    void (*idle)(void *) = http->idle;

    (void)fd;
    (void)what;
    http->idle = NULL;
    if (idle)
        idle(http->idle_context);
}

bool http_is_busy(const struct http *http)
{
    return http->exchanges > 0 ||
           counter_read(&http->meter->connections_open) > 0;
}

void http_check_drained(struct http *http)
{
    if (http->draining && !http_is_busy(http))
        event_active(http->drain_timer, EV_TIMEOUT, 1);
}

static void close_idle(struct http *http, enum phase phase)
{
    struct connection *next;

    for (struct connection *c = TAILQ_FIRST(&http->lines[phase]); c;
         c = next) {
        next = TAILQ_NEXT(c, line);
        if (connection_is_idle(c))
            connection_close(c);
    }
}

static void on_grace_over(evutil_socket_t fd, short what, void *context)
{
    struct http *http = context;

    (void)fd;
    (void)what;
    close_idle(http, PHASE_FIRST);
    close_idle(http, PHASE_IDLE);
}

void http_drain(struct http *http, void (*idle)(void *), void *context)
{
    http->idle = idle;
    http->idle_context = context;
    if (http->draining)
        return;
    http->draining = true;
    listener_stop(http);
    http->drain_timer = evtimer_new(http->base, on_drained, http);
    http->grace_timer = evtimer_new(http->base, on_grace_over, http);
    http_check_drained(http);
}

/* A client that was told nothing may be sending its next request right now,
 * and one that was just accepted its first: to close on them at once would
 * break what they are entitled to. */
void http_drain_soon(struct http *http, void (*idle)(void *), void *context)
{
    struct timeval most = { .tv_sec = http->settings->stop_time };
    struct timeval grace = { .tv_usec = GRACE_MS * 1000 };

    http_drain(http, idle, context);
    if (evtimer_pending(http->grace_timer, NULL))
        return;
    evtimer_add(http->drain_timer, &most);
    evtimer_add(http->grace_timer, &grace);
    /* Adding a timer that was to run at once makes it wait. */
    http_check_drained(http);
}

void http_hang_up(struct http *http)
{
    struct connection *connection;

    listener_stop(http);
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++)
        while ((connection = TAILQ_FIRST(&http->lines[phase])))
            connection_close(connection);
}

void http_free(struct http **handle)
{
    struct http *http = *handle;

    if (!http)
        return;
    http->idle = NULL;
    http_hang_up(http);
    assert(http->exchanges == 0);
    deadline_end(http);
    if (http->drain_timer)
        event_free(http->drain_timer);
    if (http->grace_timer)
        event_free(http->grace_timer);
    for (enum privacy p = 0; p < PRIVACY_KINDS; p++)
        mem_free(http->security[p]);
    mem_free(http->peers);
    meter_free(&http->meter);
    routes_free(&http->routes);
    mem_free(http);
    *handle = NULL;
}
