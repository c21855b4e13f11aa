/* The filter of a list of attendees as it stands in the page's address:
 * ?q=…&state=…&mode=…&page=… (EXPERIENCE O5). The page, its links and the
 * download read the same words, so that the sheet is what the screen shows. */
#ifndef CONVENED_PAGES_DESK_FILTER_H
#define CONVENED_PAGES_DESK_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/store/registration_store.h"

struct arena;
struct request;

struct desk_filter {
    const char *search; /* never NULL */
    int state;          /* enum registration_state, or -1: any */
    int mode;           /* enum mode, or -1: any */
    int64_t page;       /* from 1 */
};

/* What cannot be understood is as if it were absent. */
void desk_filter_read(const struct request *, struct desk_filter *);
/* The same as a question to the store. */
struct registration_filter desk_filter_rows(const struct desk_filter *,
                                            int64_t meeting_id);
bool desk_filter_narrows(const struct desk_filter *);
/* `path` with this filter at that page; page 1 is not named. */
char *desk_filter_url(struct arena *, const char *path,
                      const struct desk_filter *, int64_t page);

/* How many pages `total` rows fill; at least 1. */
int64_t desk_page_count(int64_t total, int64_t page_size);

#endif
