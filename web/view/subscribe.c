#include "web/view/subscribe.h"

#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/str.h"
#include "web/view/i18n.h"
#include "web/view/qr.h"

#define LINK_MOST 4096

const char *subscribe_link(struct arena *arena, const char *pattern,
                           const char *url, const char *name)
{
    struct str link;

    if (!pattern || !*pattern)
        return NULL;
    str_init(&link, arena, LINK_MOST);
    while (*pattern)
        if (strncmp(pattern, "{url}", 5) == 0) {
            str_add_percent(&link, url);
            pattern += 5;
        } else if (strncmp(pattern, "{name}", 6) == 0) {
            str_add_percent(&link, name);
            pattern += 6;
        } else {
            str_add_char(&link, *pattern++);
        }
    return link.overflow ? NULL : link.data;
}

/* webcal://, never webcals://, which iOS refuses (CALENDARS L1). */
static const char *webcal(struct arena *arena, const char *url)
{
    const char *host = strstr(url, "://");

    return host ? arena_printf(arena, "webcal%s", host) : url;
}

void subscribe_fill(struct arena *arena, enum lang lang,
                    const struct settings *settings,
                    const struct subscription *what,
                    struct view_subscribe *view)
{
    const char *url =
        arena_printf(arena, "%s%s", settings->base_url, what->feed);

    view->title = what->title;
    view->https_url = url;
    view->webcal_url = webcal(arena, url);
    view->download_url = what->download;
    view->google_url = subscribe_link(arena, settings->google_subscribe, url,
                                      what->title);
    view->outlook_url = subscribe_link(arena, settings->outlook_subscribe,
                                       url, what->title);
    view->office_url = subscribe_link(arena, settings->office_subscribe, url,
                                      what->title);
    view->qr = qr_svg(arena, view->webcal_url,
                      tr(lang, "QR code with the calendar's address"));
}
