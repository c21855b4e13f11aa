#include "daemon/commands/mail_commands.h"

#include "daemon/base/arena.h"
#include "daemon/base/parse.h"
#include "daemon/commands/table.h"
#include "daemon/commands/values.h"
#include "daemon/mail/letters.h"
#include "daemon/store/letter_store.h"
#include "daemon/store/meeting_store.h"
#include "daemon/store/registration_store.h"
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

const struct command_option mail_show_options[] = {
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

static bool read_id(struct call *call, int64_t *id)
{
    if (parse_int(call->arguments[0], 1, INT64_MAX, id))
        return true;
    call_mistake(call, "\"%s\" is not the number of a letter; `convened "
                 "mail queue` shows them", call->arguments[0]);
    return false;
}

enum exit_code mail_retry(struct call *call)
{
    int64_t id = 0, changed = 0;
    struct err err;

    if (call->argument_count && !read_id(call, &id))
        return EXIT_DATA;
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

/* Which meeting and which registration, or which reported barrier; not there
 * any more: neither. */
static enum rc add_subject(struct call *call, const struct letter *letter,
                           json_t *record, struct err *err)
{
    struct registration registration = { .reference = NULL };
    struct meeting meeting;
    const char *name = NULL;
    enum rc rc = registration_by_id(call->reader, call->arena,
                                    letter->registration_id, &registration,
                                    err);

    if (rc == RC_OK)
        rc = meeting_by_id(call->reader, call->arena, registration.meeting_id,
                           &meeting, err);
    if (rc == RC_OK)
        name = arena_printf(call->arena, "%s/%s", meeting.alliance_slug,
                            meeting.slug);
    json_object_set_new(record, "meeting", table_text(name));
    json_object_set_new(record, "reference",
                        table_text(registration.reference));
    json_object_set_new(record, "report",
                        letter->feedback_id ? json_integer(letter->feedback_id)
                                            : json_null());
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

/* What it would say if its turn came now: letters are rendered from the
 * newest data, so one that has left the queue cannot be shown again. NULL: it
 * has, or would not go out any more, or cannot be rendered, which is said. */
static const char *add_words(struct call *call, const struct letter *letter,
                             json_t *record)
{
    struct parts parts = { .text = NULL };
    bool still_true = false;
    struct err err;
    bool fine = letter->state == LETTER_QUEUED &&
                letters_render(call->reader, call->arena, call->settings,
                               call->keys, call->now, letter, &still_true,
                               &parts, &err) == RC_OK;

    if (!fine && letter->state == LETTER_QUEUED)
        call_say(call, "it cannot be rendered: %s", err.text);
    json_object_set_new(record, "still_true",
                        fine ? json_boolean(still_true) : json_null());
    if (!still_true)
        return NULL;
    json_object_set_new(record, "subject", table_text(parts.subject));
    json_object_set_new(record, "method", table_text(parts.method));
    return parts.text;
}

static enum exit_code print_letter(struct call *call,
                                   const struct letter *letter)
{
    json_t *record = letter_row(call, letter);
    struct err err;

    if (add_subject(call, letter, record, &err) == RC_FAIL) {
        json_decref(record);
        return call_failed(call, &err);
    }
    const char *text = add_words(call, letter, record);
    if (call_flag(call, "json"))
        json_object_set_new(record, "text", table_text(text));
    table_print_record(call, record);
    if (!call_flag(call, "json") && text)
        str_addf(&call->out, "\n%s", text);
    return EXIT_FINE;
}

enum exit_code mail_show(struct call *call)
{
    struct letter letter;
    struct err err;
    int64_t id;

    if (!read_id(call, &id))
        return EXIT_DATA;
    switch (letter_by_id(call->reader, call->arena, id, &letter, &err)) {
    case RC_OK:
        return print_letter(call, &letter);
    case RC_NOT_FOUND:
        call_mistake(call, "there is no letter %lld", (long long)id);
        return EXIT_DATA;
    case RC_FAIL:
        break;
    }
    return call_failed(call, &err);
}
