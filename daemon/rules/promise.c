#include "daemon/rules/promise.h"

#include "calendars/zone.h"

#define HOUR 3600
#define DAY 86400

/* The first instant of the day `days` after that of `at` on those walls.
 * Where the clocks leap over midnight, the hour after it. */
static int64_t start_of_day(const struct zone *zone, int64_t at, int64_t days)
{
    struct civil day = zone_local(zone, at).civil;
    int64_t utc = 0;

    day.hour = day.minute = day.second = 0;
    day = civil_from_seconds(civil_to_seconds(&day) + days * DAY);
    while (zone_utc(zone, &day, &utc) == WALL_NEVER && day.hour < 23)
        day.hour++;
    return utc;
}

static int64_t due_after(const struct meeting *meeting, int64_t days)
{
    int64_t day = start_of_day(zone_or_utc(meeting->zone),
                               meeting->ends_at + HOUR, days);

    return day > meeting->ends_at ? day : meeting->ends_at;
}

int64_t promise_due(const struct meeting *meeting)
{
    return due_after(meeting, meeting->keep_days);
}

int64_t promise_support_due(const struct meeting *meeting)
{
    int64_t days = meeting->keep_support_days;

    return due_after(meeting, days < meeting->keep_days
                                  ? days : meeting->keep_days);
}
