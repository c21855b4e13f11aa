#include "calendars/feed.h"

#include "calendars/color.h"
#include "calendars/entry.h"
#include "calendars/words.h"

/* Outlook shows a cancelled entry of a feed as if it took place (V7). */
static const char *const cancelled_prefix[LANG_COUNT] = {
    [LANG_DE] = "Abgesagt: ",
    [LANG_EN] = "Cancelled: ",
};

static const char *prefix_of(const struct cal_event *event)
{
    return event->cancelled ? cancelled_prefix[event->lang] : "";
}

/* Each pair says the same to two generations of programs (F2). */
static void put_name(struct ical *ical, const struct cal_feed *feed)
{
    struct arena *arena = ical_arena(ical);
    const char *name = words_name(arena, feed->name);
    const char *about = words_name(
        arena, feed->description ? feed->description : "");

    ical_text(ical, "NAME", name);
    ical_text(ical, "X-WR-CALNAME", name);
    if (!*about)
        return;
    ical_text(ical, "DESCRIPTION", about);
    ical_text(ical, "X-WR-CALDESC", about);
}

static void put_meta(struct ical *ical, const struct cal_feed *feed)
{
    const char *hex = feed->color != NULL ? color_hex(feed->color) : NULL;

    put_name(ical, feed);
    ical_plain(ical, "X-WR-TIMEZONE", feed->zone);
    ical_plain(ical, "REFRESH-INTERVAL", "PT1H");
    ical_param(ical, "VALUE", "DURATION");
    ical_plain(ical, "X-PUBLISHED-TTL", "PT1H");
    ical_uri(ical, "SOURCE", feed->source);
    if (hex) {
        ical_text(ical, "COLOR", feed->color);
        ical_plain(ical, "X-APPLE-CALENDAR-COLOR", hex);
    }
    if (feed->url)
        ical_uri(ical, "URL", feed->url);
    if (feed->changed_at != 0)
        ical_instant(ical, "LAST-MODIFIED", feed->changed_at);
}

enum rc feed_write(const struct cal_feed *feed, struct str *out,
                   struct err *err)
{
    struct ical *ical = entry_calendar(NULL);

    put_meta(ical, feed);
    entry_zones(ical, feed->events, feed->count);
    for (size_t i = 0; i < feed->count; i++) {
        const struct cal_event *event = &feed->events[i];

        entry_begin(ical, event, prefix_of(event));
        ical_end(ical);
    }

    enum rc rc = ical_write(ical, out, err);
    ical_free(&ical);
    return rc;
}

enum rc feed_write_download(const struct cal_event *event, struct str *out,
                            struct err *err)
{
    struct ical *ical = entry_calendar(NULL);

    entry_zones(ical, event, 1);
    entry_begin(ical, event, prefix_of(event));
    ical_end(ical);

    enum rc rc = ical_write(ical, out, err);
    ical_free(&ical);
    return rc;
}
