#include "web/view/words.h"

#include <assert.h>

#include "web/view/i18n.h"

const char *words_state(enum lang lang, enum registration_state state)
{
    static const char *const words[] = {
        [REG_UNCONFIRMED] = N_("Not yet confirmed"),
        [REG_PENDING] = N_("Awaiting approval"),
        [REG_REGISTERED] = N_("Registered"),
        [REG_WAITING] = N_("On the waiting list"),
        [REG_CANCELLED] = N_("Has cancelled"),
        [REG_DECLINED] = N_("Declined"),
    };

    assert((size_t)state < sizeof words / sizeof *words);
    return tr(lang, words[state]);
}

const char *words_mode(enum lang lang, enum mode mode)
{
    static const char *const words[MODE_COUNT] = {
        [MODE_ONSITE] = N_("On site"),
        [MODE_ONLINE] = N_("Online"),
    };

    return tr(lang, words[mode]);
}

const char *words_need(enum lang lang, enum support_need need)
{
    static const char *const words[SUPPORT_NEED_COUNT] = {
        [SUPPORT_SIGN_LANGUAGE] = N_("Sign language interpreting (DGS)"),
        [SUPPORT_CAPTIONS] = N_("Speech-to-text interpreting"),
        [SUPPORT_WHEELCHAIR] = N_("A place for a wheelchair"),
        [SUPPORT_ASSISTANCE] = N_("A place for an assistant"),
        [SUPPORT_HEARING_LOOP] = N_("A hearing loop"),
    };

    return tr(lang, words[need]);
}
