#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/base/arena.h"
#include "daemon/base/str.h"
#include "daemon/http/response.h"
#include "tests/http_rooms.h"

static void a_page_is_answered_with_all_security_fields(void **state)
{
    static const char *const fields[] = {
        "HTTP/1.1 200 OK\r\n",
        "\r\nDate: ",
        "\r\nContent-Security-Policy: default-src 'none'; style-src 'self'; "
        "img-src 'self'; script-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'\r\n",
        "\r\nX-Content-Type-Options: nosniff\r\n",
        "\r\nReferrer-Policy: same-origin\r\n",
        "\r\nCross-Origin-Opener-Policy: same-origin\r\n",
        "\r\nPermissions-Policy: ",
        "\r\nContent-Length: 6\r\n",
        "\r\n\r\nhello\n",
    };
    char *answer = house_ask(*state, "GET /hello HTTP/1.1\r\n" HOST "\r\n");

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        assert_non_null(strstr(answer, fields[i]));
    assert_null(strstr(answer, "Set-Cookie"));
    assert_null(strstr(answer, "Strict-Transport"));
}

static void refusals_carry_the_full_set_too_and_close(void **state)
{
    char *answer = house_ask(*state, "BROKEN\r\n\r\n");

    assert_int_equal(answer_status(answer), 400);
    assert_non_null(strstr(answer, "Content-Security-Policy: "));
    assert_non_null(strstr(answer, "X-Content-Type-Options: nosniff"));
    assert_non_null(strstr(answer, "Cache-Control: no-store"));
    assert_non_null(strstr(answer, "Connection: close"));
    assert_non_null(strstr(answer, "\r\n\r\nBad Request\n"));
}

static void personal_pages_are_kept_by_nobody(void **state)
{
    char *answer =
        house_ask(*state, "GET /personal HTTP/1.1\r\n" HOST "\r\n");

    assert_non_null(strstr(answer, "Cache-Control: no-store\r\n"));
    assert_non_null(strstr(answer, "Referrer-Policy: no-referrer\r\n"));
    assert_non_null(strstr(answer, "X-Robots-Tag: noindex\r\n"));
}

static void each_refusal_has_its_status(void **state)
{
    static const struct {
        const char *request;
        int status;
    } cases[] = {
        { "GET /hello HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421 },
        { "GET /hello HTTP/1.1\r\nHost: example.org:81\r\n\r\n", 421 },
        { "GET /hello HTTP/1.1\r\nHost: EXAMPLE.org\r\n\r\n", 200 },
        { "GET /none HTTP/1.1\r\n" HOST "\r\n", 404 },
        { "GET /form HTTP/1.1\r\n" HOST "\r\n", 405 },
        { "POST /hello HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n", 405 },
        { "POST /form HTTP/1.1\r\n" HOST "\r\n", 411 },
        { "POST /form HTTP/1.1\r\n" HOST "Content-Length: 65537\r\n\r\n",
          413 },
        { "POST /small HTTP/1.1\r\n" HOST "Content-Length: 11\r\n\r\n"
          "12345678901", 413 },
        { "POST /small HTTP/1.1\r\n" HOST "Content-Length: 10\r\n\r\n"
          "1234567890", 200 },
        { "POST /form HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\na=b", 415 },
        { "PUT /hello HTTP/1.1\r\n" HOST "\r\n", 501 },
        { "GET /hello HTTP/2.0\r\n" HOST "\r\n", 505 },
        { "GET /hello HTTP/1.1\r\n" HOST "Expect: 100-continue\r\n\r\n", 417 },
        { "POST /form HTTP/1.1\r\n" HOST
          "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 501 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_status(*state, cases[i].request, cases[i].status);
}

static void a_wrong_method_names_the_right_ones(void **state)
{
    assert_true(asks_and_finds(*state, "GET /form HTTP/1.1\r\n" HOST "\r\n",
                               "\r\nAllow: POST\r\n"));
    assert_true(asks_and_finds(
        *state, "POST /hello HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n",
        "\r\nAllow: GET, HEAD\r\n"));
}

static void errors_speak_the_language_of_their_place(void **state)
{
    assert_true(asks_and_finds(*state,
                               "GET /de/a/b/c HTTP/1.1\r\n" HOST "\r\n",
                               "<h1>Fehler 404 </h1>"));
    assert_true(asks_and_finds(*state,
                               "GET /en/a/b/c HTTP/1.1\r\n" HOST "\r\n",
                               "<h1>Error 404 </h1>"));
    assert_true(asks_and_finds(
        *state,
        "GET /none HTTP/1.1\r\n" HOST "Accept-Language: en-GB\r\n\r\n",
        "<h1>Error 404 </h1>"));
}

static void slashes_at_the_end_lead_to_the_page(void **state)
{
    assert_true(asks_and_finds(*state, "GET /de?a=b HTTP/1.1\r\n" HOST "\r\n",
                               "\r\nLocation: /de/?a=b\r\n"));
    assert_true(asks_and_finds(*state,
                               "GET /de/sachsen/ HTTP/1.1\r\n" HOST "\r\n",
                               "\r\nLocation: /de/sachsen\r\n"));
    expect_status(*state, "GET /de HTTP/1.1\r\n" HOST "\r\n", 301);
    expect_status(*state, "GET //evil.example/ HTTP/1.1\r\n" HOST "\r\n",
                  404);
    expect_status(*state, "GET /\\evil.example/ HTTP/1.1\r\n" HOST "\r\n",
                  404);
}

static void requests_sent_ahead_are_answered_in_order(void **state)
{
    struct house *house = *state;
    int fd = visitor_new(house);

    visitor_say(house, fd,
                "GET /de/eins HTTP/1.1\r\n" HOST "\r\n"
                "POST /small HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\nab"
                "GET /de/drei HTTP/1.1\r\n" HOST "\r\n");
    char *first = visitor_read_answer(house, fd, true);
    char *second = visitor_read_answer(house, fd, true);
    char *third = visitor_read_answer(house, fd, true);
    assert_non_null(strstr(first, "\r\n\r\neins/-\n"));
    assert_non_null(strstr(second, "\r\n\r\nhello\n"));
    assert_non_null(strstr(third, "\r\n\r\ndrei/-\n"));
    close(fd);
}

enum { MANY = 300 };

static void many_sent_ahead_are_all_answered_after_a_half_close(void **state)
{
    struct house *house = *state;
    int fd = visitor_new(house);
    struct str all;

    house_turn_for(house, 10);
    str_init(&all, NULL, 65536);
    for (int i = 0; i < MANY; i++)
        str_add(&all, "GET /hello HTTP/1.1\r\n" HOST "\r\n");
    visitor_send(house, fd, all.data, all.length);
    shutdown(fd, SHUT_WR);
    for (int i = 0; i < MANY; i++)
        assert_int_equal(
            answer_status(visitor_read_answer(house, fd, true)), 200);
    assert_int_equal(http_numbers(house->http).requests, MANY);
    str_free(&all);
    close(fd);
}

static void one_waits_until_the_one_before_is_answered(void **state)
{
    struct house *house = *state;
    int fd = visitor_new(house);

    visitor_say(house, fd,
                "GET /hold HTTP/1.1\r\n" HOST "\r\n"
                "GET /hello HTTP/1.1\r\n" HOST "\r\n");
    house_turn_for(house, 30);
    assert_non_null(seen.held);
    assert_int_equal(http_numbers(house->http).requests, 1);
    respond_text(seen.held, 200, "at last");
    char *first = visitor_read_answer(house, fd, true);
    char *second = visitor_read_answer(house, fd, true);
    assert_non_null(strstr(first, "at last"));
    assert_non_null(strstr(second, "hello"));
    close(fd);
}

static void one_who_has_said_all_still_gets_every_answer(void **state)
{
    struct house *house = *state;
    int fd = visitor_new(house);
    size_t length;
    bool closed;

    visitor_say(house, fd,
                "GET /hold HTTP/1.1\r\n" HOST "\r\n"
                "GET /hello HTTP/1.1\r\n" HOST "\r\n");
    shutdown(fd, SHUT_WR);
    house_turn_for(house, 30);
    respond_text(seen.held, 200, "at last");
    char *answer = visitor_read_all(house, fd, &length, &closed);
    assert_true(closed);
    assert_non_null(strstr(answer, "at last"));
    assert_non_null(strstr(answer, "hello"));
    close(fd);
}

static void head_has_the_fields_of_get_and_no_body(void **state)
{
    struct house *house = *state;
    int fd = visitor_new(house);

    visitor_say(house, fd, "HEAD /page HTTP/1.1\r\n" HOST "\r\n");
    char *head = visitor_read_answer(house, fd, false);
    visitor_say(house, fd, "GET /page HTTP/1.1\r\n" HOST "\r\n");
    char *get = visitor_read_answer(house, fd, true);
    assert_non_null(strstr(head, "Content-Length: 4096\r\n"));
    assert_memory_equal(head, get, strlen(head));
    assert_int_equal(strlen(get), strlen(head) + 4096);
    close(fd);
}

static char *etag_of(struct house *house, const char *answer)
{
    const char *start = strstr(answer, "ETag: ");

    assert_non_null(start);
    start += 6;
    return arena_strndup(house->arena, start, strcspn(start, "\r"));
}

static void expect_conditional(struct house *house, const char *fields,
                               int status)
{
    char request[512];

    snprintf(request, sizeof request,
             "GET /page HTTP/1.1\r\n" HOST "%s\r\n\r\n", fields);
    expect_status(house, request, status);
}

static void what_has_not_changed_is_not_sent_again(void **state)
{
    struct house *house = *state;
    char *answer = house_ask(house, "GET /page HTTP/1.1\r\n" HOST "\r\n");
    char *tag = etag_of(house, answer);
    char field[256];

    snprintf(field, sizeof field, "If-None-Match: %s", tag);
    expect_conditional(house, field, 304);
    snprintf(field, sizeof field, "If-None-Match: \"a,b\", W/%s", tag);
    expect_conditional(house, field, 304);
    expect_conditional(house, "If-None-Match: *", 304);
    expect_conditional(house, "If-None-Match: \"other\"", 200);
    /* 1800000000 is Fri, 15 Jan 2027 08:00:00 GMT */
    expect_conditional(
        house, "If-Modified-Since: Fri, 15 Jan 2027 08:00:00 GMT", 304);
    expect_conditional(
        house, "If-Modified-Since: Fri, 15 Jan 2027 07:59:59 GMT", 200);
    expect_conditional(house, "If-Modified-Since: yesterday", 200);
    expect_conditional(house,
                       "If-None-Match: \"other\"\r\n"
                       "If-Modified-Since: Fri, 15 Jan 2027 08:00:00 GMT",
                       200);
}

static void a_304_repeats_its_fields_and_has_no_body(void **state)
{
    char *answer = house_ask(
        *state, "GET /page HTTP/1.1\r\n" HOST "If-None-Match: *\r\n\r\n");

    assert_non_null(strstr(answer, "ETag: \""));
    assert_non_null(strstr(answer, "Cache-Control: no-cache\r\n"));
    assert_non_null(strstr(answer, "Vary: Accept-Encoding\r\n"));
    assert_non_null(
        strstr(answer, "Last-Modified: Fri, 15 Jan 2027 08:00:00 GMT\r\n"));
    assert_null(strstr(answer, "Content-Length"));
    assert_string_equal(strstr(answer, "\r\n\r\n"), "\r\n\r\n");
}

static void packed_bytes_have_a_tag_of_their_own(void **state)
{
    struct house *house = *state;
    char *plain = house_ask(house, "GET /page HTTP/1.1\r\n" HOST "\r\n");
    char *packed = house_ask(
        house, "GET /page HTTP/1.1\r\n" HOST "Accept-Encoding: gzip\r\n\r\n");
    char *refused = house_ask(house, "GET /page HTTP/1.1\r\n" HOST
                                     "Accept-Encoding: gzip;q=0\r\n\r\n");
    char *plain_tag = etag_of(house, plain);
    char *packed_tag = etag_of(house, packed);

    assert_string_not_equal(plain_tag, packed_tag);
    assert_non_null(strstr(packed, "Content-Encoding: gzip\r\n"));
    assert_null(strstr(refused, "Content-Encoding"));
    assert_non_null(strstr(plain, "Vary: Accept-Encoding\r\n"));
}

static void a_large_answer_arrives_whole(void **state)
{
    struct house *house = *state;
    int fd = visitor_new(house);
    size_t length;
    bool closed;

    visitor_say(house, fd,
                "GET /big HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n");
    char *answer = visitor_read_all(house, fd, &length, &closed);
    char *body = strstr(answer, "\r\n\r\n") + 4;
    assert_true(closed);
    assert_int_equal(length - (size_t)(body - answer), BIG);
    for (size_t i = 0; i < BIG; i += 4093)
        assert_int_equal((unsigned char)body[i],
                         (unsigned char)(char)(i * i >> 7));
    close(fd);
}

static void http_1_0_is_closed_unless_it_asks(void **state)
{
    struct house *house = *state;
    int fd = visitor_new(house);

    visitor_say(house, fd,
                "GET /hello HTTP/1.0\r\n" HOST
                "Connection: Keep-Alive\r\n\r\n");
    char *answer = visitor_read_answer(house, fd, true);
    assert_non_null(strstr(answer, "Connection: keep-alive\r\n"));
    visitor_say(house, fd, "GET /hello HTTP/1.0\r\n" HOST "\r\n");
    size_t length;
    bool closed;
    answer = visitor_read_all(house, fd, &length, &closed);
    assert_true(closed);
    assert_non_null(strstr(answer, "Connection: close\r\n"));
    close(fd);
}

static void forms_are_read_and_bad_ones_refused(void **state)
{
#define FORM_HEAD \
    "POST /form HTTP/1.1\r\n" HOST \
    "Content-Type: application/x-www-form-urlencoded\r\n"
    assert_true(asks_and_finds(
        *state, FORM_HEAD "Content-Length: 16\r\n\r\nname=J%C3%BCrgen",
        "\r\n\r\nJürgen\n"));
    expect_status(*state, FORM_HEAD "Content-Length: 8\r\n\r\nname=%FF", 400);
    expect_status(*state, FORM_HEAD "Content-Length: 8\r\n\r\nname=%00", 400);
    expect_status(*state,
                  FORM_HEAD "Sec-Fetch-Site: cross-site\r\n"
                            "Content-Length: 6\r\n\r\nname=a",
                  403);
    expect_status(*state,
                  FORM_HEAD "Origin: http://evil.example\r\n"
                            "Content-Length: 6\r\n\r\nname=a",
                  403);
    expect_status(*state,
                  FORM_HEAD "Origin: http://example.org\r\n"
                            "Content-Length: 6\r\n\r\nname=a",
                  200);
#undef FORM_HEAD
}

static void the_desk_wants_a_login_and_a_token(void **state)
{
#define ACT_HEAD \
    "POST /desk/act HTTP/1.1\r\n" HOST "Cookie: a=b; __Host-desk=secret\r\n" \
    "Content-Type: application/x-www-form-urlencoded\r\n"
    expect_status(*state, "GET /desk HTTP/1.1\r\n" HOST "\r\n", 303);
    expect_status(*state,
                  "GET /desk HTTP/1.1\r\n" HOST
                  "Cookie: __Host-desk=wrong\r\n\r\n",
                  303);
    expect_status(*state,
                  "GET /desk HTTP/1.1\r\n" HOST
                  "Cookie: __Host-desk=secret\r\n\r\n",
                  200);
    expect_status(*state, ACT_HEAD "Content-Length: 6\r\n\r\nname=a", 403);
    expect_status(*state,
                  ACT_HEAD "Sec-Fetch-Site: same-origin\r\n"
                           "Content-Length: 6\r\n\r\nname=a",
                  403);
    expect_status(*state,
                  ACT_HEAD "Content-Length: 17\r\n\r\nname=a&csrf=tokeN",
                  403);
    expect_status(*state,
                  ACT_HEAD "Content-Length: 17\r\n\r\nname=a&csrf=token",
                  200);
#undef ACT_HEAD
    assert_true(asks_and_finds(
        *state,
        "POST /sign-in HTTP/1.1\r\n" HOST
        "Content-Type: application/x-www-form-urlencoded\r\n"
        "Content-Length: 1\r\n\r\na",
        "Set-Cookie: __Host-desk=secret; Path=/; Secure; HttpOnly; "
        "SameSite=Lax\r\n"));
    assert_true(asks_and_finds(
        *state,
        "POST /sign-out HTTP/1.1\r\n" HOST
        "Content-Type: application/x-www-form-urlencoded\r\n"
        "Content-Length: 1\r\n\r\na",
        "Set-Cookie: __Host-desk=; Max-Age=0; Path=/; Secure; HttpOnly; "
        "SameSite=Lax\r\n"));
}

static void only_a_known_proxy_says_who_the_client_is(void **state)
{
    struct house *house = *state;
    static struct netrange loopback;
    const char *request = "GET /client HTTP/1.1\r\n" HOST
                          "X-Forwarded-For: 192.0.2.1, 192.0.2.2\r\n\r\n";

    assert_true(asks_and_finds(house, request, "\r\n\r\n127.0.0.1\n"));
    assert_true(netrange_parse("127.0.0.0/8", &loopback));
    house->settings.proxies = (struct netranges){ &loopback, 1 };
    assert_true(asks_and_finds(house, request, "\r\n\r\n192.0.2.2\n"));
}

static void plain_http_behind_a_proxy_is_sent_to_https(void **state)
{
    struct house *house = *state;
    static struct netrange loopback;
    const char *request = "GET /hello?a=b HTTP/1.1\r\n" HOST
                          "X-Forwarded-Proto: http\r\n\r\n";

    assert_true(netrange_parse("127.0.0.0/8", &loopback));
    house->settings.secure = true;
    expect_status(house, request, 200);
    house->settings.proxies = (struct netranges){ &loopback, 1 };
    assert_true(asks_and_finds(house, request,
                               "\r\nLocation: http://example.org/hello?a=b"));
}

static void numbers_are_for_the_operator(void **state)
{
    struct house *house = *state;
    static struct netrange loopback, office;
    const char *near = "GET /metrics HTTP/1.1\r\n" HOST "\r\n";
    const char *far = "GET /metrics HTTP/1.1\r\n" HOST
                      "X-Forwarded-For: 192.0.2.1\r\n\r\n";
    const char *hidden = "GET /metrics HTTP/1.1\r\n" HOST
                         "X-Forwarded-For: unknown\r\n\r\n";

    assert_true(netrange_parse("127.0.0.0/8", &loopback));
    assert_true(netrange_parse("192.0.2.0/24", &office));
    expect_status(house, near, 200);
    expect_status(house, far, 403);
    house->settings.operators = (struct netranges){ &office, 1 };
    expect_status(house, far, 403);
    house->settings.proxies = (struct netranges){ &loopback, 1 };
    expect_status(house, near, 200);
    expect_status(house, far, 200);
    expect_status(house, hidden, 403);
    house->settings.operators.count = 0;
    expect_status(house, far, 403);
}

static void too_many_are_told_when_to_come_back(void **state)
{
    struct house *house = *state;
    const char *request = "GET /limited HTTP/1.1\r\n" HOST "\r\n";

    house->settings.rates[RATE_LOGIN] = (struct rate){ 2, 60 };
    expect_status(house, request, 200);
    expect_status(house, request, 200);
    char *answer = house_ask(house, request);
    assert_int_equal(answer_status(answer), 429);
    assert_non_null(strstr(answer, "\r\nRetry-After: "));
}

static void the_log_has_the_pattern_and_no_secret(void **state)
{
    struct house *house = *state;
    char line[1024] = "";
    int ends[2], old = dup(STDERR_FILENO);

    house->settings.log_requests = true;
    assert_int_equal(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    char *answer = house_ask(house, "GET /de/geheim?token=geheim HTTP/1.1\r\n"
                                    HOST "User-Agent: geheim\r\n\r\n");
    dup2(old, STDERR_FILENO);
    close(ends[1]);
    assert_true(read(ends[0], line, sizeof line - 1) > 0);
    close(ends[0]);
    close(old);
    assert_int_equal(answer_status(answer), 200);
    assert_non_null(strstr(line, "GET /:lang/:alliance 200 "));
    assert_non_null(strstr(line, "127.0.0.0/24"));
    assert_null(strstr(line, "geheim"));
    assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
}

#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, rooms_open, rooms_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_page_is_answered_with_all_security_fields),
        TEST(refusals_carry_the_full_set_too_and_close),
        TEST(personal_pages_are_kept_by_nobody),
        TEST(each_refusal_has_its_status),
        TEST(a_wrong_method_names_the_right_ones),
        TEST(errors_speak_the_language_of_their_place),
        TEST(slashes_at_the_end_lead_to_the_page),
        TEST(requests_sent_ahead_are_answered_in_order),
        TEST(many_sent_ahead_are_all_answered_after_a_half_close),
        TEST(one_waits_until_the_one_before_is_answered),
        TEST(one_who_has_said_all_still_gets_every_answer),
        TEST(head_has_the_fields_of_get_and_no_body),
        TEST(what_has_not_changed_is_not_sent_again),
        TEST(a_304_repeats_its_fields_and_has_no_body),
        TEST(packed_bytes_have_a_tag_of_their_own),
        TEST(a_large_answer_arrives_whole),
        TEST(http_1_0_is_closed_unless_it_asks),
        TEST(forms_are_read_and_bad_ones_refused),
        TEST(the_desk_wants_a_login_and_a_token),
        TEST(only_a_known_proxy_says_who_the_client_is),
        TEST(plain_http_behind_a_proxy_is_sent_to_https),
        TEST(numbers_are_for_the_operator),
        TEST(too_many_are_told_when_to_come_back),
        TEST(the_log_has_the_pattern_and_no_secret),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
