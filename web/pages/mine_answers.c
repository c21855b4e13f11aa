/* "/de/r/{token}/answers": what I answered to the meeting's questions, to be
 * answered otherwise. */
#include "daemon/base/arena.h"
#include "daemon/http/csrf.h"
#include "daemon/http/response.h"
#include "daemon/rules/answer_change.h"
#include "daemon/store/writing.h"
#include "web/pages/ask_form.h"
#include "web/pages/mine.h"
#include "web/pages/pages.h"
#include "web/view/i18n.h"
#include "web/view/static.h"
#include "web/view/templates.h"

/* What is shown: what we have, or what was just typed. */
struct showing {
    struct ask_form *form;
    enum ask_verdict verdict;
    int status;
    const char *note; /* why the last wish was not met; NULL: it was */
};

static struct ask_about about(const struct mine *mine)
{
    return (struct ask_about){ .questions = mine->asked.questions,
                               .suffix = "", .held = &mine->asked.answers };
}

static enum answer_outcome gate(const struct page *page,
                                const struct mine *mine)
{
    const struct turn turn = { .now = page->now, .meeting = mine->meeting };

    return answers_gate(&turn, &mine->registration);
}

const char *mine_answers_url(const struct page *page, const struct mine *mine,
                             const char *token)
{
    return mine->asked.questions.count > 0 &&
                   gate(page, mine) == ANSWERS_CHANGED
               ? mine_url(page, token, "/answers") : NULL;
}

static void put_form(const struct page *page, const struct mine *mine,
                     const struct showing *showing,
                     struct view_mine_answers *view)
{
    size_t most = mine->asked.questions.count;

    ask_form_view(page->arena, page->lang, (int)mine->registration.mode,
                  showing->form, &view->questions);
    view->errors.items = ARENA_ARRAY(page->arena, struct view_fault, most);
    view->more.items = ARENA_ARRAY(page->arena, struct view_fault, most);
    ask_form_faults(page->arena, showing->form, &view->errors);
    if (showing->verdict != ASK_FINE)
        ask_form_more(page->arena, page->lang, showing->form, &view->more);
}

static void put_frame(const struct page *page, const struct mine *mine,
                      const char *token, struct view_mine_answers *view)
{
    const struct frame frame = {
        .title = arena_printf(page->arena, "%s – %s",
                              view->more.count && !view->errors.count
                                  ? trn(page->lang, "One more question",
                                        "A few more questions",
                                        (long)view->more.count)
                                  : tr(page->lang, "My answers"),
                              view->title),
        .path = arena_printf(page->arena, "/r/%s/answers", token),
        .alliance = &mine->alliance,
        .fault = view->note || view->errors.count > 0,
        .personal = true,
    };

    page_frame(page, &frame, &view->site);
    view->site.script = static_url("form.js");
}

static const char *late_words(const struct page *page,
                              enum answer_outcome outcome)
{
    return outcome == ANSWERS_LATE
               ? tr(page->lang, "The deadline for changes is over. Please "
                                "call us or write to us.")
               : tr(page->lang, "This cannot be changed here any more. "
                                "Please call us.");
}

static void show(struct request *request, const struct page *page,
                 const struct mine *mine, const struct showing *showing)
{
    const char *token = request->params[0];
    enum answer_outcome open = gate(page, mine);
    struct view_mine_answers view = {
        .title = lang_pick(&mine->meeting.title, page->lang),
        .url = page_meeting(page, &mine->meeting),
        .back_url = mine_url(page, token, ""),
        .action = mine_url(page, token, "/answers"),
        .stamp = stamp_make(page->arena, page->site->keys, token, page->now),
        .note = open == ANSWERS_CHANGED ? showing->note
                                        : late_words(page, open),
    };
    struct str body;

    if (open == ANSWERS_CHANGED)
        put_form(page, mine, showing, &view);
    put_frame(page, mine, token, &view);
    str_init(&body, page->arena, PAGE_MOST);
    template_mine_answers(&body, page->lang, &view);
    respond_html(request, showing->status, &body);
}

static void show_stored(struct request *request, const struct page *page,
                        const struct mine *mine, int status, const char *note)
{
    const struct ask_about asked = about(mine);
    struct ask_form form;
    const struct showing showing = { &form, ASK_FINE, status, note };

    ask_form_load(page->arena, &asked, &mine->asked.answers, &form);
    show(request, page, mine, &showing);
}

void mine_answers(struct request *request)
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
    struct mine mine;
    struct ask_form form; /* the request's */
    struct answers *answers;
    enum answer_outcome outcome;
    struct answers_misfit misfit;
};

static enum rc wish_run(struct writer *writer, int64_t now, struct job *job,
                        struct err *err)
{
    struct wish *wish = (struct wish *)job;
    struct turn turn = { .writer = writer, .arena = wish->arena, .now = now,
                         .settings = wish->page.site->settings,
                         .generation = wish->mine.registration.generation };
    enum rc rc = answers_change(&turn, &wish->mine.registration.public_id,
                                wish->answers, &wish->outcome, &wish->misfit,
                                err);

    if (rc == RC_OK && turn.seats)
        job->changed |= CHANGE_SEATS;
    return rc;
}

static void refuse(struct wish *wish)
{
    const struct page *page = &wish->page;
    const struct showing showing = {
        &wish->form, ASK_FINE, 409,
        wish->outcome == ANSWERS_FULL ? NULL
                                      : late_words(page, wish->outcome)
    };

    if (wish->outcome == ANSWERS_FULL)
        (void)ask_form_refuse(page->arena, page->lang, &wish->form,
                              wish->misfit.option_id);
    show(wish->request, page, &wish->mine, &showing);
}

static void wish_done(struct job *job)
{
    struct wish *wish = (struct wish *)job;
    struct arena *arena = wish->arena;

    if (job->rc == RC_NOT_FOUND)
        respond_error(wish->request, 404, NULL);
    else if (job->rc == RC_FAIL)
        page_busy(wish->request, &job->err);
    else if (wish->outcome == ANSWERS_CHANGED ||
             wish->outcome == ANSWERS_SAME)
        respond_redirect(wish->request, 303,
                         mine_url(&wish->page, wish->request->params[0],
                                  ""));
    else
        refuse(wish);
    arena_free(&arena);
}

static void submit(struct request *request, const struct page *page,
                   const struct mine *mine, const struct ask_form *form,
                   const struct answers *answers)
{
    struct arena *arena = arena_new();
    struct wish *wish = ARENA_NEW(arena, struct wish);

    wish->job = (struct job){ .run = wish_run, .done = wish_done,
                              .home = page->site->jobs_home };
    wish->arena = arena;
    wish->request = request;
    wish->page = *page;
    wish->mine = *mine;
    wish->form = *form;
    wish->form.about.held = &wish->mine.asked.answers;
    wish->answers = answers_copy(arena, answers);
    if (writing_submit(page->site->writing, &wish->job))
        return;
    arena_free(&arena);
    page_busy(request, NULL);
}

static void check(struct request *request, const struct page *page,
                  const struct mine *mine)
{
    const struct ask_about asked = about(mine);
    struct ask_form form;
    struct answers answers;
    struct showing showing = { .form = &form };

    ask_form_read(page->arena, request->form, &asked, &form);
    showing.verdict = ask_form_check(page->arena, page->lang,
                                     (int)mine->registration.mode, &form,
                                     &answers);
    showing.status = showing.verdict == ASK_MORE ? 200 : 422;
    if (showing.verdict == ASK_FINE)
        submit(request, page, mine, &form, &answers);
    else
        show(request, page, mine, &showing);
}

void mine_answers_submit(struct request *request)
{
    struct page page = page_of(request);
    struct mine mine = { .phase = PHASE_DRAFT };

    if (mine_load(request, &page, &mine) &&
        mine_stamp_holds(request, &page, &mine, show_stored))
        check(request, &page, &mine);
}
