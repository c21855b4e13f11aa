/* Header fields that people's words go into, encoded and folded as RFC 2047
 * asks: GMime folds at 78 columns, where a line with encoded words may have
 * 76. Both write what follows "Name:", with the blank before it and the line
 * end after it. */
#ifndef CONVENED_MAIL_HEADER_H
#define CONVENED_MAIL_HEADER_H

#include "daemon/base/str.h"

/* `name` is the field's, without colon; `text` valid UTF-8 on one line. */
void header_text(struct str *, const char *name, const char *text);
/* One mailbox; person NULL or empty: the bare address, which was checked. */
void header_mailbox(struct str *, const char *name, const char *person,
                    const char *address);

#endif
