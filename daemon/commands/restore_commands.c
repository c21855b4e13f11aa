#include "daemon/commands/restore_commands.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/asking.h"
#include "daemon/base/arena.h"
#include "daemon/base/clock.h"
#include "daemon/base/files.h"
#include "daemon/base/token.h"
#include "daemon/commands/backup_folder.h"
#include "daemon/commands/table.h"
#include "daemon/state.h"
#include "daemon/store/backup.h"
#include "daemon/store/inspect.h"

const struct command_option restore_options[] = {
    TABLE_JSON_OPTION,
    { NULL, NULL, NULL, false },
};

/* The state at rest is these files, in a state directory and in a folder
 * where one is put aside. */
static const char *const state_files[] = {
    STATE_DATABASE, STATE_DATABASE "-wal", STATE_DATABASE "-shm",
    STATE_DATABASE "-journal", STATE_DATABASE ".sealed", STATE_KEY,
};
#define STATE_FILES (sizeof state_files / sizeof *state_files)

struct restore {
    struct call *call;
    struct arena *arena;
    const char *from;  /* the backup */
    const char *state; /* the state directory */
    struct state found;
    bool again;        /* an earlier one was cut short */
    const char *aside; /* where the present state went; NULL: there was none */
    struct inspection facts;
};

static const char *in(const struct restore *r, const char *folder,
                      const char *file)
{
    return arena_printf(r->arena, "%s/%s", folder, file);
}

/* --- the backup is copied, and the copy is looked at -------------------- */

/* What the folder itself is called reads better than its files. */
static enum exit_code no_backup(struct restore *r)
{
    struct backup_list list;
    struct err err;

    if (backup_folder_list(r->arena, r->from, &list, &err) == RC_OK &&
        list.count)
        call_say(r->call, "%s holds %zu backups; the newest is %s/%s",
                 r->from, list.count, r->from, list.names[list.count - 1]);
    else
        call_say(r->call, "%s: there is no " STATE_DATABASE " and "
                 STATE_KEY " in it", r->from);
    return EXIT_DATA;
}

static enum rc copy_in(struct restore *r, const char *file, struct err *err)
{
    return file_copy(in(r, r->from, file), in(r, r->found.restoring, file),
                     0600, err);
}

static enum rc match_key(struct restore *r, struct err *err)
{
    struct keyring *keys = NULL;
    enum rc rc = keyring_load(in(r, r->found.restoring, STATE_KEY), false,
                              &keys, err);

    if (rc == RC_OK && *r->facts.key_mark &&
        strcmp(r->facts.key_mark, keyring_mark(r->arena, keys)) != 0)
        rc = err_set(err, "its " STATE_KEY " is not the key of its "
                     STATE_DATABASE);
    keyring_free(&keys);
    return rc;
}

/* A copy made by other means may have a log or a journal beside it. */
static enum rc copy_and_check(struct restore *r, struct err *err)
{
    const char *database = in(r, r->found.restoring, STATE_DATABASE);
    enum rc rc = copy_in(r, STATE_DATABASE, err);

    if (rc == RC_OK)
        rc = copy_in(r, STATE_DATABASE "-wal", err);
    if (rc != RC_FAIL)
        rc = copy_in(r, STATE_DATABASE "-journal", err);
    if (rc != RC_FAIL)
        rc = copy_in(r, STATE_KEY, err);
    if (rc == RC_OK)
        rc = backup_settle(database, err);
    if (rc == RC_OK)
        rc = database_inspect(r->arena, database, INSPECT_AT_REST,
                              INSPECT_FULL, clock_now(), &r->facts, err);
    if (rc == RC_OK)
        rc = match_key(r, err);
    if (rc == RC_OK)
        rc = file_sync(database, err);
    if (rc == RC_OK)
        rc = file_sync(in(r, r->found.restoring, STATE_KEY), err);
    return rc == RC_OK ? folder_sync_of(database, err) : rc;
}

static void empty_restoring(struct restore *r)
{
    for (size_t i = 0; i < STATE_FILES; i++)
        unlink(in(r, r->found.restoring, state_files[i]));
}

static enum exit_code take_in(struct restore *r)
{
    struct err err = { "it went away" };

    if (access(in(r, r->from, STATE_DATABASE), F_OK) ||
        access(in(r, r->from, STATE_KEY), F_OK))
        return no_backup(r);
    r->again = access(r->found.restoring, F_OK) == 0;
    if (folder_make(r->found.restoring, 0700, &err) != RC_OK) {
        call_say(r->call, "%s", err.text);
        return EXIT_CANTCREAT;
    }
    empty_restoring(r);
    if (copy_and_check(r, &err) == RC_OK)
        return EXIT_FINE;
    call_say(r->call, "%s is not restored: %s", r->from, err.text);
    empty_restoring(r);
    /* After one that was cut short the state may be without its files; the
     * folder keeps a server from beginning a new, empty one. */
    if (!r->again)
        rmdir(r->found.restoring);
    return EXIT_DATA;
}

/* --- it takes its place ------------------------------------------------ */

static enum rc move(struct restore *r, const char *from, const char *to,
                    const char *file, struct err *err)
{
    const char *source = in(r, from, file);

    if (rename(source, in(r, to, file)) && errno != ENOENT)
        return err_set(err, "%s: %s", source, strerror(errno));
    return RC_OK;
}

/* Named by the second; two in one second are told apart. */
static enum rc make_aside(struct restore *r, struct err *err)
{
    const char *name = arena_printf(r->arena, "%s/before-restore-%s",
                                    r->state,
                                    backup_folder_stamp(r->arena,
                                                        clock_now()));

    r->aside = name;
    for (int i = 2; mkdir(r->aside, 0700); i++) {
        if (errno != EEXIST)
            return err_set(err, "%s: %s", r->aside, strerror(errno));
        r->aside = arena_printf(r->arena, "%s-%d", name, i);
    }
    return RC_OK;
}

static enum rc put_aside(struct restore *r, struct err *err)
{
    bool any = false;
    enum rc rc = RC_OK;

    for (size_t i = 0; i < STATE_FILES; i++)
        any = any || access(in(r, r->state, state_files[i]), F_OK) == 0;
    if (!any)
        return RC_OK;
    rc = make_aside(r, err);
    /* Both folders are there for good before the state is without its files:
     * else a server would begin a new, empty one. */
    if (rc == RC_OK)
        rc = folder_sync_of(r->aside, err);
    for (size_t i = 0; rc == RC_OK && i < STATE_FILES; i++)
        rc = move(r, r->state, r->aside, state_files[i], err);
    return rc == RC_OK
        ? folder_sync_of(in(r, r->aside, STATE_DATABASE), err) : rc;
}

static enum rc take_place(struct restore *r, struct err *err)
{
    enum rc rc = put_aside(r, err);

    if (rc == RC_OK)
        rc = move(r, r->found.restoring, r->state, STATE_KEY, err);
    if (rc == RC_OK)
        rc = move(r, r->found.restoring, r->state, STATE_DATABASE, err);
    if (rc == RC_OK)
        rc = folder_sync_of(r->found.database, err);
    if (rc != RC_OK)
        return rc;
    empty_restoring(r);
    if (rmdir(r->found.restoring))
        return err_set(err, "%s: %s", r->found.restoring, strerror(errno));
    return folder_sync_of(r->found.database, err);
}

/* As a server would; with the schema brought up to date, if it is older. */
static enum rc try_out(struct restore *r, struct err *err)
{
    struct state state;

    state_find(r->arena, r->call->settings, &state);
    enum rc rc = state_open(&state, err);
    state_close(&state);
    return rc;
}

static void print_done(struct restore *r)
{
    struct call *call = r->call;
    const struct inspection *facts = &r->facts;

    if (call_flag(call, "json")) {
        table_print_record(call, json_pack(
            "{s:s, s:s, s:I, s:I, s:I, s:o, s:b}", "restored", r->from,
            "database", r->found.database, "schema",
            (json_int_t)facts->schema, "registrations",
            (json_int_t)facts->registrations, "letters_waiting",
            (json_int_t)facts->letters_waiting, "aside",
            table_text(r->aside), "key_known", *facts->key_mark != '\0'));
        return;
    }
    str_addf(&call->out, "%s: restored from %s, %lld registrations\n",
             r->found.database, r->from, (long long)facts->registrations);
    if (r->aside)
        str_addf(&call->out, "what was there before: %s\n", r->aside);
    if (facts->letters_waiting)
        str_addf(&call->out, "%lld letters wait in it; those that were sent "
                 "since the backup go out again\n",
                 (long long)facts->letters_waiting);
    if (!*facts->key_mark)
        call_say(call, "this backup is so old that it does not know its "
                 "key: open one link from a letter to be sure");
}

static enum exit_code restore_locked(struct restore *r)
{
    struct err err;
    enum exit_code code = take_in(r);

    if (code != EXIT_FINE)
        return code;
    if (take_place(r, &err) != RC_OK) {
        call_say(r->call, "%s: cut short; do it again: %s", r->from,
                 err.text);
        return EXIT_CANTCREAT;
    }
    if (try_out(r, &err) != RC_OK) {
        call_say(r->call, "restored, but not usable: %s", err.text);
        return EXIT_DATA;
    }
    print_done(r);
    return EXIT_FINE;
}

enum exit_code restore_here(struct call *call)
{
    struct restore restore = { .call = call, .arena = call->arena,
                               .from = call->arguments[0],
                               .state = call->settings->state_dir };
    int lock, server = asking_knock(call);

    if (server == ASKING_FORBIDDEN)
        return EXIT_NOPERM;
    if (server >= 0) {
        close(server);
        call_say(call, "a server is running; stop it first (systemctl stop "
                 "convened)");
        return EXIT_UNAVAILABLE;
    }
    enum exit_code code = asking_lock(call, &lock);
    if (code != EXIT_FINE)
        return code;
    state_find(call->arena, call->settings, &restore.found);
    code = restore_locked(&restore);
    close(lock);
    return code;
}
