#include "daemon/commands/mail_commands.h"

#include "daemon/base/parse.h"
#include "daemon/commands/table.h"
#include "daemon/commands/values.h"
#include "daemon/store/letter_store.h"
#include "daemon/store/writing.h"

#define ZONE "Europe/Berlin" /* of the times that are shown */

const struct command_option mail_queue_options[] = {
    { "state", "STATE", "queued, sent, refused, suppressed, dropped (any)",
      false },
    { "alliance", "ALLIANCE", "letters of its meetings only", false },
    { "limit", "N", "the newest N (1000)", false },
    TABLE_JSON_OPTION,
    { NULL, NULL, NULL, false },
};

const struct command_option mail_retry_options[] = {
    { "refused", NULL, "those refused for good, too", false },
    TABLE_JSON_OPTION,
    { NULL, NULL, NULL, false },
};

static enum exit_code read_filter(struct call *call,
                                  struct letter_filter *filter)
{
    const char *state = call_option(call, "state");
    const char *slug = call_option(call, "alliance");
    struct alliance alliance;
    enum letter_state which;

    *filter = (struct letter_filter){ .state = -1, .limit = 1000 };
    if (state && letter_state_parse(state, &which))
        filter->state = (int)which;
    else if (state)
        call_mistake(call, "--state: \"%s\": queued, sent, refused, "
                     "suppressed or dropped is expected", state);
    value_int(call, "limit", 1, 1000000, &filter->limit);
    if (slug) {
        enum exit_code code = value_alliance(call, slug, &alliance);
        if (code != EXIT_FINE)
            return code;
        filter->alliance_id = alliance.id;
    }
    return call->mistakes ? EXIT_DATA : EXIT_FINE;
}

static json_t *letter_row(struct call *call, const struct letter *l)
{
    bool queued = l->state == LETTER_QUEUED;
    json_t *row = json_object();

    json_object_set_new(row, "id", json_integer(l->id));
    json_object_set_new(row, "state",
                        json_string(letter_state_word(l->state)));
    json_object_set_new(row, "kind", json_string(letter_kind_word(l->kind)));
    json_object_set_new(row, "address", table_text(l->address));
    json_object_set_new(row, "written", table_time(call, ZONE,
                                                   l->created_at));
    json_object_set_new(row, "attempts", json_integer(l->attempts));
    json_object_set_new(row, "due",
                        table_time(call, ZONE, queued ? l->due_at : 0));
    json_object_set_new(row, "settled", table_time(call, ZONE,
                                                   l->settled_at));
    json_object_set_new(row, "remark", table_text(l->remark));
    return row;
}

enum exit_code mail_queue(struct call *call)
{
    struct letter_filter filter;
    struct letters letters;
    struct err err;
    enum exit_code code = read_filter(call, &filter);

    if (code != EXIT_FINE)
        return code;
    if (letter_list(call->reader, call->arena, &filter, &letters,
                    &err) == RC_FAIL)
        return call_failed(call, &err);
    json_t *rows = json_array();
    for (size_t i = 0; i < letters.count; i++)
        json_array_append_new(rows, letter_row(call, &letters.items[i]));
    table_print(call, rows);
    return EXIT_FINE;
}

enum exit_code mail_retry(struct call *call)
{
    int64_t id = 0, changed = 0;
    struct err err;

    if (call->argument_count &&
        !parse_int(call->arguments[0], 1, INT64_MAX, &id)) {
        call_mistake(call, "\"%s\" is not the number of a letter; `convened "
                     "mail queue` shows them", call->arguments[0]);
        return EXIT_DATA;
    }
    if (letter_retry(call->writer, call->now, id,
                     call_flag(call, "refused"), &changed, &err) == RC_FAIL)
        return call_failed(call, &err);
    if (id && !changed) {
        call_mistake(call, "letter %lld does not wait%s", (long long)id,
                     call_flag(call, "refused")
                         ? "" : "; refused ones need --refused");
        return EXIT_DATA;
    }
    call->changed |= CHANGE_LETTERS;
    table_say(call, "%lld letters are due now", (long long)changed);
    if (call_flag(call, "json"))
        table_print_record(call, json_pack("{s:I}", "due",
                                           (json_int_t)changed));
    return value_audit(call, "mail-retry", 0, 0);
}
