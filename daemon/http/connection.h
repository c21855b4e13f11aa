/* The connections of one event loop: reads requests by the strict rules of
 * docs/http.md, hands them to the router, writes answers, keeps every
 * deadline and ceiling. */
#ifndef CONVENED_HTTP_CONNECTION_H
#define CONVENED_HTTP_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/base/err.h"
#include "daemon/http/router.h"

struct event_base;
struct site;

struct http;

/* Borrows base, router, settings and site until http_free(). */
struct http *http_new(struct event_base *, const struct router *,
                      const struct settings *, struct site *);
/* Accepts on a listening, non-blocking socket; the descriptor stays the
 * caller's. */
MUST_USE enum rc http_listen(struct http *, int fd, struct err *);
/* As http_listen(); who comes in there is an operator, whatever name they
 * call us by, and gets nothing but the pages below "/-/". */
MUST_USE enum rc http_listen_for_operators(struct http *, int fd,
                                           struct err *);
/* Stops accepting and lets everybody finish; each gets one more answer at
 * most. `idle` is called from the loop once no connection is left and no
 * request is being worked on. */
void http_drain(struct http *, void (*idle)(void *), void *context);
/* Of a draining loop, or instead of http_drain(): who is idle has a moment
 * for what may be on its way, and after stop_time `idle` is called anyway. */
void http_drain_soon(struct http *, void (*idle)(void *), void *context);
/* Somebody is connected, or a request is being worked on. */
bool http_is_busy(const struct http *);
/* Closes all connections; requests that somebody works on live on. */
void http_hang_up(struct http *);
/* No request is being worked on any more. */
void http_free(struct http **);

struct meter;
/* Its counters; of the loop, to be read by any thread. */
struct meter *http_meter(struct http *);

struct http_numbers {
    uint64_t requests, connections_open, connections_total, refused;
};
struct http_numbers http_numbers(const struct http *);

#endif
