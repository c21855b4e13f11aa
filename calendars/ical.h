/* A VCALENDAR under construction: the only code that calls libical, which
 * escapes, quotes and folds for us. Its time values and zones are not used:
 * printing one loads the system's zone table (not safe between threads), and
 * without tzdata it silently means UTC; so times are text by calendars/zone.
 * Private to calendars/. */
#ifndef CONVENED_CALENDARS_ICAL_H
#define CONVENED_CALENDARS_ICAL_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/base/err.h"

struct arena;
struct str;
struct zone;
struct ical;

struct ical *ical_new(void); /* an empty VCALENDAR */
void ical_free(struct ical **);
/* For what is needed until the component that is open ends: not longer. */
struct arena *ical_arena(const struct ical *);

/* What follows goes into a component of that name, until ical_end(). */
void ical_begin(struct ical *, const char *component);
void ical_end(struct ical *);

/* Properties of the component that is open; `name` as iCalendar spells it.
 * Texts come from calendars/words. */
void ical_text(struct ical *, const char *name, const char *text);
void ical_uri(struct ical *, const char *name, const char *uri);
/* A value without , ; \ and line ends: words, numbers, offsets, durations. */
void ical_plain(struct ical *, const char *name, const char *value);
void ical_rule(struct ical *, const char *rrule);
void ical_geo(struct ical *, double latitude, double longitude);
/* "mailto:" and the address. */
void ical_person(struct ical *, const char *name, const char *address);
void ical_instant(struct ical *, const char *name, int64_t utc);
/* In the zone's own time, which needs its VTIMEZONE; in UTC if the zone is
 * UTC or the hour is one of the doubled ones (Z4). */
void ical_time(struct ical *, const char *name, const struct zone *,
               int64_t utc);
bool ical_time_is_local(const struct zone *, int64_t utc);

/* A parameter of the property put last. */
void ical_param(struct ical *, const char *name, const char *value);

/* RC_FAIL: libical reported an error, or `out` is too small. */
MUST_USE enum rc ical_write(struct ical *, struct str *out, struct err *);

#endif
