/* Backups as folders: DIR/convened-20270307T090000Z holds a database and its
 * key. While it grows it is called DIR/.convened-….part and is locked; only
 * a whole and checked one has the good name. */
#ifndef CONVENED_COMMANDS_BACKUP_FOLDER_H
#define CONVENED_COMMANDS_BACKUP_FOLDER_H

#include <stddef.h>
#include <stdint.h>

#include "daemon/base/err.h"

struct arena;

struct backup_folder {
    const char *name;          /* convened-20270307T090000Z */
    const char *part, *whole;  /* paths: while it grows, and afterwards */
    const char *database, *key; /* paths in part */
    int folder_fd, database_fd, key_fd; /* both files empty, 0600 */
};

/* Makes DIR (not its parents) if it is missing, and a new part in it.
 * RC_FAIL: nothing is left behind. */
MUST_USE enum rc backup_folder_begin(struct arena *, const char *dir,
                                     int64_t now, struct backup_folder *,
                                     struct err *);
/* All is on the disk, and only then it gets its name. */
MUST_USE enum rc backup_folder_finish(struct backup_folder *, struct err *);
/* Throws it away, if it was not finished, and closes it. */
void backup_folder_end(struct backup_folder *);

/* Names of the whole ones in DIR, oldest first. */
struct backup_list {
    const char **names;
    size_t count;
};
MUST_USE enum rc backup_folder_list(struct arena *, const char *dir,
                                    struct backup_list *, struct err *);
/* 20270307T090000Z */
const char *backup_folder_stamp(struct arena *, int64_t now);
/* When one was begun, by its name; -1: it is not the name of one. */
int64_t backup_folder_time(const char *name);
/* Removes one of DIR, but nothing that we did not put there. */
MUST_USE enum rc backup_folder_remove(struct arena *, const char *dir,
                                      const char *name, struct err *);
/* Removes parts that nobody works at any more: they hold personal data. */
MUST_USE enum rc backup_folder_sweep(struct arena *, const char *dir,
                                     struct err *);

#endif
