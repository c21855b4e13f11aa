#include "daemon/local.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum rc local_address(const char *path, struct sockaddr_un *address,
                      struct err *err)
{
    size_t length = strlen(path);

    *address = (struct sockaddr_un){ .sun_family = AF_UNIX };
    if (length >= sizeof address->sun_path)
        return err_set(err, "%s: longer than the %zu bytes that the name of "
                            "a socket may have", path,
                       sizeof address->sun_path - 1);
    memcpy(address->sun_path, path, length + 1);
    return RC_OK;
}

enum rc local_clear(const struct sockaddr_un *address, struct err *err)
{
    const char *path = address->sun_path;
    struct stat found;

    if (lstat(path, &found) != 0)
        return errno == ENOENT
                   ? RC_OK
                   : err_set(err, "%s: %s", path, strerror(errno));
    if (!S_ISSOCK(found.st_mode))
        return err_set(err, "%s: is in the way and is not a socket", path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return err_set(err, "socket: %s", strerror(errno));
    int failed = connect(fd, (const struct sockaddr *)address,
                         sizeof *address) ? errno : 0;
    close(fd);
    if (failed != ECONNREFUSED)
        return err_set(err, "%s: somebody answers there already", path);
    if (unlink(path) != 0 && errno != ENOENT)
        return err_set(err, "%s: %s", path, strerror(errno));
    return RC_OK;
}
