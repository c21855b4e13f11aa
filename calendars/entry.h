/* What feeds and invitations have in common: the frame, the time zones and
 * the properties of one VEVENT (CALENDARS B, V, Z). Private to calendars/. */
#ifndef CONVENED_CALENDARS_ENTRY_H
#define CONVENED_CALENDARS_ENTRY_H

#include "calendars/feed.h"
#include "calendars/ical.h"

/* VERSION, PRODID, CALSCALE and, unless it is NULL, METHOD. */
struct ical *entry_calendar(const char *method);
/* One VTIMEZONE for each zone that a time below will name, no other. */
void entry_zones(struct ical *, const struct cal_event *, size_t count);
/* Opens a VEVENT and puts all that stands in the event; the caller adds its
 * own and calls ical_end(). `prefix` stands before the title. */
void entry_begin(struct ical *, const struct cal_event *, const char *prefix);

#endif
