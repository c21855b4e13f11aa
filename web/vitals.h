/* What the process knows about itself, for the pages that tell it: one for
 * all threads and all readings of the configuration. */
#ifndef CONVENED_WEB_VITALS_H
#define CONVENED_WEB_VITALS_H

#include <stdatomic.h>
#include <stdint.h>

#include "daemon/base/tally.h"
#include "daemon/http/meter.h"

struct vitals {
    int64_t started_at;
    struct meters *meters;

    /* Written by the main thread. */
    struct tally letters_given; /* to the courier */
    struct tally letters_sent, letters_later, letters_refused,
        letters_dropped; /* what became of them */
    struct tally courier_here; /* 0 or 1 */
    struct tally reloads, reload_faults;
};

#endif
