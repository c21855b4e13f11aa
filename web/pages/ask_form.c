#include "web/pages/ask_form.h"

#include <stdio.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/parse.h"
#include "daemon/base/text.h"
#include "daemon/http/form.h"
#include "web/view/i18n.h"

const char *ask_form_name(struct arena *arena, const struct ask_about *about,
                          const struct question *question)
{
    return arena_printf(arena, "q%lld%s", (long long)question->id,
                        about->suffix);
}

bool ask_form_is_open(const struct ask_about *about,
                      const struct option *option)
{
    return option_is_free(option) ||
           (about->held && answer_has_option(about->held, option->id));
}

static bool is_conditional(const struct question *question)
{
    return question->if_option != 0 || question->if_mode >= 0;
}

/* ---- filled in ---- */

void ask_form_clear(struct arena *arena, const struct ask_about *about,
                    struct ask_form *form)
{
    const struct questions *questions = &about->questions;

    *form = (struct ask_form){
        *about, ARENA_ARRAY(arena, struct ask_entry, questions->count)
    };
    for (size_t i = 0; i < questions->count; i++)
        form->entries[i] = (struct ask_entry){
            .typed = "",
            .chosen = ARENA_ARRAY(arena, bool,
                                  questions->items[i].option_count),
            .seen = !is_conditional(&questions->items[i]),
        };
}

void ask_form_load(struct arena *arena, const struct ask_about *about,
                   const struct answers *answers, struct ask_form *form)
{
    const struct questions *questions = &about->questions;

    ask_form_clear(arena, about, form);
    for (size_t i = 0; i < questions->count; i++) {
        const struct question *question = &questions->items[i];
        const struct answer *answer = answer_find(answers, question->id);
        struct ask_entry *entry = &form->entries[i];

        if (answer && answer->value)
            entry->typed = answer->value;
        for (size_t o = 0; o < question->option_count; o++)
            entry->chosen[o] =
                answer_has_option(answers, question->options[o].id);
    }
}

static void read_choice(const struct question *question, const char *value,
                        struct ask_entry *entry)
{
    int64_t id = 0;
    bool known = false;

    if (!parse_int(value, 1, INT64_MAX, &id))
        id = 0;
    for (size_t o = 0; o < question->option_count; o++)
        if (question->options[o].id == id)
            known = entry->chosen[o] = true;
    if (*value && !known)
        entry->unknown = true;
}

void ask_form_read(struct arena *arena, const struct form *body,
                   const struct ask_about *about, struct ask_form *form)
{
    const struct questions *questions = &about->questions;

    ask_form_clear(arena, about, form);
    for (size_t i = 0; i < questions->count; i++) {
        const struct question *question = &questions->items[i];
        const char *name = ask_form_name(arena, about, question);
        struct ask_entry *entry = &form->entries[i];

        entry->seen = entry->seen ||
            form_has(body, arena_printf(arena, "%s-seen", name));
        if (!question_has_options(question))
            entry->typed = form_get(body, name);
        else
            for (size_t f = 0; f < body->count; f++)
                if (strcmp(body->fields[f].name, name) == 0)
                    read_choice(question, body->fields[f].value, entry);
    }
}

/* ---- checked ---- */

/* One entry under its check. */
struct checking {
    struct arena *arena;
    enum lang lang;
    const struct ask_about *about;
    const struct question *question;
    const struct ask_entry *entry;
    struct answer *answer; /* without value and options: none was given */
};

/* What to do, in the language; NULL if all is well. */
typedef const char *entry_check(const struct checking *);

/* Browsers end lines with two characters, of which one is enough. */
static const char *without_cr(struct arena *arena, const char *text)
{
    char *copy = arena_strdup(arena, text), *to = copy;

    for (const char *from = text; *from; from++)
        if (*from != '\r')
            *to++ = *from;
    *to = '\0';
    return copy;
}

static const char *check_lines(const struct checking *c, size_t most,
                               bool lines)
{
    const char *clean =
        lines ? text_clean(c->arena, without_cr(c->arena, c->entry->typed))
              : text_clean_line(c->arena, c->entry->typed);

    if (text_has_control(c->entry->typed, lines))
        return lines ? tr(c->lang, "Please remove invisible characters "
                                   "here.")
                     : tr(c->lang, "Please remove line breaks and invisible "
                                   "characters here.");
    if (text_characters(clean) > most)
        return arena_printf(c->arena,
                            tr(c->lang, "Please shorten this to at most %d "
                                        "characters."),
                            (int)most);
    if (*clean)
        c->answer->value = clean;
    return NULL;
}

static const char *check_text(const struct checking *c)
{
    return check_lines(c, QUESTION_TEXT_MOST, false);
}

static const char *check_long_text(const struct checking *c)
{
    return check_lines(c, QUESTION_LONG_MOST, true);
}

static const char *number_advice(const struct checking *c)
{
    const struct question *question = c->question;
    long long least = question->least, most = question->most;

    if (least > -QUESTION_NUMBER_MOST && most < QUESTION_NUMBER_MOST)
        return arena_printf(c->arena,
                            tr(c->lang, "Please enter a whole number from "
                                        "%lld to %lld."), least, most);
    if (least > -QUESTION_NUMBER_MOST)
        return arena_printf(c->arena,
                            tr(c->lang, "Please enter a whole number of at "
                                        "least %lld."), least);
    if (most < QUESTION_NUMBER_MOST)
        return arena_printf(c->arena,
                            tr(c->lang, "Please enter a whole number of at "
                                        "most %lld."), most);
    return tr(c->lang, "Please enter a whole number, for example 2.");
}

static const char *check_number(const struct checking *c)
{
    const char *clean = text_clean_line(c->arena, c->entry->typed);
    int64_t number;

    if (!*clean)
        return NULL;
    if (!parse_int(clean, c->question->least, c->question->most, &number))
        return number_advice(c);
    c->answer->value = arena_printf(c->arena, "%lld", (long long)number);
    return NULL;
}

/* "7.3.2027": what somebody types where the browser has no calendar. */
static bool parse_german_day(struct arena *arena, const char *text,
                             struct civil *civil)
{
    char end;
    int day, month, year;

    if (sscanf(text, "%2d.%2d.%4d%c", &day, &month, &year, &end) != 3 ||
        day < 1 || month < 1 || year < 1000)
        return false;
    return parse_day(arena_printf(arena, "%04d-%02d-%02d", year, month, day),
                     civil);
}

static const char *check_date(const struct checking *c)
{
    const char *clean = text_clean_line(c->arena, c->entry->typed);
    struct civil civil;

    if (!*clean)
        return NULL;
    if (!parse_day(clean, &civil) &&
        !parse_german_day(c->arena, clean, &civil))
        return tr(c->lang, "Please enter a date, for example 2027-03-07.");
    c->answer->value = arena_printf(c->arena, "%04d-%02d-%02d", civil.year,
                                    civil.month, civil.day);
    return NULL;
}

static const char *check_choice(const struct checking *c)
{
    const struct question *question = c->question;
    int64_t *ids = ARENA_ARRAY(c->arena, int64_t, question->option_count);
    size_t count = 0;

    if (c->entry->unknown)
        return tr(c->lang, "What you chose is not on offer any more. Please "
                           "choose again.");
    for (size_t o = 0; o < question->option_count; o++) {
        if (!c->entry->chosen[o])
            continue;
        if (!ask_form_is_open(c->about, &question->options[o]))
            return arena_printf(
                c->arena,
                tr(c->lang, "“%s” is full by now. Please choose again."),
                lang_pick(&question->options[o].label, c->lang));
        ids[count++] = question->options[o].id;
    }
    if (count > 1 && question->kind != QUESTION_SEVERAL)
        return tr(c->lang, "Please choose one answer only.");
    c->answer->options = ids;
    c->answer->option_count = count;
    return NULL;
}

static entry_check *const checks[QUESTION_KIND_COUNT] = {
    [QUESTION_TEXT] = check_text,
    [QUESTION_LONG_TEXT] = check_long_text,
    [QUESTION_ONE] = check_choice,
    [QUESTION_SEVERAL] = check_choice,
    [QUESTION_YES_NO] = check_choice,
    [QUESTION_NUMBER] = check_number,
    [QUESTION_DATE] = check_date,
};

/* Nobody can be asked to choose where all is full. */
static bool can_be_answered(const struct ask_about *about,
                            const struct question *question)
{
    for (size_t o = 0; o < question->option_count; o++)
        if (ask_form_is_open(about, &question->options[o]))
            return true;
    return !question_has_options(question);
}

static const char *check_entry(const struct checking *c)
{
    const char *advice = checks[c->question->kind](c);

    if (advice || c->answer->value || c->answer->option_count ||
        !c->question->required || !can_be_answered(c->about, c->question))
        return advice;
    return question_has_options(c->question)
               ? tr(c->lang, "Please choose an answer.")
               : tr(c->lang, "Please answer this question.");
}

/* A summary of faults is read without the fields. */
static const char *with_label(struct arena *arena, enum lang lang,
                              const struct question *question,
                              const char *advice)
{
    const char *label = lang_pick(&question->label, lang);
    size_t length = strlen(label);
    bool ends = length > 0 && strchr("?!.:", label[length - 1]);

    return arena_printf(arena, "%s%s %s", label, ends ? "" : ":", advice);
}

enum ask_verdict ask_form_check(struct arena *arena, enum lang lang,
                                int mode, struct ask_form *form,
                                struct answers *out)
{
    const struct questions *questions = &form->about.questions;
    bool more = false, wrong = false;

    *out = (struct answers){
        ARENA_ARRAY(arena, struct answer, questions->count), 0
    };
    for (size_t i = 0; i < questions->count; i++) {
        const struct question *question = &questions->items[i];
        struct ask_entry *entry = &form->entries[i];
        struct answer answer = { .question_id = question->id };
        const struct checking checking = {
            arena, lang, &form->about, question, entry, &answer
        };

        entry->error = NULL;
        entry->shown = question_is_shown(question, mode, out);
        if (!entry->shown)
            continue;
        more = more || !entry->seen;
        const char *advice = entry->seen ? check_entry(&checking) : NULL;
        if (advice)
            entry->error = with_label(arena, lang, question, advice);
        wrong = wrong || advice;
        if (answer.value || answer.option_count)
            out->items[out->count++] = answer;
    }
    return wrong ? ASK_WRONG : more ? ASK_MORE : ASK_FINE;
}

bool ask_form_refuse(struct arena *arena, enum lang lang,
                     struct ask_form *form, int64_t option_id)
{
    const struct questions *questions = &form->about.questions;

    for (size_t i = 0; i < questions->count; i++) {
        const struct question *question = &questions->items[i];
        const struct option *option = option_find(question, option_id);
        struct ask_entry *entry = &form->entries[i];

        if (!option || !entry->chosen[option - question->options])
            continue;
        entry->chosen[option - question->options] = false;
        /* What was read before the form was sent is not true any more. */
        question->options[option - question->options].taken =
            option->capacity;
        entry->error = with_label(
            arena, lang, question,
            arena_printf(arena,
                         tr(lang, "“%s” is full by now. Please choose "
                                  "again."),
                         lang_pick(&option->label, lang)));
        return true;
    }
    return false;
}
