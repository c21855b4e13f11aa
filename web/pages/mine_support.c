/* "/de/r/{token}/support": what I need to take part well; say it, change it,
 * take it back. Taking it back is possible as long as we have it, also when
 * nothing else can be changed any more. */
#include "daemon/base/arena.h"
#include "daemon/http/csrf.h"
#include "daemon/http/form.h"
#include "daemon/http/response.h"
#include "daemon/rules/support.h"
#include "daemon/store/support_store.h"
#include "web/pages/mine_step.h"
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
    mine_frame(page, mine, tr(page->lang, "What I need"), "/support", token,
               view.note || view.errors.count > 0, &view.site);
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
    mine_get(request, show_stored);
}

/* What the step carries. */
struct wanted {
    struct support support; /* empty: withdrawn */
    enum lang lang;
    const struct notice *consent;
};

static void *keep(struct arena *arena, const void *from)
{
    struct wanted *wish = ARENA_NEW(arena, struct wanted);

    *wish = *(const struct wanted *)from;
    wish->support = support_copy(arena, &wish->support);
    wish->consent = support_form_consent(arena, wish->lang);
    return wish;
}

static enum rc run(struct turn *turn, struct mine_step *step,
                   struct err *err)
{
    const struct wanted *wish = step->wish;
    enum support_outcome outcome = SUPPORT_PAST;
    enum rc rc = support_change(turn, &step->registration, &wish->support,
                                wish->consent, &outcome, err);

    /* What stood there before is not to be found any more. */
    step->erases = outcome != SUPPORT_PAST;
    step->outcome = (int)outcome;
    return rc;
}

static void done(struct mine_step *step)
{
    if (step->outcome == SUPPORT_PAST)
        mine_step_refuse(step, show_stored,
                         tr(step->page.lang, "This cannot be changed here "
                                             "any more. Please call us."));
    else
        respond_redirect(step->request, 303,
                         mine_url(&step->page, step->request->params[0],
                                  "/support"));
}

static void submit(struct request *request, const struct page *page,
                   const struct mine *mine, const struct support *support)
{
    struct wanted wish = { .support = *support, .lang = page->lang };
    const struct mine_step step = { .run = run, .done = done,
                                    .wish = &wish, .keep = keep };

    mine_step_submit(request, page, mine, &step);
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
    mine_post(request, show_stored, check);
}
