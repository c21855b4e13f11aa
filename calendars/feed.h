/* iCalendar feeds and single downloads (CALENDARS B, V, Z, F). The bytes
 * depend on the arguments alone. libical's only home is ical.c beside it. */
#ifndef CONVENED_CALENDARS_FEED_H
#define CONVENED_CALENDARS_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/base/err.h"
#include "daemon/base/str.h"
#include "daemon/model/lang.h"

/* One VEVENT, as plain text; NULL means absent. */
struct cal_event {
    const char *uid;
    int64_t sequence;
    int64_t stamp;    /* DTSTAMP; in a feed equal to changed_at (V4) */
    int64_t created_at;
    int64_t changed_at;
    int64_t starts_at, ends_at;
    const char *zone; /* IANA name; one that zone.h does not know is UTC */
    const char *summary;
    const char *description; /* plain text, may have line feeds */
    const char *location;    /* one line (V8) */
    bool has_geo;
    double latitude, longitude;
    const char *url;        /* public page */
    const char *categories; /* one category */
    bool cancelled;         /* STATUS, TRANSP and, in a feed, the prefix (V7) */
    enum lang lang;         /* of the prefix "Abgesagt: " */
};

struct cal_feed {
    const char *name;        /* , ; \ are taken out (B7) */
    const char *description; /* likewise */
    const char *source;      /* its own https address */
    const char *url;         /* its page */
    const char *color;       /* CSS3 name */
    const char *zone;
    enum lang lang;
    int64_t changed_at;
    const struct cal_event *events;
    size_t count;
};

/* The whole feed, no METHOD; valid when empty (F5). */
MUST_USE enum rc feed_write(const struct cal_feed *, struct str *out,
                            struct err *);
/* One event to keep, without feed metadata. */
MUST_USE enum rc feed_write_download(const struct cal_event *,
                                     struct str *out, struct err *);

#define FEED_VERSION_TEXT 32
void feed_library_version(char[FEED_VERSION_TEXT]); /* of libical */
/* Before the first thread: from then on libical ends the process when memory
 * is out, as we do, instead of going on with a calendar full of holes. */
void feed_library_start(void);

#endif
