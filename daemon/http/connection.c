#include "daemon/http/connection.h"

#include <assert.h>
#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/base/arena.h"
#include "daemon/base/clock.h"
#include "daemon/base/mem.h"
#include "daemon/http/trust.h"
#include "daemon/http/wire.h"
#include "daemon/model/settings.h"

#define WRITE_AT_ONCE (1 << 20)
/* What a client may send ahead while its request is being worked on. */
#define AHEAD_MOST (64 * 1024)
/* A stream's deadline begins anew with each of these: not so little that a
 * trickle holds it, not so much that a slow line cannot. */
#define STREAM_STEP (1 << 20)
#define STREAM_LOW (64 * 1024 - 1)
#define PARTS_MOST 8
/* Requests of one connection before the others have their turn. */
#define TURN_MOST 4
/* In a full house, one that has not said a word for so long may go. */
#define MUTE_MS 500

static void run(struct connection *);

bool connection_is_idle(const struct connection *connection)
{
    return !connection->exchange && (connection->phase == PHASE_IDLE ||
                                     connection->phase == PHASE_FIRST);
}

/* Who works on the request keeps it; who streams is told; else it goes. */
static void abandon(struct exchange *exchange, enum phase phase)
{
    struct request *request = &exchange->request;

    request->connection = NULL;
    if (phase == PHASE_ANSWER)
        exchange_note(exchange);
    if (exchange->streaming) {
        exchange->streaming = false;
        exchange->stream.gone(request, exchange->stream.context);
    } else if (phase == PHASE_ANSWER && !exchange->answered) {
        return;
    }
    exchange_free(&exchange);
}

static void destroy(struct connection *connection)
{
    struct http *http = connection->http;
    struct exchange *exchange = connection->exchange;

    TAILQ_REMOVE(&http->lines[connection->phase], connection, line);
    counter_add(&http->meter->connections_open, (uint64_t)-1);
    listener_release(http, connection->peer);
    /* Before the exchange: its output may point into the arena. */
    bufferevent_setcb(connection->stream, NULL, NULL, NULL, NULL);
    bufferevent_free(connection->stream);
    if (exchange)
        abandon(exchange, connection->phase);
    mem_free(connection);
    listener_resume(http);
    http_check_drained(http);
}

void connection_close(struct connection *connection)
{
    if (connection->running)
        connection->doomed = true;
    else
        destroy(connection);
}

void connection_break(struct connection *connection)
{
    struct linger reset = { .l_onoff = 1 };

    setsockopt(connection->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    connection_close(connection);
}

/* Whoever comes to ask does so at once. */
static bool is_mute(const struct connection *connection)
{
    const struct settings *settings = connection->http->settings;
    int64_t came = connection->deadline - settings->head_time * 1000;

    return connection->phase == PHASE_FIRST && !connection->exchange &&
           clock_ticks_ms() - came >= MUTE_MS;
}

struct connection *connection_dispensable(struct http *http)
{
    struct connection *oldest = TAILQ_FIRST(&http->lines[PHASE_IDLE]);

    if (!oldest)
        TAILQ_FOREACH(oldest, &http->lines[PHASE_FIRST], line)
            if (is_mute(oldest))
                break;
    return oldest;
}

static bool has_unread(const struct connection *connection)
{
    int waiting = 0;

    return evbuffer_get_length(bufferevent_get_input(connection->stream)) ||
           (ioctl(connection->fd, FIONREAD, &waiting) == 0 && waiting > 0);
}

/* Closing with bytes unread makes the kernel send a reset, which can
 * overtake our answer: end our half, read on for a moment, then close. */
static void part(struct connection *connection, bool client_closes)
{
    struct evbuffer *input = bufferevent_get_input(connection->stream);

    if (connection->ended || (client_closes && !has_unread(connection))) {
        connection_close(connection);
        return;
    }
    if (shutdown(connection->fd, SHUT_WR) != 0) {
        connection_close(connection);
        return;
    }
    evbuffer_drain(input, evbuffer_get_length(input));
    deadline_set(connection, PHASE_LINGER);
    bufferevent_enable(connection->stream, EV_READ);
}

/* The answer is with the kernel. */
static void finish(struct connection *connection)
{
    struct exchange *exchange = connection->exchange;
    bool close_now = exchange->close || exchange->client_closes;
    bool client_closes = exchange->client_closes && !exchange->refused;

    exchange_note(exchange);
    exchange_free(&connection->exchange);
    if (close_now || connection->http->draining) {
        part(connection, client_closes);
        return;
    }
    deadline_set(connection, PHASE_IDLE);
    listener_resume(connection->http); /* this one could make room now */
    if (connection->muted) {
        connection->muted = false;
        bufferevent_enable(connection->stream, EV_READ);
    }
    /* What was sent ahead, or that nothing will come any more; not from here,
     * which may be deep in a handler. */
    if (!connection->running &&
        (connection->ended ||
         evbuffer_get_length(bufferevent_get_input(connection->stream))))
        bufferevent_trigger(connection->stream, EV_READ,
                            BEV_TRIG_IGNORE_WATERMARKS |
                                BEV_TRIG_DEFER_CALLBACKS);
}

static bool is_sent(const struct connection *connection)
{
    const struct exchange *exchange = connection->exchange;

    return exchange && exchange->answered && !exchange->streaming &&
           evbuffer_get_length(bufferevent_get_output(connection->stream)) ==
               0;
}

static size_t skip_parts(const struct iovec *parts, size_t count, size_t sent,
                         size_t *offset)
{
    size_t i = 0;

    while (i < count && sent >= parts[i].iov_len)
        sent -= parts[i++].iov_len;
    *offset = sent;
    return i;
}

/* The rest waits in the bufferevent: the body where it is, the head copied. */
static void queue_rest(struct connection *connection,
                       const struct iovec *parts, size_t count, size_t sent)
{
    struct evbuffer *output = bufferevent_get_output(connection->stream);
    size_t offset;

    for (size_t i = skip_parts(parts, count, sent, &offset); i < count; i++) {
        const char *bytes = (const char *)parts[i].iov_base + offset;
        size_t length = parts[i].iov_len - offset;

        if (i + 1 < count)
            evbuffer_add(output, bytes, length);
        else if (length > 0)
            evbuffer_add_reference(output, bytes, length, NULL, NULL);
        offset = 0;
    }
}

/* Straight to the socket, in one call and without asking the poller first:
 * an answer nearly always fits into the socket's buffer. */
void connection_send(struct exchange *exchange, const struct iovec *parts,
                     size_t count)
{
    struct connection *connection = exchange->request.connection;
    struct iovec vector[PARTS_MOST];
    struct msghdr message = { .msg_iov = vector, .msg_iovlen = count };

    assert(count <= PARTS_MOST);
    for (size_t i = 0; i < count; i++) {
        vector[i] = parts[i];
        exchange->bytes += parts[i].iov_len;
    }
    exchange->answered = true;
    ssize_t sent = sendmsg(connection->fd, &message, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) {
        connection_close(connection);
        return;
    }
    queue_rest(connection, parts, count, sent > 0 ? (size_t)sent : 0);
    if (!connection->running && is_sent(connection))
        finish(connection);
}

void connection_queue(struct exchange *exchange, const void *bytes,
                      size_t length)
{
    struct connection *connection = exchange->request.connection;

    if (!exchange->answered) {
        exchange->answered = true;
        bufferevent_setwatermark(connection->stream, EV_WRITE, STREAM_LOW, 0);
    }
    exchange->bytes += length;
    evbuffer_add(bufferevent_get_output(connection->stream), bytes, length);
}

void connection_finish_stream(struct exchange *exchange)
{
    struct bufferevent *stream = exchange->request.connection->stream;

    exchange->streaming = false;
    bufferevent_setwatermark(stream, EV_WRITE, 0, 0);
    if (evbuffer_get_length(bufferevent_get_output(stream)) == 0)
        bufferevent_trigger(stream, EV_WRITE,
                            BEV_TRIG_IGNORE_WATERMARKS |
                                BEV_TRIG_DEFER_CALLBACKS);
}

static void refuse(struct connection *connection, int status)
{
    struct exchange *exchange = connection->exchange;

    counter_add(&connection->http->meter->refused, 1);
    exchange->refused = true;
    exchange->request.method = parser_head(exchange->parser)->method;
    deadline_set(connection, PHASE_ANSWER);
    respond_refusal(exchange, status);
}

static void dispatch(struct connection *connection)
{
    struct exchange *exchange = connection->exchange;
    struct http *http = connection->http;

    deadline_set(connection, PHASE_ANSWER);
    counter_add(&http->meter->requests, 1);
    if (!connection->operators &&
        trust_was_plain(http->settings, &exchange->request,
                        &connection->address))
        respond_elsewhere(exchange, 301,
                          arena_printf(exchange->request.arena, "%s%s",
                                       http->settings->base_url,
                                       exchange->target));
    else
        router_dispatch(http->router, &exchange->request);
}

/* What may be sent to that path; a path that is not there takes as much as
 * any. */
static size_t body_most(const struct exchange *exchange)
{
    const struct route *route = exchange->match.route;

    return route && route->body_most
               ? route->body_most
               : (size_t)exchange->http->settings->body_bytes;
}

static bool take_body(struct connection *connection)
{
    struct evbuffer *input = bufferevent_get_input(connection->stream);
    struct request *request = &connection->exchange->request;
    size_t length = parser_head(connection->exchange->parser)->content_length;

    if (evbuffer_get_length(input) < length)
        return false;
    char *body = arena_alloc(request->arena, length + 1);
    evbuffer_remove(input, body, length);
    request->body = body;
    request->body_length = length;
    dispatch(connection);
    return true;
}

static bool head_done(struct connection *connection)
{
    struct exchange *exchange = connection->exchange;
    const struct head *head = parser_head(exchange->parser);

    exchange_take_head(exchange, &connection->address);
    /* Who measures us knows us by a number. */
    if (!connection->operators &&
        !trust_host(connection->http->settings, head->host,
                    strlen(head->host))) {
        refuse(connection, 421);
        return true;
    }
    if (head->content_length > body_most(exchange)) {
        refuse(connection, 413);
        return true;
    }
    exchange->request.body = "";
    if (head->content_length == 0) {
        dispatch(connection);
        return true;
    }
    deadline_set(connection, PHASE_BODY);
    return take_body(connection);
}

static enum parse_verdict feed(struct parser *parser, struct evbuffer *input)
{
    enum parse_verdict verdict = PARSE_MORE;
    struct evbuffer_iovec piece;

    while (verdict == PARSE_MORE &&
           evbuffer_peek(input, -1, NULL, &piece, 1) > 0) {
        size_t used;

        verdict = parser_feed(parser, piece.iov_base, piece.iov_len, &used);
        evbuffer_drain(input, used);
    }
    return verdict;
}

static bool take_head(struct connection *connection)
{
    struct evbuffer *input = bufferevent_get_input(connection->stream);

    if (evbuffer_get_length(input) == 0)
        return false;
    if (!connection->exchange) {
        connection->exchange = exchange_new(connection);
        if (connection->phase == PHASE_IDLE)
            deadline_set(connection, PHASE_HEAD);
    }
    struct parser *parser = connection->exchange->parser;
    switch (feed(parser, input)) {
    case PARSE_MORE:
        return false;
    case PARSE_REFUSED:
        refuse(connection, parser_refusal(parser));
        return true;
    case PARSE_DONE:
        break;
    }
    return head_done(connection);
}

/* One step; false: it needs more bytes. */
static bool step(struct connection *connection)
{
    switch (connection->phase) {
    case PHASE_FIRST:
    case PHASE_IDLE:
    case PHASE_HEAD:
        return take_head(connection);
    case PHASE_BODY:
        return take_body(connection);
    case PHASE_ANSWER:
    case PHASE_LINGER:
    case PHASE_COUNT:
        break;
    }
    return false;
}

/* Requests that were sent ahead are served one after the other, some at a
 * time: others are waiting too. */
static void run(struct connection *connection)
{
    struct evbuffer *input = bufferevent_get_input(connection->stream);
    int served = 0;

    connection->running = true;
    while (!connection->doomed && served < TURN_MOST && step(connection))
        if (!connection->doomed && is_sent(connection)) {
            finish(connection);
            served++;
        }
    connection->running = false;
    bool more = served == TURN_MOST && evbuffer_get_length(input) > 0;
    if (connection->doomed ||
        (connection->ended && connection->phase < PHASE_ANSWER && !more))
        destroy(connection);
    else if (more)
        bufferevent_trigger(connection->stream, EV_READ,
                            BEV_TRIG_IGNORE_WATERMARKS |
                                BEV_TRIG_DEFER_CALLBACKS);
}

static void on_read(struct bufferevent *stream, void *context)
{
    struct connection *connection = context;
    struct evbuffer *input = bufferevent_get_input(stream);

    if (connection->phase == PHASE_LINGER) {
        evbuffer_drain(input, evbuffer_get_length(input));
        return;
    }
    if (connection->phase != PHASE_ANSWER) {
        run(connection);
        return;
    }
    if (evbuffer_get_length(input) > AHEAD_MOST) {
        connection->muted = true;
        bufferevent_disable(stream, EV_READ);
    }
}

static void renew(struct connection *connection, size_t waiting)
{
    struct exchange *exchange = connection->exchange;
    uint64_t sent = exchange->bytes - waiting;

    if (sent - exchange->renewed_at < STREAM_STEP)
        return;
    exchange->renewed_at = sent;
    deadline_set(connection, PHASE_ANSWER);
}

static void on_write(struct bufferevent *stream, void *context)
{
    struct connection *connection = context;
    struct evbuffer *output = bufferevent_get_output(stream);

    if (connection->phase != PHASE_ANSWER)
        return;
    if (connection->exchange->streaming) {
        renew(connection, evbuffer_get_length(output));
        stream_pump(connection->exchange);
    } else if (is_sent(connection)) {
        finish(connection);
    }
}

static void on_event(struct bufferevent *stream, short what, void *context)
{
    struct connection *connection = context;

    bool waits = connection->phase == PHASE_ANSWER;
    bool asks = connection->phase < PHASE_ANSWER &&
                evbuffer_get_length(bufferevent_get_input(stream)) > 0;

    /* A client may end its half and still wait for its answers. */
    if ((what & BEV_EVENT_EOF) && (waits || asks)) {
        connection->ended = true;
        if (asks)
            run(connection);
        return;
    }
    connection_close(connection);
}

void connection_expire(struct connection *connection)
{
    switch (connection->phase) {
    case PHASE_FIRST:
    case PHASE_HEAD:
    case PHASE_BODY:
        if (connection->exchange) {
            refuse(connection, 408);
            return;
        }
        break;
    case PHASE_IDLE:
    case PHASE_ANSWER:
    case PHASE_LINGER:
    case PHASE_COUNT:
        break;
    }
    connection_close(connection);
}

void connection_open(struct listener *listener, int fd,
                     const struct netaddr *address, struct peer *peer)
{
    struct http *http = listener->http;
    struct connection *connection = mem_new(sizeof *connection);

    connection->http = http;
    connection->fd = fd;
    connection->address = *address;
    connection->peer = peer;
    connection->operators = listener->operators;
    connection->stream =
        bufferevent_socket_new(http->base, fd, BEV_OPT_CLOSE_ON_FREE);
    assert(connection->stream);
    bufferevent_set_max_single_write(connection->stream, WRITE_AT_ONCE);
    bufferevent_setcb(connection->stream, on_read, on_write, on_event,
                      connection);
    counter_add(&http->meter->connections_open, 1);
    counter_add(&http->meter->connections_total, 1);
    TAILQ_INSERT_TAIL(&http->lines[PHASE_FIRST], connection, line);
    deadline_set(connection, PHASE_FIRST);
    bufferevent_enable(connection->stream, EV_READ | EV_WRITE);
}
