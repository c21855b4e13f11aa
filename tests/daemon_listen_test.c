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
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
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
    assert_int_equal(listen_open(&world->words, false, &world->listening,
                                 &world->err), RC_FAIL);
    assert_non_null(strstr(world->err.text, "is not a socket"));
    assert_int_equal(stat(world->path, &found), 0);
    assert_int_equal(found.st_size, 4);
}

static void a_socket_that_a_dead_server_left_is_replaced(void **state)
{
    struct world *world = *state;

    assert_int_equal(listen_open(&world->words, false, &world->listening,
                                 &world->err), RC_OK);
    listen_close(&world->listening);
    assert_int_equal(access(world->path, F_OK), 0);
    assert_int_equal(listen_open(&world->words, false, &world->listening,
                                 &world->err), RC_OK);
}

static void a_living_server_keeps_its_socket(void **state)
{
    struct world *world = *state;
    struct listening second = { .count = 0 };

    assert_int_equal(listen_open(&world->words, false, &world->listening,
                                 &world->err), RC_OK);
    assert_int_equal(listen_open(&world->words, false, &second, &world->err),
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
    assert_int_equal(listen_open(&world->words, false, &world->listening,
                                 &world->err), RC_FAIL);
    assert_non_null(strstr(world->err.text, "not an address"));
    assert_int_equal(world->listening.count, 0);
}

/* Three descriptors in a row, as a service manager hands them over. */
struct handed {
    int first;
    int ours[3];
};

static int new_socket(int type, bool listening)
{
    struct sockaddr_un any = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, type, 0);

    /* Without a name the kernel makes one up. */
    assert_int_equal(bind(fd, (struct sockaddr *)&any, sizeof(sa_family_t)),
                     0);
    if (listening)
        assert_int_equal(listen(fd, 8), 0);
    return fd;
}

/* High enough to tread on nobody. */
static void hand_over(struct handed *handed, int type, bool listening)
{
    handed->first = 100;
    for (int i = 0; i < 3; i++) {
        int fd = new_socket(type, listening);

        assert_int_equal(dup2(fd, handed->first + i), handed->first + i);
        close(fd);
        handed->ours[i] = handed->first + i;
    }
}

static void what_is_handed_over_is_told_apart_by_name(void **state)
{
    struct world *world = *state;
    struct listening *got = &world->listening;
    struct handed handed;

    hand_over(&handed, SOCK_STREAM, true);
    assert_int_equal(listen_adopt(handed.first, 3, "http:metrics:admin", got,
                                  &world->err), RC_OK);
    assert_int_equal(got->count, 3);
    assert_false(got->sockets[0].operators);
    assert_true(got->sockets[1].operators);
    assert_true(got->sockets[2].operators);
    assert_true(listen_has_site(got));
    for (int i = 0; i < 3; i++) {
        int fd = got->sockets[i].fd;

        assert_int_equal(fd, handed.ours[i]);
        assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
        assert_true(fcntl(fd, F_GETFL) & O_NONBLOCK);
    }
}

static void sockets_without_a_name_are_the_sites(void **state)
{
    struct world *world = *state;
    struct listening *got = &world->listening;
    struct handed handed;

    hand_over(&handed, SOCK_STREAM, true);
    assert_int_equal(listen_adopt(handed.first, 3, "metrics", got,
                                  &world->err), RC_OK);
    assert_true(got->sockets[0].operators);
    assert_false(got->sockets[1].operators);
    assert_false(got->sockets[2].operators);
    listen_close(got);
    hand_over(&handed, SOCK_STREAM, true);
    assert_int_equal(listen_adopt(handed.first, 3, NULL, got, &world->err),
                     RC_OK);
    assert_false(got->sockets[0].operators);
}

static void what_does_not_listen_for_streams_is_refused(void **state)
{
    struct world *world = *state;
    struct handed handed;

    hand_over(&handed, SOCK_STREAM, false);
    assert_int_equal(listen_adopt(handed.first, 3, NULL, &world->listening,
                                  &world->err), RC_FAIL);
    assert_non_null(strstr(world->err.text, "descriptor 100"));
    hand_over(&handed, SOCK_SEQPACKET, true);
    assert_int_equal(listen_adopt(handed.first, 3, "http", &world->listening,
                                  &world->err), RC_FAIL);
    assert_non_null(strstr(world->err.text, "\"http\""));
    for (int i = 0; i < 3; i++)
        close(handed.ours[i]);
}

static void what_is_meant_for_another_process_is_left_alone(void **state)
{
    struct world *world = *state;

    setenv("LISTEN_PID", "1", 1);
    setenv("LISTEN_FDS", "3", 1);
    setenv("LISTEN_FDNAMES", "http:metrics:admin", 1);
    assert_int_equal(listen_take(&world->listening, &world->err), RC_OK);
    assert_int_equal(world->listening.count, 0);
    assert_null(getenv("LISTEN_PID"));
    assert_null(getenv("LISTEN_FDS"));
    assert_null(getenv("LISTEN_FDNAMES"));
}

/* What is there is not ours to listen on, whichever of the two is said. */
static void too_many_are_not_passed_over(void **state)
{
    struct world *world = *state;
    char pid[32];

    (void)snprintf(pid, sizeof pid, "%d", (int)getpid());
    setenv("LISTEN_PID", pid, 1);
    setenv("LISTEN_FDS", "17", 1);
    assert_int_equal(listen_take(&world->listening, &world->err), RC_FAIL);
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
        IN_A_FOLDER(what_is_handed_over_is_told_apart_by_name),
        IN_A_FOLDER(sockets_without_a_name_are_the_sites),
        IN_A_FOLDER(what_does_not_listen_for_streams_is_refused),
        IN_A_FOLDER(what_is_meant_for_another_process_is_left_alone),
        IN_A_FOLDER(too_many_are_not_passed_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
