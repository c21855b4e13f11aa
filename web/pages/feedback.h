/* Reporting a barrier: "/de/barrierefreiheit/melden". */
#ifndef CONVENED_PAGES_FEEDBACK_H
#define CONVENED_PAGES_FEEDBACK_H

#include "web/pages/page.h"

/* Addresses behind "/de/". */
#define FEEDBACK_FORM "barrierefreiheit/melden"
#define FEEDBACK_THANKS "barrierefreiheit/danke"

/* The form, asked for from the page at `path` (behind the language; NULL:
 * somebody's own page, of which nothing is told). */
const char *feedback_url(const struct page *, const char *path);

#endif
