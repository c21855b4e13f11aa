#include "daemon/http/response.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#include "daemon/base/arena.h"
#include "daemon/base/log.h"
#include "daemon/base/mem.h"
#include "daemon/base/parse.h"
#include "daemon/http/answer_parts.h"
#include "daemon/http/fields.h"
#include "daemon/http/negotiate.h"
#include "daemon/http/wire.h"

/* Above all that settings allow; only there to stop a runaway. */
#define HEAD_MOST (1 << 20)
#define PAGE_MOST (256 * 1024)
#define TEXT_TYPE "text/plain; charset=utf-8"
#define HTML_TYPE "text/html; charset=utf-8"

static bool is_plain_value(const char *value)
{
    for (; *value; value++)
        if ((unsigned char)*value < 0x20 || *value == 0x7f)
            return false;
    return true;
}

void response_field(struct request *request, const char *name,
                    const char *value)
{
    struct exchange *exchange = exchange_of(request);

    assert(is_plain_value(name) && is_plain_value(value));
    /* Attendees never get a cookie. */
    assert(strcasecmp(name, "Set-Cookie") != 0 ||
           (request->route && request->route->privacy == PRIVACY_DESK));
    if (strcasecmp(name, "Cache-Control") == 0)
        exchange->has_cache_control = true;
    str_add(&exchange->extra, name);
    str_add(&exchange->extra, ": ");
    str_add(&exchange->extra, value);
    str_add(&exchange->extra, "\r\n");
    assert(!exchange->extra.overflow);
}

/* What belongs to no route is nobody's business to keep. */
static enum privacy privacy_of(const struct exchange *exchange)
{
    const struct route *route = exchange->request.route;

    return route ? route->privacy : PRIVACY_DESK;
}

/* The client has gone: nobody is there to be answered. */
static bool is_orphan(struct exchange *exchange)
{
    assert(!exchange->answered);
    if (exchange->request.connection)
        return false;
    exchange_free(&exchange);
    return true;
}

static const char *connection_line(const struct exchange *exchange)
{
    if (exchange->close || exchange->client_closes ||
        exchange->http->draining)
        return "Connection: close\r\n";
    return exchange->request.http10 ? "Connection: keep-alive\r\n" : "";
}

static void add_cache_control(struct str *head, struct exchange *exchange)
{
    enum privacy privacy = privacy_of(exchange);

    if (exchange->has_cache_control || privacy_forbids_storing(privacy))
        return;
    str_add(head, exchange->status >= 400 ? "Cache-Control: no-store\r\n"
                                          : "Cache-Control: no-cache\r\n");
}

/* Status, date, security and what the handler added; the rest is to come. */
static void begin_head(struct str *head, struct exchange *exchange,
                       int status)
{
    exchange->status = status;
    str_init(head, exchange->request.arena, HEAD_MOST);
    str_add(head, status_line(status));
    str_add(head, http_date_line(exchange->http));
    str_add(head, exchange->http->security[privacy_of(exchange)]);
    add_cache_control(head, exchange);
    str_add_bytes(head, exchange->extra.data, exchange->extra.length);
    str_add(head, connection_line(exchange));
}

static void send_body(struct exchange *exchange, const struct str *head,
                      const void *body, size_t length)
{
    bool bare = exchange->request.method == METHOD_HEAD;
    union {
        const void *read;
        void *any; /* struct iovec cannot promise that it only reads */
    } pointer = { .read = body };
    const struct iovec parts[] = {
        { .iov_base = head->data, .iov_len = head->length },
        { .iov_base = pointer.any, .iov_len = bare ? 0 : length },
    };

    assert(!head->overflow);
    connection_send(exchange, parts, 2);
}

static void send_whole(struct exchange *exchange, int status,
                       const char *type, const void *body, size_t length)
{
    struct str head;

    if (is_orphan(exchange))
        return;
    begin_head(&head, exchange, status);
    if (length > 0)
        str_addf(&head, "Content-Type: %s\r\n", type);
    if (status != 204 && status != 304)
        str_addf(&head, "Content-Length: %zu\r\n", length);
    str_add(&head, "\r\n");
    send_body(exchange, &head, body, length);
}

void respond(struct request *request, int status, const char *type,
             const void *body, size_t length)
{
    send_whole(exchange_of(request), status, type, body, length);
}

void respond_html(struct request *request, int status, const struct str *body)
{
    if (body->overflow) {
        log_error("page of %s is too long, request %016llx",
                  request->route ? request->route->pattern : "-",
                  (unsigned long long)request->id);
        respond_text(request, 500, status_words(500));
        return;
    }
    respond(request, status, HTML_TYPE, body->data, body->length);
}

void respond_text(struct request *request, int status, const char *words)
{
    char *line = arena_printf(request->arena, "%s\n", words);

    respond(request, status, TEXT_TYPE, line, strlen(line));
}

void respond_elsewhere(struct exchange *exchange, int status, const char *url)
{
    response_field(&exchange->request, "Location", url);
    send_whole(exchange, status, TEXT_TYPE, "", 0);
}

void respond_redirect(struct request *request, int status, const char *path)
{
    assert(path[0] == '/' && path[1] != '/' && path[1] != '\\');
    respond_elsewhere(exchange_of(request), status, path);
}

void respond_refusal(struct exchange *exchange, int status)
{
    exchange->close = true;
    respond_text(&exchange->request, status, status_words(status));
}

void respond_error(struct request *request, int status, const char *words)
{
    struct exchange *exchange = exchange_of(request);
    const struct router *router;
    struct str body;

    if (is_orphan(exchange))
        return;
    router = exchange->http->router;
    if (!router->error_page || privacy_of(exchange) == PRIVACY_FEED) {
        respond_text(request, status, words ? words : status_words(status));
        return;
    }
    str_init(&body, request->arena, PAGE_MOST);
    router->error_page(request, status, words, &body);
    respond_html(request, status, &body);
}

/* The fields that an answer has in each of its forms. */
static void add_answer_fields(struct str *head, const struct answer *answer,
                              const struct http *http, enum privacy privacy,
                              bool packed)
{
    const struct answer_head *fields = &answer->head;
    char date[30];

    str_add(head, http->security[privacy]);
    if (!privacy_forbids_storing(privacy))
        str_addf(head, "Cache-Control: %s\r\n", fields->cache_control);
    str_addf(head, "ETag: %s\r\nVary: Accept-Encoding\r\n",
             packed ? answer->packed.etag : answer->plain.etag);
    if (fields->last_modified) {
        format_http_date(fields->last_modified, date);
        str_addf(head, "Last-Modified: %s\r\n", date);
    }
    if (fields->robots_noindex && !privacy_is_noindex(privacy,
                                                      http->settings))
        str_add(head, "X-Robots-Tag: noindex\r\n");
}

static void add_content_fields(struct str *head, const struct answer *answer,
                               bool packed)
{
    const struct answer_head *fields = &answer->head;
    const struct variant *variant = packed ? &answer->packed : &answer->plain;

    str_addf(head, "Content-Type: %s\r\nContent-Length: %zu\r\n",
             fields->type, variant->length);
    if (packed)
        str_add(head, "Content-Encoding: gzip\r\n");
    if (fields->disposition)
        str_addf(head, "Content-Disposition: %s\r\n", fields->disposition);
    if (fields->link)
        str_addf(head, "Link: %s\r\n", fields->link);
}

/* Made when it is first needed; the same for every visitor after that. */
static const struct block *head_block(struct answer *answer,
                                      const struct http *http,
                                      enum privacy privacy, bool packed,
                                      bool same)
{
    struct block *block = &answer->blocks[privacy][packed][same];
    struct str head;

    if (block->text)
        return block;
    str_init(&head, NULL, HEAD_MOST);
    add_answer_fields(&head, answer, http, privacy, packed);
    if (!same)
        add_content_fields(&head, answer, packed);
    assert(!head.overflow);
    block->text = mem_strdup(head.data);
    block->length = head.length;
    str_free(&head);
    return block;
}

/* RFC 9110 13.2.2: If-None-Match goes first, and alone. */
static bool is_same(const struct request *request, const struct answer *answer,
                    bool packed)
{
    const char *tags = request_field(request, "if-none-match");
    const char *since = request_field(request, "if-modified-since");

    if (answer->head.status != 200 || request->method == METHOD_POST)
        return false;
    if (tags)
        return etag_listed(tags, packed ? answer->packed.etag
                                        : answer->plain.etag);
    return since && unmodified_since(since, answer->head.last_modified);
}

static struct iovec words(const char *text)
{
    union {
        const char *read;
        void *any;
    } pointer = { .read = text };

    return (struct iovec){ .iov_base = pointer.any, .iov_len = strlen(text) };
}

void respond_answer(struct request *request, struct answer *answer)
{
    struct exchange *exchange = exchange_of(request);

    if (is_orphan(exchange))
        return;
    bool packed = answer->packed.body &&
                  accepts_gzip(request_field(request, "accept-encoding"));
    bool same = is_same(request, answer, packed);
    const struct variant *variant = packed ? &answer->packed : &answer->plain;
    const struct block *block = head_block(
        answer, exchange->http, privacy_of(exchange), packed, same);
    bool bare = same || request->method == METHOD_HEAD;

    exchange->answer = answer_hold(answer);
    exchange->status = same ? 304 : answer->head.status;
    const struct iovec parts[] = {
        words(status_line(exchange->status)),
        words(http_date_line(exchange->http)),
        { .iov_base = block->text, .iov_len = block->length },
        { .iov_base = exchange->extra.data,
          .iov_len = exchange->extra.length },
        words(connection_line(exchange)),
        words("\r\n"),
        { .iov_base = variant->body, .iov_len = bare ? 0 : variant->length },
    };
    connection_send(exchange, parts, sizeof parts / sizeof *parts);
}

void respond_stream(struct request *request, int status, const char *type,
                    const struct stream *stream)
{
    struct exchange *exchange = exchange_of(request);
    struct str head;

    assert(!exchange->answered);
    if (!request->connection) {
        stream->gone(request, stream->context);
        exchange_free(&exchange);
        return;
    }
    exchange->chunked = !request->http10;
    /* The end of an HTTP/1.0 body is the end of the connection. */
    if (!exchange->chunked)
        exchange->close = true;
    begin_head(&head, exchange, status);
    str_addf(&head, "Content-Type: %s\r\n%s\r\n", type,
             exchange->chunked ? "Transfer-Encoding: chunked\r\n" : "");
    if (request->method == METHOD_HEAD) {
        stream->gone(request, stream->context);
        send_body(exchange, &head, "", 0);
        return;
    }
    exchange->stream = *stream;
    exchange->streaming = true;
    assert(!head.overflow);
    connection_queue(exchange, head.data, head.length);
}
