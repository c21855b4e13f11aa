/* POST "/de/sachsen/arbeit-2030/register". One cut: what is checked here
 * (submit), what the writer decided (done). */
#include "daemon/base/arena.h"
#include "daemon/base/log.h"
#include "daemon/http/csrf.h"
#include "daemon/http/form.h"
#include "daemon/http/response.h"
#include "daemon/rules/signup.h"
#include "daemon/store/meeting_store.h"
#include "daemon/store/registration_store.h"
#include "daemon/store/seat_store.h"
#include "web/pages/guard.h"
#include "web/pages/meeting_page.h"
#include "web/pages/pages.h"
#include "web/pages/receipt.h"
#include "web/texts.h"
#include "web/view/i18n.h"

/* One try to register: from here to the writer's thread and back. */
struct signing {
    struct job job;
    struct arena *arena; /* the job's own; the request's stays here */
    struct request *request;
    struct page page;
    struct signup_form form;   /* the request's */
    struct signup_answer answer;
    struct meeting_data data;
    int64_t shown_at;          /* the form */
    struct signup in;
    struct signup_result out;
};

struct reply {
    int status;
    const char *refused; /* NULL: nothing was refused, or the form says it */
};

/* Whoever mends one field has had the form open for longer than that. */
static const char *stamp_to_keep(const struct request *request,
                                 const struct page *page,
                                 const struct meeting *meeting)
{
    const char *stamp = form_get(request->form, "stamp");
    int64_t shown_at;

    return stamp_check(page->site->keys, meeting_page_subject(meeting),
                       stamp, page->now, &shown_at) == STAMP_OK
               ? stamp
               : NULL;
}

/* The page again, with all that was typed. */
static void show_again(struct request *request, const struct page *page,
                       struct meeting_data *data,
                       const struct signup_form *form,
                       const struct reply *reply)
{
    const struct meeting_showing showing = {
        .form = form,
        .stamp = stamp_to_keep(request, page, &data->meeting),
        .refused = reply->refused,
        .personal = true,
    };
    struct str body;
    enum meeting_phase phase;
    struct err err;

    str_init(&body, request->arena, PAGE_MOST);
    if (meeting_page_render(page, data, &showing, &body, &phase, &err) !=
        RC_OK)
        page_fail(request, &err);
    else
        respond_html(request, reply->status, &body);
}

static void show_busy(struct request *request, const struct page *page,
                      struct meeting_data *data,
                      const struct signup_form *form)
{
    const struct reply busy = {
        503, tr(page->lang, "We could not save your registration just now. "
                            "Please send it again in a moment; everything "
                            "that you typed is still here.")
    };

    response_field(request, "Retry-After", PAGE_RETRY_AFTER);
    show_again(request, page, data, form, &busy);
}

/* An old or missing stamp, or another language: the form comes back. */
static bool stamp_is_fine(struct signing *signing)
{
    struct request *request = signing->request;
    const struct page *page = &signing->page;
    struct reply reply = { 422, NULL };

    switch (stamp_check(page->site->keys,
                        meeting_page_subject(&signing->data.meeting),
                        form_get(request->form, "stamp"), page->now,
                        &signing->shown_at)) {
    case STAMP_OK:
        return true;
    case STAMP_OLD:
        reply.refused = tr(page->lang, "This form had been open for more "
                                       "than a day. Please look through it "
                                       "and send it once more.");
        break;
    case STAMP_FALSE:
        reply.status = 403;
        reply.refused = tr(page->lang, "This form did not come from this "
                                       "page. Please look through it and "
                                       "send it once more from here.");
        break;
    }
    show_again(request, page, &signing->data, &signing->form, &reply);
    return false;
}

static enum rc signing_run(struct writer *writer, int64_t now,
                           struct job *job, struct err *err)
{
    struct signing *signing = (struct signing *)job;
    enum rc rc =
        signup_place(writer, now, &signing->in, &signing->out, err);

    if (rc == RC_OK && signing->out.seats)
        job->changed |= CHANGE_SEATS;
    if (rc == RC_OK && signing->out.letters)
        job->changed |= CHANGE_LETTERS;
    return rc;
}

/* Registered now or before: the very same answer (EXPERIENCE A17). */
static void send_to_receipt(struct signing *signing)
{
    const struct page *page = &signing->page;
    const struct receipt receipt = {
        .meeting_id = signing->data.meeting.id,
        .expires_at = signing->shown_at + RECEIPT_LIFE,
        .answer = signing->answer,
    };
    const char *box = receipt_make(page->arena, page->site->keys, &receipt);

    respond_redirect(signing->request, 303,
                     arena_printf(page->arena, "%s/done/%s",
                                  page_meeting(page, &signing->data.meeting),
                                  box));
}

static const char *full_words(const struct page *page, enum mode mode)
{
    return mode == MODE_ONSITE
               ? tr(page->lang, "The last place on site has just been taken. "
                                "You can take part online instead.")
               : tr(page->lang, "The last place online has just been taken. "
                                "You can take part on site instead.");
}

/* The other mode may have places: then the form says so at that field. */
static void refuse_full(struct signing *signing, struct reply *reply)
{
    const struct page *page = &signing->page;

    if (meeting_phase_at(&signing->data.meeting, &signing->data.pools,
                         page->now) == PHASE_OPEN)
        signing->form.error[SIGNUP_MODE] =
            full_words(page, signing->answer.mode);
    else
        reply->refused = tr(page->lang, "The last place has just been taken. "
                                        "You are not registered.");
}

static void refuse(struct signing *signing)
{
    const struct page *page = &signing->page;
    struct meeting_data *data = &signing->data;
    struct reply reply = { 409, NULL };
    struct err err;

    if (pool_of_meeting(page->site->reader, data->meeting.id, &data->pools,
                        &err) == RC_FAIL) {
        page_fail(signing->request, &err);
        return;
    }
    if (signing->out.told == SIGNUP_FULL)
        refuse_full(signing, &reply);
    else if (signing->out.told == SIGNUP_OPTION_FULL)
        (void)ask_form_refuse(page->arena, page->lang, &signing->form.ask,
                              signing->out.misfit.option_id);
    else if (signing->out.told == SIGNUP_NOT_OPEN)
        reply.refused = tr(page->lang, "Registration is not open. You are "
                                       "not registered.");
    else
        reply.refused = tr(page->lang, "Many people are registered with this "
                                       "e-mail address already. Please enter "
                                       "another one, or ask us.");
    show_again(signing->request, page, data, &signing->form, &reply);
}

static void register_done(struct job *job)
{
    struct signing *signing = (struct signing *)job;
    struct arena *arena = signing->arena;

    if (job->rc == RC_FAIL) {
        log_error("request %016llx: registering failed: %s",
                  (unsigned long long)signing->request->id, job->err.text);
        show_busy(signing->request, &signing->page, &signing->data,
                  &signing->form);
    } else if (signup_is_accepted(signing->out.told)) {
        send_to_receipt(signing);
    } else {
        refuse(signing);
    }
    arena_free(&arena);
}

/* The writer's thread touches nothing of the request's. */
static struct person own_person(struct arena *arena,
                                const struct person *from)
{
    struct person person = *from;

    person.given_name = arena_strdup(arena, from->given_name);
    person.family_name = arena_strdup(arena, from->family_name);
    person.title = arena_strdup(arena, from->title);
    person.address = arena_strdup(arena, from->address);
    person.organisation = arena_strdup(arena, from->organisation);
    person.position = arena_strdup(arena, from->position);
    registration_fold(arena, &person);
    return person;
}

static void submit(const struct signing *checked)
{
    struct arena *arena = arena_new();
    struct signing *signing = ARENA_NEW(arena, struct signing);
    struct site *site = checked->page.site;

    *signing = *checked;
    signing->arena = arena;
    signing->job.run = signing_run;
    signing->job.repeatable = true;
    signing->job.done = register_done;
    signing->job.home = site->jobs_home;
    signing->in = (struct signup){
        .meeting_id = checked->data.meeting.id,
        .person = own_person(arena, &checked->answer.person),
        .mode = checked->answer.mode,
        .lang = checked->page.lang,
        .wants_invite = checked->answer.wants_invite,
        .answers = answers_copy(arena, &checked->answer.answers),
        .support = support_copy(arena, &checked->answer.support),
        .consent = support_form_consent(arena, checked->page.lang),
        .notice = site->texts
            ? texts_notice(site->texts, checked->page.lang) : NULL,
        .settings = site->settings,
        .arena = arena,
    };
    if (writing_submit(site->writing, &signing->job))
        return;
    show_busy(signing->request, &signing->page, &signing->data,
              &signing->form);
    arena_free(&arena);
}

static void show_crowd(struct signing *signing, int64_t minutes)
{
    const struct page *page = &signing->page;
    const struct reply crowd = {
        429, arena_printf(
                 page->arena,
                 trn(page->lang,
                     "Very many registrations have come from your network. "
                     "Please send yours again in %d minute; everything that "
                     "you typed is still here.",
                     "Very many registrations have come from your network. "
                     "Please send yours again in %d minutes; everything that "
                     "you typed is still here.",
                     (long)minutes),
                 (int)minutes)
    };

    show_again(signing->request, page, &signing->data, &signing->form,
               &crowd);
}

static void guard_and_submit(struct signing *signing)
{
    int64_t minutes;

    switch (guard_judge(signing->request, &signing->page,
                        &signing->data.meeting, signing->shown_at,
                        &minutes)) {
    case GUARD_ADMITS:
        submit(signing);
        break;
    case GUARD_ASKED:
        break;
    case GUARD_TOO_MANY:
        show_crowd(signing, minutes);
        break;
    }
}

static void check_and_submit(struct signing *signing)
{
    const struct signup_terms terms = meeting_data_terms(&signing->data);
    const struct reply again = { 200, NULL }, wrong = { 422, NULL };
    struct request *request = signing->request;

    signup_form_read(request->arena, &terms, request->form, &signing->form);
    if (form_has(request->form, "switch"))
        show_again(request, &signing->page, &signing->data, &signing->form,
                   &again);
    else if (!stamp_is_fine(signing))
        return;
    else if (!signup_form_check(request->arena, request->lang, &terms,
                                &signing->form, &signing->answer))
        show_again(request, &signing->page, &signing->data, &signing->form,
                   signup_form_has_errors(&signing->form) ? &wrong : &again);
    else
        guard_and_submit(signing);
}

void register_submit(struct request *request)
{
    struct signing signing = { .request = request,
                               .page = page_of(request) };
    struct err err;

    switch (meeting_data_load(&signing.page, request->params[0],
                              request->params[1], &signing.data, &err)) {
    case RC_OK:
        check_and_submit(&signing);
        break;
    case RC_NOT_FOUND:
        respond_error(request, 404, NULL);
        break;
    case RC_FAIL:
        page_fail(request, &err);
        break;
    }
}

void register_to_form(struct request *request)
{
    respond_redirect(request, 303,
                     arena_printf(request->arena, "/%s/%s/%s#anmeldung",
                                  lang_code(request->lang),
                                  request->params[0], request->params[1]));
}
