/* The table of routes, prepared for looking up. A fixed segment goes before
 * ":lang" and before a parameter with a suffix, those go before a plain
 * parameter; the leftmost difference decides. Pure. */
#ifndef CONVENED_HTTP_ROUTE_H
#define CONVENED_HTTP_ROUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "daemon/http/router.h"

struct arena;
struct routes;

struct route_match {
    const struct route *route; /* NULL: none for that method */
    unsigned allowed;          /* methods that the path has */
    bool has_lang;
    enum lang lang;
    const char *params[ROUTE_PARAMS];
};

/* Borrows the table. A malformed pattern is our mistake (assert). */
struct routes *routes_new(const struct route *, size_t count);
void routes_free(struct routes **);
/* Parameters are copied into the arena. */
void routes_match(const struct routes *, struct arena *, enum method,
                  const char *path, struct route_match *);

#endif
