/* The mail process: asks the server's door for letters, builds and sends
 * them, tells what became of them. Holds neither database nor listener. */
#ifndef CONVENED_MAIL_COURIER_H
#define CONVENED_MAIL_COURIER_H

#include "daemon/base/err.h"
#include "daemon/model/settings.h"

/* Runs until SIGTERM; reconnects to the door as long as it takes. */
MUST_USE enum rc courier_run(const struct settings *, struct err *);

#endif
