/* What was deleted must not stay on the disk. secure_delete overwrites what a
 * row leaves behind, but where SQLite rebuilds a page of a tree it moves the
 * rows that stay and leaves their old images in the gap between them and the
 * page's directory: a row erased later is found there still (measured: 7 of
 * 10,000). So every page that the writer moves from the log into the database
 * passes through here, and its gap, which nobody reads, is written as zeros.
 * Private to daemon/store. */
#ifndef CONVENED_STORE_SCRUB_H
#define CONVENED_STORE_SCRUB_H

#include <stddef.h>

/* The VFS to open the writer's connection with; NULL: SQLite has none that
 * it could stand on. */
const char *scrub_vfs(void);

/* Clears the gap of one page of `size` bytes that stands `at_start` of the
 * file or not. What is no page of a tree stays as it is. */
void scrub_page(unsigned char *page, size_t size, int at_start);

#endif
