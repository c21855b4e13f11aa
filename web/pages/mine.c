/* "/de/r/{token}": my registration. The token is checked here, the same way
 * for all that stands behind the link; an unknown one and a forged one meet
 * the same page after the same work. */
#include "daemon/base/arena.h"
#include "daemon/base/token.h"
#include "daemon/http/csrf.h"
#include "daemon/http/form.h"
#include "daemon/http/response.h"
#include "daemon/rules/promise.h"
#include "daemon/store/alliance_store.h"
#include "daemon/store/meeting_store.h"
#include "daemon/store/registration_store.h"
#include "daemon/store/seat_store.h"
#include "web/pages/entries.h"
#include "web/pages/facts.h"
#include "web/pages/mine.h"
#include "web/pages/mine_state.h"
#include "web/pages/pages.h"
#include "web/view/templates.h"
#include "web/view/format.h"
#include "web/view/i18n.h"

static enum rc find(const struct page *page, const char *token,
                    struct registration *found, struct err *err)
{
    struct id id = { { 0 } };
    bool shaped = token_id(token, &id);
    enum rc rc = registration_by_public_id(page->site->reader, page->arena,
                                           &id, found, err);
    int64_t generation = rc == RC_OK ? found->generation : 1;
    bool valid = token_valid(page->site->keys, TOKEN_REGISTRATION, token,
                             generation);

    if (rc == RC_OK && !(shaped && valid))
        return RC_NOT_FOUND;
    return rc;
}

/* What hangs on a registration is there: the database says so. */
static enum rc load_rest(const struct page *page, struct mine *mine,
                         struct err *err)
{
    struct reader *reader = page->site->reader;
    struct meeting *meeting = &mine->meeting;

    if (meeting_by_id(reader, page->arena, mine->registration.meeting_id,
                      meeting, err) != RC_OK ||
        alliance_by_id(reader, page->arena, meeting->alliance_id,
                       &mine->alliance, err) != RC_OK ||
        pool_of_meeting(reader, meeting->id, &mine->pools, err) == RC_FAIL ||
        bench_list(reader, page->arena, meeting->alliance_id, &mine->benches,
                   err) == RC_FAIL ||
        ask_given_load(reader, page->arena, meeting->id,
                       mine->registration.id, &mine->asked, err) == RC_FAIL)
        return RC_FAIL;
    mine->phase = meeting_phase_at(meeting, &mine->pools, page->now);
    return RC_OK;
}

bool mine_load(struct request *request, const struct page *page,
               struct mine *mine)
{
    struct err err = { "a registration without its meeting" };
    enum rc rc = find(page, request->params[0], &mine->registration, &err);

    if (rc == RC_OK)
        rc = load_rest(page, mine, &err);
    if (rc == RC_NOT_FOUND)
        respond_error(request, 404,
                      tr(page->lang, "There is no registration at this "
                                     "address. Please copy the whole link "
                                     "from your e-mail. It no longer works "
                                     "once a registration has expired, been "
                                     "handed over or been deleted."));
    if (rc == RC_FAIL)
        page_fail(request, &err);
    return rc == RC_OK;
}

const char *mine_url(const struct page *page, const char *token,
                     const char *wish)
{
    return arena_printf(page->arena, "/%s/r/%s%s", lang_code(page->lang),
                        token, wish);
}

static void put_about(const struct page *page, const struct mine *mine,
                      struct view_mine *view)
{
    const struct registration *registration = &mine->registration;
    const struct meeting *meeting = &mine->meeting;

    if (view->registered)
        facts_fill_own(page, meeting, registration->mode, &view->facts);
    else
        facts_fill(page, meeting, &mine->pools, mine->phase, &view->facts);
    /* She has registered, whatever came of it. */
    if (registration->state != REG_CANCELLED)
        view->facts.until = NULL;
    entries_fill(page, &registration->person, registration->mode,
                 &mine->benches, &view->entries);
    ask_entries(page->arena, page->lang, &mine->asked.questions,
                &mine->asked.answers, &view->entries);
}

void mine_frame(const struct page *page, const struct mine *mine,
                const char *title, const char *path, const char *token,
                bool fault, struct view_site *view)
{
    const struct frame frame = {
        .title = arena_printf(page->arena, "%s – %s", title,
                              lang_pick(&mine->meeting.title, page->lang)),
        .path = path ? arena_printf(page->arena, "/r/%s%s", token, path)
                     : NULL,
        .alliance = &mine->alliance,
        .fault = fault,
        .personal = true,
    };

    page_frame(page, &frame, view);
}

void mine_page_show(struct request *request, const struct page *page,
                    const struct mine *mine, int status, const char *note)
{
    const struct meeting *meeting = &mine->meeting;
    struct view_mine view = {
        .title = lang_pick(&meeting->title, page->lang),
        .url = page_meeting(page, meeting),
        .cancel_reason = lang_pick(&meeting->cancel_reason, page->lang),
        .reference = mine->registration.reference,
        .note = note,
        .fault = status >= 400,
        .stamp = stamp_make(page->arena, page->site->keys,
                            request->params[0], page->now),
        .deletes = format_date(page->arena, page->lang, meeting->zone,
                               promise_due(meeting)),
    };
    struct err err;
    struct str body;

    if (mine_state_fill(page, mine, request->params[0], &view, &err) !=
        RC_OK) {
        page_fail(request, &err);
        return;
    }
    put_about(page, mine, &view);
    view.answers_url = mine_answers_url(page, mine, request->params[0]);
    mine_frame(page, mine, tr(page->lang, "My registration"), "",
               request->params[0], view.fault, &view.site);
    str_init(&body, request->arena, PAGE_MOST);
    template_mine(&body, page->lang, &view);
    respond_html(request, status, &body);
}

void mine_get(struct request *request, mine_page *show)
{
    struct page page = page_of(request);
    struct mine mine = { .phase = PHASE_DRAFT };

    if (mine_load(request, &page, &mine))
        show(request, &page, &mine, 200, NULL);
}

void mine_post(struct request *request, mine_page *show, mine_wish *wish)
{
    struct page page = page_of(request);
    struct mine mine = { .phase = PHASE_DRAFT };

    if (mine_load(request, &page, &mine) &&
        mine_stamp_holds(request, &page, &mine, show))
        wish(request, &page, &mine);
}

void mine_show(struct request *request)
{
    mine_get(request, mine_page_show);
}

void mine_to_page(struct request *request)
{
    struct page page = page_of(request);

    respond_redirect(request, 303, mine_url(&page, request->params[0], ""));
}

bool mine_stamp_holds(struct request *request, const struct page *page,
                      const struct mine *mine, mine_page *show_again)
{
    int64_t shown_at;

    switch (stamp_check(page->site->keys, request->params[0],
                        form_get(request->form, "stamp"), page->now,
                        &shown_at)) {
    case STAMP_OK:
        return true;
    case STAMP_OLD:
        show_again(request, page, mine, 422,
                   tr(page->lang, "This page had been open for more than a "
                                  "day. Please press the button once more."));
        break;
    case STAMP_FALSE:
        show_again(request, page, mine, 403,
                   tr(page->lang, "This request did not come from this page. "
                                  "Please press the button here."));
        break;
    }
    return false;
}
