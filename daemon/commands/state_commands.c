#include "daemon/commands/state_commands.h"

#include <unistd.h>

#include "daemon/asking.h"
#include "daemon/base/arena.h"
#include "daemon/commands/table.h"
#include "daemon/state.h"
#include "daemon/store/migrate.h"

const struct command_option migrate_options[] = {
    { "dry-run", NULL, "only says what would be done; also beside a running "
      "server", false },
    TABLE_JSON_OPTION,
    { NULL, NULL, NULL, false },
};

/* The names of the steps that a database of that version still needs. */
static json_t *steps_from(int64_t version)
{
    json_t *steps = json_array();

    for (size_t i = 0; i < migration_count; i++)
        if (migrations[i].number > version)
            json_array_append_new(steps, json_string(migrations[i].name));
    return steps;
}

static void print_plan(struct call *call, const struct state *state,
                       int64_t version, bool done)
{
    json_t *steps = steps_from(version), *step;
    const char *copy = arena_printf(call->arena, "%s.schema-%lld",
                                    state->database, (long long)version);
    bool needed = json_array_size(steps) > 0;
    size_t i;

    if (call_flag(call, "json")) {
        json_t *record = json_pack(
            "{s:s, s:I, s:i, s:o, s:o, s:b}", "database", state->database,
            "schema", (json_int_t)version, "newest", schema_newest(),
            "steps", steps, "copy", table_text(needed ? copy : NULL),
            "done", done);
        table_print_record(call, record);
        return;
    }
    if (!needed)
        str_addf(&call->out, "%s has schema %lld: nothing to do\n",
                 state->database, (long long)version);
    else
        str_addf(&call->out, "%s: from schema %lld to %d%s, %s %s\n",
                 state->database, (long long)version, schema_newest(),
                 done ? "" : " next time",
                 done ? "as it was:" : "first copied to", copy);
    json_array_foreach(steps, i, step)
        str_addf(&call->out, "  %s\n", json_string_value(step));
    json_decref(steps);
}

/* Only reads, so that a server may be running meanwhile. */
static enum exit_code look(struct call *call, struct state *state,
                           int64_t *version)
{
    struct err err;

    state_find(call->arena, call->settings, state);
    if (state->fresh) {
        call_say(call, "%s: there is no database yet",
                 call->settings->state_dir);
        return EXIT_UNAVAILABLE;
    }
    if (schema_look(state->database, version, &err) == RC_OK &&
        schema_check(state->database, *version, &err) == RC_OK)
        return EXIT_FINE;
    call_say(call, "%s", err.text);
    return *version > schema_newest() ? EXIT_CONFIG : EXIT_UNAVAILABLE;
}

static enum exit_code say_plan(struct call *call)
{
    struct state state;
    int64_t version;
    enum exit_code code = look(call, &state, &version);

    if (code == EXIT_FINE)
        print_plan(call, &state, version, false);
    return code;
}

static enum exit_code bring_up(struct call *call)
{
    struct state state;
    struct err err;
    int64_t version;
    enum exit_code code = look(call, &state, &version);

    if (code != EXIT_FINE)
        return code;
    if (state_open(&state, &err) == RC_OK)
        print_plan(call, &state, version, true);
    else
        code = call_failed(call, &err);
    state_close(&state);
    return code;
}

enum exit_code migrate_here(struct call *call)
{
    bool dry = call_flag(call, "dry-run");
    int lock, server = asking_knock(call);

    if (server == ASKING_FORBIDDEN)
        return EXIT_NOPERM;
    if (server >= 0) {
        close(server);
        if (dry)
            return say_plan(call);
        call_say(call, "a server is running; it brings the database up to "
                 "date itself when it starts");
        return EXIT_UNAVAILABLE;
    }
    enum exit_code code = asking_lock(call, &lock);
    if (code != EXIT_FINE)
        return code;
    code = dry ? say_plan(call) : bring_up(call);
    close(lock);
    return code;
}
