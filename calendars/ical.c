#include "calendars/ical.h"

#include <assert.h>
#include <libical/ical.h>
#include <stdio.h>
#include <string.h>

#include "calendars/feed.h"
#include "calendars/zone.h"
#include "daemon/base/arena.h"
#include "daemon/base/mem.h"
#include "daemon/base/str.h"

#define DEPTH_MOST 4 /* VCALENDAR, VTIMEZONE, STANDARD: one to spare */

struct ical {
    icalcomponent *open[DEPTH_MOST]; /* the first owns all others */
    size_t depth;
    icalproperty *last;
    struct arena *arena;   /* of the calendar */
    struct arena *scratch; /* of the components in it */
    size_t ended;          /* of those, since scratch was new */
};

/* Ten thousand components need no more memory than so many, and a new arena
 * for each would cost as much as half of the rest. */
#define SHARE_SCRATCH 32

/* libical says NULL only when memory is out, and that aborts in this house. */
static void *made(void *object)
{
    assert(object);
    return object;
}

static icalcomponent *current(const struct ical *ical)
{
    return ical->open[ical->depth - 1];
}

struct arena *ical_arena(const struct ical *ical)
{
    return ical->depth == 1 ? ical->arena : ical->scratch;
}

void feed_library_start(void)
{
    icalerror_set_error_state(ICAL_NEWFAILED_ERROR, ICAL_ERROR_FATAL);
}

struct ical *ical_new(void)
{
    struct ical *ical = mem_new(sizeof *ical);

    icalerror_clear_errno();
    ical->arena = arena_new();
    ical->scratch = arena_new();
    ical->open[0] = made(icalcomponent_new(ICAL_VCALENDAR_COMPONENT));
    ical->depth = 1;
    return ical;
}

void ical_free(struct ical **ical)
{
    icalcomponent_free((*ical)->open[0]);
    arena_free(&(*ical)->scratch);
    arena_free(&(*ical)->arena);
    mem_free(*ical);
    *ical = NULL;
}

void ical_begin(struct ical *ical, const char *name)
{
    icalcomponent *component =
        made(icalcomponent_new(icalcomponent_string_to_kind(name)));

    assert(ical->depth < DEPTH_MOST);
    icalcomponent_add_component(current(ical), component);
    ical->open[ical->depth++] = component;
}

void ical_end(struct ical *ical)
{
    assert(ical->depth > 1);
    ical->depth--;
    ical->last = NULL;
    if (ical->depth > 1 || ++ical->ended < SHARE_SCRATCH)
        return;
    arena_free(&ical->scratch);
    ical->scratch = arena_new();
    ical->ended = 0;
}

/* Takes the value over. */
static void put(struct ical *ical, const char *name, icalvalue *value)
{
    icalproperty_kind kind = icalproperty_string_to_kind(name);
    icalproperty *property = made(icalproperty_new(kind));

    assert(kind != ICAL_NO_PROPERTY);
    if (kind == ICAL_X_PROPERTY)
        icalproperty_set_x_name(property, name);
    icalproperty_set_value(property, made(value));
    icalcomponent_add_property(current(ical), property);
    ical->last = property;
}

void ical_text(struct ical *ical, const char *name, const char *text)
{
    if (strncmp(name, "X-", 2) == 0)
        ical_plain(ical, name, text);
    else
        put(ical, name, icalvalue_new_text(text));
}

void ical_uri(struct ical *ical, const char *name, const char *uri)
{
    put(ical, name, icalvalue_new_uri(uri));
}

/* An X- property under another name: libical prints its value as it is. */
void ical_plain(struct ical *ical, const char *name, const char *value)
{
    icalproperty *property = made(icalproperty_new_x(value));

    icalproperty_set_x_name(property, name);
    icalcomponent_add_property(current(ical), property);
    ical->last = property;
}

void ical_rule(struct ical *ical, const char *rrule)
{
    put(ical, "RRULE",
        icalvalue_new_recur(icalrecurrencetype_from_string(rrule)));
}

void ical_geo(struct ical *ical, double latitude, double longitude)
{
    struct icalgeotype geo = { .lat = latitude, .lon = longitude };

    put(ical, "GEO", icalvalue_new_geo(geo));
}

void ical_person(struct ical *ical, const char *name, const char *address)
{
    struct str uri;

    /* What a mailto: address would give another meaning (RFC 6068 2). */
    str_init(&uri, ical_arena(ical), sizeof "mailto:" + 3 * strlen(address));
    str_add(&uri, "mailto:");
    for (; *address; address++)
        if (strchr("%?#", *address))
            str_addf(&uri, "%%%02X", (unsigned)*address);
        else
            str_add_char(&uri, *address);
    put(ical, name, icalvalue_new_caladdress(uri.data));
}

static char *time_text(struct arena *arena, const struct civil *civil,
                       const char *suffix)
{
    return arena_printf(arena, "%04d%02d%02dT%02d%02d%02d%s", civil->year,
                        civil->month, civil->day, civil->hour, civil->minute,
                        civil->second, suffix);
}

void ical_instant(struct ical *ical, const char *name, int64_t utc)
{
    struct civil civil = civil_from_seconds(utc);

    ical_plain(ical, name, time_text(ical_arena(ical), &civil, "Z"));
}

bool ical_time_is_local(const struct zone *zone, int64_t utc)
{
    return !zone_is_utc(zone) && !zone_local(zone, utc).ambiguous;
}

void ical_time(struct ical *ical, const char *name, const struct zone *zone,
               int64_t utc)
{
    struct civil civil = zone_local(zone, utc).civil;

    if (!ical_time_is_local(zone, utc)) {
        ical_instant(ical, name, utc);
        return;
    }
    ical_plain(ical, name, time_text(ical_arena(ical), &civil, ""));
    ical_param(ical, "TZID", zone_name(zone));
}

void ical_param(struct ical *ical, const char *name, const char *value)
{
    icalparameter *param;

    assert(ical->last);
    if (strncmp(name, "X-", 2) == 0) {
        param = made(icalparameter_new_x(value));
        icalparameter_set_xname(param, name);
    } else {
        icalparameter_kind kind = icalparameter_string_to_kind(name);

        param = made(icalparameter_new_from_value_string(kind, value));
    }
    icalproperty_add_parameter(ical->last, param);
}

enum rc ical_write(struct ical *ical, struct str *out, struct err *err)
{
    char *text = icalcomponent_as_ical_string_r(current(ical));

    assert(ical->depth == 1);
    if (!text || icalerrno != ICAL_NO_ERROR) {
        icalmemory_free_buffer(text);
        return err_set(err, "libical: %s", icalerror_strerror(icalerrno));
    }
    str_add(out, text);
    icalmemory_free_buffer(text);
    if (out->overflow)
        return err_set(err, "calendar longer than %zu bytes", out->ceiling);
    return RC_OK;
}

void feed_library_version(char text[FEED_VERSION_TEXT])
{
    snprintf(text, FEED_VERSION_TEXT, "%d.%d.%d", ICAL_MAJOR_VERSION,
             ICAL_MINOR_VERSION, ICAL_PATCH_VERSION);
}
