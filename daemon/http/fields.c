#include "daemon/http/fields.h"

#include <assert.h>

#include "daemon/base/str.h"

/* Line and words from one row. */
#define STATUS(number, words) \
    { number, "HTTP/1.1 " #number " " words "\r\n", words }

static const struct status {
    int number;
    const char *line;
    const char *words;
} statuses[] = {
    STATUS(200, "OK"),
    STATUS(201, "Created"),
    STATUS(202, "Accepted"),
    STATUS(204, "No Content"),
    STATUS(301, "Moved Permanently"),
    STATUS(302, "Found"),
    STATUS(303, "See Other"),
    STATUS(304, "Not Modified"),
    STATUS(307, "Temporary Redirect"),
    STATUS(308, "Permanent Redirect"),
    STATUS(400, "Bad Request"),
    STATUS(401, "Unauthorized"),
    STATUS(403, "Forbidden"),
    STATUS(404, "Not Found"),
    STATUS(405, "Method Not Allowed"),
    STATUS(408, "Request Timeout"),
    STATUS(409, "Conflict"),
    STATUS(410, "Gone"),
    STATUS(411, "Length Required"),
    STATUS(413, "Content Too Large"),
    STATUS(414, "URI Too Long"),
    STATUS(415, "Unsupported Media Type"),
    STATUS(417, "Expectation Failed"),
    STATUS(421, "Misdirected Request"),
    STATUS(422, "Unprocessable Content"),
    STATUS(429, "Too Many Requests"),
    STATUS(431, "Request Header Fields Too Large"),
    STATUS(500, "Internal Server Error"),
    STATUS(501, "Not Implemented"),
    STATUS(503, "Service Unavailable"),
    STATUS(505, "HTTP Version Not Supported"),
};

static const struct status *find_status(int number)
{
    size_t count = sizeof statuses / sizeof *statuses;

    for (size_t i = 0; i < count; i++)
        if (statuses[i].number == number)
            return &statuses[i];
    return NULL;
}

const char *status_line(int number)
{
    const struct status *status = find_status(number);

    assert(status);
    return status->line;
}

const char *status_words(int number)
{
    const struct status *status = find_status(number);

    assert(status);
    return status->words;
}

bool privacy_forbids_storing(enum privacy privacy)
{
    return privacy == PRIVACY_PERSONAL || privacy == PRIVACY_DESK;
}

bool privacy_is_noindex(enum privacy privacy, const struct settings *settings)
{
    return privacy != PRIVACY_PUBLIC || settings->demo;
}

static const char everywhere[] =
    "Content-Security-Policy: default-src 'none'; style-src 'self'; "
    "img-src 'self'; script-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Permissions-Policy: camera=(), display-capture=(), geolocation=(), "
    "microphone=(), payment=(), usb=()\r\n";

void security_fields(struct str *out, const struct settings *settings,
                     enum privacy privacy)
{
    bool tells_nobody = privacy == PRIVACY_PERSONAL || privacy == PRIVACY_FEED;

    str_add(out, everywhere);
    str_add(out, tells_nobody ? "Referrer-Policy: no-referrer\r\n"
                              : "Referrer-Policy: same-origin\r\n");
    if (settings->secure)
        str_add(out, "Strict-Transport-Security: max-age=31536000\r\n");
    if (privacy_forbids_storing(privacy))
        str_add(out, "Cache-Control: no-store\r\n");
    if (privacy_is_noindex(privacy, settings))
        str_add(out, "X-Robots-Tag: noindex\r\n");
}
