#include "daemon/commands/backup_commands.h"

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
#include "daemon/commands/values.h"
#include "daemon/state.h"
#include "daemon/store/backup.h"
#include "daemon/store/house_store.h"
#include "daemon/store/inspect.h"
#include "daemon/store/migrate.h"

#define KEY_MOST 4096
#define DAY 86400
#define WORDS 3 /* of what the server is asked: backup -- DIR */

const struct command_option backup_options[] = {
    { "keep", "N", "then removes all but the newest N in DIR", false },
    { "keep-days", "N", "then removes those in DIR older than N days",
      false },
    TABLE_JSON_OPTION,
    { NULL, NULL, NULL, false },
};

/* --- filling the two files --------------------------------------------- */

static enum rc copy_key(struct arena *arena, const char *path, int fd,
                        struct err *err)
{
    char *key;
    size_t length;
    enum rc rc = file_read(arena, path, KEY_MOST, &key, &length, err);

    if (rc == RC_NOT_FOUND)
        return err_set(err, "%s: there is no key", path);
    if (rc == RC_OK && pwrite(fd, key, length, 0) != (ssize_t)length)
        return err_set(err, "the copy of the key: %s", strerror(errno));
    return rc;
}

static enum exit_code fill(struct call *call, int database, int key)
{
    struct state state;
    struct err err;

    state_find(call->arena, call->settings, &state);
    if (state.fresh) {
        call_say(call, "%s: there is no database yet",
                 call->settings->state_dir);
        return EXIT_UNAVAILABLE;
    }
    if (copy_key(call->arena, state.key, key, &err) != RC_OK ||
        backup_copy(state.database, database, call->hurry, &err) != RC_OK)
        return call_failed(call, &err);
    return EXIT_FINE;
}

enum exit_code backup_aside(struct call *call)
{
    if (call->file_count == 2)
        return fill(call, call->files[0], call->files[1]);
    call_say(call, "a backup needs two open files");
    return EXIT_USAGE;
}

enum exit_code backup_note(struct call *call)
{
    struct err err;

    return house_note_backup(call->writer, call->now, &err) == RC_OK
               ? EXIT_FINE : call_failed(call, &err);
}

/* --- here -------------------------------------------------------------- */

/* The server fills them, or without one we do. */
static enum exit_code have_filled(struct call *call, char **words,
                                  const struct backup_folder *folder)
{
    const int files[2] = { folder->database_fd, folder->key_fd };
    int lock, server = asking_knock(call);

    if (server == ASKING_FORBIDDEN)
        return EXIT_NOPERM;
    if (server >= 0)
        return asking_ask(call, server, WORDS, words, files, 2);
    enum exit_code code = asking_lock(call, &lock);
    if (code != EXIT_FINE)
        return code;
    code = fill(call, files[0], files[1]);
    close(lock);
    return code;
}

static enum rc match_key(struct arena *arena, const char *path,
                         const struct inspection *facts, struct err *err)
{
    struct keyring *keys = NULL;
    enum rc rc = keyring_load(path, false, &keys, err);

    if (rc == RC_OK && *facts->key_mark &&
        strcmp(facts->key_mark, keyring_mark(arena, keys)) != 0)
        rc = err_set(err, "%s does not belong to the database beside it",
                     path);
    keyring_free(&keys);
    return rc;
}

static enum exit_code check(struct call *call,
                            const struct backup_folder *folder,
                            struct inspection *facts)
{
    struct err err;

    if (backup_settle(folder->database, &err) == RC_OK &&
        database_inspect(call->arena, folder->database, INSPECT_AT_REST,
                         INSPECT_FULL, clock_now(), facts, &err) == RC_OK &&
        match_key(call->arena, folder->key, facts, &err) == RC_OK)
        return EXIT_FINE;
    call_say(call, "the copy is not good and was thrown away: %s", err.text);
    return EXIT_DATA;
}

/* That there is a backup is no reason to bring the schema up to date. */
static void have_noted(struct call *call, char **words,
                       const struct inspection *facts)
{
    int server = asking_knock(call);
    enum exit_code code = EXIT_FINE;

    if (server >= 0)
        code = asking_ask(call, server, WORDS, words, NULL, 0);
    else if (server == ASKING_NOBODY && facts->schema == schema_newest())
        code = command_run_alone(call);
    if (code != EXIT_FINE)
        call_say(call, "the backup is good, but that it was made could not "
                 "be noted");
}

/* --- old ones ---------------------------------------------------------- */

static bool is_old(const struct backup_list *list, size_t i, int64_t now,
                   int64_t keep, int64_t days)
{
    return (keep && list->count - i > (size_t)keep) ||
           (days && backup_folder_time(list->names[i]) < now - days * DAY);
}

/* Never the one that was just made. */
static json_t *remove_old(struct call *call, const char *dir,
                          const struct backup_folder *made, int64_t now,
                          int64_t keep, int64_t days)
{
    json_t *removed = json_array();
    struct backup_list list;
    struct err err;

    if (backup_folder_list(call->arena, dir, &list, &err) != RC_OK) {
        call_say(call, "%s", err.text);
        return removed;
    }
    for (size_t i = 0; i < list.count; i++) {
        if (strcmp(list.names[i], made->name) == 0 ||
            !is_old(&list, i, now, keep, days))
            continue;
        if (backup_folder_remove(call->arena, dir, list.names[i], &err) ==
            RC_OK)
            json_array_append_new(removed, json_string(list.names[i]));
        else
            call_say(call, "an old backup stays: %s", err.text);
    }
    return removed;
}

/* --- the whole --------------------------------------------------------- */

static void print_made(struct call *call, const struct backup_folder *folder,
                       const struct inspection *facts, json_t *removed)
{
    struct stat database = { .st_size = 0 };
    json_t *name;
    size_t i;

    (void)fstat(folder->database_fd, &database);
    if (call_flag(call, "json")) {
        table_print_record(call, json_pack(
            "{s:s, s:I, s:I, s:I, s:o}", "backup", folder->whole, "bytes",
            (json_int_t)database.st_size, "schema",
            (json_int_t)facts->schema, "registrations",
            (json_int_t)facts->registrations, "removed", removed));
        return;
    }
    str_addf(&call->out, "%s: %lld registrations, %lld bytes, checked\n",
             folder->whole, (long long)facts->registrations,
             (long long)database.st_size);
    json_array_foreach(removed, i, name)
        str_addf(&call->out, "removed: %s\n", json_string_value(name));
    json_decref(removed);
}

static enum exit_code make(struct call *call, const char *dir, int64_t now,
                           struct backup_folder *folder,
                           struct inspection *facts)
{
    char *words[WORDS] = { arena_strdup(call->arena, "backup"),
                           arena_strdup(call->arena, "--"),
                           arena_strdup(call->arena, dir) };
    struct err err;

    if (backup_folder_begin(call->arena, dir, now, folder, &err) != RC_OK ||
        backup_folder_sweep(call->arena, dir, &err) != RC_OK) {
        call_say(call, "%s", err.text);
        return EXIT_CANTCREAT;
    }
    enum exit_code code = have_filled(call, words, folder);
    if (code == EXIT_FINE)
        code = check(call, folder, facts);
    if (code == EXIT_FINE && backup_folder_finish(folder, &err) != RC_OK) {
        call_say(call, "%s", err.text);
        code = EXIT_CANTCREAT;
    }
    if (code == EXIT_FINE)
        have_noted(call, words, facts);
    return code;
}

enum exit_code backup_here(struct call *call)
{
    const char *dir = call->arguments[0];
    int64_t keep = 0, days = 0, now = clock_now();
    struct backup_folder folder = { .folder_fd = -1, .database_fd = -1,
                                    .key_fd = -1 };
    struct inspection facts;

    value_int(call, "keep", 1, 100000, &keep);
    value_int(call, "keep-days", 1, 36500, &days);
    if (call->mistakes)
        return EXIT_DATA;
    enum exit_code code = make(call, dir, now, &folder, &facts);
    if (code == EXIT_FINE)
        print_made(call, &folder, &facts,
                   remove_old(call, dir, &folder, now, keep, days));
    backup_folder_end(&folder);
    return code;
}
