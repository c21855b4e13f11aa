#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/base/arena.h"
#include "daemon/base/files.h"
#include "daemon/base/log.h"
#include "daemon/config.h"
#include "daemon/config_table.h"

struct world {
    struct arena *arena;
    struct settings settings;
    struct config_origins origins;
    struct str faults;
};

static int set_up(void **state)
{
    static struct world world;
    world.arena = arena_new();
    str_init(&world.faults, world.arena, 1 << 16);
    *state = &world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    arena_free(&world->arena);
    return 0;
}

static enum rc parse(struct world *world, const char *text)
{
    str_clear(&world->faults);
    return config_parse_traced(world->arena, "/etc/convened/c.conf", text,
                               strlen(text), &world->settings,
                               &world->origins, &world->faults);
}

static void expect_fault(struct world *world, const char *text,
                         const char *fault)
{
    assert_int_equal(parse(world, text), RC_FAIL);
    assert_string_equal(world->faults.data, fault);
}

static void an_empty_file_gives_the_defaults(void **state)
{
    struct world *world = *state;
    const struct settings *s = &world->settings;
    assert_int_equal(parse(world, ""), RC_OK);
    assert_string_equal(s->base_url, "http://localhost:8080");
    assert_string_equal(s->base_host, "localhost:8080");
    assert_false(s->secure);
    assert_int_equal(s->listen.count, 1);
    assert_string_equal(s->state_dir, LOCALSTATEDIR "/lib/convened");
    assert_string_equal(s->mail_spool, LOCALSTATEDIR "/lib/convened/mail");
    assert_string_equal(s->mail_domain, "localhost");
    assert_int_equal(s->head_bytes, 16384);
    assert_int_equal(s->body_time, 30);
    assert_int_equal(s->rates[RATE_PAGES].count, 600);
    assert_int_equal(s->rates[RATE_PAGES].per, 60);
    assert_int_equal(s->rates[RATE_FORMS].per, 3600);
    assert_int_equal(s->rates[RATE_LOGIN].count, 20);
    assert_int_equal(s->mail_retry_max, 66 * 60);
    assert_int_equal(s->mail_give_up, 5 * 86400);
    assert_int_equal(s->mail_tls, MAIL_TLS_REQUIRED);
    assert_int_equal(s->log_level, LOG_LEVEL_INFO);
    assert_true(s->log_requests);
}

static void every_type_of_value_is_read(void **state)
{
    struct world *world = *state;
    const struct settings *s = &world->settings;
    assert_int_equal(
        parse(world,
              "\xef\xbb\xbf# with a byte order mark, CRLF and comments\r\n"
              "[site]\r\n"
              "base-url = https://Anmeldung.Example.org:443/  # port 443\n"
              "hosts = a.example.org  b.example.org:8443 [::1]\n"
              "  listen=127.0.0.1:80 [::1]:8080 unix:/run/x.sock\n"
              "proxies = 10.0.0.0/8 ::1\n"
              "texts = texte\n"
              "demo = yes\n"
              "[state]\ndirectory = /srv/übung#1\ncourier-group = post\n"
              "[threads]\nworkers = 4\n"
              "[limits]\nbody-bytes = 128 KiB\nhead-time = 2 min\n"
              "forms = 7 / 10 min\n"
              "[mail]\nrelay = smtp://127.0.0.1:2525\ntls = none\n"
              "user = Frau Muster\n"
              "[accessibility]\nstatus = partial\nbody-de = Muster\n"
              "prepared = 2026-09-01\n"
              "feedback-address = Barrieren@Müller.example\n"
              "[calendar]\ngoogle-subscribe = https://g.example/?u={url}\n"
              "[log]\nlevel = debug"),
        RC_OK);
    assert_string_equal(s->base_url, "https://anmeldung.example.org");
    assert_string_equal(s->base_host, "anmeldung.example.org");
    assert_true(s->secure);
    assert_string_equal(s->mail_domain, "anmeldung.example.org");
    assert_int_equal(s->hosts.count, 3);
    assert_string_equal(s->hosts.items[1], "b.example.org:8443");
    assert_int_equal(s->listen.count, 3);
    assert_string_equal(s->listen.items[2], "unix:/run/x.sock");
    assert_int_equal(s->proxies.count, 2);
    assert_int_equal(s->proxies.items[0].bits, 104);
    assert_string_equal(s->texts_dir, "/etc/convened/texte");
    assert_true(s->demo);
    assert_string_equal(s->state_dir, "/srv/übung#1");
    assert_string_equal(s->courier_group, "post");
    assert_int_equal(s->workers, 4);
    assert_int_equal(s->body_bytes, 131072);
    assert_int_equal(s->head_time, 120);
    assert_int_equal(s->rates[RATE_FORMS].count, 7);
    assert_int_equal(s->rates[RATE_FORMS].per, 600);
    assert_string_equal(s->mail_relay, "smtp://127.0.0.1:2525");
    assert_int_equal(s->mail_tls, MAIL_TLS_NONE);
    assert_string_equal(s->mail_user, "Frau Muster");
    assert_int_equal(s->statement_status, STATEMENT_PARTIAL);
    assert_int_equal(s->statement_prepared, 1788220800);
    assert_int_equal(s->statement_reviewed, 1788220800);
    assert_string_equal(s->feedback_address,
                        "Barrieren@xn--mller-kva.example");
    assert_string_equal(s->google_subscribe, "https://g.example/?u={url}");
    assert_int_equal(s->log_level, LOG_LEVEL_DEBUG);
}

static void all_faults_come_at_once_with_their_places(void **state)
{
    expect_fault(*state,
                 "[site]\n"
                 "bas-url = https://x.example\n"
                 "demo =   vielleicht\n"
                 "[limits]\n"
                 "retry-max = 1 h\n"
                 "öde = 1\n"
                 "workers\n",
                 "/etc/convened/c.conf:2:1: there is no key \"bas-url\" in "
                 "[site]; is \"base-url\" meant?\n"
                 "/etc/convened/c.conf:3:10: demo is not yes or no\n"
                 "/etc/convened/c.conf:5:1: there is no key \"retry-max\" in "
                 "[limits]; is \"retry-max\" in [mail] meant?\n"
                 "/etc/convened/c.conf:6:1: there is no key \"öde\" in "
                 "[limits]\n"
                 "/etc/convened/c.conf:7:1: neither [section] nor key = "
                 "value\n");
}

static void columns_count_characters_not_bytes(void **state)
{
    expect_fault(*state, "[site]\nüü\x01 = x\n",
                 "/etc/convened/c.conf:2:3: a control character (byte 1)\n");
    expect_fault(*state, "[site]\nü = \xff\n",
                 "/etc/convened/c.conf:2:5: not valid UTF-8\n");
}

static void every_type_says_what_it_expects(void **state)
{
    static const struct {
        const char *line, *fault;
    } cases[] = {
        {"[site]\nbase-url = anmeldung.de",
         "2:12: base-url is not an address like https://host or "
         "https://host:port"},
        {"[site]\nbase-url = ftp://anmeldung.de",
         "2:12: base-url begins with ftp://; one of these is expected: "
         "https http"},
        {"[site]\nbase-url = https://x.example/pfad",
         "2:12: base-url is not an address like https://host or "
         "https://host:port"},
        {"[site]\nbase-url = https://x@y.example",
         "2:12: base-url is not an address like https://host or "
         "https://host:port"},
        {"[site]\nbase-url =", "2:11: base-url may not be empty"},
        {"[site]\nhosts = a.example b_c",
         "2:9: hosts \"b_c\" is not a host or host:port"},
        {"[site]\nlisten = 127.0.0.1",
         "2:10: listen \"127.0.0.1\" is neither address:port "
         "(127.0.0.1:8080, [::1]:8080) nor unix:/path"},
        {"[site]\nproxies = 10.0.0.1/8",
         "2:11: proxies \"10.0.0.1/8\" is not an address or range like "
         "10.0.0.0/8, 192.0.2.7 or ::1"},
        {"[state]\ncourier-group = a b",
         "2:17: courier-group may hold letters, digits, dots, hyphens and "
         "underscores"},
        {"[threads]\nworkers = zwei", "2:11: workers is not a whole number"},
        {"[threads]\nworkers = 0", "2:11: workers is not between 1 and 64"},
        {"[limits]\nbody-bytes = 64 KB",
         "2:14: body-bytes is not a size like 64 KiB (B, KiB, MiB, GiB)"},
        {"[limits]\nbody-bytes = 1 KiB",
         "2:14: body-bytes is not between 4 KiB and 64 MiB"},
        {"[limits]\nhead-time = 10",
         "2:13: head-time is not a duration like 66 min (s, min, h, d, w)"},
        {"[limits]\nhead-time = 1 d",
         "2:13: head-time is not between 1 s and 5 min"},
        {"[accessibility]\nfeedback-address = niemand",
         "2:20: feedback-address is not an e-mail address like "
         "name@example.org"},
        {"[accessibility]\nprepared = 30.02.2027",
         "2:12: prepared is not a day like 2027-03-07"},
        {"[accessibility]\nprepared = 2027-02-30",
         "2:12: prepared is not a day like 2027-03-07"},
        {"[limits]\nforms = 20 per hour",
         "2:9: forms is not a rate like 20 / 10 min"},
        {"[mail]\ntls = maybe", "2:7: tls is not one of: required none"},
        {"[calendar]\ngoogle-subscribe = http://x.example",
         "2:20: google-subscribe is not an address that begins with "
         "https://"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char expected[512];
        snprintf(expected, sizeof expected, "/etc/convened/c.conf:%s\n",
                 cases[i].fault);
        expect_fault(*state, cases[i].line, expected);
    }
}

static void sections_are_checked_too(void **state)
{
    expect_fault(*state, "demo = yes\n[mial]\nrelay = x\n[mail",
                 "/etc/convened/c.conf:1:1: a key before the first "
                 "[section]\n"
                 "/etc/convened/c.conf:2:1: there is no section [mial]; is "
                 "[mail] meant?\n"
                 "/etc/convened/c.conf:4:1: a section is written [name] on "
                 "a line of its own\n");
}

static void a_key_stands_once(void **state)
{
    expect_fault(*state, "[site]\ndemo = yes\n[log]\n[site]\ndemo = no\n",
                 "/etc/convened/c.conf:5:1: \"demo\" stands in line 2 "
                 "already\n");
}

static void plain_http_is_for_this_machine_only(void **state)
{
    struct world *world = *state;
    static const char *const fine[] = {
        "http://localhost:8080", "http://127.0.0.1", "http://127.8.9.10:1",
        "http://[::1]:8080", "http://demo.localhost",
    };
    static const char *const wrong[] = {
        "http://example.org", "http://128.0.0.1", "http://localhost.de",
        "http://[::2]", "http://127.0.0.1.example.org",
    };
    char text[128];
    for (size_t i = 0; i < sizeof fine / sizeof *fine; i++) {
        snprintf(text, sizeof text, "[site]\nbase-url = %s\n", fine[i]);
        assert_int_equal(parse(world, text), RC_OK);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        snprintf(text, sizeof text, "[site]\nbase-url = %s\n", wrong[i]);
        assert_int_equal(parse(world, text), RC_FAIL);
        assert_non_null(strstr(world->faults.data, "c.conf:2:12: base-url "
                               "http only works on the machine itself"));
    }
}

static void letters_never_cross_the_network_in_clear(void **state)
{
    expect_fault(*state,
                 "[mail]\nrelay = smtp://mx.example.org\ntls = none\n",
                 "/etc/convened/c.conf:3:7: tls none is only for a relay on "
                 "this machine: letters would cross the network in clear\n");
}

static void values_that_contradict_each_other_are_found(void **state)
{
    expect_fault(*state,
                 "[mail]\nretry-max = 2 min\nretry-min = 3 min\n"
                 "[desk]\nlogin-most = 10 min\n",
                 "/etc/convened/c.conf:3:13: retry-min is longer than "
                 "mail.retry-max\n"
                 "/etc/convened/c.conf: desk.login-idle is longer than "
                 "desk.login-most\n");
}

static void the_sample_is_clean_once_its_comments_are_gone(void **state)
{
    struct world *world = *state;
    struct str sample, open;
    struct settings defaults;
    assert_int_equal(parse(world, ""), RC_OK);
    defaults = world->settings;
    str_init(&sample, world->arena, 1 << 16);
    str_init(&open, world->arena, 1 << 16);
    config_print_sample(&sample);
    /* "#key = value" is a setting, "# words" is a comment. */
    for (const char *c = sample.data; *c; c++)
        if (*c != '#' || c[1] == ' ' || c[1] == '\n')
            str_add_char(&open, *c);
    assert_int_equal(parse(world, open.data), RC_OK);
    assert_string_equal(world->faults.data, "");
    for (const struct config_option *o = config_table; o->key; o++) {
        struct str was, is;
        str_init(&was, world->arena, 4096);
        str_init(&is, world->arena, 4096);
        config_value_print(o, &defaults, &was);
        config_value_print(o, &world->settings, &is);
        assert_string_equal(was.data, is.data);
        assert_int_not_equal(world->origins.at[o - config_table].line, 0);
    }
}

static void write_part(const char *path, const char *text)
{
    struct err err;
    assert_int_equal(file_write(path, text, strlen(text), 0644, &err),
                     RC_OK);
}

static void a_folder_of_further_files_is_read_in_order(void **state)
{
    struct world *world = *state;
    char folder[] = "/tmp/convened-config-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char *first = arena_printf(world->arena, "%s/10-a.conf", folder);
    char *second = arena_printf(world->arena, "%s/20-b.conf", folder);
    char *other = arena_printf(world->arena, "%s/30-c.conf.old", folder);
    char *text = arena_printf(world->arena, "include = %s\n[site]\n"
                              "demo = yes\n", folder);
    write_part(first, "[site]\ntexts = texte\n");
    write_part(second, "[log]\nlevel = debug\n");
    write_part(other, "[log]\nlevel = nonsense\n");
    assert_int_equal(parse(world, text), RC_OK);
    assert_string_equal(world->faults.data, "");
    assert_true(world->settings.demo);
    assert_int_equal(world->settings.log_level, LOG_LEVEL_DEBUG);
    assert_string_equal(world->settings.texts_dir,
                        arena_printf(world->arena, "%s/texte", folder));

    /* All faults, each where it stands; no key twice, no second level. */
    write_part(first, "demo = yes\n[site]\ndemo = no\n");
    write_part(second, "include = x\n[log]\nlevl = debug\n");
    expect_fault(world, text, arena_printf(world->arena,
        "%s:1:1: a key before the first [section]\n"
        "%s:1:1: include stands in the main file only\n"
        "%s:3:1: there is no key \"levl\" in [log]; is \"level\" meant?\n"
        "/etc/convened/c.conf:3:1: \"demo\" stands in %s:3 already\n",
        first, second, second, first));
    unlink(first);
    unlink(second);
    unlink(other);
    rmdir(folder);
    expect_fault(world, text, arena_printf(world->arena,
        "/etc/convened/c.conf:1:11: include: %s: there is no such folder\n",
        folder));
}

static void what_is_printed_reads_back_the_same(void **state)
{
    struct world *world = *state;
    struct str first, second;
    str_init(&first, world->arena, 1 << 16);
    str_init(&second, world->arena, 1 << 16);
    assert_int_equal(parse(world,
                           "[site]\nproxies = 10.0.0.0/8 2001:db8::/32\n"
                           "[limits]\nhead-time = 61 s\npages = 1 / 90 s\n"
                           "body-bytes = 5000\n[log]\nlevel = warn\n"),
                     RC_OK);
    config_print_traced(&world->settings, &world->origins, &first);
    assert_non_null(strstr(first.data, "head-time = 61 s  # "
                           "/etc/convened/c.conf:4\n"));
    assert_non_null(strstr(first.data, "body-time = 30 s  # default\n"));
    assert_non_null(strstr(first.data, "body-bytes = 5000 B  #"));
    assert_non_null(strstr(first.data, "pages = 1 / 90 s  #"));
    assert_non_null(strstr(first.data,
                           "proxies = 10.0.0.0/8 2001:db8::/32  #"));
    assert_int_equal(parse(world, first.data), RC_OK);
    config_print(&world->settings, &second);
    str_clear(&first);
    assert_int_equal(parse(world, second.data), RC_OK);
    config_print(&world->settings, &first);
    assert_string_equal(first.data, second.data);
}

/* The fields as the header declares them, so that a new one without a key is
 * found. */
static void every_setting_has_a_key(void **state)
{
    struct world *world = *state;
    static const char *const derived[] = {"base_host", "secure", "rates"};
    char *text;
    size_t length, fields = 0;
    struct err err;
    assert_int_equal(file_read(world->arena,
                               SRCDIR "/daemon/model/settings.h", 1 << 16,
                               &text, &length, &err), RC_OK);
    char *at = strstr(text, "struct settings {");
    assert_non_null(at);
    at = strchr(at, '{') + 1;
    char *end = strstr(at, "\n};");
    for (char *c = strstr(at, "/*"); c && c < end; c = strstr(c, "/*"))
        while (memcmp(c, "*/", 2))
            *c++ = ' ';
    while (at < end) {
        size_t part = strcspn(at, ",;");
        size_t name_end = strcspn(at, ",;[");
        while (at[name_end - 1] == ' ')
            name_end--;
        size_t name = name_end;
        while (name && strchr("abcdefghijklmnopqrstuvwxyz_", at[name - 1]))
            name--;
        char *field = arena_strndup(world->arena, at + name,
                                    name_end - name);
        bool found = false;
        for (size_t i = 0; i < sizeof derived / sizeof *derived; i++)
            found |= !strcmp(field, derived[i]);
        for (const struct config_option *o = config_table; o->key; o++)
            found |= !strcmp(field, o->field);
        if (!found)
            fail_msg("no key for settings.%s", field);
        fields++;
        at += part + 1;
        at += strspn(at, " \n\t/*");
    }
    assert_true(fields > 50);
}

static void every_key_is_documented(void **state)
{
    (void)state;
    assert_true(config_table_count() > 50);
    for (const struct config_option *o = config_table; o->key; o++) {
        size_t length = strlen(o->text);
        assert_true(length > 15 && o->text[length - 1] == '.');
        assert_true(*config_section_text(o->key, strcspn(o->key, ".")));
    }
}

static void a_missing_file_is_said(void **state)
{
    struct world *world = *state;
    assert_int_equal(config_read(world->arena, "/nowhere/convened.conf",
                                 &world->settings, &world->faults), RC_FAIL);
    assert_string_equal(world->faults.data,
                        "/nowhere/convened.conf: there is no such file\n");
}

static void long_lines_and_zero_bytes_are_faults(void **state)
{
    struct world *world = *state;
    char text[9000];
    memset(text, 'a', sizeof text);
    assert_int_equal(config_parse(world->arena, "c", text, sizeof text,
                                  &world->settings, &world->faults),
                     RC_FAIL);
    assert_string_equal(world->faults.data,
                        "c:1:1: longer than 8192 bytes\n");
    str_clear(&world->faults);
    assert_int_equal(config_parse(world->arena, "c", "[site]\n\0", 8,
                                  &world->settings, &world->faults),
                     RC_FAIL);
    assert_string_equal(world->faults.data,
                        "c:2:1: a control character (byte 0)\n");
}

static void the_machine_is_looked_at(void **state)
{
    struct world *world = *state;
    char folder[] = "/tmp/config-XXXXXX", text[512], secret[64];
    assert_non_null(mkdtemp(folder));
    snprintf(secret, sizeof secret, "%s/secret", folder);
    int fd = open(secret, O_CREAT | O_WRONLY, 0600);
    assert_true(fd >= 0);
    snprintf(text, sizeof text,
             "[site]\nlisten = unix:%s/a.sock\n[state]\ndirectory = %s\n"
             "run = %s/run\n[mail]\npassword-file = %s\n", folder, folder,
             folder, secret);
    assert_int_equal(parse(world, text), RC_OK);
    assert_int_equal(config_check_machine(&world->settings, &world->faults),
                     RC_OK);
    assert_int_equal(fchmod(fd, 0640), 0);
    world->settings.state_dir = secret;
    world->settings.texts_dir = arena_strdup(world->arena,
                                             "/nowhere/texts");
    world->settings.run_dir =
        arena_strdup(world->arena, "/nowhere/run");
    world->settings.courier_group =
        arena_strdup(world->arena, "no-such-group-here");
    world->settings.mail_ca_file =
        arena_strdup(world->arena, "/nowhere/ca");
    world->settings.listen.items[0] =
        arena_strdup(world->arena, "unix:/nowhere/a.sock");
    assert_int_equal(config_check_machine(&world->settings, &world->faults),
                     RC_FAIL);
    static const char *const expected[] = {
        "/secret is not a folder\n", "state.run: /nowhere/: No such file",
        "site.texts: /nowhere/texts: No such file",
        "there is no group \"no-such-group-here\"",
        "site.listen: /nowhere/: No such file",
        "/secret can be read by others (mode 640): chmod 600\n",
        "mail.ca-file: /nowhere/ca: No such file",
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        if (!strstr(world->faults.data, expected[i]))
            fail_msg("%s is not in:\n%s", expected[i], world->faults.data);
    close(fd);
    unlink(secret);
    rmdir(folder);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(an_empty_file_gives_the_defaults),
        TEST(every_type_of_value_is_read),
        TEST(all_faults_come_at_once_with_their_places),
        TEST(columns_count_characters_not_bytes),
        TEST(every_type_says_what_it_expects),
        TEST(sections_are_checked_too),
        TEST(a_key_stands_once),
        TEST(plain_http_is_for_this_machine_only),
        TEST(letters_never_cross_the_network_in_clear),
        TEST(values_that_contradict_each_other_are_found),
        TEST(the_sample_is_clean_once_its_comments_are_gone),
        TEST(a_folder_of_further_files_is_read_in_order),
        TEST(what_is_printed_reads_back_the_same),
        TEST(every_setting_has_a_key),
        TEST(every_key_is_documented),
        TEST(a_missing_file_is_said),
        TEST(long_lines_and_zero_bytes_are_faults),
        TEST(the_machine_is_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
