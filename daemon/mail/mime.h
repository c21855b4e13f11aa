/* The bytes of a mail (CALENDARS I1–I4, I6–I8). The only home of GMime. */
#ifndef CONVENED_MAIL_MIME_H
#define CONVENED_MAIL_MIME_H

#include "daemon/base/str.h"
#include "daemon/mail/letters.h"

struct arena;

void mime_start(void); /* once */
void mime_write(const struct parts *, struct str *out);

char *mime_library_version(struct arena *); /* of GMime, as it runs */

#endif
