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

static void fill_answers(const struct page *page, const struct mine *mine,
                         const struct wish *wish, struct view_entries *to)
{
    struct answer_changes changes;

    wish_answer_changes(page, &mine->asked, mine->registration.mode, wish,
                        &changes);
    to->items = ARENA_ARRAY(page->arena, struct view_entry, changes.count);
    for (size_t i = 0; i < changes.count; i++)
        to->items[to->count++] = (struct view_entry){
            lang_pick(&changes.items[i].question->label, page->lang),
            wish_answer_words(page, changes.items[i].question,
                              changes.items[i].became),
        };
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
        if (wish->kind == WISH_ANSWERS)
            fill_answers(page, mine, wish, &one->values);
        else
            wish_entries(page, &mine->benches, wish, &one->values);
    }
    return RC_OK;
}
