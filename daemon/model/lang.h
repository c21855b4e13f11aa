/* The languages of the site, and texts that exist in both. */
#ifndef CONVENED_MODEL_LANG_H
#define CONVENED_MODEL_LANG_H

#include <stdbool.h>

enum lang { LANG_DE, LANG_EN, LANG_COUNT };

/* A text of an alliance's own: both are never NULL; English may be empty. */
struct bilingual {
    const char *de;
    const char *en;
};

const char *lang_code(enum lang);             /* "de", "en" */
bool lang_parse(const char *code, enum lang *);
/* The text in that language, the German one where it is missing. */
const char *lang_pick(const struct bilingual *, enum lang);

#endif
