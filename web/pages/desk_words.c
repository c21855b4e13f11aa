#include "web/pages/desk_words.h"

#include <assert.h>
#include <stddef.h>

#include "daemon/base/arena.h"
#include "daemon/base/text.h"
#include "daemon/rules/decide.h"
#include "web/view/i18n.h"
#include "web/view/views.h"

static const struct {
    const char *words;
    enum view_tone tone;
} phases[] = {
    [PHASE_DRAFT] = { N_("Draft"), TONE_PLAIN },
    [PHASE_SOON] = { N_("Opens later"), TONE_PLAIN },
    [PHASE_OPEN] = { N_("Open"), TONE_GOOD },
    [PHASE_WAITING] = { N_("Waiting list"), TONE_FEW },
    [PHASE_FULL] = { N_("Full"), TONE_FEW },
    [PHASE_CLOSED] = { N_("Closed"), TONE_PLAIN },
    [PHASE_PAST] = { N_("Over"), TONE_PLAIN },
    [PHASE_CANCELLED] = { N_("Cancelled"), TONE_OFF },
};

const char *desk_phase_words(enum lang lang, enum meeting_phase phase)
{
    assert((size_t)phase < sizeof phases / sizeof *phases);
    return tr(lang, phases[phase].words);
}

int desk_phase_tone(enum meeting_phase phase)
{
    assert((size_t)phase < sizeof phases / sizeof *phases);
    return (int)phases[phase].tone;
}

const char *desk_sorted_name(struct arena *arena, const struct person *person)
{
    const char *gap = *person->title && *person->given_name ? " " : "";
    const char *comma = *person->title || *person->given_name ? ", " : "";

    return arena_printf(arena, "%s%s%s%s%s", person->family_name, comma,
                        person->title, gap, person->given_name);
}

const char *desk_reason_fault(enum lang lang, const char *reason)
{
    if (text_has_control(reason, false))
        return tr(lang, "Please remove invisible characters here.");
    if (text_characters(reason) > DECIDE_REASON_MOST)
        return tr(lang, "Please use at most 500 characters.");
    return NULL;
}
