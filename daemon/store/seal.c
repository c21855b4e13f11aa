#include "daemon/store/seal.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/base/arena.h"
#include "daemon/base/files.h"
#include "daemon/base/log.h"

#define SEAL_MOST 400

/* NULL: it cannot be told, or work is left in the log. */
static const char *state_of(struct arena *arena, const char *path)
{
    struct stat file, log;

    if (stat(path, &file) != 0)
        return NULL;
    if (stat(arena_printf(arena, "%s-wal", path), &log) == 0 &&
        log.st_size > 0)
        return NULL;
    return arena_printf(
        arena, "%llu %llu %lld %lld.%09ld %lld.%09ld\n",
        (unsigned long long)file.st_dev, (unsigned long long)file.st_ino,
        (long long)file.st_size, (long long)file.st_mtim.tv_sec,
        file.st_mtim.tv_nsec, (long long)file.st_ctim.tv_sec,
        file.st_ctim.tv_nsec);
}

void seal_set(const char *path)
{
    struct arena *arena = arena_new();
    const char *state = state_of(arena, path);
    struct err err;

    if (state && file_write(arena_printf(arena, "%s.sealed", path), state,
                            strlen(state), 0600, &err) != RC_OK)
        log_warn("%s", err.text);
    arena_free(&arena);
}

bool seal_break(const char *path)
{
    struct arena *arena = arena_new();
    const char *name = arena_printf(arena, "%s.sealed", path);
    char *note = NULL;
    size_t length;
    struct err err;

    enum rc rc = file_read(arena, name, SEAL_MOST, &note, &length, &err);
    /* A note that stays would be believed after the next crash. */
    bool gone = rc == RC_OK && unlink(name) == 0;
    const char *state = gone ? state_of(arena, path) : NULL;
    bool fits = state && strcmp(state, note) == 0;
    arena_free(&arena);
    return fits;
}
