/* What stands in the feeds of the site (CALENDARS F, V7): listed meetings
 * that are published or called off, from `feed-past-days` ago on; those that
 * were called off leave 30 days after their end. Cut at whole days, so that
 * time alone changes the bytes at most once a day. No person, no join link.
 * Texts in the language of the alliance. */
#ifndef CONVENED_PAGES_FEED_CONTENT_H
#define CONVENED_PAGES_FEED_CONTENT_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/base/err.h"
#include "daemon/base/str.h"
#include "daemon/model/meeting.h"
#include "daemon/model/settings.h"
#include "daemon/store/db.h"

struct arena;

/* What a feed is made with. */
struct feed_room {
    struct reader *reader;
    const struct settings *settings;
    struct arena *arena;
    int64_t now;
};

struct feed_content {
    struct str body;
    /* The newest of all that these bytes depend on, also what left them by
     * time or by deletion; never after `now` (H2). */
    int64_t last_modified;
    int64_t valid_until; /* time alone changes them then; INT64_MAX: never */
};

/* The names as they stand in the path. */
struct feed_address {
    const char *alliance;
    const char *meeting;
    bool with_regions;
    const char *path; /* "/calendars/sachsen.ics" */
};

/* RC_NOT_FOUND: no such alliance or meeting, or nobody may see it. An
 * unlisted meeting has its own feed and download, as it has its page. */
MUST_USE enum rc feed_content_all(const struct feed_room *,
                                  const struct feed_address *,
                                  struct feed_content *, struct err *);
MUST_USE enum rc feed_content_alliance(const struct feed_room *,
                                       const struct feed_address *,
                                       struct feed_content *, struct err *);
MUST_USE enum rc feed_content_meeting(const struct feed_room *,
                                      const struct feed_address *,
                                      struct feed_content *, struct err *);
MUST_USE enum rc feed_content_download(const struct feed_room *,
                                       const struct feed_address *,
                                       struct feed_content *, struct err *);

/* When a meeting is no longer in a feed. */
int64_t feed_content_leaves_at(const struct meeting *, int64_t past_days);

#endif
