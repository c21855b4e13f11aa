/* What a role may do. One table; pages and commands ask here. */
#ifndef CONVENED_RULES_ACCESS_H
#define CONVENED_RULES_ACCESS_H

#include <stdbool.h>

#include "daemon/model/account.h"
#include "daemon/store/db.h"

enum right {
    RIGHT_NUMBERS,
    RIGHT_PEOPLE,
    RIGHT_EXPORT,
    RIGHT_DECIDE,  /* approve and decline, grant and refuse */
    RIGHT_SUPPORT, /* what people need to take part well: DSGVO Art. 9 */
    RIGHT_FEEDBACK, /* reported barriers; of the whole site */
    RIGHT_COUNT,
};

bool role_has(enum role, enum right);
/* *may: has the account that right at this alliance, by its role there or at
 * the parent. */
MUST_USE enum rc access_check(struct reader *, const struct account *,
                              int64_t alliance_id, enum right, bool *may,
                              struct err *);

#endif
