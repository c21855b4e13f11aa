#include "daemon/store/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "daemon/base/str.h"

#define PATH_CEILING 4096

static enum rc lock_file(const char *path, int *out, struct err *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

    if (fd < 0)
        return err_set(err, "%s: %s", path, strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
        *out = fd;
        return RC_OK;
    }
    enum rc rc = errno == EWOULDBLOCK
        ? RC_NOT_FOUND : err_set(err, "%s: %s", path, strerror(errno));
    close(fd);
    return rc;
}

/* A file of its own: SQLite's locks on the database are per process, and
 * closing any descriptor of it would drop them. */
enum rc state_lock(const char *state_dir, int *fd, struct err *err)
{
    struct str path;

    *fd = -1;
    str_init(&path, NULL, PATH_CEILING);
    str_addf(&path, "%s/convened.lock", state_dir);
    enum rc rc = path.overflow
        ? err_set(err, "the state directory's name is too long")
        : lock_file(path.data, fd, err);
    str_free(&path);
    return rc;
}
