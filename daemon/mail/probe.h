/* Does somebody answer there? For doctor, in its own process: the server
 * itself never connects to anything. */
#ifndef CONVENED_MAIL_PROBE_H
#define CONVENED_MAIL_PROBE_H

#include <stdint.h>

#include "daemon/base/err.h"
#include "daemon/model/settings.h"

struct arena;

/* Connects to mail.relay, greets it, and begins TLS if mail.tls asks for it;
 * signs in nowhere and sends nothing. RC_FAIL: why not. */
MUST_USE enum rc probe_relay(const struct settings *, int64_t seconds,
                             struct err *);

struct probe_answer {
    long status;          /* of HTTP */
    const char *location; /* where it sends us, in the arena; empty */
};

/* GETs an address as a browser would, past any proxy of the environment,
 * and follows nothing. `through` (NULL: as the name says) is a listening
 * place of ours, "127.0.0.1:8080" or "unix:/path", that is asked in its
 * stead. */
MUST_USE enum rc probe_site(struct arena *, const char *url,
                            const char *through, int64_t seconds,
                            struct probe_answer *, struct err *);

#endif
