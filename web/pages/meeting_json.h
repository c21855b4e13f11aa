/* A meeting for machines: schema.org Event as a JSON-LD data block. */
#ifndef CONVENED_PAGES_MEETING_JSON_H
#define CONVENED_PAGES_MEETING_JSON_H

#include "web/pages/page.h"

/* Says nothing that the page does not say; the join link least of all. */
struct safe_html meeting_json(const struct page *, const struct meeting *,
                              const struct alliance *, const struct pools *);

#endif
