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

    http->exchanges++;
    request->id = http->next_id++;
    request->arena = arena;
    request->site = http->site;
    request->connection = connection;
    request->client = connection->address;
    request->at_operators_door = connection->operators;
    request->path = "/";
    request->query = "";
    exchange->http = http;
    exchange->began = clock_ticks_us();
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
static void write_line(const struct exchange *exchange, int64_t took_us)
{
    const struct request *request = &exchange->request;
    char client[NETADDR_TEXT];
    const struct log_request line = {
        .method = request_method_word(request),
        .route = request->route ? request->route->pattern : "-",
        .status = exchange->status,
        .bytes = exchange->bytes,
        .took_us = took_us,
        .id = request->id,
        .client = netaddr_prefix_text(&request->client, client),
    };

    log_request(&line);
}

static void count(const struct exchange *exchange, int64_t took_us)
{
    struct http *http = exchange->http;
    const struct route *route = exchange->request.route;
    size_t which = route ? (size_t)(route - http->router->routes)
                         : http->router->count;
    size_t class = (size_t)exchange->status / 100;
    struct route_meter *meter = &http->meter->routes[which];

    counter_add(&meter->classes[class < METER_CLASSES ? class : 5], 1);
    histogram_add(&meter->took, took_us);
}

void exchange_note(const struct exchange *exchange)
{
    int64_t took_us = clock_ticks_us() - exchange->began;

    count(exchange, took_us);
    if (exchange->http->settings->log_requests)
        write_line(exchange, took_us);
}

void exchange_free(struct exchange **handle)
{
    struct exchange *exchange = *handle;
    struct arena *arena = exchange->request.arena;
    struct http *http = exchange->http;

    http->exchanges--;
    http_check_drained(http);
    answer_drop(&exchange->answer);
    *handle = NULL;
    arena_free(&arena);
}
