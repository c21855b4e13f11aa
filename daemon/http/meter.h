/* What the loops have done, for /-/metrics: requests by route and status,
 * how long they took, connections. Each loop writes its own counters, any
 * thread may add them up. */
#ifndef CONVENED_HTTP_METER_H
#define CONVENED_HTTP_METER_H

#include <stddef.h>

#include "daemon/base/counter.h"

#define METER_CLASSES 6 /* 0: left before the answer, 1xx to 5xx */

struct route_meter {
    struct counter classes[METER_CLASSES];
    struct histogram took;
};

/* Of one loop. The last route stands for requests that found none. */
struct meter {
    struct counter requests, refused, connections_total;
    struct counter connections_open;
    size_t route_count;
    struct route_meter routes[];
};

struct meter *meter_new(size_t routes);
void meter_free(struct meter **);

/* Those of all loops, and what is left of loops that have ended. */
struct meters;
struct meters *meters_new(size_t routes);
void meters_free(struct meters **);
/* Borrows the meter until meters_leave(). */
void meters_join(struct meters *, struct meter *);
void meters_leave(struct meters *, struct meter *);
/* The caller frees it. */
struct meter *meters_sum(struct meters *);

#endif
