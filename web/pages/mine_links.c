/* "/de/r/": send me my link again. What it answers says nothing about who is
 * registered: there is one answer. */
#include "daemon/base/address.h"
#include "daemon/base/arena.h"
#include "daemon/http/csrf.h"
#include "daemon/http/form.h"
#include "daemon/http/response.h"
#include "daemon/rules/links.h"
#include "web/pages/guard.h"
#include "web/pages/pages.h"
#include "web/view/i18n.h"
#include "web/view/templates.h"
#include "web/view/words.h"

#define STAMP_SUBJECT "r"

/* One wish, on its way through the writer. */
struct asking {
    struct job job;      /* first */
    struct arena *arena; /* the job's own */
    struct request *request;
    struct page page;
    const char *address;
};

static void put_field(const struct page *page, const char *typed,
                      const char *error, struct view_field *field)
{
    *field = (struct view_field){
        .id = "email", .name = "email",
        .label = tr(page->lang, "E-mail address"),
        .hint = tr(page->lang, "The one with which you registered."),
        .error = error, .value = typed,
        .described = error ? "email-hint email-error" : "email-hint",
        .type = "email", .autocomplete = "email",
        .required = true, .plain = true,
    };
}

static void show(struct request *request, const struct page *page,
                 int status, const char *error, const char *note)
{
    bool sent = request->method == METHOD_POST;
    const char *typed = sent ? form_get(request->form, "email") : "";
    struct view_links_form view = {
        .action = page_links(page),
        .stamp = stamp_again(page->arena, page->site->keys, STAMP_SUBJECT,
                             sent ? form_get(request->form, "stamp") : "",
                             page->now),
        .note = note,
    };
    const struct frame frame = {
        .title = tr(page->lang, "Send me my link again"),
        .path = "/r/",
        .fault = error || note,
        .personal = true,
    };
    struct str body;

    put_field(page, typed, error, &view.field);
    page_frame(page, &frame, &view.site);
    str_init(&body, request->arena, PAGE_MOST);
    template_links_form(&body, page->lang, &view);
    respond_html(request, status, &body);
}

void mine_links(struct request *request)
{
    struct page page = page_of(request);

    show(request, &page, 200, NULL, NULL);
}

static void show_sent(const struct asking *asking)
{
    const struct page *page = &asking->page;
    const struct frame frame = {
        .title = tr(page->lang, "Look into your mailbox"),
        .path = "/r/",
        .personal = true,
    };
    struct view_links_sent view = { .back_url = page_home(page) };
    struct str body;

    page_frame(page, &frame, &view.site);
    str_init(&body, page->arena, PAGE_MOST);
    template_links_sent(&body, page->lang, &view);
    respond_html(asking->request, 200, &body);
}

static enum rc asking_run(struct writer *writer, int64_t now,
                          struct job *job, struct err *err)
{
    struct asking *asking = (struct asking *)job;
    bool letters;
    enum rc rc = links_send(writer, asking->arena, now,
                            asking->page.site->settings, asking->address,
                            &letters, err);

    if (rc == RC_OK && letters)
        job->changed = CHANGE_LETTERS;
    return rc;
}

static void asking_done(struct job *job)
{
    struct asking *asking = (struct asking *)job;
    struct arena *arena = asking->arena;

    if (job->rc == RC_OK)
        show_sent(asking);
    else
        page_busy(asking->request, &job->err);
    arena_free(&arena);
}

static void submit(struct request *request, const struct page *page,
                   const char *address)
{
    struct arena *arena = arena_new();
    struct asking *asking = ARENA_NEW(arena, struct asking);

    asking->job = (struct job){ .run = asking_run, .done = asking_done,
                                .home = page->site->jobs_home };
    asking->arena = arena;
    asking->request = request;
    asking->page = *page;
    asking->address = arena_strdup(arena, address);
    if (writing_submit(page->site->writing, &asking->job))
        return;
    arena_free(&arena);
    page_busy(request, NULL);
}

/* A program is told so, and nothing is sent: a person presses once more. */
static bool is_by_hand(struct request *request, const struct page *page)
{
    int64_t shown_at;

    switch (stamp_check(page->site->keys, STAMP_SUBJECT,
                        form_get(request->form, "stamp"), page->now,
                        &shown_at)) {
    case STAMP_OK:
        if (!guard_suspects(request, page, shown_at))
            return true;
        show(request, page, 422, NULL,
             tr(page->lang, "That went very fast. Please press the button "
                            "once more."));
        break;
    case STAMP_OLD:
        show(request, page, 422, NULL,
             tr(page->lang, "This page had been open for more than a day. "
                            "Please press the button once more."));
        break;
    case STAMP_FALSE:
        show(request, page, 403, NULL,
             tr(page->lang, "This request did not come from this page. "
                            "Please press the button here."));
        break;
    }
    return false;
}

void mine_links_submit(struct request *request)
{
    struct page page = page_of(request);
    char *address = NULL;
    enum address_verdict verdict = address_check(
        page.arena, form_get(request->form, "email"), &address);

    if (!is_by_hand(request, &page))
        return;
    if (verdict == ADDRESS_OK)
        submit(request, &page, address);
    else
        show(request, &page, 422,
             tr(page.lang, words_address_advice(verdict)), NULL);
}

void mine_links_without_slash(struct request *request)
{
    respond_redirect(request, 301,
                     arena_printf(request->arena, "/%s/r/",
                                  lang_code(request->lang)));
}
