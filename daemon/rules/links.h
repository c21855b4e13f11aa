/* "Send me my link again": one letter with the links to all registrations at
 * meetings ahead whose letters go to that mailbox. */
#ifndef CONVENED_RULES_LINKS_H
#define CONVENED_RULES_LINKS_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/model/settings.h"
#include "daemon/store/db.h"

struct arena;

/* Whether somebody is registered shows neither in what this says nor in what
 * it costs. Counts as a step, for a proven address too: anybody may ask for
 * anybody. *letters: one is due. */
MUST_USE enum rc links_send(struct writer *, struct arena *, int64_t now,
                            const struct settings *, const char *address,
                            bool *letters, struct err *);

#endif
