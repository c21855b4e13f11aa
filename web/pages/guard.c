#include "web/pages/guard.h"

#include "daemon/base/arena.h"
#include "daemon/http/form.h"
#include "daemon/http/limit.h"
#include "daemon/http/response.h"
#include "daemon/store/alliance_store.h"
#include "web/pages/challenge.h"
#include "web/pages/meeting_page.h"
#include "web/view/i18n.h"
#include "web/view/static.h"
#include "web/view/templates.h"

/* Everything that was sent but what this page adds itself. */
static void carry(const struct page *page, const struct form *form,
                  struct view_carried *to)
{
    to->items =
        ARENA_ARRAY(page->arena, struct view_carry, form->count + 1);
    for (size_t i = 0; i < form->count; i++)
        if (!challenge_owns(form->fields[i].name))
            to->items[to->count++] = (struct view_carry){
                form->fields[i].name, form->fields[i].value
            };
}

static void put_question(const struct page *page, bool wrong,
                         struct view_guard *view)
{
    const char *error = tr(page->lang, "Please try once more: enter the "
                                       "sum as a number or as a word.");

    view->answer = (struct view_field){
        .id = CHALLENGE_ANSWER,
        .name = CHALLENGE_ANSWER,
        .label = challenge_question(page->arena, page->lang,
                                    view->challenge),
        .hint = tr(page->lang, "As a number or as a word."),
        .error = wrong ? error : NULL,
        .value = "",
        .type = "text",
        .autocomplete = "off",
        .described = wrong ? CHALLENGE_ANSWER "-hint " CHALLENGE_ANSWER
                                              "-error"
                           : CHALLENGE_ANSWER "-hint",
        .plain = true,
    };
}

static void put_frame(const struct page *page, const struct meeting *meeting,
                      const struct alliance *alliance, bool wrong,
                      struct view_guard *view)
{
    const struct frame frame = {
        .title = arena_printf(page->arena, "%s – %s",
                              tr(page->lang, "One short question"),
                              view->title),
        .path = page_meeting_tail(page, meeting),
        .alliance = alliance,
        .fault = wrong,
        .personal = true,
    };

    page_frame(page, &frame, &view->site);
    view->site.switch_form = "once";
    view->site.other_url =
        arena_printf(page->arena, "%s#anmeldung",
                     page_other_lang(page, view->action));
}

static void ask(struct request *request, const struct page *page,
                const struct meeting *meeting,
                const struct challenge *challenge, bool wrong)
{
    struct view_guard view = {
        .title = lang_pick(&meeting->title, page->lang),
        .action = arena_printf(page->arena, "%s/register",
                               page_meeting(page, meeting)),
        .challenge = challenge_make(page->arena, challenge, request->form,
                                    page->now),
        .bits = challenge->bits,
        .parts = CHALLENGE_PARTS,
        .script = static_url("once.js"),
    };
    struct alliance alliance;
    struct str body;
    struct err err;

    if (alliance_by_id(page->site->reader, page->arena, meeting->alliance_id,
                       &alliance, &err) != RC_OK) {
        page_fail(request, &err);
        return;
    }
    carry(page, request->form, &view.carried);
    put_question(page, wrong, &view);
    put_frame(page, meeting, &alliance, wrong, &view);
    str_init(&body, request->arena, PAGE_MOST);
    template_guard(&body, page->lang, &view);
    if (body.overflow)
        respond_error(request, 413, NULL);
    else
        respond_html(request, wrong ? 422 : 200, &body);
}

bool guard_suspects(const struct request *request, const struct page *page,
                    int64_t shown_at)
{
    if (*form_get(request->form, GUARD_TRAP))
        return true;
    return !request->exempt &&
           page->now - shown_at < page->site->settings->form_age;
}

static bool has_room(const struct request *request, const struct page *page,
                     enum rate_kind kind, int64_t *wait)
{
    return limiter_admit(page->site->limiter, kind, &request->client,
                         page->now, wait);
}

static enum guard_verdict admit(struct request *request,
                                const struct page *page,
                                int64_t *minutes_to_wait)
{
    int64_t wait;

    if (has_room(request, page, RATE_SIGNUPS, &wait))
        return GUARD_ADMITS;
    *minutes_to_wait = (wait + 59) / 60;
    response_field(request, "Retry-After",
                   arena_printf(request->arena, "%lld", (long long)wait));
    return GUARD_TOO_MANY;
}

enum guard_verdict guard_judge(struct request *request,
                               const struct page *page,
                               const struct meeting *meeting,
                               int64_t shown_at, int64_t *minutes_to_wait)
{
    const struct challenge challenge = {
        .keys = page->site->keys,
        .subject = meeting_page_subject(meeting),
        .bits = page->site->settings->work_bits,
    };
    enum challenge_verdict verdict = challenge_check(
        page->arena, &challenge, request->form, page->now);
    int64_t wait;

    if (verdict != CHALLENGE_MET &&
        (guard_suspects(request, page, shown_at) ||
         !has_room(request, page, RATE_FREE_SIGNUPS, &wait))) {
        ask(request, page, meeting, &challenge, verdict == CHALLENGE_WRONG);
        return GUARD_ASKED;
    }
    return admit(request, page, minutes_to_wait);
}
