/* What is answered before any configuration is read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "daemon/base/arena.h"
#include "daemon/base/token.h"
#include "daemon/command.h"

struct world {
    char folder[64], config[96], shown[96];
    char text[32768]; /* both streams of the last run */
    enum exit_code code;
};

static int set_up(void **state)
{
    static struct world world;
    snprintf(world.folder, sizeof world.folder, "/tmp/early-XXXXXX");
    assert_non_null(mkdtemp(world.folder));
    snprintf(world.config, sizeof world.config, "%s/c.conf", world.folder);
    snprintf(world.shown, sizeof world.shown, "%s/shown", world.folder);
    *state = &world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    unlink(world->config);
    unlink(world->shown);
    return rmdir(world->folder);
}

/* Both streams go to a file while the words are answered. */
static bool run_words(struct world *world, const char *const *words)
{
    struct arena *arena = arena_new();
    char *copies[16] = {NULL};
    int count = 0;
    for (; words[count]; count++)
        copies[count] = arena_strdup(arena, words[count]);
    fflush(stdout);
    fflush(stderr);
    int out = dup(STDOUT_FILENO), err = dup(STDERR_FILENO);
    int file = open(world->shown, O_CREAT | O_TRUNC | O_RDWR, 0600);
    dup2(file, STDOUT_FILENO);
    dup2(file, STDERR_FILENO);
    bool early = command_early(world->config, count, copies, &world->code);
    fflush(stdout);
    fflush(stderr);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    ssize_t length = pread(file, world->text, sizeof world->text - 1, 0);
    world->text[length < 0 ? 0 : length] = '\0';
    close(file);
    close(out);
    close(err);
    arena_free(&arena);
    return early;
}

#define EARLY(world, ...) \
    run_words((world), (const char *const[]){__VA_ARGS__, NULL})

static void expect(struct world *world, enum exit_code code,
                   const char *part)
{
    if (world->code != code || !strstr(world->text, part))
        fail_msg("exit %d, not %d with %s:\n%s", (int)world->code,
                 (int)code, part, world->text);
}

static void put_config(struct world *world, const char *text)
{
    FILE *file = fopen(world->config, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void alone_it_prints_its_commands(void **state)
{
    struct world *world = *state;
    assert_true(run_words(world, (const char *const[]){NULL}));
    expect(world, EXIT_FINE, "meeting add|edit|list");
    assert_true(EARLY(world, "--help"));
    expect(world, EXIT_FINE, "A ready-made site");
}

static void the_version_names_the_libraries(void **state)
{
    struct world *world = *state;
    static const char *const names[] = {
        "convened " PACKAGE_VERSION "\n", "SQLite 3.", "libevent 2.",
        "libical 3.0.", "libcurl ", "GMime 3.", "jansson 2.",
        "libsodium 1.", "cmark 0.", "libunistring ", "libidn2 2.",
        "libxlsxwriter 1.", "zlib 1.", "\nfeatures: schema-", " tls=",
    };
    assert_true(EARLY(world, "--version"));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        expect(world, EXIT_FINE, names[i]);
}

static void a_faulty_configuration_is_checked_and_shown(void **state)
{
    struct world *world = *state;
    put_config(world, "[site]\ndmeo = yes\n[mail]\nparallel = 99\n");
    assert_true(EARLY(world, "config", "check"));
    expect(world, EXIT_CONFIG, ":2:1: there is no key \"dmeo\"");
    expect(world, EXIT_CONFIG, ":4:12: parallel is not between 1 and 10");
    assert_true(EARLY(world, "config", "show"));
    expect(world, EXIT_CONFIG, "c.conf:2:1: ");
    put_config(world, "[state]\ndirectory = /nowhere\nrun = .\n");
    assert_true(EARLY(world, "config", "check"));
    expect(world, EXIT_CONFIG, "state.directory: /nowhere: No such file");
    put_config(world, "[state]\ndirectory = .\nrun = .\n");
    assert_true(EARLY(world, "config", "check"));
    expect(world, EXIT_FINE, "c.conf: no faults");
    unlink(world->config);
    assert_true(EARLY(world, "config", "check"));
    expect(world, EXIT_CONFIG, "there is no such file");
}

static void the_configuration_is_shown_with_its_origins(void **state)
{
    struct world *world = *state;
    put_config(world, "[log]\nlevel = warn\n");
    assert_true(EARLY(world, "config", "show", "--origin"));
    expect(world, EXIT_FINE, "c.conf:2\n");
    expect(world, EXIT_FINE, "requests = yes  # default\n");
    assert_true(EARLY(world, "config", "show"));
    expect(world, EXIT_FINE, "level = warn\n");
    assert_null(strstr(world->text, "# default"));
    assert_true(EARLY(world, "config", "sample"));
    expect(world, EXIT_FINE, "#level = info\n");
}

static void programs_get_the_configuration_as_json(void **state)
{
    struct world *world = *state;
    put_config(world, "[log]\nlevel = warn\n");
    assert_true(EARLY(world, "config", "show", "--json"));
    expect(world, EXIT_FINE, "\"log.level\":\"warn\"");
    expect(world, EXIT_FINE, "\"log.requests\":true");
    expect(world, EXIT_FINE, "\"mail.retry-max\":3960");
    expect(world, EXIT_FINE, "\"mail.parallel\":");
    expect(world, EXIT_FINE, "\"limits.exempt\":[]");
    assert_true(EARLY(world, "config", "show", "--json", "--origin"));
    expect(world, EXIT_FINE, "\"log.level\":{\"value\":\"warn\","
                             "\"origin\":\"");
    expect(world, EXIT_FINE, "c.conf:2\"}");
    expect(world, EXIT_FINE, "\"log.requests\":{\"value\":true,"
                             "\"origin\":null}");
    assert_true(EARLY(world, "config", "check", "--json"));
    expect(world, EXIT_USAGE, "--json: no such option");
}

static void wrong_words_are_usage_errors(void **state)
{
    struct world *world = *state;
    assert_true(EARLY(world, "config"));
    expect(world, EXIT_USAGE, "usage: convened [--config FILE] config");
    assert_true(EARLY(world, "config", "chekc"));
    expect(world, EXIT_USAGE, "check");
    assert_true(EARLY(world, "config", "check", "--origin"));
    expect(world, EXIT_USAGE, "--origin: no such option");
}

static void help_needs_no_configuration(void **state)
{
    struct world *world = *state;
    assert_true(EARLY(world, "serve", "--help"));
    expect(world, EXIT_FINE, "--no-courier");
    assert_true(EARLY(world, "meeting", "add", "--help"));
    expect(world, EXIT_FINE, "usage: convened meeting add ALLIANCE/SLUG");
    assert_false(EARLY(world, "meeting", "list"));
    assert_false(EARLY(world, "serve"));
    assert_false(EARLY(world, "demo", "--help"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(alone_it_prints_its_commands),
        TEST(the_version_names_the_libraries),
        TEST(a_faulty_configuration_is_checked_and_shown),
        TEST(the_configuration_is_shown_with_its_origins),
        TEST(programs_get_the_configuration_as_json),
        TEST(wrong_words_are_usage_errors),
        TEST(help_needs_no_configuration),
    };
    token_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
