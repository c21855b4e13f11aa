#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <event2/event.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/base/arena.h"
#include "daemon/base/log.h"
#include "daemon/base/token.h"
#include "daemon/command.h"
#include "daemon/config.h"
#include "daemon/control.h"

/* A server in small: a loop, a writer, and the door. */
struct world {
    struct arena *arena;
    char folder[64], database[96], path[96];
    struct settings settings;
    struct event_base *base;
    struct mailbox *jobs_home;
    struct reader *reader;
    struct writing *writing;
    struct control *control;
};

static int set_up(void **state)
{
    static struct world world;
    struct str faults;
    struct err err;
    struct writer *writer;
    char text[256];
    world.arena = arena_new();
    snprintf(world.folder, sizeof world.folder, "/tmp/control-XXXXXX");
    assert_non_null(mkdtemp(world.folder));
    snprintf(world.database, sizeof world.database, "%s/convened.db",
             world.folder);
    snprintf(world.path, sizeof world.path, "%s/control.sock", world.folder);
    snprintf(text, sizeof text, "[state]\ndirectory = %s\nrun = %s\n",
             world.folder, world.folder);
    str_init(&faults, world.arena, 4096);
    assert_int_equal(config_parse(world.arena, "/c", text, strlen(text),
                                  &world.settings, &faults), RC_OK);
    assert_int_equal(writer_open(world.database, true, &writer, &err),
                     RC_OK);
    assert_int_equal(reader_open(world.database, &world.reader, &err),
                     RC_OK);
    world.base = event_base_new();
    world.jobs_home = mailbox_new(0);
    world.writing = writing_start(writer, 64, -1);
    assert_int_equal(control_open(world.base, &world.settings, NULL,
                                  world.reader, world.writing,
                                  world.jobs_home, &world.control, &err),
                     RC_OK);
    *state = &world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    char path[128];
    control_close(&world->control);
    struct writer *writer = writing_stop(&world->writing);
    writing_come_home(world->jobs_home);
    reader_close(&world->reader);
    writer_close(&writer);
    mailbox_free(&world->jobs_home);
    event_base_free(world->base);
    assert_int_equal(access(world->path, F_OK), -1);
    unlink(world->database);
    snprintf(path, sizeof path, "%s-wal", world->database);
    unlink(path);
    snprintf(path, sizeof path, "%s-shm", world->database);
    unlink(path);
    snprintf(path, sizeof path, "%s.sealed", world->database);
    unlink(path);
    assert_int_equal(rmdir(world->folder), 0);
    arena_free(&world->arena);
    return 0;
}

static void turn(struct world *world)
{
    struct pollfd home = {mailbox_fd(world->jobs_home), POLLIN, 0};
    for (int i = 0; i < 5; i++) {
        event_base_loop(world->base, EVLOOP_NONBLOCK);
        if (poll(&home, 1, 20) > 0)
            writing_come_home(world->jobs_home);
    }
}

static int knock(struct world *world, const char *line)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, world->path, strlen(world->path) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address,
                             sizeof address), 0);
    assert_int_equal(send(fd, line, strlen(line), MSG_NOSIGNAL),
                     strlen(line));
    return fd;
}

/* The answer to a line; NULL: sent away without one. */
static json_t *ask(struct world *world, const char *line)
{
    char bytes[65536];
    int fd = knock(world, line);
    turn(world);
    ssize_t got = recv(fd, bytes, sizeof bytes, 0);
    json_t *answer = got > 0 ? json_loadb(bytes, (size_t)got, 0, NULL)
                             : NULL;
    if (got > 0) { /* one answer, then the end */
        char more;
        assert_int_equal(recv(fd, &more, 1, 0), 0);
    }
    close(fd);
    turn(world);
    return answer;
}

static void expect(struct world *world, const char *line, int code,
                   const char *out, const char *err)
{
    const char *is_out, *is_err;
    int is_code;
    json_t *answer = ask(world, line);
    assert_non_null(answer);
    assert_int_equal(json_unpack_ex(answer, NULL, JSON_STRICT,
                                    "{s:s, s:s, s:i}", "out", &is_out, "err",
                                    &is_err, "exit", &is_code), 0);
    if (is_code != code || !strstr(is_out, out) || !strstr(is_err, err))
        fail_msg("exit %d, out %s, err %s", is_code, is_out, is_err);
    json_decref(answer);
}

#define ADD "{\"words\": [\"alliance\", \"add\", \"sachsen\", " \
    "\"--name-de\", \"Sachsen\", \"--mail-from\", \"a@example.org\", " \
    "\"--contact-name\", \"E\", \"--contact-email\", \"e@example.org\"], " \
    "\"input\": null}\n"
#define LIST "{\"words\": [\"alliance\", \"list\"]}\n"

static void commands_are_run_and_answered(void **state)
{
    struct world *world = *state;
    expect(world, LIST, 0, "", "(nothing)");
    expect(world, ADD, 0, "alliance sachsen added", "");
    assert_int_equal(writing_edits(world->writing), 1);
    expect(world, LIST, 0, "sachsen", "");
    expect(world, ADD, 65, "", "exists already");
    assert_int_equal(writing_edits(world->writing), 1);
    expect(world, "{\"words\": [\"alliance\", \"drop\"]}\n", 64, "",
           "there is no \"alliance drop\"");
    expect(world, "{\"words\": [\"mail\", \"retry\", \"--help\"]}\n", 0,
           "usage: convened mail retry", "");
}

static void what_no_client_of_ours_sends_is_sent_away(void **state)
{
    struct world *world = *state;
    static const char *const lines[] = {
        "{}\n", "{\"words\": []}\n", "{\"words\": \"alliance\"}\n",
        "{\"words\": [1]}\n", "{\"words\": [\"a\", null]}\n",
        "{\"words\": {\"a\": 1}}\n", "{\"words\": null}\n",
        "{\"words\": [\"alliance\", \"list\"], \"input\": 7}\n",
        "{\"words\": [\"a\\u0000b\"]}\n", "nonsense\n",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        json_t *answer = ask(world, lines[i]);
        if (answer)
            fail_msg("answered: %s", lines[i]);
    }
    expect(world, LIST, 0, "", "");
}

static void too_many_words_are_sent_away(void **state)
{
    struct world *world = *state;
    char line[4096] = "{\"words\": [\"a\"";
    for (int i = 0; i < 100; i++)
        memcpy(line + strlen(line), ",\"a\"", 5);
    memcpy(line + strlen(line), "]}\n", 4);
    assert_null(ask(world, line));
}

static void one_question_at_a_time(void **state)
{
    struct world *world = *state;
    char bytes[4096];
    int fd = knock(world, ADD ADD);
    turn(world);
    /* The first is done; its answer is lost with the impatient peer. */
    assert_int_equal(recv(fd, bytes, sizeof bytes, 0), 0);
    close(fd);
    expect(world, LIST, 0, "sachsen", "");
}

static void hanging_up_early_hurts_nobody(void **state)
{
    struct world *world = *state;
    int fd = knock(world, ADD);
    event_base_loop(world->base, EVLOOP_NONBLOCK);
    close(fd);
    event_base_loop(world->base, EVLOOP_NONBLOCK);
    turn(world);
    expect(world, LIST, 0, "sachsen", "");
}

/* Lines that are nearly right, always the same ones: bytes changed, taken
 * out, and doubled. */
static void two_thousand_broken_lines_hurt_nobody(void **state)
{
    struct world *world = *state;
    uint32_t dice = 1;
    for (int i = 0; i < 2000; i++) {
        char line[512] = ADD;
        size_t length = strlen(line);
        for (int change = 0; change < 1 + i % 4; change++) {
            dice = dice * 1664525 + 1013904223;
            size_t at = (dice >> 8) % (length - 2);
            if (dice >> 30 == 0)
                memmove(line + at, line + at + 1, length - at);
            else if (dice >> 30 == 1)
                memmove(line + at + 1, line + at, length - at);
            else
                line[at] = (char)(dice >> 16);
        }
        int fd = knock(world, line);
        event_base_loop(world->base, EVLOOP_NONBLOCK);
        event_base_loop(world->base, EVLOOP_NONBLOCK);
        writing_come_home(world->jobs_home);
        close(fd);
        event_base_loop(world->base, EVLOOP_NONBLOCK);
    }
    turn(world);
    expect(world, LIST, 0, "", "");
}

static void closing_with_a_job_under_way_is_clean(void **state)
{
    struct world *world = *state;
    int fd = knock(world, ADD);
    event_base_loop(world->base, EVLOOP_NONBLOCK);
    event_base_loop(world->base, EVLOOP_NONBLOCK);
    control_close(&world->control);
    close(fd);
}

/* --- commands that come with descriptors -------------------------------- */

#define BACKUP "{\"words\": [\"backup\", \"--\", \"/elsewhere\"]}\n"

static int new_file(void)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    int fd = dup(fileno(file));
    fclose(file);
    return fd;
}

/* A connection that has sent a line, and descriptors with it. */
static int knock_with(struct world *world, const char *line,
                      const int *files, size_t count)
{
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(4 * sizeof(int))];
    } control = {.room = {0}};
    char text[256];
    snprintf(text, sizeof text, "%s", line);
    struct iovec chunk = {text, strlen(text)};
    struct msghdr message = {
        .msg_iov = &chunk, .msg_iovlen = 1, .msg_control = control.room,
        .msg_controllen = CMSG_SPACE(count * sizeof(int)),
    };
    struct cmsghdr *part = CMSG_FIRSTHDR(&message);
    part->cmsg_level = SOL_SOCKET;
    part->cmsg_type = SCM_RIGHTS;
    part->cmsg_len = CMSG_LEN(count * sizeof(int));
    memcpy(CMSG_DATA(part), files, count * sizeof(int));
    int fd = knock(world, "");
    assert_int_equal(sendmsg(fd, &message, 0), (ssize_t)strlen(text));
    return fd;
}

/* What runs aside takes its time, on a busy machine more of it. */
static int code_of(struct world *world, int fd)
{
    char bytes[4096];
    ssize_t got = -1;
    for (int i = 0; i < 200 && got < 0; i++) {
        turn(world);
        got = recv(fd, bytes, sizeof bytes, 0);
    }
    json_t *answer = json_loadb(bytes, got > 0 ? (size_t)got : 0, 0, NULL);
    int code = (int)json_integer_value(json_object_get(answer, "exit"));
    assert_non_null(answer);
    json_decref(answer);
    return code;
}

static const char *put_key(struct world *world)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/convened.key", world->folder);
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    assert_int_equal(write(fd, path, 32), 32);
    close(fd);
    return path;
}

static void a_backup_fills_the_descriptors_that_came_with_it(void **state)
{
    struct world *world = *state;
    int files[2] = {new_file(), new_file()};
    int fd = knock_with(world, BACKUP, files, 2);
    assert_int_equal(code_of(world, fd), EXIT_UNAVAILABLE); /* no key to copy */
    close(fd);
    const char *key = put_key(world);
    fd = knock_with(world, BACKUP, files, 1);
    assert_int_equal(code_of(world, fd), EXIT_USAGE);
    close(fd);
    fd = knock_with(world, BACKUP, files, 2);
    assert_int_equal(code_of(world, fd), EXIT_FINE);
    close(fd);
    assert_true(lseek(files[0], 0, SEEK_END) > 4096);
    assert_int_equal(lseek(files[1], 0, SEEK_END), 32);
    expect(world, LIST, 0, "", "(nothing)");
    unlink(key);
    close(files[0]);
    close(files[1]);
}

static void only_one_runs_aside_and_an_end_ends_it(void **state)
{
    struct world *world = *state;
    const char *key = put_key(world);
    int files[2] = {new_file(), new_file()}, peers[3];
    for (int i = 0; i < 3; i++)
        peers[i] = knock_with(world, BACKUP, files, 2);
    event_base_loop(world->base, EVLOOP_NONBLOCK);
    event_base_loop(world->base, EVLOOP_NONBLOCK);
    close(peers[0]); /* nobody waits for it any more */
    control_close(&world->control);
    unlink(key);
    for (int i = 0; i < 2; i++) {
        close(peers[i + 1]);
        close(files[i]);
    }
}

static void what_runs_where_it_is_typed_is_not_for_the_server(void **state)
{
    struct world *world = *state;
    expect(world, "{\"words\": [\"doctor\"]}\n", EXIT_USAGE, "",
           "no part in this");
    int file = new_file();
    int fd = knock_with(world, LIST, &file, 1); /* not asked for: closed */
    turn(world);
    assert_int_equal(code_of(world, fd), EXIT_FINE);
    close(fd);
    close(file);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(commands_are_run_and_answered),
        TEST(what_no_client_of_ours_sends_is_sent_away),
        TEST(too_many_words_are_sent_away),
        TEST(one_question_at_a_time),
        TEST(hanging_up_early_hurts_nobody),
        TEST(two_thousand_broken_lines_hurt_nobody),
        TEST(closing_with_a_job_under_way_is_clean),
        TEST(a_backup_fills_the_descriptors_that_came_with_it),
        TEST(only_one_runs_aside_and_an_end_ends_it),
        TEST(what_runs_where_it_is_typed_is_not_for_the_server),
    };
    token_start();
    log_open("control-test", LOG_LEVEL_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
