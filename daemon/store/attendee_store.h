/* The attendee list of a meeting: found, counted, sorted and cut into pages
 * by one walk over one index (docs/decisions/0017-one-walk-for-the-list.md).
 */
#ifndef CONVENED_STORE_ATTENDEE_STORE_H
#define CONVENED_STORE_ATTENDEE_STORE_H

#include "daemon/store/registration_store.h"

/* What it is sorted by; within the same by name. */
enum attendee_sort {
    SORT_NAME,
    SORT_ORGANISATION, /* people without one come last */
    SORT_TIME,         /* of registration */
    SORT_STATE,
    SORT_MODE,
    SORT_QUEUE, /* who waits for a seat first, each queue in its order */
    SORT_COUNT,
};

/* Which part of the list. Pages hang on people and not on numbers, so that
 * somebody who comes in between shifts nobody. */
struct attendee_wish {
    enum attendee_sort sort;
    bool descending;
    int64_t limit;      /* rows on a page, at least 1 */
    const char *after;  /* the reference before the page's first; NULL: none */
    const char *before; /* the reference behind its last; NULL: none */
    bool last;          /* the last page */
    int64_t since;      /* for numbers.today */
};

struct attendee_page {
    int64_t total; /* whom the filter lets pass */
    int64_t first; /* how many of them stand before this page */
    struct registrations rows;
    struct registration_numbers numbers; /* of the whole meeting */
};

/* A reference that is not there any more leads to the first page. */
MUST_USE enum rc attendees_find(struct reader *, struct arena *,
                                const struct registration_filter *,
                                const struct attendee_wish *,
                                struct attendee_page *, struct err *);
MUST_USE enum rc attendees_count(struct reader *,
                                 const struct registration_filter *,
                                 int64_t *, struct err *);

#endif
