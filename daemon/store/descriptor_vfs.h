/* A new database written through a descriptor that somebody else opened: the
 * server has no rights in the folder of a backup, and SQLite opens files by
 * name only. One file, no journal, no locks, no shared memory. Private to
 * daemon/store. */
#ifndef CONVENED_STORE_DESCRIPTOR_VFS_H
#define CONVENED_STORE_DESCRIPTOR_VFS_H

#include <sqlite3.h>

struct descriptor_vfs {
    sqlite3_vfs vfs;
    char name[32]; /* for sqlite3_open_v2() */
    int fd;
};

/* From now on `name` is known to SQLite; the struct must not move. The
 * descriptor stays the caller's. Returns a code of SQLite. */
int descriptor_vfs_add(struct descriptor_vfs *, int fd);
void descriptor_vfs_remove(struct descriptor_vfs *);

#endif
