/* Who is at the desk: the cookie, its login, and leaving. */
#include "daemon/base/arena.h"
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/http/cookie.h"
#include "daemon/http/response.h"
#include "daemon/store/account_store.h"
#include "web/pages/desk.h"
#include "web/view/i18n.h"

/* How exact seen_at is; a write per click would be a write for nothing. */
#define SEEN_EVERY 60

/* A login was used. Nobody waits for it, so it has an arena of its own. */
struct touch {
    struct job job;
    struct arena *arena;
    struct site *site;
    int64_t login_id;
};

static enum rc touch_run(struct writer *writer, int64_t now, struct job *job,
                         struct err *err)
{
    return login_touch(writer, now, ((struct touch *)job)->login_id, err);
}

static void touch_done(struct job *job)
{
    const struct touch *touch = (struct touch *)job;
    struct arena *arena = touch->arena;

    touch->site->guests--;
    if (job->rc == RC_FAIL)
        log_error("login not touched: %s", job->err.text);
    arena_free(&arena);
}

static void touch(struct site *site, int64_t login_id)
{
    struct arena *arena = arena_new();
    struct touch *touch = ARENA_NEW(arena, struct touch);

    touch->job.run = touch_run;
    touch->job.done = touch_done;
    touch->job.home = site->jobs_home;
    touch->arena = arena;
    touch->site = site;
    touch->login_id = login_id;
    if (writing_submit(site->writing, &touch->job))
        site->guests++;
    else
        arena_free(&arena); /* the next click tries again */
}

enum rc site_find_login(struct request *request, const char *secret,
                        struct login *login, struct err *err)
{
    const struct settings *settings = request->site->settings;
    int64_t now = clock_now();
    enum rc rc = login_by_secret(request->site->reader, request->arena, secret,
                                 login, err);

    if (rc != RC_OK)
        return rc;
    if (now - login->seen_at >= settings->login_idle ||
        now - login->started_at >= settings->login_most)
        return RC_NOT_FOUND;
    if (now - login->seen_at >= SEEN_EVERY)
        touch(request->site, login->id);
    return RC_OK;
}

/* With a cookie that is worth nothing any more: 401 and the reason. Without
 * one, nobody has lost anything: on to the form. */
void site_need_login(struct request *request)
{
    struct page page = page_of(request);
    const char *form = desk_url(&page, DESK_SIGN_IN);

    if (!request_cookie(request, COOKIE_DESK)) {
        respond_redirect(request, 303, form);
        return;
    }
    cookie_expire(request, COOKIE_DESK);
    response_field(request, "WWW-Authenticate",
                   arena_printf(page.arena,
                                "Cookie realm=\"desk\", form-action=\"%s\", "
                                "cookie-name=" COOKIE_DESK,
                                form));
    desk_signin_ask(request, 401,
                    tr(page.lang, "You are no longer signed in. That happens "
                                  "after a longer pause, at the end of the "
                                  "day, or when a password changes. Please "
                                  "sign in again."));
}

struct signing_out {
    struct job job;
    struct request *request;
};

static enum rc signout_run(struct writer *writer, int64_t now, struct job *job,
                           struct err *err)
{
    struct request *request = ((struct signing_out *)job)->request;

    (void)now;
    return login_delete(writer, request->login->id, err);
}

static void signout_done(struct job *job)
{
    struct request *request = ((struct signing_out *)job)->request;
    struct page page = page_of(request);

    if (job->rc == RC_FAIL) {
        page_busy(request, &job->err);
        return;
    }
    cookie_expire(request, COOKIE_DESK);
    respond_redirect(request, 303, desk_url(&page, DESK_SIGN_IN));
}

void desk_signout_submit(struct request *request)
{
    struct signing_out *out = ARENA_NEW(request->arena, struct signing_out);

    out->request = request;
    out->job.run = signout_run;
    out->job.done = signout_done;
    out->job.home = request->site->jobs_home;
    if (!writing_submit(request->site->writing, &out->job))
        page_busy(request, NULL);
}
