/* Signing in at the desk: throttled, never locked out (RELIABILITY section
 * 5). The slow hash happens between begin and finish, on a helper. */
#ifndef CONVENED_RULES_SIGNIN_H
#define CONVENED_RULES_SIGNIN_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/base/netaddr.h"
#include "daemon/model/account.h"
#include "daemon/model/settings.h"
#include "daemon/store/db.h"

struct arena;

struct signin {
    int64_t try_id;
    bool admitted;       /* false: too many tries, ask later */
    int64_t retry_after; /* seconds, if not admitted */
    int64_t delay;       /* seconds to wait before the answer: 0 2 4 8 15 */
    struct account account; /* id 0: nobody by that name; hash it anyway */
};

/* Records the try. With `exempt` the verdict is waived, the code runs. */
MUST_USE enum rc signin_begin(struct writer *, struct arena *, int64_t now,
                              const struct settings *, const char *email,
                              const struct netaddr *client, bool exempt,
                              struct signin *, struct err *);
/* The password was right: a new login; the try is forgiven. *secret goes
 * into the cookie and nowhere else. */
MUST_USE enum rc signin_finish(struct writer *, struct arena *, int64_t now,
                               const struct signin *, char **secret,
                               struct err *);

#endif
