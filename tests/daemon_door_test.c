#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <event2/event.h>
#include <fcntl.h>
#include <grp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/base/log.h"
#include "daemon/door.h"

struct world {
    char folder[64], path[96];
    struct event_base *base;
    struct door *door;
    struct door_rules rules;
    int said, left, passed_fd;
    char text[256];
    char much[1 << 20]; /* a long answer */
};

static void said(struct door_peer *peer, const json_t *message, void *context)
{
    struct world *world = context;
    const char *say = json_string_value(json_object_get(message, "say"));
    world->said++;
    snprintf(world->text, sizeof world->text, "%s", say ? say : "");
    world->passed_fd = door_peer_take_fd(peer);
    if (say && !strcmp(say, "bye"))
        door_dismiss(peer);
    else if (say && !strcmp(say, "much"))
        door_send(peer, json_pack("{s:s%}", "heard", world->much,
                                  sizeof world->much));
    else
        door_send(peer, json_pack("{s:s}", "heard", say ? say : "nothing"));
    if (say && !strcmp(say, "last"))
        door_dismiss(peer);
}

static void left(struct door_peer *peer, void *context)
{
    struct world *world = context;
    (void)peer;
    world->left++;
}

static int set_up(void **state)
{
    static struct world world;
    memset(&world, 0, sizeof world);
    world.passed_fd = -1;
    memset(world.much, 'a', sizeof world.much);
    snprintf(world.folder, sizeof world.folder, "/tmp/door-XXXXXX");
    assert_non_null(mkdtemp(world.folder));
    snprintf(world.path, sizeof world.path, "%s/a.sock", world.folder);
    world.base = event_base_new();
    world.rules = (struct door_rules){
        .path = world.path, .mode = 0600, .line_most = 1000,
        .peers_most = 3, .said = said, .left = left, .context = &world,
    };
    struct err err;
    assert_int_equal(door_open(world.base, &world.rules, &world.door, &err),
                     RC_OK);
    *state = &world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    door_close(&world->door);
    event_base_free(world->base);
    unlink(world->path);
    rmdir(world->folder);
    return 0;
}

static void turn(struct world *world)
{
    for (int i = 0; i < 20; i++)
        event_base_loop(world->base, EVLOOP_NONBLOCK);
}

static int knock(struct world *world)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, world->path, strlen(world->path) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address,
                             sizeof address), 0);
    turn(world);
    return fd;
}

static void put(struct world *world, int fd, const char *bytes,
                size_t length)
{
    assert_int_equal(send(fd, bytes, length, MSG_NOSIGNAL), length);
    turn(world);
}

static void put_text(struct world *world, int fd, const char *text)
{
    put(world, fd, text, strlen(text));
}

/* What has come; "" at the end of the stream, "-" if there is nothing. */
static const char *got(int fd)
{
    static char bytes[4096];
    ssize_t length = recv(fd, bytes, sizeof bytes - 1, 0);
    if (length < 0)
        return "-";
    bytes[length] = '\0';
    return bytes;
}

static void a_line_is_heard_and_answered(void **state)
{
    struct world *world = *state;
    int fd = knock(world);
    put_text(world, fd, "{\"say\": \"hello\"}\n");
    assert_string_equal(got(fd), "{\"heard\":\"hello\"}\n");
    put_text(world, fd, "{\"say\"");
    put_text(world, fd, ": \"two\"}\n{\"say\": \"three\"}\n");
    assert_string_equal(got(fd),
                        "{\"heard\":\"two\"}\n{\"heard\":\"three\"}\n");
    close(fd);
    turn(world);
    assert_int_equal(world->said, 3);
    assert_int_equal(world->left, 1);
}

static void garbage_sends_its_peer_away_and_nobody_else(void **state)
{
    struct world *world = *state;
    static const struct {
        const char *bytes;
        size_t length;
    } cases[] = {
        {"GET / HTTP/1.1\r\n\r\n", 18}, {"\n", 1}, {"[1]\n", 4},
        {"null\n", 5}, {"{\"a\":1,\"a\":2}\n", 14}, {"{\"a\":\"\xff\"}\n", 10},
        {"{\"a\":\0}\n", 8}, {"\0\0\0\0\n", 5}, {"{}{}\n", 5}, {"{\n", 2},
    };
    int good = knock(world);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int fd = knock(world);
        put(world, fd, cases[i].bytes, cases[i].length);
        assert_string_equal(got(fd), "");
        close(fd);
    }
    assert_int_equal(world->said, 0);
    put_text(world, good, "{\"say\": \"still\"}\n");
    assert_string_equal(got(good), "{\"heard\":\"still\"}\n");
    close(good);
}

static void a_line_past_the_ceiling_ends_the_talk(void **state)
{
    struct world *world = *state;
    char line[1100];
    memset(line, 'a', sizeof line);
    int fd = knock(world);
    put(world, fd, line, sizeof line); /* no end in sight */
    assert_string_equal(got(fd), "");
    close(fd);
    memset(line, ' ', sizeof line);
    memcpy(line, "{}", 2);
    line[1000] = '\n';
    fd = knock(world);
    put(world, fd, line, 1001); /* exactly as long as may be */
    assert_string_equal(got(fd), "{\"heard\":\"nothing\"}\n");
    close(fd);
    line[1000] = ' ';
    line[1001] = '\n';
    fd = knock(world);
    put(world, fd, line, 1002);
    assert_string_equal(got(fd), "");
    close(fd);
}

static void deep_nesting_is_refused_not_followed(void **state)
{
    struct world *world = *state;
    door_close(&world->door);
    world->rules.line_most = 1 << 20;
    struct err err;
    assert_int_equal(door_open(world->base, &world->rules, &world->door,
                               &err), RC_OK);
    static char line[60001];
    memset(line, '[', sizeof line);
    memcpy(line, "{\"a\":", 5);
    line[sizeof line - 1] = '\n';
    int fd = knock(world);
    put(world, fd, line, sizeof line);
    assert_string_equal(got(fd), "");
    close(fd);
    turn(world);
    assert_int_equal(world->left, 1);
}

static void dismissing_sends_what_waits_first(void **state)
{
    struct world *world = *state;
    int fd = knock(world);
    put_text(world, fd, "{\"say\": \"last\"}\n{\"say\": \"ignored\"}\n");
    assert_string_equal(got(fd), "{\"heard\":\"last\"}\n");
    assert_string_equal(got(fd), "");
    assert_int_equal(world->said, 1);
    assert_int_equal(world->left, 1);
    close(fd);
}

static void a_crowd_is_turned_away(void **state)
{
    struct world *world = *state;
    int fds[4];
    for (int i = 0; i < 4; i++)
        fds[i] = knock(world);
    assert_string_equal(got(fds[3]), "");
    close(fds[0]);
    turn(world);
    int next = knock(world);
    put_text(world, next, "{\"say\": \"free\"}\n");
    assert_string_equal(got(next), "{\"heard\":\"free\"}\n");
    for (int i = 1; i < 4; i++)
        close(fds[i]);
    close(next);
}

static void pass(int fd, const int *passed, size_t count, const char *text)
{
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(8 * sizeof(int))];
    } control = {0};
    struct iovec chunk = {(void *)(uintptr_t)text, strlen(text)};
    struct msghdr message = {
        .msg_iov = &chunk, .msg_iovlen = 1, .msg_control = control.room,
        .msg_controllen = CMSG_SPACE(count * sizeof(int)),
    };
    struct cmsghdr *part = CMSG_FIRSTHDR(&message);
    part->cmsg_level = SOL_SOCKET;
    part->cmsg_type = SCM_RIGHTS;
    part->cmsg_len = CMSG_LEN(count * sizeof(int));
    memcpy(CMSG_DATA(part), passed, count * sizeof(int));
    assert_int_equal(sendmsg(fd, &message, 0), strlen(text));
}

static int open_count(void)
{
    int count = 0;
    for (int fd = 0; fd < 256; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

static void descriptors_come_through_and_none_is_lost(void **state)
{
    struct world *world = *state;
    int before = open_count();
    int pipe_fds[2];
    assert_int_equal(pipe(pipe_fds), 0);
    int fd = knock(world);
    pass(fd, &pipe_fds[1], 1, "{\"say\": \"fd\"}\n");
    turn(world);
    assert_true(world->passed_fd >= 0);
    assert_true(fcntl(world->passed_fd, F_GETFD) & FD_CLOEXEC);
    assert_int_equal(write(world->passed_fd, "x", 1), 1);
    assert_string_equal(got(pipe_fds[0]), "-"); /* a pipe is no socket */
    char byte;
    assert_int_equal(read(pipe_fds[0], &byte, 1), 1);
    close(world->passed_fd);
    /* Two come in their order; the first is the one that can be read. */
    pass(fd, pipe_fds, 2, "{\"say\": \"two\"}\n");
    turn(world);
    assert_int_equal(fcntl(world->passed_fd, F_GETFL) & O_ACCMODE, O_RDONLY);
    close(world->passed_fd);
    /* Eight at once, and one whose line never ends. */
    int many[8];
    for (int i = 0; i < 8; i++)
        many[i] = pipe_fds[1];
    pass(fd, many, 8, "{\"say\": \"many\"}\n");
    turn(world);
    if (world->passed_fd >= 0)
        close(world->passed_fd);
    pass(fd, many, 1, "{");
    turn(world);
    close(fd);
    turn(world);
    close(pipe_fds[0]);
    close(pipe_fds[1]);
    assert_int_equal(open_count(), before);
}

static void only_a_socket_that_nobody_answers_is_replaced(void **state)
{
    struct world *world = *state;
    struct door *second = NULL;
    struct err err;
    assert_int_equal(door_open(world->base, &world->rules, &second, &err),
                     RC_FAIL);
    assert_non_null(strstr(err.text, "somebody answers there already"));
    door_close(&world->door);
    assert_int_equal(access(world->path, F_OK), -1);
    /* What a killed process leaves behind. */
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, world->path, strlen(world->path) + 1);
    int stale = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(stale, (struct sockaddr *)&address,
                          sizeof address), 0);
    close(stale);
    assert_int_equal(door_open(world->base, &world->rules, &world->door,
                               &err), RC_OK);
    door_close(&world->door);
    int file = open(world->path, O_CREAT | O_WRONLY, 0600);
    close(file);
    assert_int_equal(door_open(world->base, &world->rules, &world->door,
                               &err), RC_FAIL);
    assert_non_null(strstr(err.text, "is not a socket"));
    assert_int_equal(access(world->path, F_OK), 0);
    world->rules.path = "/nowhere/at-all.sock";
    assert_int_equal(door_open(world->base, &world->rules, &world->door,
                               &err), RC_FAIL);
    assert_non_null(strstr(err.text, "/nowhere/at-all.sock: No such"));
}

static void mode_and_group_are_as_asked(void **state)
{
    struct world *world = *state;
    struct stat made;
    struct err err;
    assert_int_equal(stat(world->path, &made), 0);
    assert_int_equal(made.st_mode & 0777, 0600);
    door_close(&world->door);
    struct group *own = getgrgid(getgid());
    world->rules.mode = 0660;
    world->rules.group = own ? own->gr_name : NULL;
    assert_int_equal(door_open(world->base, &world->rules, &world->door,
                               &err), RC_OK);
    assert_int_equal(stat(world->path, &made), 0);
    assert_int_equal(made.st_mode & 0777, 0660);
    door_close(&world->door);
    world->rules.group = "no-such-group-here";
    assert_int_equal(door_open(world->base, &world->rules, &world->door,
                               &err), RC_FAIL);
    assert_non_null(strstr(err.text, "no group \"no-such-group-here\""));
    assert_int_equal(access(world->path, F_OK), -1);
}

static void closing_says_goodbye_to_everybody_once(void **state)
{
    struct world *world = *state;
    int one = knock(world), two = knock(world);
    door_close(&world->door);
    assert_int_equal(world->left, 2);
    assert_string_equal(got(one), "");
    close(one);
    close(two);
}

static void a_slow_reader_gets_every_answer(void **state)
{
    struct world *world = *state;
    int fd = knock(world), small = 1;
    size_t asked = 0, heard = 0;
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    /* More answers than the socket holds. */
    for (int i = 0; i < 20000; i++) {
        if (send(fd, "{\"say\": \"a\"}\n", 13, MSG_NOSIGNAL) == 13)
            asked++;
        event_base_loop(world->base, EVLOOP_NONBLOCK);
    }
    assert_true(asked > 10000);
    for (const char *bytes = ""; *bytes != '-'; turn(world)) {
        bytes = got(fd);
        assert_string_not_equal(bytes, "");
        for (const char *c = bytes; *c; c++)
            heard += *c == '\n';
    }
    assert_int_equal(heard, asked);
    close(fd);
}

static void who_reads_nothing_is_cut_off_in_the_end(void **state)
{
    struct world *world = *state;
    int fd = knock(world);
    for (int i = 0; i < 80; i++) { /* over the 64 MB that may wait */
        send(fd, "{\"say\": \"much\"}\n", 16, MSG_NOSIGNAL);
        turn(world);
    }
    assert_int_equal(world->left, 1);
    assert_true(world->said < 80);
    close(fd);
}

/* Lets no descriptor be opened any more; returns what undoes it. */
static struct rlimit use_up_descriptors(void)
{
    struct rlimit before, none = { 0, 0 };
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    none.rlim_max = before.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    return before;
}

static void out_of_descriptors_it_waits_and_then_lets_in(void **state)
{
    struct world *world = *state;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, world->path, strlen(world->path) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address,
                             sizeof address), 0);
    assert_int_equal(send(fd, "{\"say\": \"in\"}\n", 14, 0), 14);
    struct rlimit before = use_up_descriptors();
    turn(world);
    turn(world);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_string_equal(got(fd), "-");
    struct timeval patience = { 1, 200000 };
    event_base_loopexit(world->base, &patience);
    event_base_dispatch(world->base);
    assert_string_equal(got(fd), "{\"heard\":\"in\"}\n");
    close(fd);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(a_line_is_heard_and_answered),
        TEST(garbage_sends_its_peer_away_and_nobody_else),
        TEST(a_line_past_the_ceiling_ends_the_talk),
        TEST(deep_nesting_is_refused_not_followed),
        TEST(dismissing_sends_what_waits_first),
        TEST(a_crowd_is_turned_away),
        TEST(descriptors_come_through_and_none_is_lost),
        TEST(only_a_socket_that_nobody_answers_is_replaced),
        TEST(mode_and_group_are_as_asked),
        TEST(closing_says_goodbye_to_everybody_once),
        TEST(a_slow_reader_gets_every_answer),
        TEST(who_reads_nothing_is_cut_off_in_the_end),
        TEST(out_of_descriptors_it_waits_and_then_lets_in),
    };
    log_open("door-test", LOG_LEVEL_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
