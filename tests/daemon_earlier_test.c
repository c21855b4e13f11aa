#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/base/arena.h"
#include "daemon/base/clock.h"
#include "daemon/base/files.h"
#include "daemon/base/log.h"
#include "daemon/earlier.h"

#define DAY 86400

static char folder[64];

static const char *in(const char *name)
{
    static char path[160];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void make(const char *name)
{
    struct err err;

    assert_int_equal(file_write(in(name), "x", 1, 0600, &err), RC_OK);
}

static bool there(const char *name)
{
    return access(in(name), F_OK) == 0;
}

static int set_up(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/earlier-XXXXXX");
    assert_non_null(mkdtemp(folder));
    make("convened.db");
    make("convened.key");
    make("convened.db.schema-3");
    assert_int_equal(mkdir(in("before-restore-20270101T000000Z"), 0700), 0);
    make("before-restore-20270101T000000Z/convened.db");
    make("before-restore-20270101T000000Z/convened.key");
    return 0;
}

static int tear_down(void **state)
{
    static const char *const names[] = {
        "before-restore-20270101T000000Z/notes",
        "before-restore-20270101T000000Z/convened.db",
        "before-restore-20270101T000000Z/convened.key",
        "convened.db.schema-3", "convened.db", "convened.key",
    };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(in(names[i]));
    rmdir(in("before-restore-20270101T000000Z"));
    return rmdir(folder);
}

static void what_is_young_stays(void **state)
{
    struct err err;

    (void)state;
    assert_int_equal(earlier_remove(folder, clock_now() - DAY, &err), RC_OK);
    assert_true(there("convened.db.schema-3"));
    assert_true(there("before-restore-20270101T000000Z/convened.db"));
}

static void what_is_old_goes_and_the_state_stays(void **state)
{
    struct arena *arena = arena_new();
    struct earlier_list list;
    struct err err;

    (void)state;
    assert_int_equal(earlier_find(arena, folder, &list, &err), RC_OK);
    assert_int_equal(list.count, 2);
    assert_int_equal(earlier_remove(folder, clock_now() + DAY, &err), RC_OK);
    assert_false(there("convened.db.schema-3"));
    assert_false(there("before-restore-20270101T000000Z"));
    assert_true(there("convened.db"));
    assert_true(there("convened.key"));
    assert_int_equal(earlier_find(arena, folder, &list, &err), RC_OK);
    assert_int_equal(list.count, 0);
    arena_free(&arena);
}

static void what_is_not_ours_is_left_and_said(void **state)
{
    struct err err;

    (void)state;
    make("before-restore-20270101T000000Z/notes");
    assert_int_equal(earlier_remove(folder, clock_now() + DAY, &err),
                     RC_FAIL);
    assert_non_null(strstr(err.text, "not empty"));
    assert_true(there("before-restore-20270101T000000Z/notes"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(what_is_young_stays),
        TEST(what_is_old_goes_and_the_state_stays),
        TEST(what_is_not_ours_is_left_and_said),
    };

    log_open("earlier-test", LOG_LEVEL_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
