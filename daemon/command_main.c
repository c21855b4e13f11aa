/* The asking side: through control.sock if a server answers there, else in
 * this process. */
#include <errno.h>
#include <jansson.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/base/arena.h"
#include "daemon/base/clock.h"
#include "daemon/command.h"
#include "daemon/commands/password.h"
#include "daemon/commands/table.h"
#include "daemon/local.h"
#include "daemon/state.h"
#include "daemon/store/lock.h"
#include "daemon/store/writing.h"

#define REPLY_MOST ((size_t)128 << 20)

/* --- alone ------------------------------------------------------------- */

struct alone {
    struct job job; /* first */
    struct call *call;
    enum exit_code code;
};

static enum rc run_job(struct writer *writer, int64_t now, struct job *job,
                       struct err *err)
{
    struct alone *alone = (struct alone *)(void *)job;

    return command_write(alone->call, writer, now, &alone->code, err);
}

static enum exit_code run_with(struct call *call, struct writer *writer)
{
    struct alone alone = { .job = { .run = run_job }, .call = call };
    int64_t now = clock_now();

    if (!call->command->writes)
        return command_read(call, writer_reader(writer), now);
    writing_run_alone(writer, &alone.job, now);
    if (alone.code == EXIT_FINE && alone.job.rc != RC_OK)
        return call_failed(call, &alone.job.err);
    return alone.code;
}

static enum exit_code run_locked(struct call *call)
{
    struct state state;
    struct err err;
    enum exit_code code;

    state_find(call->arena, call->settings, &state);
    if (state.fresh && !call->command->writes) {
        call_say(call, "%s: there is no database yet; `convened alliance "
                 "add` begins one", call->settings->state_dir);
        return EXIT_UNAVAILABLE;
    }
    if (state_open(&state, &err) == RC_OK) {
        call->keys = state.keys;
        code = run_with(call, state.writer);
    } else {
        code = call_failed(call, &err);
    }
    state_close(&state);
    return code;
}

/* Files made by another user, root above all, would keep the server out of
 * its own database. */
static bool is_owner(struct call *call)
{
    struct stat folder;

    if (stat(call->settings->state_dir, &folder) ||
        folder.st_uid == geteuid())
        return true;
    struct passwd *owner = getpwuid(folder.st_uid);
    call_say(call, "no server is running, and %s belongs to %s: start the "
             "server, or run this as its owner", call->settings->state_dir,
             owner ? owner->pw_name : "another user");
    return false;
}

enum exit_code command_run_alone(struct call *call)
{
    struct err err;
    int lock = -1;

    if (!is_owner(call))
        return EXIT_NOPERM;
    switch (state_lock(call->settings->state_dir, &lock, &err)) {
    case RC_OK:
        break;
    case RC_NOT_FOUND:
        call_say(call, "%s belongs to another process that does not answer "
                 "at %s/control.sock", call->settings->state_dir,
                 call->settings->run_dir);
        return EXIT_NOPERM;
    case RC_FAIL:
        call_say(call, "%s", err.text);
        return EXIT_NOPERM;
    }
    enum exit_code code = run_locked(call);
    close(lock);
    return code;
}

/* --- through the door -------------------------------------------------- */

/* A connected socket; -1: nobody answers; -2: we may not ask. */
static int knock(struct call *call)
{
    struct sockaddr_un address;
    struct err err;

    if (local_address(arena_printf(call->arena, "%s/control.sock",
                                   call->settings->run_dir),
                      &address, &err))
        return -1;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    if (!connect(fd, (struct sockaddr *)&address, sizeof address))
        return fd;
    int failed = errno;
    close(fd);
    if (failed != EACCES && failed != EPERM)
        return -1;
    call_say(call, "%s: %s; ask as the user of the server",
             address.sun_path, strerror(failed));
    return -2;
}

static int put_bytes(const char *bytes, size_t length, void *context)
{
    const int *fd = context;

    while (length) {
        ssize_t sent = send(*fd, bytes, length, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return -1;
        bytes += sent;
        length -= (size_t)sent;
    }
    return 0;
}

static bool ask(int fd, int argc, char **argv, const char *input)
{
    json_t *words = json_array();

    for (int i = 0; i < argc; i++)
        json_array_append_new(words, json_string(argv[i]));
    json_t *message = json_pack("{s:o, s:s?}", "words", words, "input",
                                input);
    bool sent = message &&
                !json_dump_callback(message, put_bytes, &fd,
                                    JSON_COMPACT) &&
                !put_bytes("\n", 1, &fd);
    json_decref(message);
    return sent;
}

static json_t *hear(int fd)
{
    struct str line;
    char bytes[65536];
    json_t *reply = NULL;

    str_init(&line, NULL, REPLY_MOST);
    for (;;) {
        ssize_t got = recv(fd, bytes, sizeof bytes, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        str_add_bytes(&line, bytes, (size_t)got);
        if (bytes[got - 1] == '\n')
            break;
    }
    if (!line.overflow && line.length)
        reply = json_loadb(line.data, line.length, 0, NULL);
    str_free(&line);
    return reply;
}

/* The answer's own words go out as they are; they were made for a reader. */
static enum exit_code through_door(struct call *call, int fd, int argc,
                                   char **argv)
{
    const char *out, *err;
    int code;
    json_t *reply = ask(fd, argc, argv, call->input) ? hear(fd) : NULL;

    close(fd);
    if (!reply || json_unpack(reply, "{s:s, s:s, s:i}", "out", &out, "err",
                              &err, "exit", &code)) {
        json_decref(reply);
        call_say(call, "the server hung up without an answer; its log says "
                 "why");
        return EXIT_UNAVAILABLE;
    }
    str_add(&call->out, out);
    str_add(&call->err, err);
    json_decref(reply);
    return (enum exit_code)code;
}

/* The other side knows its hash alone. */
static void show_password(struct call *call, const char *password)
{
    json_t *record = call_flag(call, "json")
                         ? json_loadb(call->out.data, call->out.length, 0,
                                      NULL)
                         : NULL;

    if (!record) {
        str_addf(&call->out, "password: %s\n", password);
        return;
    }
    json_object_set_new(record, "password", json_string(password));
    str_clear(&call->out);
    table_print_record(call, record);
}

static enum exit_code run_parsed(struct call *call, int argc, char **argv)
{
    const char *made_up = NULL;
    struct err err;

    if (call->command->reads_input &&
        password_ask(call->arena, call_flag(call, "generate"), &made_up,
                     &call->input, &err)) {
        call_say(call, "%s", err.text);
        return EXIT_DATA;
    }
    int fd = knock(call);
    enum exit_code code = fd == -2   ? EXIT_NOPERM
                          : fd == -1 ? command_run_alone(call)
                                     : through_door(call, fd, argc, argv);
    if (code == EXIT_FINE && made_up)
        show_password(call, made_up);
    return code;
}

enum exit_code command_main(const struct settings *settings, int argc,
                            char **argv)
{
    struct arena *arena = arena_new();
    struct call call;
    enum exit_code code = EXIT_FINE;

    call_begin(&call, arena, settings, NULL);
    if (argc > COMMAND_WORDS) {
        call_say(&call, "more than %d words", COMMAND_WORDS);
        code = EXIT_USAGE;
    } else if (argc < 1) {
        command_help(&call.out);
    } else {
        code = command_parse(argc, argv, &call);
        if (code == EXIT_FINE && call.command)
            code = run_parsed(&call, argc, argv);
    }
    fwrite(call.out.data, 1, call.out.length, stdout);
    fwrite(call.err.data, 1, call.err.length, stderr);
    if (fflush(stdout))
        code = EXIT_CANTCREAT;
    arena_free(&arena);
    return code;
}
