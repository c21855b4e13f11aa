/* The accessibility statement: "/de/barrierefreiheit". */
#ifndef CONVENED_PAGES_STATEMENT_H
#define CONVENED_PAGES_STATEMENT_H

#include <stdbool.h>

#include "daemon/model/lang.h"
#include "web/pages/page.h"

/* Is there one: made from the configuration, or a text of the operator's. */
bool statement_is_there(const struct site *, enum lang);
/* All that it says itself, from settings and texts; the frame is not
 * filled. */
void statement_fill(const struct page *, struct view_statement *);

#endif
