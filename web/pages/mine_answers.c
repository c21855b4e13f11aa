/* "/de/r/{token}/answers": what I answered to the meeting's questions, to be
 * answered otherwise: at once or, after the deadline, asked of the
 * organiser. */
#include "daemon/base/arena.h"
#include "daemon/http/csrf.h"
#include "daemon/http/form.h"
#include "daemon/http/request.h"
#include "daemon/http/response.h"
#include "daemon/rules/wish.h"
#include "web/pages/ask_form.h"
#include "web/pages/mine_step.h"
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
                   gate(page, mine) != ANSWERS_CLOSED
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
    bool more = view->more.count && !view->errors.count;

    mine_frame(page, mine,
               more ? trn(page->lang, "One more question",
                          "A few more questions", (long)view->more.count)
                    : tr(page->lang, "My answers"),
               "/answers", token, view->note || view->errors.count > 0,
               &view->site);
    view->site.script = static_url("form.js");
}

static const char *closed_words(const struct page *page)
{
    return tr(page->lang, "This cannot be changed here any more. "
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
        .note = open == ANSWERS_CLOSED ? closed_words(page) : showing->note,
        .asks = open == ANSWERS_LATE,
    };
    struct str body;

    if (open != ANSWERS_CLOSED)
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
    mine_get(request, show_stored);
}

/* What the step carries. */
struct wanted {
    struct ask_form *form; /* the request's */
    struct answers *answers;
    struct answers_misfit misfit;
};

static void *keep(struct arena *arena, const void *from)
{
    struct wanted *wish = ARENA_NEW(arena, struct wanted);

    *wish = *(const struct wanted *)from;
    wish->answers = answers_copy(arena, wish->answers);
    return wish;
}

static enum rc run(struct turn *turn, struct mine_step *step,
                   struct err *err)
{
    struct wanted *wish = step->wish;
    enum answer_outcome outcome = ANSWERS_SAME;
    enum rc rc = answers_change(turn, &step->registration, wish->answers,
                                &outcome, &wish->misfit, err);

    step->outcome = (int)outcome;
    return rc;
}

/* The form as it was sent, with words about it. */
static void refuse(struct mine_step *step, const char *note)
{
    struct wanted *wish = step->wish;
    const struct showing showing = { wish->form, ASK_FINE, 409, note };

    show(step->request, &step->page, &step->mine, &showing);
}

static void changed(struct mine_step *step)
{
    const struct page *page = &step->page;
    struct wanted *wish = step->wish;

    switch ((enum answer_outcome)step->outcome) {
    case ANSWERS_CHANGED:
    case ANSWERS_SAME:
        mine_step_back(step);
        break;
    case ANSWERS_FULL:
        (void)ask_form_refuse(page->arena, page->lang, wish->form,
                              wish->misfit.option_id);
        refuse(step, NULL);
        break;
    case ANSWERS_LATE:
        refuse(step, tr(page->lang, "The time for changes is over. You can "
                                    "send this to the organiser as a "
                                    "request."));
        break;
    case ANSWERS_CLOSED:
        refuse(step, closed_words(page));
    }
}

static enum rc run_wish(struct turn *turn, struct mine_step *step,
                        struct err *err)
{
    const struct wanted *wish = step->wish;
    enum wish_outcome outcome = WISH_NONE;
    enum rc rc = wish_for_answers(turn, &step->registration, wish->answers,
                                  &outcome, err);

    step->outcome = (int)outcome;
    return rc;
}

static void wished(struct mine_step *step)
{
    if (step->outcome == WISH_NONE)
        refuse(step, tr(step->page.lang, "These are your own answers. "
                                         "Nothing has changed."));
    else
        mine_step_back(step);
}

static void submit(struct request *request, const struct page *page,
                   const struct mine *mine, const struct ask_form *typed,
                   struct answers *answers)
{
    struct ask_form *form = ARENA_NEW(page->arena, struct ask_form);
    struct ask_given *asked = ARENA_NEW(page->arena, struct ask_given);
    struct wanted wish = { form, answers, { 0 } };
    bool asks = *form_get(request->form, "ask") != '\0';
    const struct mine_step step = {
        .run = asks ? run_wish : run,
        .done = asks ? wished : changed,
        .erases = asks, /* what was asked before */
        .wish = &wish, .keep = keep,
    };

    /* What it speaks of lives until the answer is given, as it does. */
    *asked = mine->asked;
    *form = *typed;
    form->about.held = &asked->answers;
    mine_step_submit(request, page, mine, &step);
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
    mine_post(request, show_stored, check);
}
