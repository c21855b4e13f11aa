/* struct parts as it crosses the courier's door: a JSON object by field
 * name. One table (parts.c) writes and reads it. */
#ifndef CONVENED_MAIL_PARTS_H
#define CONVENED_MAIL_PARTS_H

#include <jansson.h>
#include <stdbool.h>

#include "daemon/mail/letters.h"

/* A new reference; the caller gives it away. */
json_t *parts_pack(const struct parts *);
/* Everything is copied into the arena. False: a field is missing, of the
 * wrong type, or could break out of its header; nothing may be sent then. */
bool parts_unpack(struct arena *, const json_t *, struct parts *);

#endif
