/* How the process and its disk are, for the pages that tell it. */
#ifndef CONVENED_PAGES_HEALTH_H
#define CONVENED_PAGES_HEALTH_H

#include <stdint.h>

#include "daemon/base/err.h"

/* Bytes that we may still write beside the database. RC_FAIL: it cannot be
 * told, or nothing can be written there at all. */
MUST_USE enum rc health_disk_free(const char *database, int64_t *bytes,
                                  struct err *);

#endif
