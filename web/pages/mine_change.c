/* "/de/r/{token}/change": what I said about myself, changed at once or, after
 * the deadline, asked of the organiser. */
#include "daemon/base/arena.h"
#include "daemon/http/csrf.h"
#include "daemon/http/form.h"
#include "daemon/http/request.h"
#include "daemon/http/response.h"
#include "daemon/rules/change.h"
#include "daemon/rules/wish.h"
#include "web/pages/mine_state.h"
#include "web/pages/mine_step.h"
#include "web/pages/pages.h"
#include "web/pages/person_form.h"
#include "web/view/i18n.h"
#include "web/view/templates.h"

static void show_form(struct request *request, const struct page *page,
                      const struct mine *mine, const struct signup_form *form,
                      int status, const char *note)
{
    const char *token = request->params[0];
    struct view_mine_change view = {
        .title = lang_pick(&mine->meeting.title, page->lang),
        .url = page_meeting(page, &mine->meeting),
        .back_url = mine_url(page, token, ""),
        .action = mine_url(page, token, "/change"),
        .stamp = stamp_make(page->arena, page->site->keys, token, page->now),
        .note = note,
        .asks = mine_right_to_change(page, mine) == MINE_ASKS,
        .address_hint = mine->registration.person.address &&
                        mine_may_hand_over(mine),
    };
    struct str body;

    person_form_view(page, mine, false, form, &view.person);
    mine_frame(page, mine, tr(page->lang, "Change my details"), "/change",
               token, note || view.person.errors.count > 0, &view.site);
    str_init(&body, request->arena, PAGE_MOST);
    template_mine_change(&body, page->lang, &view);
    respond_html(request, status, &body);
}

/* What was typed, if something was. */
static void show(struct request *request, const struct page *page,
                 const struct mine *mine, int status, const char *note)
{
    struct signup_form form;

    if (mine_right_to_change(page, mine) == MINE_NOT) {
        mine_to_page(request);
        return;
    }
    if (request->method == METHOD_POST)
        person_form_read(request, &form);
    else
        person_form_load(page, &mine->registration, &form);
    show_form(request, page, mine, &form, status, note);
}

void mine_change(struct request *request)
{
    mine_get(request, show);
}

static enum rc run_change(struct turn *turn, struct mine_step *step,
                          struct err *err)
{
    const struct details to = { step->person, step->wants_invite };
    enum change_outcome outcome = CHANGE_NONE;
    enum rc rc = change_details(turn, &step->registration, &to, &outcome,
                                err);

    step->outcome = (int)outcome;
    return rc;
}

static void changed(struct mine_step *step)
{
    enum lang lang = step->page.lang;

    if (step->outcome == CHANGE_SAME)
        mine_step_refuse(step, show,
                         tr(lang, "This person is registered already. "
                                  "Nothing has changed."));
    else if (step->outcome == CHANGE_LATE)
        mine_step_refuse(step, show,
                         tr(lang, "The time for changes is over. You can "
                                  "send this to the organiser as a "
                                  "request."));
    else
        mine_step_back(step);
}

static enum rc run_wish(struct turn *turn, struct mine_step *step,
                        struct err *err)
{
    const struct details to = { step->person, step->wants_invite };
    enum wish_outcome outcome = WISH_NONE;
    enum rc rc = wish_for_change(turn, &step->registration, &to, &outcome,
                                 err);

    step->outcome = (int)outcome;
    return rc;
}

static void wished(struct mine_step *step)
{
    if (step->outcome == WISH_NONE)
        mine_step_refuse(step, show,
                         tr(step->page.lang, "These are your own details. "
                                             "Nothing has changed."));
    else
        mine_step_back(step);
}

static void check(struct request *request, const struct page *page,
                  const struct mine *mine)
{
    bool asks = *form_get(request->form, "ask") != '\0';
    struct mine_step step = {
        .run = asks ? run_wish : run_change,
        .done = asks ? wished : changed,
        .erases = asks, /* what was asked before */
    };
    struct signup_form form;
    struct signup_answer answer;

    person_form_read(request, &form);
    if (!person_form_check(page, mine, false, &form, &answer)) {
        show_form(request, page, mine, &form, 422, NULL);
        return;
    }
    step.person = answer.person;
    step.wants_invite = mine->registration.person.address
        ? answer.wants_invite : mine->registration.wants_invite;
    mine_step_submit(request, page, mine, &step);
}

void mine_change_submit(struct request *request)
{
    mine_post(request, show, check);
}
