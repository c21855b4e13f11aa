#include "daemon/store/house_store.h"

#include "daemon/store/query.h"

enum { READ, NOTE_KEY, NOTE_BACKUP };

static const struct statement statements[] = {
    [READ] = { "house_read", "SELECT key_mark, backup_at FROM house" },
    [NOTE_KEY] = { "house_note_key", "UPDATE house SET key_mark = ?1" },
    [NOTE_BACKUP] = { "house_note_backup",
        "UPDATE house SET backup_at = ?1" },
};

const struct family house_family = {
    FAMILY_HOUSE, statements, sizeof statements / sizeof *statements,
};

enum rc house_read(struct reader *reader, struct arena *arena,
                   struct house_facts *facts, struct err *err)
{
    struct query query = query_read(reader, &house_family, READ);
    bool found = query_next(&query);

    if (found) {
        facts->key_mark = column_text(&query, 0, arena);
        facts->backup_at = column_int(&query, 1);
    }
    return query_end_found(&query, found, err);
}

enum rc house_note_key(struct writer *writer, const char *mark,
                       struct err *err)
{
    struct query query = query_write(writer, &house_family, NOTE_KEY);

    bind_text(&query, 1, mark);
    return query_run(&query, NULL, err);
}

enum rc house_note_backup(struct writer *writer, int64_t at, struct err *err)
{
    struct query query = query_write(writer, &house_family, NOTE_BACKUP);

    bind_int(&query, 1, at);
    return query_run(&query, NULL, err);
}
