#include "daemon/version.h"

#include <event2/event.h>
#include <jansson.h>

#include "calendars/feed.h"
#include "daemon/base/address.h"
#include "daemon/base/arena.h"
#include "daemon/base/text.h"
#include "daemon/base/token.h"
#include "daemon/http/answer.h"
#include "daemon/mail/mime.h"
#include "daemon/mail/smtp.h"
#include "daemon/store/db.h"
#include "daemon/store/migrate.h"
#include "web/view/markdown.h"
#include "web/view/sheet.h"

#ifdef __SANITIZE_ADDRESS__
#define SANITIZERS " sanitizers"
#else
#define SANITIZERS ""
#endif

void version_print(struct str *out)
{
    struct arena *arena = arena_new();
    char ical[FEED_VERSION_TEXT];

    feed_library_version(ical);
    const struct {
        const char *name, *version;
    } libraries[] = {
        { "SQLite", db_library_version() },
        { "libevent", event_get_version() },
        { "libical", ical },
        { "libcurl", smtp_library_version() },
        { "GMime", mime_library_version(arena) },
        { "jansson", jansson_version_str() },
        { "libsodium", token_library_version() },
        { "cmark", markdown_library_version() },
        { "libunistring", text_library_version(arena) },
        { "libidn2", address_library_version() },
        { "libxlsxwriter", sheet_library_version() },
        { "zlib", answer_library_version() },
    };
    str_addf(out, "convened %s\n", PACKAGE_VERSION);
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++)
        str_addf(out, "%s %s\n", libraries[i].name, libraries[i].version);
    str_addf(out, "features: schema-%d tls=%s csv xlsx qr gzip idn "
             "socket-activation watchdog%s\n", schema_newest(),
             smtp_library_tls(), SANITIZERS);
    arena_free(&arena);
}
