#include "web/pages/receipt_words.h"

#include "daemon/base/arena.h"
#include "web/pages/entries.h"
#include "web/view/format.h"
#include "web/view/i18n.h"
#include "web/view/words.h"

#define STEPS_MOST 8

/* One receipt being put into words. */
struct telling {
    const struct page *page;
    const struct meeting *meeting;
    const struct receipt *receipt;
    struct view_links *steps;
};

static bool has_state(const struct receipt *receipt,
                      enum registration_state state)
{
    for (size_t i = 0; i < receipt->count; i++)
        if (receipt->people[i].state == state)
            return true;
    return false;
}

static bool are_all(const struct receipt *receipt,
                    enum registration_state state)
{
    for (size_t i = 0; i < receipt->count; i++)
        if (receipt->people[i].state != state)
            return false;
    return true;
}

/* Somebody brought along gets letters of her own. */
static bool has_own_letters(const struct receipt *receipt)
{
    for (size_t i = 1; i < receipt->count; i++)
        if (receipt->people[i].person.address)
            return true;
    return false;
}

/* Registered and waiting may meet in one party, nothing else. */
static void put_heading(const struct telling *t, struct view_done *view)
{
    const struct receipt *receipt = t->receipt;
    enum lang lang = t->page->lang;

    view->registered = are_all(receipt, REG_REGISTERED);
    if (view->registered) {
        view->heading = tr(lang, "You are registered");
        view->lead = tr(lang, "We look forward to seeing you.");
    } else if (has_state(receipt, REG_UNCONFIRMED)) {
        view->heading = tr(lang, "Please confirm your e-mail address");
        view->lead = tr(lang, "We have your registration. It counts as soon "
                              "as you have confirmed your address.");
    } else if (has_state(receipt, REG_PENDING)) {
        view->heading = tr(lang, "We have your registration");
        view->lead = tr(lang, "The organisers decide on it.");
    } else if (are_all(receipt, REG_WAITING)) {
        view->heading = tr(lang, "You are on the waiting list");
        view->lead = tr(lang, "There is no place yet. We write to you as "
                              "soon as one is free.");
    } else {
        view->heading = tr(lang, "We have your registration");
        view->lead = tr(lang, "Some of you are registered, others are on the "
                              "waiting list.");
    }
}

static void add(const struct telling *t, const char *words)
{
    t->steps->items[t->steps->count++] = (struct view_link){ .words = words };
}

static const char *lead_address(const struct telling *t)
{
    return t->receipt->people[0].person.address;
}

static void tell_others(const struct telling *t)
{
    if (has_own_letters(t->receipt))
        add(t, tr(t->page->lang, "Everybody with an address of their own "
                                 "gets one too."));
}

static void tell_unconfirmed(const struct telling *t)
{
    const struct page *page = t->page;
    const char *term =
        format_term(page->arena, page->lang, t->meeting->confirm_term);
    bool seatless = t->meeting->approval == APPROVAL_FREE;

    add(t, arena_printf(
               page->arena,
               tr(page->lang, "In a few minutes you will get an e-mail at "
                              "%s. Please open the link in it and confirm "
                              "your address."), lead_address(t)));
    if (has_own_letters(t->receipt))
        add(t, tr(page->lang, "Everybody with an address of their own gets "
                              "such an e-mail too."));
    if (t->meeting->confirm_term > 0)
        add(t, arena_printf(
                   page->arena,
                   seatless
                       ? tr(page->lang, "You have %s for that. After that "
                                        "your registration expires and your "
                                        "details are deleted.")
                   : t->receipt->may_wait
                       ? tr(page->lang, "You have %s for that: so long we "
                                        "hold your place, or your place on "
                                        "the waiting list. After that your "
                                        "details are deleted.")
                       : tr(page->lang, "You have %s for that: so long we "
                                        "hold your place. After that it goes "
                                        "to somebody else and your details "
                                        "are deleted."),
                   term));
    add(t, t->meeting->approval != APPROVAL_NONE
               ? tr(page->lang, "Once the address is confirmed, the "
                                "organisers decide on your registration; "
                                "you get an e-mail.")
           : t->receipt->may_wait
               ? tr(page->lang, "Once the address is confirmed, you get an "
                                "e-mail that says how you stand.")
               : tr(page->lang, "Once the address is confirmed, you get your "
                                "reference code."));
}

static void tell_pending(const struct telling *t)
{
    enum lang lang = t->page->lang;

    add(t, arena_printf(
               t->page->arena,
               tr(lang, "In a few minutes you will get an e-mail at %s. The "
                        "link in it shows what you sent."),
               lead_address(t)));
    tell_others(t);
    add(t, t->meeting->approval == APPROVAL_HOLDS && !t->receipt->may_wait
               ? tr(lang, "The organisers decide on your registration, and "
                          "you get another e-mail. Your place is held until "
                          "then.")
               : tr(lang, "The organisers decide on your registration, and "
                          "you get another e-mail."));
}

static void tell_waiting(const struct telling *t)
{
    const struct page *page = t->page;

    if (!has_state(t->receipt, REG_REGISTERED)) {
        add(t, arena_printf(
                   page->arena,
                   tr(page->lang, "In a few minutes you will get an e-mail "
                                  "at %s. The link in it shows how far up "
                                  "the waiting list you are."),
                   lead_address(t)));
        tell_others(t);
    }
    if (t->meeting->claim_term > 0)
        add(t, arena_printf(
                   page->arena,
                   tr(page->lang, "When it is your turn, you get an e-mail "
                                  "and have %s to take the place."),
                   format_term(page->arena, page->lang,
                               t->meeting->claim_term)));
    else
        add(t, tr(page->lang, "As soon as a place is free and it is your "
                              "turn, it is yours; you get an e-mail."));
    add(t, tr(page->lang, "If you do not want to wait any longer, leave the "
                          "list with the link in the e-mail."));
}

static void tell_registered(const struct telling *t)
{
    enum lang lang = t->page->lang;
    const struct receipt_person *lead = &t->receipt->people[0];

    add(t, arena_printf(
               t->page->arena,
               has_state(t->receipt, REG_WAITING)
                   ? tr(lang, "In a few minutes you will get an e-mail at "
                              "%s. It says how each of you stands.")
                   : tr(lang, "In a few minutes you will get an e-mail at "
                              "%s. It confirms your registration and holds "
                              "your reference code."),
               lead_address(t)));
    tell_others(t);
    if (t->receipt->wants_invite)
        add(t, tr(lang, "A second e-mail brings the calendar invitation."));
    if (lead->mode == MODE_ONLINE && *t->meeting->join_url &&
        lead->state == REG_REGISTERED)
        add(t, tr(lang, "The link for taking part online is in the first "
                        "e-mail."));
    add(t, tr(lang, "If something comes up, cancel with the link in the "
                    "e-mail, so that somebody else gets the place."));
}

/* "On site · Registered · anna@example.org" */
static const char *person_words(const struct telling *t,
                                const struct receipt_person *person)
{
    const struct page *page = t->page;
    const char *where = words_mode(page->lang, person->mode);
    const char *state = words_state(page->lang, person->state);

    return person->person.address
               ? arena_printf(page->arena, "%s · %s · %s", where, state,
                              person->person.address)
               : arena_printf(page->arena, "%s · %s", where, state);
}

static void list_people(const struct telling *t, struct view_entries *to)
{
    const struct receipt *receipt = t->receipt;

    if (receipt->count < 2)
        return;
    to->items =
        ARENA_ARRAY(t->page->arena, struct view_entry, receipt->count);
    for (; to->count < receipt->count; to->count++) {
        const struct receipt_person *person = &receipt->people[to->count];

        to->items[to->count] = (struct view_entry){
            entries_name(t->page, &person->person), person_words(t, person)
        };
    }
}

void receipt_words_fill(const struct page *page,
                        const struct meeting *meeting,
                        const struct receipt *receipt,
                        struct view_done *view)
{
    const struct telling t = { page, meeting, receipt, &view->steps };

    put_heading(&t, view);
    view->steps.items = ARENA_ARRAY(page->arena, struct view_link, STEPS_MOST);
    if (has_state(receipt, REG_UNCONFIRMED))
        tell_unconfirmed(&t);
    else if (has_state(receipt, REG_PENDING))
        tell_pending(&t);
    else if (has_state(receipt, REG_REGISTERED))
        tell_registered(&t);
    if (has_state(receipt, REG_WAITING))
        tell_waiting(&t);
    list_people(&t, &view->people);
    if (has_state(receipt, REG_REGISTERED))
        view->download_url = page_download(page, meeting);
}
