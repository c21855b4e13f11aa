#include "web/view/format.h"

#include <stdlib.h>

#include "calendars/zone.h"
#include "daemon/base/arena.h"

/* Days and months are tables here and not msgids: "May" is a month and its
 * own abbreviation, and German inflects none of them in a date. */
static const char *const weekdays[LANG_COUNT][7] = {
    [LANG_DE] = { "Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag",
                  "Freitag", "Samstag" },
    [LANG_EN] = { "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday",
                  "Friday", "Saturday" },
};

static const char *const months[LANG_COUNT][12] = {
    [LANG_DE] = { "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli",
                  "August", "September", "Oktober", "November", "Dezember" },
    [LANG_EN] = { "January", "February", "March", "April", "May", "June",
                  "July", "August", "September", "October", "November",
                  "December" },
};

static struct local_time local(const char *zone, int64_t at)
{
    return zone_local(zone_or_utc(zone), at);
}

static char *date_text(struct arena *arena, enum lang lang,
                       const struct civil *civil)
{
    const char *month = months[lang][civil->month - 1];

    return arena_printf(arena, lang == LANG_DE ? "%d. %s %d" : "%d %s %d",
                        civil->day, month, civil->year);
}

static char *clock_text(struct arena *arena, const struct civil *civil)
{
    return arena_printf(arena, "%02d:%02d", civil->hour, civil->minute);
}

char *format_weekday_date(struct arena *arena, enum lang lang,
                          const char *zone, int64_t at)
{
    struct civil civil = local(zone, at).civil;

    return arena_printf(arena, lang == LANG_DE ? "%s, %s" : "%s %s",
                        weekdays[lang][civil_weekday(&civil)],
                        date_text(arena, lang, &civil));
}

char *format_date(struct arena *arena, enum lang lang, const char *zone,
                  int64_t at)
{
    struct civil civil = local(zone, at).civil;

    return date_text(arena, lang, &civil);
}

char *format_time(struct arena *arena, enum lang lang, const char *zone,
                  int64_t at)
{
    struct civil civil = local(zone, at).civil;

    return arena_printf(arena, lang == LANG_DE ? "%s Uhr" : "%s",
                        clock_text(arena, &civil));
}

char *format_time_span(struct arena *arena, enum lang lang, const char *zone,
                       int64_t from, int64_t to)
{
    struct civil begin = local(zone, from).civil;
    struct civil end = local(zone, to).civil;

    return arena_printf(arena, lang == LANG_DE ? "%s bis %s Uhr" : "%s to %s",
                        clock_text(arena, &begin), clock_text(arena, &end));
}

char *format_span(struct arena *arena, enum lang lang, const char *zone,
                  int64_t from, int64_t to)
{
    struct civil begin = local(zone, from).civil;
    struct civil end = local(zone, to).civil;

    if (begin.year == end.year && begin.month == end.month &&
        begin.day == end.day)
        return arena_printf(arena, "%s, %s",
                            format_weekday_date(arena, lang, zone, from),
                            format_time_span(arena, lang, zone, from, to));
    return arena_printf(arena,
                        lang == LANG_DE ? "%s, %s bis %s, %s"
                                        : "%s, %s to %s, %s",
                        format_weekday_date(arena, lang, zone, from),
                        format_time(arena, lang, zone, from),
                        format_weekday_date(arena, lang, zone, to),
                        format_time(arena, lang, zone, to));
}

char *format_iso(struct arena *arena, const char *zone, int64_t at)
{
    struct local_time time = local(zone, at);
    int offset = abs(time.offset) / 60;

    return arena_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d",
                        time.civil.year, time.civil.month, time.civil.day,
                        time.civil.hour, time.civil.minute, time.civil.second,
                        time.offset < 0 ? '-' : '+', offset / 60, offset % 60);
}

char *format_utc(struct arena *arena, int64_t at)
{
    struct civil civil = civil_from_seconds(at);

    return arena_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02dZ", civil.year,
                        civil.month, civil.day, civil.hour, civil.minute,
                        civil.second);
}

char *format_iso_date(struct arena *arena, const char *zone, int64_t at)
{
    struct civil civil = local(zone, at).civil;

    return arena_printf(arena, "%04d-%02d-%02d", civil.year, civil.month,
                        civil.day);
}

char *format_number(struct arena *arena, enum lang lang, int64_t number)
{
    char separator = lang == LANG_DE ? '.' : ',';
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    char text[32];
    size_t at = sizeof text - 1;

    text[at] = '\0';
    for (int digits = 0; digits == 0 || rest > 0; digits++) {
        if (digits > 0 && digits % 3 == 0)
            text[--at] = separator;
        text[--at] = (char)('0' + rest % 10);
        rest /= 10;
    }
    if (number < 0)
        text[--at] = '-';
    return arena_strdup(arena, text + at);
}

char *format_short(struct arena *arena, enum lang lang, const char *zone,
                   int64_t at)
{
    struct civil civil = local(zone, at).civil;

    if (lang == LANG_DE)
        return arena_printf(arena, "%02d.%02d.%04d, %s", civil.day,
                            civil.month, civil.year,
                            clock_text(arena, &civil));
    return arena_printf(arena, "%d %.3s %d, %s", civil.day,
                        months[lang][civil.month - 1], civil.year,
                        clock_text(arena, &civil));
}

/* Two days are rather 48 hours: nobody has to ask whether today counts. */
char *format_term(struct arena *arena, enum lang lang, int64_t seconds)
{
    static const struct {
        int64_t seconds, least;
        const char *one[LANG_COUNT], *many[LANG_COUNT];
    } units[] = {
        { 86400, 3,
          { [LANG_DE] = "Tag", [LANG_EN] = "day" },
          { [LANG_DE] = "Tage", [LANG_EN] = "days" } },
        { 3600, 1,
          { [LANG_DE] = "Stunde", [LANG_EN] = "hour" },
          { [LANG_DE] = "Stunden", [LANG_EN] = "hours" } },
        { 60, 0,
          { [LANG_DE] = "Minute", [LANG_EN] = "minute" },
          { [LANG_DE] = "Minuten", [LANG_EN] = "minutes" } },
    };
    size_t i = 0;

    while (i < 2 && (seconds % units[i].seconds != 0 ||
                     seconds / units[i].seconds < units[i].least))
        i++;
    int64_t amount = (seconds + units[i].seconds - 1) / units[i].seconds;
    return arena_printf(arena, "%lld %s", (long long)amount,
                        amount == 1 ? units[i].one[lang]
                                    : units[i].many[lang]);
}
