/* Wall clocks of the zones we know: a standard offset, and the European
 * summer rule or none. A const table, each row proved against the tz database
 * by a test, from the year that the row names (1996 for most) to 2060; before
 * that year the same rule is applied, rightly or not. No libical, no tzdata,
 * no locale. */
#ifndef CONVENED_CALENDARS_ZONE_H
#define CONVENED_CALENDARS_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/base/err.h"
#include "daemon/base/parse.h"

struct zone;

/* NULL: not in the table. */
const struct zone *zone_find(const char *iana_name);
/* As zone_find; UTC for a name that is not in the table, so that what was
 * stored by a later version can still be shown. */
const struct zone *zone_or_utc(const char *iana_name);
const struct zone *zone_at(size_t index);            /* NULL: past the end */
size_t zone_index(const struct zone *);
size_t zone_count(void);
const char *zone_name(const struct zone *);
bool zone_is_utc(const struct zone *);
bool zone_has_summer(const struct zone *);
int zone_offset(const struct zone *, bool summer); /* seconds east of UTC */
const char *zone_short_name(const struct zone *, bool summer); /* "CEST" */
int zone_true_since(const struct zone *); /* the year, see above */

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
