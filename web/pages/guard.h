/* Is it likely that a person sent this form? Who looks like a program is
 * asked once more, with everything kept that was typed; nobody is dropped
 * silently, and nobody is turned away but by sheer number (RELIABILITY
 * section 5, EXPERIENCE A10). */
#ifndef CONVENED_PAGES_GUARD_H
#define CONVENED_PAGES_GUARD_H

#include "web/pages/page.h"

enum guard_verdict {
    GUARD_ADMITS,
    GUARD_ASKED,    /* the request has been answered, with a question */
    GUARD_TOO_MANY, /* from this network; Retry-After has been set */
};

/* Of a form without faults, whose stamp is of `shown_at`; who is admitted is
 * counted. The form has a field GUARD_TRAP that nobody sees. Clients of
 * limits.exempt are asked only if they filled that in. */
enum guard_verdict guard_judge(struct request *, const struct page *,
                               const struct meeting *, int64_t shown_at,
                               int64_t *minutes_to_wait);

#define GUARD_TRAP "website"

/* The first look alone, for forms that are not about a meeting: too quick,
 * or the trap is filled. */
bool guard_suspects(const struct request *, const struct page *,
                    int64_t shown_at);

#endif
