#include "daemon/base/arena.h"
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/http/answer.h"
#include "daemon/http/trust.h"
#include "daemon/http/wire.h"
#include "daemon/model/settings.h"

#define EXTRA_FIELDS_MOST 8192

struct exchange *exchange_new(struct connection *connection)
{
    struct http *http = connection->http;
    struct arena *arena = arena_new();
    struct exchange *exchange = ARENA_NEW(arena, struct exchange);
    struct request *request = &exchange->request;
    struct parser_limits limits = {
        .head_bytes = (size_t)http->settings->head_bytes,
        .head_fields = (size_t)http->settings->head_fields,
        .target_bytes = (size_t)http->settings->target_bytes,
    };

    request->id = http->next_id++;
    request->arena = arena;
    request->site = http->site;
    request->connection = connection;
    request->client = connection->address;
    request->path = "/";
    request->query = "";
    exchange->http = http;
    exchange->began = clock_ticks_ms();
    exchange->parser = parser_new(arena, &limits);
    /* A redirect repeats the target. */
    str_init(&exchange->extra, arena,
             EXTRA_FIELDS_MOST + limits.target_bytes);
    return exchange;
}

void exchange_take_head(struct exchange *exchange, const struct netaddr *peer)
{
    const struct head *head = parser_head(exchange->parser);
    const struct http *http = exchange->http;
    struct request *request = &exchange->request;

    request->method = head->method;
    request->path = head->path;
    request->query = head->query;
    request->fields = head->fields;
    request->field_count = head->field_count;
    request->http10 = head->http10;
    request->client = trust_client(http->settings, request, peer);
    request->exempt = netranges_hold(&http->settings->exempt,
                                     &request->client);
    exchange->target = head->target;
    exchange->client_closes = !head->keep_alive;
    routes_match(http->routes, request->arena, request->method,
                 request->path, &exchange->match);
    request->route = exchange->match.route;
}

/* The pattern, never the path: paths hold tokens. Status 0: the client left
 * before it was answered. */
void exchange_log(const struct exchange *exchange)
{
    const struct request *request = &exchange->request;
    char client[NETADDR_TEXT];

    if (!exchange->http->settings->log_requests)
        return;
    log_info("%s %s %d %llu %lldms %016llx %s", request_method_word(request),
             request->route ? request->route->pattern : "-",
             exchange->status, (unsigned long long)exchange->bytes,
             (long long)(clock_ticks_ms() - exchange->began),
             (unsigned long long)request->id,
             netaddr_prefix_text(&request->client, client));
}

void exchange_free(struct exchange **handle)
{
    struct exchange *exchange = *handle;
    struct arena *arena = exchange->request.arena;

    answer_drop(&exchange->answer);
    *handle = NULL;
    arena_free(&arena);
}
