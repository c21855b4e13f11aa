#include "daemon/state.h"

#include <string.h>
#include <unistd.h>

#include "daemon/base/arena.h"
#include "daemon/base/token.h"
#include "daemon/store/house_store.h"
#include "daemon/store/migrate.h"
#include "daemon/store/writing.h"

void state_find(struct arena *arena, const struct settings *settings,
                struct state *state)
{
    const char *folder = settings->state_dir;

    *state = (struct state){
        .database = arena_printf(arena, "%s/" STATE_DATABASE, folder),
        .key = arena_printf(arena, "%s/" STATE_KEY, folder),
        .restoring = arena_printf(arena, "%s/restoring", folder),
    };
    state->fresh = access(state->database, F_OK) != 0 &&
                   access(state->restoring, F_OK) != 0;
}

struct note {
    struct job job; /* first */
    const char *mark;
};

static enum rc note_mark(struct writer *writer, int64_t now, struct job *job,
                         struct err *err)
{
    (void)now;
    return house_note_key(writer, ((struct note *)(void *)job)->mark, err);
}

/* A database that has not met its key before believes this one. */
static enum rc match_key(struct state *state, struct err *err)
{
    struct arena *arena = arena_new();
    struct house_facts facts;
    struct note note = { .job = { .run = note_mark },
                         .mark = keyring_mark(arena, state->keys) };
    enum rc rc = house_read(writer_reader(state->writer), arena, &facts, err);

    if (rc == RC_NOT_FOUND)
        rc = err_set(err, "%s does not know itself", state->database);
    if (rc == RC_OK && !*facts.key_mark) {
        writing_run_alone(state->writer, &note.job, 0);
        rc = note.job.rc;
        *err = note.job.err;
    } else if (rc == RC_OK && strcmp(facts.key_mark, note.mark) != 0) {
        state->refused = true;
        rc = err_set(err, "%s is not the key of %s: restore both from the "
                     "same backup", state->key, state->database);
    }
    arena_free(&arena);
    return rc;
}

static bool is_newer(const struct state *state)
{
    struct err err;
    int64_t version;

    return schema_look(state->database, &version, &err) == RC_OK &&
           schema_check(state->database, version, &err) != RC_OK;
}

enum rc state_open(struct state *state, struct err *err)
{
    state->refused = access(state->restoring, F_OK) == 0;
    if (state->refused)
        return err_set(err, "%s: a restore was cut short; do it again "
                            "(convened restore DIR)", state->restoring);
    enum rc rc = keyring_load(state->key, state->fresh, &state->keys, err);
    if (rc == RC_OK) {
        rc = writer_open(state->database, state->fresh, &state->writer, err);
        state->refused = rc != RC_OK && is_newer(state);
    }
    return rc == RC_OK ? match_key(state, err) : rc;
}

void state_close(struct state *state)
{
    writer_close(&state->writer);
    keyring_free(&state->keys);
}
