#include "daemon/state.h"

#include <unistd.h>

#include "daemon/base/arena.h"
#include "daemon/base/token.h"

void state_find(struct arena *arena, const struct settings *settings,
                struct state *state)
{
    *state = (struct state){
        .database = arena_printf(arena, "%s/convened.db",
                                 settings->state_dir),
        .key = arena_printf(arena, "%s/convened.key", settings->state_dir),
    };
    state->fresh = access(state->database, F_OK) != 0;
}

enum rc state_open(struct state *state, struct err *err)
{
    enum rc rc = keyring_load(state->key, state->fresh, &state->keys, err);

    return rc == RC_OK ? writer_open(state->database, state->fresh,
                                     &state->writer, err)
                       : rc;
}

void state_close(struct state *state)
{
    writer_close(&state->writer);
    keyring_free(&state->keys);
}
