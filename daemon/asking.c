#include "daemon/asking.h"

#include <assert.h>
#include <errno.h>
#include <jansson.h>
#include <pwd.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/base/arena.h"
#include "daemon/local.h"
#include "daemon/store/lock.h"

#define REPLY_MOST ((size_t)128 << 20)

int asking_knock(struct call *call)
{
    struct sockaddr_un address;
    struct err err;

    if (local_address(arena_printf(call->arena, "%s/control.sock",
                                   call->settings->run_dir),
                      &address, &err))
        return ASKING_NOBODY;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return ASKING_NOBODY;
    if (!connect(fd, (struct sockaddr *)&address, sizeof address))
        return fd;
    int failed = errno;
    close(fd);
    if (failed != EACCES && failed != EPERM)
        return ASKING_NOBODY;
    call_say(call, "%s: %s; ask as the user of the server",
             address.sun_path, strerror(failed));
    return ASKING_FORBIDDEN;
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

/* The first byte of the line carries the descriptors. */
static bool send_files(int fd, const int *files, size_t count)
{
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(COMMAND_FILES * sizeof(int))];
    } control = { .room = { 0 } };
    char blank = ' ';
    struct iovec chunk = { &blank, 1 };
    struct msghdr message = {
        .msg_iov = &chunk, .msg_iovlen = 1, .msg_control = control.room,
        .msg_controllen = CMSG_SPACE(count * sizeof(int)),
    };
    struct cmsghdr *part = CMSG_FIRSTHDR(&message);
    ssize_t sent;

    if (!count)
        return true;
    assert(count <= COMMAND_FILES);
    part->cmsg_level = SOL_SOCKET;
    part->cmsg_type = SCM_RIGHTS;
    part->cmsg_len = CMSG_LEN(count * sizeof(int));
    memcpy(CMSG_DATA(part), files, count * sizeof(int));
    do
        sent = sendmsg(fd, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent == 1;
}

static bool send_words(int fd, int argc, char **argv, const char *input)
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
enum exit_code asking_ask(struct call *call, int fd, int argc, char **argv,
                          const int *files, size_t file_count)
{
    const char *out, *err;
    int code;
    json_t *reply = send_files(fd, files, file_count) &&
                    send_words(fd, argc, argv, call->input) ? hear(fd)
                                                            : NULL;

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

enum exit_code asking_lock(struct call *call, int *lock)
{
    struct err err;

    *lock = -1;
    if (!is_owner(call))
        return EXIT_NOPERM;
    switch (state_lock(call->settings->state_dir, lock, &err)) {
    case RC_OK:
        return EXIT_FINE;
    case RC_NOT_FOUND:
        call_say(call, "%s belongs to another process that does not answer "
                 "at %s/control.sock", call->settings->state_dir,
                 call->settings->run_dir);
        return EXIT_NOPERM;
    default:
        call_say(call, "%s", err.text);
        return EXIT_NOPERM;
    }
}
