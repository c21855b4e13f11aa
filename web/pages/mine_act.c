/* The buttons of "/de/r/{token}": one step each, and back to the page. */
#include "daemon/http/form.h"
#include "daemon/http/response.h"
#include "daemon/rules/cancel.h"
#include "daemon/rules/confirm.h"
#include "daemon/rules/switch.h"
#include "daemon/rules/wish.h"
#include "web/pages/mine_state.h"
#include "web/pages/mine_step.h"
#include "web/pages/pages.h"
#include "web/view/i18n.h"

/* NULL: it was done, or was done before. */
static void answer(struct mine_step *step, const char *refusal)
{
    if (refusal)
        mine_step_refuse(step, mine_page_show, refusal);
    else
        mine_step_back(step);
}

static void act(struct request *request, struct mine_step step)
{
    struct page page = page_of(request);
    struct mine mine = { .phase = PHASE_DRAFT };

    if (mine_load(request, &page, &mine) &&
        mine_stamp_holds(request, &page, &mine, mine_page_show))
        mine_step_submit(request, &page, &mine, &step);
}

/* Nobody's button sends that; a link that opens nothing looks the same. */
static void act_on_nothing(struct request *request)
{
    struct page page = page_of(request);
    struct mine mine = { .phase = PHASE_DRAFT };

    if (mine_load(request, &page, &mine))
        mine_to_page(request);
}

/* ---- cancelling, and coming back ---- */

static enum rc run_cancel(struct turn *turn, struct mine_step *step,
                          struct err *err)
{
    enum cancel_outcome outcome = CANCEL_ALREADY;
    enum rc rc = cancel_registration(turn, &step->registration, CANCEL_OWN,
                                     &outcome, err);

    step->outcome = (int)outcome;
    return rc;
}

static void cancelled(struct mine_step *step)
{
    answer(step, step->outcome == CANCEL_PAST
                     ? tr(step->page.lang, "This meeting is over.") : NULL);
}

void mine_cancel(struct request *request)
{
    act(request, (struct mine_step){ .run = run_cancel, .done = cancelled });
}

static enum rc run_undo(struct turn *turn, struct mine_step *step,
                        struct err *err)
{
    enum undo_outcome outcome = UNDO_ALREADY;
    enum rc rc = cancel_undo(turn, &step->registration, step->yes, &outcome,
                             err);

    step->outcome = (int)outcome;
    return rc;
}

/* It was done, but not all is as it was. */
static void tell_what_is_lost(const struct mine_step *step)
{
    struct mine mine = { .phase = PHASE_DRAFT };

    if (mine_load(step->request, &step->page, &mine))
        mine_page_show(step->request, &step->page, &mine, 200,
                       tr(step->page.lang,
                          "You have registered again. Some of what you had "
                          "chosen is full by now; please look at your "
                          "answers."));
}

static void undone(struct mine_step *step)
{
    enum lang lang = step->page.lang;

    if (step->options_lost > 0)
        tell_what_is_lost(step);
    else
        answer(step,
               step->outcome == UNDO_FULL
                   ? tr(lang, "Your place has been given to somebody else.")
               : step->outcome == UNDO_CLOSED
                   ? tr(lang, "Registration is not open any more.") : NULL);
}

void mine_undo(struct request *request)
{
    act(request, (struct mine_step){
        .run = run_undo, .done = undone,
        .yes = *form_get(request->form, "wait") != '\0',
    });
}

/* ---- the address, and a seat that is offered ---- */

static enum rc run_confirm(struct turn *turn, struct mine_step *step,
                           struct err *err)
{
    enum confirm_outcome outcome = CONFIRM_ALREADY;
    enum rc rc = confirm_address(turn, &step->registration, &outcome, err);

    step->outcome = (int)outcome;
    return rc;
}

static enum rc run_claim(struct turn *turn, struct mine_step *step,
                         struct err *err)
{
    enum confirm_outcome outcome = CONFIRM_ALREADY;
    enum rc rc = confirm_claim(turn, &step->registration, &outcome, err);

    step->outcome = (int)outcome;
    return rc;
}

static void confirmed(struct mine_step *step)
{
    enum lang lang = step->page.lang;

    answer(step,
           step->outcome == CONFIRM_LATE
               ? tr(lang, "The time for it is over. Your place goes to "
                          "somebody else.")
           : step->outcome == CONFIRM_CLOSED
               ? tr(lang, "This is not possible any more.") : NULL);
}

void mine_confirm(struct request *request)
{
    act(request, (struct mine_step){ .run = run_confirm,
                                     .done = confirmed });
}

void mine_claim(struct request *request)
{
    act(request, (struct mine_step){ .run = run_claim, .done = confirmed });
}

/* ---- on site and online ---- */

/* What was a change when the page was shown may be a request by now: then
 * nothing is asked of the organiser that she did not mean to ask. */
static enum rc run_mode(struct turn *turn, struct mine_step *step,
                        struct err *err)
{
    enum change_outcome outcome = CHANGE_NONE;
    enum rc rc = switch_mode(turn, &step->registration, step->mode,
                             step->yes, &outcome, err);

    step->outcome = (int)outcome;
    return rc;
}

static void switched(struct mine_step *step)
{
    enum lang lang = step->page.lang;

    answer(step,
           step->outcome == CHANGE_FULL
               ? tr(lang, "The last place there has just been taken. Nothing "
                          "has changed.")
           : step->outcome == CHANGE_LATE
               ? tr(lang, "The time for changes is over. You can ask the "
                          "organiser now.")
           : step->outcome == CHANGE_CLOSED
               ? tr(lang, "This is not possible any more.") : NULL);
}

static enum rc run_mode_wish(struct turn *turn, struct mine_step *step,
                             struct err *err)
{
    enum wish_outcome outcome = WISH_NONE;
    enum rc rc = wish_for_mode(turn, &step->registration, step->mode,
                               step->yes, &outcome, err);

    step->outcome = (int)outcome;
    return rc;
}

static void wished(struct mine_step *step)
{
    answer(step, step->outcome == WISH_CLOSED
                     ? tr(step->page.lang, "This is not possible any more.")
                     : NULL);
}

void mine_mode(struct request *request)
{
    bool asks = *form_get(request->form, "ask") != '\0';
    struct mine_step step = {
        .run = asks ? run_mode_wish : run_mode,
        .done = asks ? wished : switched,
        .yes = *form_get(request->form, "wait") != '\0',
    };

    if (mode_parse(form_get(request->form, "mode"), &step.mode))
        act(request, step);
    else
        act_on_nothing(request);
}

static enum rc run_stop(struct turn *turn, struct mine_step *step,
                        struct err *err)
{
    enum change_outcome outcome = CHANGE_NONE;
    enum rc rc = switch_stop_waiting(turn, &step->registration, &outcome,
                                     err);

    step->outcome = (int)outcome;
    return rc;
}

void mine_stop_waiting(struct request *request)
{
    act(request, (struct mine_step){ .run = run_stop, .done = switched });
}

/* ---- what was asked ---- */

static enum rc run_withdraw(struct turn *turn, struct mine_step *step,
                            struct err *err)
{
    enum wish_outcome outcome = WISH_NONE;
    enum rc rc = wish_withdraw(turn, &step->registration,
                               step->kind, &outcome, err);

    step->outcome = (int)outcome;
    return rc;
}

void mine_withdraw_wish(struct request *request)
{
    struct mine_step step = { .run = run_withdraw, .done = wished,
                              .erases = true };

    if (wish_kind_parse(form_get(request->form, "wish"), &step.kind))
        act(request, step);
    else
        act_on_nothing(request);
}
