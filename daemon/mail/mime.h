/* The bytes of a mail. With courier.c the only home of GMime. CALENDARS I1–I4,
 * I6–I8. */
#ifndef CONVENED_MAIL_MIME_H
#define CONVENED_MAIL_MIME_H

#include "daemon/base/str.h"
#include "daemon/mail/letters.h"

void mime_start(void); /* once */
void mime_write(const struct parts *, struct str *out);

#endif
