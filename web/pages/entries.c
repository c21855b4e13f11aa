#include "web/pages/entries.h"

#include "daemon/base/arena.h"
#include "web/pages/facts.h"
#include "web/view/i18n.h"
#include "web/view/words.h"

static void add(struct view_entries *entries, const char *label,
                const char *value)
{
    if (value && *value)
        entries->items[entries->count++] = (struct view_entry){ label,
                                                                value };
}

const char *entries_name(const struct page *page, const struct person *person)
{
    return arena_printf(page->arena, "%s%s%s%s%s", person->title,
                        *person->title ? " " : "", person->given_name,
                        *person->given_name ? " " : "", person->family_name);
}

void entries_fill(const struct page *page, const struct person *person,
                  enum mode mode, const struct benches *benches,
                  struct view_entries *entries)
{
    const struct bench *bench = bench_find(benches, person->bench_id);
    enum lang lang = page->lang;

    entries->items =
        ARENA_ARRAY(page->arena, struct view_entry, SIGNUP_FIELD_COUNT);
    add(entries, tr(lang, "Name"), entries_name(page, person));
    add(entries, signup_field_label(lang, SIGNUP_EMAIL), person->address);
    add(entries, signup_field_label(lang, SIGNUP_ORGANISATION),
        person->organisation);
    add(entries, signup_field_label(lang, SIGNUP_POSITION), person->position);
    add(entries, signup_field_label(lang, SIGNUP_BENCH),
        bench ? lang_pick(&bench->name, lang) : NULL);
    add(entries, signup_field_label(lang, SIGNUP_MODE),
        words_mode(lang, mode));
}
