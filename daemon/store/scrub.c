#include "daemon/store/scrub.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <string.h>

#include "daemon/base/mem.h"

#define NAME "convened"
#define PAGE_LEAST 512
#define PAGE_MOST 65536
#define FILE_HEAD 100 /* bytes before the head of the first page */

/* https://www.sqlite.org/fileformat2.html#b_tree_pages */
enum kind {
    INNER_INDEX = 2, INNER_TABLE = 5, LEAF_INDEX = 10, LEAF_TABLE = 13,
};

/* Stands behind SQLite's own file, in the same room. */
struct tail {
    sqlite3_io_methods methods; /* first: the file points here */
    int (*write)(sqlite3_file *, const void *, int, sqlite3_int64);
};

static size_t two_bytes(const unsigned char *at)
{
    return (size_t)at[0] << 8 | at[1];
}

/* Any other page – a long row's rest, a free one – begins with the number of
 * the next, whose first byte is one of these only beyond 128 GB. */
static size_t head_size(unsigned char kind)
{
    if (kind == INNER_INDEX || kind == INNER_TABLE)
        return 12;
    return kind == LEAF_INDEX || kind == LEAF_TABLE ? 8 : 0;
}

void scrub_page(unsigned char *page, size_t size, int at_start)
{
    size_t head = at_start ? FILE_HEAD : 0;
    size_t length = head_size(page[head]);
    size_t from = head + length + 2 * two_bytes(page + head + 3);
    size_t to = two_bytes(page + head + 5);

    if (length == 0)
        return;
    if (to == 0)
        to = 65536;
    if (from < to && to <= size)
        memset(page + from, 0, to - from);
}

static int write_clean(sqlite3_file *file, const void *bytes, int amount,
                       sqlite3_int64 offset)
{
    const struct tail *tail = (const void *)file->pMethods;
    unsigned char page[PAGE_MOST];
    bool whole = amount >= PAGE_LEAST && amount <= PAGE_MOST &&
                 (amount & (amount - 1)) == 0 && offset % amount == 0;

    if (!whole)
        return tail->write(file, bytes, amount, offset);
    memcpy(page, bytes, (size_t)amount);
    scrub_page(page, (size_t)amount, offset == 0);
    return tail->write(file, page, amount, offset);
}

static int open_file(sqlite3_vfs *ours, const char *name, sqlite3_file *file,
                     int flags, int *out)
{
    const sqlite3_vfs *below = sqlite3_vfs_find(NULL);
    int status = below->xOpen(ours, name, file, flags, out);
    struct tail *tail = (void *)((char *)file + below->szOsFile);

    if (status != SQLITE_OK || !(flags & SQLITE_OPEN_MAIN_DB))
        return status;
    tail->methods = *file->pMethods;
    tail->write = tail->methods.xWrite;
    tail->methods.xWrite = write_clean;
    file->pMethods = &tail->methods;
    return SQLITE_OK;
}

const char *scrub_vfs(void)
{
    const sqlite3_vfs *below = sqlite3_vfs_find(NULL);

    if (sqlite3_vfs_find(NAME))
        return NAME;
    if (!below || below->szOsFile % (int)sizeof(void *) != 0)
        return NULL;
    /* SQLite keeps it, and so does the process, to its end. */
    sqlite3_vfs *ours = mem_new(sizeof *ours);
    *ours = *below;
    ours->zName = NAME;
    ours->pNext = NULL;
    ours->szOsFile = below->szOsFile + (int)sizeof(struct tail);
    ours->xOpen = open_file;
    return sqlite3_vfs_register(ours, 0) == SQLITE_OK ? NAME : NULL;
}
