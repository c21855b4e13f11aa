#include "daemon/listen.h"

#include <errno.h>
#include <event2/util.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

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

enum rc listen_open(const struct words *words, struct listening *listening,
                    struct err *err)
{
    *listening = (struct listening){ 0 };
    if (words->count > LISTEN_MOST)
        return err_set(err, "site.listen: at most %d addresses", LISTEN_MOST);
    for (size_t i = 0; i < words->count; i++) {
        const char *where = words->items[i];
        int *fd = &listening->fds[listening->count];
        bool local = strncmp(where, UNIX_PREFIX, strlen(UNIX_PREFIX)) == 0;

        *fd = -1;
        enum rc rc = local ? open_unix(where, fd, err)
                           : open_tcp(where, fd, err);
        if (*fd >= 0)
            listening->count++;
        if (rc != RC_OK) {
            listen_close(listening);
            return rc;
        }
    }
    return RC_OK;
}

void listen_close(struct listening *listening)
{
    for (size_t i = 0; i < listening->count; i++)
        close(listening->fds[i]);
    listening->count = 0;
}
