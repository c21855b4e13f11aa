#include "daemon/commands/attendee_commands.h"

#include <string.h>

#include "daemon/commands/table.h"
#include "daemon/commands/values.h"
#include "daemon/store/alliance_store.h"
#include "daemon/store/registration_store.h"

#define SLICE 1000

const struct command_option attendees_list_options[] = {
    { "search", "TEXT", "name, organisation, address; muller finds Müller",
      false },
    { "state", "STATE", "registered, cancelled, waiting, ... (any)", false },
    { "mode", "onsite|online", "how they take part (any)", false },
    TABLE_JSON_OPTION,
    { NULL, NULL, NULL, false },
};

static void read_filter(struct call *call,
                        struct registration_filter *filter)
{
    const char *state = call_option(call, "state");
    const char *mode = call_option(call, "mode");
    enum mode which;

    filter->search = call_option(call, "search");
    filter->state = filter->mode = -1;
    if (mode && mode_parse(mode, &which))
        filter->mode = (int)which;
    else if (mode)
        call_mistake(call, "--mode: \"%s\": onsite or online is expected",
                     mode);
    if (!state)
        return;
    for (int i = REG_UNCONFIRMED; i <= REG_DECLINED; i++)
        if (!strcmp(registration_state_word((enum registration_state)i),
                    state))
            filter->state = i;
    if (filter->state < 0)
        call_mistake(call, "--state: \"%s\": unconfirmed, pending, "
                     "registered, waiting, cancelled or declined is "
                     "expected", state);
}

json_t *attendee_record(struct call *call, const char *zone,
                        const struct benches *benches,
                        const struct registration *r)
{
    const struct person *p = &r->person;
    const struct bench *bench = bench_find(benches, p->bench_id);
    json_t *row = json_object();

    json_object_set_new(row, "reference", table_text(r->reference));
    json_object_set_new(row, "family_name", table_text(p->family_name));
    json_object_set_new(row, "given_name", table_text(p->given_name));
    json_object_set_new(row, "title", table_text(p->title));
    json_object_set_new(row, "organisation", table_text(p->organisation));
    json_object_set_new(row, "position", table_text(p->position));
    json_object_set_new(row, "bench",
                        table_text(bench ? bench->name.de : NULL));
    json_object_set_new(row, "email", table_text(p->address));
    json_object_set_new(row, "mode", json_string(mode_word(r->mode)));
    json_object_set_new(row, "state",
                        json_string(registration_state_word(r->state)));
    json_object_set_new(row, "lang", json_string(lang_code(r->lang)));
    json_object_set_new(row, "registered",
                        table_time(call, zone, r->created_at));
    return row;
}

static enum exit_code add_rows(struct call *call, const char *zone,
                               const struct benches *benches,
                               const struct registration_filter *filter,
                               json_t *rows)
{
    struct registrations slice;
    struct err err;

    for (int64_t offset = 0;; offset += SLICE) {
        if (registration_page(call->reader, call->arena, filter, offset,
                              SLICE, &slice, &err) == RC_FAIL)
            return call_failed(call, &err);
        for (size_t i = 0; i < slice.count; i++)
            json_array_append_new(rows, attendee_record(call, zone, benches,
                                                        &slice.items[i]));
        if (slice.count < SLICE)
            return EXIT_FINE;
    }
}

enum exit_code attendees_list(struct call *call)
{
    struct alliance alliance;
    struct meeting meeting;
    struct registration_filter filter = { 0 };
    struct benches benches;
    struct err err;
    enum exit_code code = value_meeting(call, call->arguments[0], &alliance,
                                        &meeting);

    if (code == EXIT_UNAVAILABLE)
        return code;
    read_filter(call, &filter);
    if (call->mistakes)
        return EXIT_DATA;
    filter.meeting_id = meeting.id;
    if (bench_list(call->reader, call->arena, alliance.id, &benches,
                   &err) == RC_FAIL)
        return call_failed(call, &err);
    json_t *rows = json_array();
    code = add_rows(call, meeting.zone, &benches, &filter, rows);
    if (code != EXIT_FINE) {
        json_decref(rows);
        return code;
    }
    table_print(call, rows);
    return EXIT_FINE;
}
