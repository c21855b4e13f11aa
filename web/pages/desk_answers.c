/* How often each option of a meeting's questions was chosen: for caterers and
 * rooms, without names. */
#include "daemon/base/arena.h"
#include "daemon/store/question_store.h"
#include "web/pages/desk.h"
#include "web/view/format.h"
#include "web/view/i18n.h"

static void fill_options(const struct page *page,
                         const struct question *question,
                         struct view_desk_answer_counts *to)
{
    to->title = lang_pick(&question->label, page->lang);
    to->items = ARENA_ARRAY(page->arena, struct view_desk_answer_count,
                            question->option_count);
    for (size_t i = 0; i < question->option_count; i++) {
        const struct option *option = &question->options[i];

        to->items[to->count++] = (struct view_desk_answer_count){
            .label = lang_pick(&option->label, page->lang),
            .people = format_number(page->arena, page->lang,
                                    option->taken + option->past),
            .places = option->capacity == QUESTION_NO_LIMIT
                ? tr(page->lang, "no limit")
                : format_number(page->arena, page->lang, option->capacity),
        };
    }
}

enum rc desk_answers(const struct page *page, const struct meeting *meeting,
                     struct view_desk_answers *to, struct err *err)
{
    struct questions questions;
    enum rc rc = question_list(page->site->reader, page->arena, meeting->id,
                               &questions, err);

    if (rc != RC_OK)
        return rc;
    to->items = ARENA_ARRAY(page->arena, struct view_desk_answer_counts,
                            questions.count);
    for (size_t i = 0; i < questions.count; i++)
        if (question_has_options(&questions.items[i]))
            fill_options(page, &questions.items[i], &to->items[to->count++]);
    return RC_OK;
}
