/* The sockets that the site listens on. */
#ifndef CONVENED_LISTEN_H
#define CONVENED_LISTEN_H

#include <stddef.h>

#include "daemon/base/err.h"
#include "daemon/model/settings.h"

#define LISTEN_MOST 16

struct listening {
    int fds[LISTEN_MOST];
    size_t count;
};

/* "127.0.0.1:8080", "[::1]:8080" or "unix:/path"; non-blocking, close on
 * exec. On RC_FAIL nothing is left open. */
MUST_USE enum rc listen_open(const struct words *, struct listening *,
                             struct err *);
void listen_close(struct listening *);

#endif
