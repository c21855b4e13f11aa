/* "/de/r/{token}/erase": what deleting means, a button, and then what was
 * deleted. The answer to the button is the page itself: there is no address
 * left to which one could be sent on. */
#include "daemon/base/arena.h"
#include "daemon/http/csrf.h"
#include "daemon/http/form.h"
#include "daemon/http/response.h"
#include "daemon/rules/erase.h"
#include "daemon/store/erase_store.h"
#include "daemon/store/letter_store.h"
#include "web/pages/mine_state.h"
#include "web/pages/mine_step.h"
#include "web/pages/pages.h"
#include "web/view/format.h"
#include "web/view/i18n.h"
#include "web/view/templates.h"

#define DAY 86400

/* Whether somebody's calendar holds our entry, as far as can be told before
 * the letters are looked at: another person of that address may need it. */
static enum rc has_entry(const struct page *page, const struct mine *mine,
                         bool *entry, struct err *err)
{
    struct reader *reader = page->site->reader;
    int64_t invite_id = mine->registration.invite_id, users = 0;
    bool on_its_way = false;

    *entry = false;
    if (!registration_is_live(&mine->registration) ||
        mine->phase == PHASE_CANCELLED) /* it has been taken back, or will */
        return erase_letter_queued(reader, mine->registration.id,
                                   LETTER_WITHDRAWAL, entry, err);
    if (invite_id == 0)
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

/* Those without an address of their own are left without a mailbox. */
static enum rc look_ahead(const struct page *page, const struct mine *mine,
                          struct view_erase *view, struct err *err)
{
    enum rc rc = has_entry(page, mine, &view->entry, err);

    return rc == RC_OK && mine->phase != PHASE_CANCELLED
        ? mine_count_led(page, mine, &view->companions, err) : rc;
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

    if (ahead && look_ahead(page, mine, &view, &err) != RC_OK) {
        page_fail(request, &err);
        return;
    }
    mine_frame(page, mine, tr(page->lang, "Delete my data"), "/erase", token,
               note != NULL, &view.site);
    str_init(&body, request->arena, PAGE_MOST);
    template_erase(&body, page->lang, &view);
    respond_html(request, status, &body);
}

void mine_erase(struct request *request)
{
    mine_get(request, show);
}

static void *keep(struct arena *arena, const void *unused)
{
    (void)unused;
    return ARENA_NEW(arena, struct erased);
}

static enum rc run(struct turn *turn, struct mine_step *step,
                   struct err *err)
{
    struct registration r;
    enum rc rc = turn_begin_by_link(turn, &step->registration, &r, err);

    if (rc == RC_OK)
        rc = erase_by_link(turn->writer, turn->arena, turn->now,
                           turn->settings, &step->registration, step->wish,
                           err);
    turn->seats = turn->letters = true;
    return rc;
}

static void show_erased(struct mine_step *step)
{
    const struct page *page = &step->page;
    const struct meeting *meeting = &step->mine.meeting;
    const struct erased *erased = step->wish;
    struct view_erased view = {
        .title = lang_pick(&meeting->title, page->lang),
        .url = page_meeting(page, meeting),
        .live = erased->seat_freed,
    };
    struct str body;

    if (erased->last_letter)
        view.latest = format_date(page->arena, page->lang, meeting->zone,
                                  erased->latest);
    mine_frame(page, &step->mine,
               tr(page->lang, "Your data has been deleted"), NULL, NULL,
               false, &view.site);
    str_init(&body, page->arena, PAGE_MOST);
    template_erased(&body, page->lang, &view);
    respond_html(step->request, 200, &body);
}

static void submit(struct request *request, const struct page *page,
                   const struct mine *mine)
{
    const struct mine_step step = { .run = run, .done = show_erased,
                                    .erases = true, .keep = keep };

    mine_step_submit(request, page, mine, &step);
}

void mine_erase_submit(struct request *request)
{
    mine_post(request, show, submit);
}
