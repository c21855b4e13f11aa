#include "daemon/base/arena.h"
#include "daemon/http/response.h"
#include "daemon/store/alliance_store.h"
#include "daemon/store/erase_store.h"
#include "daemon/store/meeting_store.h"
#include "daemon/store/seat_store.h"
#include "daemon/store/support_store.h"
#include "daemon/store/wish_store.h"
#include "web/pages/desk.h"
#include "web/pages/desk_list.h"
#include "web/pages/desk_words.h"
#include "web/pages/facts.h"
#include "web/view/format.h"
#include "web/view/i18n.h"
#include "web/view/templates.h"
#include "web/view/words.h"

/* A page of two thousand people. */
#define LIST_MOST ((size_t)8 * 1024 * 1024)

/* What the page is made from. */
struct shown {
    struct page page;
    struct meeting meeting;
    struct alliance alliance;
    struct pools pools;
    bool sees_people;
    struct desk_list list;
};

static enum rc fill_purged(const struct page *page,
                           const struct meeting *meeting,
                           struct view_desk_meeting *view, struct err *err)
{
    struct tally tally;
    enum rc rc = tally_read(page->site->reader, meeting->id, &tally, err);

    if (rc == RC_OK && tally.purged_at)
        view->purged = format_date(page->arena, page->lang, meeting->zone,
                                   tally.purged_at);
    return rc;
}

/* Its own page; here only how many stand on it. */
static enum rc fill_support(struct request *request,
                            const struct shown *shown,
                            struct view_desk_meeting *view, struct err *err)
{
    const struct page *page = &shown->page;
    const struct meeting *meeting = &shown->meeting;
    int64_t people = 0;
    bool may;
    enum rc rc = desk_may(request, meeting, RIGHT_SUPPORT, &may, err);

    if (rc != RC_OK || !may)
        return rc;
    rc = support_count(page->site->reader, meeting->id, &people, err);
    view->support = format_number(page->arena, page->lang, people);
    view->support_url = desk_url(
        page, arena_printf(page->arena, "%s/support",
                           desk_meeting_tail(page, meeting)));
    return rc;
}

static enum rc fill_requests(const struct shown *shown,
                             struct view_desk_meeting *view, struct err *err)
{
    const struct page *page = &shown->page;
    int64_t open = 0;

    if (!shown->list.csrf)
        return RC_OK;
    enum rc rc = wish_count_open(page->site->reader, shown->meeting.id, &open,
                                 err);
    if (rc != RC_OK || open == 0)
        return rc;
    view->requests_url = arena_printf(page->arena, "%s/requests",
                                      shown->list.url);
    view->requests = arena_printf(
        page->arena, trn(page->lang, "%s request waits for your answer",
                         "%s requests wait for your answer", (long)open),
        format_number(page->arena, page->lang, open));
    return RC_OK;
}

static enum rc read_list(struct request *request, struct shown *shown,
                         struct err *err)
{
    struct desk_list *list = &shown->list;
    bool decides = false;
    enum rc rc = desk_may(request, &shown->meeting, RIGHT_PEOPLE,
                          &shown->sees_people, err);

    if (rc != RC_OK || !shown->sees_people)
        return rc;
    rc = desk_may(request, &shown->meeting, RIGHT_EXPORT, &list->may_export,
                  err);
    if (rc == RC_OK)
        rc = desk_may(request, &shown->meeting, RIGHT_DECIDE, &decides, err);
    if (decides)
        list->csrf = request->login->csrf;
    return rc == RC_OK ? desk_list_read(list, err) : rc;
}

static enum rc read_all(struct request *request, struct shown *shown,
                        struct err *err)
{
    struct reader *reader = request->site->reader;
    enum rc rc = pool_of_meeting(reader, shown->meeting.id, &shown->pools,
                                 err);

    if (rc == RC_OK)
        rc = alliance_by_id(reader, request->arena,
                            shown->meeting.alliance_id, &shown->alliance,
                            err);
    return rc == RC_OK ? read_list(request, shown, err) : rc;
}

static void fill_head(const struct shown *shown,
                      struct view_desk_meeting *view)
{
    const struct page *page = &shown->page;
    const struct meeting *meeting = &shown->meeting;
    enum meeting_phase phase =
        meeting_phase_at(meeting, &shown->pools, page->now);

    view->title = lang_pick(&meeting->title, page->lang);
    view->alliance = lang_pick(&shown->alliance.name, page->lang);
    view->public_url = page_meeting(page, meeting);
    facts_time(page, meeting, &view->day, &view->hours);
    view->from_iso = format_iso(page->arena, meeting->zone,
                                meeting->starts_at);
    view->state = desk_phase_words(page->lang, phase);
    view->tone = desk_phase_tone(phase);
    view->sees_people = shown->sees_people;
    if (shown->sees_people)
        desk_list_fill(&shown->list, &view->list);
}

/* So that the browser's history tells them apart. */
static const char *title_of(const struct shown *shown, const char *meeting)
{
    const struct desk_filter *filter = &shown->list.filter;
    enum lang lang = shown->page.lang;

    if (filter->state < 0 && !filter->queued)
        return desk_filter_narrows(filter)
            ? arena_printf(shown->page.arena, tr(lang, "Selection: %s"),
                           meeting)
            : meeting;
    return arena_printf(
        shown->page.arena, "%s – %s",
        filter->queued
            ? tr(lang, "Waiting list")
            : words_state(lang, (enum registration_state)filter->state),
        meeting);
}

static void show(struct request *request, struct shown *shown, int status,
                 struct view_desk_meeting *view)
{
    const char *tail = desk_meeting_tail(&shown->page, &shown->meeting);
    const char *title = title_of(shown, view->title);
    struct frame frame = {
        .title = title,
        .path = desk_filter_url(request->arena, tail, &shown->list.filter),
        .alliance = &shown->alliance,
        .fault = view->note != NULL,
    };
    struct str body;

    desk_frame(request, &shown->page, &frame, &view->site);
    str_init(&body, request->arena, LIST_MOST);
    template_desk_meeting(&body, request->lang, view);
    respond_html(request, status, &body);
}

static void answer(struct request *request, const struct meeting *meeting,
                   int status, const char *note)
{
    struct shown shown = { .page = page_of(request), .meeting = *meeting };
    struct view_desk_meeting view = { .note = note };
    struct err err;
    enum rc rc;

    shown.list.page = &shown.page;
    shown.list.meeting = &shown.meeting;
    shown.list.pools = &shown.pools;
    shown.list.url = desk_url(&shown.page, desk_meeting_tail(&shown.page,
                                                             &shown.meeting));
    desk_filter_read(request, &shown.list.filter);
    rc = read_all(request, &shown, &err);
    if (rc == RC_OK)
        rc = fill_purged(&shown.page, &shown.meeting, &view, &err);
    if (rc == RC_OK)
        rc = fill_requests(&shown, &view, &err);
    if (rc == RC_OK)
        rc = fill_support(request, &shown, &view, &err);
    if (rc == RC_OK)
        rc = desk_answers(&shown.page, &shown.meeting, &view.answers, &err);
    if (rc == RC_OK)
        rc = desk_numbers(&shown.page, &shown.meeting, &shown.pools,
                          shown.sees_people ? &shown.list.people.numbers
                                            : NULL,
                          &view.numbers, &err);
    if (rc != RC_OK) {
        page_fail(request, &err);
        return;
    }
    fill_head(&shown, &view);
    show(request, &shown, status, &view);
}

void desk_meeting(struct request *request)
{
    struct meeting meeting;

    if (desk_find_meeting(request, RIGHT_NUMBERS, &meeting))
        answer(request, &meeting, 200, NULL);
}

void desk_meeting_again(struct request *request,
                        const struct meeting *meeting, const char *note)
{
    answer(request, meeting, 422, note);
}
