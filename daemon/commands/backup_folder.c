#include "daemon/commands/backup_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/base/arena.h"
#include "daemon/base/files.h"
#include "daemon/base/parse.h"
#include "daemon/state.h"

#define PREFIX "convened-"
#define STAMP "20270307T090000Z"
#define PART ".part"
#define SAME_SECOND 100 /* backups begun in one second, at most */

static enum rc fails(const char *path, struct err *err)
{
    return err_set(err, "%s: %s", path, strerror(errno));
}

/* --- names ------------------------------------------------------------- */

static bool digits(const char *text, size_t count, int *number)
{
    *number = 0;
    for (size_t i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *number = *number * 10 + (text[i] - '0');
    }
    return true;
}

/* "" or "-2", "-3", …: begun in the same second as another. */
static bool is_ordinal(const char *text)
{
    int64_t number;

    return !*text || (*text == '-' &&
                      parse_int(text + 1, 2, SAME_SECOND, &number));
}

int64_t backup_folder_time(const char *name)
{
    const char *stamp = name + strlen(PREFIX);
    struct civil c;

    if (strncmp(name, PREFIX, strlen(PREFIX)) != 0 ||
        strlen(stamp) < strlen(STAMP) || stamp[8] != 'T' || stamp[15] != 'Z')
        return -1;
    if (!digits(stamp, 4, &c.year) || !digits(stamp + 4, 2, &c.month) ||
        !digits(stamp + 6, 2, &c.day) || !digits(stamp + 9, 2, &c.hour) ||
        !digits(stamp + 11, 2, &c.minute) ||
        !digits(stamp + 13, 2, &c.second) ||
        !is_ordinal(stamp + strlen(STAMP)))
        return -1;
    return civil_to_seconds(&c);
}

const char *backup_folder_stamp(struct arena *arena, int64_t now)
{
    struct civil c = civil_from_seconds(now);

    return arena_printf(arena, "%04d%02d%02dT%02d%02d%02dZ", c.year, c.month,
                        c.day, c.hour, c.minute, c.second);
}

static const char *name_for(struct arena *arena, int64_t now, int ordinal)
{
    const char *name = arena_printf(arena, PREFIX "%s",
                                    backup_folder_stamp(arena, now));

    return ordinal == 1 ? name : arena_printf(arena, "%s-%d", name, ordinal);
}

/* --- a new one --------------------------------------------------------- */

static void name_it(struct arena *arena, const char *dir, int64_t now,
                    int ordinal, struct backup_folder *folder)
{
    folder->name = name_for(arena, now, ordinal);
    folder->whole = arena_printf(arena, "%s/%s", dir, folder->name);
    folder->part = arena_printf(arena, "%s/.%s" PART, dir, folder->name);
}

/* Behind all that were begun in the same second, so that names sort by age
 * even after some of them were removed. */
static enum rc make_part(struct arena *arena, const char *dir, int64_t now,
                         struct backup_folder *folder, struct err *err)
{
    int last = SAME_SECOND;

    for (; last > 0; last--) {
        name_it(arena, dir, now, last, folder);
        if (access(folder->whole, F_OK) == 0)
            break;
    }
    errno = EEXIST;
    for (int i = last + 1; i <= SAME_SECOND && errno == EEXIST; i++) {
        name_it(arena, dir, now, i, folder);
        if (mkdir(folder->part, 0700) == 0)
            return RC_OK;
    }
    enum rc rc = fails(folder->part, err);
    folder->part = NULL; /* not ours to remove */
    return rc;
}

static enum rc make_file(const char *path, int *fd, struct err *err)
{
    *fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    return *fd < 0 ? fails(path, err) : RC_OK;
}

enum rc backup_folder_begin(struct arena *arena, const char *dir,
                            int64_t now, struct backup_folder *folder,
                            struct err *err)
{
    *folder = (struct backup_folder){ .folder_fd = -1, .database_fd = -1,
                                      .key_fd = -1 };
    enum rc rc = folder_make(dir, 0700, err);
    if (rc == RC_OK)
        rc = make_part(arena, dir, now, folder, err);
    if (rc != RC_OK)
        return rc;
    folder->database = arena_printf(arena, "%s/" STATE_DATABASE,
                                    folder->part);
    folder->key = arena_printf(arena, "%s/" STATE_KEY, folder->part);
    folder->folder_fd = open(folder->part,
                             O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder->folder_fd < 0 || flock(folder->folder_fd, LOCK_EX | LOCK_NB))
        rc = fails(folder->part, err);
    if (rc == RC_OK)
        rc = make_file(folder->database, &folder->database_fd, err);
    if (rc == RC_OK)
        rc = make_file(folder->key, &folder->key_fd, err);
    if (rc != RC_OK)
        backup_folder_end(folder);
    return rc;
}

enum rc backup_folder_finish(struct backup_folder *folder, struct err *err)
{
    if (fsync(folder->database_fd))
        return fails(folder->database, err);
    if (fsync(folder->key_fd))
        return fails(folder->key, err);
    if (fsync(folder->folder_fd))
        return fails(folder->part, err);
    if (rename(folder->part, folder->whole))
        return fails(folder->whole, err);
    folder->part = NULL;
    return folder_sync_of(folder->whole, err);
}

void backup_folder_end(struct backup_folder *folder)
{
    if (folder->part) {
        unlink(folder->database);
        unlink(folder->key);
        rmdir(folder->part);
    }
    if (folder->database_fd >= 0)
        close(folder->database_fd);
    if (folder->key_fd >= 0)
        close(folder->key_fd);
    if (folder->folder_fd >= 0)
        close(folder->folder_fd);
    *folder = (struct backup_folder){ .folder_fd = -1, .database_fd = -1,
                                      .key_fd = -1 };
}

/* --- those that are there ---------------------------------------------- */

static int in_order(const void *a, const void *b)
{
    return strverscmp(*(const char *const *)a, *(const char *const *)b);
}

static void list_add(struct arena *arena, struct backup_list *list,
                     const char *name)
{
    if ((list->count & (list->count + 1)) == 0) { /* 0, 1, 3, 7: full */
        const char **wider = ARENA_ARRAY(arena, const char *,
                                         2 * list->count + 1);
        if (list->count)
            memcpy(wider, list->names, list->count * sizeof *wider);
        list->names = wider;
    }
    list->names[list->count++] = arena_strdup(arena, name);
}

/* All names of the folder that `wanted` likes, in order. */
static enum rc list_names(struct arena *arena, const char *dir,
                          bool (*wanted)(const char *),
                          struct backup_list *list, struct err *err)
{
    DIR *folder = opendir(dir);
    const struct dirent *entry;

    *list = (struct backup_list){ NULL, 0 };
    if (!folder)
        return fails(dir, err);
    while ((entry = readdir(folder)))
        if (wanted(entry->d_name))
            list_add(arena, list, entry->d_name);
    closedir(folder);
    if (list->count)
        qsort(list->names, list->count, sizeof *list->names, in_order);
    return RC_OK;
}

static bool is_whole(const char *name)
{
    return backup_folder_time(name) >= 0;
}

static bool is_part(const char *name)
{
    size_t length = strlen(name);

    return strncmp(name, "." PREFIX, strlen("." PREFIX)) == 0 &&
           length > strlen(PART) &&
           strcmp(name + length - strlen(PART), PART) == 0;
}

enum rc backup_folder_list(struct arena *arena, const char *dir,
                           struct backup_list *list, struct err *err)
{
    return list_names(arena, dir, is_whole, list, err);
}

enum rc backup_folder_remove(struct arena *arena, const char *dir,
                             const char *name, struct err *err)
{
    static const char *const files[] = {
        STATE_DATABASE, STATE_DATABASE "-wal", STATE_DATABASE "-shm",
        STATE_DATABASE "-journal", STATE_KEY,
    };
    const char *path = arena_printf(arena, "%s/%s", dir, name);

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        const char *file = arena_printf(arena, "%s/%s", path, files[i]);
        if (unlink(file) && errno != ENOENT)
            return fails(file, err);
    }
    return rmdir(path) ? fails(path, err) : RC_OK;
}

enum rc backup_folder_sweep(struct arena *arena, const char *dir,
                            struct err *err)
{
    struct backup_list parts;
    enum rc rc = list_names(arena, dir, is_part, &parts, err);

    for (size_t i = 0; rc == RC_OK && i < parts.count; i++) {
        const char *path = arena_printf(arena, "%s/%s", dir, parts.names[i]);
        int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
            rc = backup_folder_remove(arena, dir, parts.names[i], err);
        if (fd >= 0)
            close(fd);
    }
    return rc;
}
