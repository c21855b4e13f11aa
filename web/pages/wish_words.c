#include "web/pages/wish_words.h"

#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/parse.h"
#include "web/pages/signup_form.h"
#include "web/view/i18n.h"
#include "web/view/words.h"

const char *wish_about(enum lang lang, enum wish_kind kind)
{
    switch (kind) {
    case WISH_CHANGE:
        return tr(lang, "Change of your details");
    case WISH_MODE:
        return tr(lang, "Another way of taking part");
    case WISH_HANDOVER:
        return tr(lang, "Handing over your place");
    case WISH_ANSWERS:
        return tr(lang, "Change of your answers");
    case WISH_KIND_COUNT:
        break;
    }
    return "";
}

/* NULL: nothing that people read. */
static const char *label_of(enum lang lang, const char *field)
{
    static const struct {
        const char *name;
        enum signup_field field;
    } fields[] = {
        { FIELD_GIVEN, SIGNUP_GIVEN },
        { FIELD_FAMILY, SIGNUP_FAMILY },
        { FIELD_TITLE, SIGNUP_TITLE },
        { FIELD_EMAIL, SIGNUP_EMAIL },
        { FIELD_ORGANISATION, SIGNUP_ORGANISATION },
        { FIELD_POSITION, SIGNUP_POSITION },
        { FIELD_BENCH, SIGNUP_BENCH },
        { FIELD_MODE, SIGNUP_MODE },
    };

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (strcmp(field, fields[i].name) == 0)
            return signup_field_label(lang, fields[i].field);
    return strcmp(field, FIELD_INVITE) == 0 ? tr(lang, "Calendar invitation")
                                            : NULL;
}

static const char *value_words(const struct page *page,
                               const struct benches *benches,
                               const struct wish_value *value)
{
    enum mode mode;
    int64_t id;

    if (strcmp(value->field, FIELD_MODE) == 0 &&
        mode_parse(value->wanted, &mode))
        return words_mode(page->lang, mode);
    if (strcmp(value->field, FIELD_INVITE) == 0)
        return strcmp(value->wanted, "yes") == 0 ? tr(page->lang, "Yes")
                                                 : tr(page->lang, "No");
    if (strcmp(value->field, FIELD_BENCH) == 0 &&
        parse_int(value->wanted, 1, INT64_MAX, &id)) {
        const struct bench *bench = bench_find(benches, id);

        return bench ? lang_pick(&bench->name, page->lang) : "–";
    }
    return *value->wanted ? value->wanted : "–";
}

void wish_entries(const struct page *page, const struct benches *benches,
                  const struct wish *wish, struct view_entries *to)
{
    to->items = ARENA_ARRAY(page->arena, struct view_entry, wish->count + 1);
    for (size_t i = 0; i < wish->count; i++) {
        const char *label = label_of(page->lang, wish->values[i].field);

        if (label)
            to->items[to->count++] = (struct view_entry){
                label, value_words(page, benches, &wish->values[i]),
            };
    }
}

const char *wish_answer_words(const struct page *page,
                              const struct question *question,
                              const struct answer *answer)
{
    const char *words = words_answer(page->arena, page->lang, question,
                                     answer);

    return *words ? words : "–";
}

void wish_answer_changes(const struct page *page,
                         const struct ask_given *given, enum mode mode,
                         const struct wish *wish,
                         struct answer_changes *changes)
{
    struct answers *wanted = ARENA_NEW(page->arena, struct answers);

    wish_answers(page->arena, wish, &given->questions, (int)mode, wanted);
    answers_compare(page->arena, &given->questions, &given->answers, wanted,
                    changes);
}
