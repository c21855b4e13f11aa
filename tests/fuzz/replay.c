/* Runs a fuzz target over its corpus: every file that once taught something.
 * usage: NAME_fuzz [FOLDER]; default $srcdir/tests/fuzz/corpus/NAME */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/files.h"

#define FILE_MOST (1 << 20)

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static char *corpus_of(struct arena *arena, const char *program)
{
    const char *srcdir = getenv("srcdir");
    const char *slash = strrchr(program, '/');
    const char *name = slash ? slash + 1 : program;

    return arena_printf(arena, "%s/tests/fuzz/corpus/%.*s",
                        srcdir ? srcdir : ".", (int)strcspn(name, "_"), name);
}

/* False: the file cannot be read. */
static bool replay(struct arena *arena, const char *path)
{
    char *data;
    size_t length;
    struct err err;

    if (file_read(arena, path, FILE_MOST, &data, &length, &err) != RC_OK)
        return false;
    /* A copy of exactly that size, so that a byte beyond it is seen. */
    LLVMFuzzerTestOneInput(arena_memdup(arena, data, length), length);
    return true;
}

static int replay_folder(struct arena *arena, const char *folder)
{
    DIR *open = opendir(folder);
    int count = 0;

    for (struct dirent *entry; open && (entry = readdir(open));) {
        if (entry->d_name[0] == '.')
            continue;
        char *path = arena_printf(arena, "%s/%s", folder, entry->d_name);
        if (!replay(arena, path)) {
            printf("cannot read %s\n", path);
            closedir(open);
            return 0;
        }
        count++;
    }
    if (open)
        closedir(open);
    return count;
}

int main(int argc, char **argv)
{
    struct arena *arena = arena_new();
    const char *folder = argc > 1 ? argv[1] : corpus_of(arena, argv[0]);
    int count = replay_folder(arena, folder);

    printf("%d files of %s\n", count, folder);
    arena_free(&arena);
    return count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
