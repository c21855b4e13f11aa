#include "daemon/model/registration.h"

const char *registration_state_word(enum registration_state state)
{
    static const char *const words[] = {
        [REG_UNCONFIRMED] = "unconfirmed", [REG_PENDING] = "pending",
        [REG_REGISTERED] = "registered",   [REG_WAITING] = "waiting",
        [REG_CANCELLED] = "cancelled",     [REG_DECLINED] = "declined",
    };

    return words[state];
}
