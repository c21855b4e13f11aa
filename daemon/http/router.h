/* From a request to its handler, through the gates that the route's row
 * names, in this order: body limit, rate limit, language, login, access,
 * cross-site check, form. A gate that fails answers; a handler never asks
 * again. No row, no route. */
#ifndef CONVENED_HTTP_ROUTER_H
#define CONVENED_HTTP_ROUTER_H

#include <stdbool.h>
#include <stddef.h>

#include "daemon/base/err.h"
#include "daemon/http/request.h"
#include "daemon/model/settings.h"

enum access {
    ANYONE,     /* the handler checks a link's token, if there is one */
    SIGNED_IN,  /* at the desk; what they may see is in the SQL */
    OPERATOR,   /* the machine itself, health.allow, their own entrance */
};

/* Which fields an answer carries. */
enum privacy {
    PRIVACY_PUBLIC,   /* Referrer-Policy: same-origin */
    PRIVACY_PERSONAL, /* no-store, no-referrer, noindex */
    PRIVACY_DESK,     /* no-store, same-origin, noindex */
    PRIVACY_FEED,     /* no-referrer, noindex; errors in plain text */
};

struct str;

struct route {
    enum method method; /* METHOD_GET answers HEAD too */
    const char *pattern; /* "/:lang/:alliance/:meeting"; ":lang" must be a
                            language and sets request->lang; a parameter may
                            end in a fixed ".ics"; all others land in params */
    void (*run)(struct request *);
    enum access access;
    enum privacy privacy;
    enum rate_kind rate;
    bool form;          /* parse the body as a form */
    size_t body_most;   /* 0: limits.body-bytes */
};

struct router {
    const struct route *routes;
    size_t count;
    const struct settings *settings;
    struct limiter *limiter;
    /* Handed in from above, since http does not know the store: */
    enum rc (*find_login)(struct request *, const char *secret,
                          struct login *, struct err *);
    void (*need_login)(struct request *); /* answers: to the sign-in page */
    /* Fills `body` with the page of an error. */
    void (*error_page)(struct request *, int status, const char *words,
                       struct str *body);
};

/* For a handler that says more to an operator than to others: the verdict of
 * OPERATOR. Only before the handler returns. */
bool router_sees_operator(const struct settings *, const struct request *);

/* Answers, now or later. */
void router_dispatch(const struct router *, struct request *);

#define COOKIE_DESK "__Host-desk"

#endif
