#include "daemon/commands/prove.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/base/arena.h"
#include "daemon/base/mem.h"
#include "daemon/base/str.h"

#define PIECE ((size_t)1 << 20)
#define NEEDLE_LEAST 4
#define NEEDLE_MOST 4096
#define DEPTH_MOST 16
#define NEEDLES_MOST 4096

void needle_add(struct arena *arena, struct needles *needles,
                const char *what, const void *bytes, size_t length)
{
    if (length < NEEDLE_LEAST || length > NEEDLE_MOST ||
        needles->count == NEEDLES_MOST)
        return;
    for (size_t i = 0; i < needles->count; i++)
        if (needles->items[i].length == length &&
            memcmp(needles->items[i].bytes, bytes, length) == 0)
            return;
    if (!needles->items)
        needles->items = ARENA_ARRAY(arena, struct needle, NEEDLES_MOST);
    needles->items[needles->count++] = (struct needle){ what, bytes, length };
}

/* How often it is in there, but only where it ends past the first `old`
 * bytes: those were looked at with the piece before. */
static int64_t occurrences(const char *bytes, size_t length, size_t old,
                           const struct needle *needle)
{
    int64_t count = 0;
    size_t from = old >= needle->length ? old - needle->length + 1 : 0;
    const char *at = bytes + from;

    while ((at = memmem(at, (size_t)(bytes + length - at), needle->bytes,
                        needle->length))) {
        count++;
        at++;
    }
    return count;
}

static void look(const char *path, const char *bytes, size_t length,
                 size_t old, const struct needles *needles,
                 struct proof *proof, struct str *said)
{
    for (size_t i = 0; i < needles->count; i++) {
        const struct needle *needle = &needles->items[i];
        int64_t found = occurrences(bytes, length, old, needle);

        if (found > 0)
            str_addf(said, "  found: %s, %lld times in %s\n", needle->what,
                     (long long)found, path);
        proof->hits += found;
    }
}

/* Keeps the end of each piece, so that nothing is cut in two. */
static bool read_through(int fd, const char *path,
                         const struct needles *needles, struct proof *proof,
                         struct str *said)
{
    char *room = mem_new(NEEDLE_MOST + PIECE);
    size_t old = 0;
    ssize_t got;

    while ((got = read(fd, room + old, PIECE)) > 0) {
        size_t length = old + (size_t)got;
        look(path, room, length, old, needles, proof, said);
        proof->bytes += got;
        old = length < NEEDLE_MOST ? length : NEEDLE_MOST;
        memmove(room, room + length - old, old);
    }
    mem_free(room);
    return got == 0;
}

static void not_read(const char *path, struct proof *proof, struct str *said)
{
    str_addf(said, "  not searched: %s: %s\n", path, strerror(errno));
    proof->unread++;
}

static void prove_file(const char *path, const struct needles *needles,
                       struct proof *proof, struct str *said)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

    if (fd < 0 && errno == ENOENT)
        return; /* gone meanwhile */
    if (fd < 0) {
        not_read(path, proof, said);
        return;
    }
    if (read_through(fd, path, needles, proof, said))
        proof->files++;
    else
        not_read(path, proof, said);
    close(fd);
}

static void prove_below(const char *folder, int depth,
                        const struct needles *needles, struct proof *proof,
                        struct str *said)
{
    DIR *listing = opendir(folder);
    const struct dirent *entry;

    if (!listing) {
        if (errno != ENOENT)
            not_read(folder, proof, said);
        return;
    }
    while ((entry = readdir(listing))) {
        struct arena *arena = arena_new();
        const char *path = arena_printf(arena, "%s/%s", folder,
                                        entry->d_name);
        struct stat found;
        bool dots = !strcmp(entry->d_name, ".") ||
                    !strcmp(entry->d_name, "..");

        if (!dots && lstat(path, &found) == 0) {
            if (S_ISDIR(found.st_mode) && depth < DEPTH_MOST)
                prove_below(path, depth + 1, needles, proof, said);
            else if (S_ISREG(found.st_mode))
                prove_file(path, needles, proof, said);
        }
        arena_free(&arena);
    }
    closedir(listing);
}

void prove_folder(const char *folder, const struct needles *needles,
                  struct proof *proof, struct str *said)
{
    prove_below(folder, 0, needles, proof, said);
}
