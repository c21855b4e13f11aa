/* What somebody entered, as lines of label and value. */
#ifndef CONVENED_PAGES_ENTRIES_H
#define CONVENED_PAGES_ENTRIES_H

#include "web/pages/page.h"
#include "web/pages/signup_form.h"

/* "Dr. Zoë Muster" */
const char *entries_name(const struct page *, const struct person *);
/* Empty ones are left out. */
void entries_fill(const struct page *, const struct person *, enum mode,
                  const struct benches *, struct view_entries *);

#endif
