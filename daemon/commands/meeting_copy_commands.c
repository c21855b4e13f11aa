/* meeting copy: last year's meeting on another day. Every time keeps its place
 * on the wall clock – ten o'clock stays ten o'clock on both sides of a change
 * to summer time – and all days move by the same number. */
#include <string.h>

#include "calendars/zone.h"
#include "daemon/base/parse.h"
#include "daemon/commands/meeting_commands.h"
#include "daemon/commands/question_commands.h"
#include "daemon/commands/table.h"
#include "daemon/commands/values.h"
#include "daemon/store/meeting_store.h"
#include "daemon/store/seat_store.h"

#define DAY 86400

const struct command_option meeting_copy_options[] = {
    { "date", "YYYY-MM-DD", "its first day", true },
    TABLE_JSON_OPTION,
    { NULL, NULL, NULL, false },
};

struct shift {
    const struct zone *zone;
    int64_t days;
    bool moved; /* a time fell into the hour that the clocks leap over */
};

/* Midnight of a day, as if its clock were UTC's. */
static int64_t day_of(struct civil civil)
{
    civil.hour = civil.minute = civil.second = 0;
    return civil_to_seconds(&civil);
}

static bool read_date(struct call *call, int64_t *day)
{
    const char *value = call_option(call, "date");
    struct civil civil;

    if (!parse_day(value, &civil)) {
        call_mistake(call, "--date: \"%s\": a day like 2027-03-07 is "
                     "expected", value);
        return false;
    }
    *day = day_of(civil);
    return true;
}

static int64_t shifted(struct shift *shift, int64_t at)
{
    struct civil wall = zone_local(shift->zone, at).civil;
    int64_t result;

    wall = civil_from_seconds(civil_to_seconds(&wall) + shift->days * DAY);
    while (zone_utc(shift->zone, &wall, &result) == WALL_NEVER) {
        shift->moved = true;
        wall = civil_from_seconds(civil_to_seconds(&wall) + 3600);
    }
    return result;
}

static void shift_meeting(struct shift *shift, struct meeting *meeting)
{
    meeting->starts_at = shifted(shift, meeting->starts_at);
    meeting->ends_at = shifted(shift, meeting->ends_at);
    if (meeting->opens_at != 0)
        meeting->opens_at = shifted(shift, meeting->opens_at);
    meeting->closes_at = shifted(shift, meeting->closes_at);
    if (meeting->changes_until != 0)
        meeting->changes_until = shifted(shift, meeting->changes_until);
}

static enum rc copy_agenda(struct call *call, struct shift *shift,
                           int64_t from, int64_t to, struct err *err)
{
    struct sessions sessions;
    enum rc rc = session_list(call->reader, call->arena, from, &sessions,
                              err);

    for (size_t i = 0; rc == RC_OK && i < sessions.count; i++) {
        struct session *session = &sessions.items[i];
        session->meeting_id = to;
        session->starts_at = shifted(shift, session->starts_at);
        session->ends_at = shifted(shift, session->ends_at);
        if (session->ends_at < session->starts_at)
            session->ends_at = session->starts_at; /* lay in a lost hour */
        rc = session_insert(call->writer, call->arena,
                            call->settings->mail_domain, session, err);
    }
    return rc;
}

static enum rc copy_seats(struct call *call, int64_t from, int64_t to,
                          struct err *err)
{
    struct pools pools;
    enum rc rc = pool_of_meeting(call->reader, from, &pools, err);

    for (int mode = 0; rc == RC_OK && mode < MODE_COUNT; mode++)
        if (pools.offered[mode])
            rc = pool_set_capacity(call->writer, to, (enum mode)mode,
                                   pools.at[mode].capacity, err);
    return rc;
}

/* The draft takes over everything but what belongs to one date alone: the
 * link to join, whose stream of last year would reach new people, and the
 * reason of a cancellation. */
static enum exit_code copy(struct call *call, struct shift *shift,
                           const struct meeting *from, struct meeting *to)
{
    struct err err;

    shift_meeting(shift, to);
    if (to->ends_at <= to->starts_at) {
        call_mistake(call, "--date: the clocks are changed during the "
                     "meeting, and it would end before it begins");
        return EXIT_DATA;
    }
    to->state = MEETING_DRAFT;
    to->join_url = "";
    to->cancelled_at = 0;
    if (meeting_insert(call->writer, call->arena, call->now,
                       call->settings->mail_domain, to, &err) ||
        copy_agenda(call, shift, from->id, to->id, &err) ||
        copy_seats(call, from->id, to->id, &err) ||
        question_copy_all(call, from->id, to->id, &err))
        return call_failed(call, &err);
    return EXIT_FINE;
}

static void say_what_to_look_at(struct call *call, const struct shift *shift,
                                const struct meeting *from,
                                const struct meeting *to)
{
    if (shift->moved)
        call_say(call, "note: the clocks leap over an hour on that day; what "
                 "lay in it begins an hour later");
    if (to->starts_at <= call->now)
        call_say(call, "note: that day is in the past");
    if (*from->join_url)
        call_say(call, "note: the link to join is not copied: meeting edit "
                 "--join-url");
}

enum exit_code meeting_copy(struct call *call)
{
    struct alliance alliance, other;
    struct meeting from, to;
    const char *slug;
    int64_t day;
    enum exit_code code = value_meeting(call, call->arguments[0], &alliance,
                                        &from);

    if (code != EXIT_FINE)
        return code;
    code = value_new_meeting(call, call->arguments[1], &other, &slug);
    if (code == EXIT_UNAVAILABLE)
        return code;
    if (!read_date(call, &day) || call->mistakes)
        return EXIT_DATA;
    code = meeting_check_free(call, other.slug, slug);
    if (code != EXIT_FINE)
        return code;
    struct shift shift = { .zone = zone_or_utc(from.zone) };
    shift.days = (day - day_of(zone_local(shift.zone,
                                          from.starts_at).civil)) / DAY;
    to = from;
    to.alliance_id = other.id;
    to.alliance_slug = other.slug;
    to.slug = slug;
    code = copy(call, &shift, &from, &to);
    if (code != EXIT_FINE)
        return code;
    say_what_to_look_at(call, &shift, &from, &to);
    table_say(call, "meeting %s/%s added as a draft: %s", other.slug, slug,
              to.title.de);
    return meeting_changed(call, "meeting-copy", &to);
}
