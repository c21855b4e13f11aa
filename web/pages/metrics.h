/* What /-/metrics says, apart from the request for it. */
#ifndef CONVENED_PAGES_METRICS_H
#define CONVENED_PAGES_METRICS_H

#include <stdint.h>

struct site;
struct str;

/* Prometheus' text format 0.0.4. What cannot be read is left out. */
void metrics_write(const struct site *, int64_t now, struct str *);

#endif
