/* The names of Unix sockets. */
#ifndef CONVENED_LOCAL_H
#define CONVENED_LOCAL_H

#include <sys/un.h>

#include "daemon/base/err.h"

/* RC_FAIL: a socket cannot have a name as long as that. */
MUST_USE enum rc local_address(const char *path, struct sockaddr_un *,
                               struct err *);
/* Makes the name free to be bound: removes a socket that a dead process left
 * behind, and never anything else. RC_FAIL: somebody answers there, or
 * something else is in the way. */
MUST_USE enum rc local_clear(const struct sockaddr_un *, struct err *);

#endif
