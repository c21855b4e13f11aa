#include "calendars/zone.h"

#include <string.h>

enum summer { NO_SUMMER, EU_SUMMER };

struct zone {
    const char *name;
    int standard; /* minutes east of UTC */
    enum summer summer;
    const char *standard_name;
    const char *summer_name;
    int since;
};

static const struct zone zones[] = {
    { "Asia/Nicosia", 120, EU_SUMMER, "EET", "EEST", 1999 },
    { "Atlantic/Azores", -60, EU_SUMMER, "-01", "+00", 1996 },
    { "Atlantic/Canary", 0, EU_SUMMER, "WET", "WEST", 1996 },
    { "Europe/Amsterdam", 60, EU_SUMMER, "CET", "CEST", 1996 },
    { "Europe/Andorra", 60, EU_SUMMER, "CET", "CEST", 1996 },
    { "Europe/Athens", 120, EU_SUMMER, "EET", "EEST", 1996 },
    { "Europe/Belgrade", 60, EU_SUMMER, "CET", "CEST", 1996 },
    { "Europe/Berlin", 60, EU_SUMMER, "CET", "CEST", 1996 },
    { "Europe/Bratislava", 60, EU_SUMMER, "CET", "CEST", 1996 },
    { "Europe/Brussels", 60, EU_SUMMER, "CET", "CEST", 1996 },
    { "Europe/Bucharest", 120, EU_SUMMER, "EET", "EEST", 1997 },
    { "Europe/Budapest", 60, EU_SUMMER, "CET", "CEST", 1996 },
    { "Europe/Copenhagen", 60, EU_SUMMER, "CET", "CEST", 1996 },
    { "Europe/Dublin", 0, EU_SUMMER, "GMT", "IST", 1996 },
    { "Europe/Helsinki", 120, EU_SUMMER, "EET", "EEST", 1996 },
    { "Europe/Kyiv", 120, EU_SUMMER, "EET", "EEST", 1997 },
    { "Europe/Lisbon", 0, EU_SUMMER, "WET", "WEST", 1997 },
    { "Europe/Ljubljana", 60, EU_SUMMER, "CET", "CEST", 1996 },
    { "Europe/London", 0, EU_SUMMER, "GMT", "BST", 1996 },
    { "Europe/Luxembourg", 60, EU_SUMMER, "CET", "CEST", 1996 },
    { "Europe/Madrid", 60, EU_SUMMER, "CET", "CEST", 1996 },
    { "Europe/Malta", 60, EU_SUMMER, "CET", "CEST", 1996 },
    { "Europe/Monaco", 60, EU_SUMMER, "CET", "CEST", 1996 },
    { "Europe/Oslo", 60, EU_SUMMER, "CET", "CEST", 1996 },
    { "Europe/Paris", 60, EU_SUMMER, "CET", "CEST", 1996 },
    { "Europe/Podgorica", 60, EU_SUMMER, "CET", "CEST", 1996 },
    { "Europe/Prague", 60, EU_SUMMER, "CET", "CEST", 1996 },
    { "Europe/Riga", 120, EU_SUMMER, "EET", "EEST", 2001 },
    { "Europe/Rome", 60, EU_SUMMER, "CET", "CEST", 1996 },
    { "Europe/San_Marino", 60, EU_SUMMER, "CET", "CEST", 1996 },
    { "Europe/Sarajevo", 60, EU_SUMMER, "CET", "CEST", 1996 },
    { "Europe/Skopje", 60, EU_SUMMER, "CET", "CEST", 1996 },
    { "Europe/Sofia", 120, EU_SUMMER, "EET", "EEST", 1997 },
    { "Europe/Stockholm", 60, EU_SUMMER, "CET", "CEST", 1996 },
    { "Europe/Tallinn", 120, EU_SUMMER, "EET", "EEST", 2002 },
    { "Europe/Tirane", 60, EU_SUMMER, "CET", "CEST", 1996 },
    { "Europe/Vaduz", 60, EU_SUMMER, "CET", "CEST", 1996 },
    { "Europe/Vatican", 60, EU_SUMMER, "CET", "CEST", 1996 },
    { "Europe/Vienna", 60, EU_SUMMER, "CET", "CEST", 1996 },
    { "Europe/Vilnius", 120, EU_SUMMER, "EET", "EEST", 2003 },
    { "Europe/Warsaw", 60, EU_SUMMER, "CET", "CEST", 1996 },
    { "Europe/Zagreb", 60, EU_SUMMER, "CET", "CEST", 1996 },
    { "Europe/Zurich", 60, EU_SUMMER, "CET", "CEST", 1996 },
    { "UTC", 0, NO_SUMMER, "UTC", "UTC", 1990 },
    { "Africa/Johannesburg", 120, NO_SUMMER, "SAST", "SAST", 1990 },
    { "Asia/Dubai", 240, NO_SUMMER, "+04", "+04", 1990 },
    { "Asia/Kolkata", 330, NO_SUMMER, "IST", "IST", 1990 },
    { "Asia/Shanghai", 480, NO_SUMMER, "CST", "CST", 1992 },
    { "Asia/Tokyo", 540, NO_SUMMER, "JST", "JST", 1990 },
    { "Atlantic/Reykjavik", 0, NO_SUMMER, "GMT", "GMT", 1990 },
    { "Europe/Istanbul", 180, NO_SUMMER, "+03", "+03", 2017 },
};

size_t zone_count(void)
{
    return sizeof zones / sizeof *zones;
}

const struct zone *zone_at(size_t index)
{
    return index < zone_count() ? &zones[index] : NULL;
}

size_t zone_index(const struct zone *zone)
{
    return (size_t)(zone - zones);
}

const struct zone *zone_find(const char *iana_name)
{
    const struct zone *zone;

    for (size_t i = 0; (zone = zone_at(i)) != NULL; i++)
        if (strcmp(zone->name, iana_name) == 0)
            return zone;
    return NULL;
}

const struct zone *zone_or_utc(const char *iana_name)
{
    const struct zone *zone = zone_find(iana_name);

    return zone ? zone : zone_find("UTC");
}

const char *zone_name(const struct zone *zone)
{
    return zone->name;
}

bool zone_is_utc(const struct zone *zone)
{
    return strcmp(zone->name, "UTC") == 0;
}

bool zone_has_summer(const struct zone *zone)
{
    return zone->summer == EU_SUMMER;
}

int zone_offset(const struct zone *zone, bool summer)
{
    return zone->standard * 60 + (summer && zone_has_summer(zone) ? 3600 : 0);
}

const char *zone_short_name(const struct zone *zone, bool summer)
{
    return summer ? zone->summer_name : zone->standard_name;
}

int zone_true_since(const struct zone *zone)
{
    return zone->since;
}

/* 01:00 UTC on the last Sunday of a month that has 31 days. */
static int64_t switch_in(int year, int month)
{
    struct civil last = { .year = year, .month = month, .day = 31 };

    last.day -= civil_weekday(&last);
    last.hour = 1;
    return civil_to_seconds(&last);
}

/* Directive 2000/84/EC: the same instant in every zone. */
static bool summer_at(const struct zone *zone, int64_t utc)
{
    int year = civil_from_seconds(utc).year;

    return zone_has_summer(zone) && utc >= switch_in(year, 3) &&
        utc < switch_in(year, 10);
}

struct local_time zone_local(const struct zone *zone, int64_t utc)
{
    struct local_time local = { .summer = summer_at(zone, utc) };
    int64_t back = switch_in(civil_from_seconds(utc).year, 10);

    local.offset = zone_offset(zone, local.summer);
    local.civil = civil_from_seconds(utc + local.offset);
    local.ambiguous = zone_has_summer(zone) && utc >= back - 3600 &&
        utc < back + 3600;
    return local;
}

enum wall_verdict zone_utc(const struct zone *zone, const struct civil *wall,
                           int64_t *utc)
{
    int64_t seconds = civil_to_seconds(wall);
    int64_t in_summer = seconds - zone_offset(zone, true);
    int64_t in_winter = seconds - zone_offset(zone, false);
    bool is_summer = summer_at(zone, in_summer);
    bool is_winter = !summer_at(zone, in_winter);

    if (!is_summer && !is_winter)
        return WALL_NEVER;
    *utc = is_summer ? in_summer : in_winter;
    return is_summer && is_winter ? WALL_TWICE : WALL_OK;
}

enum rc zone_self_test(struct err *err)
{
    static const struct {
        struct civil wall;
        int64_t utc;
    } known[] = {
        { { 2026, 7, 10, 19, 0, 0 }, 1783702800 },
        { { 2026, 12, 5, 10, 0, 0 }, 1796461200 },
    };
    const struct zone *berlin = zone_find("Europe/Berlin");

    if (!berlin)
        return err_set(err, "the table of zones lacks Europe/Berlin");
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct local_time back = zone_local(berlin, known[i].utc);
        int64_t utc = 0;

        if (zone_utc(berlin, &known[i].wall, &utc) != WALL_OK ||
            utc != known[i].utc ||
            civil_to_seconds(&back.civil)
                != civil_to_seconds(&known[i].wall))
            return err_set(err, "the clock of Europe/Berlin is wrong at %lld",
                           (long long)known[i].utc);
    }
    return RC_OK;
}
