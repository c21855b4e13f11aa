#include "daemon/base/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/base/arena.h"

#define SECRET_MOST 4096
#define PATH_ROOM 4096

static enum rc read_all(int fd, const char *path, char *data, size_t size,
                        struct err *err)
{
    size_t done = 0;

    while (done < size) {
        ssize_t got = read(fd, data + done, size - done);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return err_set(err, "%s: %s", path, strerror(errno));
        if (got == 0)
            return err_set(err, "%s: became shorter while it was read", path);
        done += (size_t)got;
    }
    return RC_OK;
}

static enum rc read_open_file(struct arena *arena, int fd, const char *path,
                              size_t most, char **data, size_t *length,
                              struct err *err)
{
    struct stat stat;

    if (fstat(fd, &stat) < 0)
        return err_set(err, "%s: %s", path, strerror(errno));
    if (!S_ISREG(stat.st_mode))
        return err_set(err, "%s: not a regular file", path);
    if ((size_t)stat.st_size > most)
        return err_set(err, "%s: longer than %zu bytes", path, most);
    *length = (size_t)stat.st_size;
    *data = arena_alloc(arena, *length + 1);
    return read_all(fd, path, *data, *length, err);
}

static int open_to_read(const char *path, enum rc *rc, struct err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd >= 0)
        return fd;
    *rc = errno == ENOENT ? RC_NOT_FOUND
                          : err_set(err, "%s: %s", path, strerror(errno));
    return -1;
}

enum rc file_read(struct arena *arena, const char *path, size_t most,
                  char **data, size_t *length, struct err *err)
{
    enum rc rc = RC_OK;
    int fd = open_to_read(path, &rc, err);

    if (fd < 0)
        return rc;
    rc = read_open_file(arena, fd, path, most, data, length, err);
    close(fd);
    return rc;
}

enum rc file_read_private(struct arena *arena, const char *path, size_t most,
                          char **data, size_t *length, struct err *err)
{
    struct stat stat;
    enum rc rc = RC_OK;
    int fd = open_to_read(path, &rc, err);

    if (fd < 0)
        return rc;
    if (fstat(fd, &stat) == 0 && (stat.st_mode & 077))
        rc = err_set(err, "%s: others may read this secret; chmod 600 it",
                     path);
    else
        rc = read_open_file(arena, fd, path, most, data, length, err);
    close(fd);
    return rc;
}

enum rc file_read_secret(struct arena *arena, const char *path, char **data,
                         struct err *err)
{
    size_t length;
    enum rc rc = file_read_private(arena, path, SECRET_MOST, data, &length,
                                   err);

    if (rc == RC_OK)
        (*data)[strcspn(*data, "\r\n")] = '\0';
    return rc;
}

static enum rc put_all(int fd, const char *path, const char *data,
                       size_t length, struct err *err)
{
    while (length) {
        ssize_t put = write(fd, data, length);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return err_set(err, "%s: %s", path, strerror(errno));
        data += put;
        length -= (size_t)put;
    }
    return RC_OK;
}

static enum rc write_all(int fd, const char *path, const char *data,
                         size_t length, struct err *err)
{
    enum rc rc = put_all(fd, path, data, length, err);

    if (rc == RC_OK && fsync(fd) < 0)
        return err_set(err, "%s: %s", path, strerror(errno));
    return rc;
}

static enum rc copy_bytes(int from, const char *from_path, int to,
                          const char *to_path, struct err *err)
{
    char bytes[65536];

    for (;;) {
        ssize_t got = read(from, bytes, sizeof bytes);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return err_set(err, "%s: %s", from_path, strerror(errno));
        if (got == 0)
            return RC_OK;
        enum rc rc = put_all(to, to_path, bytes, (size_t)got, err);
        if (rc != RC_OK)
            return rc;
    }
}

enum rc file_copy(const char *from, const char *to, unsigned mode,
                  struct err *err)
{
    enum rc rc = RC_OK;
    int source = open_to_read(from, &rc, err);

    if (source < 0)
        return rc;
    int target = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
                      (mode_t)mode);
    if (target < 0)
        rc = err_set(err, "%s: %s", to, strerror(errno));
    else
        rc = copy_bytes(source, from, target, to, err);
    close(source);
    if (target >= 0 && close(target) < 0 && rc == RC_OK)
        rc = err_set(err, "%s: %s", to, strerror(errno));
    return rc;
}

static enum rc sync_path(const char *path, int flags, struct err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | flags);

    if (fd < 0)
        return err_set(err, "%s: %s", path, strerror(errno));
    enum rc rc = fsync(fd) == 0
        ? RC_OK : err_set(err, "%s: %s", path, strerror(errno));
    close(fd);
    return rc;
}

enum rc file_sync(const char *path, struct err *err)
{
    return sync_path(path, 0, err);
}

enum rc folder_sync_of(const char *path, struct err *err)
{
    char folder[PATH_ROOM];
    const char *slash = strrchr(path, '/');
    int length = slash ? (int)(slash - path) : 1;

    snprintf(folder, sizeof folder, "%.*s", length ? length : 1,
             slash ? path : ".");
    return sync_path(folder, O_DIRECTORY, err);
}

enum rc file_write(const char *path, const void *data, size_t length,
                   unsigned mode, struct err *err)
{
    char beside[PATH_ROOM];

    if (snprintf(beside, sizeof beside, "%s.new", path) >=
        (int)sizeof beside)
        return err_set(err, "%s: the name is too long", path);
    int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
                  (mode_t)mode);
    if (fd < 0)
        return err_set(err, "%s: %s", beside, strerror(errno));
    enum rc rc = write_all(fd, beside, data, length, err);
    if (close(fd) < 0 && rc == RC_OK)
        rc = err_set(err, "%s: %s", beside, strerror(errno));
    if (rc == RC_OK && rename(beside, path) < 0)
        rc = err_set(err, "%s: %s", path, strerror(errno));
    if (rc != RC_OK) {
        unlink(beside);
        return rc;
    }
    return folder_sync_of(path, err);
}

enum rc folder_make(const char *path, unsigned mode, struct err *err)
{
    struct stat found;

    if (mkdir(path, (mode_t)mode) == 0)
        return RC_OK;
    if (errno == EEXIST && stat(path, &found) == 0 && S_ISDIR(found.st_mode))
        return RC_OK;
    return err_set(err, "%s: %s", path, strerror(errno));
}

static bool ends_so(const char *name, const char *ending)
{
    size_t length = strlen(name), tail = strlen(ending);

    return *name != '.' && length > tail &&
           !strcmp(name + length - tail, ending);
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

enum rc folder_list(struct arena *arena, const char *path,
                    const char *ending, char ***names, size_t *count,
                    struct err *err)
{
    size_t room = 16;
    DIR *folder = opendir(path);

    if (!folder)
        return errno == ENOENT ? RC_NOT_FOUND
                               : err_set(err, "%s", strerror(errno));
    *count = 0;
    *names = ARENA_ARRAY(arena, char *, room);
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (!ends_so(entry->d_name, ending))
            continue;
        if (*count == room) {
            char **more = ARENA_ARRAY(arena, char *, 2 * room);
            memcpy(more, *names, room * sizeof *more);
            *names = more;
            room *= 2;
        }
        (*names)[(*count)++] = arena_strdup(arena, entry->d_name);
    }
    closedir(folder);
    qsort(*names, *count, sizeof **names, by_bytes);
    return RC_OK;
}
