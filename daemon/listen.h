/* The sockets that the site listens on: opened by us, or handed over by the
 * service manager (sd_listen_fds(3), without libsystemd). */
#ifndef CONVENED_LISTEN_H
#define CONVENED_LISTEN_H

#include <stdbool.h>
#include <stddef.h>

#include "daemon/base/err.h"
#include "daemon/model/settings.h"

#define LISTEN_MOST 16
#define LISTEN_FIRST_FD 3 /* of those that are handed over */

/* All non-blocking and close on exec. */
struct listening {
    struct listened {
        int fd;
        bool operators; /* for nobody else */
    } sockets[LISTEN_MOST];
    size_t count;
};

/* Adds "127.0.0.1:8080", "[::1]:8080" or "unix:/path". On RC_FAIL nothing at
 * all is left open. */
MUST_USE enum rc listen_open(const struct words *, bool operators,
                             struct listening *, struct err *);
/* Adds what LISTEN_PID, LISTEN_FDS and LISTEN_FDNAMES hand to this process,
 * and takes these out of the environment: before the first thread. Sockets
 * named "metrics" or "admin" are for operators, all others for the site.
 * RC_FAIL: one of them does not listen for streams, or they are more than
 * LISTEN_MOST. */
MUST_USE enum rc listen_take(struct listening *, struct err *);
/* The same for `count` descriptors from `first` on; names separated by
 * colons, NULL: none. */
MUST_USE enum rc listen_adopt(int first, size_t count, const char *names,
                              struct listening *, struct err *);
bool listen_has_site(const struct listening *);
void listen_close(struct listening *);

#endif
