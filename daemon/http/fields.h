/* The fields that go on every answer (RELIABILITY section 5, G10). */
#ifndef CONVENED_HTTP_FIELDS_H
#define CONVENED_HTTP_FIELDS_H

#include "daemon/http/router.h"

struct str;

/* "HTTP/1.1 200 OK\r\n". An unknown status is our mistake (assert). */
const char *status_line(int status);
/* "OK" */
const char *status_words(int status);
/* The fields of security and privacy, each with its line end. */
void security_fields(struct str *, const struct settings *, enum privacy);
/* Does that privacy settle Cache-Control by itself? */
bool privacy_forbids_storing(enum privacy);
bool privacy_is_noindex(enum privacy, const struct settings *);

#endif
