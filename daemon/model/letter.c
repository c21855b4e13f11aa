#include "daemon/model/letter.h"

#include <string.h>

const char *letter_kind_word(enum letter_kind kind)
{
    static const char *const words[LETTER_KIND_COUNT] = {
        [LETTER_CONFIRMATION] = "confirmation",
        [LETTER_INVITATION] = "invitation",
        [LETTER_GOODBYE] = "goodbye",
        [LETTER_WITHDRAWAL] = "withdrawal",
        [LETTER_ALREADY] = "already",
        [LETTER_CALLED_OFF] = "called-off",
        [LETTER_CONFIRM_ADDRESS] = "confirm-address",
        [LETTER_WAITING] = "waiting",
        [LETTER_MOVED_UP] = "moved-up",
        [LETTER_OFFER] = "offer",
        [LETTER_LAPSED] = "lapsed",
        [LETTER_PENDING] = "pending",
        [LETTER_DECLINED] = "declined",
        [LETTER_CHANGED] = "changed",
        [LETTER_HANDED_OVER] = "handed-over",
        [LETTER_LINKS] = "links",
        [LETTER_WISH_TO_HOST] = "wish-to-host",
        [LETTER_WISH_DECLINED] = "wish-declined",
        [LETTER_FEEDBACK] = "feedback",
    };

    return words[kind];
}

static const char *const state_words[LETTER_STATE_COUNT] = {
    [LETTER_QUEUED] = "queued",         [LETTER_SENT] = "sent",
    [LETTER_REFUSED] = "refused",       [LETTER_SUPPRESSED] = "suppressed",
    [LETTER_DROPPED] = "dropped",
};

const char *letter_state_word(enum letter_state state)
{
    return state_words[state];
}

bool letter_state_parse(const char *word, enum letter_state *state)
{
    for (int i = 0; i < LETTER_STATE_COUNT; i++)
        if (strcmp(word, state_words[i]) == 0) {
            *state = (enum letter_state)i;
            return true;
        }
    return false;
}
