/* attendees support; notice list|show */
#include "daemon/commands/support_commands.h"

#include "daemon/commands/table.h"
#include "daemon/commands/values.h"
#include "daemon/store/account_store.h"
#include "daemon/store/consent_store.h"
#include "daemon/store/support_store.h"

#define REASON_MOST 200
#define ZONE "Europe/Berlin" /* of the times that are shown */

const struct command_option attendees_support_options[] = {
    { "reason", "TEXT", "what the list is needed for; it is noted", true },
    TABLE_JSON_OPTION,
    { NULL, NULL, NULL, false },
};

const struct command_option notice_options[] = {
    TABLE_JSON_OPTION,
    { NULL, NULL, NULL, false },
};

static json_t *needs_array(const struct support *support)
{
    json_t *needs = json_array();

    for (int i = 0; i < SUPPORT_NEED_COUNT; i++)
        if (support->needs & SUPPORT_BIT(i))
            json_array_append_new(
                needs,
                json_string(support_need_word((enum support_need)i)));
    return needs;
}

/* A table has no room for a list in a cell. */
static json_t *needs_words(struct call *call, const struct support *support)
{
    struct str all;

    str_init(&all, call->arena, 1024);
    for (int i = 0; i < SUPPORT_NEED_COUNT; i++)
        if (support->needs & SUPPORT_BIT(i))
            str_addf(&all, "%s%s", all.length ? ", " : "",
                     support_need_word((enum support_need)i));
    return table_text(all.data);
}

static json_t *supported_row(struct call *call, const char *zone,
                             const struct supported *one)
{
    const struct registration *r = &one->registration;
    json_t *row = json_object();

    json_object_set_new(row, "reference", table_text(r->reference));
    json_object_set_new(row, "family_name",
                        table_text(r->person.family_name));
    json_object_set_new(row, "given_name", table_text(r->person.given_name));
    json_object_set_new(row, "email", table_text(r->person.address));
    json_object_set_new(row, "mode", json_string(mode_word(r->mode)));
    json_object_set_new(row, "state",
                        json_string(registration_state_word(r->state)));
    json_object_set_new(row, "needs",
                        call_flag(call, "json")
                            ? needs_array(&one->support)
                            : needs_words(call, &one->support));
    json_object_set_new(row, "words", table_text(one->support.words));
    json_object_set_new(row, "since",
                        table_time(call, zone, one->changed_at));
    return row;
}

enum exit_code attendees_support(struct call *call)
{
    struct alliance alliance;
    struct meeting meeting;
    struct supporteds list;
    struct audit audit = { .actor = -1, .deed = "support-export" };
    struct err err;

    value_line_needed(call, "reason", REASON_MOST, &audit.reason);
    enum exit_code code = value_meeting(call, call->arguments[0], &alliance,
                                        &meeting);
    if (code != EXIT_FINE)
        return code;
    if (call->mistakes)
        return EXIT_DATA;
    if (support_list(call->reader, call->arena, meeting.id, &list, &err))
        return call_failed(call, &err);
    audit.alliance_id = alliance.id;
    audit.meeting_id = meeting.id;
    audit.amount = (int64_t)list.count;
    if (audit_insert(call->writer, call->now, &audit, &err))
        return call_failed(call, &err);
    json_t *rows = json_array();
    for (size_t i = 0; i < list.count; i++)
        json_array_append_new(rows, supported_row(call, meeting.zone,
                                                  &list.items[i]));
    table_print(call, rows);
    return EXIT_FINE;
}

/* --- words that people were shown --------------------------------------- */

static json_t *notice_row(struct call *call, const struct notice *notice)
{
    json_t *row = json_object();

    json_object_set_new(row, "version", table_text(notice->version));
    json_object_set_new(row, "kind",
                        json_string(notice_kind_word(notice->kind)));
    json_object_set_new(row, "lang", json_string(lang_code(notice->lang)));
    json_object_set_new(row, "since", table_time(call, ZONE, notice->since));
    return row;
}

enum exit_code notice_list_all(struct call *call)
{
    struct notices notices;
    struct err err;

    if (notice_list(call->reader, call->arena, &notices, &err))
        return call_failed(call, &err);
    json_t *rows = json_array();
    for (size_t i = 0; i < notices.count; i++)
        json_array_append_new(rows, notice_row(call, &notices.items[i]));
    table_print(call, rows);
    return EXIT_FINE;
}

enum exit_code notice_print(struct call *call)
{
    struct notice notice;
    struct err err;

    switch (notice_by_version(call->reader, call->arena, call->arguments[0],
                              &notice, &err)) {
    case RC_OK:
        break;
    case RC_NOT_FOUND:
        call_mistake(call, "\"%s\": `convened notice list` shows the "
                     "versions", call->arguments[0]);
        return EXIT_DATA;
    case RC_FAIL:
        return call_failed(call, &err);
    }
    if (!call_flag(call, "json")) {
        str_addf(&call->out, "%s\n", notice.words);
        return EXIT_FINE;
    }
    json_t *record = notice_row(call, &notice);
    json_object_set_new(record, "words", table_text(notice.words));
    table_print_record(call, record);
    return EXIT_FINE;
}
