/* A meeting's page, with the form or what stands in its place. Shared by the
 * page itself and by the form's answers, which are the same page again. */
#ifndef CONVENED_PAGES_MEETING_PAGE_H
#define CONVENED_PAGES_MEETING_PAGE_H

#include "web/pages/page.h"
#include "web/pages/signup_party.h"

/* What the database says, as far as it was asked. */
struct meeting_data {
    struct meeting meeting;
    struct pools pools;
    struct benches benches;
    struct questions questions;
    struct alliance alliance; /* only after meeting_page_render() */
};

/* Meeting, pools, benches and questions. RC_NOT_FOUND: no such meeting, or
 * none that can be seen without being invited. */
MUST_USE enum rc meeting_data_load(const struct page *, const char *alliance,
                                   const char *slug, struct meeting_data *,
                                   struct err *);
struct signup_terms meeting_data_terms(const struct meeting_data *);

/* How this showing differs from the plain one. */
struct meeting_showing {
    const struct signup_party *form; /* NULL: empty */
    const char *stamp;   /* that the form keeps; NULL: a new one */
    const char *title;   /* of the window; NULL: "Registration" */
    const char *refused; /* why the last try was not taken; NULL: none */
    bool personal;       /* it holds what somebody typed */
};

/* Writes the page to `body`; *phase as shown. */
MUST_USE enum rc meeting_page_render(const struct page *,
                                     struct meeting_data *,
                                     const struct meeting_showing *,
                                     struct str *body,
                                     enum meeting_phase *phase,
                                     struct err *);

/* The stamp's subject: one form cannot vouch for another's. */
const char *meeting_page_subject(const struct meeting *);

#endif
