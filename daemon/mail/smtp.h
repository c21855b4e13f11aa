/* Sending over kept connections. With probe.h the home of libcurl. */
#ifndef CONVENED_MAIL_SMTP_H
#define CONVENED_MAIL_SMTP_H

#include <stdint.h>

#include "daemon/base/err.h"
#include "daemon/mail/letters.h"
#include "daemon/model/settings.h"

struct event_base;
struct smtp;

/* Called from the loop, never from within smtp_send(). */
typedef void smtp_done(void *context, int64_t letter_id, enum delivery,
                       const char *remark);

MUST_USE enum rc smtp_new(struct event_base *, const struct settings *,
                          const char *password, smtp_done *, void *context,
                          struct smtp **, struct err *);
/* How many more letters may be under way now. */
int smtp_room(const struct smtp *);
/* Copies the message. Addresses were checked before (address.h). */
void smtp_send(struct smtp *, int64_t letter_id, const char *from,
               const char *to, const char *message, size_t length);
void smtp_free(struct smtp **);

const char *smtp_library_version(void); /* of libcurl, as it runs */
const char *smtp_library_tls(void);     /* what it speaks TLS with */

#endif
