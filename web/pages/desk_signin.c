/* Signing in, in reading order: the form; submit → begin (writer) → hash
 * (helper) → wait (timer) → finish (writer) → in. A wrong password and an
 * unknown account take the same way and get the same answer. All of it lives
 * in the request's arena: a request lives until it is answered. */
#include "daemon/base/arena.h"
#include "daemon/base/text.h"
#include "daemon/http/cookie.h"
#include "daemon/http/csrf.h"
#include "daemon/http/form.h"
#include "daemon/http/response.h"
#include "daemon/rules/signin.h"
#include "daemon/store/account_store.h"
#include "web/pages/desk.h"
#include "web/pages/later.h"
#include "web/view/i18n.h"
#include "web/view/templates.h"

#define STAMP_SUBJECT "sign-in"

/* ---- the form ---- */

/* What the form says about the last try. */
struct complaint {
    const char *email; /* as typed */
    const char *note;
    const char *email_error, *password_error;
};

static void add_fault(struct view_faults *faults, const char *url,
                      const char *words)
{
    if (words)
        faults->items[faults->count++] = (struct view_fault){ url, words };
}

static void show(struct request *request, int status,
                 const struct complaint *complaint)
{
    struct page page = page_of(request);
    struct view_desk_sign_in view = {
        .action = desk_url(&page, DESK_SIGN_IN),
        .stamp = stamp_make(page.arena, page.site->keys, STAMP_SUBJECT,
                            page.now),
        .note = complaint->note,
        .email = complaint->email,
        .email_error = complaint->email_error,
        .password_error = complaint->password_error,
    };
    struct frame frame;
    struct str body;

    view.errors.items = ARENA_ARRAY(page.arena, struct view_fault, 2);
    add_fault(&view.errors, "#email", complaint->email_error);
    add_fault(&view.errors, "#password", complaint->password_error);
    frame = (struct frame){ .title = tr(page.lang, "Sign in to the desk"),
                            .path = DESK_SIGN_IN,
                            .fault = view.errors.count > 0 };
    desk_frame(request, &page, &frame, &view.site);
    str_init(&body, page.arena, PAGE_MOST);
    template_desk_sign_in(&body, page.lang, &view);
    respond_html(request, status, &body);
}

void desk_signin(struct request *request)
{
    show(request, 200, &(struct complaint){ 0 });
}

void desk_signin_ask(struct request *request, int status, const char *note)
{
    show(request, status, &(struct complaint){ .note = note });
}

/* ---- one try ---- */

struct signing_in;

struct signin_job {
    struct job job;
    struct signing_in *all;
};

struct signin_task {
    struct task task;
    struct signing_in *all;
};

struct signing_in {
    struct request *request;
    const char *email, *password;
    struct signin_job begin;
    struct signin_task hash;
    struct signin_job finish;
    struct signin signin;
    bool right;         /* the password is */
    const char *before; /* the secret of a login that this one replaces */
    char *secret;
};

static enum rc begin_run(struct writer *, int64_t, struct job *, struct err *);
static void begin_done(struct job *);
static void hash_run(struct task *);
static void hash_done(struct task *);
static void answer(void *);
static enum rc finish_run(struct writer *, int64_t, struct job *, struct err *);
static void finish_done(struct job *);

/* False: the form was answered with what is missing. */
static bool form_is_whole(struct request *request, const char *email,
                          const char *password)
{
    struct complaint complaint = { .email = email };
    int64_t shown_at;

    switch (stamp_check(request->site->keys, STAMP_SUBJECT,
                        form_get(request->form, "stamp"), page_of(request).now,
                        &shown_at)) {
    case STAMP_FALSE:
        respond_error(request, 403, NULL);
        return false;
    case STAMP_OLD:
        complaint.note = tr(request->lang, "This page was open for a long "
                                           "time. Please sign in once more.");
        show(request, 422, &complaint);
        return false;
    case STAMP_OK:
        break;
    }
    if (!*email)
        complaint.email_error = tr(request->lang, "Please enter your e-mail "
                                                  "address.");
    if (!*password)
        complaint.password_error = tr(request->lang,
                                      "Please enter your password.");
    if (*email && *password)
        return true;
    show(request, 422, &complaint);
    return false;
}

void desk_signin_submit(struct request *request)
{
    const char *password = form_get(request->form, "password");
    const char *email = text_clean_line(request->arena,
                                        form_get(request->form, "email"));
    struct signing_in *all;

    if (!form_is_whole(request, email, password))
        return;
    all = ARENA_NEW(request->arena, struct signing_in);
    all->request = request;
    all->email = email;
    all->password = password;
    all->before = request_cookie(request, COOKIE_DESK);
    all->begin = (struct signin_job){
        .job = { .run = begin_run, .done = begin_done,
                 .home = request->site->jobs_home },
        .all = all,
    };
    if (!writing_submit(request->site->writing, &all->begin.job))
        page_busy(request, NULL);
}

static enum rc begin_run(struct writer *writer, int64_t now, struct job *job,
                         struct err *err)
{
    struct signing_in *all = ((struct signin_job *)job)->all;
    struct request *request = all->request;

    return signin_begin(writer, request->arena, now, request->site->settings,
                        all->email, &request->client, request->exempt,
                        &all->signin, err);
}

static void refuse_for_now(struct request *request, int64_t retry_after)
{
    int64_t minutes = (retry_after + 59) / 60;

    response_field(request, "Retry-After",
                   arena_printf(request->arena, "%lld",
                                (long long)retry_after));
    respond_error(request, 429,
                  arena_printf(request->arena,
                               trn(request->lang,
                                   "There have been many attempts to sign "
                                   "in. To protect your account, please "
                                   "wait %d minute and try again.",
                                   "There have been many attempts to sign "
                                   "in. To protect your account, please "
                                   "wait %d minutes and try again.",
                                   (long)minutes),
                               (int)minutes));
}

static void begin_done(struct job *job)
{
    struct signing_in *all = ((struct signin_job *)job)->all;
    struct request *request = all->request;

    if (job->rc != RC_OK) {
        page_busy(request, &job->err);
        return;
    }
    if (!all->signin.admitted) {
        refuse_for_now(request, all->signin.retry_after);
        return;
    }
    all->hash = (struct signin_task){
        .task = { .run = hash_run, .done = hash_done,
                  .home = request->site->tasks_home },
        .all = all,
    };
    if (!helpers_submit(request->site->helpers, &all->hash.task))
        page_busy(request, NULL);
}

/* With nobody by that name it works as long, and says no. */
static void hash_run(struct task *task)
{
    struct signing_in *all = ((struct signin_task *)task)->all;
    const struct account *account = &all->signin.account;

    all->right = password_valid(account->id ? account->password_hash : NULL,
                                all->password);
}

static void hash_done(struct task *task)
{
    struct signing_in *all = ((struct signin_task *)task)->all;

    if (all->signin.delay == 0)
        answer(all);
    else
        later(all->request->site->laters, (int)all->signin.delay * 1000,
              answer, all);
}

static void answer(void *context)
{
    struct signing_in *all = context;
    struct request *request = all->request;

    if (!all->right) {
        show(request, 422, &(struct complaint){
            .email = all->email,
            .password_error = tr(request->lang,
                                 "E-mail address and password do not belong "
                                 "together. Please check both."),
        });
        return;
    }
    all->finish = (struct signin_job){
        .job = { .run = finish_run, .done = finish_done,
                 .home = request->site->jobs_home },
        .all = all,
    };
    if (!writing_submit(request->site->writing, &all->finish.job))
        page_busy(request, NULL);
}

/* A browser has one login: the one that it came with ends here. */
static enum rc end_before(struct writer *writer, struct signing_in *all,
                          struct err *err)
{
    struct login login;
    enum rc rc;

    if (!all->before)
        return RC_OK;
    rc = login_by_secret(writer_reader(writer), all->request->arena,
                         all->before, &login, err);
    if (rc == RC_OK)
        rc = login_delete(writer, login.id, err);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc finish_run(struct writer *writer, int64_t now, struct job *job,
                          struct err *err)
{
    struct signing_in *all = ((struct signin_job *)job)->all;
    struct request *request = all->request;
    enum rc rc = end_before(writer, all, err);

    if (rc != RC_OK)
        return rc;
    return signin_finish(writer, request->arena, now, &all->signin,
                         &all->secret, err);
}

static void finish_done(struct job *job)
{
    struct signing_in *all = ((struct signin_job *)job)->all;
    struct request *request = all->request;
    struct page page = page_of(request);

    if (job->rc != RC_OK) {
        page_busy(request, &job->err);
        return;
    }
    cookie_send(request, COOKIE_DESK, all->secret);
    respond_redirect(request, 303, desk_url(&page, DESK_HOME));
}
