/* What somebody has asked the organiser, on my registration. */
#include "daemon/base/arena.h"
#include "daemon/store/wish_store.h"
#include "web/pages/mine_state.h"
#include "web/pages/wish_words.h"
#include "web/view/format.h"
#include "web/view/i18n.h"

static const char *asked(const struct page *page, const struct mine *mine,
                         const struct wish *wish)
{
    const char *day = format_date(page->arena, page->lang,
                                  mine->meeting.zone, wish->made_at);

    return arena_printf(page->arena,
                        wish->declined_at == 0
                            ? tr(page->lang, "Your request of %s is open.")
                            : tr(page->lang, "Your request of %s was not "
                                             "granted."),
                        day);
}

enum rc mine_wishes_fill(const struct page *page, const struct mine *mine,
                         struct view_mine *view, struct err *err)
{
    struct wishes all;
    enum rc rc = wish_of_registration(page->site->reader, page->arena,
                                      mine->registration.id, &all, err);

    if (rc != RC_OK || all.count == 0 || !view->live)
        return rc;
    view->wishes.items =
        ARENA_ARRAY(page->arena, struct view_wish, all.count);
    for (size_t i = 0; i < all.count; i++) {
        const struct wish *wish = &all.items[i];
        struct view_wish *one = &view->wishes.items[view->wishes.count++];

        one->about = wish_about(page->lang, wish->kind);
        one->words = asked(page, mine, wish);
        one->reason = wish->declined_at != 0 ? wish->reason : NULL;
        one->kind = wish->declined_at == 0 ? wish_kind_word(wish->kind)
                                           : NULL;
        wish_entries(page, &mine->benches, wish, &one->values);
    }
    return RC_OK;
}
