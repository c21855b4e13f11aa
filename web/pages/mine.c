/* "/de/r/{token}": my registration; see it, cancel it, take it back. The
 * token is checked here, the same way for every wish; an unknown one and a
 * forged one meet the same page after the same work. */
#include "daemon/base/arena.h"
#include "daemon/base/token.h"
#include "daemon/http/csrf.h"
#include "daemon/http/form.h"
#include "daemon/http/response.h"
#include "daemon/rules/cancel.h"
#include "daemon/rules/promise.h"
#include "daemon/store/alliance_store.h"
#include "daemon/store/meeting_store.h"
#include "daemon/store/registration_store.h"
#include "daemon/store/seat_store.h"
#include "web/pages/entries.h"
#include "web/pages/facts.h"
#include "web/pages/mine.h"
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
                                     "from your confirmation e-mail."));
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

static const char *full_words(const struct page *page, enum mode mode)
{
    return mode == MODE_ONSITE
               ? tr(page->lang, "Your place on site has been given to "
                                "somebody else. There are still places "
                                "online: please register on the meeting's "
                                "page.")
               : tr(page->lang, "Your place online has been given to "
                                "somebody else. There are still places on "
                                "site: please register on the meeting's "
                                "page.");
}

/* Whether the place could be taken again, and if not, why. */
static void put_undo(const struct page *page, const struct mine *mine,
                     const char *token, struct view_mine *view)
{
    const struct pool *pool = &mine->pools.at[mine->registration.mode];

    if (mine->phase == PHASE_OPEN && pool_left(pool) > 0)
        view->undo_url = mine_url(page, token, "/undo");
    else if (mine->phase == PHASE_OPEN)
        view->no_undo = full_words(page, mine->registration.mode);
    else if (mine->phase == PHASE_FULL || mine->phase == PHASE_WAITING)
        view->no_undo = tr(page->lang, "Your place has been given to "
                                       "somebody else. As soon as one is "
                                       "free, you can register again here.");
    else
        view->no_undo = facts_phase(page, &mine->meeting, mine->phase);
}

static void put_wishes(const struct page *page, const struct mine *mine,
                       const char *token, struct view_mine *view)
{
    bool over = mine->phase == PHASE_PAST || mine->phase == PHASE_CANCELLED;

    view->stamp = stamp_make(page->arena, page->site->keys, token, page->now);
    view->data_url = mine_url(page, token, "/data.json");
    view->erase_url = mine_url(page, token, "/erase");
    if (page->now < promise_support_due(&mine->meeting))
        view->support_url = mine_url(page, token, "/support");
    if (view->registered && !over)
        view->cancel_url = mine_url(page, token, "/cancel");
    if (!view->registered && !view->called_off)
        put_undo(page, mine, token, view);
    if (view->registered && !view->called_off)
        view->download_url = page_download(page, &mine->meeting);
    if (view->registered && !over &&
        mine->registration.mode == MODE_ONLINE && *mine->meeting.join_url)
        view->join_url = mine->meeting.join_url;
}

static void put_frame(const struct page *page, const struct mine *mine,
                      const char *token, struct view_mine *view)
{
    const struct frame frame = {
        .title = arena_printf(page->arena, "%s – %s",
                              tr(page->lang, "My registration"), view->title),
        .path = arena_printf(page->arena, "/r/%s", token),
        .alliance = &mine->alliance,
        .fault = view->note != NULL,
        .personal = true,
    };

    page_frame(page, &frame, &view->site);
}

static void show(struct request *request, const struct page *page,
                 const struct mine *mine, int status, const char *note)
{
    const struct registration *registration = &mine->registration;
    const struct meeting *meeting = &mine->meeting;
    struct view_mine view = {
        .title = lang_pick(&meeting->title, page->lang),
        .url = page_meeting(page, meeting),
        .registered = registration->state == REG_REGISTERED,
        .called_off = mine->phase == PHASE_CANCELLED,
        .cancel_reason = lang_pick(&meeting->cancel_reason, page->lang),
        .reference = registration->reference,
        .note = note,
        .deletes = format_date(page->arena, page->lang, meeting->zone,
                               promise_due(meeting)),
    };
    struct str body;

    if (view.registered)
        facts_fill_own(page, meeting, registration->mode, &view.facts);
    else
        facts_fill(page, meeting, &mine->pools, mine->phase, &view.facts);
    entries_fill(page, &registration->person, registration->mode,
                 &mine->benches, &view.entries);
    ask_entries(page->arena, page->lang, &mine->asked.questions,
                &mine->asked.answers, &view.entries);
    view.answers_url = mine_answers_url(page, mine, request->params[0]);
    put_wishes(page, mine, request->params[0], &view);
    put_frame(page, mine, request->params[0], &view);
    str_init(&body, request->arena, PAGE_MOST);
    template_mine(&body, page->lang, &view);
    respond_html(request, status, &body);
}

void mine_show(struct request *request)
{
    struct page page = page_of(request);
    struct mine mine = { .phase = PHASE_DRAFT };

    if (mine_load(request, &page, &mine))
        show(request, &page, &mine, 200, NULL);
}

void mine_to_page(struct request *request)
{
    struct page page = page_of(request);

    respond_redirect(request, 303, mine_url(&page, request->params[0], ""));
}

/* One wish to cancel or to come back, on its way through the writer. */
struct wish {
    struct job job;
    struct arena *arena; /* the job's own */
    struct request *request;
    struct page page;
    const struct settings *settings;
    struct id registration;
    bool undo;
    enum cancel_outcome cancelled;
    enum undo_outcome undone;
};

static enum rc wish_run(struct writer *writer, int64_t now, struct job *job,
                        struct err *err)
{
    struct wish *wish = (struct wish *)job;
    struct turn turn = { .writer = writer, .arena = wish->arena, .now = now,
                         .settings = wish->settings };
    enum rc rc = wish->undo
        ? cancel_undo(&turn, &wish->registration, false, &wish->undone, err)
        : cancel_registration(&turn, &wish->registration, CANCEL_OWN,
                              &wish->cancelled, err);

    if (rc == RC_OK && turn.seats)
        job->changed |= CHANGE_SEATS;
    if (rc == RC_OK && turn.letters)
        job->changed |= CHANGE_LETTERS;
    return rc;
}

/* NULL: granted. */
static const char *refusal(const struct wish *wish)
{
    enum lang lang = wish->page.lang;

    if (!wish->undo)
        return wish->cancelled == CANCEL_PAST
                   ? tr(lang, "This meeting is over.")
                   : NULL;
    if (wish->undone == UNDO_FULL)
        return tr(lang, "Your place has been given to somebody else.");
    if (wish->undone == UNDO_CLOSED)
        return tr(lang, "Registration is not open any more.");
    return NULL;
}

static void refuse(const struct wish *wish, const char *why)
{
    struct mine mine = { .phase = PHASE_DRAFT };

    if (mine_load(wish->request, &wish->page, &mine))
        show(wish->request, &wish->page, &mine, 409, why);
}

static void wish_done(struct job *job)
{
    struct wish *wish = (struct wish *)job;
    struct arena *arena = wish->arena;
    const char *why = refusal(wish);

    if (job->rc == RC_NOT_FOUND) {
        respond_error(wish->request, 404, NULL);
    } else if (job->rc == RC_FAIL) {
        page_busy(wish->request, &job->err);
    } else if (why) {
        refuse(wish, why);
    } else {
        respond_redirect(wish->request, 303,
                         mine_url(&wish->page, wish->request->params[0], ""));
    }
    arena_free(&arena);
}

static void submit(struct request *request, const struct page *page,
                   const struct mine *mine, bool undo)
{
    struct arena *arena = arena_new();
    struct wish *wish = ARENA_NEW(arena, struct wish);

    wish->job = (struct job){ .run = wish_run,
                              .done = wish_done,
                              .home = page->site->jobs_home };
    wish->arena = arena;
    wish->request = request;
    wish->page = *page;
    wish->settings = page->site->settings;
    wish->registration = mine->registration.public_id;
    wish->undo = undo;
    if (writing_submit(page->site->writing, &wish->job))
        return;
    arena_free(&arena);
    page_busy(request, NULL);
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

static void act(struct request *request, bool undo)
{
    struct page page = page_of(request);
    struct mine mine = { .phase = PHASE_DRAFT };

    if (mine_load(request, &page, &mine) &&
        mine_stamp_holds(request, &page, &mine, show))
        submit(request, &page, &mine, undo);
}

void mine_cancel(struct request *request)
{
    act(request, false);
}

void mine_undo(struct request *request)
{
    act(request, true);
}
