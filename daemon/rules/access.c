#include "daemon/rules/access.h"

#include <assert.h>

#include "daemon/store/account_store.h"

#define BIT(right) (1u << (right))

/* A door helper sees names to find people, and takes no list home. What they
 * need is for those who arrange it. */
static const unsigned rights_of[] = {
    [ROLE_NONE] = 0,
    [ROLE_NUMBERS] = BIT(RIGHT_NUMBERS),
    [ROLE_DOOR] = BIT(RIGHT_NUMBERS) | BIT(RIGHT_PEOPLE),
    [ROLE_EDITOR] = BIT(RIGHT_NUMBERS) | BIT(RIGHT_PEOPLE) |
        BIT(RIGHT_EXPORT) | BIT(RIGHT_DECIDE) | BIT(RIGHT_SUPPORT),
    [ROLE_OWNER] = BIT(RIGHT_NUMBERS) | BIT(RIGHT_PEOPLE) |
        BIT(RIGHT_EXPORT) | BIT(RIGHT_DECIDE) | BIT(RIGHT_SUPPORT) |
        BIT(RIGHT_FEEDBACK),
};

bool role_has(enum role role, enum right right)
{
    assert((size_t)role < sizeof rights_of / sizeof *rights_of);
    assert(right < RIGHT_COUNT);
    return (rights_of[role] & BIT(right)) != 0;
}

enum rc access_check(struct reader *reader, const struct account *account,
                     int64_t alliance_id, enum right right, bool *may,
                     struct err *err)
{
    enum role role;
    enum rc rc = account_role_at(reader, account, alliance_id, &role, err);

    *may = rc == RC_OK && role_has(role, right);
    return rc;
}
