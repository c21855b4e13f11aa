#include "daemon/commands/feedback_commands.h"

#include "daemon/base/parse.h"
#include "daemon/commands/table.h"
#include "daemon/commands/values.h"
#include "daemon/rules/feedback.h"
#include "daemon/store/feedback_store.h"

#define ACTOR_COMMAND (-1)

const struct command_option feedback_list_options[] = {
    { "all", NULL, "those that were answered, too", false },
    { "limit", "N", "at most N (1000)", false },
    TABLE_JSON_OPTION,
    { NULL, NULL, NULL, false },
};

const struct command_option feedback_answered_options[] = {
    TABLE_JSON_OPTION,
    { NULL, NULL, NULL, false },
};

static json_t *feedback_row(struct call *call, const struct feedback *f)
{
    json_t *row = json_object();

    json_object_set_new(row, "id", json_integer(f->id));
    json_object_set_new(row, "received",
                        table_time(call, FEEDBACK_ZONE, f->received_at));
    json_object_set_new(row, "due", table_time(call, FEEDBACK_ZONE, f->due_at));
    json_object_set_new(row, "overdue",
                        json_boolean(!f->answered_at &&
                                     f->due_at < call->now));
    json_object_set_new(row, "answered",
                        table_time(call, FEEDBACK_ZONE, f->answered_at));
    json_object_set_new(row, "address", table_text(f->address));
    json_object_set_new(row, "page", table_text(f->page));
    json_object_set_new(row, "message", table_text(f->message));
    return row;
}

enum exit_code feedback_list_all(struct call *call)
{
    int64_t limit = 1000;
    struct feedbacks all;
    struct err err;

    value_int(call, "limit", 1, 1000000, &limit);
    if (call->mistakes)
        return EXIT_DATA;
    if (feedback_list(call->reader, call->arena, call_flag(call, "all"),
                      limit, &all, &err) != RC_OK)
        return call_failed(call, &err);
    json_t *rows = json_array();
    for (size_t i = 0; i < all.count; i++)
        json_array_append_new(rows, feedback_row(call, &all.items[i]));
    table_print(call, rows);
    return EXIT_FINE;
}

static enum exit_code print_answered(struct call *call, int64_t id)
{
    struct feedback answered;
    struct err err;

    table_say(call, "report %lld is answered", (long long)id);
    if (!call_flag(call, "json"))
        return EXIT_FINE;
    if (feedback_by_id(call->reader, call->arena, id, &answered, &err) !=
        RC_OK)
        return call_failed(call, &err);
    table_print_record(call, feedback_row(call, &answered));
    return EXIT_FINE;
}

enum exit_code feedback_answered(struct call *call)
{
    struct err err;
    int64_t id;

    if (!parse_int(call->arguments[0], 1, INT64_MAX, &id)) {
        call_mistake(call, "\"%s\" is not the number of a report; `convened "
                     "feedback list` shows them", call->arguments[0]);
        return EXIT_DATA;
    }
    switch (feedback_answer(call->writer, call->now, id, ACTOR_COMMAND,
                            &err)) {
    case RC_OK:
        return print_answered(call, id);
    case RC_NOT_FOUND:
        call_mistake(call, "no report %lld waits for an answer",
                     (long long)id);
        return EXIT_DATA;
    case RC_FAIL:
        break;
    }
    return call_failed(call, &err);
}
