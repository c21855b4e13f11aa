/* "/de/r/{token}/hand-over": my place for somebody else. Once it is done the
 * link is dead, so the answer to the button is the page itself. */
#include "daemon/base/arena.h"
#include "daemon/http/csrf.h"
#include "daemon/http/form.h"
#include "daemon/http/request.h"
#include "daemon/http/response.h"
#include "daemon/rules/handover.h"
#include "daemon/rules/wish.h"
#include "web/pages/mine_state.h"
#include "web/pages/mine_step.h"
#include "web/pages/pages.h"
#include "web/pages/person_form.h"
#include "web/view/i18n.h"
#include "web/view/templates.h"

#define HOUR 3600

static void show_form(struct request *request, const struct page *page,
                      const struct mine *mine, const struct signup_form *form,
                      int status, const char *note)
{
    const char *token = request->params[0];
    const struct meeting *meeting = &mine->meeting;
    struct view_handover view = {
        .title = lang_pick(&meeting->title, page->lang),
        .url = page_meeting(page, meeting),
        .back_url = mine_url(page, token, ""),
        .action = mine_url(page, token, "/hand-over"),
        .stamp = stamp_make(page->arena, page->site->keys, token, page->now),
        .note = note,
        .asks = mine_right_to_change(page, mine) == MINE_ASKS,
    };
    struct err err;
    struct str body;

    /* What the organiser grants is neither confirmed nor decided again. */
    if (!view.asks) {
        view.hours = (meeting->confirm_term + HOUR - 1) / HOUR;
        view.approval = meeting->approval != APPROVAL_NONE;
    }

    if (mine_count_led(page, mine, &view.companions, &err) != RC_OK) {
        page_fail(request, &err);
        return;
    }
    person_form_view(page, mine, true, form, &view.person);
    mine_frame(page, mine, tr(page->lang, "Hand over my place"),
               "/hand-over", token, note || view.person.errors.count > 0,
               &view.site);
    str_init(&body, request->arena, PAGE_MOST);
    template_handover(&body, page->lang, &view);
    respond_html(request, status, &body);
}

static void show(struct request *request, const struct page *page,
                 const struct mine *mine, int status, const char *note)
{
    struct signup_form form;

    if (mine_right_to_change(page, mine) == MINE_NOT ||
        !mine_may_hand_over(mine)) {
        mine_to_page(request);
        return;
    }
    if (request->method == METHOD_POST)
        person_form_read(request, &form);
    else
        person_form_clear(&mine->registration, &form);
    show_form(request, page, mine, &form, status, note);
}

void mine_handover(struct request *request)
{
    mine_get(request, show);
}

/* ---- what became of it ---- */

static void show_handed(const struct mine_step *step)
{
    const struct page *page = &step->page;
    const struct meeting *meeting = &step->mine.meeting;
    struct view_handed view = {
        .title = lang_pick(&meeting->title, page->lang),
        .url = page_meeting(page, meeting),
        .hours = (meeting->confirm_term + HOUR - 1) / HOUR,
        .approval = meeting->approval != APPROVAL_NONE,
    };
    struct str body;

    mine_frame(page, &step->mine,
               tr(page->lang, "Your place has been handed over"), NULL, NULL,
               false, &view.site);
    str_init(&body, page->arena, PAGE_MOST);
    template_handed(&body, page->lang, &view);
    respond_html(step->request, 200, &body);
}

/* The same words whether that person is registered or the address has too
 * many: nobody need learn who is coming. */
static const char *refusal(enum lang lang, enum handover_outcome outcome)
{
    switch (outcome) {
    case HANDOVER_SAME:
        return tr(lang, "We cannot give the place to this person. Please "
                        "name somebody else, or ask us.");
    case HANDOVER_NONE:
        return tr(lang, "These are your own details. Nothing has changed.");
    case HANDOVER_LATE:
        return tr(lang, "The time for changes is over. You can send this to "
                        "the organiser as a request.");
    case HANDOVER_CLOSED:
        return tr(lang, "This is not possible any more.");
    case HANDOVER_DONE:
        break;
    }
    return NULL;
}

static struct handover wanted(const struct mine_step *step)
{
    return (struct handover){ step->person, step->wants_invite,
                              step->page.lang };
}

static enum rc run_handover(struct turn *turn, struct mine_step *step,
                            struct err *err)
{
    const struct handover to = wanted(step);
    enum handover_outcome outcome = HANDOVER_CLOSED;
    enum rc rc = handover_seat(turn, &step->registration, &to, &outcome,
                               err);

    step->outcome = (int)outcome;
    return rc;
}

static void handed(struct mine_step *step)
{
    const char *why = refusal(step->page.lang,
                              (enum handover_outcome)step->outcome);

    if (why)
        mine_step_refuse(step, show, why);
    else
        show_handed(step);
}

static enum rc run_wish(struct turn *turn, struct mine_step *step,
                        struct err *err)
{
    const struct handover to = wanted(step);
    enum wish_outcome outcome = WISH_NONE;
    enum rc rc = wish_for_handover(turn, &step->registration, &to, &outcome,
                                   err);

    step->outcome = (int)outcome;
    return rc;
}

static void wished(struct mine_step *step)
{
    mine_step_back(step);
}

static void check(struct request *request, const struct page *page,
                  const struct mine *mine)
{
    bool asks = *form_get(request->form, "ask") != '\0';
    struct mine_step step = {
        .run = asks ? run_wish : run_handover,
        .done = asks ? wished : handed,
        .erases = true, /* with asks: what was asked before */
    };
    struct signup_form form;
    struct signup_answer answer;

    person_form_read(request, &form);
    if (!person_form_check(page, mine, true, &form, &answer)) {
        show_form(request, page, mine, &form, 422, NULL);
        return;
    }
    step.person = answer.person;
    step.wants_invite = answer.wants_invite;
    mine_step_submit(request, page, mine, &step);
}

void mine_handover_submit(struct request *request)
{
    mine_post(request, show, check);
}
