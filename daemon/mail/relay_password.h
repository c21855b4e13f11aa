/* Where the password for the relay comes from. */
#ifndef CONVENED_MAIL_RELAY_PASSWORD_H
#define CONVENED_MAIL_RELAY_PASSWORD_H

#include "daemon/base/err.h"
#include "daemon/model/settings.h"

struct arena;

/* From mail.password-file, else from the credentials that the service manager
 * hands over. *password is NULL if nobody signs in there. RC_FAIL: it is
 * missing, or others may read it. */
MUST_USE enum rc relay_password(struct arena *, const struct settings *,
                                char **password, struct err *);

#endif
