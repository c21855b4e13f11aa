/* Letters as files, for want of a relay: any mail program opens them. */
#ifndef CONVENED_MAIL_SPOOL_H
#define CONVENED_MAIL_SPOOL_H

#include <stddef.h>
#include <stdint.h>

#include "daemon/base/err.h"
#include "daemon/mail/letters.h"

struct arena;

/* Writes FOLDER/20270101T101500Z-000017-letter.eml all or nothing. The name
 * follows from the letter alone, sorts by time and tells of nobody; the same
 * letter written again replaces itself. */
MUST_USE enum rc spool_write(struct arena *, const char *folder,
                             int64_t letter_id, const struct parts *,
                             const void *message, size_t length,
                             struct err *);
/* No file of that letter is there afterwards, of whatever kind it was. */
MUST_USE enum rc spool_forget(struct arena *, const char *folder,
                              int64_t letter_id, int64_t written_at,
                              struct err *);

#endif
