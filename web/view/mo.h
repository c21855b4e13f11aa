/* Reader of compiled message catalogues (GNU gettext's .mo, little-endian as
 * msgfmt writes them). Never trusts an offset: broken bytes find nothing. */
#ifndef CONVENED_VIEW_MO_H
#define CONVENED_VIEW_MO_H

#include <stddef.h>

/* Form `form` (0: singular or no plural at all) of the translation of msgid;
 * NULL if it is not there, empty, or the catalogue is broken at that place.
 * Lives as long as the bytes. */
const char *mo_find(const unsigned char *bytes, size_t length,
                    const char *msgid, size_t form);

#endif
