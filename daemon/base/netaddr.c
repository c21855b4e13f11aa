#include "daemon/base/netaddr.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "daemon/base/parse.h"

#define V4_BITS 96 /* the bits before an IPv4 address */
#define PREFIX_V4 (V4_BITS + 24)
#define PREFIX_V6 48
#define HOST_V6 64

static const uint8_t v4_head[12] = { [10] = 0xff, [11] = 0xff };

static bool is_v4(const struct netaddr *address)
{
    return memcmp(address->bytes, v4_head, sizeof v4_head) == 0;
}

static struct netaddr from_v4(const void *four)
{
    struct netaddr address = { 0 };

    memcpy(address.bytes, v4_head, sizeof v4_head);
    memcpy(address.bytes + sizeof v4_head, four, 4);
    return address;
}

struct netaddr netaddr_of(const struct sockaddr *socket_address)
{
    struct netaddr address = { .local = true };

    if (socket_address->sa_family == AF_INET) {
        struct sockaddr_in in;

        memcpy(&in, socket_address, sizeof in);
        return from_v4(&in.sin_addr);
    }
    if (socket_address->sa_family == AF_INET6) {
        struct sockaddr_in6 in6;

        memcpy(&in6, socket_address, sizeof in6);
        memcpy(address.bytes, &in6.sin6_addr, sizeof address.bytes);
        address.local = false;
    }
    return address;
}

bool netaddr_parse(const char *text, struct netaddr *address)
{
    struct in_addr v4;

    if (inet_pton(AF_INET, text, &v4) == 1) {
        *address = from_v4(&v4);
        return true;
    }
    *address = (struct netaddr){ 0 };
    return inet_pton(AF_INET6, text, address->bytes) == 1;
}

static struct netaddr cut(const struct netaddr *address, unsigned bits)
{
    struct netaddr prefix = *address;

    for (unsigned i = 0; i < sizeof prefix.bytes; i++) {
        unsigned keep = bits >= (i + 1) * 8 ? 8
                        : bits > i * 8      ? bits - i * 8
                                            : 0;
        prefix.bytes[i] &= (uint8_t)(0xff00u >> keep);
    }
    return prefix;
}

static bool same_bytes(const struct netaddr *a, const struct netaddr *b)
{
    return a->local == b->local &&
           memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

bool netrange_parse(const char *text, struct netrange *range)
{
    char base[NETADDR_TEXT];
    const char *slash = strchr(text, '/');
    size_t length = slash ? (size_t)(slash - text) : strlen(text);
    int64_t bits;

    if (length >= sizeof base)
        return false;
    memcpy(base, text, length);
    base[length] = '\0';
    if (!netaddr_parse(base, &range->base))
        return false;

    bool v4 = is_v4(&range->base) && !strchr(base, ':');
    unsigned offset = v4 ? V4_BITS : 0;
    bits = 128 - offset;
    if (slash && !parse_int(slash + 1, 0, bits, &bits))
        return false;
    range->bits = offset + (unsigned)bits;
    /* Bits set behind the prefix are a slip of the pen: say so. */
    struct netaddr prefix = cut(&range->base, range->bits);
    return same_bytes(&prefix, &range->base);
}

bool netranges_hold(const struct netranges *ranges,
                    const struct netaddr *address)
{
    for (size_t i = 0; i < ranges->count; i++) {
        struct netaddr prefix = cut(address, ranges->items[i].bits);

        if (same_bytes(&prefix, &ranges->items[i].base))
            return true;
    }
    return false;
}

bool netaddr_is_loopback(const struct netaddr *address)
{
    static const uint8_t v6[16] = { [15] = 1 };

    return address->local ||
           (is_v4(address) && address->bytes[sizeof v4_head] == 127) ||
           memcmp(address->bytes, v6, sizeof v6) == 0;
}

struct netaddr netaddr_host(const struct netaddr *address)
{
    return is_v4(address) ? *address : cut(address, HOST_V6);
}

struct netaddr netaddr_prefix(const struct netaddr *address)
{
    if (address->local)
        return *address;
    return cut(address, is_v4(address) ? PREFIX_V4 : PREFIX_V6);
}

const char *netaddr_text(const struct netaddr *address,
                         char text[NETADDR_TEXT])
{
    bool v4 = is_v4(address);

    if (address->local)
        memcpy(text, "local", sizeof "local");
    else
        inet_ntop(v4 ? AF_INET : AF_INET6,
                  v4 ? address->bytes + sizeof v4_head : address->bytes, text,
                  NETADDR_TEXT);
    return text;
}

const char *netaddr_prefix_text(const struct netaddr *address,
                                char text[NETADDR_TEXT])
{
    struct netaddr prefix = netaddr_prefix(address);

    netaddr_text(&prefix, text);
    if (!prefix.local) {
        size_t length = strlen(text);

        snprintf(text + length, NETADDR_TEXT - length, "/%u",
                 is_v4(&prefix) ? PREFIX_V4 - V4_BITS : PREFIX_V6);
    }
    return text;
}
