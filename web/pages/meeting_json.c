#include "web/pages/meeting_json.h"

#include "web/view/format.h"
#include "web/view/json.h"

static json_t *place(const struct meeting *meeting)
{
    return json_pack("{s:s, s:s, s:{s:s, s:s, s:s, s:s}}",
                     "@type", "Place", "name", meeting->venue_name,
                     "address",
                     "@type", "PostalAddress",
                     "streetAddress", meeting->venue_street,
                     "postalCode", meeting->venue_postcode,
                     "addressLocality", meeting->venue_town);
}

static json_t *locations(const struct meeting *meeting,
                         const struct pools *pools, const char *url)
{
    json_t *all = json_array();

    if (pools->offered[MODE_ONSITE] && *meeting->venue_name)
        json_array_append_new(all, place(meeting));
    if (pools->offered[MODE_ONLINE])
        json_array_append_new(all, json_pack("{s:s, s:s}",
                                             "@type", "VirtualLocation",
                                             "url", url));
    return all;
}

static const char *attendance(const struct pools *pools)
{
    if (pools->offered[MODE_ONSITE] && pools->offered[MODE_ONLINE])
        return "https://schema.org/MixedEventAttendanceMode";
    return pools->offered[MODE_ONLINE]
               ? "https://schema.org/OnlineEventAttendanceMode"
               : "https://schema.org/OfflineEventAttendanceMode";
}

struct safe_html meeting_json(const struct page *page,
                              const struct meeting *meeting,
                              const struct alliance *alliance,
                              const struct pools *pools)
{
    struct arena *arena = page->arena;
    const char *url = page_absolute(page, page_meeting(page, meeting));
    const char *organizer =
        page_absolute(page, page_alliance(page, alliance->slug));
    json_t *event = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:o,"
        " s:{s:s, s:s, s:s}}",
        "@context", "https://schema.org", "@type", "Event",
        "name", lang_pick(&meeting->title, page->lang),
        "description", lang_pick(&meeting->summary, page->lang),
        "url", url,
        "startDate", format_iso(arena, meeting->zone, meeting->starts_at),
        "endDate", format_iso(arena, meeting->zone, meeting->ends_at),
        "eventStatus",
        meeting->state == MEETING_CANCELLED
            ? "https://schema.org/EventCancelled"
            : "https://schema.org/EventScheduled",
        "eventAttendanceMode", attendance(pools),
        "isAccessibleForFree", 1,
        "location", locations(meeting, pools, url),
        "organizer", "@type", "Organization",
        "name", lang_pick(&alliance->name, page->lang), "url", organizer);

    return json_ld(arena, event);
}
