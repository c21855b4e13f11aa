#include "daemon/mail/letters_words.h"

#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/rules/promise.h"
#include "web/view/format.h"
#include "web/view/i18n.h"
#include "web/view/templates.h"

#define HOME_ZONE "Europe/Berlin"

static const char manage[] = N_("See, change or cancel your registration");

static const char *about_of(const struct occasion *occasion)
{
    if (!occasion->about)
        return NULL;
    if (!*occasion->about)
        return tr(occasion->lang, "This e-mail is about somebody whom you "
                                  "have registered; “you” means that person "
                                  "here.");
    return arena_printf(occasion->arena,
                        tr(occasion->lang, "This e-mail is about %s, whom "
                                           "you have registered; “you” means "
                                           "that person here."),
                        occasion->about);
}

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
        .about = about_of(occasion),
        .alliance = lang_pick(&alliance->name, occasion->lang),
        .contact_name = alliance->contact_name,
        .contact_phone = alliance->contact_phone,
        .contact_email = contact,
        .contact_url = arena_printf(occasion->arena, "mailto:%s", contact),
        .impressum_url = arena_printf(occasion->arena, "%s/%s/impressum",
                                      settings->base_url, lang),
        .privacy_url = arena_printf(occasion->arena, "%s/%s/datenschutz",
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
        .certain = occasion->registration.state == REG_REGISTERED,
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

/* "Sonntag, 7. März 2027, 10:00 Uhr" */
static const char *moment(const struct occasion *occasion, int64_t at)
{
    struct arena *arena = occasion->arena;
    const char *zone = occasion->meeting.zone;

    return arena_printf(arena, "%s, %s",
                        format_weekday_date(arena, occasion->lang, zone, at),
                        format_time(arena, occasion->lang, zone, at));
}

static struct view_mail_link link_of(const struct occasion *occasion,
                                     const char *label)
{
    return (struct view_mail_link){ tr(occasion->lang, label),
                                    occasion_manage_url(occasion) };
}

static const char *waiting_word(const struct occasion *occasion,
                                const struct queue *queue)
{
    if (queue && queue->claim_by > 0)
        return tr(occasion->lang, "a place is kept");
    if (!queue || queue->place == 0)
        return tr(occasion->lang, "on the waiting list");
    return arena_printf(occasion->arena,
                        tr(occasion->lang, "on the waiting list, in place "
                                           "%d"),
                        (int)queue->place);
}

/* How somebody stands, in a few words. The queue may be NULL. */
static const char *status_of(const struct occasion *occasion,
                             const struct registration *r,
                             const struct queue *queue)
{
    enum lang lang = occasion->lang;

    switch (r->state) {
    case REG_UNCONFIRMED:
        return tr(lang, "not confirmed yet");
    case REG_PENDING:
        return tr(lang, "not decided yet");
    case REG_REGISTERED:
        return r->mode == MODE_ONLINE ? tr(lang, "registered, online")
                                      : tr(lang, "registered, on site");
    case REG_WAITING:
        return waiting_word(occasion, queue);
    case REG_CANCELLED:
        return tr(lang, "cancelled");
    case REG_DECLINED:
        break;
    }
    return tr(lang, "not accepted");
}

static const char *call(const struct occasion *occasion,
                        const struct registration *r)
{
    const char *name = occasion_call(occasion, &r->person);

    return *name ? name : tr(occasion->lang, "one more person");
}

/* Who has left is named only to whoever has left as well. */
static struct view_mail_people people_of(const struct occasion *occasion)
{
    const struct registrations *led = &occasion->led;
    bool is_live = registration_is_live(&occasion->registration);
    struct view_mail_people people = {
        .all.items = ARENA_ARRAY(occasion->arena, struct view_mail_person,
                                 led->count),
    };

    for (size_t i = 0; i < led->count; i++) {
        const struct registration *r = &led->items[i];

        if (is_live && !registration_is_live(r))
            continue;
        people.all.items[people.all.count++] = (struct view_mail_person){
            .name = call(occasion, r),
            .status = status_of(occasion, r, &occasion->led_queues[i]),
            .reference = r->state == REG_REGISTERED ? r->reference : NULL,
        };
    }
    return people;
}

static struct view_mail_ticket ticket_of(const struct occasion *occasion)
{
    const struct registration *registration = &occasion->registration;

    return (struct view_mail_ticket){
        .facts = facts_of(occasion),
        .reference = registration->reference,
        .join_url = occasion_is_online(occasion) ? occasion->meeting.join_url
                                                 : NULL,
        .link = link_of(occasion, manage),
        .calendar_url = calendar_url(occasion),
        .invite = registration->wants_invite && registration->invite_id != 0,
        .deletes = deletes_on(occasion),
        .people = people_of(occasion),
    };
}

void words_confirmation(const struct occasion *occasion,
                        struct bodies *bodies)
{
    struct view_mail_confirmation view = {
        .site = frame_of(occasion, bodies),
        .ticket = ticket_of(occasion),
    };

    template_mail_confirmation_txt(&bodies->text, occasion->lang, &view);
    template_mail_confirmation_html(&bodies->html, occasion->lang, &view);
}

void words_moved_up(const struct occasion *occasion, struct bodies *bodies)
{
    struct view_mail_moved_up view = {
        .site = frame_of(occasion, bodies),
        .ticket = ticket_of(occasion),
    };

    template_mail_moved_up_txt(&bodies->text, occasion->lang, &view);
    template_mail_moved_up_html(&bodies->html, occasion->lang, &view);
}

static int is_said(const char *detail)
{
    return detail && *detail;
}

void words_changed(const struct occasion *occasion, struct bodies *bodies)
{
    const struct person *person = &occasion->registration.person;
    struct view_mail_changed view = {
        .site = frame_of(occasion, bodies),
        .name = occasion_call(occasion, person),
        .organisation = occasion->proven ? person->organisation : NULL,
        .position = occasion->proven ? person->position : NULL,
        .ticket = ticket_of(occasion),
    };

    view.ticket.invite = false; /* it may not be concerned */
    view.details = is_said(view.name) + is_said(view.organisation) +
                   is_said(view.position);
    template_mail_changed_txt(&bodies->text, occasion->lang, &view);
    template_mail_changed_html(&bodies->html, occasion->lang, &view);
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
        .people = people_of(occasion),
        .link = link_of(occasion, N_("Register again")),
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

static const char *sentence_of(const struct occasion *occasion)
{
    enum lang lang = occasion->lang;

    switch (occasion->registration.state) {
    case REG_UNCONFIRMED:
        return arena_printf(occasion->arena,
                            tr(lang, "It is not confirmed yet: please do "
                                     "that by %s on the page below."),
                            moment(occasion,
                                   occasion->registration.confirm_by));
    case REG_PENDING:
        return tr(lang, "The organiser has yet to decide on it; we write to "
                        "you then.");
    case REG_WAITING:
        if (occasion->queue.claim_by > 0)
            return arena_printf(occasion->arena,
                                tr(lang, "A place is kept for you until %s: "
                                         "please take it on the page "
                                         "below."),
                                moment(occasion, occasion->queue.claim_by));
        return arena_printf(occasion->arena,
                            tr(lang, "You are on the waiting list, in place "
                                     "%d."),
                            (int)occasion->queue.place);
    default:
        return tr(lang, "You are registered.");
    }
}

void words_already(const struct occasion *occasion, struct bodies *bodies)
{
    const struct registration *registration = &occasion->registration;
    struct view_mail_already view = {
        .site = frame_of(occasion, bodies),
        .facts = facts_of(occasion),
        .status = sentence_of(occasion),
        .reference = registration->state == REG_REGISTERED
            ? registration->reference : NULL,
        .people = people_of(occasion),
        .link = link_of(occasion, manage),
        .deletes = deletes_on(occasion),
    };

    template_mail_already_txt(&bodies->text, occasion->lang, &view);
    template_mail_already_html(&bodies->html, occasion->lang, &view);
}

void words_confirm_address(const struct occasion *occasion,
                           struct bodies *bodies)
{
    struct view_mail_confirm_address view = {
        .site = frame_of(occasion, bodies),
        .facts = facts_of(occasion),
        .link = link_of(occasion, N_("Confirm my e-mail address")),
        .until = moment(occasion, occasion->registration.confirm_by),
        .others = people_of(occasion).all.count,
    };

    template_mail_confirm_address_txt(&bodies->text, occasion->lang, &view);
    template_mail_confirm_address_html(&bodies->html, occasion->lang, &view);
}

void words_waiting(const struct occasion *occasion, struct bodies *bodies)
{
    struct view_mail_waiting view = {
        .site = frame_of(occasion, bodies),
        .facts = facts_of(occasion),
        .keeps = occasion->registration.state == REG_REGISTERED,
        .online = occasion->queue.mode == MODE_ONLINE,
        .offers = occasion->meeting.claim_term > 0,
        .place = occasion->queue.place,
        .people = people_of(occasion),
        .link = link_of(occasion, N_("See or give up your place in the "
                                     "queue")),
        .deletes = deletes_on(occasion),
    };

    template_mail_waiting_txt(&bodies->text, occasion->lang, &view);
    template_mail_waiting_html(&bodies->html, occasion->lang, &view);
}

void words_offer(const struct occasion *occasion, struct bodies *bodies)
{
    struct view_mail_offer view = {
        .site = frame_of(occasion, bodies),
        .facts = facts_of(occasion),
        .keeps = occasion->registration.state == REG_REGISTERED,
        .online = occasion->queue.mode == MODE_ONLINE,
        .places = occasion->queue.people,
        .until = moment(occasion, occasion->queue.claim_by),
        .people = people_of(occasion),
        .link = link_of(occasion, N_("Take it now")),
        .deletes = deletes_on(occasion),
    };

    template_mail_offer_txt(&bodies->text, occasion->lang, &view);
    template_mail_offer_html(&bodies->html, occasion->lang, &view);
}

void words_lapsed(const struct occasion *occasion, struct bodies *bodies)
{
    bool keeps = occasion->registration.state == REG_REGISTERED;
    struct view_mail_lapsed view = {
        .site = frame_of(occasion, bodies),
        .facts = facts_of(occasion),
        .keeps = keeps,
        .people = people_of(occasion),
        .link = link_of(occasion, keeps ? manage : N_("Register again")),
        .deletes = deletes_on(occasion),
    };

    template_mail_lapsed_txt(&bodies->text, occasion->lang, &view);
    template_mail_lapsed_html(&bodies->html, occasion->lang, &view);
}

void words_pending(const struct occasion *occasion, struct bodies *bodies)
{
    struct view_mail_pending view = {
        .site = frame_of(occasion, bodies),
        .facts = facts_of(occasion),
        .holds = occasion->meeting.approval == APPROVAL_HOLDS &&
                 occasion->queue.place == 0,
        .people = people_of(occasion),
        .link = link_of(occasion, manage),
        .deletes = deletes_on(occasion),
    };

    template_mail_pending_txt(&bodies->text, occasion->lang, &view);
    template_mail_pending_html(&bodies->html, occasion->lang, &view);
}

void words_declined(const struct occasion *occasion, struct bodies *bodies)
{
    struct view_mail_declined view = {
        .site = frame_of(occasion, bodies),
        .facts = facts_of(occasion),
        .reason = occasion->registration.reason,
        .people = people_of(occasion),
        .link = link_of(occasion, N_("See or delete your details")),
        .deletes = deletes_on(occasion),
    };

    template_mail_declined_txt(&bodies->text, occasion->lang, &view);
    template_mail_declined_html(&bodies->html, occasion->lang, &view);
}

void words_handed_over(const struct occasion *occasion,
                       struct bodies *bodies)
{
    struct view_mail_handed_over view = {
        .site = frame_of(occasion, bodies),
        .facts = facts_of(occasion),
    };

    view.facts.certain = false; /* for somebody else it is */
    template_mail_handed_over_txt(&bodies->text, occasion->lang, &view);
    template_mail_handed_over_html(&bodies->html, occasion->lang, &view);
}

void words_links(const struct occasion *occasion, struct bodies *bodies)
{
    const struct registrations *all = &occasion->mailbox;
    struct view_mail_links view = { .site = frame_of(occasion, bodies) };

    view.registrations.items = ARENA_ARRAY(
        occasion->arena, struct view_mail_links_item, all->count);
    for (size_t i = 0; i < all->count; i++) {
        const struct registration *r = &all->items[i];
        const struct meeting *meeting = &occasion->meetings.items[i];

        view.registrations.items[view.registrations.count++] =
            (struct view_mail_links_item){
                .title = lang_pick(&meeting->title, occasion->lang),
                .when = format_span(occasion->arena, occasion->lang,
                                    meeting->zone, meeting->starts_at,
                                    meeting->ends_at),
                .name = call(occasion, r),
                .status = status_of(occasion, r, NULL),
                .url = occasion_link(occasion, r),
            };
    }
    template_mail_links_txt(&bodies->text, occasion->lang, &view);
    template_mail_links_html(&bodies->html, occasion->lang, &view);
}

static size_t count_reached(const struct registrations *all)
{
    size_t reached = 0;

    for (size_t i = 0; i < all->count; i++)
        reached += registration_is_reached(&all->items[i]);
    return reached;
}

void words_called_off(const struct occasion *occasion, struct bodies *bodies)
{
    const struct registration *registration = &occasion->registration;
    struct view_mail_called_off view = {
        .site = frame_of(occasion, bodies),
        .facts = facts_of(occasion),
        .reason = lang_pick(&occasion->meeting.cancel_reason, occasion->lang),
        .invite = registration->invite_id != 0,
        .others = count_reached(&occasion->led),
        .deletes = deletes_on(occasion),
    };

    template_mail_called_off_txt(&bodies->text, occasion->lang, &view);
    template_mail_called_off_html(&bodies->html, occasion->lang, &view);
}

/* ---- what is asked of the organiser ---- */

/* None of what was typed: that stands at the desk. */
static const char *what(const struct occasion *occasion,
                        const struct wish *wish)
{
    const char *mode = wish_wanted(wish, FIELD_MODE);
    enum lang lang = occasion->lang;

    switch (wish->kind) {
    case WISH_HANDOVER:
        return tr(lang, "hand the place over to somebody else");
    case WISH_ANSWERS:
        return tr(lang, "change the answers to the questions");
    case WISH_MODE:
        return mode && strcmp(mode, mode_word(MODE_ONLINE)) == 0
            ? tr(lang, "take part online") : tr(lang, "take part on site");
    default:
        return tr(lang, "change the details of the registration");
    }
}

static struct view_mail_wishes wishes_of(const struct occasion *occasion)
{
    const struct wishes *all = &occasion->wishes;
    struct view_mail_wishes wishes = {
        .items = ARENA_ARRAY(occasion->arena, struct view_mail_wish,
                             all->count),
        .count = all->count,
    };

    for (size_t i = 0; i < all->count; i++)
        wishes.items[i] = (struct view_mail_wish){
            what(occasion, &all->items[i]), all->items[i].reason,
        };
    return wishes;
}

void words_wish_to_host(const struct occasion *occasion,
                        struct bodies *bodies)
{
    const struct meeting *meeting = &occasion->meeting;
    struct view_mail_wish_to_host view = {
        .site = frame_of(occasion, bodies),
        .facts = facts_of(occasion),
        .who = call(occasion, &occasion->registration),
        .reference = occasion->registration.reference,
        .wishes = wishes_of(occasion),
        .desk_url = arena_printf(occasion->arena, "%s/%s/desk/%s/%s/requests",
                                 occasion->settings->base_url,
                                 lang_code(occasion->lang),
                                 meeting->alliance_slug, meeting->slug),
    };

    view.facts.certain = false; /* for the one who reads it */
    template_mail_wish_to_host_txt(&bodies->text, occasion->lang, &view);
    template_mail_wish_to_host_html(&bodies->html, occasion->lang, &view);
}

void words_wish_declined(const struct occasion *occasion,
                         struct bodies *bodies)
{
    struct view_mail_wish_declined view = {
        .site = frame_of(occasion, bodies),
        .facts = facts_of(occasion),
        .wishes = wishes_of(occasion),
        .link = link_of(occasion, manage),
        .deletes = deletes_on(occasion),
    };

    template_mail_wish_declined_txt(&bodies->text, occasion->lang, &view);
    template_mail_wish_declined_html(&bodies->html, occasion->lang, &view);
}
