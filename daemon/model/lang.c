#include "daemon/model/lang.h"

#include <string.h>

static const char *const codes[LANG_COUNT] = {
    [LANG_DE] = "de",
    [LANG_EN] = "en",
};

const char *lang_code(enum lang lang)
{
    return codes[lang];
}

bool lang_parse(const char *code, enum lang *lang)
{
    for (int i = 0; i < LANG_COUNT; i++)
        if (strcmp(code, codes[i]) == 0) {
            *lang = (enum lang)i;
            return true;
        }
    return false;
}

const char *lang_pick(const struct bilingual *text, enum lang lang)
{
    return lang == LANG_EN && *text->en ? text->en : text->de;
}
