/* The whole form as the page shows it: what to know first, the people in it,
 * what is wrong. */
#include "daemon/base/arena.h"
#include "daemon/rules/promise.h"
#include "web/pages/facts.h"
#include "web/pages/signup_form_view.h"
#include "web/view/format.h"
#include "web/view/i18n.h"

/* ---- what to know before it is filled in ---- */

#define NOTES_MOST 6

static void add_note(struct view_links *notes, const char *words)
{
    notes->items[notes->count++] = (struct view_link){ .words = words };
}

/* Does the form lead to the waiting list, whatever is chosen in it? */
static bool only_waits(const struct signup_showing *s)
{
    const struct pools *pools = s->terms->pools;
    enum vacancy best = VACANCY_NONE;

    for (int mode = 0; mode < MODE_COUNT; mode++) {
        int64_t people =
            signup_party_count(s->party, pools, (enum mode)mode);
        enum vacancy one =
            meeting_vacancy(s->terms->meeting, &pools->at[mode],
                            people > 0 ? people : 1);

        if (pools->offered[mode] && one > best)
            best = one;
    }
    return best == VACANCY_QUEUE;
}

static const char *turn_words(const struct signup_showing *s)
{
    const struct page *page = s->page;
    int64_t term = s->terms->meeting->claim_term;

    if (term == 0)
        return tr(page->lang, "As soon as a place is free, the next in line "
                              "gets it and an e-mail that says so.");
    return arena_printf(page->arena,
                        tr(page->lang, "As soon as a place is free, the next "
                                       "in line gets an e-mail and has %s to "
                                       "take it."),
                        format_term(page->arena, page->lang, term));
}

static void add_waiting(const struct signup_showing *s,
                        struct view_links *notes)
{
    const struct page *page = s->page;
    bool waiting = false;
    enum mode only;

    for (int mode = 0; mode < MODE_COUNT; mode++)
        waiting = waiting || (s->terms->pools->offered[mode] &&
                              meeting_vacancy(s->terms->meeting,
                                              &s->terms->pools->at[mode],
                                              1) == VACANCY_QUEUE);
    if (!waiting)
        return;
    if (meeting_phase_at(s->terms->meeting, s->terms->pools, page->now) ==
        PHASE_WAITING)
        add_note(notes, facts_queue(page, s->terms->pools));
    else if (!signup_only_mode(s->terms->pools, &only))
        add_note(notes,
                 meeting_vacancy(s->terms->meeting,
                                 &s->terms->pools->at[MODE_ONSITE], 1) ==
                         VACANCY_QUEUE
                     ? tr(page->lang, "All places on site are taken. You can "
                                      "wait for one, or take part online.")
                     : tr(page->lang, "All places online are taken. You can "
                                      "wait for one, or take part on "
                                      "site."));
    add_note(notes, turn_words(s));
}

/* More people than seats; whoever sent that has been told already. */
static void add_shortage(const struct signup_showing *s,
                         struct view_links *notes)
{
    const struct pools *pools = s->terms->pools;

    if (s->party->refused || s->party->count < 2)
        return;
    for (int mode = 0; mode < MODE_COUNT; mode++) {
        const struct pool *pool = &pools->at[mode];
        int64_t people =
            signup_party_count(s->party, pools, (enum mode)mode);

        if (people > 1 && pool_left(pool) > 0 &&
            meeting_vacancy(s->terms->meeting, pool, people) !=
                VACANCY_SEATS)
            add_note(notes, signup_shortage_words(s->page->arena,
                                                  s->page->lang, s->terms,
                                                  (enum mode)mode, people));
    }
}

static void add_steps(const struct signup_showing *s,
                      struct view_links *notes)
{
    const struct page *page = s->page;
    const struct meeting *meeting = s->terms->meeting;

    if (meeting->confirm_term > 0)
        add_note(notes,
                 arena_printf(
                     page->arena,
                     tr(page->lang, "Please confirm your e-mail address with "
                                    "the link that we send you. You have %s "
                                    "for that; else your registration "
                                    "expires."),
                     format_term(page->arena, page->lang,
                                 meeting->confirm_term)));
    if (meeting->approval != APPROVAL_NONE)
        add_note(notes, tr(page->lang, "The organisers decide on your "
                                       "registration; you get an e-mail."));
}

static void add_notes(const struct signup_showing *s, struct view_form *view)
{
    view->notes.items =
        ARENA_ARRAY(s->page->arena, struct view_link, NOTES_MOST);
    add_waiting(s, &view->notes);
    add_shortage(s, &view->notes);
    add_steps(s, &view->notes);
}

/* ---- the people ---- */

static void add_guests(const struct signup_showing *s, struct view_form *view)
{
    const struct signup_party *party = s->party;

    view->people = (int)party->count;
    view->can_add = party->count < SIGNUP_PEOPLE_MOST &&
                    (int64_t)party->count < s->terms->meeting->party_most;
    view->focus_add = party->focus == SIGNUP_FOCUS_ADD && view->can_add;
    view->guests.items =
        ARENA_ARRAY(s->page->arena, struct view_guest, party->count);
    for (size_t place = 1; place < party->count; place++)
        signup_guest_view(s, place,
                          &view->guests.items[view->guests.count++]);
}

/* Where there is no choice, sending the form is the consent to wait: the
 * notes and the button say so. */
static const char *silent_wish(const struct signup_showing *s)
{
    enum mode only;

    if (!signup_only_mode(s->terms->pools, &only) ||
        signup_vacancy(s, 0, only) != VACANCY_QUEUE)
        return NULL;
    return signup_wish_word(only, true);
}

static const char *button_words(const struct signup_showing *s)
{
    enum lang lang = s->page->lang;

    if (only_waits(s))
        return tr(lang, "Join the waiting list");
    return s->terms->meeting->scarce ? tr(lang, "Make a binding registration")
                                     : tr(lang, "Register now");
}

static void add_faults(const struct signup_showing *s, struct view_form *view)
{
    size_t most = s->party->count * signup_faults_most(s->terms);

    view->errors.items =
        ARENA_ARRAY(s->page->arena, struct view_fault, most);
    view->more.items = ARENA_ARRAY(s->page->arena, struct view_fault, most);
    signup_person_faults(s, 0, &view->mode, view);
    for (size_t i = 0; i < view->guests.count; i++) {
        struct view_faults *errors = &view->errors;
        size_t before = errors->count;

        signup_person_faults(s, i + 1, &view->guests.items[i].mode, view);
        for (; before < errors->count; before++)
            errors->items[before].words = arena_printf(
                s->page->arena, tr(s->page->lang, "Person %d: %s"),
                (int)i + 2, errors->items[before].words);
    }
}

/* When it goes, in one sentence (EXPERIENCE A32). */
static const char *promise_words(const struct page *page,
                                 const struct meeting *meeting)
{
    int64_t due = promise_due(meeting);
    int64_t support = promise_support_due(meeting);
    const char *day = format_date(page->arena, page->lang, meeting->zone,
                                  due);

    if (support == due)
        return arena_printf(page->arena,
                            tr(page->lang,
                               "We need your details for this meeting only "
                               "and delete them on %s."), day);
    return arena_printf(page->arena,
                        tr(page->lang,
                           "We need your details for this meeting only and "
                           "delete them on %s, those on support already on "
                           "%s."), day,
                        format_date(page->arena, page->lang, meeting->zone,
                                    support));
}

void signup_party_view(const struct page *page,
                       const struct signup_terms *terms,
                       const struct signup_party *party,
                       struct view_form *view)
{
    const struct signup_showing s = { page, terms, party };

    add_notes(&s, view);
    signup_lead_view(&s, view);
    add_guests(&s, view);
    view->wish = silent_wish(&s);
    view->button = button_words(&s);
    view->privacy_text = promise_words(page, terms->meeting);
    add_faults(&s, view);
}
