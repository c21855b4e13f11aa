/* What the conditional and accept fields of a request ask for. Pure. */
#ifndef CONVENED_HTTP_NEGOTIATE_H
#define CONVENED_HTTP_NEGOTIATE_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/model/lang.h"

/* `field` is the value of Accept-Encoding, NULL if there was none. */
bool accepts_gzip(const char *field);
/* Accept-Language: German or English, whichever they want more; German
 * without a word, English for those who want neither (RFC 4647). */
enum lang accepts_lang(const char *field);
/* If-None-Match: is `etag` (with its quotes) in the list, or is it `*`? Weak
 * comparison (RFC 9110 13.1.2). */
bool etag_listed(const char *field, const char *etag);
/* If-Modified-Since: nothing newer? False for what is not a date. */
bool unmodified_since(const char *field, int64_t last_modified);
/* application/x-www-form-urlencoded, with or without parameters. */
bool type_is_form(const char *field);

#endif
