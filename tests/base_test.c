#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/base/address.h"
#include "daemon/base/arena.h"
#include "daemon/base/files.h"
#include "daemon/base/helpers.h"
#include "daemon/base/netaddr.h"
#include "daemon/base/parse.h"
#include "daemon/base/str.h"
#include "daemon/base/text.h"
#include "daemon/base/token.h"

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

static void a_string_stops_at_its_ceiling_and_says_so(void **state)
{
    struct str str;

    str_init(&str, *state, 5);
    str_add(&str, "abc");
    assert_false(str.overflow);
    str_add(&str, "def");
    assert_true(str.overflow);
    assert_string_equal(str.data, "abc");
    str_add(&str, "d");
    assert_string_equal(str.data, "abc");
}

static void a_string_grows_over_many_blocks(void **state)
{
    struct str str;

    str_init(&str, *state, 100000);
    for (int i = 0; i < 10000; i++)
        str_addf(&str, "%04d,", i);
    assert_int_equal(str.length, 50000);
    assert_memory_equal(str.data + 5 * 9999, "9999,", 6);
}

static void durations_and_sizes_need_their_units(void **state)
{
    int64_t value;

    (void)state;
    assert_true(parse_duration("66 min", &value));
    assert_int_equal(value, 3960);
    assert_true(parse_duration("5d", &value));
    assert_int_equal(value, 432000);
    assert_false(parse_duration("5", &value));
    assert_false(parse_duration("5 parsec", &value));
    assert_false(parse_duration("99999999999999999 w", &value));
    assert_true(parse_size("64 KiB", &value));
    assert_int_equal(value, 65536);
    assert_false(parse_size("64 kB", &value));
}

static void integers_are_taken_whole_or_not(void **state)
{
    static const char *const bad[] = { "", "-", "1x", " 1", "+1",
                                       "9223372036854775808", "0x10" };
    int64_t value;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(parse_int(bad[i], INT64_MIN, INT64_MAX, &value));
    assert_true(parse_int("-12", -12, 0, &value));
    assert_int_equal(value, -12);
    assert_false(parse_int("-13", -12, 0, &value));
}

static void percent_decoding_is_strict_and_refuses_nul(void **state)
{
    char good[] = "a%20b+c%C3%BC", bad[] = "a%2", nul[] = "a%00";
    size_t length;

    (void)state;
    assert_true(parse_percent(good, strlen(good), true, &length));
    assert_string_equal(good, "a b c\xC3\xBC");
    assert_false(parse_percent(bad, strlen(bad), true, &length));
    assert_false(parse_percent(nul, strlen(nul), true, &length));
}

static void civil_times_survive_the_round_trip(void **state)
{
    struct civil civil;

    (void)state;
    assert_true(parse_civil("2027-03-07 10:00", &civil));
    assert_int_equal(civil_weekday(&civil), 0);
    assert_int_equal(civil_to_seconds(&civil), 1804413600);
    for (int64_t at = -5000000000; at < 5000000000; at += 86399 * 7) {
        struct civil there = civil_from_seconds(at);

        assert_int_equal(civil_to_seconds(&there), at);
    }
    assert_true(parse_civil("2028-02-29", &civil));
    assert_false(parse_civil("2027-02-29", &civil));
    assert_false(parse_civil("2027-3-7 10:00", &civil));
    assert_false(parse_civil("2027-03-07 24:00", &civil));
    assert_false(parse_civil("2027-03-07 10:00Z", &civil));
}

static void a_day_is_a_date_and_nothing_else(void **state)
{
    struct civil civil;

    (void)state;
    assert_true(parse_day("2027-03-07", &civil));
    assert_int_equal(civil.day, 7);
    assert_false(parse_day("2027-03-07 10:00", &civil));
    assert_false(parse_day("2027-02-29", &civil));
    assert_false(parse_day("", &civil));
}

static void http_dates_are_read_only_in_their_one_form(void **state)
{
    char text[30];

    (void)state;
    format_http_date(784111777, text);
    assert_string_equal(text, "Sun, 06 Nov 1994 08:49:37 GMT");
    assert_int_equal(parse_http_date(text), 784111777);
    assert_int_equal(parse_http_date("Mon, 06 Nov 1994 08:49:37 GMT"), -1);
    assert_int_equal(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT"), -1);
    assert_int_equal(parse_http_date("Sun, 06 Nov 1994 08:49:37 CET"), -1);
}

static void names_are_normalised_and_kept(void **state)
{
    assert_string_equal(text_clean_line(*state, " u\xCC\x88" "ber \t x "),
                        "\xC3\xBC" "ber x");
    assert_string_equal(text_clean_line(*state, "Đặng"), "Đặng");
    assert_string_equal(text_clean_line(*state, " \t "), "");
    assert_string_equal(text_clean_line(*state, ""), "");
}

static void controls_and_direction_tricks_are_seen(void **state)
{
    (void)state;
    assert_true(text_has_control("a\nb", false));
    assert_false(text_has_control("a\nb", true));
    assert_true(text_has_control("a\xE2\x80\xAE" "b", true));
    assert_true(text_has_control("a\x1b[1m", true));
    assert_true(text_has_control("a\xC2\x85" "b", true));
    assert_true(text_has_control("a\xEF\xBF\xBE", true));
    assert_true(text_has_control("a\xF0\x9F\xBF\xBF", true));
    assert_true(text_has_control("\xEF\xB7\x90" "a", true));
    assert_false(text_has_control("\xEF\xBF\xBD", false));
    assert_false(text_has_control("O\xE2\x80\x99Neill", false));
}

static void searching_meets_every_spelling(void **state)
{
    static const char *const groups[][4] = {
        { "Müller", "MUELLER", "muller", "Mu\xCC\x88ller" },
        { "Groß", "GROSS", "gross", "gros" },
        { "Łęcka", "lecka", "LECKA", "łęcka" },
        { "Đặng", "dang", "DANG", "đặng" },
        { "O\xE2\x80\x99Neill", "O'Neill", "oneill", "ONeill" },
        { "Sørensen", "soerensen", "sorensen", "SØRENSEN" },
    };

    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        for (size_t j = 1; j < 4; j++)
            assert_string_equal(text_fold_search(*state, groups[i][0]),
                                text_fold_search(*state, groups[i][j]));
    assert_string_not_equal(text_fold_same(*state, "Müller"),
                            text_fold_same(*state, "Muller"));
    assert_string_equal(text_fold_same(*state, "MÜLLER  x"),
                        text_fold_same(*state, "müller x"));
}

static void cutting_never_splits_a_character(void **state)
{
    assert_string_equal(text_cut(*state, "aü", 2), "a");
    assert_string_equal(text_cut(*state, "aü", 3), "aü");
}

static void a_slip_in_a_well_known_domain_is_noticed(void **state)
{
    static const char *const cases[][2] = {
        { "a.b@gmial.com", "a.b@gmail.com" },
        { "a@gmai.com", "a@gmail.com" },
        { "a@gmaill.com", "a@gmail.com" },
        { "a@gmail.con", "a@gmail.com" },
        { "a@gmail.co", "a@gmail.com" },
        { "a@gmail.comm", "a@gmail.com" },
        { "a@gmx.ed", "a@gmx.de" },
        { "a@wbe.de", "a@web.de" },
        { "a@tonline.de", "a@t-online.de" },
        { "a@outlok.de", "a@outlook.de" },
        { "a@gmail.com", NULL },
        { "a@gmx.de", NULL },
        { "a@gmx.net", NULL },
        { "a@gms.de", NULL },
        { "a@mail.com", NULL },
        { "a@ymail.com", NULL },
        { "a@gmailing.com", NULL },
        { "a@example.org", NULL },
        { "a@co", NULL },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *likely = address_likely(*state, cases[i][0]);

        if (cases[i][1])
            assert_string_equal(likely, cases[i][1]);
        else
            assert_null(likely);
    }
}

static void addresses_are_checked_by_the_strict_grammar(void **state)
{
    static const struct {
        const char *typed;
        enum address_verdict verdict;
        const char *out;
    } cases[] = {
        { " a.b+c@Example.ORG ", ADDRESS_OK, "a.b+c@example.org" },
        { "a@b\xC3\xBC" "cher.example", ADDRESS_OK,
          "a@xn--bcher-kva.example" },
        { "", ADDRESS_EMPTY, NULL },
        { "a", ADDRESS_NO_AT, NULL },
        { "m\xC3\xBC@example.org", ADDRESS_LOCAL_UTF8, NULL },
        { "a b@example.org", ADDRESS_LOCAL_BAD, NULL },
        { "a..b@example.org", ADDRESS_LOCAL_BAD, NULL },
        { ".a@example.org", ADDRESS_LOCAL_BAD, NULL },
        { "a@example", ADDRESS_DOMAIN_BAD, NULL },
        { "a@-x.org", ADDRESS_DOMAIN_BAD, NULL },
        { "a@x.1", ADDRESS_DOMAIN_BAD, NULL },
        { "a@x..org", ADDRESS_DOMAIN_BAD, NULL },
        { "<a@example.org>", ADDRESS_LOCAL_BAD, NULL },
        { "a@example.org\r\nRCPT TO:<b@x.org>", ADDRESS_LOCAL_BAD, NULL },
        { "\"a\"@example.org", ADDRESS_LOCAL_BAD, NULL },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *out = NULL;

        assert_int_equal(address_check(*state, cases[i].typed, &out),
                         cases[i].verdict);
        if (cases[i].out)
            assert_string_equal(out, cases[i].out);
    }
}

static void ranges_hold_what_is_in_them(void **state)
{
    struct netrange items[2];
    struct netranges ranges = { items, 2 };
    struct netaddr address;
    char text[NETADDR_TEXT];

    (void)state;
    assert_true(netrange_parse("10.1.0.0/16", &items[0]));
    assert_true(netrange_parse("2001:db8::/32", &items[1]));
    assert_false(netrange_parse("10.1.0.1/16", &items[0]));
    assert_false(netrange_parse("10.1.0.0/33", &items[0]));
    assert_true(netaddr_parse("10.1.255.255", &address));
    assert_true(netranges_hold(&ranges, &address));
    assert_true(netaddr_parse("10.2.0.0", &address));
    assert_false(netranges_hold(&ranges, &address));
    assert_true(netaddr_parse("::ffff:10.1.2.3", &address));
    assert_true(netranges_hold(&ranges, &address));
    assert_string_equal(netaddr_prefix_text(&address, text), "10.1.2.0/24");
    assert_true(netaddr_parse("2001:db8:1:2::3", &address));
    assert_string_equal(netaddr_prefix_text(&address, text),
                        "2001:db8:1::/48");
}

static bool is_loopback(const char *text)
{
    struct netaddr address;

    assert_true(netaddr_parse(text, &address));
    return netaddr_is_loopback(&address);
}

static void loopback_is_this_machine_alone(void **state)
{
    const struct netaddr local = { .local = true };

    (void)state;
    assert_true(netaddr_is_loopback(&local));
    assert_true(is_loopback("127.0.0.1"));
    assert_true(is_loopback("127.255.0.3"));
    assert_true(is_loopback("::ffff:127.0.0.1"));
    assert_true(is_loopback("::1"));
    assert_false(is_loopback("128.0.0.1"));
    assert_false(is_loopback("0.0.0.0"));
    assert_false(is_loopback("::"));
    assert_false(is_loopback("::2"));
    assert_false(is_loopback("7f00::1"));
}

static const char *host_of(const char *text, char room[NETADDR_TEXT])
{
    struct netaddr address;

    assert_true(netaddr_parse(text, &address));
    address = netaddr_host(&address);
    return netaddr_text(&address, room);
}

static void an_ipv6_host_is_its_network(void **state)
{
    char room[NETADDR_TEXT];

    (void)state;
    assert_string_equal(host_of("10.1.2.3", room), "10.1.2.3");
    assert_string_equal(host_of("2001:db8:1:2:3:4:5:6", room),
                        "2001:db8:1:2::");
}

static void a_socket_says_whose_it_is(void **state)
{
    const struct sockaddr_in four = {
        .sin_family = AF_INET, .sin_addr = { htonl(0xc0000201) },
    };
    struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
    const struct sockaddr local = { .sa_family = AF_UNIX };
    struct netaddr address = netaddr_of((const struct sockaddr *)&four);
    char text[NETADDR_TEXT];

    (void)state;
    assert_string_equal(netaddr_text(&address, text), "192.0.2.1");
    assert_int_equal(inet_pton(AF_INET6, "2001:db8::7", &six.sin6_addr), 1);
    address = netaddr_of((const struct sockaddr *)&six);
    assert_string_equal(netaddr_text(&address, text), "2001:db8::7");
    address = netaddr_of(&local);
    assert_true(address.local);
    assert_string_equal(netaddr_text(&address, text), "local");
    address = netaddr_prefix(&address); /* has none, stays itself */
    assert_true(address.local);
}

static void what_is_encoded_comes_back(void **state)
{
    struct str text;
    size_t length;

    (void)state;
    str_init(&text, NULL, 100);
    str_add_percent(&text, "a-Z_0.9~ /?&=%+ü\x7f");
    assert_string_equal(text.data,
                        "a-Z_0.9~%20%2F%3F%26%3D%25%2B%C3%BC%7F");
    assert_true(parse_percent(text.data, text.length, true, &length));
    assert_string_equal(text.data, "a-Z_0.9~ /?&=%+ü\x7f");
    str_free(&text);
}

static void secrets_are_equal_as_a_whole_only(void **state)
{
    (void)state;
    assert_true(secret_equal("", ""));
    assert_true(secret_equal("abc", "abc"));
    assert_false(secret_equal("abc", "abd"));
    assert_false(secret_equal("abc", "ab"));
    assert_false(secret_equal("ab", "abc"));
    assert_false(secret_equal("", "a"));
}

static struct keyring *new_keys(struct arena *arena, char **path)
{
    struct keyring *keys = NULL;
    struct err err;
    char folder[] = "/tmp/convened-base-XXXXXX";

    assert_non_null(mkdtemp(folder));
    *path = arena_printf(arena, "%s/key", folder);
    assert_int_equal(keyring_load(*path, false, &keys, &err), RC_FAIL);
    assert_int_equal(keyring_load(*path, true, &keys, &err), RC_OK);
    return keys;
}

static void remove_keys(struct keyring **keys, char *path)
{
    keyring_free(keys);
    unlink(path);
    *strrchr(path, '/') = '\0';
    rmdir(path);
}

static void a_token_speaks_for_one_purpose_and_generation(void **state)
{
    char *path;
    struct keyring *keys = new_keys(*state, &path);
    struct id id = id_random(), read;
    char *token = token_make(*state, keys, TOKEN_REGISTRATION, &id, 1);

    assert_int_equal(strlen(token), 43);
    assert_true(token_id(token, &read));
    assert_true(id_equal(&id, &read));
    assert_true(token_valid(keys, TOKEN_REGISTRATION, token, 1));
    assert_false(token_valid(keys, TOKEN_REGISTRATION, token, 2));
    assert_false(token_valid(keys, TOKEN_LOGIN, token, 1));
    for (size_t i = 0; i < 43; i++) {
        char *other = arena_strdup(*state, token);

        other[i] = other[i] == 'A' ? 'B' : 'A';
        assert_false(token_valid(keys, TOKEN_REGISTRATION, other, 1));
    }
    assert_false(token_valid(keys, TOKEN_REGISTRATION, "", 1));
    remove_keys(&keys, path);
}

static void equal_contents_give_equal_boxes(void **state)
{
    char *path;
    struct keyring *keys = new_keys(*state, &path);
    char *box = seal(*state, keys, TOKEN_RECEIPT, "abc", 3);
    size_t length;

    assert_string_equal(box, seal(*state, keys, TOKEN_RECEIPT, "abc", 3));
    assert_string_not_equal(box, seal(*state, keys, TOKEN_RECEIPT, "abd", 3));
    char *open = unseal(*state, keys, TOKEN_RECEIPT, box, &length);
    assert_non_null(open);
    assert_int_equal(length, 3);
    assert_memory_equal(open, "abc", 3);
    assert_null(unseal(*state, keys, TOKEN_STAMP, box, &length));
    box[5] = box[5] == 'A' ? 'B' : 'A';
    assert_null(unseal(*state, keys, TOKEN_RECEIPT, box, &length));
    for (size_t n = 0; n < 60; n++) {
        char *junk = arena_alloc(*state, n + 1);

        memset(junk, 'A', n);
        assert_null(unseal(*state, keys, TOKEN_RECEIPT, junk, &length));
    }
    remove_keys(&keys, path);
}

static void a_password_is_known_again_only_by_itself(void **state)
{
    char hash[PASSWORD_HASH_BYTES];

    (void)state;
    password_hash("correct horse", hash);
    assert_true(password_valid(hash, "correct horse"));
    assert_false(password_valid(hash, "correct hors"));
    assert_false(password_valid(NULL, "correct horse"));
}

static void files_are_replaced_whole(void **state)
{
    struct err err;
    char folder[] = "/tmp/convened-base-XXXXXX", *data;
    size_t length;

    assert_non_null(mkdtemp(folder));
    char *path = arena_printf(*state, "%s/file", folder);
    assert_int_equal(file_read(*state, path, 10, &data, &length, &err),
                     RC_NOT_FOUND);
    assert_int_equal(file_write(path, "first", 5, 0644, &err), RC_OK);
    assert_int_equal(file_write(path, "second\n", 7, 0644, &err), RC_OK);
    assert_int_equal(file_read(*state, path, 10, &data, &length, &err),
                     RC_OK);
    assert_string_equal(data, "second\n");
    assert_int_equal(file_read(*state, path, 6, &data, &length, &err),
                     RC_FAIL);
    assert_int_equal(file_read_secret(*state, path, &data, &err), RC_FAIL);
    chmod(path, 0600);
    assert_int_equal(file_read_secret(*state, path, &data, &err), RC_OK);
    assert_string_equal(data, "second");
    unlink(path);
    rmdir(folder);
}

struct number {
    struct parcel parcel;
    int value;
};

static void a_mailbox_keeps_order_and_its_ceiling(void **state)
{
    struct mailbox *box = mailbox_new(3);
    struct number numbers[4] = { 0 };
    struct pollfd ready = { .fd = mailbox_fd(box), .events = POLLIN };

    (void)state;
    assert_int_equal(poll(&ready, 1, 0), 0);
    for (int i = 0; i < 4; i++) {
        numbers[i].value = i;
        assert_int_equal(mailbox_post(box, &numbers[i].parcel), i < 3);
    }
    assert_int_equal(poll(&ready, 1, 0), 1);
    struct number *first = (struct number *)(void *)mailbox_take_some(box, 2);
    assert_int_equal(first->value, 0);
    assert_int_equal(((struct number *)(void *)first->parcel.next)->value, 1);
    assert_null(first->parcel.next->next);
    assert_int_equal(poll(&ready, 1, 0), 1);
    assert_non_null(mailbox_take(box));
    assert_int_equal(poll(&ready, 1, 0), 0);
    assert_null(mailbox_wait(box, 1, 10));
    mailbox_close(box);
    assert_null(mailbox_wait(box, 1, -1));
    assert_false(mailbox_post(box, &numbers[0].parcel));
    mailbox_free(&box);
}

struct sum {
    struct task task;
    int value;
};

static void add_one(struct task *task)
{
    ((struct sum *)(void *)task)->value++;
}

static void every_task_is_helped_and_comes_home(void **state)
{
    enum { MANY = 1000 };
    struct mailbox *home = mailbox_new(0);
    struct helpers *helpers = helpers_start(3, MANY);
    struct sum *sums = arena_alloc(*state, MANY * sizeof *sums);
    int home_again = 0;

    for (int i = 0; i < MANY; i++) {
        sums[i].task = (struct task){ .run = add_one, .home = home };
        assert_true(helpers_submit(helpers, &sums[i].task));
    }
    helpers_stop(&helpers);
    for (struct parcel *p = mailbox_take(home); p; p = p->next)
        home_again += ((struct sum *)(void *)p)->value;
    assert_int_equal(home_again, MANY);
    mailbox_free(&home);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_string_stops_at_its_ceiling_and_says_so),
        cmocka_unit_test(a_string_grows_over_many_blocks),
        cmocka_unit_test(durations_and_sizes_need_their_units),
        cmocka_unit_test(integers_are_taken_whole_or_not),
        cmocka_unit_test(percent_decoding_is_strict_and_refuses_nul),
        cmocka_unit_test(civil_times_survive_the_round_trip),
        cmocka_unit_test(a_day_is_a_date_and_nothing_else),
        cmocka_unit_test(http_dates_are_read_only_in_their_one_form),
        cmocka_unit_test(names_are_normalised_and_kept),
        cmocka_unit_test(controls_and_direction_tricks_are_seen),
        cmocka_unit_test(searching_meets_every_spelling),
        cmocka_unit_test(cutting_never_splits_a_character),
        cmocka_unit_test(addresses_are_checked_by_the_strict_grammar),
        cmocka_unit_test(a_slip_in_a_well_known_domain_is_noticed),
        cmocka_unit_test(ranges_hold_what_is_in_them),
        cmocka_unit_test(a_token_speaks_for_one_purpose_and_generation),
        cmocka_unit_test(loopback_is_this_machine_alone),
        cmocka_unit_test(an_ipv6_host_is_its_network),
        cmocka_unit_test(a_socket_says_whose_it_is),
        cmocka_unit_test(what_is_encoded_comes_back),
        cmocka_unit_test(secrets_are_equal_as_a_whole_only),
        cmocka_unit_test(equal_contents_give_equal_boxes),
        cmocka_unit_test(a_password_is_known_again_only_by_itself),
        cmocka_unit_test(files_are_replaced_whole),
        cmocka_unit_test(a_mailbox_keeps_order_and_its_ceiling),
        cmocka_unit_test(every_task_is_helped_and_comes_home),
    };

    token_start();
    return cmocka_run_group_tests(tests, begin, end);
}
