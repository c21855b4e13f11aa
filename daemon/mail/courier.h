/* The mail process: asks the server's door for letters, builds and sends
 * them, tells what became of them. Holds neither database nor listener. */
#ifndef CONVENED_MAIL_COURIER_H
#define CONVENED_MAIL_COURIER_H

#include "daemon/base/err.h"
#include "daemon/model/settings.h"

struct arena;

/* Reads the settings afresh, into the arena. RC_FAIL: the log knows what is
 * wrong with them. */
struct courier_source {
    enum rc (*read)(const void *context, const struct settings *old,
                    struct arena *, struct settings *);
    const void *context;
};

/* Runs until SIGTERM; reconnects to the door as long as it takes. SIGHUP reads
 * settings and password again: once the letters under way have been told of,
 * it begins anew with those, or goes on with what it has if they are at fault
 * (source NULL: there is nothing to read). */
MUST_USE enum rc courier_run(const struct settings *,
                             const struct courier_source *, struct err *);

#endif
