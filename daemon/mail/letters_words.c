#include "daemon/mail/letters_words.h"

#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/rules/promise.h"
#include "web/view/format.h"
#include "web/view/templates.h"

#define HOME_ZONE "Europe/Berlin"

static struct view_mail_frame frame_of(const struct occasion *occasion,
                                       const struct bodies *bodies)
{
    const struct alliance *alliance = &occasion->alliance;
    const struct settings *settings = occasion->settings;
    const char *lang = lang_code(occasion->lang);

    /* Without a human's address, what is answered reaches the sender. */
    const char *contact = *alliance->contact_email != '\0'
                              ? alliance->contact_email
                              : occasion->from_address;

    return (struct view_mail_frame){
        .lang = lang,
        .title = bodies->subject,
        .demo = settings->demo,
        .name = occasion->name,
        .alliance = lang_pick(&alliance->name, occasion->lang),
        .contact_name = alliance->contact_name,
        .contact_phone = alliance->contact_phone,
        .contact_email = contact,
        .contact_url = arena_printf(occasion->arena, "mailto:%s", contact),
        .impressum_url = arena_printf(occasion->arena, "%s/%s/impressum",
                                      settings->base_url, lang),
        .data = bodies->data,
    };
}

static struct view_mail_facts facts_of(const struct occasion *occasion)
{
    const struct meeting *meeting = &occasion->meeting;
    bool far = strcmp(meeting->zone, HOME_ZONE) != 0;

    return (struct view_mail_facts){
        .title = occasion_title(occasion),
        .when = format_span(occasion->arena, occasion->lang, meeting->zone,
                            meeting->starts_at, meeting->ends_at),
        .zone = far ? meeting->zone : NULL,
        .venue = occasion_venue(occasion),
        .access = lang_pick(&meeting->venue_access, occasion->lang),
        .online = occasion_is_online(occasion),
        .page_url = occasion_page_url(occasion),
    };
}

static const char *deletes_on(const struct occasion *occasion)
{
    return format_date(occasion->arena, occasion->lang,
                       occasion->meeting.zone,
                       promise_due(&occasion->meeting));
}

/* Feeds and files are for what everybody may see (F7). */
static const char *calendar_url(const struct occasion *occasion)
{
    const struct meeting *meeting = &occasion->meeting;

    if (meeting->visibility != VISIBLE_PUBLIC)
        return NULL;
    return arena_printf(occasion->arena, "%s/calendars/%s/%s/download.ics",
                        occasion->settings->base_url, meeting->alliance_slug,
                        meeting->slug);
}

void words_confirmation(const struct occasion *occasion,
                        struct bodies *bodies)
{
    const struct registration *registration = &occasion->registration;
    struct view_mail_confirmation view = {
        .site = frame_of(occasion, bodies),
        .facts = facts_of(occasion),
        .reference = registration->reference,
        .join_url = occasion_is_online(occasion) ? occasion->meeting.join_url
                                                 : NULL,
        .manage_url = occasion_manage_url(occasion),
        .calendar_url = calendar_url(occasion),
        .invite = registration->wants_invite && registration->invite_id != 0,
        .deletes = deletes_on(occasion),
    };

    template_mail_confirmation_txt(&bodies->text, occasion->lang, &view);
    template_mail_confirmation_html(&bodies->html, occasion->lang, &view);
}

void words_invitation(const struct occasion *occasion, struct bodies *bodies)
{
    struct view_mail_invitation view = {
        .site = frame_of(occasion, bodies),
        .facts = facts_of(occasion),
    };

    template_mail_invitation_txt(&bodies->text, occasion->lang, &view);
    template_mail_invitation_html(&bodies->html, occasion->lang, &view);
}

void words_goodbye(const struct occasion *occasion, struct bodies *bodies)
{
    struct view_mail_goodbye view = {
        .site = frame_of(occasion, bodies),
        .facts = facts_of(occasion),
        .manage_url = occasion_manage_url(occasion),
        .deletes = deletes_on(occasion),
    };

    template_mail_goodbye_txt(&bodies->text, occasion->lang, &view);
    template_mail_goodbye_html(&bodies->html, occasion->lang, &view);
}

void words_withdrawal(const struct occasion *occasion, struct bodies *bodies)
{
    struct view_mail_withdrawal view = {
        .site = frame_of(occasion, bodies),
        .facts = facts_of(occasion),
        .called_off = occasion->meeting.state == MEETING_CANCELLED,
    };

    template_mail_withdrawal_txt(&bodies->text, occasion->lang, &view);
    template_mail_withdrawal_html(&bodies->html, occasion->lang, &view);
}

void words_already(const struct occasion *occasion, struct bodies *bodies)
{
    struct view_mail_already view = {
        .site = frame_of(occasion, bodies),
        .facts = facts_of(occasion),
        .reference = occasion->registration.reference,
        .manage_url = occasion_manage_url(occasion),
        .deletes = deletes_on(occasion),
    };

    template_mail_already_txt(&bodies->text, occasion->lang, &view);
    template_mail_already_html(&bodies->html, occasion->lang, &view);
}

void words_called_off(const struct occasion *occasion, struct bodies *bodies)
{
    const struct registration *registration = &occasion->registration;
    struct view_mail_called_off view = {
        .site = frame_of(occasion, bodies),
        .facts = facts_of(occasion),
        .reason = lang_pick(&occasion->meeting.cancel_reason, occasion->lang),
        .invite = registration->invite_id != 0,
        .deletes = deletes_on(occasion),
    };

    template_mail_called_off_txt(&bodies->text, occasion->lang, &view);
    template_mail_called_off_html(&bodies->html, occasion->lang, &view);
}
