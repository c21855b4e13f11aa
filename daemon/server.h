/* `convened serve`: locks the state, opens the store, starts writer, helpers
 * and workers, opens the doors, and ends them again in the reverse order. */
#ifndef CONVENED_SERVER_H
#define CONVENED_SERVER_H

#include <stdbool.h>

#include "daemon/base/err.h"
#include "daemon/command.h"
#include "daemon/model/settings.h"

struct server_options {
    const char *config_path; /* handed to the courier child */
    bool courier;            /* start one as a child */
    /* Called once when the site answers; NULL: not wanted. */
    void (*ready)(const struct settings *);
};

/* Returns when it was asked to stop. */
enum exit_code server_run(const struct settings *,
                          const struct server_options *);

#endif
