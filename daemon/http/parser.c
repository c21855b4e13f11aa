#include "daemon/http/parser.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "daemon/base/arena.h"
#include "daemon/base/parse.h"
#include "daemon/base/str.h"
#include "daemon/base/text.h"

/* Method, two blanks and the version around the target. */
#define LINE_SLACK 32
#define FIRST_SPANS 16
#define LENGTH_DIGITS 9

/* Where a field lies in the head; offsets, since the head moves as it
 * grows. */
struct span {
    size_t name, value;
};

struct parser {
    struct arena *arena;
    struct parser_limits limits;
    struct str bytes;  /* the head so far */
    size_t line_start; /* in bytes */
    bool blank_before; /* one empty line was skipped (RFC 9112 2.2) */
    bool has_line;     /* the request line is there */
    bool unknown_method;
    size_t target, target_length;
    struct span *spans;
    size_t span_count, span_room;
    size_t host; /* 0: none yet; a value never lies at offset 0 */
    bool has_length, has_coding, has_expect;
    bool says_close, says_keep;
    int refusal;
    struct head head;
};

struct parser *parser_new(struct arena *arena,
                          const struct parser_limits *limits)
{
    struct parser *parser = ARENA_NEW(arena, struct parser);

    parser->arena = arena;
    parser->limits = *limits;
    str_init(&parser->bytes, arena, limits->head_bytes);
    return parser;
}

const struct head *parser_head(const struct parser *parser)
{
    return &parser->head;
}

int parser_refusal(const struct parser *parser)
{
    return parser->refusal;
}

static bool refuse(struct parser *parser, int status)
{
    parser->refusal = status;
    return false;
}

#define BIT(c) (UINT64_C(1) << ((c) & 63))
#define BITS(first, last) ((BIT(last) << 1) - BIT(first))

/* RFC 9110 5.6.2 */
static bool is_token_char(unsigned char c)
{
    static const uint64_t allowed[2] = {
        BIT('!') | BITS('#', '\'') | BIT('*') | BIT('+') | BIT('-') |
            BIT('.') | BITS('0', '9'),
        BITS('A', 'Z') | BIT('^') | BIT('_') | BIT('`') | BITS('a', 'z') |
            BIT('|') | BIT('~'),
    };

    return c < 128 && (allowed[c >> 6] >> (c & 63) & 1);
}

static bool is_token(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!is_token_char((unsigned char)text[i]))
            return false;
    return length > 0;
}

static bool is_value_char(unsigned char c)
{
    return (c >= 0x20 && c != 0x7f) || c == '\t';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool word_is(const char *text, size_t length, const char *word)
{
    return strlen(word) == length && memcmp(text, word, length) == 0;
}

static bool take_method(struct parser *parser, const char *word,
                        size_t length)
{
    if (!is_token(word, length))
        return refuse(parser, 400);
    if (word_is(word, length, "GET"))
        parser->head.method = METHOD_GET;
    else if (word_is(word, length, "HEAD"))
        parser->head.method = METHOD_HEAD;
    else if (word_is(word, length, "POST"))
        parser->head.method = METHOD_POST;
    else
        parser->unknown_method = true;
    return true;
}

static bool take_version(struct parser *parser, const char *word,
                         size_t length)
{
    if (length != 8 || memcmp(word, "HTTP/", 5) != 0 || !is_digit(word[5]) ||
        word[6] != '.' || !is_digit(word[7]))
        return refuse(parser, 400);
    if (word[5] != '1' || word[7] > '1')
        return refuse(parser, 505);
    parser->head.http10 = word[7] == '0';
    return true;
}

static bool take_target(struct parser *parser, size_t start, size_t length)
{
    const char *target = parser->bytes.data + start;

    if (length > parser->limits.target_bytes)
        return refuse(parser, 414);
    if (length == 0 || target[0] != '/')
        return refuse(parser, 400);
    for (size_t i = 0; i < length; i++)
        if (target[i] < 0x21 || target[i] > 0x7e || target[i] == '#')
            return refuse(parser, 400);
    parser->target = start;
    parser->target_length = length;
    return true;
}

/* method SP target SP version (RFC 9112 3), nothing more and nothing less */
static bool take_request_line(struct parser *parser, size_t start,
                              size_t length)
{
    char *line = parser->bytes.data + start;
    char *first = memchr(line, ' ', length);
    char *last = memrchr(line, ' ', length);

    if (!first || first == last)
        return refuse(parser, length > parser->limits.target_bytes ? 414
                                                                   : 400);
    size_t method = (size_t)(first - line);
    size_t version = (size_t)(last + 1 - line);
    /* The method first: a refused HEAD has no body in its answer either. */
    if (!take_method(parser, line, method) ||
        !take_version(parser, line + version, length - version) ||
        !take_target(parser, start + method + 1, version - method - 2))
        return false;
    parser->has_line = true;
    return parser->unknown_method ? refuse(parser, 501) : true;
}

static bool take_content_length(struct parser *parser, const char *value)
{
    size_t length = 0;
    size_t digits = 0;

    if (parser->has_length)
        return refuse(parser, 400);
    parser->has_length = true;
    for (; is_digit(value[digits]); digits++)
        if (digits < LENGTH_DIGITS)
            length = length * 10 + (size_t)(value[digits] - '0');
    if (digits == 0 || value[digits])
        return refuse(parser, 400);
    if (digits > LENGTH_DIGITS)
        return refuse(parser, 413);
    parser->head.content_length = length;
    return true;
}

static void take_connection(struct parser *parser, const char *value)
{
    while (*value) {
        value += strspn(value, ", \t");
        size_t length = strcspn(value, ", \t");

        if (length == 5 && strncasecmp(value, "close", 5) == 0)
            parser->says_close = true;
        if (length == 10 && strncasecmp(value, "keep-alive", 10) == 0)
            parser->says_keep = true;
        value += length;
    }
}

/* RFC 9110 7.2, of which only names, IP literals and a port can be ours. */
static bool take_host(struct parser *parser, size_t at)
{
    const char *value = parser->bytes.data + at;

    if (parser->host || !*value)
        return refuse(parser, 400);
    for (const char *c = value; *c; c++)
        if (!is_token_char((unsigned char)*c) && !strchr(":[]", *c))
            return refuse(parser, 400);
    parser->host = at;
    return true;
}

/* The few fields that decide about the message itself. */
static bool take_known(struct parser *parser, const struct span *span)
{
    const char *name = parser->bytes.data + span->name;
    const char *value = parser->bytes.data + span->value;

    switch (name[0]) {
    case 'h':
        if (strcmp(name, "host") == 0)
            return take_host(parser, span->value);
        break;
    case 'c':
        if (strcmp(name, "content-length") == 0)
            return take_content_length(parser, value);
        if (strcmp(name, "connection") == 0)
            take_connection(parser, value);
        break;
    case 't':
        if (strcmp(name, "transfer-encoding") == 0)
            parser->has_coding = true;
        break;
    case 'e':
        if (strcmp(name, "expect") == 0)
            parser->has_expect = true;
        break;
    default:
        break;
    }
    return true;
}

static struct span *add_span(struct parser *parser)
{
    if (parser->span_count == parser->span_room) {
        size_t room = parser->span_room ? parser->span_room * 2 : FIRST_SPANS;
        struct span *spans = ARENA_ARRAY(parser->arena, struct span, room);

        if (parser->span_count)
            memcpy(spans, parser->spans, parser->span_count * sizeof *spans);
        parser->spans = spans;
        parser->span_room = room;
    }
    return &parser->spans[parser->span_count++];
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* name ":" OWS value OWS (RFC 9112 5); no folding, nothing before the
 * colon. */
static bool take_field(struct parser *parser, size_t start, size_t length)
{
    char *line = parser->bytes.data + start;
    char *colon = memchr(line, ':', length);

    if (!colon || !is_token(line, (size_t)(colon - line)))
        return refuse(parser, 400);
    if (parser->span_count >= parser->limits.head_fields)
        return refuse(parser, 431);
    for (char *c = line; c < colon; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c + ('a' - 'A'));
    *colon = '\0';

    char *value = colon + 1;
    char *end = line + length;
    while (value < end && is_blank(*value))
        value++;
    while (end > value && is_blank(end[-1]))
        end--;
    for (char *c = value; c < end; c++)
        if (!is_value_char((unsigned char)*c))
            return refuse(parser, 400);
    /* At the latest this is the CR of the line's end. */
    *end = '\0';

    struct span *span = add_span(parser);
    span->name = start;
    span->value = (size_t)(value - parser->bytes.data);
    return take_known(parser, span);
}

static bool has_dot_segment(const char *path)
{
    for (const char *at = path; (at = strchr(at, '/')); at++) {
        size_t length = strcspn(at + 1, "/");

        if (word_is(at + 1, length, ".") || word_is(at + 1, length, ".."))
            return true;
    }
    return false;
}

/* An encoded slash would make one segment two after decoding, so that we and
 * a proxy before us would see different paths. */
static bool has_coded_slash(const char *path, size_t length)
{
    for (size_t i = 0; i + 2 < length; i++)
        if (path[i] == '%' &&
            (strncasecmp(path + i, "%2f", 3) == 0 ||
             strncasecmp(path + i, "%5c", 3) == 0))
            return true;
    return false;
}

static bool split_target(struct parser *parser)
{
    struct head *head = &parser->head;
    char *target = parser->bytes.data + parser->target;

    target[parser->target_length] = '\0';
    head->target = target;
    size_t length = strcspn(target, "?");
    head->query = target + length + (target[length] == '?');

    char *path = arena_strndup(parser->arena, target, length);
    if (memchr(path, '%', length)) {
        size_t decoded;

        if (has_coded_slash(path, length) ||
            !parse_percent(path, length, false, &decoded) ||
            !text_is_utf8(path, decoded) || text_has_control(path, false))
            return refuse(parser, 400);
    }
    if (has_dot_segment(path))
        return refuse(parser, 400);
    head->path = path;
    return true;
}

/* RFC 9112 6.3, cut down to the one framing that browsers and nginx use. */
static bool check_framing(struct parser *parser)
{
    struct head *head = &parser->head;

    if (parser->has_coding)
        return refuse(parser, 501);
    if (!parser->host)
        return refuse(parser, 400);
    if (parser->has_expect)
        return refuse(parser, 417);
    if (head->method == METHOD_POST && !parser->has_length)
        return refuse(parser, 411);
    if (head->method != METHOD_POST && head->content_length > 0)
        return refuse(parser, 400);
    return true;
}

static bool finish(struct parser *parser)
{
    struct head *head = &parser->head;

    if (!check_framing(parser) || !split_target(parser))
        return false;
    struct field *fields =
        ARENA_ARRAY(parser->arena, struct field, parser->span_count);
    for (size_t i = 0; i < parser->span_count; i++) {
        fields[i].name = parser->bytes.data + parser->spans[i].name;
        fields[i].value = parser->bytes.data + parser->spans[i].value;
    }
    head->fields = fields;
    head->field_count = parser->span_count;
    head->host = parser->bytes.data + parser->host;
    head->keep_alive = !parser->says_close &&
                       (!head->http10 || parser->says_keep);
    return true;
}

/* One whole line, its line end included. True: go on. */
static bool take_line(struct parser *parser, bool *done)
{
    size_t start = parser->line_start;
    size_t length = parser->bytes.length - start;

    parser->line_start = parser->bytes.length;
    if (length < 2 || parser->bytes.data[start + length - 2] != '\r')
        return refuse(parser, 400);
    length -= 2;
    if (!parser->has_line) {
        if (length == 0) {
            if (parser->blank_before)
                return refuse(parser, 400);
            parser->blank_before = true;
            return true;
        }
        return take_request_line(parser, start, length);
    }
    if (length > 0)
        return take_field(parser, start, length);
    *done = true;
    return finish(parser);
}

/* A line that has not ended yet, of which `fresh` bytes came just now:
 * refused as soon as it cannot become legal, so that nobody waits for a
 * deadline in vain. */
static bool check_part(struct parser *parser, size_t fresh)
{
    const char *line = parser->bytes.data + parser->line_start;
    size_t length = parser->bytes.length - parser->line_start;

    /* From one byte before: a CR was fine only as the last one. */
    for (size_t i = length > fresh ? length - fresh - 1 : 0; i < length; i++)
        if (!is_value_char((unsigned char)line[i]) &&
            !(line[i] == '\r' && i + 1 == length))
            return refuse(parser, 400);
    if (!parser->has_line && length > 0) {
        if (!is_token_char((unsigned char)line[0]) && line[0] != '\r')
            return refuse(parser, 400);
        if (length > parser->limits.target_bytes + LINE_SLACK)
            return refuse(parser, 414);
    }
    return true;
}

enum parse_verdict parser_feed(struct parser *parser, const char *bytes,
                               size_t length, size_t *used)
{
    bool done = false;

    assert(!parser->refusal && !parser->head.path);
    for (*used = 0; *used < length && !done;) {
        const char *at = bytes + *used;
        const char *line_end = memchr(at, '\n', length - *used);
        size_t take = line_end ? (size_t)(line_end + 1 - at) : length - *used;

        str_add_bytes(&parser->bytes, at, take);
        *used += take;
        if (parser->bytes.overflow) {
            refuse(parser, parser->has_line ? 431 : 414);
            return PARSE_REFUSED;
        }
        if (!(line_end ? take_line(parser, &done) : check_part(parser, take)))
            return PARSE_REFUSED;
    }
    return done ? PARSE_DONE : PARSE_MORE;
}
