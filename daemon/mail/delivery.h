/* What became of a letter, as courier and server tell each other. */
#ifndef CONVENED_MAIL_DELIVERY_H
#define CONVENED_MAIL_DELIVERY_H

#include <stdbool.h>

#include "daemon/mail/letters.h"

struct arena;

const char *delivery_word(enum delivery); /* "sent", "later", "refused" */
bool delivery_parse(const char *, enum delivery *); /* NULL is none */
/* The courier's words, fit for a table of letters. */
char *delivery_remark(struct arena *, const char *);

#endif
