#include "web/view/i18n.h"

#include <assert.h>

#include "web/view/catalogues.h"
#include "web/view/mo.h"

static const char *find(enum lang lang, const char *text, size_t form)
{
    assert(lang >= 0 && lang < LANG_COUNT);
    const struct catalogue *catalogue = &catalogues[lang];
    return mo_find(catalogue->bytes, catalogue->length, text, form);
}

const char *tr(enum lang lang, const char *text)
{
    const char *found = find(lang, text, 0);

    return found ? found : text;
}

const char *trn(enum lang lang, const char *one, const char *many, long n)
{
    /* Both languages: Plural-Forms nplurals=2; plural=(n != 1). */
    const char *found = find(lang, one, n != 1);
    return found ? found : n == 1 ? one : many;
}
