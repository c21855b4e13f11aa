/* Reported barriers and by when each is to be answered (EXPERIENCE A31). They
 * belong to the whole site, and so to those whose account does. */
#include "daemon/base/arena.h"
#include "daemon/http/form.h"
#include "daemon/http/response.h"
#include "daemon/rules/feedback.h"
#include "daemon/store/feedback_store.h"
#include "daemon/store/writing.h"
#include "web/pages/desk.h"
#include "web/view/format.h"
#include "web/view/i18n.h"
#include "web/view/templates.h"

#define REPORTS_MOST 100 /* of 4 KiB each, and escaped */
#define DAY 86400

bool desk_sees_feedback(const struct request *request)
{
    const struct account *account = &request->login->account;

    return account->alliance_id == 0 &&
           role_has(account->role, RIGHT_FEEDBACK);
}

static bool check_right(struct request *request)
{
    if (desk_sees_feedback(request))
        return true;
    desk_refuse(request);
    return false;
}

static void add_report(const struct page *page, const struct feedback *from,
                       struct view_desk_reports *to)
{
    struct arena *arena = page->arena;
    enum lang lang = page->lang;
    struct view_desk_report view = {
        .id = arena_printf(arena, "report-%lld", (long long)from->id),
        .token = token_make(arena, page->site->keys, TOKEN_FEEDBACK,
                            &from->public_id, 0),
        .received = format_date(arena, lang, FEEDBACK_ZONE, from->received_at),
        .due = format_date(arena, lang, FEEDBACK_ZONE, from->due_at),
        .answered = format_date(arena, lang, FEEDBACK_ZONE, from->answered_at),
        .overdue = from->due_at < page->now,
        .message = from->message,
        .page = from->page,
    };

    if (from->address) {
        view.email = from->address;
        view.email_url = page_mailto(page, from->address);
    }
    to->items[to->count++] = view;
}

void desk_feedback(struct request *request)
{
    struct page page = page_of(request);
    struct view_desk_feedback view = {
        .action = desk_url(&page, DESK_FEEDBACK),
        .days = page.site->settings->feedback_keep / DAY,
    };
    const struct frame frame = { .title = tr(page.lang, "Reported barriers"),
                                 .path = DESK_FEEDBACK };
    struct feedback_counts counts;
    struct feedbacks all;
    struct err err;
    struct str body;

    if (!check_right(request))
        return;
    if (feedback_list(page.site->reader, page.arena, true, REPORTS_MOST,
                      &all, &err) != RC_OK ||
        feedback_count(page.site->reader, page.now, &counts, &err) !=
            RC_OK) {
        page_fail(request, &err);
        return;
    }
    view.open.items = ARENA_ARRAY(page.arena, struct view_desk_report,
                                  all.count + 1);
    view.answered.items = ARENA_ARRAY(page.arena, struct view_desk_report,
                                      all.count + 1);
    for (size_t i = 0; i < all.count; i++)
        add_report(&page, &all.items[i],
                   all.items[i].answered_at ? &view.answered : &view.open);
    view.more = counts.open - (int64_t)view.open.count;
    desk_frame(request, &page, &frame, &view.site);
    str_init(&body, page.arena, PAGE_MOST * 4);
    template_desk_feedback(&body, page.lang, &view);
    respond_html(request, 200, &body);
}

/* ---- the button ---- */

struct answering {
    struct job job; /* first */
    struct request *request;
    struct id report;
    int64_t actor;
};

static enum rc answering_run(struct writer *writer, int64_t now,
                             struct job *job, struct err *err)
{
    const struct answering *a = (const struct answering *)(void *)job;
    struct arena *arena = arena_new();
    struct feedback found;
    enum rc rc = feedback_by_public_id(writer_reader(writer), arena,
                                       &a->report, &found, err);

    if (rc == RC_OK)
        rc = feedback_answer(writer, now, found.id, a->actor, err);
    arena_free(&arena);
    /* Pressed twice, or gone meanwhile: the list says how it is. */
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static void answering_done(struct job *job)
{
    struct request *request = ((struct answering *)(void *)job)->request;
    struct page page = page_of(request);

    if (job->rc == RC_FAIL)
        page_busy(request, &job->err);
    else
        respond_redirect(request, 303, desk_url(&page, DESK_FEEDBACK));
}

void desk_feedback_submit(struct request *request)
{
    const char *token = form_get(request->form, "report");
    struct answering *a;

    if (!check_right(request))
        return;
    a = ARENA_NEW(request->arena, struct answering);
    if (!token_valid(request->site->keys, TOKEN_FEEDBACK, token, 0) ||
        !token_id(token, &a->report)) {
        respond_error(request, 404, NULL);
        return;
    }
    a->job = (struct job){ .run = answering_run, .repeatable = true,
                           .done = answering_done,
                           .home = request->site->jobs_home };
    a->request = request;
    a->actor = request->login->account.id;
    if (!writing_submit(request->site->writing, &a->job))
        page_busy(request, NULL);
}
