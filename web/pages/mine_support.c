/* "/de/r/{token}/support": what I need to take part well; say it, change it,
 * take it back. Taking it back is possible as long as we have it, also when
 * nothing else can be changed any more. */
#include "daemon/base/arena.h"
#include "daemon/http/csrf.h"
#include "daemon/http/form.h"
#include "daemon/http/response.h"
#include "daemon/rules/support.h"
#include "daemon/store/support_store.h"
#include "web/pages/mine.h"
#include "web/pages/pages.h"
#include "web/pages/support_form.h"
#include "web/view/i18n.h"
#include "web/view/templates.h"

/* What is shown: what we have, or what was just typed. */
struct showing {
    const struct support_form *form;
    bool stored;
    int status;
    const char *note; /* why the last wish was not met; NULL: it was */
};

static bool is_asked(const struct page *page, const struct mine *mine)
{
    return registration_is_live(&mine->registration) &&
           support_form_is_asked(&mine->meeting, page->now);
}

static void put_frame(const struct page *page, const struct mine *mine,
                      const char *token, struct view_mine_support *view)
{
    const struct frame frame = {
        .title = arena_printf(page->arena, "%s – %s",
                              tr(page->lang, "What I need"), view->title),
        .path = arena_printf(page->arena, "/r/%s/support", token),
        .alliance = &mine->alliance,
        .fault = view->note || view->errors.count > 0,
        .personal = true,
    };

    page_frame(page, &frame, &view->site);
}

static void show(struct request *request, const struct page *page,
                 const struct mine *mine, const struct showing *showing)
{
    const char *token = request->params[0];
    struct view_mine_support view = {
        .title = lang_pick(&mine->meeting.title, page->lang),
        .url = page_meeting(page, &mine->meeting),
        .back_url = mine_url(page, token, ""),
        .action = mine_url(page, token, "/support"),
        .stamp = stamp_make(page->arena, page->site->keys, token, page->now),
        .note = showing->note,
        .stored = showing->stored,
    };
    struct str body;

    view.errors.items = ARENA_ARRAY(page->arena, struct view_fault,
                                    SUPPORT_FAULTS);
    if (is_asked(page, mine)) {
        support_form_faults(page, "", showing->form, &view.errors);
        support_form_view(page, &mine->meeting, &mine->alliance, "",
                          showing->form, &view.support);
        view.support.open = true;
    }
    put_frame(page, mine, token, &view);
    str_init(&body, page->arena, PAGE_MOST);
    template_mine_support(&body, page->lang, &view);
    respond_html(request, showing->status, &body);
}

/* False: the request is answered. */
static bool read_stored(struct request *request, const struct page *page,
                        const struct mine *mine, struct support *support,
                        bool *stored)
{
    struct err err;
    enum rc rc = support_read(page->site->reader, page->arena,
                              mine->registration.id, support, NULL, &err);

    *stored = rc == RC_OK;
    if (rc == RC_FAIL)
        page_fail(request, &err);
    return rc != RC_FAIL;
}

static void show_stored(struct request *request, const struct page *page,
                        const struct mine *mine, int status, const char *note)
{
    struct support support;
    struct support_form form;
    struct showing showing = { .form = &form, .status = status,
                               .note = note };

    if (!read_stored(request, page, mine, &support, &showing.stored))
        return;
    support_form_stored(&support, &form);
    show(request, page, mine, &showing);
}

void mine_support(struct request *request)
{
    struct page page = page_of(request);
    struct mine mine = { .phase = PHASE_DRAFT };

    if (mine_load(request, &page, &mine))
        show_stored(request, &page, &mine, 200, NULL);
}

/* The wish, on its way through the writer. */
struct wish {
    struct job job;      /* first */
    struct arena *arena; /* the job's own */
    struct request *request;
    struct page page;
    struct id registration;
    int64_t generation; /* of the link */
    struct support support; /* empty: withdrawn */
    const struct notice *consent;
    enum support_outcome outcome;
};

static enum rc wish_run(struct writer *writer, int64_t now, struct job *job,
                        struct err *err)
{
    struct wish *wish = (struct wish *)job;
    struct turn turn = { .writer = writer, .arena = wish->arena, .now = now,
                         .settings = wish->page.site->settings,
                         .generation = wish->generation };
    enum rc rc = support_change(&turn, &wish->registration, &wish->support,
                                wish->consent, &wish->outcome, err);

    /* What stood there before is not to be found any more. */
    if (rc == RC_OK && wish->outcome != SUPPORT_PAST)
        job->changed = CHANGE_ERASED;
    return rc;
}

static void refuse(const struct wish *wish)
{
    struct mine mine = { .phase = PHASE_DRAFT };

    if (mine_load(wish->request, &wish->page, &mine))
        show_stored(wish->request, &wish->page, &mine, 409,
                    tr(wish->page.lang, "This cannot be changed here any "
                                        "more. Please call us."));
}

static void wish_done(struct job *job)
{
    struct wish *wish = (struct wish *)job;
    struct arena *arena = wish->arena;

    if (job->rc == RC_NOT_FOUND)
        respond_error(wish->request, 404, NULL);
    else if (job->rc == RC_FAIL)
        page_busy(wish->request, &job->err);
    else if (wish->outcome == SUPPORT_PAST)
        refuse(wish);
    else
        respond_redirect(wish->request, 303,
                         mine_url(&wish->page, wish->request->params[0],
                                  "/support"));
    arena_free(&arena);
}

static void submit(struct request *request, const struct page *page,
                   const struct mine *mine, const struct support *support)
{
    struct arena *arena = arena_new();
    struct wish *wish = ARENA_NEW(arena, struct wish);

    wish->job = (struct job){ .run = wish_run, .done = wish_done,
                              .home = page->site->jobs_home };
    wish->arena = arena;
    wish->request = request;
    wish->page = *page;
    wish->registration = mine->registration.public_id;
    wish->generation = mine->registration.generation;
    wish->support = support_copy(arena, support);
    wish->consent = support_form_consent(arena, page->lang);
    if (writing_submit(page->site->writing, &wish->job))
        return;
    arena_free(&arena);
    page_busy(request, NULL);
}

static void check(struct request *request, const struct page *page,
                  const struct mine *mine)
{
    const struct support nothing = { 0, NULL };
    struct support support, before;
    struct support_form form;
    struct showing showing = { .form = &form, .status = 422 };

    support_form_read(page->arena, request->form, "", &form);
    if (form_has(request->form, "withdraw"))
        submit(request, page, mine, &nothing);
    else if (support_form_check(page->arena, page->lang, &form, &support))
        submit(request, page, mine, &support);
    else if (read_stored(request, page, mine, &before, &showing.stored))
        show(request, page, mine, &showing);
}

void mine_support_submit(struct request *request)
{
    struct page page = page_of(request);
    struct mine mine = { .phase = PHASE_DRAFT };

    if (mine_load(request, &page, &mine) &&
        mine_stamp_holds(request, &page, &mine, show_stored))
        check(request, &page, &mine);
}
