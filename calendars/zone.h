/* Wall clocks of the zones we know, by their rule since 1996 (standard
 * offset, EU summer rule or none): a const table, proved against the tz
 * database for 1990–2060 by a test. No libical, no tzdata, no locale. */
#ifndef CONVENED_CALENDARS_ZONE_H
#define CONVENED_CALENDARS_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/base/err.h"
#include "daemon/base/parse.h"

struct zone;

const struct zone *zone_find(const char *iana_name); /* NULL: not in the table */
const struct zone *zone_at(size_t index);            /* NULL: past the end */
const char *zone_name(const struct zone *);

struct local_time {
    struct civil civil;
    int offset;     /* seconds east of UTC */
    bool summer;
    bool ambiguous; /* this wall time comes twice (Z4) */
};
struct local_time zone_local(const struct zone *, int64_t utc);

enum wall_verdict { WALL_OK, WALL_TWICE, WALL_NEVER };
/* WALL_TWICE gives the first of the two; WALL_NEVER gives nothing (Z4). */
enum wall_verdict zone_utc(const struct zone *, const struct civil *,
                           int64_t *utc);
/* Z5: refuse to start if it says RC_FAIL. */
MUST_USE enum rc zone_self_test(struct err *);

#endif
