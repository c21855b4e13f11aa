#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/base/arena.h"
#include "daemon/base/token.h"
#include "daemon/http/csrf.h"
#include "daemon/http/limit.h"
#include "daemon/http/route.h"
#include "daemon/http/trust.h"
#include "tests/http_house.h"

#define NOW 1800000030

static int begin(void **state)
{
    token_start();
    *state = arena_new();
    return 0;
}

static int end(void **state)
{
    struct arena *arena = *state;

    arena_free(&arena);
    return 0;
}

static void run_nothing(struct request *request)
{
    (void)request;
}

#define ROUTE(methods, path) \
    { .method = (methods), .pattern = (path), .run = run_nothing }

static const struct route table[] = {
    ROUTE(METHOD_GET, "/"),
    ROUTE(METHOD_GET, "/:lang/:alliance"),
    ROUTE(METHOD_GET, "/:lang/impressum"),
    ROUTE(METHOD_GET, "/:lang/"),
    ROUTE(METHOD_GET, "/:lang/:alliance/:meeting/:session"),
    ROUTE(METHOD_POST, "/:lang/:alliance/:meeting/register"),
    ROUTE(METHOD_GET, "/calendars/:alliance.ics"),
    ROUTE(METHOD_GET, "/calendars/all.ics"),
    ROUTE(METHOD_GET, "/calendars/:alliance/:meeting.ics"),
    ROUTE(METHOD_GET, "/calendars/:alliance/with-regions.ics"),
    ROUTE(METHOD_GET, "/:lang/r/:token"),
    ROUTE(METHOD_POST, "/:lang/r/:token"),
};

static struct route_match find(struct arena *arena, enum method method,
                               const char *path)
{
    struct routes *routes = routes_new(table, sizeof table / sizeof *table);
    struct route_match match;

    routes_match(routes, arena, method, path, &match);
    routes_free(&routes);
    return match;
}

static void expect_route(struct arena *arena, const char *path,
                         const char *pattern)
{
    struct route_match match = find(arena, METHOD_GET, path);

    if (!pattern) {
        assert_null(match.route);
        return;
    }
    assert_non_null(match.route);
    assert_string_equal(match.route->pattern, pattern);
}

static void the_more_exact_route_wins(void **state)
{
    expect_route(*state, "/", "/");
    expect_route(*state, "/de/", "/:lang/");
    expect_route(*state, "/de/impressum", "/:lang/impressum");
    expect_route(*state, "/en/sachsen", "/:lang/:alliance");
    expect_route(*state, "/calendars/all.ics", "/calendars/all.ics");
    expect_route(*state, "/calendars/sachsen.ics",
                 "/calendars/:alliance.ics");
    expect_route(*state, "/calendars/sachsen/with-regions.ics",
                 "/calendars/:alliance/with-regions.ics");
    expect_route(*state, "/de/a/b/c", "/:lang/:alliance/:meeting/:session");
    expect_route(*state, "/de/r/abc", "/:lang/r/:token");
}

static void what_does_not_fit_has_no_route(void **state)
{
    static const char *const paths[] = {
        "/fr/", "/de", "/fr/sachsen", "/de/a/b", "//", "/de//b/c",
        "/calendars/.ics", "/calendars/sachsen", "/calendars/a.ICS",
        "/a/b/c/d/e/f/g/h/i/j", "/de/impressum/", "/d", "/deu/x",
    };

    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        expect_route(*state, paths[i], NULL);
}

static void parameters_come_in_order_and_without_suffix(void **state)
{
    struct route_match match =
        find(*state, METHOD_GET, "/calendars/sachsen/arbeit-2030.ics");

    assert_string_equal(match.params[0], "sachsen");
    assert_string_equal(match.params[1], "arbeit-2030");
    assert_null(match.params[2]);
    match = find(*state, METHOD_HEAD, "/en/a/b/c");
    assert_int_equal(match.lang, LANG_EN);
    assert_string_equal(match.params[2], "c");
}

static void a_path_knows_its_methods(void **state)
{
    struct route_match match = find(*state, METHOD_POST, "/de/sachsen");

    assert_null(match.route);
    assert_int_equal(match.allowed, METHOD_GET | METHOD_HEAD);
    match = find(*state, METHOD_GET, "/de/a/b/register");
    assert_null(match.route);
    assert_int_equal(match.allowed, METHOD_POST);
    match = find(*state, METHOD_POST, "/de/r/abc");
    assert_non_null(match.route);
    match = find(*state, METHOD_POST, "/none/a/b");
    assert_int_equal(match.allowed, 0);
}

static void a_rate_admits_its_count_and_then_says_when(void **state)
{
    struct settings settings = house_settings();
    struct limiter *limiter;
    struct netaddr client, neighbour, stranger;
    int64_t wait;

    (void)state;
    settings.rates[RATE_FORMS] = (struct rate){ 20, 600 };
    limiter = limiter_new(&settings);
    assert_true(netaddr_parse("192.0.2.1", &client));
    assert_true(netaddr_parse("192.0.2.200", &neighbour));
    assert_true(netaddr_parse("198.51.100.1", &stranger));
    for (int i = 0; i < 20; i++)
        assert_true(limiter_admit(limiter, RATE_FORMS, &client, NOW, &wait));
    assert_false(limiter_admit(limiter, RATE_FORMS, &neighbour, NOW, &wait));
    assert_in_range(wait, 1, 1200);
    assert_false(limiter_admit(limiter, RATE_FORMS, &client,
                               NOW + wait - 1, &(int64_t){ 0 }));
    assert_true(limiter_admit(limiter, RATE_PAGES, &client, NOW, &wait));
    assert_true(limiter_admit(limiter, RATE_FORMS, &stranger, NOW, &wait));
    limiter_free(&limiter);
}

static void who_waits_as_told_is_admitted(void **state)
{
    struct settings settings = house_settings();
    struct netaddr client;
    int64_t wait, now = NOW;
    struct limiter *limiter;

    (void)state;
    settings.rates[RATE_FORMS] = (struct rate){ 3, 60 };
    limiter = limiter_new(&settings);
    assert_true(netaddr_parse("2001:db8::1", &client));
    for (int round = 0; round < 200; round++) {
        bool in = limiter_admit(limiter, RATE_FORMS, &client, now, &wait);

        if (in) {
            assert_int_equal(wait, 0);
            continue;
        }
        assert_in_range(wait, 1, 120);
        now += wait;
        assert_true(limiter_admit(limiter, RATE_FORMS, &client, now, &wait));
    }
    limiter_free(&limiter);
}

static void exempt_clients_are_counted_but_admitted(void **state)
{
    struct settings settings = house_settings();
    struct netrange range;
    struct netaddr client;
    int64_t wait;

    (void)state;
    assert_true(netrange_parse("127.0.0.0/8", &range));
    assert_true(netaddr_parse("127.0.0.1", &client));
    settings.rates[RATE_FORMS] = (struct rate){ 1, 60 };
    settings.exempt = (struct netranges){ &range, 1 };
    struct limiter *limiter = limiter_new(&settings);
    for (int i = 0; i < 10; i++)
        assert_true(limiter_admit(limiter, RATE_FORMS, &client, NOW, &wait));
    settings.exempt.count = 0;
    assert_false(limiter_admit(limiter, RATE_FORMS, &client, NOW, &wait));
    limiter_free(&limiter);
}

static void many_prefixes_do_not_need_more_memory(void **state)
{
    struct settings settings = house_settings();
    struct limiter *limiter = limiter_new(&settings);
    struct netaddr client = { .bytes = { 0x20, 0x01 } };
    int64_t wait;

    (void)state;
    for (unsigned i = 0; i < 100000; i++) {
        client.bytes[3] = (uint8_t)(i >> 16);
        client.bytes[4] = (uint8_t)(i >> 8);
        client.bytes[5] = (uint8_t)i;
        assert_true(limiter_admit(limiter, RATE_PAGES, &client, NOW, &wait));
    }
    limiter_free(&limiter);
}

static struct keyring *load_keys(void)
{
    char path[] = "/tmp/convened-http-XXXXXX";
    struct keyring *keys;
    struct err err;

    assert_int_equal(close(mkstemp(path)), 0);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(keyring_load(path, true, &keys, &err), RC_OK);
    unlink(path);
    return keys;
}

static void a_stamp_is_good_for_a_day(void **state)
{
    struct keyring *keys = load_keys();
    char *stamp = stamp_make(*state, keys, "meeting 7", NOW);
    int64_t shown_at;

    assert_string_equal(stamp, stamp_make(*state, keys, "meeting 7", NOW));
    assert_string_not_equal(stamp,
                            stamp_make(*state, keys, "meeting 7", NOW + 1));
    assert_int_equal(stamp_check(keys, "meeting 7", stamp, NOW, &shown_at),
                     STAMP_OK);
    assert_int_equal(shown_at, NOW);
    assert_int_equal(stamp_check(keys, "meeting 7", stamp,
                                 NOW + STAMP_LIFE, &shown_at),
                     STAMP_OK);
    assert_int_equal(stamp_check(keys, "meeting 7", stamp,
                                 NOW + STAMP_LIFE + 1, &shown_at),
                     STAMP_OLD);
    /* A clock that is an hour wrong and then put right; but not a day. */
    assert_int_equal(stamp_check(keys, "meeting 7", stamp, NOW - 3600,
                                 &shown_at),
                     STAMP_OK);
    assert_int_equal(stamp_check(keys, "meeting 7", stamp, NOW - 86400,
                                 &shown_at),
                     STAMP_OLD);
    keyring_free(&keys);
}

static void a_stamp_cannot_be_made_up(void **state)
{
    static const char *const forged[] = {
        "", ".", "30000000", "30000000.", "x.y", "-1.a", "30000000.AAAA",
        "99999999999999999999.AAAAAAAAAAAAAAAAAAAAAA",
    };
    struct keyring *keys = load_keys();
    char *stamp = stamp_make(*state, keys, "meeting 7", NOW);
    char *later = arena_printf(*state, "%d%s", NOW + 1,
                               strchr(stamp, '.'));
    int64_t shown_at;

    assert_int_equal(stamp_check(keys, "meeting 8", stamp, NOW, &shown_at),
                     STAMP_FALSE);
    assert_int_equal(stamp_check(keys, "meeting 7", later, NOW, &shown_at),
                     STAMP_FALSE);
    for (size_t i = 0; i < sizeof forged / sizeof *forged; i++)
        assert_int_equal(
            stamp_check(keys, "meeting 7", forged[i], NOW, &shown_at),
            STAMP_FALSE);
    keyring_free(&keys);
}

static void the_origin_of_a_post_is_judged(void **state)
{
    static const struct {
        const char *site, *origin;
        enum origin_verdict verdict;
    } cases[] = {
        { NULL, NULL, ORIGIN_UNKNOWN },
        { NULL, "null", ORIGIN_UNKNOWN },
        { NULL, "http://example.org", ORIGIN_OURS },
        { NULL, "https://example.org", ORIGIN_FOREIGN },
        { NULL, "http://example.org.evil.example", ORIGIN_FOREIGN },
        { NULL, "http://evil.example", ORIGIN_FOREIGN },
        { NULL, "", ORIGIN_FOREIGN },
        { "same-origin", NULL, ORIGIN_OURS },
        { "same-origin", "null", ORIGIN_OURS },
        { "none", NULL, ORIGIN_OURS },
        { "same-site", NULL, ORIGIN_FOREIGN },
        { "cross-site", "http://example.org", ORIGIN_FOREIGN },
        { "same-origin", "http://evil.example", ORIGIN_FOREIGN },
    };
    struct settings settings = house_settings();

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct field fields[2];
        struct request request = { .fields = fields };

        if (cases[i].site)
            fields[request.field_count++] =
                (struct field){ "sec-fetch-site", cases[i].site };
        if (cases[i].origin)
            fields[request.field_count++] =
                (struct field){ "origin", cases[i].origin };
        assert_int_equal(csrf_origin(&request, &settings), cases[i].verdict);
    }
}

static void hosts_without_a_port_have_any(void **state)
{
    static char localhost[] = "localhost", alias[] = "www.example.org:8080";
    static char literal[] = "[::1]";
    static char *names[] = { localhost, alias, literal };
    struct settings settings = house_settings();
    static const struct {
        const char *host;
        bool ours;
    } cases[] = {
        { "example.org", true },          { "Example.ORG", true },
        { "example.org:80", false },      { "localhost", true },
        { "localhost:8080", true },       { "localhost:", false },
        { "localhost:80x", false },       { "localhost:123456", false },
        { "www.example.org:8080", true }, { "www.example.org", false },
        { "[::1]:8080", true },           { "[::1]", true },
        { "localhost.evil", false },      { "", false },
        { "example.org.", false },
    };

    (void)state;
    settings.hosts = (struct words){ names, 3 };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(trust_host(&settings, cases[i].host,
                                    strlen(cases[i].host)),
                         cases[i].ours);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_more_exact_route_wins),
        TEST(what_does_not_fit_has_no_route),
        TEST(parameters_come_in_order_and_without_suffix),
        TEST(a_path_knows_its_methods),
        TEST(a_rate_admits_its_count_and_then_says_when),
        TEST(who_waits_as_told_is_admitted),
        TEST(exempt_clients_are_counted_but_admitted),
        TEST(many_prefixes_do_not_need_more_memory),
        TEST(a_stamp_is_good_for_a_day),
        TEST(a_stamp_cannot_be_made_up),
        TEST(the_origin_of_a_post_is_judged),
        TEST(hosts_without_a_port_have_any),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
