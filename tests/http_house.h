/* A small web server and its visitors in one thread: while a visitor waits,
 * the loop turns. */
#ifndef CONVENED_TESTS_HTTP_HOUSE_H
#define CONVENED_TESTS_HTTP_HOUSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/http/connection.h"
#include "daemon/model/settings.h"

#define HOST "Host: example.org\r\n"

struct arena;

struct house {
    struct event_base *base;
    struct arena *arena; /* what visitors read lives in it */
    struct settings settings;
    struct router router;
    struct http *http;
    int listening;
    uint16_t port;
};

/* Settings as generous as the program's own. */
struct settings house_settings(void);
/* Opens on a free loopback port; settings and router's routes are set. */
void house_open(struct house *);
void house_close(struct house *);

/* Turns the loop once, without waiting. */
void house_turn(struct house *);
void house_turn_for(struct house *, int64_t ms);

/* A visitor: a socket that never blocks. */
int visitor_new(struct house *);
void visitor_send(struct house *, int fd, const void *, size_t);
void visitor_say(struct house *, int fd, const char *);
/* Reads until the server closes, at most 5 s; *closed says whether it did
 * so in peace. */
char *visitor_read_all(struct house *, int fd, size_t *length, bool *closed);
/* Reads one answer that has a Content-Length. */
char *visitor_read_answer(struct house *, int fd, bool has_body);
/* One request on a connection of its own, read to the end. */
char *house_ask(struct house *, const char *request);
int answer_status(const char *answer);

#endif
