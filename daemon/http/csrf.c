#include "daemon/http/csrf.h"

#include <string.h>
#include <strings.h>

#include "daemon/base/arena.h"
#include "daemon/base/parse.h"
#include "daemon/base/token.h"
#include "daemon/http/request.h"
#include "daemon/http/trust.h"
#include "daemon/model/settings.h"

/* A clock that was set back may meet stamps from what is the future now. */
#define AHEAD_MOST (2 * 3600)
#define SECOND_DIGITS 12

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
                          int64_t second)
{
    return arena_printf(arena, "%lld %s", (long long)second, subject);
}

char *stamp_make(struct arena *arena, const struct keyring *keys,
                 const char *subject, int64_t now)
{
    return arena_printf(arena, "%lld.%s", (long long)now,
                        mac_text(arena, keys, TOKEN_STAMP,
                                 stamped_text(arena, subject, now)));
}

enum stamp_verdict stamp_check(const struct keyring *keys,
                               const char *subject, const char *stamp,
                               int64_t now, int64_t *shown_at)
{
    char digits[SECOND_DIGITS + 1];
    size_t length = strcspn(stamp, ".");
    int64_t second;

    *shown_at = 0;
    if (length > SECOND_DIGITS || !stamp[length])
        return STAMP_FALSE;
    memcpy(digits, stamp, length);
    digits[length] = '\0';
    if (!parse_int(digits, 0, INT64_MAX, &second))
        return STAMP_FALSE;

    struct arena *arena = arena_new();
    bool valid = mac_text_valid(keys, TOKEN_STAMP,
                                stamped_text(arena, subject, second),
                                stamp + length + 1);
    arena_free(&arena);
    if (!valid)
        return STAMP_FALSE;
    *shown_at = second;
    int64_t age = now - second;
    return age > STAMP_LIFE || age < -AHEAD_MOST ? STAMP_OLD : STAMP_OK;
}

const char *stamp_again(struct arena *arena, const struct keyring *keys,
                        const char *subject, const char *sent, int64_t now)
{
    int64_t shown_at;

    return stamp_check(keys, subject, sent, now, &shown_at) == STAMP_OK
               ? sent
               : stamp_make(arena, keys, subject, now);
}
