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
    return http->numbers;
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

void http_check_drained(struct http *http)
{
    if (http->draining && http->numbers.connections_open == 0)
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

void http_drain(struct http *http, void (*idle)(void *), void *context)
{
    struct timeval most = { .tv_sec = http->settings->stop_time };

    http->idle = idle;
    http->idle_context = context;
    if (http->draining)
        return;
    http->draining = true;
    listener_stop(http);
    http->drain_timer = evtimer_new(http->base, on_drained, http);
    evtimer_add(http->drain_timer, &most);
    close_idle(http, PHASE_FIRST);
    close_idle(http, PHASE_IDLE);
    http_check_drained(http);
}

void http_free(struct http **handle)
{
    struct http *http = *handle;
    struct connection *connection;

    if (!http)
        return;
    listener_stop(http);
    http->idle = NULL;
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++)
        while ((connection = TAILQ_FIRST(&http->lines[phase])))
            connection_close(connection);
    deadline_end(http);
    if (http->drain_timer)
        event_free(http->drain_timer);
    for (enum privacy p = 0; p < PRIVACY_KINDS; p++)
        mem_free(http->security[p]);
    mem_free(http->peers);
    routes_free(&http->routes);
    mem_free(http);
    *handle = NULL;
}
