#include "web/view/words.h"

#include <assert.h>

#include "daemon/base/arena.h"
#include "web/view/format.h"
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

const char *words_place(struct arena *arena, enum lang lang, const char *zone,
                        const struct queue_place *place, enum mode own)
{
    const char *words = place->claim_by
        ? arena_printf(arena, tr(lang, "Seat offered until %s"),
                       format_short(arena, lang, zone, place->claim_by))
        : format_number(arena, lang, place->place);

    return place->mode == own
        ? words
        : arena_printf(arena, "%s: %s", words_mode(lang, place->mode), words);
}
