#include "daemon/listen.h"

#include <errno.h>
#include <event2/util.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/base/parse.h"
#include "daemon/local.h"

#define BACKLOG 4096
#define UNIX_PREFIX "unix:"

static int new_socket(int family)
{
    return socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

static enum rc bind_and_listen(int fd, const char *where,
                               const struct sockaddr *address,
                               socklen_t length, struct err *err)
{
    if (fd < 0 || bind(fd, address, length) < 0 || listen(fd, BACKLOG) < 0)
        return err_set(err, "%s: %s", where,
                       errno == EADDRINUSE
                           ? "is in use by another program; stop it, or "
                             "choose another address"
                           : strerror(errno));
    return RC_OK;
}

static enum rc open_unix(const char *where, int *fd, struct err *err)
{
    struct sockaddr_un address;

    if (local_address(where + strlen(UNIX_PREFIX), &address, err) != RC_OK ||
        local_clear(&address, err) != RC_OK)
        return RC_FAIL;
    *fd = new_socket(AF_UNIX);
    return bind_and_listen(*fd, where, (struct sockaddr *)&address,
                           sizeof address, err);
}

static enum rc open_tcp(const char *where, int *fd, struct err *err)
{
    struct sockaddr_storage address;
    int length = sizeof address, on = 1;

    if (evutil_parse_sockaddr_port(where, (struct sockaddr *)&address,
                                   &length) < 0)
        return err_set(err, "%s: not an address; write it as "
                            "127.0.0.1:8080 or [::1]:8080", where);
    *fd = new_socket(address.ss_family);
    if (*fd >= 0)
        setsockopt(*fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    return bind_and_listen(*fd, where, (struct sockaddr *)&address,
                           (socklen_t)length, err);
}

static enum rc add(struct listening *listening, int fd, bool operators,
                   struct err *err)
{
    if (listening->count == LISTEN_MOST)
        return err_set(err, "no more than %d sockets can be listened on",
                       LISTEN_MOST);
    listening->sockets[listening->count++] =
        (struct listened){ .fd = fd, .operators = operators };
    return RC_OK;
}

static enum rc open_one(const char *where, bool operators,
                        struct listening *listening, struct err *err)
{
    bool local = strncmp(where, UNIX_PREFIX, strlen(UNIX_PREFIX)) == 0;
    int fd = -1;
    enum rc rc = local ? open_unix(where, &fd, err)
                       : open_tcp(where, &fd, err);

    if (rc == RC_OK)
        rc = add(listening, fd, operators, err);
    if (rc != RC_OK && fd >= 0)
        close(fd);
    return rc;
}

enum rc listen_open(const struct words *words, bool operators,
                    struct listening *listening, struct err *err)
{
    enum rc rc = RC_OK;

    for (size_t i = 0; i < words->count && rc == RC_OK; i++)
        rc = open_one(words->items[i], operators, listening, err);
    if (rc != RC_OK)
        listen_close(listening);
    return rc;
}

/* --- handed over -------------------------------------------------------- */

static int option(int fd, int name)
{
    int value = -1;
    socklen_t length = sizeof value;

    return getsockopt(fd, SOL_SOCKET, name, &value, &length) == 0 ? value
                                                                  : -1;
}

static enum rc check_handed(int fd, const char *name, int length,
                            struct err *err)
{
    int family = option(fd, SO_DOMAIN);

    if (option(fd, SO_ACCEPTCONN) == 1 &&
        option(fd, SO_TYPE) == SOCK_STREAM &&
        (family == AF_INET || family == AF_INET6 || family == AF_UNIX))
        return RC_OK;
    return err_set(err, "descriptor %d (\"%.*s\"), which was handed to us, "
                        "does not listen for streams", fd, length, name);
}

static void set_flags(int fd)
{
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

static bool is_named(const char *name, size_t length, const char *wanted)
{
    return strlen(wanted) == length && memcmp(name, wanted, length) == 0;
}

enum rc listen_adopt(int first, size_t count, const char *names,
                     struct listening *listening, struct err *err)
{
    const char *name = names ? names : "";
    enum rc rc = RC_OK;

    for (size_t i = 0; i < count && rc == RC_OK; i++) {
        int fd = first + (int)i;
        size_t length = strcspn(name, ":");
        bool operators = is_named(name, length, "metrics") ||
                         is_named(name, length, "admin");

        rc = check_handed(fd, name, (int)length, err);
        if (rc == RC_OK)
            rc = add(listening, fd, operators, err);
        if (rc == RC_OK)
            set_flags(fd);
        name += length + (name[length] == ':');
    }
    return rc;
}

enum rc listen_take(struct listening *listening, struct err *err)
{
    const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS");
    int64_t whose, count;
    enum rc rc = RC_OK;

    if (pid && fds && parse_int(pid, 1, INT32_MAX, &whose) &&
        whose == getpid() && parse_int(fds, 1, INT16_MAX, &count))
        rc = listen_adopt(LISTEN_FIRST_FD, (size_t)count,
                          getenv("LISTEN_FDNAMES"), listening, err);
    unsetenv("LISTEN_PID");
    unsetenv("LISTEN_FDS");
    unsetenv("LISTEN_FDNAMES");
    return rc;
}

bool listen_has_site(const struct listening *listening)
{
    for (size_t i = 0; i < listening->count; i++)
        if (!listening->sockets[i].operators)
            return true;
    return false;
}

void listen_close(struct listening *listening)
{
    for (size_t i = 0; i < listening->count; i++)
        close(listening->sockets[i].fd);
    listening->count = 0;
}
