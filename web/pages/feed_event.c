#include "web/pages/feed_event.h"

#include "daemon/base/arena.h"
#include "web/view/i18n.h"
#include "web/view/markdown.h"

#define DESCRIPTION_MOST ((size_t)256 * 1024)

const char *feed_event_url(const struct feed_room *room,
                             const struct meeting *meeting, enum lang lang)
{
    return arena_printf(room->arena, "%s/%s/%s/%s", room->settings->base_url,
                        lang_code(lang), meeting->alliance_slug,
                        meeting->slug);
}

static void add_part(struct str *line, const char *before, const char *part)
{
    if (!*part)
        return;
    if (line->length > 0)
        str_add(line, before);
    str_add(line, part);
}

/* "Haus, Straße Nr, PLZ Ort" (V8), the form that maps understand. */
static const char *location(const struct feed_room *room,
                            const struct meeting *meeting)
{
    struct str line;

    if (!*meeting->venue_name)
        return "Online";
    str_init(&line, room->arena, DESCRIPTION_MOST);
    add_part(&line, ", ", meeting->venue_name);
    add_part(&line, ", ", meeting->venue_street);
    add_part(&line, ", ", meeting->venue_postcode);
    add_part(&line, *meeting->venue_postcode ? " " : ", ",
             meeting->venue_town);
    return line.data;
}

/* The page's address is the last line: it always shows how things stand. */
static const char *description(const struct feed_room *room,
                               const struct meeting *meeting, enum lang lang,
                               const char *url)
{
    const char *access = lang_pick(&meeting->venue_access, lang);
    struct str text;

    str_init(&text, room->arena, DESCRIPTION_MOST);
    add_part(&text, "", lang_pick(&meeting->summary, lang));
    add_part(&text, "\n\n",
             markdown_plain(room->arena, lang_pick(&meeting->about, lang)));
    if (*meeting->venue_name && *access)
        add_part(&text, "\n\n",
                 arena_printf(room->arena, tr(lang, "Access: %s"), access));
    add_part(&text, "\n\n", url);
    return text.data;
}

struct cal_event feed_event_of(const struct feed_room *room,
                            const struct meeting *meeting, enum lang lang,
                            const char *host)
{
    const char *url = feed_event_url(room, meeting, lang);

    return (struct cal_event){
        .uid = meeting->uid,
        .sequence = meeting->sequence,
        .stamp = meeting->changed_at,
        .created_at = meeting->created_at,
        .changed_at = meeting->changed_at,
        .starts_at = meeting->starts_at,
        .ends_at = meeting->ends_at,
        .zone = meeting->zone,
        .summary = lang_pick(&meeting->title, lang),
        .description = description(room, meeting, lang, url),
        .location = location(room, meeting),
        .has_geo = meeting->has_geo && *meeting->venue_name,
        .latitude = meeting->latitude,
        .longitude = meeting->longitude,
        .url = url,
        .categories = host,
        .cancelled = meeting->state == MEETING_CANCELLED,
        .lang = lang,
    };
}
