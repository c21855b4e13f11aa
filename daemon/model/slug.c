#include "daemon/model/slug.h"

#include <stdbool.h>
#include <string.h>

/* Words that mean something in an address, now or soon (PRODUCT.md 3). */
static const char *const reserved[] = {
    "all",            "api",
    "barrierefreiheit", "cancel",
    "calendars",      "datenschutz",
    "de",             "desk",
    "done",           "download",
    "embed",          "en",
    "feedback",       "gebaerdensprache",
    "impressum",      "kalender",
    "leichte-sprache", "private",
    "r",              "register",
    "sign-in",        "sign-out",
    "static",         "undo",
    "with-regions",
};

static bool is_good_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

enum slug_verdict slug_check(const char *slug)
{
    size_t length = strlen(slug);
    char before = '-';

    if (!length || length > SLUG_MOST)
        return SLUG_BAD;
    for (size_t i = 0; i < length; i++) {
        bool hyphen = slug[i] == '-' && before != '-';

        if (!hyphen && !is_good_character(slug[i]))
            return SLUG_BAD;
        before = slug[i];
    }
    if (before == '-')
        return SLUG_BAD;
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (strcmp(slug, reserved[i]) == 0)
            return SLUG_RESERVED;
    return SLUG_OK;
}

const char *slug_advice(enum slug_verdict verdict)
{
    static const char *const advice[] = {
        [SLUG_OK] = "",
        [SLUG_BAD] = "use 1 to 60 of a-z, 0-9 and single hyphens inside, "
                     "for example arbeit-2030",
        [SLUG_RESERVED] = "this word has a meaning in the site's addresses; "
                          "choose another",
    };

    return advice[verdict];
}
