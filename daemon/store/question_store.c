#include "daemon/store/question_store.h"

#include "daemon/base/arena.h"
#include "daemon/store/query.h"

enum {
    LIST, OPTIONS, INSERT, UPDATE, DELETE, CLOSE_GAP, ANSWERED,
    ANSWERS_DELETE, CHOSEN_DELETE, OPTIONS_DELETE, OPTION_INSERT,
    OPTION_UPDATE, OPTION_DELETE, OPTION_CHOSEN,
};

static const struct statement statements[] = {
    [LIST] = { "question_list",
        "SELECT id, position, kind, label_de, label_en, help_de, help_en,"
        " required, least, most, if_option_id, if_mode FROM question"
        " WHERE meeting_id = ?1 ORDER BY position" },
    [OPTIONS] = { "question_options",
        "SELECT id, position, label_de, label_en, capacity, taken, past"
        " FROM question_option WHERE question_id = ?1 ORDER BY position" },
    [INSERT] = { "question_insert",
        "INSERT INTO question (meeting_id, position, kind, label_de,"
        " label_en, help_de, help_en, required, least, most, if_option_id,"
        " if_mode)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)" },
    [UPDATE] = { "question_update",
        "UPDATE question SET position = ?2, label_de = ?4, label_en = ?5,"
        " help_de = ?6, help_en = ?7, required = ?8, least = ?9, most = ?10,"
        " if_option_id = ?11, if_mode = ?12 WHERE id = ?1" },
    [DELETE] = { "question_delete", "DELETE FROM question WHERE id = ?1" },
    [CLOSE_GAP] = { "question_close_gap",
        "UPDATE question SET position = position - 1"
        " WHERE meeting_id = ?1 AND position > ?2" },
    [ANSWERED] = { "question_answered",
        "SELECT (SELECT count(*) FROM answer WHERE question_id = ?1)"
        " + (SELECT count(DISTINCT c.registration_id) FROM answer_option c"
        " WHERE c.option_id IN (SELECT x.id FROM question_option x"
        " WHERE x.question_id = ?1))" },
    [ANSWERS_DELETE] = { "question_answers_delete",
        "DELETE FROM answer WHERE question_id = ?1" },
    [CHOSEN_DELETE] = { "question_chosen_delete",
        "DELETE FROM answer_option WHERE option_id IN"
        " (SELECT x.id FROM question_option x WHERE x.question_id = ?1)" },
    [OPTIONS_DELETE] = { "question_options_delete",
        "DELETE FROM question_option WHERE question_id = ?1" },
    [OPTION_INSERT] = { "option_insert",
        "INSERT INTO question_option (question_id, position, label_de,"
        " label_en, capacity) VALUES (?1, ?2, ?3, ?4, ?5)" },
    [OPTION_UPDATE] = { "option_update",
        "UPDATE question_option SET label_de = ?3, label_en = ?4,"
        " capacity = ?5, position = ?2 WHERE id = ?1" },
    [OPTION_DELETE] = { "option_delete",
        "DELETE FROM question_option WHERE id = ?1" },
    [OPTION_CHOSEN] = { "option_chosen",
        "SELECT count(*) FROM answer_option WHERE option_id = ?1" },
};

const struct family question_family = {
    FAMILY_QUESTION, statements, sizeof statements / sizeof *statements,
};

static int64_t number_or(struct query *q, int at, int64_t otherwise)
{
    return column_is_null(q, at) ? otherwise : column_int(q, at);
}

static void bind_unless(struct query *q, int at, int64_t value, int64_t none)
{
    if (value != none) /* else it stays NULL */
        bind_int(q, at, value);
}

static void read_question(struct query *q, struct arena *arena,
                          struct question *out)
{
    *out = (struct question){
        .id = column_int(q, 0),
        .position = column_int(q, 1),
        .kind = (enum question_kind)column_int(q, 2),
        .label = { column_text(q, 3, arena), column_text(q, 4, arena) },
        .help = { column_text(q, 5, arena), column_text(q, 6, arena) },
        .required = column_int(q, 7) != 0,
        .least = number_or(q, 8, -QUESTION_NUMBER_MOST),
        .most = number_or(q, 9, QUESTION_NUMBER_MOST),
        .if_option = column_int(q, 10),
        .if_mode = (int)number_or(q, 11, -1),
    };
}

static enum rc read_options(struct reader *reader, struct arena *arena,
                            struct question *question, struct err *err)
{
    struct query q = query_read(reader, &question_family, OPTIONS);

    bind_int(&q, 1, question->id);
    while (query_next(&q)) {
        question->options =
            list_room(arena, question->options, question->option_count,
                      sizeof *question->options);
        question->options[question->option_count++] = (struct option){
            .id = column_int(&q, 0),
            .position = column_int(&q, 1),
            .label = { column_text(&q, 2, arena),
                       column_text(&q, 3, arena) },
            .capacity = number_or(&q, 4, QUESTION_NO_LIMIT),
            .taken = column_int(&q, 5),
            .past = column_int(&q, 6),
        };
    }
    return query_end(&q, err);
}

enum rc question_list(struct reader *reader, struct arena *arena,
                      int64_t meeting_id, struct questions *out,
                      struct err *err)
{
    struct query q = query_read(reader, &question_family, LIST);

    *out = (struct questions){ 0 };
    bind_int(&q, 1, meeting_id);
    while (query_next(&q)) {
        out->items = list_room(arena, out->items, out->count,
                               sizeof *out->items);
        read_question(&q, arena, &out->items[out->count]);
        out->items[out->count++].meeting_id = meeting_id;
    }
    enum rc rc = query_end(&q, err);
    for (size_t i = 0; rc == RC_OK && i < out->count; i++)
        if (question_has_options(&out->items[i]))
            rc = read_options(reader, arena, &out->items[i], err);
    return rc;
}

static void bind_question(struct query *q, const struct question *question)
{
    bind_int(q, 2, question->position);
    bind_text(q, 4, question->label.de);
    bind_text(q, 5, question->label.en);
    bind_text(q, 6, question->help.de);
    bind_text(q, 7, question->help.en);
    bind_int(q, 8, question->required);
    bind_unless(q, 9, question->least, -QUESTION_NUMBER_MOST);
    bind_unless(q, 10, question->most, QUESTION_NUMBER_MOST);
    bind_ref(q, 11, question->if_option);
    bind_unless(q, 12, question->if_mode, -1);
}

enum rc question_insert(struct writer *writer, struct question *question,
                        struct err *err)
{
    struct query q = query_write(writer, &question_family, INSERT);

    bind_int(&q, 1, question->meeting_id);
    bind_int(&q, 3, question->kind);
    bind_question(&q, question);
    return query_insert(&q, &question->id, err);
}

enum rc question_update(struct writer *writer,
                        const struct question *question, struct err *err)
{
    struct query q = query_write(writer, &question_family, UPDATE);

    bind_int(&q, 1, question->id);
    bind_question(&q, question);
    return query_run(&q, NULL, err);
}

static enum rc run(struct writer *writer, int which, int64_t id,
                   struct err *err)
{
    struct query q = query_write(writer, &question_family, which);

    bind_int(&q, 1, id);
    return query_run(&q, NULL, err);
}

enum rc question_delete(struct writer *writer,
                        const struct question *question, struct err *err)
{
    static const int steps[] = { ANSWERS_DELETE, CHOSEN_DELETE,
                                 OPTIONS_DELETE, DELETE };
    enum rc rc = RC_OK;

    for (size_t i = 0; rc == RC_OK && i < sizeof steps / sizeof *steps; i++)
        rc = run(writer, steps[i], question->id, err);
    if (rc != RC_OK)
        return rc;
    struct query q = query_write(writer, &question_family, CLOSE_GAP);
    bind_int(&q, 1, question->meeting_id);
    bind_int(&q, 2, question->position);
    return query_run(&q, NULL, err);
}

static enum rc count(struct reader *reader, int which, int64_t id,
                     int64_t *people, struct err *err)
{
    struct query q = query_read(reader, &question_family, which);

    bind_int(&q, 1, id);
    return query_number(&q, people, err);
}

enum rc question_answered(struct reader *reader, int64_t id, int64_t *people,
                          struct err *err)
{
    return count(reader, ANSWERED, id, people, err);
}

static void bind_option(struct query *q, const struct option *option)
{
    bind_int(q, 2, option->position);
    bind_text(q, 3, option->label.de);
    bind_text(q, 4, option->label.en);
    bind_unless(q, 5, option->capacity, QUESTION_NO_LIMIT);
}

enum rc option_insert(struct writer *writer, int64_t question_id,
                      struct option *option, struct err *err)
{
    struct query q = query_write(writer, &question_family, OPTION_INSERT);

    bind_int(&q, 1, question_id);
    bind_option(&q, option);
    return query_insert(&q, &option->id, err);
}

enum rc option_update(struct writer *writer, const struct option *option,
                      struct err *err)
{
    struct query q = query_write(writer, &question_family, OPTION_UPDATE);

    bind_int(&q, 1, option->id);
    bind_option(&q, option);
    return query_run(&q, NULL, err);
}

enum rc option_delete(struct writer *writer, int64_t id, struct err *err)
{
    return run(writer, OPTION_DELETE, id, err);
}

enum rc option_chosen(struct reader *reader, int64_t id, int64_t *people,
                      struct err *err)
{
    return count(reader, OPTION_CHOSEN, id, people, err);
}
