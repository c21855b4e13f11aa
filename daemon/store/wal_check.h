/* Is the log whole that a crash left behind? SQLite reads a log up to the
 * first frame whose checksum is wrong and forgets what follows, without a
 * word: right after a power cut, whose torn frames nobody was told of, and
 * wrong if the disk changed a byte of what was long confirmed. The two can be
 * told apart: a transaction is written only when the fsync of the one before
 * it has returned, so a bad frame with a later transaction behind it was once
 * good. Damage in the very last transaction looks like a power cut and is
 * taken for one. Private to daemon/store. */
#ifndef CONVENED_STORE_WAL_CHECK_H
#define CONVENED_STORE_WAL_CHECK_H

#include "daemon/base/err.h"

/* Reads "PATH-wal"; before SQLite does. RC_FAIL: confirmed commits in it are
 * damaged, or it cannot be read. No log is a good log. */
MUST_USE enum rc wal_check(const char *path, struct err *);

#endif
