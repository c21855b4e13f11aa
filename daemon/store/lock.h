/* Who owns the state directory: one process at a time. */
#ifndef CONVENED_STORE_LOCK_H
#define CONVENED_STORE_LOCK_H

#include "daemon/base/err.h"

/* *fd holds the lock until it is closed. RC_NOT_FOUND: somebody else has it. */
MUST_USE enum rc state_lock(const char *state_dir, int *fd, struct err *);

#endif
