/* Small whole files: configuration, keys, texts, letters in a folder. */
#ifndef CONVENED_BASE_FILES_H
#define CONVENED_BASE_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "daemon/base/err.h"

struct arena;

/* NUL-terminated, in the arena. RC_NOT_FOUND if there is no such file;
 * RC_FAIL also if it is longer than `most` bytes. */
MUST_USE enum rc file_read(struct arena *, const char *path, size_t most,
                           char **data, size_t *length, struct err *);
/* As file_read; refuses a file that others may read (mode & 077). */
MUST_USE enum rc file_read_private(struct arena *, const char *path,
                                   size_t most, char **data, size_t *length,
                                   struct err *);
/* The same for one line of text; cuts the final line end. */
MUST_USE enum rc file_read_secret(struct arena *, const char *path,
                                  char **data, struct err *);
/* All or nothing, durable when it returns: written beside, fsync, rename,
 * fsync of the folder. */
MUST_USE enum rc file_write(const char *path, const void *, size_t length,
                            unsigned mode, struct err *);
/* A new file, whatever was there; not durable until file_sync(). RC_NOT_FOUND
 * if there is none at `from`. */
MUST_USE enum rc file_copy(const char *from, const char *to, unsigned mode,
                           struct err *);
/* What stands in the file, or which files in the folder of `path`, is on the
 * disk when it returns. */
MUST_USE enum rc file_sync(const char *path, struct err *);
MUST_USE enum rc folder_sync_of(const char *path, struct err *);
/* Makes the folder (not its parents) if it is missing. */
MUST_USE enum rc folder_make(const char *path, unsigned mode, struct err *);
/* The names in the folder that end so and do not begin with a dot, in the
 * order of their bytes. RC_NOT_FOUND if there is no such folder. */
MUST_USE enum rc folder_list(struct arena *, const char *path,
                             const char *ending, char ***names,
                             size_t *count, struct err *);

#endif
