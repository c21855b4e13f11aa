/* A password, where the admin types it. */
#ifndef CONVENED_COMMANDS_PASSWORD_H
#define CONVENED_COMMANDS_PASSWORD_H

#include "daemon/base/err.h"

struct arena;

/* Asks twice on a terminal, else takes the first line of standard input. An
 * empty answer, or `generate`, makes one up: *made_up is then that password,
 * else NULL. *hash is what is stored. RC_FAIL: it is too short or long. */
MUST_USE enum rc password_ask(struct arena *, int generate,
                              const char **made_up, const char **hash,
                              struct err *);

#endif
