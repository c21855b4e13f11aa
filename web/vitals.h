/* What the process knows about itself, for the pages that tell it: one for
 * all threads and all readings of the configuration. */
#ifndef CONVENED_WEB_VITALS_H
#define CONVENED_WEB_VITALS_H

#include <stdatomic.h>
#include <stdint.h>

#include "daemon/base/counter.h"
#include "daemon/http/meter.h"

/* What became of a letter that was given. The relay's failures are later and
 * refused; dropped: no longer true. */
enum fate { FATE_SENT, FATE_LATER, FATE_REFUSED, FATE_DROPPED, FATE_COUNT };

struct vitals {
    int64_t started_at;
    struct meters *meters;

    /* Written by the main thread. */
    struct counter letters_given; /* to the courier */
    struct counter fates[FATE_COUNT];
    struct counter courier_here; /* 0 or 1 */
    struct counter reloads, reload_faults;
};

#endif
