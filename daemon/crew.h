/* The workers of one edition. */
#ifndef CONVENED_CREW_H
#define CONVENED_CREW_H

#include <stdbool.h>

#include "daemon/base/err.h"
#include "daemon/worker.h"

struct crew;

/* Starts as many as the settings say, or none at all. The share is copied;
 * what it points to outlives the crew. */
MUST_USE enum rc crew_start(const struct worker_share *, struct crew **,
                            struct err *);
/* Each as its name says in worker.h, for all of them. */
void crew_drain(struct crew *);
void crew_drain_soon(struct crew *);
bool crew_is_over(const struct crew *);
void crew_ping(struct crew *);
bool crew_has_answered(const struct crew *);
void crew_join(struct crew *); /* again does no harm */
void crew_free(struct crew **);

#endif
