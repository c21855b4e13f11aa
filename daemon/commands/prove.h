/* Looking for bytes in files: that somebody who was erased is in none. */
#ifndef CONVENED_COMMANDS_PROVE_H
#define CONVENED_COMMANDS_PROVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct str;

struct needle {
    const char *what;  /* "address": said in the report, which names nobody */
    const void *bytes;
    size_t length;
};
struct needles {
    struct needle *items;
    size_t count;
};
/* Adds it unless it is shorter than four bytes, which are anywhere, or there
 * already. The bytes are kept, not copied. */
void needle_add(struct arena *, struct needles *, const char *what,
                const void *bytes, size_t length);

struct proof {
    int64_t files, bytes; /* read from end to end */
    int64_t hits;
    int64_t unread;       /* what could not be read, folders included */
};
/* Reads every file in `folder` and below; a line in `said` for each file with
 * hits and each one that cannot be read. A folder that is not there holds
 * nothing. Adds to the proof. */
void prove_folder(const char *folder, const struct needles *,
                  struct proof *, struct str *said);

#endif
