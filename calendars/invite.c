#include "calendars/invite.h"

#include <strings.h>

#include "calendars/entry.h"
#include "calendars/words.h"

const char *cal_method_word(enum cal_method method)
{
    return method == CAL_REQUEST ? "REQUEST" : "CANCEL";
}

/* An empty CN is an error to some readers, an absent one to none. */
static void put_cn(struct ical *ical, const char *name)
{
    const char *label = words_label(ical_arena(ical), name ? name : "");

    if (*label)
        ical_param(ical, "CN", label);
}

static void put_people(struct ical *ical, const struct cal_invite *invite)
{
    ical_person(ical, "ORGANIZER", invite->organizer_address);
    put_cn(ical, invite->organizer_name);
    ical_person(ical, "ATTENDEE", invite->attendee_address);
    ical_param(ical, "CUTYPE", "INDIVIDUAL");
    ical_param(ical, "ROLE", "REQ-PARTICIPANT");
    ical_param(ical, "PARTSTAT", "NEEDS-ACTION");
    ical_param(ical, "RSVP", "TRUE");
    put_cn(ical, invite->attendee_name);
    ical_plain(ical, "X-MICROSOFT-DISALLOW-COUNTER", "TRUE");
}

enum rc invite_write(const struct cal_invite *invite, struct str *out,
                     struct err *err)
{
    struct cal_event event = invite->event;

    if (strcasecmp(invite->organizer_address, invite->attendee_address) == 0)
        return err_set(err, "an invitation to the organizer's own address");
    event.cancelled = invite->method == CAL_CANCEL;

    struct ical *ical = entry_calendar(cal_method_word(invite->method));

    entry_zones(ical, &event, 1);
    /* The title as before: a place was given back, the meeting stands. */
    entry_begin(ical, &event, "");
    put_people(ical, invite);
    ical_end(ical);

    enum rc rc = ical_write(ical, out, err);
    ical_free(&ical);
    return rc;
}
