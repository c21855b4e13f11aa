#include "daemon/store/answer_store.h"

#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/store/query.h"

enum {
    VALUES, CHOSEN, VALUE_INSERT, CHOSEN_INSERT, TAKE, HOLD, GIVE_BACK,
    LET_GO, KEEP_COUNT, VALUES_DELETE, CHOSEN_DELETE, FORGET, LEFT,
};

#define HELD_BY_1 \
    "id IN (SELECT c.option_id FROM answer_option c" \
    " WHERE c.registration_id = ?1 AND c.held = 1)"

static const struct statement statements[] = {
    [VALUES] = { "answer_values",
        "SELECT question_id, value FROM answer WHERE registration_id = ?1"
        " ORDER BY question_id" },
    [CHOSEN] = { "answer_chosen",
        "SELECT o.question_id, o.id FROM answer_option c"
        " JOIN question_option o ON o.id = c.option_id"
        " WHERE c.registration_id = ?1 ORDER BY o.question_id, o.position" },
    [VALUE_INSERT] = { "answer_insert",
        "INSERT INTO answer (registration_id, question_id, value)"
        " SELECT ?1, ?2, ?3 WHERE EXISTS"
        " (SELECT 1 FROM question WHERE id = ?2)" },
    [CHOSEN_INSERT] = { "answer_option_insert",
        "INSERT INTO answer_option (registration_id, option_id, held)"
        " SELECT ?1, ?2, 0 WHERE EXISTS"
        " (SELECT 1 FROM question_option WHERE id = ?2)" },
    [TAKE] = { "option_take",
        "UPDATE question_option SET taken = taken + 1 WHERE id = ?1"
        " AND (capacity IS NULL OR taken < capacity)" },
    [HOLD] = { "answer_option_hold",
        "UPDATE answer_option SET held = 1 WHERE registration_id = ?1"
        " AND option_id = ?2" },
    [GIVE_BACK] = { "option_give_back",
        "UPDATE question_option SET taken = taken - 1 WHERE " HELD_BY_1 },
    [LET_GO] = { "answer_option_let_go",
        "UPDATE answer_option SET held = 0 WHERE registration_id = ?1"
        " AND held = 1" },
    [KEEP_COUNT] = { "option_keep_count",
        "UPDATE question_option SET taken = taken - 1, past = past + 1"
        " WHERE " HELD_BY_1 },
    [VALUES_DELETE] = { "answer_delete",
        "DELETE FROM answer WHERE registration_id = ?1" },
    [CHOSEN_DELETE] = { "answer_option_delete",
        "DELETE FROM answer_option WHERE registration_id = ?1" },
    [FORGET] = { "answer_option_forget",
        "DELETE FROM answer_option WHERE registration_id = ?1"
        " AND option_id = ?2 AND held = 0" },
    [LEFT] = { "option_left",
        "SELECT o.capacity, o.taken - (SELECT count(*) FROM answer_option c"
        " WHERE c.registration_id = ?2 AND c.option_id = ?1"
        " AND c.held = 1) FROM question_option o WHERE o.id = ?1" },
};

const struct family answer_family = {
    FAMILY_ANSWER, statements, sizeof statements / sizeof *statements,
};

static struct answer *add(struct arena *arena, struct answers *out,
                          int64_t question_id)
{
    out->items = list_room(arena, out->items, out->count,
                           sizeof *out->items);
    out->items[out->count] = (struct answer){ .question_id = question_id };
    return &out->items[out->count++];
}

static enum rc list_values(struct reader *reader, struct arena *arena,
                           int64_t registration_id, struct answers *out,
                           struct err *err)
{
    struct query q = query_read(reader, &answer_family, VALUES);

    bind_int(&q, 1, registration_id);
    while (query_next(&q))
        add(arena, out, column_int(&q, 0))->value =
            column_text(&q, 1, arena);
    return query_end(&q, err);
}

/* Those of one question come one behind the other. */
static enum rc list_chosen(struct reader *reader, struct arena *arena,
                           int64_t registration_id, struct answers *out,
                           struct err *err)
{
    struct query q = query_read(reader, &answer_family, CHOSEN);
    struct answer *last = NULL;
    int64_t *ids = NULL;

    bind_int(&q, 1, registration_id);
    while (query_next(&q)) {
        int64_t question_id = column_int(&q, 0);

        if (!last || last->question_id != question_id) {
            last = add(arena, out, question_id);
            ids = NULL;
        }
        ids = list_room(arena, ids, last->option_count, sizeof *ids);
        ids[last->option_count++] = column_int(&q, 1);
        last->options = ids;
    }
    return query_end(&q, err);
}

enum rc answer_list(struct reader *reader, struct arena *arena,
                    int64_t registration_id, struct answers *out,
                    struct err *err)
{
    *out = (struct answers){ 0 };
    enum rc rc = list_values(reader, arena, registration_id, out, err);
    return rc == RC_OK
        ? list_chosen(reader, arena, registration_id, out, err) : rc;
}

static enum rc run(struct writer *writer, int which, int64_t registration_id,
                   struct err *err)
{
    struct query q = query_write(writer, &answer_family, which);

    bind_int(&q, 1, registration_id);
    return query_run(&q, NULL, err);
}

static enum rc run_with(struct writer *writer, int which,
                        int64_t registration_id, int64_t id, struct err *err)
{
    struct query q = query_write(writer, &answer_family, which);

    bind_int(&q, 1, registration_id);
    bind_int(&q, 2, id);
    return query_run(&q, NULL, err);
}

static enum rc insert_value(struct writer *writer, int64_t registration_id,
                            const struct answer *answer, struct err *err)
{
    struct query q = query_write(writer, &answer_family, VALUE_INSERT);

    bind_int(&q, 1, registration_id);
    bind_int(&q, 2, answer->question_id);
    bind_text(&q, 3, answer->value);
    return query_run(&q, NULL, err);
}

enum rc answer_insert(struct writer *writer, int64_t registration_id,
                      const struct answer *answer, struct err *err)
{
    enum rc rc = RC_OK;

    if (answer->value)
        return insert_value(writer, registration_id, answer, err);
    for (size_t i = 0; rc == RC_OK && i < answer->option_count; i++)
        rc = run_with(writer, CHOSEN_INSERT, registration_id,
                      answer->options[i], err);
    return rc;
}

enum rc answer_take(struct writer *writer, int64_t registration_id,
                    int64_t option_id, bool *taken, struct err *err)
{
    struct query q = query_write(writer, &answer_family, TAKE);
    int64_t changed;

    bind_int(&q, 1, option_id);
    enum rc rc = query_run(&q, &changed, err);
    *taken = rc == RC_OK && changed == 1;
    return *taken ? run_with(writer, HOLD, registration_id, option_id, err)
                  : rc;
}

enum rc answer_release(struct writer *writer, int64_t registration_id,
                       struct err *err)
{
    enum rc rc = run(writer, GIVE_BACK, registration_id, err);

    return rc == RC_OK ? run(writer, LET_GO, registration_id, err) : rc;
}

enum rc answer_delete(struct writer *writer, int64_t registration_id,
                      struct err *err)
{
    static const int steps[] = { KEEP_COUNT, CHOSEN_DELETE, VALUES_DELETE };
    enum rc rc = RC_OK;

    for (size_t i = 0; rc == RC_OK && i < sizeof steps / sizeof *steps; i++)
        rc = run(writer, steps[i], registration_id, err);
    return rc;
}

enum rc answer_forget(struct writer *writer, int64_t registration_id,
                      int64_t option_id, struct err *err)
{
    return run_with(writer, FORGET, registration_id, option_id, err);
}

enum rc option_left(struct reader *reader, int64_t option_id,
                    int64_t registration_id, int64_t *left, struct err *err)
{
    struct query q = query_read(reader, &answer_family, LEFT);

    bind_int(&q, 1, option_id);
    bind_int(&q, 2, registration_id);
    bool found = query_next(&q);
    if (found)
        *left = column_is_null(&q, 0)
            ? INT64_MAX : column_int(&q, 0) - column_int(&q, 1);
    return query_end_found(&q, found, err);
}
