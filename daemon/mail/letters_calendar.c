#include "daemon/mail/letters_calendar.h"

#include "daemon/base/arena.h"
#include "web/view/format.h"
#include "web/view/i18n.h"
#include "web/view/json.h"

#define CALENDAR_MOST 65536

static const char *location_of(const struct occasion *occasion)
{
    return occasion_is_online(occasion) ? "Online" : occasion_venue(occasion);
}

/* The link to join is never here: people share their calendars. */
static const char *describe(const struct occasion *occasion)
{
    const struct meeting *meeting = &occasion->meeting;
    const char *summary = lang_pick(&meeting->summary, occasion->lang);
    const char *access = lang_pick(&meeting->venue_access, occasion->lang);
    struct str text;

    str_init(&text, occasion->arena, CALENDAR_MOST / 2);
    if (*summary)
        str_addf(&text, "%s\n\n", summary);
    if (occasion_is_online(occasion))
        str_addf(&text, "%s\n\n",
                 tr(occasion->lang, "You take part online. The link to join "
                                    "stands in your confirmation."));
    else if (*access)
        str_addf(&text, "%s\n\n",
                 arena_printf(occasion->arena,
                              tr(occasion->lang, "Access: %s"), access));
    str_add(&text, occasion_page_url(occasion));
    return text.data;
}

static struct cal_event event_of(const struct occasion *occasion)
{
    const struct meeting *meeting = &occasion->meeting;
    const struct invite *invite = &occasion->invite;
    bool online = occasion_is_online(occasion);

    return (struct cal_event){
        .uid = invite->uid,
        .sequence = invite->sequence,
        .stamp = invite->stamp,
        .created_at = meeting->created_at,
        .changed_at = invite->stamp,
        .starts_at = meeting->starts_at,
        .ends_at = meeting->ends_at,
        .zone = meeting->zone,
        .summary = occasion_title(occasion),
        .description = describe(occasion),
        .location = location_of(occasion),
        .has_geo = meeting->has_geo && !online,
        .latitude = meeting->latitude,
        .longitude = meeting->longitude,
        .url = occasion_page_url(occasion),
        .categories = lang_pick(&occasion->alliance.name, occasion->lang),
        .lang = occasion->lang,
    };
}

enum rc letters_calendar(const struct occasion *occasion,
                         enum cal_method method, const char **calendar,
                         struct err *err)
{
    const struct cal_invite invite = {
        .method = method,
        .event = event_of(occasion),
        .organizer_name = lang_pick(&occasion->alliance.name,
                                    occasion->lang),
        .organizer_address = occasion->from_address,
        .attendee_name = occasion->plain_name,
        .attendee_address = occasion->letter->address,
    };
    struct str bytes;

    str_init(&bytes, occasion->arena, CALENDAR_MOST);
    if (invite_write(&invite, &bytes, err) != RC_OK)
        return RC_FAIL;
    if (bytes.overflow)
        return err_set(err, "the calendar part is too long");
    *calendar = bytes.data;
    return RC_OK;
}

static json_t *place_of(const struct occasion *occasion)
{
    if (occasion_is_online(occasion))
        return json_pack("{s:s, s:s}", "@type", "VirtualLocation", "url",
                         occasion_page_url(occasion));
    return json_pack("{s:s, s:s, s:s}", "@type", "Place", "name",
                     occasion->meeting.venue_name, "address",
                     occasion_street(occasion));
}

static json_t *event_json(const struct occasion *occasion)
{
    const struct meeting *meeting = &occasion->meeting;
    struct arena *arena = occasion->arena;

    return json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:o}", "@type", "Event", "name",
        occasion_title(occasion), "startDate",
        format_iso(arena, meeting->zone, meeting->starts_at), "endDate",
        format_iso(arena, meeting->zone, meeting->ends_at), "url",
        occasion_page_url(occasion), "location", place_of(occasion));
}

struct safe_html letters_reservation(const struct occasion *occasion,
                                     enum cal_method method)
{
    const char *status = method == CAL_CANCEL
                             ? "http://schema.org/ReservationCancelled"
                             : "http://schema.org/ReservationConfirmed";
    const char *name = *occasion->plain_name != '\0'
                           ? occasion->plain_name
                           : occasion->letter->address;
    json_t *reservation = json_pack(
        "{s:s, s:s, s:s, s:s, s:{s:s, s:s}, s:o}", "@context",
        "http://schema.org", "@type", "EventReservation",
        "reservationNumber", occasion->registration.reference,
        "reservationStatus", status, "underName", "@type", "Person", "name",
        name, "reservationFor", event_json(occasion));

    return json_ld(occasion->arena, reservation);
}
