#include "daemon/model/registration.h"

#include "daemon/base/arena.h"
#include "daemon/base/text.h"

bool registration_is_live(const struct registration *registration)
{
    return registration->state != REG_CANCELLED &&
           registration->state != REG_DECLINED;
}

bool registration_is_reached(const struct registration *registration)
{
    return registration_is_live(registration) &&
           registration->state != REG_UNCONFIRMED;
}

const char *registration_state_word(enum registration_state state)
{
    static const char *const words[] = {
        [REG_UNCONFIRMED] = "unconfirmed", [REG_PENDING] = "pending",
        [REG_REGISTERED] = "registered",   [REG_WAITING] = "waiting",
        [REG_CANCELLED] = "cancelled",     [REG_DECLINED] = "declined",
    };

    return words[state];
}

const char *registration_name_fold(struct arena *arena,
                                   const struct person *person)
{
    return person->name_fold
        ? person->name_fold
        : text_fold_same(arena, arena_printf(arena, "%s %s",
                                             person->given_name,
                                             person->family_name));
}
