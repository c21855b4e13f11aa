#include "daemon/http/csrf.h"

#include <string.h>
#include <strings.h>

#include "daemon/base/arena.h"
#include "daemon/base/parse.h"
#include "daemon/base/token.h"
#include "daemon/http/request.h"
#include "daemon/http/trust.h"
#include "daemon/model/settings.h"

#define MINUTE 60
/* A clock that was set back may meet stamps from what is the future now. */
#define AHEAD_MOST (120 * MINUTE)
#define MINUTE_DIGITS 12

/* Our scheme and a name of ours: RFC 6454 7 has no path behind it. */
static bool origin_is_ours(const struct settings *settings, const char *origin)
{
    const char *scheme = settings->secure ? "https://" : "http://";
    size_t length = strlen(scheme);

    return strncasecmp(origin, scheme, length) == 0 &&
           trust_host(settings, origin + length, strlen(origin + length));
}

enum origin_verdict csrf_origin(const struct request *request,
                                const struct settings *settings)
{
    const char *site = request_field(request, "sec-fetch-site");
    const char *origin = request_field(request, "origin");
    bool named = origin && strcmp(origin, "null") != 0;

    if (named && !origin_is_ours(settings, origin))
        return ORIGIN_FOREIGN;
    if (site)
        return strcmp(site, "same-origin") == 0 || strcmp(site, "none") == 0
                   ? ORIGIN_OURS
                   : ORIGIN_FOREIGN;
    return named ? ORIGIN_OURS : ORIGIN_UNKNOWN;
}

static char *stamped_text(struct arena *arena, const char *subject,
                          int64_t minute)
{
    return arena_printf(arena, "%lld %s", (long long)minute, subject);
}

char *stamp_make(struct arena *arena, const struct keyring *keys,
                 const char *subject, int64_t now)
{
    int64_t minute = now / MINUTE;

    return arena_printf(arena, "%lld.%s", (long long)minute,
                        mac_text(arena, keys, TOKEN_STAMP,
                                 stamped_text(arena, subject, minute)));
}

enum stamp_verdict stamp_check(const struct keyring *keys,
                               const char *subject, const char *stamp,
                               int64_t now, int64_t *minute)
{
    char digits[MINUTE_DIGITS + 1];
    size_t length = strcspn(stamp, ".");
    int64_t number;

    *minute = 0;
    if (length > MINUTE_DIGITS || !stamp[length])
        return STAMP_FALSE;
    memcpy(digits, stamp, length);
    digits[length] = '\0';
    if (!parse_int(digits, 0, INT64_MAX / MINUTE, &number))
        return STAMP_FALSE;

    struct arena *arena = arena_new();
    bool valid = mac_text_valid(keys, TOKEN_STAMP,
                                stamped_text(arena, subject, number),
                                stamp + length + 1);
    arena_free(&arena);
    if (!valid)
        return STAMP_FALSE;
    *minute = number * MINUTE;
    int64_t age = now - *minute;
    return age > STAMP_LIFE || age < -AHEAD_MOST ? STAMP_OLD : STAMP_OK;
}
