/* The links by which calendar programs find a feed (CALENDARS L1). They are
 * only links: nothing is loaded from anybody. */
#ifndef CONVENED_VIEW_SUBSCRIBE_H
#define CONVENED_VIEW_SUBSCRIBE_H

#include "daemon/model/lang.h"
#include "daemon/model/settings.h"
#include "web/view/views.h"

struct arena;

/* What one may subscribe to. */
struct subscription {
    const char *title;
    const char *feed;     /* "/calendars/sachsen.ics" */
    const char *download; /* of one meeting; NULL: none */
};

void subscribe_fill(struct arena *, enum lang, const struct settings *,
                    const struct subscription *, struct view_subscribe *);
/* A template of the configuration with {url} and {name} replaced, percent-
 * encoded; NULL if the template is empty. */
const char *subscribe_link(struct arena *, const char *pattern,
                           const char *url, const char *name);

#endif
