/* The list of attendees on a meeting's page: the filter's form, the table,
 * its pages and its downloads. */
#ifndef CONVENED_PAGES_DESK_LIST_H
#define CONVENED_PAGES_DESK_LIST_H

#include "daemon/http/request.h"
#include "web/pages/desk_filter.h"
#include "web/pages/page.h"

struct desk_list {
    const struct page *page;
    const struct meeting *meeting;
    const struct pools *pools;
    const char *url; /* of the page, without a filter */
    struct desk_filter filter;
    bool may_export;
    const char *csrf; /* may decide: of the login; else NULL */
    struct benches benches;     /* the rest is desk_list_read()'s */
    struct queue_places queue;
    struct attendee_page people;
};

/* Reads one page of the people and counts the whole meeting. */
MUST_USE enum rc desk_list_read(struct desk_list *, struct err *);
/* So many people can be chosen one by one: with the form's other fields they
 * stay below limits.form-fields. */
size_t desk_list_picks_most(const struct page *);
/* What was read, as the page shows it. */
void desk_list_fill(const struct desk_list *, struct view_desk_list *);

#endif
