/* "/de/sachsen": one alliance. */
#include "daemon/base/arena.h"
#include "daemon/store/alliance_store.h"
#include "daemon/store/meeting_store.h"
#include "web/pages/facts.h"
#include "web/pages/pages.h"
#include "web/pages/prebuilt.h"
#include "web/view/templates.h"
#include "web/view/i18n.h"
#include "web/view/markdown.h"
#include "web/view/subscribe.h"

/* A longer list nobody reads; the calendar has them all. */
#define CARDS_MOST 100

static enum rc add_regions(const struct page *page,
                           const struct alliance *alliance,
                           struct view_links *links, struct err *err)
{
    struct alliances regions;

    if (alliance_regions(page->site->reader, page->arena, alliance->id,
                         &regions, err) == RC_FAIL)
        return RC_FAIL;
    links->items =
        ARENA_ARRAY(page->arena, struct view_link, regions.count + 1);
    for (size_t i = 0; i < regions.count; i++)
        links->items[links->count++] = (struct view_link){
            .words = lang_pick(&regions.items[i].name, page->lang),
            .url = page_alliance(page, regions.items[i].slug),
        };
    return RC_OK;
}

static enum rc add_parent(const struct page *page,
                          const struct alliance *alliance,
                          struct view_link *link, struct err *err)
{
    struct alliance parent;

    *link = (struct view_link){ .words = tr(page->lang, "All meetings"),
                                .url = page_home(page) };
    if (!alliance->parent_id)
        return RC_OK;
    if (alliance_by_id(page->site->reader, page->arena, alliance->parent_id,
                       &parent, err) != RC_OK)
        return RC_FAIL;
    link->words = lang_pick(&parent.name, page->lang);
    link->url = page_alliance(page, parent.slug);
    return RC_OK;
}

static void put_subscription(const struct page *page,
                             const struct alliance *alliance,
                             struct view_alliance *view)
{
    const struct subscription feed = {
        .title = view->name,
        .feed = arena_printf(page->arena, "/calendars/%s.ics",
                             alliance->slug),
    };

    subscribe_fill(page->arena, page->lang, page->site->settings, &feed,
                   &view->subscribe);
}

static void put_frame(const struct page *page,
                      const struct alliance *alliance,
                      struct view_alliance *view)
{
    const struct frame frame = {
        .title = tr(page->lang, "Meetings and calendar"),
        .path = arena_printf(page->arena, "/%s", alliance->slug),
        .alliance = alliance,
    };

    page_frame(page, &frame, &view->site);
    view->site.feed_url = view->subscribe.https_url;
    view->site.feed_title = view->name;
}

static enum rc alliance_build(struct request *request,
                              const struct page *page,
                              struct prebuilt *built, struct err *err)
{
    struct reader *reader = page->site->reader;
    struct alliance alliance;
    struct meetings ahead;
    struct view_alliance view = { 0 };
    enum rc rc = alliance_by_slug(reader, page->arena, request->params[0],
                                  &alliance, err);

    if (rc != RC_OK)
        return rc;
    const struct meeting_filter filter = { .alliance_id = alliance.id,
                                           .ends_after = page->now,
                                           .public_only = true };
    if (meeting_list(reader, page->arena, &filter, &ahead, err) == RC_FAIL ||
        facts_cards(page, &ahead, CARDS_MOST, &view.cards,
                    &built->valid_until, err) != RC_OK ||
        add_regions(page, &alliance, &view.regions, err) != RC_OK ||
        add_parent(page, &alliance, &view.parent, err) != RC_OK)
        return RC_FAIL;
    view.name = lang_pick(&alliance.name, page->lang);
    view.about = markdown_html(page->arena,
                               lang_pick(&alliance.about, page->lang), 2);
    put_subscription(page, &alliance, &view);
    put_frame(page, &alliance, &view);
    built->uses_seats = true;
    template_alliance(&built->body, page->lang, &view);
    return RC_OK;
}

void alliance_show(struct request *request)
{
    prebuilt_send(request, alliance_build);
}
