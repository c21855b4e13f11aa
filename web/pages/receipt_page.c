/* "…/done/{receipt}": what was sent and what happens next; and the form for
 * one more person of the same organisation. */
#include "daemon/base/arena.h"
#include "daemon/http/response.h"
#include "daemon/store/alliance_store.h"
#include "web/pages/ask_answers.h"
#include "web/pages/entries.h"
#include "web/pages/facts.h"
#include "web/pages/meeting_page.h"
#include "web/pages/pages.h"
#include "web/pages/receipt_words.h"
#include "web/view/templates.h"
#include "web/view/i18n.h"

/* A receipt and the meeting in whose address it stands. */
struct shown {
    struct receipt receipt;
    struct meeting_data data;
};

/* False: has been answered. */
static bool open_receipt(struct request *request, const struct page *page,
                         struct shown *shown)
{
    struct err err;
    enum receipt_verdict verdict =
        receipt_open(page->arena, page->site->keys, request->params[2],
                     page->now, &shown->receipt);
    enum rc rc;

    if (verdict == RECEIPT_EXPIRED)
        respond_error(request, 410,
                      tr(page->lang, "This page is shown for two days after "
                                     "registering. Your registration is safe: "
                                     "the link in your confirmation e-mail "
                                     "shows it at any time."));
    if (verdict == RECEIPT_BROKEN)
        respond_error(request, 404, NULL);
    if (verdict != RECEIPT_OK)
        return false;
    rc = meeting_data_load(page, request->params[0], request->params[1],
                           &shown->data, &err);
    if (rc == RC_FAIL) {
        page_fail(request, &err);
    } else if (rc == RC_NOT_FOUND ||
               shown->data.meeting.id != shown->receipt.meeting_id) {
        respond_error(request, 404, NULL);
        rc = RC_NOT_FOUND;
    }
    return rc == RC_OK;
}

static void put_frame(const struct page *page, const char *box,
                      const struct shown *shown, struct view_done *view)
{
    const struct meeting *meeting = &shown->data.meeting;
    const struct frame frame = {
        .title = arena_printf(page->arena, "%s – %s", view->heading,
                              view->title),
        .path = arena_printf(page->arena, "%s/done/%s",
                             page_meeting_tail(page, meeting), box),
        .alliance = &shown->data.alliance,
        .personal = true,
    };

    page_frame(page, &frame, &view->site);
}

static void show(struct request *request, const struct page *page,
                 const struct shown *shown)
{
    const struct meeting *meeting = &shown->data.meeting;
    const struct receipt_person *lead = &shown->receipt.people[0];
    const char *box = request->params[2];
    struct view_done view = {
        .title = lang_pick(&meeting->title, page->lang),
        .url = page_meeting(page, meeting),
    };
    struct str body;

    view.again_url = arena_printf(page->arena, "%s/done/%s/again#anmeldung",
                                  view.url, box);
    receipt_words_fill(page, meeting, &shown->receipt, &view);
    facts_fill_own(page, meeting, lead->mode, &view.facts);
    entries_fill(page, &lead->person, lead->mode, &shown->data.benches,
                 &view.entries);
    ask_entries(page->arena, page->lang, &shown->data.questions,
                &shown->receipt.answers, &view.entries);
    put_frame(page, box, shown, &view);
    str_init(&body, request->arena, PAGE_MOST);
    template_done(&body, page->lang, &view);
    respond_html(request, 200, &body);
}

static bool load_alliance(struct request *request, const struct page *page,
                          struct shown *shown)
{
    struct err err = { "its alliance is gone" };

    if (alliance_by_id(page->site->reader, page->arena,
                       shown->data.meeting.alliance_id,
                       &shown->data.alliance, &err) == RC_OK)
        return true;
    page_fail(request, &err);
    return false;
}

void receipt_show(struct request *request)
{
    struct page page = page_of(request);
    struct shown shown = { .data = { .alliance = { 0 } } };

    if (open_receipt(request, &page, &shown) &&
        load_alliance(request, &page, &shown))
        show(request, &page, &shown);
}

void receipt_again(struct request *request)
{
    struct page page = page_of(request);
    struct shown shown = { .data = { .alliance = { 0 } } };
    struct signup_party form;
    const struct meeting_showing showing = {
        .form = &form,
        .title = tr(page.lang, "Register another person"),
        .personal = true,
    };
    enum meeting_phase phase;
    struct str body;
    struct err err;

    if (!open_receipt(request, &page, &shown))
        return;
    const struct person *lead = &shown.receipt.people[0].person;
    signup_party_clear(&form, shown.receipt.wants_invite);
    form.people[0].value[SIGNUP_ORGANISATION] = lead->organisation;
    if (lead->bench_id)
        form.people[0].value[SIGNUP_BENCH] =
            arena_printf(page.arena, "%lld", (long long)lead->bench_id);
    str_init(&body, request->arena, PAGE_MOST);
    if (meeting_page_render(&page, &shown.data, &showing, &body, &phase,
                            &err) == RC_OK) {
        respond_html(request, 200, &body);
    } else {
        page_fail(request, &err);
    }
}
