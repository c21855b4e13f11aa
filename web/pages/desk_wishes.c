/* "/de/desk/{alliance}/{meeting}/requests": what people ask to have changed
 * after the deadline for that, what it is now and what it would be, granted
 * or declined by a button. */
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/text.h"
#include "daemon/http/form.h"
#include "daemon/http/response.h"
#include "daemon/rules/decide.h"
#include "daemon/rules/wish.h"
#include "daemon/store/alliance_store.h"
#include "daemon/store/wish_store.h"
#include "web/pages/desk.h"
#include "web/pages/desk_words.h"
#include "web/pages/wish_words.h"
#include "web/view/format.h"
#include "web/view/i18n.h"
#include "web/view/templates.h"

#define SHOWN_MOST 100
#define LIST_MOST ((size_t)4 * 1024 * 1024)

/* What was typed or has been said about one of them. */
struct said {
    int status;
    bool fine;
    const char *note;
    struct id wish; /* to which the reason belongs */
    const char *reason, *reason_error;
};

/* ---- the page ---- */

static const char *about(enum lang lang, enum wish_kind kind)
{
    static const char *const words[WISH_KIND_COUNT] = {
        [WISH_CHANGE] = N_("Change of details"),
        [WISH_MODE] = N_("Another way of taking part"),
        [WISH_HANDOVER] = N_("Handing over the place"),
        [WISH_ANSWERS] = N_("Change of the answers"),
    };

    return tr(lang, words[kind]);
}

static const char *own_value(const struct page *page,
                             const struct registration *r, const char *field)
{
    const struct person *p = &r->person;
    const struct {
        const char *field, *value;
    } all[] = {
        { FIELD_GIVEN, p->given_name },
        { FIELD_FAMILY, p->family_name },
        { FIELD_TITLE, p->title },
        { FIELD_EMAIL, p->address },
        { FIELD_ORGANISATION, p->organisation },
        { FIELD_POSITION, p->position },
        { FIELD_BENCH, p->bench_id == 0 ? "" : arena_printf(
              page->arena, "%lld", (long long)p->bench_id) },
        { FIELD_INVITE, r->wants_invite ? "yes" : "no" },
        { FIELD_MODE, mode_word(r->mode) },
    };

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(all[i].field, field) == 0 && all[i].value)
            return all[i].value;
    return "";
}

/* Both in the words of the same fields, side by side. */
static void fill_rows(const struct page *page, const struct benches *benches,
                      const struct wish *wish, const struct registration *r,
                      struct view_desk_differences *rows)
{
    struct wish is = *wish;
    struct view_entries wanted, now;

    is.values = ARENA_ARRAY(page->arena, struct wish_value, wish->count);
    for (size_t i = 0; i < wish->count; i++)
        is.values[i] = (struct wish_value){
            wish->values[i].field,
            own_value(page, r, wish->values[i].field),
        };
    wanted = now = (struct view_entries){ 0 };
    wish_entries(page, benches, wish, &wanted);
    wish_entries(page, benches, &is, &now);
    rows->items = ARENA_ARRAY(page->arena, struct view_desk_difference,
                              wanted.count);
    for (size_t i = 0; i < wanted.count; i++)
        rows->items[rows->count++] = (struct view_desk_difference){
            .label = wanted.items[i].label, .is = now.items[i].value,
            .wanted = wanted.items[i].value,
            .differs = strcmp(now.items[i].value, wanted.items[i].value) != 0,
        };
}

static enum rc fill_answers(const struct page *page, const struct wish *wish,
                            const struct registration *r,
                            struct view_desk_differences *rows,
                            struct err *err)
{
    struct ask_given given;
    struct answer_changes changes;
    enum rc rc = ask_given_load(page->site->reader, page->arena,
                                r->meeting_id, r->id, &given, err);

    if (rc != RC_OK)
        return rc;
    wish_answer_changes(page, &given, r->mode, wish, &changes);
    rows->items = ARENA_ARRAY(page->arena, struct view_desk_difference,
                              changes.count);
    for (size_t i = 0; i < changes.count; i++) {
        const struct answer_change *change = &changes.items[i];

        rows->items[rows->count++] = (struct view_desk_difference){
            .label = lang_pick(&change->question->label, page->lang),
            .is = wish_answer_words(page, change->question, change->was),
            .wanted = wish_answer_words(page, change->question,
                                        change->became),
            .differs = true,
        };
    }
    return RC_OK;
}

static enum rc fill_wish(const struct page *page,
                         const struct meeting *meeting,
                         const struct benches *benches,
                         const struct wish *wish, const struct said *said,
                         struct view_desk_wishes *view, struct err *err)
{
    struct registration r;
    struct arena *arena = page->arena;
    size_t at = view->wishes.count;
    enum rc rc = registration_by_id(page->site->reader, arena,
                                    wish->registration_id, &r, err);

    if (rc != RC_OK)
        return rc;
    bool meant = id_equal(&wish->public_id, &said->wish);
    struct view_desk_wish *to = &view->wishes.items[view->wishes.count++];
    *to = (struct view_desk_wish){
        .id = arena_printf(arena, "reason-%zu", at + 1),
        .token = token_make(arena, page->site->keys, TOKEN_WISH,
                            &wish->public_id, 0),
        .name = desk_sorted_name(arena, &r.person),
        .reference = r.reference,
        .about = about(page->lang, wish->kind),
        .made = format_short(arena, page->lang, meeting->zone,
                             wish->made_at),
        .made_iso = format_iso(arena, meeting->zone, wish->made_at),
        .reason = meant ? said->reason : NULL,
        .error = meant ? said->reason_error : NULL,
    };
    if (to->error)
        view->error = (struct view_fault){
            .words = to->error, .url = arena_printf(arena, "#%s", to->id),
        };
    if (wish->kind == WISH_ANSWERS)
        return fill_answers(page, wish, &r, &to->rows, err);
    fill_rows(page, benches, wish, &r, &to->rows);
    return RC_OK;
}

static enum rc fill(struct request *request, const struct page *page,
                    const struct meeting *meeting, const struct said *said,
                    struct view_desk_wishes *view, struct err *err)
{
    struct reader *reader = page->site->reader;
    const char *tail = desk_meeting_tail(page, meeting);
    struct benches benches;
    struct wishes open;
    int64_t count = 0;
    enum rc rc = bench_list(reader, page->arena, meeting->alliance_id,
                            &benches, err);

    if (rc == RC_OK)
        rc = wish_count_open(reader, meeting->id, &count, err);
    if (rc == RC_OK)
        rc = wish_open(reader, page->arena, meeting->id, 0, SHOWN_MOST,
                       &open, err);
    if (rc != RC_OK)
        return rc;
    view->title = lang_pick(&meeting->title, page->lang);
    view->back_url = desk_url(page, tail);
    view->action = arena_printf(page->arena, "%s/requests", view->back_url);
    view->csrf = request->login->csrf;
    view->note = said->note;
    view->fine = said->fine;
    view->wishes.items = ARENA_ARRAY(page->arena, struct view_desk_wish,
                                     open.count);
    for (size_t i = 0; i < open.count && rc != RC_FAIL; i++)
        rc = fill_wish(page, meeting, &benches, &open.items[i], said, view,
                       err);
    if (count > (int64_t)view->wishes.count)
        view->more = format_number(page->arena, page->lang,
                                   count - (int64_t)view->wishes.count);
    return rc == RC_FAIL ? rc : RC_OK;
}

static void show(struct request *request, const struct meeting *meeting,
                 const struct said *said)
{
    struct page page = page_of(request);
    struct view_desk_wishes view = { 0 };
    struct err err;
    struct str body;

    if (fill(request, &page, meeting, said, &view, &err) != RC_OK) {
        page_fail(request, &err);
        return;
    }
    const struct frame frame = {
        .title = arena_printf(page.arena, "%s – %s",
                              tr(page.lang, "Requests"), view.title),
        .path = arena_printf(page.arena, "%s/requests",
                             desk_meeting_tail(&page, meeting)),
        .fault = said->status != 200,
    };
    desk_frame(request, &page, &frame, &view.site);
    str_init(&body, page.arena, LIST_MOST);
    template_desk_wishes(&body, page.lang, &view);
    respond_html(request, said->status, &body);
}

void desk_wishes(struct request *request)
{
    struct meeting meeting;

    if (desk_find_meeting(request, RIGHT_DECIDE, &meeting))
        show(request, &meeting, &(struct said){ .status = 200 });
}

/* ---- the buttons ---- */

struct deciding {
    struct job job; /* first */
    struct request *request;
    struct meeting meeting;
    int64_t wish_id;
    bool granted;
    const char *name;
    struct said said;
    enum wish_outcome outcome;
};

static enum rc run(struct writer *writer, int64_t now, struct job *job,
                   struct err *err)
{
    struct deciding *d = (struct deciding *)(void *)job;
    struct request *request = d->request;
    struct turn turn = {
        .writer = writer, .arena = request->arena, .now = now,
        .settings = request->site->settings,
        .actor = request->login->account.id,
    };

    page_notices(request->site, turn.notice);
    enum rc rc = wish_decide(&turn, d->wish_id, d->granted, d->said.reason,
                             &d->outcome, err);

    /* What was asked goes with it, and a former holder's details. */
    job->changed = (turn.seats ? CHANGE_SEATS : 0) |
                   (turn.letters ? CHANGE_LETTERS : 0) |
                   (d->granted && d->outcome == WISH_DONE ? CHANGE_ERASED
                                                          : 0);
    return rc;
}

static const char *outcome_words(const struct deciding *d)
{
    enum lang lang = d->request->lang;

    switch (d->outcome) {
    case WISH_DONE:
        return d->granted ? tr(lang, "Granted. They get an e-mail that says "
                                     "so.")
             : *d->said.reason
                          ? tr(lang, "Declined. They get an e-mail with your "
                                     "reason.")
                          : tr(lang, "Declined. They get an e-mail that says "
                                     "so.");
    case WISH_SAME:
        return tr(lang, "That person is registered already. The request "
                        "stays open.");
    case WISH_FULL:
        return tr(lang, "There is no place left for that. The request stays "
                        "open.");
    case WISH_CLOSED:
        return tr(lang, "The registration or the meeting is cancelled, or "
                        "over.");
    case WISH_NONE:
    case WISH_SOON:
        break;
    }
    return tr(lang, "This request has been decided or withdrawn meanwhile.");
}

static void done(struct job *job)
{
    struct deciding *d = (struct deciding *)(void *)job;

    if (job->rc == RC_FAIL) {
        page_busy(d->request, &job->err);
        return;
    }
    d->said.fine = job->rc == RC_OK && d->outcome == WISH_DONE;
    d->said.status = d->said.fine ? 200 : 409;
    d->said.note = arena_printf(d->request->arena, "%s: %s", d->name,
                                outcome_words(d));
    if (d->said.fine)
        d->said.reason = NULL;
    show(d->request, &d->meeting, &d->said);
}

/* RC_NOT_FOUND: there is none, or none of this meeting. */
static enum rc find(struct deciding *d, struct err *err)
{
    const struct site *site = d->request->site;
    const char *token = form_get(d->request->form, "request");
    struct registration r;
    struct wish wish;

    if (!token_valid(site->keys, TOKEN_WISH, token, 0) ||
        !token_id(token, &d->said.wish))
        return RC_NOT_FOUND;
    enum rc rc = wish_by_public_id(site->reader, d->request->arena,
                                   &d->said.wish, &wish, err);
    if (rc == RC_OK)
        rc = registration_by_id(site->reader, d->request->arena,
                                wish.registration_id, &r, err);
    if (rc != RC_OK || r.meeting_id != d->meeting.id)
        return rc == RC_OK ? RC_NOT_FOUND : rc;
    d->wish_id = wish.id;
    d->name = desk_sorted_name(d->request->arena, &r.person);
    return RC_OK;
}

static bool reason_is_fine(struct deciding *d)
{
    d->said.reason = text_clean_line(d->request->arena,
                                     form_get(d->request->form, "reason"));
    d->said.reason_error = desk_reason_fault(d->request->lang,
                                             d->said.reason);
    if (!d->said.reason_error)
        return true;
    d->said.status = 422;
    return false;
}

void desk_wishes_submit(struct request *request)
{
    struct deciding *d = ARENA_NEW(request->arena, struct deciding);
    const char *deed = form_get(request->form, "deed");
    struct err err;

    d->request = request;
    d->granted = strcmp(deed, "grant") == 0;
    if (!desk_find_meeting(request, RIGHT_DECIDE, &d->meeting))
        return;
    enum rc rc = d->granted || strcmp(deed, "decline") == 0
        ? find(d, &err) : RC_NOT_FOUND;
    if (rc == RC_FAIL) {
        page_fail(request, &err);
        return;
    }
    d->outcome = WISH_NONE;
    if (rc == RC_NOT_FOUND || !reason_is_fine(d)) {
        if (rc == RC_NOT_FOUND)
            d->said = (struct said){ .status = 409,
                                     .note = outcome_words(d) };
        show(request, &d->meeting, &d->said);
        return;
    }
    d->job = (struct job){ .run = run, .repeatable = true, .done = done,
                           .home = request->site->jobs_home };
    if (!writing_submit(request->site->writing, &d->job))
        page_busy(request, NULL);
}
