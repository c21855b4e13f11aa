/* The sockets of the site: what is replaced, and what is left alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/listen.h"

struct world {
    char folder[32];
    char path[48], where[64];
    char *items[2];
    struct words words;
    struct listening listening;
    struct err err;
};

static int set_up(void **state)
{
    static struct world world;

    world = (struct world){ .folder = "/tmp/listen-XXXXXX" };
    if (!mkdtemp(world.folder))
        return -1;
    snprintf(world.path, sizeof world.path, "%s/site.sock", world.folder);
    snprintf(world.where, sizeof world.where, "unix:%s", world.path);
    world.items[0] = world.where;
    world.words = (struct words){ world.items, 1 };
    *state = &world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;

    listen_close(&world->listening);
    unlink(world->path);
    return rmdir(world->folder);
}

static void a_file_that_is_in_the_way_is_left_alone(void **state)
{
    struct world *world = *state;
    struct stat found;
    int fd = open(world->path, O_WRONLY | O_CREAT, 0600);

    assert_int_equal(write(fd, "mine", 4), 4);
    close(fd);
    assert_int_equal(listen_open(&world->words, &world->listening,
                                 &world->err), RC_FAIL);
    assert_non_null(strstr(world->err.text, "is not a socket"));
    assert_int_equal(stat(world->path, &found), 0);
    assert_int_equal(found.st_size, 4);
}

static void a_socket_that_a_dead_server_left_is_replaced(void **state)
{
    struct world *world = *state;

    assert_int_equal(listen_open(&world->words, &world->listening,
                                 &world->err), RC_OK);
    listen_close(&world->listening);
    assert_int_equal(access(world->path, F_OK), 0);
    assert_int_equal(listen_open(&world->words, &world->listening,
                                 &world->err), RC_OK);
}

static void a_living_server_keeps_its_socket(void **state)
{
    struct world *world = *state;
    struct listening second;

    assert_int_equal(listen_open(&world->words, &world->listening,
                                 &world->err), RC_OK);
    assert_int_equal(listen_open(&world->words, &second, &world->err),
                     RC_FAIL);
    assert_non_null(strstr(world->err.text, "somebody answers there"));
    assert_int_equal(second.count, 0);
}

static void nothing_stays_open_after_a_fault(void **state)
{
    struct world *world = *state;
    char nowhere[] = "no address";

    world->items[1] = nowhere;
    world->words.count = 2;
    assert_int_equal(listen_open(&world->words, &world->listening,
                                 &world->err), RC_FAIL);
    assert_non_null(strstr(world->err.text, "not an address"));
    assert_int_equal(world->listening.count, 0);
}

#define IN_A_FOLDER(test) \
    cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(a_file_that_is_in_the_way_is_left_alone),
        IN_A_FOLDER(a_socket_that_a_dead_server_left_is_replaced),
        IN_A_FOLDER(a_living_server_keeps_its_socket),
        IN_A_FOLDER(nothing_stays_open_after_a_fault),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
