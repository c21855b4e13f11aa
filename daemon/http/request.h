/* One request, whole and legal, with all that the gates found out. Lives
 * until it has been answered *and* whoever works on it has let go; if the
 * client goes first, an answer to it is silently dropped. */
#ifndef CONVENED_HTTP_REQUEST_H
#define CONVENED_HTTP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/base/netaddr.h"
#include "daemon/model/account.h"
#include "daemon/model/lang.h"

struct arena;
struct connection;
struct form;
struct route;
struct site; /* what handlers work with; this layer only carries it */

enum method { METHOD_GET = 1, METHOD_HEAD = 2, METHOD_POST = 4 };

struct field {
    const char *name; /* lower case */
    const char *value;
};

#define ROUTE_PARAMS 4

struct request {
    uint64_t id; /* in the log, and on error pages */
    struct arena *arena;
    struct site *site;
    struct connection *connection; /* NULL once the client has gone */

    enum method method;
    const char *path;  /* percent-decoded, begins with '/' */
    const char *query; /* as sent, "" if none */
    const struct field *fields;
    size_t field_count;
    const char *body;
    size_t body_length;
    bool http10;

    struct netaddr client; /* behind trusted proxies, the real one */
    bool exempt;           /* limits are waived for this client */
    bool at_operators_door; /* came in by their own entrance */

    const struct route *route;
    const char *params[ROUTE_PARAMS]; /* of the pattern, in order */
    enum lang lang;
    const struct form *form;    /* of a POST with .form */
    const struct login *login;  /* of a route with .access beyond ANYONE */
};

/* First value of a header, NULL if absent. `name` in lower case. */
const char *request_field(const struct request *, const char *name);
/* A parameter of the query, decoded; NULL if absent or not UTF-8. */
const char *request_query(const struct request *, const char *name);
/* The next one of that name, decoded likewise, from *at on (0 at first);
 * NULL: no more. */
const char *request_query_next(const struct request *, const char *name,
                               size_t *at);
const char *request_cookie(const struct request *, const char *name);
const char *request_method_word(const struct request *);

#endif
