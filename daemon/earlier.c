#include "daemon/earlier.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/base/arena.h"
#include "daemon/base/log.h"
#include "daemon/state.h"

/* In such a folder there may be these. */
static const char *const state_files[] = {
    STATE_DATABASE, STATE_DATABASE "-wal", STATE_DATABASE "-shm",
    STATE_DATABASE ".sealed", STATE_KEY,
};

static bool is_earlier(const char *name)
{
    static const char *const beginnings[] = {
        "before-restore-", STATE_DATABASE ".schema-",
    };

    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++)
        if (!strncmp(name, beginnings[i], strlen(beginnings[i])))
            return true;
    return false;
}

static size_t count_names(DIR *folder)
{
    size_t count = 0;

    for (const struct dirent *entry; (entry = readdir(folder));)
        count += is_earlier(entry->d_name);
    rewinddir(folder);
    return count;
}

enum rc earlier_find(struct arena *arena, const char *state_dir,
                     struct earlier_list *list, struct err *err)
{
    DIR *folder = opendir(state_dir);
    const struct dirent *entry;

    *list = (struct earlier_list){ 0 };
    if (!folder)
        return err_set(err, "%s: %s", state_dir, strerror(errno));
    size_t room = count_names(folder);
    list->items = ARENA_ARRAY(arena, struct earlier, room);
    while (list->count < room && (entry = readdir(folder))) {
        struct earlier *item = &list->items[list->count];
        struct stat found;

        if (!is_earlier(entry->d_name))
            continue;
        item->path = arena_printf(arena, "%s/%s", state_dir, entry->d_name);
        if (lstat(item->path, &found))
            continue;
        item->made_at = found.st_ctime;
        item->folder = S_ISDIR(found.st_mode);
        list->count++;
    }
    closedir(folder);
    return RC_OK;
}

static bool remove_one(struct arena *arena, const struct earlier *item)
{
    if (!item->folder)
        return unlink(item->path) == 0;
    for (size_t i = 0; i < sizeof state_files / sizeof *state_files; i++)
        if (unlink(arena_printf(arena, "%s/%s", item->path,
                                state_files[i])) && errno != ENOENT)
            return false;
    return rmdir(item->path) == 0;
}

enum rc earlier_remove(const char *state_dir, int64_t until, struct err *err)
{
    struct arena *arena = arena_new();
    struct earlier_list list;
    enum rc rc = earlier_find(arena, state_dir, &list, err);

    for (size_t i = 0; rc == RC_OK && i < list.count; i++) {
        const struct earlier *item = &list.items[i];

        if (item->made_at >= until)
            continue;
        if (remove_one(arena, item))
            log_info("%s is removed: its time is over", item->path);
        else
            rc = err_set(err, "%s: %s", item->path, strerror(errno));
    }
    arena_free(&arena);
    return rc;
}
