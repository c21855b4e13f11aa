/* The block of support needs as the page shows it. */
#include "daemon/base/arena.h"
#include "daemon/rules/promise.h"
#include "web/pages/page.h"
#include "web/pages/support_form.h"
#include "web/view/format.h"
#include "web/view/words.h"

const char *support_needs_words(struct arena *arena, enum lang lang,
                                const struct support *support)
{
    const char *all = NULL;

    for (int i = 0; i < SUPPORT_NEED_COUNT; i++) {
        const char *one = words_need(lang, (enum support_need)i);

        if (support->needs & SUPPORT_BIT(i))
            all = all ? arena_printf(arena, "%s, %s", all, one) : one;
    }
    return all;
}

static bool is_filled(const struct support_form *form)
{
    bool filled = form->words && *form->words;

    for (int i = 0; i < SUPPORT_NEED_COUNT; i++)
        filled = filled || form->ticked[i];
    return filled;
}

static void add_needs(const struct page *page, const char *suffix,
                      const struct support_form *form,
                      struct view_support *view)
{
    view->needs.items = ARENA_ARRAY(page->arena, struct view_choice,
                                    SUPPORT_NEED_COUNT);
    for (int i = 0; i < SUPPORT_NEED_COUNT; i++) {
        enum support_need need = (enum support_need)i;

        view->needs.items[view->needs.count++] = (struct view_choice){
            .id = support_form_name(page->arena, support_need_word(need),
                                    suffix),
            .label = words_need(page->lang, need),
            .checked = form->ticked[i],
        };
    }
}

void support_form_view(const struct page *page,
                       const struct meeting *meeting,
                       const struct alliance *alliance, const char *suffix,
                       const struct support_form *form,
                       struct view_support *view)
{
    *view = (struct view_support){
        .asked = true,
        .open = is_filled(form) || support_form_has_errors(form),
        .words_id = support_form_name(page->arena, "words", suffix),
        .words = form->words,
        .words_error = form->words_error,
        .consent_id = support_form_name(page->arena, "consent", suffix),
        .consent = form->consent,
        .consent_error = form->consent_error,
        .consent_words = support_form_consent(page->arena, page->lang)->words,
        .deletes = format_date(page->arena, page->lang, meeting->zone,
                               promise_support_due(meeting)),
    };
    add_needs(page, suffix, form, view);
    if (!*suffix)
        page_contact(page, alliance, &view->contact);
}

void support_form_faults(const struct page *page, const char *suffix,
                         const struct support_form *form,
                         struct view_faults *to)
{
    const struct {
        const char *what, *words;
    } faults[SUPPORT_FAULTS] = { { "words", form->words_error },
                                 { "consent", form->consent_error } };

    for (size_t i = 0; i < SUPPORT_FAULTS; i++)
        if (faults[i].words)
            to->items[to->count++] = (struct view_fault){
                .url = arena_printf(page->arena, "#support-%s%s",
                                    faults[i].what, suffix),
                .words = faults[i].words,
            };
}
