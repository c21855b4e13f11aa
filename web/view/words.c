#include "web/view/words.h"

#include <assert.h>

#include "daemon/base/arena.h"
#include "daemon/base/parse.h"
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

const char *words_address_advice(enum address_verdict verdict)
{
    switch (verdict) {
    case ADDRESS_OK:
        return NULL;
    case ADDRESS_EMPTY:
    case ADDRESS_NO_AT:
        return N_("Please enter an e-mail address, for example "
                  "name@example.org.");
    case ADDRESS_LOCAL_UTF8:
        return N_("Many mail servers cannot deliver to letters like ü before "
                  "the @. Please enter another address.");
    case ADDRESS_LOCAL_BAD:
        return N_("Please check what stands before the @: letters, digits "
                  "and . - _ + are possible there, as in "
                  "first.last@example.org.");
    case ADDRESS_DOMAIN_BAD:
        return N_("Please check what stands after the @, for example "
                  "name@example.org.");
    case ADDRESS_TOO_LONG:
        return N_("Please enter a shorter address, with at most 254 "
                  "characters.");
    }
    return NULL;
}

static const char *day_words(struct arena *arena, enum lang lang,
                             const char *iso)
{
    struct civil civil;

    return parse_day(iso, &civil)
        ? format_date(arena, lang, "UTC", civil_to_seconds(&civil)) : iso;
}

const char *words_answer(struct arena *arena, enum lang lang,
                         const struct question *question,
                         const struct answer *answer)
{
    if (!answer)
        return "";
    return question->kind == QUESTION_DATE && answer->value
        ? day_words(arena, lang, answer->value)
        : answer_words(arena, lang, question, answer);
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
