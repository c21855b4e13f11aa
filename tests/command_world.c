#include "tests/command_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <stdlib.h>
#include <unistd.h>

#include "daemon/base/arena.h"
#include "daemon/base/clock.h"
#include "daemon/config.h"

int world_set_up(void **state)
{
    static struct world world;
    struct str faults;
    char text[256];
    world.arena = arena_new();
    snprintf(world.folder, sizeof world.folder, "/tmp/command-XXXXXX");
    assert_non_null(mkdtemp(world.folder));
    snprintf(text, sizeof text,
             "[site]\nbase-url = https://convened.example.org\n"
             "[state]\ndirectory = %s\nrun = %s\n", world.folder,
             world.folder);
    str_init(&faults, world.arena, 4096);
    assert_int_equal(config_parse(world.arena, "/c", text, strlen(text),
                                  &world.settings, &faults), RC_OK);
    clock_set(NOW);
    *state = &world;
    return 0;
}

int world_tear_down(void **state)
{
    struct world *world = *state;
    static const char *const files[] = {
        "convened.db", "convened.db-wal", "convened.db-shm",
        "convened.db.sealed", "convened.key", "convened.lock",
    };
    char path[128];
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s/%s", world->folder, files[i]);
        unlink(path);
    }
    assert_int_equal(rmdir(world->folder), 0);
    arena_free(&world->arena);
    clock_set(0);
    return 0;
}

enum exit_code world_run(struct world *world, const char *input,
                         const char *const *words)
{
    char *copies[COMMAND_WORDS];
    int count = 0;
    for (; words[count]; count++)
        copies[count] = arena_strdup(world->arena, words[count]);
    call_begin(&world->call, world->arena, &world->settings, NULL);
    world->call.input = input;
    enum exit_code code = command_parse(count, copies, &world->call);
    if (code == EXIT_FINE && world->call.command)
        code = world->call.command->run_here
                   ? world->call.command->run_here(&world->call)
                   : command_run_alone(&world->call);
    return code;
}

void expect_out(struct world *world, const char *part)
{
    if (!strstr(world->call.out.data, part))
        fail_msg("\"%s\" is not in:\n%s", part, world->call.out.data);
}

void expect_err(struct world *world, const char *part)
{
    if (!strstr(world->call.err.data, part))
        fail_msg("\"%s\" is not in:\n%s", part, world->call.err.data);
}

void add_saxony(struct world *world)
{
    assert_int_equal(
        RUN(world, "alliance", "add", "sachsen", "--name-de",
            "Allianz Sachsen", "--name-en=Alliance of Saxony", "--mail-from",
            "sachsen@example.org", "--contact-name", "Erika Beispiel",
            "--contact-email", "erika@example.org", "--bench",
            "Kammern|Chambers;Gewerkschaften|Unions"), EXIT_FINE);
}

void add_meeting(struct world *world)
{
    add_saxony(world);
    assert_int_equal(
        RUN(world, "meeting", "add", "sachsen/arbeit-2030", "--title-de",
            "Arbeit im Jahr 2030", "--starts", "2027-03-07 10:00", "--ends",
            "2027-03-07 15:00", "--onsite", "200", "--online", "500",
            "--venue-name", "Haus Beispiel"), EXIT_FINE);
}

json_t *json_of(struct world *world)
{
    json_t *value = json_loads(world->call.out.data, 0, NULL);
    assert_non_null(value);
    return value;
}

json_t *world_json(struct world *world, const char *const *words)
{
    if (world_run(world, NULL, words) != EXIT_FINE)
        fail_msg("%s %s: %s", words[0], words[1], world->call.err.data);
    return json_of(world);
}

const char *text_of(const json_t *record, const char *key)
{
    const json_t *value = json_object_get(record, key);

    if (!json_is_string(value))
        fail_msg("no text \"%s\"", key);
    return json_string_value(value);
}

int64_t number_of(const json_t *record, const char *key)
{
    const json_t *value = json_object_get(record, key);

    if (!json_is_integer(value))
        fail_msg("no number \"%s\"", key);
    return json_integer_value(value);
}
