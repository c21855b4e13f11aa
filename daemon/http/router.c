#include "daemon/http/router.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/base/token.h"
#include "daemon/http/csrf.h"
#include "daemon/http/form.h"
#include "daemon/http/limit.h"
#include "daemon/http/negotiate.h"
#include "daemon/http/response.h"
#include "daemon/http/trust.h"
#include "daemon/http/wire.h"

/* A gate lets the request through, or answers it and says false. */
typedef bool gate(const struct router *, struct request *);

static bool deny(struct request *request, int status)
{
    respond_error(request, status, NULL);
    return false;
}

/* As deny(), for what could not be read: nothing that follows is trusted. */
static bool reject(struct request *request, int status)
{
    exchange_of(request)->close = true;
    return deny(request, status);
}

static bool pass_rate(const struct router *router, struct request *request)
{
    char seconds[24];
    int64_t wait;

    if (limiter_admit(router->limiter, request->route->rate,
                      &request->client, clock_now(), &wait))
        return true;
    snprintf(seconds, sizeof seconds, "%lld", (long long)wait);
    response_field(request, "Retry-After", seconds);
    return deny(request, 429);
}

static bool pass_login(const struct router *router, struct request *request)
{
    const char *secret;
    struct login *login;
    struct err err;

    if (request->route->access != SIGNED_IN)
        return true;
    secret = request_cookie(request, COOKIE_DESK);
    login = ARENA_NEW(request->arena, struct login);
    switch (secret ? router->find_login(request, secret, login, &err)
                   : RC_NOT_FOUND) {
    case RC_OK:
        request->login = login;
        return true;
    case RC_NOT_FOUND:
        router->need_login(request);
        return false;
    case RC_FAIL:
        break;
    }
    log_error("login: %s, request %016llx", err.text,
              (unsigned long long)request->id);
    return deny(request, 503);
}

/* A loopback client that somebody forwarded could be anybody: either we do
 * not know that proxy, or it did not say whom it forwards. */
bool router_sees_operator(const struct settings *settings,
                          const struct request *request)
{
    bool forwarded = request_field(request, "x-forwarded-for") ||
                     request_field(request, "forwarded");

    if (request->at_operators_door)
        return true;
    if (netaddr_is_loopback(&request->client))
        return !forwarded;
    return netranges_hold(&settings->operators, &request->client) &&
           (!forwarded ||
            trust_peer(settings, &request->connection->address));
}

static bool pass_access(const struct router *router, struct request *request)
{
    if (request->route->access != OPERATOR ||
        router_sees_operator(router->settings, request))
        return true;
    return deny(request, 403);
}

static bool pass_origin(const struct router *router, struct request *request)
{
    if (request->method != METHOD_POST ||
        csrf_origin(request, router->settings) != ORIGIN_FOREIGN)
        return true;
    return deny(request, 403);
}

static bool pass_form(const struct router *router, struct request *request)
{
    const struct settings *settings = router->settings;
    struct form *form;

    if (request->method != METHOD_POST || !request->route->form)
        return true;
    if (!type_is_form(request_field(request, "content-type")))
        return reject(request, 415);
    form = ARENA_NEW(request->arena, struct form);
    request->form = form;
    switch (form_parse(request->arena, request->body, request->body_length,
                       settings->form_fields, settings->form_value_bytes,
                       form)) {
    case FORM_OK:
        return true;
    case FORM_MALFORMED:
        break;
    case FORM_TOO_MANY:
    case FORM_TOO_LONG:
        return reject(request, 413);
    }
    return reject(request, 400);
}

/* Not only where the origin is unknown: two locks on the desk's door. */
static bool pass_token(const struct router *router, struct request *request)
{
    (void)router;
    if (request->method != METHOD_POST || !request->login)
        return true;
    assert(request->form && request->login->csrf && *request->login->csrf);
    if (secret_equal(form_get(request->form, "csrf"), request->login->csrf))
        return true;
    return deny(request, 403);
}

/* The body's limit was kept before the body was read. */
static gate *const gates[] = {
    pass_rate, pass_login, pass_access, pass_origin, pass_form, pass_token,
};

static enum lang lang_of(const struct request *request,
                         const struct route_match *match)
{
    const char *path = request->path;
    enum lang lang;

    if (match->has_lang)
        return match->lang;
    /* An error below /de/ is told in German. */
    if (path[0] && path[1] && path[2] && (path[3] == '/' || !path[3])) {
        char code[3] = { path[1], path[2], '\0' };

        if (lang_parse(code, &lang))
            return lang;
    }
    return accepts_lang(request_field(request, "accept-language"));
}

static void answer_method(struct request *request, unsigned allowed)
{
    bool get = allowed & METHOD_GET;
    bool post = allowed & METHOD_POST;

    response_field(request, "Allow",
                   get && post ? "GET, HEAD, POST"
                   : get       ? "GET, HEAD"
                               : "POST");
    deny(request, 405);
}

/* "/de" for "/de/", and "/de/x/" for "/de/x"; as it was sent, so that what
 * was encoded stays so. NULL: neither is a page. */
static char *other_slash(struct request *request)
{
    struct exchange *exchange = exchange_of(request);
    struct arena *arena = request->arena;
    size_t length = strlen(request->path);
    size_t cut = length > 1 && request->path[length - 1] == '/';
    char *other = arena_printf(arena, "%.*s%s", (int)(length - cut),
                               request->path, cut ? "" : "/");
    struct route_match match;

    routes_match(exchange->http->routes, arena, METHOD_GET, other, &match);
    size_t raw = strcspn(exchange->target, "?");
    /* A path that a browser could take for another host is not repeated. */
    if (!match.route || (raw > cut + 1 && strchr("/\\", exchange->target[1])))
        return NULL;
    return arena_printf(arena, "%.*s%s%s%s", (int)(raw - cut),
                        exchange->target, cut ? "" : "/",
                        *request->query ? "?" : "", request->query);
}

static void answer_no_route(struct request *request,
                            const struct route_match *match)
{
    char *elsewhere = NULL;

    if (match->allowed) {
        answer_method(request, match->allowed);
        return;
    }
    if (request->method != METHOD_POST)
        elsewhere = other_slash(request);
    if (elsewhere)
        respond_redirect(request, 301, elsewhere);
    else
        respond_error(request, 404, NULL);
}

void router_dispatch(const struct router *router, struct request *request)
{
    struct exchange *exchange = exchange_of(request);

    request->lang = lang_of(request, &exchange->match);
    if (request->at_operators_door && strncmp(request->path, "/-/", 3) != 0) {
        deny(request, 404);
        return;
    }
    if (!request->route) {
        answer_no_route(request, &exchange->match);
        return;
    }
    memcpy(request->params, exchange->match.params, sizeof request->params);
    for (size_t i = 0; i < sizeof gates / sizeof *gates; i++)
        if (!gates[i](router, request))
            return;
    request->route->run(request);
}
