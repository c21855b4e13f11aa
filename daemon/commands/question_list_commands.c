/* question list, and what other commands show or copy of questions. */
#include "daemon/base/arena.h"
#include "daemon/commands/question_commands.h"
#include "daemon/commands/table.h"
#include "daemon/commands/values.h"
#include "daemon/store/question_store.h"
#include "daemon/store/writing.h"

const struct command_option question_list_options[] = {
    TABLE_JSON_OPTION,
    { NULL, NULL, NULL, false },
};

static json_t *places(const struct option *option)
{
    return option->capacity == QUESTION_NO_LIMIT
        ? json_null() : json_integer(option->capacity);
}

static json_t *options_json(const struct question *question)
{
    json_t *all = json_array();

    for (size_t i = 0; i < question->option_count; i++) {
        const struct option *option = &question->options[i];

        json_array_append_new(
            all, json_pack("{s:s, s:o, s:o, s:I, s:I}", "label_de",
                           option->label.de, "label_en",
                           table_text(option->label.en), "places",
                           places(option), "taken",
                           (json_int_t)option->taken, "past",
                           (json_int_t)option->past));
    }
    return all;
}

/* "Suppe 12/30, Brot 7" */
static json_t *options_words(struct call *call,
                             const struct question *question)
{
    struct str words;

    str_init(&words, call->arena, COMMAND_WORD_BYTES);
    for (size_t i = 0; i < question->option_count; i++) {
        const struct option *option = &question->options[i];

        str_addf(&words, "%s%s %lld", i ? ", " : "", option->label.de,
                 (long long)option->taken);
        if (option->capacity != QUESTION_NO_LIMIT)
            str_addf(&words, "/%lld", (long long)option->capacity);
    }
    return table_text(words.data);
}

/* "2=Ja", "onsite" */
static const char *condition(struct call *call,
                             const struct questions *questions,
                             const struct question *question)
{
    const struct question *other =
        question_of_option(questions, question->if_option);

    if (other)
        return arena_printf(
            call->arena, "%lld=%s", (long long)other->position,
            option_find(other, question->if_option)->label.de);
    return question->if_mode >= 0 ? mode_word((enum mode)question->if_mode)
                                  : NULL;
}

static json_t *limit(int64_t value, int64_t none)
{
    return value == none ? json_null() : json_integer(value);
}

static json_t *question_row(struct call *call,
                            const struct questions *questions,
                            const struct question *q)
{
    bool json = call_flag(call, "json");
    json_t *row = json_pack(
        "{s:I, s:s, s:b, s:o, s:s, s:o}", "number", (json_int_t)q->position,
        "kind", question_kind_word(q->kind), "required", (int)q->required,
        "only_if", table_text(condition(call, questions, q)), "label_de",
        q->label.de, "options",
        json ? options_json(q) : options_words(call, q));

    if (!json)
        return row;
    json_object_set_new(row, "label_en", table_text(q->label.en));
    json_object_set_new(row, "help_de", table_text(q->help.de));
    json_object_set_new(row, "help_en", table_text(q->help.en));
    json_object_set_new(row, "least", limit(q->least, -QUESTION_NUMBER_MOST));
    json_object_set_new(row, "most", limit(q->most, QUESTION_NUMBER_MOST));
    return row;
}

enum exit_code question_list_all(struct call *call)
{
    struct alliance alliance;
    struct meeting meeting;
    struct questions questions;
    struct err err;
    enum exit_code code = value_meeting(call, call->arguments[0], &alliance,
                                        &meeting);

    if (code != EXIT_FINE)
        return code;
    if (question_list(call->reader, call->arena, meeting.id, &questions,
                      &err))
        return call_failed(call, &err);
    json_t *rows = json_array();
    for (size_t i = 0; i < questions.count; i++)
        json_array_append_new(rows, question_row(call, &questions,
                                                 &questions.items[i]));
    table_print(call, rows);
    return EXIT_FINE;
}

/* Read again: the database has counted what is taken. */
static enum exit_code print(struct call *call, const struct meeting *meeting,
                            int64_t id)
{
    struct questions questions;
    struct err err;

    if (question_list(call->reader, call->arena, meeting->id, &questions,
                      &err))
        return call_failed(call, &err);
    table_print_record(call, question_row(call, &questions,
                                          question_find(&questions, id)));
    return EXIT_FINE;
}

enum exit_code question_changed(struct call *call, const char *deed,
                                const struct meeting *meeting,
                                const struct question *question)
{
    enum exit_code code = value_audit(call, deed, meeting->alliance_id,
                                      meeting->id);

    call->changed |= CHANGE_EDIT;
    if (code != EXIT_FINE || !call_flag(call, "json"))
        return code;
    if (question)
        return print(call, meeting, question->id);
    table_print_record(call, json_pack("{s:s, s:b}", "meeting",
                                       call->arguments[0], "removed", 1));
    return EXIT_FINE;
}

/* Of the option's copy; those before it are copied already. */
static int64_t copied_option(const struct questions *from,
                             const struct questions *to, int64_t option_id)
{
    for (size_t i = 0; i < from->count; i++) {
        const struct option *option = option_find(&from->items[i],
                                                  option_id);

        if (option)
            return to->items[i].options[option - from->items[i].options].id;
    }
    return 0;
}

static enum rc copy_one(struct call *call, const struct questions *from,
                        const struct questions *to, size_t i,
                        int64_t meeting_id, struct err *err)
{
    struct question *copy = &to->items[i];

    *copy = from->items[i];
    copy->meeting_id = meeting_id;
    copy->if_option = copied_option(from, to, copy->if_option);
    copy->options = ARENA_ARRAY(call->arena, struct option,
                                copy->option_count);
    enum rc rc = question_insert(call->writer, copy, err);
    for (size_t o = 0; rc == RC_OK && o < copy->option_count; o++) {
        copy->options[o] = from->items[i].options[o];
        rc = option_insert(call->writer, copy->id, &copy->options[o], err);
    }
    return rc;
}

enum rc question_copy_all(struct call *call, int64_t from, int64_t to,
                          struct err *err)
{
    struct questions all, copies;
    enum rc rc = question_list(call->reader, call->arena, from, &all, err);

    copies = (struct questions){
        ARENA_ARRAY(call->arena, struct question, all.count), all.count
    };
    for (size_t i = 0; rc == RC_OK && i < all.count; i++)
        rc = copy_one(call, &all, &copies, i, to, err);
    return rc;
}
