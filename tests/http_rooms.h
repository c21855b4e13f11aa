/* The routes of the test house, and what their handlers leave to be seen. */
#ifndef CONVENED_TESTS_HTTP_ROOMS_H
#define CONVENED_TESTS_HTTP_ROOMS_H

#include "daemon/http/answer.h"
#include "tests/http_house.h"

#define BIG (8 * 1024 * 1024)

extern struct seen {
    struct request *held; /* of /hold, which does not answer */
    struct answer *page;  /* 4 KB */
    struct answer *big;   /* BIG bytes, (char)(i * i >> 7) each */
    size_t streamed, stream_most;
    unsigned gone;
} seen;

/* Of one test: *state is the house. */
int rooms_open(void **state);
int rooms_close(void **state);
void expect_status(struct house *, const char *request, int status);
bool asks_and_finds(struct house *, const char *request, const char *text);

#endif
