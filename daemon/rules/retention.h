/* The nightly end of the time for which personal data was asked (EXPERIENCE
 * A33): from promise_due() on, everybody who registered is erased, and what
 * they need already from promise_support_due() on. */
#ifndef CONVENED_RULES_RETENTION_H
#define CONVENED_RULES_RETENTION_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/model/settings.h"
#include "daemon/store/db.h"

struct purged {
    int64_t people; /* in this call */
    int64_t support; /* likewise, of how many what they need has gone */
    bool more;      /* there is more to do: call again, in a new transaction */
    bool letters;   /* files of letters are to be deleted */
};
/* Erases at most `limit` people and as many support needs whose day has come,
 * and ends farewells that
 * were never answered. */
MUST_USE enum rc retention_purge(struct writer *, int64_t now, int64_t limit,
                                 const struct settings *, struct purged *,
                                 struct err *);

#endif
