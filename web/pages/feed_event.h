/* A meeting as an event of a public calendar: no person, no join link. */
#ifndef CONVENED_PAGES_FEED_EVENT_H
#define CONVENED_PAGES_FEED_EVENT_H

#include "calendars/feed.h"
#include "web/pages/feed_content.h"

/* Strings live in the meeting or in the room's arena. `host`: the alliance's
 * name, NULL: none. */
struct cal_event feed_event_of(const struct feed_room *, const struct meeting *,
                            enum lang, const char *host);
/* Its public page. */
const char *feed_event_url(const struct feed_room *,
                             const struct meeting *, enum lang);

#endif
