/* Options and conditions of a question, from words to fields. */
#include <string.h>
#include <strings.h>

#include "daemon/base/arena.h"
#include "daemon/base/parse.h"
#include "daemon/base/text.h"
#include "daemon/commands/question_commands.h"

#define OPTION_MOST 150 /* characters of its label */
#define OPTIONS_MOST 30
#define PLACES_MOST 1000000

/* The rest of a list up to the next separator; NULL behind the last. */
static const char *next_part(struct call *call, char **rest,
                             const char *separator)
{
    char *part = strsep(rest, separator);

    return part ? text_clean_line(call->arena, part) : NULL;
}

static void add_option(struct call *call, struct question *question,
                       const struct option *option)
{
    struct option *all = ARENA_ARRAY(call->arena, struct option,
                                     question->option_count + 1);

    for (size_t i = 0; i < question->option_count; i++)
        all[i] = question->options[i];
    all[question->option_count] = *option;
    all[question->option_count].position =
        (int64_t)question->option_count + 1;
    question->options = all;
    question->option_count++;
}

static void read_places(struct call *call, const char *word,
                        struct option *option)
{
    if (!word)
        return;
    if (!*word || !strcmp(word, "-"))
        option->capacity = QUESTION_NO_LIMIT;
    else if (!parse_int(word, 0, PLACES_MOST, &option->capacity))
        call_mistake(call, "--option: \"%s\": a number of places is "
                     "expected behind the second |", word);
    else if (option->capacity < option->taken)
        call_mistake(call, "--option: %lld people have chosen \"%s\"; fewer "
                     "places than that are not possible",
                     (long long)option->taken, option->label.de);
}

/* "2=Suppe": the second is called so from now on. */
static struct option *find_there(struct question *question, char **spec)
{
    size_t digits = strspn(*spec, "0123456789");
    char *equals = *spec + digits;
    int64_t number = 0;

    if (digits == 0 || *equals != '=')
        return NULL;
    *equals = '\0';
    if (!parse_int(*spec, 1, (int64_t)question->option_count, &number)) {
        *equals = '=';
        return NULL;
    }
    *spec = equals + 1;
    return &question->options[number - 1];
}

/* "Suppe|Soup|30"; the other two may be left out. */
static void read_option(struct call *call, struct question *question,
                        char *spec)
{
    struct option *there = find_there(question, &spec);
    const char *de = next_part(call, &spec, "|");
    const char *en = next_part(call, &spec, "|");
    const char *places = next_part(call, &spec, "|");
    struct option *same = option_by_label(question, de);
    struct option option = { .label = { de, "" },
                             .capacity = QUESTION_NO_LIMIT };

    if (!same && question->kind == QUESTION_YES_NO) {
        call_mistake(call, "--option: a yes-no question has Ja and Nein, "
                     "and can say how many places each has: \"Ja|Yes|30\"");
        return;
    }
    if (there && same && same != there)
        call_mistake(call, "--option: \"%s\" is there already", de);
    if (!there)
        there = same;
    if (there)
        option = *there;
    option.label.de = de;
    if (en)
        option.label.en = en;
    read_places(call, places, &option);
    if (!*de || spec)
        call_mistake(call, "--option: \"DE|EN|PLACES\" is expected");
    if (text_characters(de) > OPTION_MOST ||
        text_characters(option.label.en) > OPTION_MOST)
        call_mistake(call, "--option: at most %d characters are expected",
                     OPTION_MOST);
    if (there)
        *there = option;
    else
        add_option(call, question, &option);
}

static void drop_option(struct call *call, struct question *question,
                        const char *label)
{
    struct option *gone = option_by_label(question, label);

    if (!gone || question->kind == QUESTION_YES_NO) {
        call_mistake(call, "--drop-option: \"%s\" is not an option that "
                     "could go", label);
        return;
    }
    question->option_count--;
    for (size_t i = (size_t)(gone - question->options);
         i < question->option_count; i++) {
        question->options[i] = question->options[i + 1];
        question->options[i].position = (int64_t)i + 1;
    }
}

/* What was read before must stay as it is: others compare with it. */
static void own_options(struct call *call, struct question *question)
{
    if (question->option_count)
        question->options =
            arena_memdup(call->arena, question->options,
                         question->option_count * sizeof *question->options);
    if (question->kind != QUESTION_YES_NO || question->option_count)
        return;
    add_option(call, question, &(struct option){
        .label = { "Ja", "Yes" }, .capacity = QUESTION_NO_LIMIT });
    add_option(call, question, &(struct option){
        .label = { "Nein", "No" }, .capacity = QUESTION_NO_LIMIT });
}

static void check_count(struct call *call, const struct question *question)
{
    size_t least = question->kind == QUESTION_SEVERAL ? 1 : 2;

    if (question_has_options(question) && question->option_count < least)
        call_mistake(call, "--option \"DE|EN|PLACES\" is missing: at least "
                     "%zu to choose from", least);
    if (question->option_count > OPTIONS_MOST)
        call_mistake(call, "--option: at most %d are expected",
                     OPTIONS_MOST);
}

/* Each line of a value that was given several times. */
static char *lines_of(struct call *call, const char *option)
{
    size_t i = 0;

    while (call->command->options[i].name &&
           strcmp(call->command->options[i].name, option))
        i++;
    return call->command->options[i].name && call->values[i]
        ? arena_strdup(call->arena, call->values[i]) : NULL;
}

void question_read_options(struct call *call, struct question *question)
{
    char *added = lines_of(call, "option");
    char *dropped = lines_of(call, "drop-option");
    char *line;

    if (!question_has_options(question)) {
        if (added || dropped)
            call_mistake(call, "--option is for one-of and several-of");
        return;
    }
    own_options(call, question);
    while (added && (line = strsep(&added, "\n")) != NULL)
        read_option(call, question, line);
    while (dropped && (line = strsep(&dropped, "\n")) != NULL)
        drop_option(call, question, text_clean_line(call->arena, line));
    check_count(call, question);
}

/* --- conditions --------------------------------------------------------- */

static const struct option *option_by_word(const struct question *question,
                                           const char *word)
{
    int64_t number = 0;

    if (parse_int(word, 1, (int64_t)question->option_count, &number))
        return &question->options[number - 1];
    for (size_t i = 0; i < question->option_count; i++) {
        const struct bilingual *label = &question->options[i].label;

        if (!strcasecmp(label->de, word) ||
            (*label->en && !strcasecmp(label->en, word)))
            return &question->options[i];
    }
    return NULL;
}

/* "2=Soup": an option of a question before this one. */
static void read_if(struct call *call, const struct questions *questions,
                    struct question *question, const char *value)
{
    char *rest = arena_strdup(call->arena, value);
    const char *number = strsep(&rest, "=");
    const struct option *option = NULL;
    int64_t n;

    if (rest && parse_int(number, 1, question->position - 1, &n))
        option = option_by_word(&questions->items[n - 1],
                                text_clean_line(call->arena, rest));
    if (option)
        question->if_option = option->id;
    else
        call_mistake(call, "--if: \"%s\": the number of a question before "
                     "this one and what has to be chosen there is expected, "
                     "like 2=Ja; see convened question list", value);
    question->if_mode = -1;
}

static void read_if_mode(struct call *call, struct question *question,
                         const char *value)
{
    enum mode mode;

    if (mode_parse(value, &mode))
        question->if_mode = (int)mode;
    else
        call_mistake(call, "--if-mode: \"%s\": onsite or online is expected",
                     value);
    question->if_option = 0;
}

void question_read_condition(struct call *call,
                             const struct questions *questions,
                             struct question *question)
{
    const char *chosen = call_option(call, "if");
    const char *mode = call_option(call, "if-mode");
    bool always = lines_of(call, "always") != NULL;

    if ((chosen != NULL) + (mode != NULL) + always > 1)
        call_mistake(call, "one condition at a time: --if or --if-mode");
    if (chosen)
        read_if(call, questions, question, chosen);
    if (mode)
        read_if_mode(call, question, mode);
    if (always) {
        question->if_option = 0;
        question->if_mode = -1;
    }
}
