/* "/de/r/{token}/erase": what deleting means, a button, and then what was
 * deleted. The answer to the button is the page itself: there is no address
 * left to which one could be sent on. */
#include "daemon/base/arena.h"
#include "daemon/http/csrf.h"
#include "daemon/http/form.h"
#include "daemon/http/response.h"
#include "daemon/rules/erase.h"
#include "daemon/store/letter_store.h"
#include "web/pages/mine.h"
#include "web/pages/pages.h"
#include "web/view/format.h"
#include "web/view/i18n.h"
#include "web/view/templates.h"

#define DAY 86400

/* path NULL: no other language of it. */
static void put_frame(const struct page *page, const struct mine *mine,
                      const char *title, bool fault, const char *path,
                      struct view_site *view)
{
    const struct frame frame = {
        .title = arena_printf(page->arena, "%s – %s", title,
                              lang_pick(&mine->meeting.title, page->lang)),
        .path = path,
        .alliance = &mine->alliance,
        .fault = fault,
        .personal = true,
    };

    page_frame(page, &frame, view);
}

/* Whether somebody's calendar holds our entry, as far as can be told before
 * the letters are looked at: another person of that address may need it. */
static enum rc has_entry(const struct page *page, const struct mine *mine,
                         bool *entry, struct err *err)
{
    struct reader *reader = page->site->reader;
    int64_t invite_id = mine->registration.invite_id, users = 0;
    bool on_its_way = false;

    *entry = false;
    if (invite_id == 0 || !registration_is_live(&mine->registration))
        return RC_OK;
    enum rc rc = invite_count_live(reader, invite_id, &users, err);
    if (rc != RC_OK || users > 1)
        return rc;
    rc = letter_invite_was_sent(reader, invite_id, entry, err);
    if (rc == RC_OK && !*entry)
        rc = letter_invite_on_its_way(reader, invite_id, &on_its_way, err);
    *entry = *entry || on_its_way;
    return rc;
}

static void show(struct request *request, const struct page *page,
                 const struct mine *mine, int status, const char *note)
{
    const char *token = request->params[0];
    bool ahead = page->now < mine->meeting.ends_at;
    struct view_erase view = {
        .title = lang_pick(&mine->meeting.title, page->lang),
        .url = page_meeting(page, &mine->meeting),
        .back_url = mine_url(page, token, ""),
        .action = mine_url(page, token, "/erase"),
        .stamp = stamp_make(page->arena, page->site->keys, token, page->now),
        .note = note,
        .live = ahead && mine->phase != PHASE_CANCELLED &&
                registration_is_live(&mine->registration),
        .days = page->site->settings->mail_give_up / DAY + 1,
    };
    struct err err;
    struct str body;

    if (ahead && has_entry(page, mine, &view.entry, &err) != RC_OK) {
        page_fail(request, &err);
        return;
    }
    put_frame(page, mine, tr(page->lang, "Delete my data"), note != NULL,
              arena_printf(page->arena, "/r/%s/erase", token),
              &view.site);
    str_init(&body, request->arena, PAGE_MOST);
    template_erase(&body, page->lang, &view);
    respond_html(request, status, &body);
}

void mine_erase(struct request *request)
{
    struct page page = page_of(request);
    struct mine mine = { .phase = PHASE_DRAFT };

    if (mine_load(request, &page, &mine))
        show(request, &page, &mine, 200, NULL);
}

/* The wish, on its way through the writer. */
struct wish {
    struct job job;      /* first */
    struct arena *arena; /* the job's own */
    struct request *request;
    struct page page;
    const struct settings *settings;
    struct mine mine; /* what the page afterwards still says of the meeting */
    struct erased erased;
};

static enum rc wish_run(struct writer *writer, int64_t now, struct job *job,
                        struct err *err)
{
    struct wish *wish = (struct wish *)job;
    enum rc rc = erase_by_link(writer, wish->arena, now, wish->settings,
                               &wish->mine.registration.public_id,
                               &wish->erased, err);

    if (rc == RC_OK)
        job->changed = CHANGE_SEATS | CHANGE_LETTERS | CHANGE_ERASED;
    return rc;
}

static void show_erased(const struct wish *wish)
{
    const struct page *page = &wish->page;
    const struct meeting *meeting = &wish->mine.meeting;
    struct view_erased view = {
        .title = lang_pick(&meeting->title, page->lang),
        .url = page_meeting(page, meeting),
        .live = wish->erased.seat_freed,
    };
    struct str body;

    if (wish->erased.last_letter)
        view.latest = format_date(page->arena, page->lang, meeting->zone,
                                  wish->erased.latest);
    put_frame(page, &wish->mine,
              tr(page->lang, "Your data has been deleted"), false, NULL,
              &view.site);
    str_init(&body, page->arena, PAGE_MOST);
    template_erased(&body, page->lang, &view);
    respond_html(wish->request, 200, &body);
}

static void wish_done(struct job *job)
{
    struct wish *wish = (struct wish *)job;
    struct arena *arena = wish->arena;

    if (job->rc == RC_OK)
        show_erased(wish);
    else if (job->rc == RC_FAIL)
        page_busy(wish->request, &job->err);
    else if (mine_load(wish->request, &wish->page, &wish->mine))
        /* It was there, then it was not, and now it is: nobody's plan. */
        respond_error(wish->request, 404, NULL);
    arena_free(&arena);
}

static void submit(struct request *request, const struct page *page,
                   const struct mine *mine)
{
    struct arena *arena = arena_new();
    struct wish *wish = ARENA_NEW(arena, struct wish);

    wish->job = (struct job){ .run = wish_run, .done = wish_done,
                              .home = page->site->jobs_home };
    wish->arena = arena;
    wish->request = request;
    wish->page = *page;
    wish->settings = page->site->settings;
    wish->mine = *mine;
    if (writing_submit(page->site->writing, &wish->job))
        return;
    arena_free(&arena);
    page_busy(request, NULL);
}

void mine_erase_submit(struct request *request)
{
    struct page page = page_of(request);
    struct mine mine = { .phase = PHASE_DRAFT };

    if (mine_load(request, &page, &mine) &&
        mine_stamp_holds(request, &page, &mine, show))
        submit(request, &page, &mine);
}
