#include "daemon/store/descriptor_vfs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct descriptor_file {
    sqlite3_file file; /* first */
    int fd;
};

static int fd_of(const sqlite3_file *file)
{
    return ((const struct descriptor_file *)(const void *)file)->fd;
}

static int file_close(sqlite3_file *file)
{
    (void)file;
    return SQLITE_OK;
}

static int file_read_at(sqlite3_file *file, void *data, int length,
                        sqlite3_int64 offset)
{
    char *at = data;

    while (length > 0) {
        ssize_t got = pread(fd_of(file), at, (size_t)length, offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return SQLITE_IOERR_READ;
        if (got == 0) { /* what is missing reads as zeros */
            memset(at, 0, (size_t)length);
            return SQLITE_IOERR_SHORT_READ;
        }
        at += got;
        offset += got;
        length -= (int)got;
    }
    return SQLITE_OK;
}

static int file_write_at(sqlite3_file *file, const void *data, int length,
                         sqlite3_int64 offset)
{
    const char *at = data;

    while (length > 0) {
        ssize_t put = pwrite(fd_of(file), at, (size_t)length, offset);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return errno == ENOSPC || errno == EDQUOT ? SQLITE_FULL
                                                      : SQLITE_IOERR_WRITE;
        at += put;
        offset += put;
        length -= (int)put;
    }
    return SQLITE_OK;
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 length)
{
    return ftruncate(fd_of(file), length) ? SQLITE_IOERR_TRUNCATE
                                          : SQLITE_OK;
}

static int file_flush(sqlite3_file *file, int flags)
{
    (void)flags;
    return fsync(fd_of(file)) ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

static int file_length(sqlite3_file *file, sqlite3_int64 *length)
{
    struct stat found;

    if (fstat(fd_of(file), &found))
        return SQLITE_IOERR_FSTAT;
    *length = found.st_size;
    return SQLITE_OK;
}

static int file_lock(sqlite3_file *file, int level)
{
    (void)file, (void)level;
    return SQLITE_OK;
}

static int file_is_reserved(sqlite3_file *file, int *reserved)
{
    (void)file;
    *reserved = 0;
    return SQLITE_OK;
}

static int file_control(sqlite3_file *file, int what, void *argument)
{
    (void)file, (void)what, (void)argument;
    return SQLITE_NOTFOUND;
}

static int file_sector(sqlite3_file *file)
{
    (void)file;
    return 4096;
}

static int file_traits(sqlite3_file *file)
{
    (void)file;
    return 0;
}

static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = file_close,
    .xRead = file_read_at,
    .xWrite = file_write_at,
    .xTruncate = file_truncate,
    .xSync = file_flush,
    .xFileSize = file_length,
    .xLock = file_lock,
    .xUnlock = file_lock,
    .xCheckReservedLock = file_is_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_traits,
};

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file,
                    int flags, int *out_flags)
{
    const struct descriptor_vfs *ours = vfs->pAppData;
    struct descriptor_file *opened = (struct descriptor_file *)(void *)file;

    (void)name;
    file->pMethods = NULL;
    if (!(flags & SQLITE_OPEN_MAIN_DB))
        return SQLITE_CANTOPEN; /* the database, and nothing beside it */
    file->pMethods = &methods;
    opened->fd = ours->fd;
    if (out_flags)
        *out_flags = flags;
    return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    (void)vfs, (void)name, (void)sync;
    return SQLITE_OK;
}

static int vfs_access(sqlite3_vfs *vfs, const char *name, int flags,
                      int *answer)
{
    (void)vfs, (void)name, (void)flags;
    *answer = 0; /* no journal is ever there */
    return SQLITE_OK;
}

static int vfs_full_name(sqlite3_vfs *vfs, const char *name, int room,
                         char *out)
{
    (void)vfs;
    return snprintf(out, (size_t)room, "%s", name) < room ? SQLITE_OK
                                                          : SQLITE_CANTOPEN;
}

int descriptor_vfs_add(struct descriptor_vfs *ours, int fd)
{
    const sqlite3_vfs *usual = sqlite3_vfs_find(NULL);

    /* Chance and time are the usual ones; files are not. */
    ours->vfs = *usual;
    ours->fd = fd;
    (void)snprintf(ours->name, sizeof ours->name, "descriptor-%d", fd);
    ours->vfs.iVersion = 1;
    ours->vfs.pNext = NULL;
    ours->vfs.zName = ours->name;
    ours->vfs.pAppData = ours;
    ours->vfs.szOsFile = sizeof(struct descriptor_file);
    ours->vfs.xOpen = vfs_open;
    ours->vfs.xDelete = vfs_delete;
    ours->vfs.xAccess = vfs_access;
    ours->vfs.xFullPathname = vfs_full_name;
    return sqlite3_vfs_register(&ours->vfs, 0);
}

void descriptor_vfs_remove(struct descriptor_vfs *ours)
{
    sqlite3_vfs_unregister(&ours->vfs);
}
