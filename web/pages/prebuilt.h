/* Public pages as prebuilt answers: rendered at the first GET after a change,
 * then sent from memory (DESIGN section 2). */
#ifndef CONVENED_PAGES_PREBUILT_H
#define CONVENED_PAGES_PREBUILT_H

#include "web/pages/page.h"

/* What a builder leaves behind. */
struct prebuilt {
    struct str body;
    bool uses_seats;     /* it shows how many places are left */
    int64_t valid_until; /* time alone changes it then; INT64_MAX: never */
};

/* RC_NOT_FOUND becomes the 404 page; nothing of it is kept. */
typedef enum rc prebuilt_builder(struct request *, const struct page *,
                                 struct prebuilt *, struct err *);

/* Answers with the page of the request's path. */
void prebuilt_send(struct request *, prebuilt_builder *);

/* For pages that show the minute. */
int64_t prebuilt_next_minute(int64_t now);
/* For pages with a stamp. */
int64_t prebuilt_next_second(int64_t now);

#endif
