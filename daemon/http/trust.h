/* What of a request's words about itself may be believed. Pure. */
#ifndef CONVENED_HTTP_TRUST_H
#define CONVENED_HTTP_TRUST_H

#include <stdbool.h>
#include <stddef.h>

#include "daemon/base/netaddr.h"

struct request;
struct settings;

/* Is this host[:port] a name of ours? base_host must match as it stands, and
 * so must one of `hosts` that has a port; without one any port is fine. */
bool trust_host(const struct settings *, const char *host, size_t length);
/* A configured proxy, or a Unix socket, which its permissions guard. */
bool trust_peer(const struct settings *, const struct netaddr *peer);
/* The client: for a trusted peer the last hop of X-Forwarded-For. */
struct netaddr trust_client(const struct settings *, const struct request *,
                            const struct netaddr *peer);
/* Did a trusted proxy take this in over plain http though we are https? */
bool trust_was_plain(const struct settings *, const struct request *,
                     const struct netaddr *peer);

#endif
