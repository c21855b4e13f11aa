/* Which language a browser would rather read. */
#ifndef CONVENED_PAGES_LANGUAGE_H
#define CONVENED_PAGES_LANGUAGE_H

#include "daemon/model/lang.h"

/* By Accept-Language (RFC 9110 12.5.4), which may be NULL or nonsense:
 * German unless English is wanted more. */
enum lang language_choose(const char *accept_language);
/* The language that an address begins with ("/en/…"), else by the field. */
enum lang language_of_path(const char *path, const char *accept_language);

#endif
