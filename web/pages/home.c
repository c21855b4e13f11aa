/* "/" and "/de/": the meetings ahead, by alliance. */
#include "daemon/base/arena.h"
#include "daemon/http/response.h"
#include "daemon/store/alliance_store.h"
#include "daemon/store/meeting_store.h"
#include "web/pages/facts.h"
#include "web/pages/pages.h"
#include "web/pages/prebuilt.h"
#include "web/view/templates.h"
#include "web/view/i18n.h"

void root_show(struct request *request)
{
    const struct page page = page_of(request);

    response_field(request, "Vary", "Accept-Language");
    response_field(request, "Cache-Control", "no-cache");
    respond_redirect(request, 302, page_home(&page));
}

#define CARDS_MOST 20 /* of each alliance; its own page has more */

static void add_link(const struct page *page, struct view_links *links,
                     const struct alliance *alliance)
{
    links->items[links->count++] = (struct view_link){
        .words = lang_pick(&alliance->name, page->lang),
        .url = page_alliance(page, alliance->slug),
    };
}

/* Those of this alliance out of all, which are in order of their start. */
static struct meetings pick(const struct page *page,
                            const struct meetings *all, int64_t alliance_id)
{
    struct meetings own = {
        .items = ARENA_ARRAY(page->arena, struct meeting, all->count + 1),
    };

    for (size_t i = 0; i < all->count; i++)
        if (all->items[i].alliance_id == alliance_id)
            own.items[own.count++] = all->items[i];
    return own;
}

static enum rc add_group(const struct page *page, struct view_home *view,
                         const struct alliance *alliance,
                         const struct meetings *all, int64_t *until,
                         struct err *err)
{
    struct meetings own = pick(page, all, alliance->id);
    struct view_group group = {
        .name = lang_pick(&alliance->name, page->lang),
        .url = page_alliance(page, alliance->slug),
    };

    if (!own.count)
        return RC_OK;
    if (facts_cards(page, &own, CARDS_MOST, &group.cards, until, err) !=
        RC_OK)
        return RC_FAIL;
    view->groups.items[view->groups.count++] = group;
    return RC_OK;
}

static enum rc home_build(struct request *request, const struct page *page,
                          struct prebuilt *built, struct err *err)
{
    struct reader *reader = page->site->reader;
    struct view_home view = { 0 };
    struct alliances all;
    struct meetings ahead;
    const struct meeting_filter filter = { .ends_after = page->now,
                                           .public_only = true };
    const struct frame frame = {
        .title = tr(page->lang, "Upcoming meetings"), .path = "/"
    };

    (void)request;
    if (alliance_list(reader, page->arena, &all, err) == RC_FAIL ||
        meeting_list(reader, page->arena, &filter, &ahead, err) == RC_FAIL)
        return RC_FAIL;
    view.groups.items =
        ARENA_ARRAY(page->arena, struct view_group, all.count + 1);
    view.alliances.items =
        ARENA_ARRAY(page->arena, struct view_link, all.count + 1);
    view.regions.items =
        ARENA_ARRAY(page->arena, struct view_link, all.count + 1);
    for (size_t i = 0; i < all.count; i++) {
        const struct alliance *one = &all.items[i];

        if (add_group(page, &view, one, &ahead, &built->valid_until, err) !=
            RC_OK)
            return RC_FAIL;
        add_link(page, one->parent_id ? &view.regions : &view.alliances, one);
    }
    page_frame(page, &frame, &view.site);
    built->uses_seats = true;
    template_home(&built->body, page->lang, &view);
    return RC_OK;
}

void home_show(struct request *request)
{
    prebuilt_send(request, home_build);
}
