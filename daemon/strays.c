#include "daemon/strays.h"

#include "daemon/base/arena.h"
#include "daemon/base/mem.h"
#include "daemon/store/erase_store.h"

#define AT_A_TIME 250 /* one line of theirs: well below outgoing's longest */

struct strays {
    struct reader *reader;
    struct writing *writing;
    struct mailbox *home;
    bool waiting; /* for the courier's answer */
};

/* What is forgotten, on its way into the database. */
struct forgotten {
    struct job job;      /* first */
    struct arena *arena; /* holds this too */
    int64_t *letters;
    size_t count;
};

struct strays *strays_new(struct reader *reader, struct writing *writing,
                          struct mailbox *home)
{
    struct strays *strays = mem_new(sizeof *strays);

    strays->reader = reader;
    strays->writing = writing;
    strays->home = home;
    return strays;
}

void strays_free(struct strays **strays)
{
    mem_free(*strays);
    *strays = NULL;
}

void strays_left(struct strays *strays)
{
    strays->waiting = false;
}

enum rc strays_tell(struct strays *strays, struct door_peer *courier,
                    struct err *err)
{
    struct arena *arena;
    struct stray_files files;

    if (strays->waiting)
        return RC_OK;
    arena = arena_new();
    enum rc rc = stray_list(strays->reader, arena, AT_A_TIME, &files, err);
    if (rc == RC_OK && files.count > 0) {
        json_t *list = json_array();
        for (size_t i = 0; i < files.count; i++)
            json_array_append_new(
                list, json_pack("[I, I]",
                                (json_int_t)files.items[i].letter_id,
                                (json_int_t)files.items[i].written_at));
        door_send(courier, json_pack("{s:o}", "forget", list));
        strays->waiting = true;
    }
    arena_free(&arena);
    return rc;
}

/* On the writer's thread. */
static enum rc forget(struct writer *writer, int64_t now, struct job *job,
                      struct err *err)
{
    const struct forgotten *forgotten = (const void *)job;
    enum rc rc = RC_OK;

    (void)now;
    for (size_t i = 0; i < forgotten->count && rc == RC_OK; i++)
        rc = stray_delete(writer, forgotten->letters[i], err);
    job->changed = CHANGE_LETTERS; /* there may be more of them */
    return rc;
}

/* If it failed they are told, and forgotten, once more. */
static void forget_done(struct job *job)
{
    struct arena *arena = ((struct forgotten *)(void *)job)->arena;

    arena_free(&arena);
}

bool strays_told(struct strays *strays, const json_t *list)
{
    struct arena *arena;
    size_t i;
    json_t *id;

    strays->waiting = false;
    if (!json_is_array(list) || json_array_size(list) > AT_A_TIME)
        return false;
    json_array_foreach(list, i, id)
        if (!json_is_integer(id))
            return false;
    if (json_array_size(list) == 0)
        return true;
    arena = arena_new();
    struct forgotten *forgotten = ARENA_NEW(arena, struct forgotten);
    *forgotten = (struct forgotten){
        .job = { .run = forget, .repeatable = true, .done = forget_done,
                 .home = strays->home },
        .arena = arena,
        .letters = ARENA_ARRAY(arena, int64_t, json_array_size(list)),
        .count = json_array_size(list),
    };
    json_array_foreach(list, i, id)
        forgotten->letters[i] = json_integer_value(id);
    if (!writing_submit(strays->writing, &forgotten->job))
        arena_free(&arena);
    return true;
}
