/* What time alone ends: addresses that nobody confirmed, and offers that
 * nobody took. */
#ifndef CONVENED_RULES_EXPIRE_H
#define CONVENED_RULES_EXPIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/model/settings.h"
#include "daemon/store/db.h"

struct expired {
    bool more;    /* there may be more that is due: ask again */
    bool erased;  /* somebody's data has gone */
    bool letters;
    bool seats;
    bool running; /* nothing more is due, but something will be one day */
};
/* One party whose offer lapsed, or up to `limit` people who did not confirm:
 * these are erased without a trace but the meeting's tally. The seats go to
 * the next in the queue. */
MUST_USE enum rc expire_due(struct writer *, int64_t now, int64_t limit,
                            const struct settings *, struct expired *,
                            struct err *);

#endif
