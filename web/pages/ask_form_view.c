/* The questions as the page shows them. */
#include "daemon/base/arena.h"
#include "web/pages/ask_form.h"
#include "web/view/format.h"
#include "web/view/i18n.h"

/* One question on its way to the page. */
struct showing {
    struct arena *arena;
    enum lang lang;
    const struct ask_about *about;
    const struct question *question;
    const struct ask_entry *entry;
    const char *name; /* of the field, and its id */
};

/* What was chosen so far, for the conditions of the questions behind it. */
static void note_choices(struct arena *arena, const struct ask_about *about,
                         const struct question *question,
                         const struct ask_entry *entry, struct answers *to)
{
    int64_t *ids = ARENA_ARRAY(arena, int64_t, question->option_count);
    size_t count = 0;

    for (size_t o = 0; o < question->option_count; o++)
        if (entry->chosen[o] &&
            ask_form_is_open(about, &question->options[o]))
            ids[count++] = question->options[o].id;
    to->items[to->count++] = (struct answer){ question->id, NULL, ids,
                                              count };
}

static const char *label(const struct showing *s)
{
    const char *words = lang_pick(&s->question->label, s->lang);

    return s->question->required
               ? words
               : arena_printf(s->arena, tr(s->lang, "%s (optional)"), words);
}

static const char *kind_hint(const struct showing *s)
{
    if (s->question->kind == QUESTION_SEVERAL)
        return tr(s->lang, "You can choose several.");
    if (s->question->kind == QUESTION_LONG_TEXT)
        return arena_printf(s->arena,
                            tr(s->lang, "At most %d characters."),
                            QUESTION_LONG_MOST);
    return NULL;
}

static const char *hint(const struct showing *s)
{
    const char *help = lang_pick(&s->question->help, s->lang);
    const char *more = kind_hint(s);

    if (!*help)
        return more;
    return more ? arena_printf(s->arena, "%s %s", help, more) : help;
}

static const char *described(const struct showing *s, const char *hint_words)
{
    if (hint_words && s->entry->error)
        return arena_printf(s->arena, "%s-hint %s-error", s->name, s->name);
    if (hint_words || s->entry->error)
        return arena_printf(s->arena, "%s-%s", s->name,
                            hint_words ? "hint" : "error");
    return NULL;
}

static const char *option_hint(const struct showing *s,
                               const struct option *option)
{
    int64_t left = option->capacity - option->taken;

    if (option->capacity == QUESTION_NO_LIMIT)
        return NULL;
    if (left <= 0)
        return tr(s->lang, "Full");
    return arena_printf(s->arena,
                        trn(s->lang, "%s place left", "%s places left",
                            (long)left),
                        format_number(s->arena, s->lang, left));
}

static const char *option_id(const struct showing *s, int64_t id)
{
    return arena_printf(s->arena, "%s-option-%lld", s->name, (long long)id);
}

/* A radio button cannot be let go again by itself. */
static void add_none(const struct showing *s, struct view_choices *to)
{
    bool none = true;

    if (s->question->required || to->several)
        return;
    for (size_t o = 0; o < to->count; o++)
        none = none && !to->items[o].checked;
    to->items[to->count++] = (struct view_choice){
        .id = arena_printf(s->arena, "%s-none", s->name), .value = "",
        .label = tr(s->lang, "Not stated"), .checked = none,
    };
}

static void fill_choices(const struct showing *s, struct view_choices *to)
{
    const struct question *question = s->question;

    *to = (struct view_choices){
        .id = s->name, .name = s->name, .legend = label(s), .hint = hint(s),
        .error = s->entry->error, .required = question->required,
        .several = question->kind == QUESTION_SEVERAL,
        .many = question->option_count > 4,
        .items = ARENA_ARRAY(s->arena, struct view_choice,
                             question->option_count + 1),
        .count = question->option_count,
    };
    to->described = described(s, to->hint);
    for (size_t o = 0; o < question->option_count; o++) {
        const struct option *option = &question->options[o];
        bool open = ask_form_is_open(s->about, option);

        to->items[o] = (struct view_choice){
            .id = option_id(s, option->id),
            .value = arena_printf(s->arena, "%lld", (long long)option->id),
            .label = lang_pick(&option->label, s->lang),
            .hint = option_hint(s, option),
            .checked = open && s->entry->chosen[o],
            .off = !open,
        };
    }
    add_none(s, to);
}

static void fill_field(const struct showing *s, struct view_field *to)
{
    const struct question *question = s->question;
    bool number = question->kind == QUESTION_NUMBER;

    *to = (struct view_field){
        .id = s->name, .name = s->name, .label = label(s), .hint = hint(s),
        .error = s->entry->error, .value = s->entry->typed,
        .type = question->kind == QUESTION_DATE ? "date" : "text",
        .autocomplete = "off",
        /* Its keys have no minus on every phone. */
        .inputmode = number && question->least >= 0 ? "numeric" : NULL,
        .required = question->required,
        .lines = question->kind == QUESTION_LONG_TEXT,
    };
    to->described = described(s, to->hint);
}

/* With the mode's field a person may also say that waiting is fine. */
static void fill_condition(const struct showing *s, struct view_question *to)
{
    const struct question *question = s->question;
    const struct question *other =
        question_of_option(&s->about->questions, question->if_option);

    if (other) {
        to->if_name = ask_form_name(s->arena, s->about, other);
        to->if_values = arena_printf(s->arena, "%lld",
                                     (long long)question->if_option);
    } else if (question->if_mode >= 0 && s->about->mode_asked) {
        const char *word = mode_word((enum mode)question->if_mode);

        to->if_name = arena_printf(s->arena, "mode%s", s->about->suffix);
        to->if_values = arena_printf(s->arena, "%s %s-waiting", word, word);
    }
    to->seen = other || question->if_mode >= 0
                   ? arena_printf(s->arena, "%s-seen", s->name) : NULL;
    to->hidden = !s->entry->shown;
}

void ask_form_view(struct arena *arena, enum lang lang, int mode,
                   struct ask_form *form, struct view_questions *to)
{
    const struct questions *questions = &form->about.questions;
    struct answers chosen = {
        ARENA_ARRAY(arena, struct answer, questions->count), 0
    };

    *to = (struct view_questions){
        ARENA_ARRAY(arena, struct view_question, questions->count), 0
    };
    for (size_t i = 0; i < questions->count; i++) {
        const struct question *question = &questions->items[i];
        struct ask_entry *entry = &form->entries[i];
        struct view_question *view = &to->items[to->count];
        const struct showing s = {
            arena, lang, &form->about, question, entry,
            ask_form_name(arena, &form->about, question)
        };

        entry->shown = question_is_shown(question, mode, &chosen);
        if (entry->shown)
            note_choices(arena, &form->about, question, entry, &chosen);
        else if (question->if_mode >= 0 && !form->about.mode_asked)
            continue; /* nothing in this form can bring it up */
        fill_condition(&s, view);
        if (question_has_options(question))
            fill_choices(&s, &view->choices);
        else
            fill_field(&s, &view->field);
        to->count++;
    }
}

/* A group is reached by its first control that can be used. */
static const char *target(struct arena *arena, const struct ask_about *about,
                          const struct question *question)
{
    const char *name = ask_form_name(arena, about, question);

    for (size_t o = 0; o < question->option_count; o++)
        if (ask_form_is_open(about, &question->options[o]))
            return arena_printf(arena, "#%s-option-%lld", name,
                                (long long)question->options[o].id);
    return arena_printf(arena, "#%s", name);
}

void ask_form_faults(struct arena *arena, const struct ask_form *form,
                     struct view_faults *to)
{
    const struct questions *questions = &form->about.questions;

    for (size_t i = 0; i < questions->count; i++)
        if (form->entries[i].error)
            to->items[to->count++] = (struct view_fault){
                target(arena, &form->about, &questions->items[i]),
                form->entries[i].error,
            };
}

void ask_form_more(struct arena *arena, enum lang lang,
                   const struct ask_form *form, struct view_faults *to)
{
    const struct questions *questions = &form->about.questions;

    for (size_t i = 0; i < questions->count; i++)
        if (form->entries[i].shown && !form->entries[i].seen)
            to->items[to->count++] = (struct view_fault){
                target(arena, &form->about, &questions->items[i]),
                lang_pick(&questions->items[i].label, lang),
            };
}
