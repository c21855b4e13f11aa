#include "daemon/commands/meeting_commands.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "calendars/zone.h"
#include "daemon/base/arena.h"
#include "daemon/commands/table.h"
#include "daemon/commands/values.h"
#include "daemon/rules/promise.h"
#include "daemon/rules/seating.h"
#include "daemon/store/meeting_store.h"
#include "daemon/store/registration_store.h"
#include "daemon/store/seat_store.h"
#include "daemon/store/writing.h"

#define TITLE_MOST 200
#define CAPACITY_MOST 1000000

const struct command_option meeting_options[] = {
    { "title-de", "TEXT", "German title", false },
    { "title-en", "TEXT", "English title", false },
    { "summary-de", "TEXT", "one German sentence", false },
    { "summary-en", "TEXT", "one English sentence", false },
    { "about-de", "MARKDOWN", "German description", false },
    { "about-en", "MARKDOWN", "English description", false },
    { "starts", "TIME", "\"2027-03-07 10:00\" in its zone", false },
    { "ends", "TIME", "after the start", false },
    { "zone", "NAME", "time zone (Europe/Berlin)", false },
    { "opens", "TIME", "registration opens (at once)", false },
    { "closes", "TIME", "registration closes (at the start)", false },
    { "onsite", "N", "seats in the room", false },
    { "online", "N", "seats online", false },
    { "venue-name", "TEXT", "the house", false },
    { "venue-street", "TEXT", "street and number", false },
    { "venue-postcode", "TEXT", "its postcode", false },
    { "venue-town", "TEXT", "the town", false },
    { "access-de", "TEXT", "how to get in, step-free or not", false },
    { "access-en", "TEXT", "the same in English", false },
    { "geo", "LAT,LON", "where it is, like 51.0504,13.7373", false },
    { "visibility", "public|unlisted|invited", "who finds it (public)",
      false },
    { "join-url", "URL", "for online people only, never public", false },
    { "scarce", "yes|no", "the button says that it binds (no)", false },
    { "ask-organisation", "yes|no", "organisation is compulsory (no)",
      false },
    { "keep-days", "N", "personal data after the end (90)", false },
    MEETING_TERMS_OPTIONS,
    TABLE_JSON_OPTION,
    { NULL, NULL, NULL, false },
};

const struct command_option meeting_session_options[] = {
    { "starts", "TIME", "\"2027-03-07 10:00\" in the meeting's zone", true },
    { "ends", "TIME", "after the start", true },
    { "title-de", "TEXT", "German title", true },
    { "title-en", "TEXT", "English title", false },
    { "about-de", "MARKDOWN", "German description", false },
    { "about-en", "MARKDOWN", "English description", false },
    { "speaker", "TEXT", "who speaks", false },
    TABLE_JSON_OPTION,
    { NULL, NULL, NULL, false },
};

/* --- fields ------------------------------------------------------------ */

static void read_zone(struct call *call, struct meeting *meeting)
{
    value_line(call, "zone", 60, &meeting->zone);
    if (!zone_find(meeting->zone))
        call_mistake(call, "--zone: \"%s\": a zone like Europe/Berlin is "
                     "expected", meeting->zone);
}

static void read_geo(struct call *call, struct meeting *meeting)
{
    const char *value = call_option(call, "geo");
    char *end;

    if (!value)
        return;
    meeting->has_geo = *value != '\0';
    if (!meeting->has_geo)
        return;
    meeting->latitude = strtod(value, &end);
    bool fine = end != value && *end == ',';
    value = end + (fine ? 1 : 0);
    meeting->longitude = fine ? strtod(value, &end) : 0;
    if (!fine || end == value || *end || !isfinite(meeting->latitude) ||
        !isfinite(meeting->longitude) || fabs(meeting->latitude) > 90 ||
        fabs(meeting->longitude) > 180)
        call_mistake(call, "--geo: degrees like 51.0504,13.7373 are "
                     "expected");
}

static void read_texts(struct call *call, struct meeting *meeting)
{
    value_line_needed(call, "title-de", TITLE_MOST, &meeting->title.de);
    value_line(call, "title-en", TITLE_MOST, &meeting->title.en);
    value_line(call, "summary-de", 400, &meeting->summary.de);
    value_line(call, "summary-en", 400, &meeting->summary.en);
    value_lines(call, "about-de", &meeting->about.de);
    value_lines(call, "about-en", &meeting->about.en);
}

static void read_venue(struct call *call, struct meeting *meeting)
{
    value_line(call, "venue-name", TITLE_MOST, &meeting->venue_name);
    value_line(call, "venue-street", TITLE_MOST, &meeting->venue_street);
    value_line(call, "venue-postcode", 20, &meeting->venue_postcode);
    value_line(call, "venue-town", TITLE_MOST, &meeting->venue_town);
    value_line(call, "access-de", 1000, &meeting->venue_access.de);
    value_line(call, "access-en", 1000, &meeting->venue_access.en);
    read_geo(call, meeting);
}

static void read_rules(struct call *call, struct meeting *meeting)
{
    const char *visibility = call_option(call, "visibility");

    if (visibility && !visibility_parse(visibility, &meeting->visibility))
        call_mistake(call, "--visibility: \"%s\": public, unlisted or "
                     "invited is expected", visibility);
    value_https(call, "join-url", &meeting->join_url);
    value_bool(call, "scarce", &meeting->scarce);
    value_bool(call, "ask-organisation", &meeting->ask_organisation);
    value_int(call, "keep-days", 0, 365, &meeting->keep_days);
}

static void read_opening(struct call *call, struct meeting *meeting)
{
    const char *opens = call_option(call, "opens");

    if (opens && !*opens)
        meeting->opens_at = 0;
    else
        value_time(call, "opens", meeting->zone, &meeting->opens_at);
}

/* Registration closes with the start unless somebody said otherwise. */
static void read_times(struct call *call, struct meeting *meeting)
{
    bool at_start = !meeting->closes_at ||
                    meeting->closes_at == meeting->starts_at;

    value_time(call, "starts", meeting->zone, &meeting->starts_at);
    value_time(call, "ends", meeting->zone, &meeting->ends_at);
    read_opening(call, meeting);
    if (at_start)
        meeting->closes_at = meeting->starts_at;
    value_time(call, "closes", meeting->zone, &meeting->closes_at);
    if (call->mistakes || !meeting->starts_at || !meeting->ends_at)
        return;
    if (meeting->ends_at <= meeting->starts_at)
        call_mistake(call, "--ends: has to be after the start");
    if (meeting->closes_at > meeting->ends_at)
        call_mistake(call, "--closes: registration ends with the meeting at "
                     "the latest");
    if (meeting->opens_at && meeting->opens_at >= meeting->closes_at)
        call_mistake(call, "--opens: has to be before registration closes");
}

static void read_fields(struct call *call, struct meeting *meeting)
{
    read_zone(call, meeting);
    read_texts(call, meeting);
    read_times(call, meeting);
    read_venue(call, meeting);
    read_rules(call, meeting);
    meeting_read_terms(call, meeting);
}

/* --- seats ------------------------------------------------------------- */

static enum exit_code set_seats(struct call *call, const char *option,
                                const struct meeting *meeting,
                                enum mode mode, const struct pools *pools)
{
    struct err err;
    int64_t capacity = -1;

    value_int(call, option, 0, CAPACITY_MOST, &capacity);
    if (call->mistakes)
        return EXIT_DATA;
    if (capacity < 0)
        return EXIT_FINE;
    if (pools->offered[mode] && pools->at[mode].taken > capacity) {
        call_mistake(call, "--%s: %lld people have these seats already; "
                     "fewer than that is not possible", option,
                     (long long)pools->at[mode].taken);
        return EXIT_DATA;
    }
    struct turn turn = value_turn(call);
    if (turn_begin(&turn, meeting->id, &err) ||
        seating_set_capacity(&turn, mode, capacity, &err))
        return call_failed(call, &err);
    if (turn.letters)
        call->changed |= CHANGE_LETTERS;
    return EXIT_FINE;
}

enum rc meeting_move_up(struct call *call, const struct meeting *meeting,
                        struct err *err)
{
    struct turn turn = value_turn(call);
    enum rc rc = turn_begin(&turn, meeting->id, err);

    if (rc == RC_OK)
        rc = seating_move_up_all(&turn, err);
    if (turn.letters)
        call->changed |= CHANGE_LETTERS;
    return rc;
}

static int64_t count_waiting(const struct pools *pools)
{
    return pools->at[MODE_ONSITE].waiting + pools->at[MODE_ONLINE].waiting;
}

/* Whoever moves up in one mode may free a seat of the other. */
static enum exit_code say_moved_up(struct call *call,
                                   const struct meeting *meeting,
                                   const struct pools *before)
{
    struct pools pools;
    struct err err;

    if (pool_of_meeting(call->reader, meeting->id, &pools, &err))
        return call_failed(call, &err);
    long long moved = count_waiting(before) - count_waiting(&pools);
    if (moved > 0)
        call_say(call, meeting->claim_term
                     ? "%lld on the waiting list are offered a seat"
                     : "%lld moved up from the waiting list", moved);
    return EXIT_FINE;
}

static enum exit_code set_all_seats(struct call *call,
                                    const struct meeting *meeting)
{
    struct pools pools;
    struct err err;

    if (pool_of_meeting(call->reader, meeting->id, &pools, &err) == RC_FAIL)
        return call_failed(call, &err);
    enum exit_code code = set_seats(call, "onsite", meeting, MODE_ONSITE,
                                    &pools);
    if (code == EXIT_FINE)
        code = set_seats(call, "online", meeting, MODE_ONLINE, &pools);
    if (code != EXIT_FINE || count_waiting(&pools) == 0)
        return code;
    /* One that had begun may have been moved to a day to come. */
    return meeting_move_up(call, meeting, &err) == RC_OK
        ? say_moved_up(call, meeting, &pools) : call_failed(call, &err);
}

/* --- commands ---------------------------------------------------------- */

enum exit_code meeting_check_free(struct call *call, const char *alliance,
                                  const char *slug)
{
    struct meeting found;
    struct err err;

    switch (meeting_by_slug(call->reader, call->arena, alliance, slug,
                            &found, &err)) {
    case RC_OK:
        call_mistake(call, "meeting \"%s/%s\" exists already; see `convened "
                     "meeting edit`", alliance, slug);
        return EXIT_DATA;
    case RC_NOT_FOUND:
        return EXIT_FINE;
    case RC_FAIL:
        break;
    }
    return call_failed(call, &err);
}

static void check_given(struct call *call)
{
    static const char *const needed[] = { "title-de", "starts", "ends" };

    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!call_option(call, needed[i]))
            call_mistake(call, "--%s is missing", needed[i]);
}

enum exit_code meeting_add(struct call *call)
{
    struct alliance alliance;
    struct meeting meeting = {
        .title = { "", "" }, .summary = { "", "" }, .about = { "", "" },
        .zone = "Europe/Berlin", .venue_name = "", .venue_street = "",
        .venue_postcode = "", .venue_town = "", .venue_access = { "", "" },
        .join_url = "", .keep_days = 90,
    };
    struct err err;
    enum exit_code code = value_new_meeting(call, call->arguments[0],
                                            &alliance, &meeting.slug);

    if (code == EXIT_UNAVAILABLE)
        return code;
    meeting_set_usual_terms(&meeting);
    read_fields(call, &meeting);
    if (call->mistakes)
        return EXIT_DATA;
    check_given(call);
    if (call->mistakes)
        return EXIT_USAGE;
    code = meeting_check_free(call, alliance.slug, meeting.slug);
    if (code != EXIT_FINE)
        return code;
    meeting.alliance_id = alliance.id;
    meeting.alliance_slug = alliance.slug;
    if (meeting_insert(call->writer, call->arena, call->now,
                       call->settings->mail_domain, &meeting, &err))
        return call_failed(call, &err);
    code = set_all_seats(call, &meeting);
    if (code != EXIT_FINE)
        return code;
    table_say(call, "meeting %s/%s added as a draft; `convened meeting "
              "publish %s/%s` shows it to the world", alliance.slug,
              meeting.slug, alliance.slug, meeting.slug);
    return meeting_changed(call, "meeting-add", &meeting);
}

/* Seats alone change nothing that a calendar shows: SEQUENCE stays. */
static bool only_seats(const struct call *call)
{
    for (size_t i = 0; meeting_options[i].name; i++)
        if (call->values[i] && strcmp(meeting_options[i].name, "onsite") &&
            strcmp(meeting_options[i].name, "online") &&
            strcmp(meeting_options[i].name, "json"))
            return false;
    return true;
}

/* Whoever signed up was promised a day on which their data goes. It may come
 * sooner; later only if the meeting itself moves, and then this says so. No
 * letter tells people of a change yet; whoever makes one has to know. */
static enum exit_code check_people(struct call *call,
                                   const struct meeting *before,
                                   const struct meeting *meeting)
{
    struct registration_numbers numbers;
    struct err err;

    if (registration_count_all(call->reader, meeting->id, call->now, &numbers,
                               &err))
        return call_failed(call, &err);
    meeting_say_terms(call, before, meeting, &numbers);
    long long people = numbers.registered[MODE_ONSITE] +
                       numbers.registered[MODE_ONLINE] + numbers.waiting +
                       numbers.pending + numbers.unconfirmed;
    if (!people)
        return EXIT_FINE;
    if (meeting->keep_days > before->keep_days) {
        call_mistake(call, "--keep-days: %lld people were told that their "
                     "data goes after %lld days; it may go sooner, not "
                     "later", people, (long long)before->keep_days);
        return EXIT_DATA;
    }
    if (meeting->keep_support_days > before->keep_support_days) {
        call_mistake(call, "--keep-support-days: people were told that "
                     "what they need goes after %lld days; it may go "
                     "sooner, not later",
                     (long long)before->keep_support_days);
        return EXIT_DATA;
    }
    call_say(call, "%lld registered; pages and feeds show the change, "
             "but nobody gets a letter about it", people);
    if (promise_due(meeting) > promise_due(before))
        call_say(call, "their data now goes later than their letters say, "
                 "unless --keep-days is made smaller");
    return EXIT_FINE;
}

enum exit_code meeting_edit(struct call *call)
{
    struct alliance alliance;
    struct meeting meeting;
    struct err err;
    enum exit_code code = value_meeting(call, call->arguments[0], &alliance,
                                        &meeting);
    const struct meeting before = meeting;

    if (code != EXIT_FINE)
        return code;
    read_fields(call, &meeting);
    if (call->mistakes)
        return EXIT_DATA;
    if (!only_seats(call))
        code = check_people(call, &before, &meeting);
    if (code != EXIT_FINE)
        return code;
    if (!only_seats(call) &&
        meeting_update(call->writer, call->now, &meeting, &err))
        return call_failed(call, &err);
    code = set_all_seats(call, &meeting);
    if (code != EXIT_FINE)
        return code;
    table_say(call, "meeting %s/%s changed", alliance.slug, meeting.slug);
    return meeting_changed(call, "meeting-edit", &meeting);
}

static enum exit_code check_ready(struct call *call,
                                  const struct meeting *meeting)
{
    struct pools pools;
    struct err err;

    if (pool_of_meeting(call->reader, meeting->id, &pools, &err) == RC_FAIL)
        return call_failed(call, &err);
    if (meeting->state == MEETING_CANCELLED)
        call_mistake(call, "it is cancelled");
    if (!*meeting->title.de)
        call_mistake(call, "it has no title: meeting edit --title-de");
    if (!meeting->starts_at || meeting->ends_at <= meeting->starts_at)
        call_mistake(call, "it has no times: meeting edit --starts --ends");
    if (!pools.offered[MODE_ONSITE] && !pools.offered[MODE_ONLINE])
        call_mistake(call, "it has no seats: meeting edit --onsite N or "
                     "--online N");
    if (pools.offered[MODE_ONSITE] && !*meeting->venue_name)
        call_mistake(call, "it has seats in a room, but no house: meeting "
                     "edit --venue-name");
    return call->mistakes ? EXIT_DATA : EXIT_FINE;
}

enum exit_code meeting_publish(struct call *call)
{
    struct alliance alliance;
    struct meeting meeting;
    struct err err;
    enum exit_code code = value_meeting(call, call->arguments[0], &alliance,
                                        &meeting);

    if (code == EXIT_FINE)
        code = check_ready(call, &meeting);
    if (code != EXIT_FINE)
        return code;
    if (meeting.state == MEETING_PUBLISHED) {
        table_say(call, "it is public already");
        return meeting_print_if_json(call, &meeting);
    }
    meeting.state = MEETING_PUBLISHED;
    if (meeting_update(call->writer, call->now, &meeting, &err))
        return call_failed(call, &err);
    table_say(call, "meeting %s/%s is public: %s/de/%s/%s", alliance.slug,
              meeting.slug, call->settings->base_url, alliance.slug,
              meeting.slug);
    return meeting_changed(call, "meeting-publish", &meeting);
}

static void read_session(struct call *call, const struct meeting *meeting,
                         struct session *session)
{
    value_line_needed(call, "title-de", TITLE_MOST, &session->title.de);
    value_line(call, "title-en", TITLE_MOST, &session->title.en);
    value_lines(call, "about-de", &session->about.de);
    value_lines(call, "about-en", &session->about.en);
    value_line(call, "speaker", TITLE_MOST, &session->speaker);
    value_time(call, "starts", meeting->zone, &session->starts_at);
    value_time(call, "ends", meeting->zone, &session->ends_at);
    if (call->mistakes)
        return;
    if (session->ends_at <= session->starts_at)
        call_mistake(call, "--ends: has to be after the start");
    if (session->starts_at < meeting->starts_at ||
        session->ends_at > meeting->ends_at)
        call_mistake(call, "the session has to lie within the meeting");
}

enum exit_code meeting_session(struct call *call)
{
    struct alliance alliance;
    struct meeting meeting;
    struct session session = {
        .title = { "", "" }, .about = { "", "" }, .speaker = "",
    };
    struct err err;
    enum exit_code code = value_meeting(call, call->arguments[0], &alliance,
                                        &meeting);

    if (code != EXIT_FINE)
        return code;
    read_session(call, &meeting, &session);
    if (call->mistakes)
        return EXIT_DATA;
    session.meeting_id = meeting.id;
    /* The agenda is part of what the public sees of the meeting (V3). */
    if (session_insert(call->writer, call->arena,
                       call->settings->mail_domain, &session, &err) ||
        meeting_update(call->writer, call->now, &meeting, &err))
        return call_failed(call, &err);
    table_say(call, "session added to %s/%s", alliance.slug, meeting.slug);
    return meeting_changed(call, "session-add", &meeting);
}
