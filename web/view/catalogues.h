/* The texts' translations as bytes: po/LANG.po through msgfmt and web/embed. */
#ifndef CONVENED_VIEW_CATALOGUES_H
#define CONVENED_VIEW_CATALOGUES_H

#include <stddef.h>

#include "daemon/model/lang.h"

struct catalogue {
    const unsigned char *bytes; /* a .mo file */
    size_t length;
};

extern const struct catalogue catalogues[LANG_COUNT];

#endif
