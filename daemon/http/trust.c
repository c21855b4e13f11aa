#include "daemon/http/trust.h"

#include <string.h>
#include <strings.h>

#include "daemon/http/request.h"
#include "daemon/model/settings.h"

static bool same_host(const char *ours, const char *host, size_t length)
{
    return strlen(ours) == length && strncasecmp(ours, host, length) == 0;
}

/* Where ":port" begins, behind the brackets of an IPv6 literal. */
static size_t without_port(const char *host, size_t length)
{
    const char *bracket = memchr(host, ']', length);
    size_t skip = bracket ? (size_t)(bracket - host) : 0;
    const char *colon = memchr(host + skip, ':', length - skip);

    return colon ? (size_t)(colon - host) : length;
}

static bool is_port(const char *text, size_t length)
{
    if (length == 0)
        return true;
    if (length < 2 || length > 6)
        return false;
    for (size_t i = 1; i < length; i++)
        if (text[i] < '0' || text[i] > '9')
            return false;
    return true;
}

bool trust_host(const struct settings *settings, const char *host,
                size_t length)
{
    if (same_host(settings->base_host, host, length))
        return true;
    size_t name = without_port(host, length);
    bool port = is_port(host + name, length - name);

    for (size_t i = 0; i < settings->hosts.count; i++) {
        const char *ours = settings->hosts.items[i];
        bool any_port = without_port(ours, strlen(ours)) == strlen(ours);

        if (same_host(ours, host, length) ||
            (any_port && port && same_host(ours, host, name)))
            return true;
    }
    return false;
}

bool trust_peer(const struct settings *settings, const struct netaddr *peer)
{
    return peer->local || netranges_hold(&settings->proxies, peer);
}

/* The last field of that name: ours, if the proxy adds one of its own. */
static const char *last_field(const struct request *request, const char *name)
{
    for (size_t i = request->field_count; i-- > 0;)
        if (strcmp(request->fields[i].name, name) == 0)
            return request->fields[i].value;
    return NULL;
}

struct netaddr trust_client(const struct settings *settings,
                            const struct request *request,
                            const struct netaddr *peer)
{
    const char *hops = last_field(request, "x-forwarded-for");
    struct netaddr client;

    if (!hops || !trust_peer(settings, peer))
        return *peer;
    const char *comma = strrchr(hops, ',');
    const char *last = comma ? comma + 1 : hops;
    last += strspn(last, " \t");
    return netaddr_parse(last, &client) ? client : *peer;
}

bool trust_was_plain(const struct settings *settings,
                     const struct request *request,
                     const struct netaddr *peer)
{
    const char *scheme = last_field(request, "x-forwarded-proto");

    return settings->secure && scheme && strcasecmp(scheme, "http") == 0 &&
           trust_peer(settings, peer);
}
