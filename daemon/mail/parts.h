/* struct parts as it crosses the courier's door: a JSON object by field
 * name, in which a body is only its length, and then the bodies themselves
 * (docs/decisions/0020). One table (parts.c) writes and reads it. */
#ifndef CONVENED_MAIL_PARTS_H
#define CONVENED_MAIL_PARTS_H

#include <jansson.h>
#include <stdbool.h>

#include "daemon/mail/letters.h"

/* Text, HTML, calendar. */
#define PARTS_BODIES 3

/* A new reference; the caller gives it away. */
json_t *parts_pack(const struct parts *);
/* The bodies in the order in which they follow the object's line; how many.
 * They are the parts' own. */
size_t parts_bodies(const struct parts *, const char *bodies[PARTS_BODIES]);

/* How many bytes follow the object's line. False: it does not say, or more
 * than a letter may have. */
bool parts_announced(const json_t *, size_t *length);
/* `bodies` are as many bytes as were announced; everything is copied into the
 * arena. False: a field is missing, of the wrong type, no UTF-8, or could
 * break out of its header; nothing may be sent then. */
bool parts_unpack(struct arena *, const json_t *, const char *bodies,
                  struct parts *);

#endif
