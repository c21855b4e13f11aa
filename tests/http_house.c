#include "tests/http_house.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/base/arena.h"
#include "daemon/base/clock.h"
#include "daemon/base/str.h"
#include "daemon/base/token.h"
#include "daemon/http/limit.h"

#define PATIENCE_MS 5000
#define ANSWER_MOST (64 * 1024 * 1024)

static char base_url[] = "http://example.org";
static char base_host[] = "example.org";

struct settings house_settings(void)
{
    return (struct settings){
        .base_url = base_url,
        .base_host = base_host,
        .workers = 1,
        .head_bytes = 16384,
        .head_fields = 64,
        .target_bytes = 2048,
        .body_bytes = 65536,
        .form_fields = 200,
        .form_value_bytes = 4096,
        .head_time = 10,
        .body_time = 30,
        .idle_time = 15,
        .answer_time = 60,
        .connections = 1000,
        .connections_per_address = 500,
        .rates = { { 100000, 60 }, { 100000, 60 }, { 100000, 60 } },
        .stop_time = 5,
    };
}

static int listen_somewhere(uint16_t *port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

    if (fd < 0 ||
        bind(fd, (struct sockaddr *)(void *)&address, sizeof address) != 0 ||
        listen(fd, 128) != 0 ||
        getsockname(fd, (struct sockaddr *)(void *)&address, &length) != 0)
        abort();
    *port = ntohs(address.sin_port);
    return fd;
}

void house_open(struct house *house)
{
    struct err err;

    token_start();
    house->arena = arena_new();
    house->base = event_base_new();
    house->router.settings = &house->settings;
    house->router.limiter = limiter_new(&house->settings);
    house->http = http_new(house->base, &house->router, &house->settings,
                           NULL);
    house->listening = listen_somewhere(&house->port);
    if (http_listen(house->http, house->listening, &err) != RC_OK)
        abort();
}

void house_close(struct house *house)
{
    http_free(&house->http);
    limiter_free(&house->router.limiter);
    event_base_free(house->base);
    close(house->listening);
    arena_free(&house->arena);
}

void house_turn(struct house *house)
{
    event_base_loop(house->base, EVLOOP_NONBLOCK);
}

void house_turn_for(struct house *house, int64_t ms)
{
    int64_t end = clock_ticks_ms() + ms;

    while (clock_ticks_ms() < end) {
        house_turn(house);
        usleep(1000);
    }
}

int visitor_new(struct house *house)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(house->port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

    if (fd < 0 || (connect(fd, (struct sockaddr *)(void *)&address,
                           sizeof address) != 0 &&
                   errno != EINPROGRESS))
        abort();
    return fd;
}

void visitor_send(struct house *house, int fd, const void *bytes,
                  size_t length)
{
    const char *at = bytes;
    int64_t end = clock_ticks_ms() + PATIENCE_MS;

    while (length > 0 && clock_ticks_ms() < end) {
        ssize_t sent = send(fd, at, length, MSG_NOSIGNAL);

        if (sent > 0) {
            at += sent;
            length -= (size_t)sent;
        } else if (errno != EAGAIN) {
            break; /* closed: what it answered is for the reader to see */
        }
        house_turn(house);
    }
}

void visitor_say(struct house *house, int fd, const char *text)
{
    visitor_send(house, fd, text, strlen(text));
}

/* One more piece, if there is one: its length, 0 at the end, -1 later, -2
 * if the server broke off. */
static ssize_t read_some(struct house *house, int fd, struct str *all)
{
    char piece[16384];

    house_turn(house);
    ssize_t got = recv(fd, piece, sizeof piece, 0);
    if (got > 0)
        str_add_bytes(all, piece, (size_t)got);
    else if (got < 0 && errno != EAGAIN)
        return -2;
    else if (got < 0)
        usleep(500);
    return got;
}

char *visitor_read_all(struct house *house, int fd, size_t *length,
                       bool *closed)
{
    int64_t end = clock_ticks_ms() + PATIENCE_MS;
    struct str all;
    ssize_t got;

    str_init(&all, house->arena, ANSWER_MOST);
    do
        got = read_some(house, fd, &all);
    while (got != 0 && got != -2 && clock_ticks_ms() < end);
    *closed = got == 0;
    *length = all.length;
    return all.data;
}

static size_t body_length(const char *answer)
{
    const char *field = strstr(answer, "Content-Length: ");

    return field ? strtoul(field + strlen("Content-Length: "), NULL, 10) : 0;
}

char *visitor_read_answer(struct house *house, int fd, bool has_body)
{
    int64_t end = clock_ticks_ms() + PATIENCE_MS;
    size_t wanted = SIZE_MAX;
    struct str all;
    char byte;

    str_init(&all, house->arena, ANSWER_MOST);
    /* Byte by byte: what follows belongs to the next answer. */
    while (all.length < wanted && clock_ticks_ms() < end) {
        house_turn(house);
        ssize_t got = recv(fd, &byte, 1, 0);
        if (got == 0 || (got < 0 && errno != EAGAIN))
            break;
        if (got < 0)
            continue;
        str_add_char(&all, byte);
        if (wanted == SIZE_MAX && all.length >= 4 &&
            strcmp(all.data + all.length - 4, "\r\n\r\n") == 0)
            wanted = all.length + (has_body ? body_length(all.data) : 0);
    }
    return all.data;
}

char *house_ask(struct house *house, const char *request)
{
    int fd = visitor_new(house);
    size_t length;
    bool closed;

    visitor_say(house, fd, request);
    shutdown(fd, SHUT_WR);
    char *answer = visitor_read_all(house, fd, &length, &closed);
    close(fd);
    assert(closed);
    return answer;
}

int answer_status(const char *answer)
{
    int status = 0;

    if (sscanf(answer, "HTTP/1.1 %d ", &status) != 1)
        return 0;
    return status;
}
