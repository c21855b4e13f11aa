#include "web/pages/language.h"

#include <string.h>
#include <strings.h>

/* "0.8" in thousandths; 1000 if there is none, 0 if it is no number. */
static int quality(const char *params, size_t length)
{
    const char *q = memmem(params, length, "q=", 2);
    int value = 0, scale = 1000;

    if (!q)
        return 1000;
    size_t rest = length - (size_t)(q + 2 - params);
    for (q += 2; rest > 0 && scale > 0; q++, rest--) {
        if (*q == '.')
            continue;
        if (*q < '0' || *q > '9')
            break;
        value += (*q - '0') * scale;
        scale /= 10;
    }
    return value > 1000 ? 1000 : value;
}

static bool names(const char *range, size_t length, const char *code)
{
    return length >= 2 && strncasecmp(range, code, 2) == 0 &&
           (length == 2 || range[2] == '-');
}

static void take_best(int *best, int q)
{
    if (q > *best)
        *best = q;
}

enum lang language_choose(const char *field)
{
    int de = 0, en = 0;

    while (field && *field) {
        field += strspn(field, " \t,");
        size_t length = strcspn(field, ",");
        size_t range = strcspn(field, ",; \t");
        int q = quality(field + range, length - range);

        if (names(field, range, "de"))
            take_best(&de, q);
        else if (names(field, range, "en"))
            take_best(&en, q);
        field += length;
    }
    return en > de ? LANG_EN : LANG_DE;
}

enum lang language_of_path(const char *path, const char *accept_language)
{
    if (path && strncmp(path, "/de", 3) == 0 &&
        (path[3] == '/' || path[3] == '\0'))
        return LANG_DE;
    if (path && strncmp(path, "/en", 3) == 0 &&
        (path[3] == '/' || path[3] == '\0'))
        return LANG_EN;
    return language_choose(accept_language);
}
