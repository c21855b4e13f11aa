#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/base/files.h"
#include "daemon/store/alliance_store.h"
#include "daemon/store/connection.h"
#include "daemon/store/letter_store.h"
#include "daemon/store/lock.h"
#include "daemon/store/migrate.h"
#include "daemon/store/seal.h"
#include "tests/store_house.h"

static void reopen(struct house *house)
{
    reader_close(&house->reader);
    writer_close(&house->writer);
    FINE(house, writer_open(house->path, false, &house->writer,
                            &house->err));
    FINE(house, reader_open(house->path, &house->reader, &house->err));
}

/* Straight to SQLite, past every layer. */
static int direct(sqlite3 *db, const char *sql)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL) & 0xff;
}

static int64_t asked(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement;

    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

static void the_writer_syncs_fully_and_maps_nothing(void **state)
{
    struct house *house = *state;
    sqlite3 *db = writer_reader(house->writer)->db;

    assert_int_equal(asked(db, "PRAGMA synchronous"), 2);
    assert_int_equal(asked(db, "PRAGMA mmap_size"), 0);
    assert_int_equal(asked(db, "PRAGMA foreign_keys"), 1);
    assert_int_equal(asked(db, "PRAGMA secure_delete"), 1);
    assert_int_equal(asked(db, "PRAGMA trusted_schema"), 0);
    assert_int_equal(asked(db, "PRAGMA cell_size_check"), 1);
    assert_int_equal(asked(db, "PRAGMA wal_autocheckpoint"), 0);
    /* DEFENSIVE: the schema cannot be written by hand. */
    (void)direct(db, "PRAGMA writable_schema = ON");
    assert_int_not_equal(direct(db, "DELETE FROM sqlite_schema"), SQLITE_OK);
}

static void a_reader_cannot_write_or_checkpoint(void **state)
{
    struct house *house = *state;
    sqlite3 *db = house->reader->db;

    assert_int_equal(direct(db, "DELETE FROM pool"), SQLITE_READONLY);
    assert_int_equal(direct(db, "CREATE TABLE x (y)"), SQLITE_READONLY);
    assert_int_equal(asked(db, "PRAGMA query_only"), 1);
    assert_int_equal(asked(db, "PRAGMA wal_autocheckpoint"), 0);
    for (size_t i = 0; i < registration_family.count; i++) {
        sqlite3_stmt *s = house->reader->prepared[FAMILY_REGISTRATION][i];
        assert_true(!s || sqlite3_stmt_readonly(s));
    }
    assert_int_equal(house_number(house, "SELECT count(*) FROM pool"), 2);
}

static void references_are_checked(void **state)
{
    struct house *house = *state;
    sqlite3 *db = writer_reader(house->writer)->db;

    assert_int_equal(direct(db, "INSERT INTO bench (alliance_id, name_de,"
                                " name_en) VALUES (99, 'x', '')"),
                     SQLITE_CONSTRAINT);
    assert_int_equal(direct(db, "UPDATE pool SET taken = capacity + 1"),
                     SQLITE_CONSTRAINT);
    assert_int_equal(direct(db, "UPDATE pool SET taken = -1"),
                     SQLITE_CONSTRAINT);
}

/* True if every line of the table that begins a column has a comment. */
static bool columns_are_explained(const char *table, const char *end)
{
    for (const char *line = strchr(table, '\n'); line && line < end;
         line = strchr(line + 1, '\n')) {
        const char *comment = strstr(line, "--");
        const char *next = strchr(line + 1, '\n');

        if (strncmp(line, "\n    ", 5) == 0 && line[5] >= 'a' &&
            line[5] <= 'z' && (!comment || comment > next))
            return false;
    }
    return true;
}

static void every_column_is_explained(void **state)
{
    size_t tables = 0;

    (void)state;
    for (size_t i = 0; i < migration_count; i++)
        for (const char *at = strstr(migrations[i].sql, "\nCREATE TABLE");
             at; at = strstr(at + 1, "\nCREATE TABLE")) {
            const char *end = strstr(at, ") STRICT;");
            assert_non_null(end);
            assert_true(columns_are_explained(at + 1, end));
            tables++;
        }
    assert_true(tables >= 20);
    static const char bare[] = "CREATE TABLE t (\n    a TEXT,\n) STRICT;";
    assert_false(columns_are_explained(bare, bare + sizeof bare - 1));
}

static void only_its_owner_may_read_the_files(void **state)
{
    static const char *const ends[] = { "", "-wal", "-shm" };
    struct house *house = *state;
    struct stat about;

    for (size_t i = 0; i < 3; i++) {
        const char *path = arena_printf(house->arena, "%s%s", house->path,
                                        ends[i]);
        assert_int_equal(stat(path, &about), 0);
        assert_int_equal(about.st_mode & 077, 0);
    }
}

static void what_was_written_is_there_after_reopening(void **state)
{
    struct house *house = *state;
    struct alliance alliance;
    struct stat about;

    reopen(house);
    FINE(house, alliance_by_slug(house->reader, house->arena, "sachsen",
                                 &alliance, &house->err));
    assert_string_equal(alliance.name.de, "Allianz Sachsen");
    writer_close(&house->writer);
    /* Closing moved the log into the database. */
    const char *log = arena_printf(house->arena, "%s-wal", house->path);
    assert_true(stat(log, &about) != 0 || about.st_size == 0);
    reader_close(&house->reader);
}

static void a_missing_database_is_not_made_unasked(void **state)
{
    struct house *house = *state;
    struct writer *writer;
    struct reader *reader;
    const char *path = arena_printf(house->arena, "%s/none.db",
                                    house->folder);

    FAILS(house, writer_open(path, false, &writer, &house->err));
    assert_null(writer);
    assert_non_null(strstr(house->err.text, "none.db"));
    FAILS(house, reader_open(path, &reader, &house->err));
    assert_null(reader);
    assert_int_not_equal(access(path, F_OK), 0);
}

static void a_newer_schema_is_refused_with_one_line(void **state)
{
    struct house *house = *state;

    assert_int_equal(direct(writer_reader(house->writer)->db,
                            "PRAGMA user_version = 99"), SQLITE_OK);
    reader_close(&house->reader);
    writer_close(&house->writer);
    FAILS(house, writer_open(house->path, false, &house->writer,
                             &house->err));
    assert_non_null(strstr(house->err.text, "schema 99"));
    assert_null(strchr(house->err.text, '\n'));
}

static void a_foreign_database_is_refused(void **state)
{
    struct house *house = *state;

    assert_int_equal(direct(writer_reader(house->writer)->db,
                            "PRAGMA application_id = 7"), SQLITE_OK);
    reader_close(&house->reader);
    writer_close(&house->writer);
    FAILS(house, writer_open(house->path, false, &house->writer,
                             &house->err));
    assert_non_null(strstr(house->err.text, "not a database of convened"));
}

static void damage(const char *path, long from, long to)
{
    FILE *file = fopen(path, "r+b");

    assert_non_null(file);
    for (long at = from; at < to; at++) {
        assert_int_equal(fseek(file, at, SEEK_SET), 0);
        assert_int_equal(fputc(0xee, file), 0xee);
    }
    assert_int_equal(fclose(file), 0);
}

/* What somebody's build of SQLite, or an extension, might do to every
 * connection: what we ask for is not done. */
static int deaf(void *what, int action, const char *name, const char *value,
                const char *database, const char *trigger)
{
    (void)database, (void)trigger;
    return action == SQLITE_PRAGMA && value && strcmp(name, what) == 0
        ? SQLITE_IGNORE : SQLITE_OK;
}

static int deaf_to_synchronous(sqlite3 *db, const char **words,
                               const struct sqlite3_api_routines *api)
{
    static char name[] = "synchronous";

    (void)words, (void)api;
    (void)sqlite3_exec(db, "PRAGMA synchronous = OFF", NULL, NULL, NULL);
    return sqlite3_set_authorizer(db, deaf, name);
}

static int deaf_to_mmap_size(sqlite3 *db, const char **words,
                             const struct sqlite3_api_routines *api)
{
    static char name[] = "mmap_size";

    (void)words, (void)api;
    (void)sqlite3_exec(db, "PRAGMA mmap_size = 1048576", NULL, NULL, NULL);
    return sqlite3_set_authorizer(db, deaf, name);
}

static void refused_when(struct house *house, const char *words,
                         int (*entry)(sqlite3 *, const char **,
                                      const struct sqlite3_api_routines *))
{
    assert_int_equal(sqlite3_auto_extension((void (*)(void))entry),
                     SQLITE_OK);
    FAILS(house, writer_open(house->path, false, &house->writer,
                             &house->err));
    sqlite3_reset_auto_extension();
    if (!strstr(house->err.text, words))
        fail_msg("%s", house->err.text);
}

static void settings_that_do_not_hold_are_refused(void **state)
{
    struct house *house = *state;

    reader_close(&house->reader);
    writer_close(&house->writer);
    refused_when(house, "PRAGMA synchronous = FULL: SQLite answers 0",
                 deaf_to_synchronous);
    refused_when(house, "PRAGMA mmap_size = 0: SQLite answers 1048576",
                 deaf_to_mmap_size);
    FINE(house, writer_open(house->path, false, &house->writer,
                            &house->err));
}

static void a_damaged_database_is_refused(void **state)
{
    struct house *house = *state;
    struct stat about;

    reader_close(&house->reader);
    writer_close(&house->writer);
    assert_int_equal(stat(house->path, &about), 0);
    damage(house->path, 4096 * 3, 4096 * 3 + 600);
    FAILS(house, writer_open(house->path, false, &house->writer,
                             &house->err));
    assert_non_null(strstr(house->err.text, "damaged"));
    assert_non_null(strstr(house->err.text, "convened restore DIR"));
    damage(house->path, 0, 100);
    FAILS(house, writer_open(house->path, false, &house->writer,
                             &house->err));
}

static void a_seal_fits_only_what_nobody_has_touched(void **state)
{
    struct house *house = *state;
    struct stat before;

    assert_false(seal_break(house->path)); /* it is open */
    reader_close(&house->reader);
    writer_close(&house->writer);
    assert_true(seal_break(house->path));
    assert_false(seal_break(house->path)); /* it is gone */
    /* Damaged by somebody who even sets the time back. */
    seal_set(house->path);
    assert_int_equal(stat(house->path, &before), 0);
    damage(house->path, 4096 * 3, 4096 * 3 + 600);
    struct timespec times[2] = { before.st_atim, before.st_mtim };
    assert_int_equal(utimensat(AT_FDCWD, house->path, times, 0), 0);
    FAILS(house, writer_open(house->path, false, &house->writer,
                             &house->err));
    assert_non_null(strstr(house->err.text, "damaged"));
}

static void a_writer_leaves_a_seal_unless_it_met_damage(void **state)
{
    struct house *house = *state;
    const char *seal = arena_printf(house->arena, "%s.sealed", house->path);

    assert_int_not_equal(access(seal, F_OK), 0);
    reopen(house);
    assert_int_not_equal(access(seal, F_OK), 0);
    reader_close(&house->reader);
    connection_note(writer_reader(house->writer), SQLITE_CORRUPT);
    writer_close(&house->writer);
    assert_int_not_equal(access(seal, F_OK), 0);
    FINE(house, writer_open(house->path, false, &house->writer,
                            &house->err));
    writer_close(&house->writer);
    assert_int_equal(access(seal, F_OK), 0);
}

static int newest(void)
{
    return migrations[migration_count - 1].number;
}

/* The history with one made-up step behind it. */
static enum rc migrate_on(struct house *house, const char *sql)
{
    struct migration steps[64];

    assert_true(migration_count < 64);
    memcpy(steps, migrations, migration_count * sizeof *steps);
    steps[migration_count] =
        (struct migration){ newest() + 1, "9999-made-up", sql };
    return migrate(writer_reader(house->writer)->db, house->path, steps,
                   migration_count + 1, &house->err);
}

static void the_steps_are_in_the_order_of_their_numbers(void **state)
{
    (void)state;
    for (size_t i = 1; i < migration_count; i++)
        assert_true(migrations[i - 1].number < migrations[i].number);
}

static void an_upgrade_keeps_the_rows_and_a_copy(void **state)
{
    struct house *house = *state;
    sqlite3 *db = writer_reader(house->writer)->db;

    FINE(house, migrate_on(house,
        "ALTER TABLE bench ADD COLUMN hue TEXT;"
        "INSERT INTO bench (alliance_id, name_de, name_en, hue)"
        " VALUES (1, 'Kammern', '', 'teal')"));
    assert_int_equal(asked(db, "PRAGMA user_version"), newest() + 1);
    assert_int_equal(asked(db, "PRAGMA foreign_keys"), 1);
    assert_int_equal(asked(db, "SELECT count(*) FROM alliance"), 2);
    assert_int_equal(asked(db, "SELECT count(*) FROM bench"), 1);
    /* The copy has the old schema and all rows, and is nobody else's. */
    const char *copy = arena_printf(house->arena, "%s.schema-%d",
                                    house->path, newest());
    struct stat about;
    assert_int_equal(stat(copy, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    struct writer *old;
    FINE(house, writer_open(copy, false, &old, &house->err));
    assert_int_equal(asked(writer_reader(old)->db,
                           "SELECT count(*) FROM alliance"), 2);
    assert_int_equal(asked(writer_reader(old)->db,
                           "PRAGMA user_version"), newest());
    writer_close(&old);
    assert_int_equal(unlink(copy), 0);
    assert_int_equal(unlink(arena_printf(house->arena, "%s.sealed", copy)),
                     0);
}

static void a_step_that_fails_leaves_no_trace(void **state)
{
    static const char *const bad[] = {
        "CREATE TABLE half (a INTEGER); SELECT nothing FROM nowhere",
        /* Breaks a reference that only the whole check can see. */
        "CREATE TABLE half (a INTEGER); DELETE FROM alliance WHERE id = 1",
    };
    struct house *house = *state;
    sqlite3 *db = writer_reader(house->writer)->db;

    for (size_t i = 0; i < 2; i++) {
        FAILS(house, migrate_on(house, bad[i]));
        assert_non_null(strstr(house->err.text, "9999-made-up"));
        assert_int_equal(asked(db, "PRAGMA user_version"), newest());
        assert_int_equal(asked(db, "SELECT count(*) FROM alliance"), 2);
        assert_int_equal(asked(db, "SELECT count(*) FROM sqlite_schema"
                                   " WHERE name = 'half'"), 0);
        assert_int_equal(asked(db, "PRAGMA foreign_keys"), 1);
    }
    assert_int_equal(unlink(arena_printf(house->arena, "%s.schema-%d",
                                         house->path, newest())), 0);
}

/* tests/fixtures/schema-1.sql is a database as the first release left it.
 * Opens it at `path`, brought up to date. */
static struct writer *open_first_release(struct house *house,
                                         const char *path)
{
    struct writer *writer;
    char *sql;
    size_t length;
    sqlite3 *db;

    FINE(house, file_read(house->arena, FIXTURES "/schema-1.sql", 1 << 20,
                          &sql, &length, &house->err));
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(direct(db, sql), SQLITE_OK);
    sqlite3_close(db);
    FINE(house, writer_open(path, false, &writer, &house->err));
    return writer;
}

static void close_first_release(struct house *house, const char *path,
                                struct writer *writer)
{
    writer_close(&writer);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(unlink(arena_printf(house->arena, "%s.sealed", path)),
                     0);
    assert_int_equal(unlink(arena_printf(house->arena, "%s.schema-1", path)),
                     0);
}

static void a_database_of_the_first_release_opens(void **state)
{
    struct house *house = *state;
    const char *path = arena_printf(house->arena, "%s/old.db",
                                    house->folder);
    struct writer *writer = open_first_release(house, path);
    struct alliance alliance;

    assert_int_equal(asked(writer_reader(writer)->db,
                           "PRAGMA user_version"), newest());
    FINE(house, alliance_by_slug(writer_reader(writer), house->arena,
                                 "beispiel", &alliance, &house->err));
    assert_string_equal(alliance.contact_name, "Max Muster");
    close_first_release(house, path, writer);
}

/* The table of letters was built anew by steps 5 and 7. */
static void letters_of_the_first_release_stay(void **state)
{
    struct house *house = *state;
    const char *path = arena_printf(house->arena, "%s/old.db",
                                    house->folder);
    struct writer *writer = open_first_release(house, path);
    sqlite3 *db = writer_reader(writer)->db;
    struct letter letter;

    FINE(house, letter_by_id(writer_reader(writer), house->arena, 7, &letter,
                             &house->err));
    assert_int_equal(letter.kind, LETTER_ALREADY);
    assert_int_equal(letter.registration_id, 1);
    assert_string_equal(letter.address, "Max@example.org");
    assert_int_equal(letter.due_at, 1790000060);
    assert_int_equal(letter.attempts, 2);
    assert_string_equal(letter.remark, "later");
    assert_int_equal(asked(db, "SELECT count(*) FROM sqlite_schema WHERE"
                               " type = 'index' AND tbl_name = 'letter'"),
                     6);
    assert_int_equal(direct(db, "UPDATE letter SET kind = 99"), SQLITE_OK);
    assert_int_equal(direct(db, "UPDATE letter SET kind = 100"),
                     SQLITE_CONSTRAINT);
    /* It is about something, and about one thing. */
    assert_int_equal(direct(db, "UPDATE letter SET registration_id = NULL,"
                                " meeting_id = NULL"), SQLITE_CONSTRAINT);
    assert_int_equal(direct(db, "UPDATE letter SET meeting_id = NULL"),
                     SQLITE_CONSTRAINT);
    close_first_release(house, path, writer);
}

/* The courier may still speak of one that was erased before the upgrade. */
static void a_letters_number_is_given_once_across_upgrades(void **state)
{
    struct house *house = *state;
    const char *path = arena_printf(house->arena, "%s/five.db",
                                    house->folder);
    size_t five = 0;
    sqlite3 *db;

    while (migrations[five].number <= 5)
        five++;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    FINE(house, migrate(db, path, migrations, five, &house->err));
    assert_int_equal(direct(db,
        "PRAGMA foreign_keys = OFF; INSERT INTO letter VALUES (41,"
        " zeroblob(16), 0, 0, 1, 1, NULL, 0, 0, 'a', 'a', 0, 0, 0, '', 0);"
        "DELETE FROM letter"), SQLITE_OK);
    FINE(house, migrate(db, path, migrations, migration_count, &house->err));
    assert_int_equal(asked(db, "SELECT seq FROM sqlite_sequence"
                               " WHERE name = 'letter'"), 41);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(unlink(arena_printf(house->arena, "%s.schema-5", path)),
                     0);
}

static void the_state_directory_has_one_owner(void **state)
{
    struct house *house = *state;
    int first, second;

    FINE(house, state_lock(house->folder, &first, &house->err));
    MISSING(house, state_lock(house->folder, &second, &house->err));
    assert_int_equal(second, -1);
    /* From another process too. */
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct err err;
        _exit(state_lock(house->folder, &second, &err) == RC_NOT_FOUND ? 0
                                                                       : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(close(first), 0);
    FINE(house, state_lock(house->folder, &second, &house->err));
    assert_int_equal(close(second), 0);
    FAILS(house, state_lock("/no/such/folder", &second, &house->err));
}

int main(void)
{
#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(the_writer_syncs_fully_and_maps_nothing),
        TEST(a_reader_cannot_write_or_checkpoint),
        TEST(references_are_checked),
        cmocka_unit_test(every_column_is_explained),
        TEST(only_its_owner_may_read_the_files),
        TEST(what_was_written_is_there_after_reopening),
        TEST(a_missing_database_is_not_made_unasked),
        TEST(a_newer_schema_is_refused_with_one_line),
        TEST(a_foreign_database_is_refused),
        TEST(settings_that_do_not_hold_are_refused),
        TEST(a_damaged_database_is_refused),
        TEST(a_seal_fits_only_what_nobody_has_touched),
        TEST(a_writer_leaves_a_seal_unless_it_met_damage),
        cmocka_unit_test(the_steps_are_in_the_order_of_their_numbers),
        TEST(an_upgrade_keeps_the_rows_and_a_copy),
        TEST(a_step_that_fails_leaves_no_trace),
        TEST(a_database_of_the_first_release_opens),
        TEST(letters_of_the_first_release_stay),
        TEST(a_letters_number_is_given_once_across_upgrades),
        TEST(the_state_directory_has_one_owner),
    };
    return cmocka_run_group_tests_name("store/db", tests, NULL, NULL);
}
