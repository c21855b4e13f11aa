#include "daemon/model/question.h"

#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/str.h"

#define WORDS_BYTES 65536

static const char *const kind_words[QUESTION_KIND_COUNT] = {
    [QUESTION_TEXT] = "text",
    [QUESTION_LONG_TEXT] = "long-text",
    [QUESTION_ONE] = "one-of",
    [QUESTION_SEVERAL] = "several-of",
    [QUESTION_YES_NO] = "yes-no",
    [QUESTION_NUMBER] = "number",
    [QUESTION_DATE] = "date",
};

const char *question_kind_word(enum question_kind kind)
{
    return kind_words[kind];
}

bool question_kind_parse(const char *word, enum question_kind *kind)
{
    for (int i = 0; i < QUESTION_KIND_COUNT; i++)
        if (strcmp(kind_words[i], word) == 0) {
            *kind = (enum question_kind)i;
            return true;
        }
    return false;
}

bool question_has_options(const struct question *question)
{
    return question->kind == QUESTION_ONE ||
           question->kind == QUESTION_SEVERAL ||
           question->kind == QUESTION_YES_NO;
}

bool option_is_free(const struct option *option)
{
    return option->capacity == QUESTION_NO_LIMIT ||
           option->taken < option->capacity;
}

const struct question *question_find(const struct questions *questions,
                                     int64_t id)
{
    for (size_t i = 0; i < questions->count; i++)
        if (questions->items[i].id == id)
            return &questions->items[i];
    return NULL;
}

const struct question *question_of_option(const struct questions *questions,
                                          int64_t option_id)
{
    for (size_t i = 0; i < questions->count; i++)
        if (option_find(&questions->items[i], option_id))
            return &questions->items[i];
    return NULL;
}

const struct option *option_find(const struct question *question, int64_t id)
{
    for (size_t i = 0; i < question->option_count; i++)
        if (question->options[i].id == id)
            return &question->options[i];
    return NULL;
}

struct option *option_by_label(const struct question *question,
                               const char *de)
{
    for (size_t i = 0; i < question->option_count; i++)
        if (strcmp(question->options[i].label.de, de) == 0)
            return &question->options[i];
    return NULL;
}

const struct answer *answer_find(const struct answers *answers,
                                 int64_t question_id)
{
    for (size_t i = 0; i < answers->count; i++)
        if (answers->items[i].question_id == question_id)
            return &answers->items[i];
    return NULL;
}

bool answer_has_option(const struct answers *answers, int64_t option_id)
{
    for (size_t i = 0; i < answers->count; i++)
        for (size_t j = 0; j < answers->items[i].option_count; j++)
            if (answers->items[i].options[j] == option_id)
                return true;
    return false;
}

const char *answer_words(struct arena *arena, enum lang lang,
                         const struct question *question,
                         const struct answer *answer)
{
    const char *separator = "";
    struct str words;

    if (answer->value)
        return answer->value;
    str_init(&words, arena, WORDS_BYTES);
    for (size_t i = 0; i < answer->option_count; i++) {
        const struct option *option = option_find(question,
                                                  answer->options[i]);

        if (!option)
            continue;
        str_addf(&words, "%s%s", separator,
                 lang_pick(&option->label, lang));
        separator = ", ";
    }
    return words.data;
}

struct answers *answers_copy(struct arena *arena, const struct answers *from)
{
    struct answers *copy = ARENA_NEW(arena, struct answers);

    *copy = (struct answers){
        ARENA_ARRAY(arena, struct answer, from->count), from->count
    };
    for (size_t i = 0; i < copy->count; i++) {
        struct answer *answer = &copy->items[i];

        *answer = from->items[i];
        if (answer->value)
            answer->value = arena_strdup(arena, answer->value);
        else
            answer->options =
                arena_memdup(arena, answer->options,
                             answer->option_count * sizeof(int64_t));
    }
    return copy;
}

bool question_is_shown(const struct question *question, int mode,
                       const struct answers *answers)
{
    if (question->if_mode >= 0 && question->if_mode != mode)
        return false;
    return question->if_option == 0 ||
           answer_has_option(answers, question->if_option);
}
