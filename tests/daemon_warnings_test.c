/* What a configuration must say about an accessibility statement, and what
 * works and yet is warned of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/base/arena.h"
#include "daemon/base/parse.h"
#include "daemon/config.h"

struct world {
    struct arena *arena;
    struct settings settings;
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
    return config_parse(world->arena, "/etc/convened/c.conf", text,
                        strlen(text), &world->settings, &world->faults);
}

static void expect_fault(struct world *world, const char *text,
                         const char *fault)
{
    assert_int_equal(parse(world, text), RC_FAIL);
    assert_string_equal(world->faults.data, fault);
}

#define STATEMENT "[accessibility]\nstatus = full\n"

static void a_statement_says_whose_it_is_and_of_when(void **state)
{
    struct world *world = *state;

    expect_fault(world, STATEMENT,
                 "/etc/convened/c.conf: accessibility.body-de may not be "
                 "empty if accessibility.status is given\n"
                 "/etc/convened/c.conf: accessibility.prepared may not be "
                 "empty if accessibility.status is given\n");
    expect_fault(world, STATEMENT "body-de = Muster\nprepared = 2027-01-01\n"
                 "reviewed = 2026-12-31\n",
                 "/etc/convened/c.conf:5:12: reviewed is before "
                 "accessibility.prepared\n");
}

static const char *warnings(struct world *world, const char *now)
{
    struct civil day;

    assert_true(parse_civil(now, &day));
    str_clear(&world->faults);
    config_warnings(&world->settings, civil_to_seconds(&day),
                    &world->faults);
    return world->faults.data;
}

static void a_statement_is_asked_for_again_after_twelve_months(void **state)
{
    struct world *world = *state;

    assert_int_equal(parse(world, ""), RC_OK);
    assert_string_equal(warnings(world, "2060-01-01"), "");
    assert_int_equal(parse(world, STATEMENT "body-de = Muster\n"
                           "prepared = 2024-02-29\n"
                           "feedback-address = a@example.org\n"), RC_OK);
    assert_null(strstr(warnings(world, "2025-02-28 23:59"), "reviewed"));
    assert_non_null(strstr(warnings(world, "2025-03-01"),
                           "last reviewed on 2024-02-29"));
    world->settings.statement_reviewed += 86400;
    assert_null(strstr(warnings(world, "2025-03-01"), "last reviewed"));
}

static void what_a_statement_lacks_is_said(void **state)
{
    struct world *world = *state;

    assert_int_equal(parse(world, STATEMENT "body-de = Muster\n"
                           "prepared = 2027-01-01\n"), RC_OK);
    assert_string_equal(
        warnings(world, "2027-01-01"),
        "site.texts: barrierefreiheit-durchsetzung.md is missing: the "
        "accessibility statement must name the enforcement procedure\n"
        "accessibility.feedback-address: is empty: reports of barriers are "
        "not mailed to anybody\n");
    world->settings.statement_status = STATEMENT_NONE;
    assert_non_null(strstr(warnings(world, "2027-01-01"),
                           "no text in site.texts says what is not"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(a_statement_says_whose_it_is_and_of_when),
        TEST(a_statement_is_asked_for_again_after_twelve_months),
        TEST(what_a_statement_lacks_is_said),
    };
    return cmocka_run_group_tests_name("daemon/warnings", tests, NULL, NULL);
}
