#include "daemon/base/arena.h"
#include "daemon/http/response.h"
#include "daemon/store/alliance_store.h"
#include "daemon/store/feedback_store.h"
#include "daemon/store/meeting_store.h"
#include "daemon/store/seat_store.h"
#include "web/pages/desk.h"
#include "web/pages/desk_words.h"
#include "web/pages/facts.h"
#include "web/view/format.h"
#include "web/view/i18n.h"
#include "web/view/templates.h"

/* The newest of what is over; older ones are found by their address. */
#define PAST_MOST 50

static enum rc fill_card(const struct page *page,
                         const struct meeting *meeting,
                         struct view_desk_card *card, struct err *err)
{
    struct arena *arena = page->arena;
    enum lang lang = page->lang;
    struct pools pools;
    enum meeting_phase phase;
    enum rc rc = pool_of_meeting(page->site->reader, meeting->id, &pools,
                                 err);

    if (rc != RC_OK)
        return rc;
    phase = meeting_phase_at(meeting, &pools, page->now);
    card->title = lang_pick(&meeting->title, lang);
    card->url = desk_url(page, desk_meeting_tail(page, meeting));
    facts_time(page, meeting, &card->day, &card->hours);
    card->from_iso = format_iso(arena, meeting->zone, meeting->starts_at);
    card->state = desk_phase_words(lang, phase);
    card->tone = desk_phase_tone(phase);
    return desk_numbers(page, meeting, &pools, NULL, &card->numbers, err);
}

/* What this account may see: its alliance and the regions below, or all. */
static enum rc list_meetings(struct request *request,
                             struct meetings *meetings, struct err *err)
{
    const struct account *account = &request->login->account;
    struct meeting_filter filter = { .alliance_id = account->alliance_id,
                                     .with_regions = true };

    if (!role_has(account->role, RIGHT_NUMBERS)) {
        *meetings = (struct meetings){ 0 };
        return RC_OK;
    }
    return meeting_list(request->site->reader, request->arena, &filter,
                        meetings, err);
}

static enum rc add_card(const struct page *page, const struct meeting *meeting,
                        const struct alliances *alliances,
                        struct view_desk_cards *cards, struct err *err)
{
    struct view_desk_card *card = &cards->items[cards->count++];

    card->alliance = lang_pick(
        &alliance_find(alliances, meeting->alliance_id)->name, page->lang);
    return fill_card(page, meeting, card, err);
}

static enum rc fill(struct request *request, const struct page *page,
                    struct alliances *names, struct view_desk_home *view,
                    struct err *err)
{
    struct meetings all;
    enum rc rc = list_meetings(request, &all, err);

    if (rc == RC_OK)
        rc = alliance_list(page->site->reader, page->arena, names, err);
    if (rc != RC_OK)
        return rc;
    view->ahead.items = ARENA_ARRAY(page->arena, struct view_desk_card,
                                    all.count);
    view->past.items = ARENA_ARRAY(page->arena, struct view_desk_card,
                                   PAST_MOST);
    for (size_t i = 0; i < all.count && rc == RC_OK; i++)
        if (all.items[i].ends_at > page->now)
            rc = add_card(page, &all.items[i], names, &view->ahead, err);
    for (size_t i = all.count; i > 0 && rc == RC_OK; i--)
        if (all.items[i - 1].ends_at <= page->now &&
            view->past.count < PAST_MOST)
            rc = add_card(page, &all.items[i - 1], names, &view->past, err);
    return rc;
}

/* What waits for an answer, for those who may give it. */
static enum rc add_reports(struct request *request, const struct page *page,
                           struct view_desk_home *view, struct err *err)
{
    struct feedback_counts counts;

    if (!desk_sees_feedback(request))
        return RC_OK;
    enum rc rc = feedback_count(page->site->reader, page->now, &counts, err);
    if (rc != RC_OK || counts.open == 0)
        return rc;
    view->reports_url = desk_url(page, DESK_FEEDBACK);
    view->reports_late = counts.overdue > 0;
    view->reports = arena_printf(
        page->arena, trn(page->lang, "%s reported barrier waits for an "
                                     "answer.",
                         "%s reported barriers wait for an answer.",
                         (long)counts.open),
        format_number(page->arena, page->lang, counts.open));
    return RC_OK;
}

void desk_home(struct request *request)
{
    struct page page = page_of(request);
    struct view_desk_home view = { 0 };
    struct alliances names;
    struct frame frame = { .title = tr(page.lang, "Your meetings"),
                           .path = DESK_HOME };
    struct err err;
    struct str body;

    if (fill(request, &page, &names, &view, &err) != RC_OK ||
        add_reports(request, &page, &view, &err) != RC_OK) {
        page_fail(request, &err);
        return;
    }
    frame.alliance = alliance_find(&names,
                                   request->login->account.alliance_id);
    desk_frame(request, &page, &frame, &view.site);
    str_init(&body, page.arena, PAGE_MOST);
    template_desk_home(&body, page.lang, &view);
    respond_html(request, 200, &body);
}

void desk_without_slash(struct request *request)
{
    struct page page = page_of(request);

    respond_redirect(request, 301, desk_url(&page, DESK_HOME));
}
