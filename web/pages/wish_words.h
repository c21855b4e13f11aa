/* What somebody asks the organiser for, in words. */
#ifndef CONVENED_PAGES_WISH_WORDS_H
#define CONVENED_PAGES_WISH_WORDS_H

#include "daemon/model/wish.h"
#include "web/pages/page.h"

/* "Change of your details" */
const char *wish_about(enum lang, enum wish_kind);
/* What is wanted, a line for each field. */
void wish_entries(const struct page *, const struct benches *,
                  const struct wish *, struct view_entries *);

#endif
