#include "daemon/commands/question_commands.h"

#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/parse.h"
#include "daemon/commands/table.h"
#include "daemon/commands/values.h"
#include "daemon/store/question_store.h"
#include "daemon/store/registration_store.h"
#include "daemon/store/writing.h"

#define LABEL_MOST 200
#define HELP_MOST 400
#define QUESTIONS_MOST 40

#define WORDS_OPTIONS(needed) \
    { "label-de", "TEXT", "the question in German", needed }, \
    { "label-en", "TEXT", "the question in English", false }, \
    { "help-de", "TEXT", "a German line below it", false }, \
    { "help-en", "TEXT", "the same in English", false }
#define RULES_OPTIONS \
    { "least", "N", "of a number", false }, \
    { "most", "N", "of a number", false }, \
    { "if", "QUESTION=OPTION", "asks only who chose that, by number or " \
      "words", false }, \
    { "if-mode", "onsite|online", "asks only who takes part so", false }

const struct command_option question_add_options[] = {
    { "kind", "KIND", "text, long-text, one-of, several-of, yes-no, number "
      "or date", true },
    WORDS_OPTIONS(true),
    { "required", NULL, "has to be answered by whom it is shown to", false },
    { "option", "DE|EN|PLACES ...", "one to choose; again for the next",
      false },
    RULES_OPTIONS,
    { "position", "N", "its number (the last)", false },
    TABLE_JSON_OPTION,
    { NULL, NULL, NULL, false },
};

const struct command_option question_edit_options[] = {
    WORDS_OPTIONS(false),
    { "required", NULL, "has to be answered by whom it is shown to", false },
    { "optional", NULL, "has not", false },
    { "option", "DE|EN|PLACES ...", "one more to choose; places of the one "
      "called DE; N=DE|EN|PLACES: other words", false },
    { "drop-option", "DE ...", "one that nobody has chosen", false },
    RULES_OPTIONS,
    { "always", NULL, "asks everybody", false },
    { "position", "N", "its number", false },
    TABLE_JSON_OPTION,
    { NULL, NULL, NULL, false },
};

const struct command_option question_remove_options[] = {
    { "yes", NULL, "do it, with all answers to it", false },
    TABLE_JSON_OPTION,
    { NULL, NULL, NULL, false },
};

/* --- one question ------------------------------------------------------- */

/* A meeting and what it asks so far. */
struct asking {
    struct alliance alliance;
    struct meeting meeting;
    struct questions questions;
};

static enum exit_code load(struct call *call, struct asking *asking)
{
    struct err err;
    enum exit_code code = value_meeting(call, call->arguments[0],
                                        &asking->alliance, &asking->meeting);

    if (code != EXIT_FINE)
        return code;
    if (question_list(call->reader, call->arena, asking->meeting.id,
                      &asking->questions, &err))
        return call_failed(call, &err);
    return EXIT_FINE;
}

static enum exit_code load_one(struct call *call, struct asking *asking,
                               struct question **question)
{
    enum exit_code code = load(call, asking);
    int64_t number;

    if (code != EXIT_FINE)
        return code;
    if (!parse_int(call->arguments[1], 1, (int64_t)asking->questions.count,
                   &number)) {
        call_mistake(call, "\"%s\": a number from `convened question list "
                     "%s` is expected", call->arguments[1],
                     call->arguments[0]);
        return EXIT_DATA;
    }
    *question = &asking->questions.items[number - 1];
    return EXIT_FINE;
}

static void read_limits(struct call *call, struct question *question)
{
    bool given = call_option(call, "least") || call_option(call, "most");

    if (given && question->kind != QUESTION_NUMBER) {
        call_mistake(call, "--least and --most are for numbers");
        return;
    }
    value_int(call, "least", -QUESTION_NUMBER_MOST, QUESTION_NUMBER_MOST,
              &question->least);
    value_int(call, "most", -QUESTION_NUMBER_MOST, QUESTION_NUMBER_MOST,
              &question->most);
    if (question->least > question->most)
        call_mistake(call, "--most: has to be at least --least");
}

static void read_fields(struct call *call, const struct questions *questions,
                        struct question *question)
{
    value_line_needed(call, "label-de", LABEL_MOST, &question->label.de);
    value_line(call, "label-en", LABEL_MOST, &question->label.en);
    value_line(call, "help-de", HELP_MOST, &question->help.de);
    value_line(call, "help-en", HELP_MOST, &question->help.en);
    question->required |= call_flag(call, "required");
    read_limits(call, question);
    question_read_options(call, question);
    question_read_condition(call, questions, question);
}

/* --- their order -------------------------------------------------------- */

/* What a condition speaks of has to be asked before. */
static void check_order(struct call *call, const struct questions *questions)
{
    for (size_t i = 0; i < questions->count; i++) {
        const struct question *question = &questions->items[i];
        const struct question *other =
            question_of_option(questions, question->if_option);

        if (other && other->position >= question->position)
            call_mistake(call, "--position: \"%s\" would stand before "
                         "\"%s\", on which it hangs", question->label.de,
                         other->label.de);
    }
}

/* Moves the question at `from` to --position and numbers them all anew. */
static enum exit_code put_in_order(struct call *call,
                                   struct questions *questions, size_t from)
{
    struct question moved = questions->items[from];
    int64_t to = moved.position;
    struct err err;

    value_int(call, "position", 1, (int64_t)questions->count, &to);
    if (call->mistakes)
        return EXIT_DATA;
    for (size_t i = from; i + 1 < questions->count; i++)
        questions->items[i] = questions->items[i + 1];
    for (size_t i = questions->count - 1; i > (size_t)to - 1; i--)
        questions->items[i] = questions->items[i - 1];
    questions->items[to - 1] = moved;
    for (size_t i = 0; i < questions->count; i++)
        questions->items[i].position = (int64_t)i + 1;
    check_order(call, questions);
    if (call->mistakes)
        return EXIT_DATA;
    for (size_t i = 0; i < questions->count; i++)
        if (question_update(call->writer, &questions->items[i], &err))
            return call_failed(call, &err);
    return EXIT_FINE;
}

/* --- commands ----------------------------------------------------------- */

static enum exit_code read_new(struct call *call,
                               const struct asking *asking,
                               struct question *question)
{
    const char *kind = call_option(call, "kind");

    *question = (struct question){
        .meeting_id = asking->meeting.id,
        .position = (int64_t)asking->questions.count + 1,
        .label = { "", "" }, .help = { "", "" },
        .least = -QUESTION_NUMBER_MOST, .most = QUESTION_NUMBER_MOST,
        .if_mode = -1,
    };
    if (asking->questions.count >= QUESTIONS_MOST)
        call_mistake(call, "there are %d questions; nobody answers more",
                     QUESTIONS_MOST);
    if (question_kind_parse(kind, &question->kind))
        read_fields(call, &asking->questions, question);
    else
        call_mistake(call, "--kind: \"%s\": text, long-text, one-of, "
                     "several-of, yes-no, number or date is expected", kind);
    return call->mistakes ? EXIT_DATA : EXIT_FINE;
}

static enum exit_code insert(struct call *call, struct question *question)
{
    struct err err;

    if (question_insert(call->writer, question, &err))
        return call_failed(call, &err);
    for (size_t i = 0; i < question->option_count; i++)
        if (option_insert(call->writer, question->id, &question->options[i],
                          &err))
            return call_failed(call, &err);
    return EXIT_FINE;
}

/* With the new one behind the others. */
static struct questions longer(struct call *call,
                               const struct questions *questions,
                               const struct question *added)
{
    struct questions all = {
        ARENA_ARRAY(call->arena, struct question, questions->count + 1),
        questions->count + 1
    };

    for (size_t i = 0; i < questions->count; i++)
        all.items[i] = questions->items[i];
    all.items[questions->count] = *added;
    return all;
}

/* About; the form's own fields of each person. */
#define OWN_FIELDS 18

/* The largest form that could be sent has to get through. */
static void say_if_too_long(struct call *call, const struct meeting *meeting,
                            const struct questions *questions)
{
    int64_t fields = OWN_FIELDS;

    for (size_t i = 0; i < questions->count; i++) {
        const struct question *q = &questions->items[i];

        fields += q->kind == QUESTION_SEVERAL ? (int64_t)q->option_count : 1;
        fields += q->if_option != 0 || q->if_mode >= 0;
    }
    if (fields * meeting->party_most > call->settings->form_fields)
        call_say(call, "note: %lld people in one form could send more than "
                 "%lld fields, which is refused; see limits.form-fields",
                 (long long)meeting->party_most,
                 (long long)call->settings->form_fields);
}

/* Whoever is in already is not asked again. */
static enum exit_code say_who_was_not_asked(struct call *call,
                                            const struct meeting *meeting)
{
    struct registration_numbers numbers;
    struct err err;

    if (registration_count_all(call->reader, meeting->id, call->now, &numbers,
                               &err))
        return call_failed(call, &err);
    long long people = numbers.registered[MODE_ONSITE] +
                       numbers.registered[MODE_ONLINE];
    if (people)
        call_say(call, "note: %lld are registered and were not asked; they "
                 "can answer by the link in their letters", people);
    return EXIT_FINE;
}

enum exit_code question_add(struct call *call)
{
    struct asking asking;
    struct question question;
    enum exit_code code = load(call, &asking);

    if (code == EXIT_FINE)
        code = read_new(call, &asking, &question);
    if (code == EXIT_FINE)
        code = insert(call, &question);
    if (code != EXIT_FINE)
        return code;
    struct questions all = longer(call, &asking.questions, &question);
    code = put_in_order(call, &all, all.count - 1);
    if (code == EXIT_FINE)
        code = say_who_was_not_asked(call, &asking.meeting);
    if (code != EXIT_FINE)
        return code;
    const struct question *added = question_find(&all, question.id);
    say_if_too_long(call, &asking.meeting, &all);
    table_say(call, "question %lld of %s added",
              (long long)added->position, call->arguments[0]);
    return question_changed(call, "question-add", &asking.meeting, added);
}

/* False: it has to stay, and why was said; or the database failed. */
static bool may_go(struct call *call, const struct questions *questions,
                   const struct option *option, struct err *err)
{
    int64_t people = 0;

    if (option_chosen(call->reader, option->id, &people, err))
        return false;
    if (people)
        call_mistake(call, "--drop-option: %lld people have chosen \"%s\"; "
                     "with 0 places nobody else can", (long long)people,
                     option->label.de);
    for (size_t i = 0; i < questions->count; i++)
        if (questions->items[i].if_option == option->id)
            call_mistake(call, "--drop-option: \"%s\" hangs on \"%s\"",
                         questions->items[i].label.de, option->label.de);
    return call->mistakes == 0;
}

/* From what is in the database to what was read. */
static enum exit_code write_options(struct call *call,
                                    const struct questions *questions,
                                    const struct question *before,
                                    struct question *question)
{
    struct err err = { "" };

    for (size_t i = 0; i < before->option_count; i++) {
        const struct option *option = &before->options[i];

        if (option_find(question, option->id))
            continue;
        if (!may_go(call, questions, option, &err) ||
            option_delete(call->writer, option->id, &err))
            return call->mistakes ? EXIT_DATA : call_failed(call, &err);
    }
    for (size_t i = 0; i < question->option_count; i++) {
        struct option *option = &question->options[i];

        if (option->id ? option_update(call->writer, option, &err)
                       : option_insert(call->writer, question->id, option,
                                       &err))
            return call_failed(call, &err);
    }
    return EXIT_FINE;
}

enum exit_code question_edit(struct call *call)
{
    struct asking asking;
    struct question *question;
    enum exit_code code = load_one(call, &asking, &question);

    if (code != EXIT_FINE)
        return code;
    const struct question before = *question;
    if (call_flag(call, "required") && call_flag(call, "optional"))
        call_mistake(call, "--required and --optional exclude each other");
    if (call_flag(call, "optional"))
        question->required = false;
    read_fields(call, &asking.questions, question);
    if (call->mistakes)
        return EXIT_DATA;
    code = write_options(call, &asking.questions, &before, question);
    if (code == EXIT_FINE)
        code = put_in_order(call, &asking.questions,
                            (size_t)(question - asking.questions.items));
    if (code != EXIT_FINE)
        return code;
    const struct question *now = question_find(&asking.questions, before.id);
    table_say(call, "question %lld of %s changed", (long long)now->position,
              call->arguments[0]);
    return question_changed(call, "question-edit", &asking.meeting, now);
}

static void check_nothing_hangs(struct call *call,
                                const struct questions *questions,
                                const struct question *question)
{
    for (size_t i = 0; i < questions->count; i++)
        if (option_find(question, questions->items[i].if_option))
            call_mistake(call, "question %lld, \"%s\", hangs on it: "
                         "question edit --always, or remove that first",
                         (long long)questions->items[i].position,
                         questions->items[i].label.de);
}

enum exit_code question_remove(struct call *call)
{
    struct asking asking;
    struct question *question;
    int64_t people = 0;
    struct err err;
    enum exit_code code = load_one(call, &asking, &question);

    if (code != EXIT_FINE)
        return code;
    check_nothing_hangs(call, &asking.questions, question);
    if (call->mistakes)
        return EXIT_DATA;
    if (question_answered(call->reader, question->id, &people, &err))
        return call_failed(call, &err);
    if (people && !call_flag(call, "yes")) {
        call_say(call, "this would delete \"%s\" and the answers of %lld "
                 "people to it; it cannot be undone. Do it with --yes",
                 question->label.de, (long long)people);
        return EXIT_USAGE;
    }
    if (question_delete(call->writer, question, &err))
        return call_failed(call, &err);
    table_say(call, "\"%s\" is not asked any more; %lld answers deleted",
              question->label.de, (long long)people);
    return question_changed(call, "question-remove", &asking.meeting, NULL);
}
