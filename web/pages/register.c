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
    struct signup_party form;  /* the request's */
    struct signup_answer answers[SIGNUP_PEOPLE_MOST];
    struct meeting_data data;
    int64_t shown_at;          /* the form */
    struct signup in;
    struct signup_result out;
};

struct reply {
    int status;
    const char *refused; /* NULL: nothing was refused, or the form says it */
};

/* The page again, with all that was typed. */
static void show_again(struct request *request, const struct page *page,
                       struct meeting_data *data,
                       const struct signup_party *form,
                       const struct reply *reply)
{
    const struct meeting_showing showing = {
        .form = form,
        .stamp = stamp_again(page->arena, page->site->keys,
                             meeting_page_subject(&data->meeting),
                             form_get(request->form, "stamp"), page->now),
        .title = form->focus == SIGNUP_FOCUS_LAST
                     ? tr(page->lang, "One more person")
                     : NULL,
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
                      const struct signup_party *form)
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
    struct receipt receipt = {
        .meeting_id = signing->data.meeting.id,
        .expires_at = signing->shown_at + RECEIPT_LIFE,
        .wants_invite = signing->answers[0].wants_invite,
        .count = signing->form.count,
        .answers = signing->answers[0].answers,
    };

    for (size_t i = 0; i < receipt.count; i++) {
        const struct signup_answer *answer = &signing->answers[i];

        receipt.may_wait = receipt.may_wait || answer->may_wait;
        receipt.people[i] = (struct receipt_person){
            answer->person, answer->mode, signing->out.states[i]
        };
    }
    const char *box = receipt_make(page->arena, page->site->keys, &receipt);
    respond_redirect(signing->request, 303,
                     arena_printf(page->arena, "%s/done/%s",
                                  page_meeting(page, &signing->data.meeting),
                                  box));
}

/* Why it was not taken, as far as it is true of all of them; NULL: the fields
 * say it. */
static const char *refusal(struct signing *signing)
{
    const struct page *page = &signing->page;
    const struct signup_terms terms = meeting_data_terms(&signing->data);
    const struct answers_misfit *misfit = &signing->out.misfit;
    long most = (long)signing->data.meeting.party_most;

    switch (signing->out.told) {
    case SIGNUP_FULL:
        return signup_party_refuse(page->arena, page->lang, &terms,
                                   &signing->form);
    case SIGNUP_OPTION_FULL:
        (void)ask_form_refuse(page->arena, page->lang,
                              &signing->form.people[misfit->person].ask,
                              misfit->option_id);
        return NULL;
    case SIGNUP_NOT_OPEN:
        return tr(page->lang, "Registration is not open. You are not "
                              "registered.");
    case SIGNUP_PARTY:
        return arena_printf(
            page->arena,
            trn(page->lang, "You are not registered: this form takes %d "
                            "person at a time.",
                "You are not registered: this form takes at most %d people "
                "at a time.", most),
            (int)most);
    case SIGNUP_TOO_MANY:
    default:
        break;
    }
    return tr(page->lang, "Many people are registered with this e-mail "
                          "address already. Please enter another one, or ask "
                          "us.");
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
    reply.refused = refusal(signing);
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
    struct person person = person_copy(arena, from);

    registration_fold(arena, &person);
    return person;
}

static struct signup_guest *own_guests(struct arena *arena,
                                       const struct signing *checked)
{
    struct signup_guest *guests =
        ARENA_ARRAY(arena, struct signup_guest, checked->form.count);

    for (size_t i = 1; i < checked->form.count; i++) {
        const struct signup_answer *answer = &checked->answers[i];

        guests[i - 1] = (struct signup_guest){
            .person = own_person(arena, &answer->person),
            .mode = answer->mode,
            .may_wait = answer->may_wait,
            .answers = answers_copy(arena, &answer->answers),
            .support = support_copy(arena, &answer->support),
        };
    }
    return guests;
}

static struct signup own_signup(struct arena *arena,
                                const struct signing *checked)
{
    const struct signup_answer *lead = &checked->answers[0];
    const struct site *site = checked->page.site;
    enum lang lang = checked->page.lang;

    return (struct signup){
        .meeting_id = checked->data.meeting.id,
        .person = own_person(arena, &lead->person),
        .mode = lead->mode,
        .may_wait = lead->may_wait,
        .lang = lang,
        .wants_invite = lead->wants_invite,
        .answers = answers_copy(arena, &lead->answers),
        .support = support_copy(arena, &lead->support),
        .consent = support_form_consent(arena, lang),
        .notice = site->texts ? texts_notice(site->texts, lang) : NULL,
        .guests = own_guests(arena, checked),
        .guest_count = checked->form.count - 1,
        .settings = site->settings,
        .arena = arena,
    };
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
    signing->in = own_signup(arena, checked);
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

    signup_party_read(request->arena, &terms, request->form, &signing->form);
    if (form_has(request->form, "switch") ||
        signup_party_edit(request->form, signing->data.meeting.party_most,
                          &signing->form))
        show_again(request, &signing->page, &signing->data, &signing->form,
                   &again);
    else if (!stamp_is_fine(signing))
        return;
    else if (!signup_party_check(request->arena, request->lang, &terms,
                                 &signing->form, signing->answers))
        show_again(request, &signing->page, &signing->data, &signing->form,
                   signup_party_has_errors(&signing->form) ? &wrong
                                                           : &again);
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
