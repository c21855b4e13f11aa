/* Room for a crowd: the process's limit of open files. */
#ifndef CONVENED_DESCRIPTORS_H
#define CONVENED_DESCRIPTORS_H

#include <stdint.h>

/* Raises the soft limit, as far as the hard one allows, so that so many
 * connections fit beside what `workers` and the rest need for themselves.
 * Returns how many do fit; if that is fewer, the log is told. */
int64_t descriptors_make_room(int64_t connections, int64_t workers);

/* How many open files that takes. */
int64_t descriptors_needed(int64_t connections, int64_t workers);

#endif
