/* The asking side: through control.sock if a server answers there, else in
 * this process. */
#include <stdio.h>
#include <unistd.h>

#include "daemon/asking.h"
#include "daemon/base/arena.h"
#include "daemon/base/clock.h"
#include "daemon/command.h"
#include "daemon/commands/password.h"
#include "daemon/commands/table.h"
#include "daemon/state.h"
#include "daemon/store/writing.h"

/* --- alone ------------------------------------------------------------- */

struct alone {
    struct job job; /* first */
    struct call *call;
    enum exit_code code;
};

static enum rc run_job(struct writer *writer, int64_t now, struct job *job,
                       struct err *err)
{
    struct alone *alone = (struct alone *)(void *)job;

    return command_write(alone->call, writer, now, &alone->code, err);
}

static enum exit_code run_with(struct call *call, struct writer *writer)
{
    struct alone alone = { .job = { .run = run_job }, .call = call };
    int64_t now = clock_now();

    if (!call->command->writes)
        return command_read(call, writer_reader(writer), now);
    writing_run_alone(writer, &alone.job, now);
    if (alone.code == EXIT_FINE && alone.job.rc != RC_OK)
        return call_failed(call, &alone.job.err);
    return alone.code;
}

static enum exit_code run_locked(struct call *call)
{
    struct state state;
    struct err err;
    enum exit_code code;

    state_find(call->arena, call->settings, &state);
    if (state.fresh && !call->command->writes) {
        call_say(call, "%s: there is no database yet; `convened alliance "
                 "add` begins one", call->settings->state_dir);
        return EXIT_UNAVAILABLE;
    }
    if (state_open(&state, &err) == RC_OK) {
        call->keys = state.keys;
        code = run_with(call, state.writer);
    } else {
        code = call_failed(call, &err);
    }
    state_close(&state);
    return code;
}

enum exit_code command_run_alone(struct call *call)
{
    int lock;
    enum exit_code code = asking_lock(call, &lock);

    if (code != EXIT_FINE)
        return code;
    code = run_locked(call);
    close(lock);
    return code;
}

/* --- asked ------------------------------------------------------------- */

/* The other side knows its hash alone. */
static void show_password(struct call *call, const char *password)
{
    json_t *record = call_flag(call, "json")
                         ? json_loadb(call->out.data, call->out.length, 0,
                                      NULL)
                         : NULL;

    if (!record) {
        str_addf(&call->out, "password: %s\n", password);
        return;
    }
    json_object_set_new(record, "password", json_string(password));
    str_clear(&call->out);
    table_print_record(call, record);
}

static enum exit_code run_parsed(struct call *call, int argc, char **argv)
{
    const char *made_up = NULL;
    struct err err;

    if (call->command->reads_input &&
        password_ask(call->arena, call_flag(call, "generate"), &made_up,
                     &call->input, &err)) {
        call_say(call, "%s", err.text);
        return EXIT_DATA;
    }
    if (call->command->run_here)
        return call->command->run_here(call);
    int fd = asking_knock(call);
    enum exit_code code =
        fd == ASKING_FORBIDDEN ? EXIT_NOPERM
        : fd == ASKING_NOBODY  ? command_run_alone(call)
                               : asking_ask(call, fd, argc, argv, NULL, 0);
    if (code == EXIT_FINE && made_up)
        show_password(call, made_up);
    return code;
}

enum exit_code command_main(const struct settings *settings, int argc,
                            char **argv)
{
    struct arena *arena = arena_new();
    struct call call;
    enum exit_code code = EXIT_FINE;

    call_begin(&call, arena, settings, NULL);
    if (argc > COMMAND_WORDS) {
        call_say(&call, "more than %d words", COMMAND_WORDS);
        code = EXIT_USAGE;
    } else if (argc < 1) {
        command_help(&call.out);
    } else {
        code = command_parse(argc, argv, &call);
        if (code == EXIT_FINE && call.command)
            code = run_parsed(&call, argc, argv);
    }
    if (call.out.overflow) {
        str_clear(&call.out);
        call_say(&call, "the answer is too long; ask for less of it");
        code = EXIT_UNAVAILABLE;
    }
    fwrite(call.out.data, 1, call.out.length, stdout);
    fwrite(call.err.data, 1, call.err.length, stderr);
    if (fflush(stdout))
        code = EXIT_CANTCREAT;
    arena_free(&arena);
    return code;
}
