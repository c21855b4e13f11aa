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
/* Stops accepting, closes idle connections, lets the others finish; `idle` is
 * called when none is left or stop_time has passed. */
void http_drain(struct http *, void (*idle)(void *), void *context);
void http_free(struct http **);

struct http_numbers {
    uint64_t requests, connections_open, connections_total, refused;
};
struct http_numbers http_numbers(const struct http *);

#endif
