/* What somebody asks the organiser for, in words. */
#ifndef CONVENED_PAGES_WISH_WORDS_H
#define CONVENED_PAGES_WISH_WORDS_H

#include "daemon/model/wish.h"
#include "daemon/rules/answering.h"
#include "web/pages/ask_answers.h"
#include "web/pages/page.h"

/* "Change of your details" */
const char *wish_about(enum lang, enum wish_kind);
/* What is wanted, a line for each field. */
void wish_entries(const struct page *, const struct benches *,
                  const struct wish *, struct view_entries *);
/* "–" for none. */
const char *wish_answer_words(const struct page *, const struct question *,
                              const struct answer *);
/* Of WISH_ANSWERS: which answers would be others than those given. */
void wish_answer_changes(const struct page *, const struct ask_given *,
                         enum mode, const struct wish *,
                         struct answer_changes *);

#endif
