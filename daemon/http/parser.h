/* The head of a request, strictly: what docs/http.md does not allow is
 * refused, and every refusal ends the connection. Pure: bytes in, verdict
 * out; it knows neither sockets nor time. A body is only announced by
 * `content_length`; whoever reads the bytes collects it. */
#ifndef CONVENED_HTTP_PARSER_H
#define CONVENED_HTTP_PARSER_H

#include <stdbool.h>
#include <stddef.h>

#include "daemon/http/request.h"

struct parser;

struct parser_limits {
    size_t head_bytes, head_fields, target_bytes;
};

struct head {
    enum method method;
    bool http10;
    bool keep_alive;    /* as the client wishes */
    const char *target; /* as sent: origin-form */
    const char *path;   /* percent-decoded UTF-8 without controls */
    const char *query;  /* as sent, "" if none */
    const char *host;
    const struct field *fields;
    size_t field_count;
    size_t content_length; /* 0 without a body */
};

enum parse_verdict {
    PARSE_MORE,    /* all bytes used, the head goes on */
    PARSE_DONE,    /* parser_head() holds it; the rest is not touched */
    PARSE_REFUSED, /* parser_refusal() is the status to answer */
};

/* Lives in the arena, and so does the head. */
struct parser *parser_new(struct arena *, const struct parser_limits *);
/* *used: how many bytes it took. Not to be called again after DONE or
 * REFUSED. */
enum parse_verdict parser_feed(struct parser *, const char *bytes,
                               size_t length, size_t *used);
const struct head *parser_head(const struct parser *);
int parser_refusal(const struct parser *);

#endif
