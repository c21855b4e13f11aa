#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/mem.h"
#include "daemon/base/str.h"
#include "daemon/http/cookie.h"
#include "daemon/http/form.h"
#include "daemon/http/response.h"
#include "tests/http_rooms.h"

/* What the handlers leave for the tests to see. */
struct seen seen;

static void run_hello(struct request *request)
{
    respond_text(request, 200, "hello");
}

static void run_lang(struct request *request)
{
    respond_text(request, 200, request->lang == LANG_DE ? "Hallo" : "Hello");
}

static void run_params(struct request *request)
{
    respond_text(request, 200,
                 arena_printf(request->arena, "%s/%s", request->params[0],
                              request->params[1] ? request->params[1] : "-"));
}

static void run_form(struct request *request)
{
    respond_text(request, 200, form_get(request->form, "name"));
}

static void run_client(struct request *request)
{
    char text[NETADDR_TEXT];

    respond_text(request, 200, netaddr_text(&request->client, text));
}

static void run_page(struct request *request)
{
    respond_answer(request, seen.page);
}

static void run_big(struct request *request)
{
    respond_answer(request, seen.big);
}

static void run_hold(struct request *request)
{
    seen.held = request;
}

static void more_of_stream(struct request *request, void *context)
{
    static const char block[32 * 1024];

    (void)context;
    if (seen.streamed >= seen.stream_most) {
        stream_end(request);
        return;
    }
    seen.streamed += sizeof block;
    stream_write(request, block, sizeof block);
}

static void stream_gone(struct request *request, void *context)
{
    (void)request;
    (void)context;
    seen.gone++;
}

static void run_stream(struct request *request)
{
    const struct stream stream = { .more = more_of_stream,
                                   .gone = stream_gone };

    respond_stream(request, 200, "application/octet-stream", &stream);
}

static void break_stream(struct request *request, void *context)
{
    (void)context;
    if (seen.streamed++ == 0)
        stream_write(request, "half", 4);
    else
        stream_break(request);
}

static void run_broken(struct request *request)
{
    const struct stream stream = { .more = break_stream,
                                   .gone = stream_gone };

    respond_stream(request, 200, "text/plain", &stream);
}

static void run_sign_in(struct request *request)
{
    cookie_send(request, COOKIE_DESK, "secret");
    respond_redirect(request, 303, "/desk");
}

static void run_sign_out(struct request *request)
{
    cookie_expire(request, COOKIE_DESK);
    respond_redirect(request, 303, "/");
}

static const struct route routes[] = {
    { METHOD_GET, "/", run_hello, .access = ANYONE },
    { METHOD_GET, "/hello", run_hello, .access = ANYONE },
    { METHOD_GET, "/hold", run_hold, .access = ANYONE },
    { METHOD_GET, "/page", run_page, .access = ANYONE },
    { METHOD_GET, "/big", run_big, .access = ANYONE },
    { METHOD_GET, "/client", run_client, .access = ANYONE },
    { METHOD_GET, "/stream", run_stream, .access = ANYONE },
    { METHOD_GET, "/broken", run_broken, .access = ANYONE },
    { METHOD_GET, "/limited", run_hello, .rate = RATE_LOGIN },
    { METHOD_GET, "/personal", run_hello, .privacy = PRIVACY_PERSONAL },
    { METHOD_GET, "/metrics", run_hello, .access = OPERATOR },
    { METHOD_GET, "/feeds/:alliance.ics", run_params,
      .privacy = PRIVACY_FEED },
    { METHOD_GET, "/:lang/", run_lang, .access = ANYONE },
    { METHOD_GET, "/:lang/:alliance", run_params, .access = ANYONE },
    { METHOD_POST, "/form", run_form, .form = true },
    { METHOD_POST, "/small", run_hello, .body_most = 10 },
    { METHOD_GET, "/desk", run_hello, .access = SIGNED_IN,
      .privacy = PRIVACY_DESK },
    { METHOD_POST, "/desk/act", run_form, .access = SIGNED_IN,
      .privacy = PRIVACY_DESK, .form = true },
    { METHOD_POST, "/sign-in", run_sign_in, .privacy = PRIVACY_DESK,
      .form = true },
    { METHOD_POST, "/sign-out", run_sign_out, .privacy = PRIVACY_DESK,
      .form = true },
};

static enum rc find_login(struct request *request, const char *secret,
                          struct login *login, struct err *err)
{
    (void)request;
    (void)err;
    if (strcmp(secret, "secret") != 0)
        return RC_NOT_FOUND;
    login->csrf = "token";
    return RC_OK;
}

static void need_login(struct request *request)
{
    respond_redirect(request, 303, "/de/desk/sign-in");
}

static void error_page(struct request *request, int status, const char *words,
                       struct str *body)
{
    str_addf(body, "<h1>%s %d %s</h1>",
             request->lang == LANG_DE ? "Fehler" : "Error", status,
             words ? words : "");
}

int rooms_open(void **state)
{
    static const struct answer_head head = {
        .status = 200,
        .type = "text/html; charset=utf-8",
        .cache_control = "no-cache",
        .last_modified = 1800000000,
    };
    struct house *house = mem_new(sizeof *house);
    char *body = mem_new(BIG);

    house->settings = house_settings();
    house->router = (struct router){
        .routes = routes,
        .count = sizeof routes / sizeof *routes,
        .find_login = find_login,
        .need_login = need_login,
        .error_page = error_page,
    };
    house_open(house);
    memset(&seen, 0, sizeof seen);
    memset(body, 'a', BIG);
    seen.page = answer_new(&head, body, 4096);
    for (size_t i = 0; i < BIG; i++)
        body[i] = (char)(i * i >> 7);
    seen.big = answer_new(&head, body, BIG);
    mem_free(body);
    *state = house;
    return 0;
}

int rooms_close(void **state)
{
    struct house *house = *state;

    house_close(house);
    answer_drop(&seen.page);
    answer_drop(&seen.big);
    mem_free(house);
    return 0;
}

void expect_status(struct house *house, const char *request, int status)
{
    char *answer = house_ask(house, request);

    if (answer_status(answer) != status)
        print_error("%s\n--\n%s\n", request, answer);
    assert_int_equal(answer_status(answer), status);
}

bool asks_and_finds(struct house *house, const char *request,
                           const char *text)
{
    char *answer = house_ask(house, request);
    bool found = strstr(answer, text);

    if (!found)
        print_error("no \"%s\" in: %s\n", text, answer);
    return found;
}
