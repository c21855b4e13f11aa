/* Support needs, and the log of what people were shown and agreed to. Both
 * run inside the writer's transaction of what they belong to. */
#ifndef CONVENED_RULES_SUPPORT_H
#define CONVENED_RULES_SUPPORT_H

#include <stdbool.h>

#include "daemon/model/notice.h"
#include "daemon/model/registration.h"
#include "daemon/model/support.h"
#include "daemon/rules/turn.h"
#include "daemon/store/db.h"

/* What somebody needs from now on; `consent`: the words to which they agreed
 * just now. Nothing at all withdraws (below), whatever `consent` is. A support
 * that is not empty without a consent is our mistake. */
MUST_USE enum rc support_write(struct writer *, int64_t now,
                               const struct registration *,
                               const struct support *,
                               const struct notice *consent, struct err *);
/* The needs go at once, the consent is noted as withdrawn. *was (may be
 * NULL): there was something; then the caller sets CHANGE_ERASED. */
MUST_USE enum rc support_withdraw(struct writer *, int64_t now,
                                  int64_t registration_id, bool *was,
                                  struct err *);
enum support_outcome {
    SUPPORT_KEPT,
    SUPPORT_WITHDRAWN, /* there is nothing, now */
    SUPPORT_PAST,      /* cancelled, the person or the meeting, or over:
                          nothing new is taken, only withdrawing goes on */
};
/* What somebody says about themselves through the mailed link, with the audit
 * line; what was said before is gone, and the caller sets CHANGE_ERASED. Not
 * bound to the deadline for changes. As every rule with a turn. */
MUST_USE enum rc support_change(struct turn *, const struct id *registration,
                                const struct support *,
                                const struct notice *consent,
                                enum support_outcome *, struct err *);
/* The page on data protection as it stood when somebody registered; NULL or
 * without words: there was none. */
MUST_USE enum rc support_note_notice(struct writer *, int64_t now,
                                     int64_t registration_id,
                                     const struct notice *, struct err *);

#endif
