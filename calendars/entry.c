#include "calendars/entry.h"

#include <stdlib.h>

#include "calendars/words.h"
#include "calendars/zone.h"
#include "daemon/base/arena.h"

struct ical *entry_calendar(const char *method)
{
    struct ical *ical = ical_new();

    ical_plain(ical, "VERSION", "2.0");
    ical_plain(ical, "PRODID",
               "-//convened//convened " PACKAGE_VERSION "//DE");
    ical_plain(ical, "CALSCALE", "GREGORIAN");
    if (method)
        ical_plain(ical, "METHOD", method);
    return ical;
}

static void put_offset(struct ical *ical, const char *name, int offset)
{
    int minutes = abs(offset) / 60;

    ical_plain(ical, name,
               arena_printf(ical_arena(ical), "%c%02d%02d",
                            offset < 0 ? '-' : '+', minutes / 60,
                            minutes % 60));
}

/* The half of the year that begins on the last Sunday of `month`; 0: all of
 * it. Exchange reads exactly one STANDARD, with RRULE or alone, without UNTIL
 * or RDATE (Z2). */
static void put_observance(struct ical *ical, const struct zone *zone,
                           bool summer, int month)
{
    int from = zone_offset(zone, month != 0 ? !summer : summer);
    int hour = month != 0 ? 1 + from / 3600 : 0;
    const char *day = month == 3 ? "0329" : month == 10 ? "1025" : "0101";
    struct arena *arena = ical_arena(ical);

    ical_begin(ical, summer ? "DAYLIGHT" : "STANDARD");
    ical_plain(ical, "DTSTART",
               arena_printf(arena, "1970%sT%02d0000", day, hour));
    if (month != 0)
        ical_rule(ical, arena_printf(arena,
                                     "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=%d",
                                     month));
    ical_text(ical, "TZNAME", zone_short_name(zone, summer));
    put_offset(ical, "TZOFFSETFROM", from);
    put_offset(ical, "TZOFFSETTO", zone_offset(zone, summer));
    ical_end(ical);
}

static void put_zone(struct ical *ical, const struct zone *zone)
{
    ical_begin(ical, "VTIMEZONE");
    ical_text(ical, "TZID", zone_name(zone));
    if (zone_has_summer(zone)) {
        put_observance(ical, zone, true, 3);
        put_observance(ical, zone, false, 10);
    } else {
        put_observance(ical, zone, false, 0);
    }
    ical_end(ical);
}

void entry_zones(struct ical *ical, const struct cal_event *events,
                 size_t count)
{
    bool *used = ARENA_ARRAY(ical_arena(ical), bool, zone_count());

    for (size_t i = 0; i < count; i++) {
        const struct zone *zone = zone_or_utc(events[i].zone);

        if (ical_time_is_local(zone, events[i].starts_at) ||
            ical_time_is_local(zone, events[i].ends_at))
            used[zone_index(zone)] = true;
    }
    for (size_t i = 0; i < zone_count(); i++)
        if (used[i])
            put_zone(ical, zone_at(i));
}

static void put_times(struct ical *ical, const struct cal_event *event)
{
    const struct zone *zone = zone_or_utc(event->zone);

    ical_instant(ical, "DTSTAMP", event->stamp);
    if (event->created_at != 0)
        ical_instant(ical, "CREATED", event->created_at);
    if (event->changed_at != 0)
        ical_instant(ical, "LAST-MODIFIED", event->changed_at);
    ical_plain(ical, "SEQUENCE",
               arena_printf(ical_arena(ical), "%lld",
                            (long long)event->sequence));
    ical_time(ical, "DTSTART", zone, event->starts_at);
    ical_time(ical, "DTEND", zone, event->ends_at);
}

/* Apple draws a map only if the title is LOCATION to the letter (V8). */
static void put_place(struct ical *ical, const struct cal_event *event)
{
    struct arena *arena = ical_arena(ical);
    const char *location =
        words_label(arena, event->location ? event->location : "");

    if (*location)
        ical_text(ical, "LOCATION", location);
    if (!event->has_geo)
        return;
    ical_geo(ical, event->latitude, event->longitude);
    if (!*location)
        return;
    ical_uri(ical, "X-APPLE-STRUCTURED-LOCATION",
             arena_printf(arena, "geo:%.6f,%.6f", event->latitude,
                          event->longitude));
    ical_param(ical, "X-APPLE-RADIUS", "70");
    ical_param(ical, "X-TITLE", location);
}

static void put_if_any(struct ical *ical, const char *name, const char *text)
{
    if (text && *text)
        ical_text(ical, name, text);
}

void entry_begin(struct ical *ical, const struct cal_event *event,
                 const char *prefix)
{
    ical_begin(ical, "VEVENT");

    struct arena *arena = ical_arena(ical);

    ical_text(ical, "UID", event->uid);
    put_times(ical, event);
    ical_text(ical, "SUMMARY",
              arena_printf(arena, "%s%s", prefix,
                           words_line(arena, event->summary)));
    if (event->description)
        put_if_any(ical, "DESCRIPTION", words_text(arena, event->description));
    put_place(ical, event);
    /* libical does not escape a comma here: it would make two of one. */
    if (event->categories)
        put_if_any(ical, "CATEGORIES", words_name(arena, event->categories));
    ical_plain(ical, "STATUS", event->cancelled ? "CANCELLED" : "CONFIRMED");
    ical_plain(ical, "TRANSP", event->cancelled ? "TRANSPARENT" : "OPAQUE");
    if (event->url)
        ical_uri(ical, "URL", event->url);
}
