/* What the page behind a receipt says: how everybody stands, and what happens
 * next. The same for somebody who was registered before. */
#ifndef CONVENED_PAGES_RECEIPT_WORDS_H
#define CONVENED_PAGES_RECEIPT_WORDS_H

#include "web/pages/page.h"
#include "web/pages/receipt.h"

void receipt_words_fill(const struct page *, const struct meeting *,
                        const struct receipt *, struct view_done *);

#endif
