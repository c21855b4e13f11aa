/* How much one client prefix may ask. Counts in fixed memory; belongs to one
 * loop. */
#ifndef CONVENED_HTTP_LIMIT_H
#define CONVENED_HTTP_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/base/netaddr.h"
#include "daemon/model/settings.h"

struct limiter;

struct limiter *limiter_new(const struct settings *);
void limiter_free(struct limiter **);
/* False: too many; *retry_after says in how many seconds to come back. */
bool limiter_admit(struct limiter *, enum rate_kind,
                   const struct netaddr *client, int64_t now,
                   int64_t *retry_after);

#endif
