/* The list of support needs at the desk: what its page and its download
 * share. */
#ifndef CONVENED_PAGES_DESK_SUPPORT_H
#define CONVENED_PAGES_DESK_SUPPORT_H

#include "web/pages/desk.h"

/* What was asked for and could not be had. Zeroed: nothing was. */
struct desk_support_wish {
    const char *reason; /* as typed; NULL: not yet */
    const char *error;  /* what is wrong with it; NULL: nothing */
};

/* Notes who looks, then shows the page. Both live in the request's arena. */
void desk_support_show(struct request *, const struct meeting *, int status,
                       const struct desk_support_wish *);

#endif
