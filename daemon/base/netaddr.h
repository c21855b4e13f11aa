/* Addresses of clients and ranges of them. IPv4-mapped IPv6 counts as IPv4. */
#ifndef CONVENED_BASE_NETADDR_H
#define CONVENED_BASE_NETADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sockaddr;

struct netaddr {
    uint8_t bytes[16]; /* IPv4 in the last four, ::ffff:0:0/96 before */
    bool local;        /* a Unix socket: no address at all */
};

struct netrange {
    struct netaddr base;
    unsigned bits; /* of 128 */
};

struct netranges {
    struct netrange *items;
    size_t count;
};

#define NETADDR_TEXT 64

struct netaddr netaddr_of(const struct sockaddr *);
bool netaddr_parse(const char *, struct netaddr *);
bool netrange_parse(const char *, struct netrange *); /* "10.0.0.0/8", "::1" */
bool netranges_hold(const struct netranges *, const struct netaddr *);

bool netaddr_is_loopback(const struct netaddr *); /* a Unix socket, too */
/* One machine: an IPv4 address, or the /64 that an IPv6 host has to itself. */
struct netaddr netaddr_host(const struct netaddr *);
/* The client's prefix: /24 for IPv4, /48 for IPv6. What is logged and what
 * rate limits count by (RELIABILITY section 6). */
struct netaddr netaddr_prefix(const struct netaddr *);
const char *netaddr_text(const struct netaddr *, char[NETADDR_TEXT]);
const char *netaddr_prefix_text(const struct netaddr *, char[NETADDR_TEXT]);

#endif
