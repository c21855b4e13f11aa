/* "/de/desk/{alliance}/{meeting}/support": what people need in order to take
 * part well, for those who arrange it. Who looks is noted first. */
#include "web/pages/desk_support.h"

#include "daemon/base/arena.h"
#include "daemon/http/response.h"
#include "daemon/rules/promise.h"
#include "daemon/store/account_store.h"
#include "daemon/store/alliance_store.h"
#include "daemon/store/support_store.h"
#include "web/pages/desk_words.h"
#include "web/pages/support_form.h"
#include "web/view/format.h"
#include "web/view/i18n.h"
#include "web/view/templates.h"
#include "web/view/words.h"

/* Each may have written a thousand characters; the download has them all. */
#define SHOWN_MOST 500
#define LIST_MOST ((size_t)8 * 1024 * 1024)

/* One look at the page, from the audit line to the answer. */
struct look {
    struct job job; /* first */
    struct request *request;
    struct page page;
    struct meeting meeting;
    struct audit audit;
    int status;
    struct desk_support_wish wish;
};

static enum rc look_note(struct writer *writer, int64_t now, struct job *job,
                         struct err *err)
{
    struct look *look = (struct look *)job;
    enum rc rc = support_count(writer_reader(writer), look->meeting.id,
                               &look->audit.amount, err);

    return rc == RC_OK ? audit_insert(writer, now, &look->audit, err) : rc;
}

static void fill_one(const struct look *look, const struct supported *from,
                     struct view_desk_supported *to)
{
    const struct page *page = &look->page;
    const struct registration *r = &from->registration;
    const char *address = r->person.address;

    *to = (struct view_desk_supported){
        .name = desk_sorted_name(page->arena, &r->person),
        .reference = r->reference,
        .email = address,
        .email_url = address ? page_mailto(page, address) : NULL,
        .state = words_state(page->lang, r->state),
        .mode = words_mode(page->lang, r->mode),
        .needs = support_needs_words(page->arena, page->lang,
                                     &from->support),
        .words = from->support.words,
        .since = format_short(page->arena, page->lang, look->meeting.zone,
                              from->changed_at),
        .since_iso = format_iso(page->arena, look->meeting.zone,
                                from->changed_at),
    };
}

static void fill_numbers(const struct page *page,
                         const struct supporteds *list,
                         struct view_desk_numbers *numbers)
{
    numbers->items = ARENA_ARRAY(page->arena, struct view_desk_number,
                                 SUPPORT_NEED_COUNT + 1);
    numbers->items[numbers->count++] = (struct view_desk_number){
        .label = tr(page->lang, "People"),
        .value = format_number(page->arena, page->lang,
                               (int64_t)list->count),
    };
    for (int need = 0; need < SUPPORT_NEED_COUNT; need++) {
        int64_t people = 0;

        for (size_t i = 0; i < list->count; i++)
            people += (list->items[i].support.needs & SUPPORT_BIT(need)) != 0;
        if (people > 0)
            numbers->items[numbers->count++] = (struct view_desk_number){
                .label = words_need(page->lang, (enum support_need)need),
                .value = format_number(page->arena, page->lang, people),
            };
    }
}

static void fill(const struct look *look, const struct supporteds *list,
                 struct view_desk_support *view)
{
    const struct page *page = &look->page;
    const char *tail = desk_meeting_tail(page, &look->meeting);

    view->title = lang_pick(&look->meeting.title, page->lang);
    view->back_url = desk_url(page, tail);
    view->action = arena_printf(page->arena, "%s/support", view->back_url);
    view->csrf = look->request->login->csrf;
    view->deletes = format_date(page->arena, page->lang, look->meeting.zone,
                                promise_support_due(&look->meeting));
    view->reason = look->wish.reason;
    view->reason_error = look->wish.error;
    fill_numbers(page, list, &view->numbers);
    view->people.items = ARENA_ARRAY(page->arena, struct view_desk_supported,
                                     SHOWN_MOST);
    view->cut = list->count > SHOWN_MOST;
    for (size_t i = 0; i < list->count && i < SHOWN_MOST; i++)
        fill_one(look, &list->items[i],
                 &view->people.items[view->people.count++]);
}

static void answer(struct look *look, const struct supporteds *list,
                   const struct alliance *alliance)
{
    struct view_desk_support view = { 0 };
    const struct page *page = &look->page;
    struct str body;

    fill(look, list, &view);
    const struct frame frame = {
        .title = arena_printf(page->arena, "%s – %s",
                              tr(page->lang, "Support needs"), view.title),
        .path = arena_printf(page->arena, "%s/support",
                             desk_meeting_tail(page, &look->meeting)),
        .alliance = alliance,
        .fault = view.reason_error != NULL,
    };
    desk_frame(look->request, page, &frame, &view.site);
    str_init(&body, page->arena, LIST_MOST);
    template_desk_support(&body, page->lang, &view);
    respond_html(look->request, look->status, &body);
}

static void look_noted(struct job *job)
{
    struct look *look = (struct look *)job;
    struct reader *reader = look->page.site->reader;
    struct supporteds list;
    struct alliance alliance;
    struct err err;

    if (job->rc != RC_OK)
        page_busy(look->request, &job->err);
    else if (support_list(reader, look->page.arena, look->meeting.id, &list,
                          &err) != RC_OK ||
             alliance_by_id(reader, look->page.arena,
                            look->meeting.alliance_id, &alliance, &err) !=
                 RC_OK)
        page_fail(look->request, &err);
    else
        answer(look, &list, &alliance);
}

void desk_support_show(struct request *request, const struct meeting *meeting,
                       int status, const struct desk_support_wish *wish)
{
    struct look *look = ARENA_NEW(request->arena, struct look);

    *look = (struct look){
        .job = { .run = look_note, .done = look_noted,
                 .home = request->site->jobs_home },
        .request = request, .page = page_of(request), .meeting = *meeting,
        .audit = { .actor = request->login->account.id,
                   .deed = "support-view",
                   .alliance_id = meeting->alliance_id,
                   .meeting_id = meeting->id },
        .status = status, .wish = *wish,
    };
    if (!writing_submit(request->site->writing, &look->job))
        page_busy(request, NULL);
}

void desk_support(struct request *request)
{
    const struct desk_support_wish nothing = { NULL, NULL };
    struct meeting meeting;

    if (desk_find_meeting(request, RIGHT_SUPPORT, &meeting))
        desk_support_show(request, &meeting, 200, &nothing);
}
