/* Reporting a barrier (EXPERIENCE A31). Only the message is compulsory, and
 * what was typed is shown to the operator alone: in one letter and at the
 * desk. One cut: what is checked here (submit), what the writer did (done). */
#include "web/pages/feedback.h"

#include <string.h>

#include "daemon/base/address.h"
#include "daemon/base/arena.h"
#include "daemon/base/log.h"
#include "daemon/base/text.h"
#include "daemon/http/csrf.h"
#include "daemon/http/form.h"
#include "daemon/http/response.h"
#include "daemon/model/feedback.h"
#include "daemon/rules/feedback.h"
#include "web/pages/guard.h"
#include "web/pages/pages.h"
#include "web/pages/statement.h"
#include "web/texts.h"
#include "web/view/i18n.h"
#include "web/view/templates.h"
#include "web/view/words.h"

#define FORM_PATH "/" FEEDBACK_FORM
#define STAMP_SUBJECT FEEDBACK_FORM
#define DAY 86400

enum { MESSAGE, PAGE, ADDRESS, FIELD_COUNT };

static const char *const names[FIELD_COUNT] = {
    [MESSAGE] = "message", [PAGE] = "page", [ADDRESS] = "email",
};

/* One try: from here to the writer's thread and back. */
struct reporting {
    struct job job;      /* first */
    struct arena *arena; /* the job's own; the request's stays here */
    struct request *request;
    struct page page;
    const struct settings *settings;
    const char *typed[FIELD_COUNT];
    const char *error[FIELD_COUNT]; /* NULL: nothing is wrong there */
    struct feedback in;
};

const char *feedback_url(const struct page *page, const char *path)
{
    const char *form = page_alliance(page, FEEDBACK_FORM);

    return path && strcmp(path, FORM_PATH) != 0
               ? arena_printf(page->arena, "%s?page=/%s%s", form,
                              lang_code(page->lang), path)
               : form;
}

/* ---- showing ---- */

static const char *described(const struct page *page, int field, bool hint,
                             bool error)
{
    const char *name = names[field];

    return arena_printf(page->arena, "%s%s%s%s%s", hint ? name : "",
                        hint ? "-hint" : "", hint && error ? " " : "",
                        error ? name : "", error ? "-error" : "");
}

static struct view_field field_of(const struct reporting *r, int field,
                                  const char *label, const char *hint)
{
    return (struct view_field){
        .id = names[field], .name = names[field],
        .label = tr(r->page.lang, label),
        .hint = hint ? tr(r->page.lang, hint) : NULL,
        .error = r->error[field],
        .value = r->typed[field],
        .described = described(&r->page, field, hint != NULL,
                               r->error[field] != NULL),
        .type = "text", .autocomplete = "off", .plain = true,
    };
}

static void add_faults(const struct reporting *r, struct view_faults *to)
{
    to->items = ARENA_ARRAY(r->page.arena, struct view_fault, FIELD_COUNT);
    for (int i = 0; i < FIELD_COUNT; i++)
        if (r->error[i])
            to->items[to->count++] = (struct view_fault){
                .url = arena_printf(r->page.arena, "#%s", names[i]),
                .words = r->error[i],
            };
}

static void fill(const struct reporting *r, struct view_feedback *view)
{
    const struct page *page = &r->page;
    const struct texts *texts = page->site->texts;

    view->action = page_alliance(page, FEEDBACK_FORM);
    view->stamp = stamp_again(
        page->arena, page->site->keys, STAMP_SUBJECT,
        r->request->method == METHOD_POST
            ? form_get(r->request->form, "stamp") : "", page->now);
    view->message = field_of(
        r, MESSAGE, N_("What hinders you?"),
        N_("For example: I cannot reach the button with the keyboard."));
    view->page = field_of(r, PAGE, N_("Which page is it about? (optional)"),
                          NULL);
    view->address = field_of(r, ADDRESS, N_("E-mail address (optional)"),
                             N_("If you would like an answer."));
    view->address.type = view->address.autocomplete = "email";
    view->days = page->site->settings->feedback_keep / DAY;
    if (texts && texts_get(texts, TEXT_DATENSCHUTZ, page->lang))
        view->privacy_url =
            page_alliance(page, texts_slug(TEXT_DATENSCHUTZ));
    add_faults(r, &view->errors);
}

/* note NULL: nothing to say but what stands at the fields. */
static void show(struct reporting *r, int status, const char *note)
{
    const struct page *page = &r->page;
    struct view_feedback view = { .note = note };
    struct frame frame = { .title = tr(page->lang, "Report a barrier"),
                           .path = FORM_PATH };
    struct str body;

    fill(r, &view);
    frame.fault = note || view.errors.count;
    page_frame(page, &frame, &view.site);
    view.site.switch_form = "feedback";
    view.site.other_url = page_other_lang(page, view.action);
    str_init(&body, page->arena, PAGE_MOST);
    template_feedback(&body, page->lang, &view);
    respond_html(r->request, status, &body);
}

/* Only what an address of ours can look like is put into the form for
 * somebody: never what a foreign link would have them say. */
static bool is_local_path(const char *path)
{
    return path[0] == '/' && path[1] != '/' &&
           strlen(path) <= FEEDBACK_PAGE_MOST &&
           strspn(path, "abcdefghijklmnopqrstuvwxyz0123456789-/") ==
               strlen(path);
}

void feedback_form(struct request *request)
{
    const char *path = request_query(request, "page");
    struct reporting r = {
        .request = request, .page = page_of(request),
        .typed = { "", path && is_local_path(path) ? path : "", "" },
    };

    show(&r, 200, NULL);
}

void feedback_thanks(struct request *request)
{
    struct page page = page_of(request);
    struct view_feedback_thanks view = { .statement_url = NULL };
    const struct frame frame = { .title = tr(page.lang, "Thank you"),
                                 .path = "/" FEEDBACK_THANKS };
    struct str body;

    if (statement_is_there(page.site, page.lang))
        view.statement_url =
            page_alliance(&page, texts_slug(TEXT_BARRIEREFREIHEIT));
    page_frame(&page, &frame, &view.site);
    str_init(&body, page.arena, PAGE_MOST);
    template_feedback_thanks(&body, page.lang, &view);
    respond_html(request, 200, &body);
}

/* ---- checking ---- */

/* A browser ends the lines of a text with CR and LF. */
static char *with_plain_ends(struct arena *arena, const char *typed)
{
    char *text = arena_strdup(arena, typed), *to = text;

    for (const char *from = text; *from; from++)
        if (*from != '\r')
            *to++ = *from;
    *to = '\0';
    return text;
}

static const char *check_message(struct reporting *r)
{
    const char *typed = with_plain_ends(r->page.arena, r->typed[MESSAGE]);

    r->in.message = text_clean(r->page.arena, typed);
    if (!*r->in.message)
        return N_("Please tell us what hinders you, for example: I cannot "
                  "reach the button with the keyboard.");
    if (text_has_control(typed, true))
        return N_("Please remove invisible characters here.");
    if (text_characters(r->in.message) > FEEDBACK_MESSAGE_MOST)
        return N_("Please shorten this to at most 2,000 characters.");
    return NULL;
}

static const char *check_page(struct reporting *r)
{
    r->in.page = text_clean_line(r->page.arena, r->typed[PAGE]);
    if (text_has_control(r->typed[PAGE], false))
        return N_("Please remove line breaks and invisible characters "
                  "here.");
    if (text_characters(r->in.page) > FEEDBACK_PAGE_MOST)
        return N_("Please shorten this to at most 500 characters.");
    return NULL;
}

static const char *check_address(struct reporting *r)
{
    char *address = NULL;
    enum address_verdict verdict =
        address_check(r->page.arena, r->typed[ADDRESS], &address);

    r->in.address = verdict == ADDRESS_OK ? address : NULL;
    return verdict == ADDRESS_EMPTY ? NULL : words_address_advice(verdict);
}

static bool is_fine(struct reporting *r)
{
    static const char *(*const checks[FIELD_COUNT])(struct reporting *) = {
        [MESSAGE] = check_message, [PAGE] = check_page,
        [ADDRESS] = check_address,
    };
    bool fine = true;

    for (int i = 0; i < FIELD_COUNT; i++) {
        const char *advice = checks[i](r);

        r->error[i] = advice ? tr(r->page.lang, advice) : NULL;
        fine = fine && !advice;
    }
    return fine;
}

static bool stamp_is_fine(struct reporting *r, int64_t *shown_at)
{
    const struct page *page = &r->page;

    switch (stamp_check(page->site->keys, STAMP_SUBJECT,
                        form_get(r->request->form, "stamp"), page->now,
                        shown_at)) {
    case STAMP_OK:
        return true;
    case STAMP_OLD:
        show(r, 422, tr(page->lang, "This form had been open for more than "
                                    "a day. Please look through it and send "
                                    "it once more."));
        break;
    case STAMP_FALSE:
        show(r, 403, tr(page->lang, "This form did not come from this page. "
                                    "Please look through it and send it "
                                    "once more from here."));
        break;
    }
    return false;
}

/* ---- sending ---- */

static enum rc report_run(struct writer *writer, int64_t now,
                          struct job *job, struct err *err)
{
    struct reporting *r = (struct reporting *)(void *)job;
    bool letter;
    enum rc rc = feedback_receive(writer, r->arena, now, r->settings, &r->in,
                                  &letter, err);

    if (rc == RC_OK && letter)
        job->changed |= CHANGE_LETTERS;
    return rc;
}

static void show_busy(struct reporting *r)
{
    response_field(r->request, "Retry-After", PAGE_RETRY_AFTER);
    show(r, 503, tr(r->page.lang, "We could not save your report just now. "
                                  "Please send it again in a moment; "
                                  "everything that you typed is still "
                                  "here."));
}

static void report_done(struct job *job)
{
    struct reporting *r = (struct reporting *)(void *)job;
    struct arena *arena = r->arena;

    if (job->rc == RC_FAIL) {
        log_error("request %016llx: a report was not saved: %s",
                  (unsigned long long)r->request->id, job->err.text);
        show_busy(r);
    } else {
        respond_redirect(r->request, 303,
                         page_alliance(&r->page, FEEDBACK_THANKS));
    }
    arena_free(&arena);
}

/* The writer's thread touches nothing of the request's. */
static void submit(const struct reporting *checked)
{
    struct arena *arena = arena_new();
    struct reporting *r = ARENA_NEW(arena, struct reporting);
    struct site *site = checked->page.site;

    *r = *checked;
    r->job = (struct job){ .run = report_run, .repeatable = true,
                           .done = report_done, .home = site->jobs_home };
    r->arena = arena;
    r->settings = site->settings;
    r->in.message = arena_strdup(arena, checked->in.message);
    r->in.page = arena_strdup(arena, checked->in.page);
    if (checked->in.address)
        r->in.address = arena_strdup(arena, checked->in.address);
    r->in.lang = checked->page.lang;
    if (writing_submit(site->writing, &r->job))
        return;
    show_busy(r);
    arena_free(&arena);
}

void feedback_submit(struct request *request)
{
    struct reporting r = { .request = request, .page = page_of(request) };
    int64_t shown_at;

    for (int i = 0; i < FIELD_COUNT; i++)
        r.typed[i] = form_get(request->form, names[i]);
    if (form_has(request->form, "switch"))
        show(&r, 200, NULL);
    else if (!stamp_is_fine(&r, &shown_at))
        return;
    else if (!is_fine(&r))
        show(&r, 422, NULL);
    else if (guard_suspects(request, &r.page, shown_at))
        show(&r, 422, tr(request->lang, "This came as quickly as from a "
                                        "program. If you are a person, "
                                        "please send it once more."));
    else
        submit(&r);
}
