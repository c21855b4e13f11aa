#include "web/pages/feed_content.h"

#include <string.h>

#include "calendars/feed.h"
#include "daemon/base/arena.h"
#include "daemon/store/alliance_store.h"
#include "daemon/store/meeting_store.h"
#include "web/pages/feed_event.h"
#include "web/view/i18n.h"

#define FEED_MOST ((size_t)64 * 1024 * 1024)
#define DAY 86400
#define CANCELLED_DAYS 30 /* V7 */

int64_t feed_content_leaves_at(const struct meeting *meeting, int64_t past_days)
{
    int64_t days = past_days;

    if (meeting->state == MEETING_CANCELLED && days > CANCELLED_DAYS)
        days = CANCELLED_DAYS;
    return (meeting->ends_at / DAY + days + 1) * DAY;
}

static void begin_content(struct feed_content *content,
                          const struct feed_room *room)
{
    *content = (struct feed_content){ .valid_until = INT64_MAX };
    str_init(&content->body, room->arena, FEED_MOST);
}

static void note_change(struct feed_content *content, int64_t at)
{
    if (at > content->last_modified)
        content->last_modified = at;
}

/* Two edits within a second put the later one's stamp a second ahead. It is
 * told when it has come, or a date-based revalidation between them would miss
 * the second. */
static void end_changes(struct feed_content *content, int64_t now)
{
    if (content->last_modified <= now)
        return;
    if (content->last_modified < content->valid_until)
        content->valid_until = content->last_modified;
    content->last_modified = now;
}

/* The meetings that are still in the window move to the front; both what has
 * left and what will leave next are noted. */
static void cut_window(const struct feed_room *room,
                       struct meetings *meetings,
                       struct feed_content *content)
{
    size_t kept = 0;

    for (size_t i = 0; i < meetings->count; i++) {
        int64_t leaves = feed_content_leaves_at(&meetings->items[i],
                                        room->settings->feed_past_days);

        if (leaves <= room->now) {
            note_change(content, leaves);
            continue;
        }
        if (leaves < content->valid_until)
            content->valid_until = leaves;
        meetings->items[kept++] = meetings->items[i];
    }
    meetings->count = kept;
}

/* That of all its meetings, if they agree. */
static const char *zone_of(const struct meetings *meetings)
{
    const char *zone =
        meetings->count > 0 ? meetings->items[0].zone : "Europe/Berlin";

    for (size_t i = 1; i < meetings->count; i++)
        if (strcmp(meetings->items[i].zone, zone) != 0)
            return "Europe/Berlin";
    return zone;
}

static const char *host_name(const struct alliances *all, int64_t id,
                             enum lang lang)
{
    const struct alliance *host = alliance_find(all, id);

    return host ? lang_pick(&host->name, lang) : NULL;
}

static const struct cal_event *
events_of(const struct feed_room *room, const struct meetings *meetings,
          const struct alliances *hosts, enum lang lang)
{
    struct cal_event *events =
        ARENA_ARRAY(room->arena, struct cal_event, meetings->count + 1);

    for (size_t i = 0; i < meetings->count; i++)
        events[i] = feed_event_of(
            room, &meetings->items[i], lang,
            host_name(hosts, meetings->items[i].alliance_id, lang));
    return events;
}

/* Name, colour and addresses stand in `feed` already. */
static enum rc write_list(const struct feed_room *room,
                          const struct feed_address *address,
                          struct meetings *meetings,
                          const struct alliances *hosts,
                          struct cal_feed *feed,
                          struct feed_content *content, struct err *err)
{
    cut_window(room, meetings, content);
    end_changes(content, room->now);
    feed->description = arena_printf(
        room->arena, tr(feed->lang, "Meetings: %s"), feed->name);
    feed->source = arena_printf(room->arena, "%s%s",
                                room->settings->base_url, address->path);
    feed->zone = zone_of(meetings);
    feed->changed_at = content->last_modified;
    feed->events = events_of(room, meetings, hosts, feed->lang);
    feed->count = meetings->count;
    return feed_write(feed, &content->body, err);
}

static enum rc write_alliances(const struct feed_room *room,
                               const struct feed_address *address,
                               int64_t alliance_id,
                               const struct alliances *hosts,
                               struct cal_feed *feed,
                               struct feed_content *content, struct err *err)
{
    const struct meeting_filter filter = {
        .alliance_id = alliance_id,
        .with_regions = address->with_regions,
        .public_only = true,
    };
    struct meetings meetings;
    int64_t newest;

    begin_content(content, room);
    if (meeting_list(room->reader, room->arena, &filter, &meetings, err)
            == RC_FAIL ||
        meeting_newest_change(room->reader, alliance_id,
                                 address->with_regions, &newest, err)
            != RC_OK)
        return RC_FAIL;
    note_change(content, newest);
    return write_list(room, address, &meetings, hosts, feed, content, err);
}

/* The one alliance above all others; NULL: there are several, or none. */
static const struct alliance *only_root(const struct alliances *all)
{
    const struct alliance *root = NULL;

    for (size_t i = 0; i < all->count; i++)
        if (all->items[i].parent_id == 0) {
            if (root)
                return NULL;
            root = &all->items[i];
        }
    return root;
}

static void name_with_regions(const struct feed_room *room,
                              const struct alliance *alliance,
                              struct cal_feed *feed)
{
    feed->name =
        arena_printf(room->arena, tr(feed->lang, "%s with all regions"),
                     lang_pick(&alliance->name, feed->lang));
}

enum rc feed_content_all(const struct feed_room *room,
                         const struct feed_address *address,
                         struct feed_content *content, struct err *err)
{
    struct alliances all;

    if (alliance_list(room->reader, room->arena, &all, err) == RC_FAIL)
        return RC_FAIL;

    const struct alliance *root = only_root(&all);
    struct cal_feed feed = { .lang = root != NULL ? root->lang : LANG_DE };

    feed.url = arena_printf(room->arena, "%s/%s/", room->settings->base_url,
                            lang_code(feed.lang));
    if (root) {
        feed.color = root->color;
        name_with_regions(room, root, &feed);
    } else {
        feed.name = arena_printf(room->arena, "%s – %s",
                                 tr(feed.lang, "All meetings"),
                                 room->settings->base_host);
    }
    return write_alliances(room, address, 0, &all, &feed, content, err);
}

enum rc feed_content_alliance(const struct feed_room *room,
                              const struct feed_address *address,
                              struct feed_content *content, struct err *err)
{
    struct alliances all;
    struct alliance alliance;
    enum rc rc = alliance_by_slug(room->reader, room->arena,
                                  address->alliance, &alliance, err);

    if (rc != RC_OK)
        return rc;
    if (alliance_list(room->reader, room->arena, &all, err) == RC_FAIL)
        return RC_FAIL;

    struct cal_feed feed = {
        .name = lang_pick(&alliance.name, alliance.lang),
        .color = alliance.color,
        .lang = alliance.lang,
        .url = arena_printf(room->arena, "%s/%s/%s",
                            room->settings->base_url,
                            lang_code(alliance.lang), alliance.slug),
    };

    if (address->with_regions)
        name_with_regions(room, &alliance, &feed);
    return write_alliances(room, address, alliance.id, &all, &feed, content,
                           err);
}

/* A meeting that may be seen by its address, and its alliance. */
static enum rc find_meeting(const struct feed_room *room,
                            const struct feed_address *address,
                            struct meeting *meeting,
                            struct alliance *alliance, struct err *err)
{
    enum rc rc = meeting_by_slug(room->reader, room->arena,
                                 address->alliance, address->meeting,
                                 meeting, err);

    if (rc != RC_OK)
        return rc;
    if (meeting->state == MEETING_DRAFT ||
        meeting->visibility == VISIBLE_INVITED)
        return RC_NOT_FOUND;
    return alliance_by_id(room->reader, room->arena, meeting->alliance_id,
                          alliance, err);
}

enum rc feed_content_meeting(const struct feed_room *room,
                             const struct feed_address *address,
                             struct feed_content *content, struct err *err)
{
    struct meeting meeting;
    struct alliance alliance;
    enum rc rc = find_meeting(room, address, &meeting, &alliance, err);

    if (rc != RC_OK)
        return rc;

    struct meetings meetings = { .items = &meeting, .count = 1 };
    const struct alliances hosts = { .items = &alliance, .count = 1 };
    struct cal_feed feed = {
        .name = lang_pick(&meeting.title, alliance.lang),
        .color = alliance.color,
        .lang = alliance.lang,
        .url = feed_event_url(room, &meeting, alliance.lang),
    };

    begin_content(content, room);
    note_change(content, meeting.changed_at);
    note_change(content, alliance.changed_at);
    return write_list(room, address, &meetings, &hosts, &feed, content, err);
}

enum rc feed_content_download(const struct feed_room *room,
                              const struct feed_address *address,
                              struct feed_content *content, struct err *err)
{
    struct meeting meeting;
    struct alliance alliance;
    enum rc rc = find_meeting(room, address, &meeting, &alliance, err);

    if (rc != RC_OK)
        return rc;

    const struct cal_event event =
        feed_event_of(room, &meeting, alliance.lang,
                   lang_pick(&alliance.name, alliance.lang));

    begin_content(content, room);
    note_change(content, meeting.changed_at);
    note_change(content, alliance.changed_at);
    end_changes(content, room->now);
    return feed_write_download(&event, &content->body, err);
}
