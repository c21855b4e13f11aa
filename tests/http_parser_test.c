#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/str.h"
#include "daemon/http/parser.h"

#define HOST "Host: example.org\r\n"

static const struct parser_limits limits = {
    .head_bytes = 16384,
    .head_fields = 64,
    .target_bytes = 2048,
};

static int begin(void **state)
{
    *state = arena_new();
    return 0;
}

static int end(void **state)
{
    struct arena *arena = *state;

    arena_free(&arena);
    return 0;
}

static struct parser *feed(struct arena *arena, const char *bytes,
                           size_t length, enum parse_verdict *verdict,
                           size_t *used)
{
    struct parser *parser = parser_new(arena, &limits);

    *verdict = parser_feed(parser, bytes, length, used);
    return parser;
}

/* The status of the refusal; 0 for a head that is fine, -1 for half of one. */
static int status_of(struct arena *arena, const char *bytes, size_t length)
{
    enum parse_verdict verdict;
    size_t used;
    struct parser *parser = feed(arena, bytes, length, &verdict, &used);

    if (verdict == PARSE_REFUSED)
        return parser_refusal(parser);
    return verdict == PARSE_DONE ? 0 : -1;
}

static void expect(struct arena *arena, const char *text, int status)
{
    int found = status_of(arena, text, strlen(text));

    if (found != status)
        print_error("%d instead of %d for:\n%s\n", found, status, text);
    assert_int_equal(found, status);
}

static void a_head_is_taken_apart(void **state)
{
    static const char text[] =
        "POST /de/J%C3%BCrgen?a=%41&b HTTP/1.1\r\n" HOST
        "Content-Length: 12\r\nX-Empty:\r\nX-Tail:\t a b \t\r\n\r\nbody";
    enum parse_verdict verdict;
    size_t used;
    struct parser *parser =
        feed(*state, text, sizeof text - 1, &verdict, &used);
    const struct head *head = parser_head(parser);

    assert_int_equal(verdict, PARSE_DONE);
    assert_int_equal(used, sizeof text - 1 - 4);
    assert_int_equal(head->method, METHOD_POST);
    assert_false(head->http10);
    assert_true(head->keep_alive);
    assert_string_equal(head->target, "/de/J%C3%BCrgen?a=%41&b");
    assert_string_equal(head->path, "/de/Jürgen");
    assert_string_equal(head->query, "a=%41&b");
    assert_string_equal(head->host, "example.org");
    assert_int_equal(head->content_length, 12);
    assert_int_equal(head->field_count, 4);
    assert_string_equal(head->fields[2].name, "x-empty");
    assert_string_equal(head->fields[2].value, "");
    assert_string_equal(head->fields[3].name, "x-tail");
    assert_string_equal(head->fields[3].value, "a b");
}

static void it_does_not_matter_where_the_bytes_are_cut(void **state)
{
    static const char text[] =
        "\r\nGET /a%20b?c HTTP/1.0\r\n" HOST
        "Connection: foo, Keep-Alive\r\nAccept: */*\r\n\r\n";
    size_t length = sizeof text - 1;

    for (size_t cut = 0; cut <= length; cut++) {
        struct parser *parser = parser_new(*state, &limits);
        size_t used;
        enum parse_verdict verdict = parser_feed(parser, text, cut, &used);

        assert_int_equal(used, cut);
        if (cut < length) {
            assert_int_equal(verdict, PARSE_MORE);
            verdict = parser_feed(parser, text + cut, length - cut, &used);
        }
        assert_int_equal(verdict, PARSE_DONE);
        assert_string_equal(parser_head(parser)->path, "/a b");
        assert_int_equal(parser_head(parser)->field_count, 3);
        assert_true(parser_head(parser)->keep_alive);
    }
}

static void one_byte_at_a_time_is_as_good_as_all(void **state)
{
    static const char text[] = "GET / HTTP/1.1\r\n" HOST "A: b\r\n\r\nrest";
    struct parser *parser = parser_new(*state, &limits);
    enum parse_verdict verdict = PARSE_MORE;
    size_t at = 0, used;

    for (; verdict == PARSE_MORE; at++)
        verdict = parser_feed(parser, text + at, 1, &used);
    assert_int_equal(verdict, PARSE_DONE);
    assert_string_equal(text + at, "rest");
}

static void broken_request_lines_are_refused(void **state)
{
    static const struct {
        const char *line;
        int status;
    } cases[] = {
        { "GET  / HTTP/1.1", 400 },      { "GET /  HTTP/1.1", 400 },
        { " GET / HTTP/1.1", 400 },      { "GET / HTTP/1.1 ", 400 },
        { "GET\t/\tHTTP/1.1", 400 },     { "GET /", 400 },
        { "GET / HTTP/1", 400 },         { "GET / http/1.1", 400 },
        { "GET / HTTP/1.11", 400 },      { "GET / HTTP/01.1", 400 },
        { "GET / HTTP/1.2", 505 },       { "GET / HTTP/2.0", 505 },
        { "GET / HTTP/0.9", 505 },       { "PRI * HTTP/2.0", 505 },
        { "GET * HTTP/1.1", 400 },       { "G{T / HTTP/1.1", 400 },
        { "GET http://example.org/ HTTP/1.1", 400 },
        { "GET example.org:80 HTTP/1.1", 400 },
        { "GET /#a HTTP/1.1", 400 },     { "GET /\x80 HTTP/1.1", 400 },
        { "GET /\x7f HTTP/1.1", 400 },   { "GET /\x01 HTTP/1.1", 400 },
        { "get / HTTP/1.1", 501 },       { "PUT / HTTP/1.1", 501 },
        { "OPTIONS / HTTP/1.1", 501 },   { "TRACE / HTTP/1.1", 501 },
        { "CONNECT / HTTP/1.1", 501 },   { "GETT / HTTP/1.1", 501 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str text;

        str_init(&text, *state, 1000);
        str_addf(&text, "%s\r\n" HOST "\r\n", cases[i].line);
        expect(*state, text.data, cases[i].status);
    }
}

static void broken_paths_are_refused(void **state)
{
    static const char *const paths[] = {
        "/%",        "/%4",       "/%zz",      "/%00",      "/%0a",
        "/%ff",      "/%c3%28",   "/a%2fb",    "/a%2Fb",    "/a%5cb",
        "/..",       "/../etc",   "/a/../b",   "/a/..",     "/.",
        "/a/./b",    "/%2e%2e/a", "/a/%2E",    "/%7f",      "/%c0%ae",
    };

    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct str text;

        str_init(&text, *state, 1000);
        str_addf(&text, "GET %s HTTP/1.1\r\n" HOST "\r\n", paths[i]);
        expect(*state, text.data, 400);
    }
    expect(*state, "GET /...?%zz HTTP/1.1\r\n" HOST "\r\n", 0);
}

static void broken_fields_are_refused(void **state)
{
    static const char *const fields[] = {
        "A : b",        "A b: c",       ": b",        "A",
        " A: b",        "\tA: b",       "A: b\rc",    "A: b\x01",
        "A: b\x7f",     "A\x80: b",     "A: b\r\n c", "A(b): c",
        "Host: b",      "Content-Length: 0\r\nContent-Length: 0",
        "Content-Length:", "Content-Length: +1", "Content-Length: -1",
        "Content-Length: 1, 1", "Content-Length: 0x1", "Content-Length: 1 1",
        "Content-Length: 5",
    };

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        struct str text;

        str_init(&text, *state, 1000);
        str_addf(&text, "GET / HTTP/1.1\r\n" HOST "%s\r\n\r\n", fields[i]);
        expect(*state, text.data, 400);
    }
}

static void only_crlf_ends_a_line(void **state)
{
    expect(*state, "GET / HTTP/1.1\n" HOST "\r\n", 400);
    expect(*state, "GET / HTTP/1.1\r\nHost: example.org\n\r\n", 400);
    expect(*state, "GET / HTTP/1.1\r\n" HOST "\n", 400);
    expect(*state, "GET / HTTP/1.1\r\r\n" HOST "\r\n", 400);
    expect(*state, "\r\n\r\nGET / HTTP/1.1\r\n" HOST "\r\n", 400);
    expect(*state, "\nGET / HTTP/1.1\r\n" HOST "\r\n", 400);
}

static void a_nul_is_refused_wherever_it_stands(void **state)
{
    static const char good[] = "GET /abc HTTP/1.1\r\n" HOST "A: b\r\n\r\n";
    char text[sizeof good];

    for (size_t i = 0; i + 1 < sizeof good; i++) {
        memcpy(text, good, sizeof good);
        text[i] = '\0';
        assert_int_equal(status_of(*state, text, sizeof good - 1), 400);
    }
}

static void the_framing_of_a_body_has_one_form(void **state)
{
    expect(*state, "POST / HTTP/1.1\r\n" HOST "\r\n", 411);
    expect(*state, "POST / HTTP/1.0\r\n" HOST "\r\n", 411);
    expect(*state, "POST / HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n", 0);
    expect(*state, "POST / HTTP/1.1\r\n" HOST
                   "Content-Length: 999999999\r\n\r\n", 0);
    expect(*state, "POST / HTTP/1.1\r\n" HOST
                   "Content-Length: 1000000000\r\n\r\n", 413);
    expect(*state, "POST / HTTP/1.1\r\n" HOST
                   "Content-Length: 99999999999999999999\r\n\r\n", 413);
    expect(*state, "POST / HTTP/1.1\r\n" HOST
                   "Transfer-Encoding: chunked\r\n\r\n", 501);
    expect(*state, "POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\n"
                   "Transfer-Encoding: identity\r\n\r\n", 501);
    expect(*state, "GET / HTTP/1.1\r\n" HOST "transfer-encoding: x\r\n\r\n",
           501);
    expect(*state, "GET / HTTP/1.1\r\n" HOST "Expect: 100-continue\r\n\r\n",
           417);
    expect(*state, "GET / HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n", 0);
    expect(*state, "HEAD / HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\n",
           400);
}

static void there_is_exactly_one_host(void **state)
{
    expect(*state, "GET / HTTP/1.1\r\n\r\n", 400);
    expect(*state, "GET / HTTP/1.0\r\n\r\n", 400);
    expect(*state, "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400);
    expect(*state, "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400);
    expect(*state, "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400);
    expect(*state, "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", 400);
    expect(*state, "GET / HTTP/1.1\r\n" HOST HOST "\r\n", 400);
    expect(*state, "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", 0);
}

static void fill(struct str *str, char c, size_t count)
{
    while (count-- > 0)
        str_add_char(str, c);
}

static void every_size_has_its_limit(void **state)
{
    struct str text;

    str_init(&text, *state, 100000);
    str_add(&text, "GET /");
    fill(&text, 'a', limits.target_bytes - 1);
    str_add(&text, " HTTP/1.1\r\n" HOST "\r\n");
    expect(*state, text.data, 0);

    str_clear(&text);
    str_add(&text, "GET /");
    fill(&text, 'a', limits.target_bytes);
    str_add(&text, " HTTP/1.1\r\n" HOST "\r\n");
    expect(*state, text.data, 414);

    str_clear(&text);
    str_add(&text, "GET /");
    fill(&text, 'a', limits.target_bytes + 100);
    expect(*state, text.data, 414);

    str_clear(&text);
    str_add(&text, "GET / HTTP/1.1\r\n" HOST);
    for (size_t i = 1; i < limits.head_fields; i++)
        str_add(&text, "A: b\r\n");
    size_t full = text.length;
    str_add(&text, "\r\n");
    expect(*state, text.data, 0);
    text.length = full;
    str_add(&text, "A: b\r\n\r\n");
    expect(*state, text.data, 431);

    str_clear(&text);
    str_add(&text, "GET / HTTP/1.1\r\n" HOST "A: ");
    fill(&text, 'a', limits.head_bytes);
    expect(*state, text.data, 431);
}

/* Nobody should wait for a deadline to hear that he speaks TLS. */
static void garbage_is_refused_before_its_line_ends(void **state)
{
    expect(*state, "\x16\x03\x01", 400);
    expect(*state, "GET / HTTP/1.1\rX", 400);
    expect(*state, "GET / HTTP/1.1\r\nA: \x01", 400);
    expect(*state, "{\"a\":1}", 400);
    expect(*state, "GET / HTTP/1.1\r", -1);
}

static void the_clients_wish_to_stay_is_heard(void **state)
{
    static const struct {
        const char *text;
        bool stays;
    } cases[] = {
        { "GET / HTTP/1.1\r\n" HOST "\r\n", true },
        { "GET / HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n", false },
        { "GET / HTTP/1.1\r\n" HOST "Connection: x, CLOSE\r\n\r\n", false },
        { "GET / HTTP/1.1\r\n" HOST "Connection: closed\r\n\r\n", true },
        { "GET / HTTP/1.0\r\n" HOST "\r\n", false },
        { "GET / HTTP/1.0\r\n" HOST "Connection: keep-alive\r\n\r\n", true },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum parse_verdict verdict;
        size_t used;
        struct parser *parser =
            feed(*state, cases[i].text, strlen(cases[i].text), &verdict,
                 &used);

        assert_int_equal(verdict, PARSE_DONE);
        assert_int_equal(parser_head(parser)->keep_alive, cases[i].stays);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_head_is_taken_apart),
        TEST(it_does_not_matter_where_the_bytes_are_cut),
        TEST(one_byte_at_a_time_is_as_good_as_all),
        TEST(broken_request_lines_are_refused),
        TEST(broken_paths_are_refused),
        TEST(broken_fields_are_refused),
        TEST(only_crlf_ends_a_line),
        TEST(a_nul_is_refused_wherever_it_stands),
        TEST(the_framing_of_a_body_has_one_form),
        TEST(there_is_exactly_one_host),
        TEST(every_size_has_its_limit),
        TEST(garbage_is_refused_before_its_line_ends),
        TEST(the_clients_wish_to_stay_is_heard),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
