/* Copies of a database that is in use. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/base/arena.h"
#include "daemon/store/backup.h"
#include "daemon/store/inspect.h"
#include "daemon/store/connection.h"
#include "daemon/store/house_store.h"
#include "daemon/store/migrate.h"
#include "tests/store_house.h"

static const char *copy_path(struct house *house)
{
    return arena_printf(house->arena, "%s/copy.db", house->folder);
}

static int new_file(struct house *house)
{
    int fd = open(copy_path(house), O_RDWR | O_CREAT | O_EXCL, 0600);

    assert_true(fd >= 0);
    return fd;
}

static void end_file(struct house *house, int fd)
{
    close(fd);
    assert_int_equal(unlink(copy_path(house)), 0);
}

static enum rc inspect(struct house *house, struct inspection *facts)
{
    return database_inspect(house->arena, copy_path(house), INSPECT_AT_REST,
                            INSPECT_FULL, NOON, facts, &house->err);
}

static struct inspection look(struct house *house)
{
    struct inspection facts;

    FINE(house, backup_settle(copy_path(house), &house->err));
    FINE(house, inspect(house, &facts));
    return facts;
}

static void place(struct house *house, const char *address)
{
    struct signup signup = house_signup(house, "Erika", "Muster", address);

    (void)house_place(house, NOON, &signup);
}

static void a_copy_holds_what_stands_in_the_log_only(void **state)
{
    struct house *house = *state;

    place(house, "erika@example.org");
    struct stat log;
    assert_int_equal(stat(arena_printf(house->arena, "%s-wal", house->path),
                          &log), 0);
    assert_true(log.st_size > 0);
    int fd = new_file(house);
    FINE(house, backup_copy(house->path, fd, NULL, &house->err));
    struct inspection facts = look(house);
    assert_int_equal(facts.registrations, 1);
    assert_int_equal(facts.schema, schema_newest());
    assert_int_equal(facts.letters_waiting,
                     house_number(house, "SELECT count(*) FROM letter"
                                         " WHERE state = 0"));
    /* It stands alone, and nothing was left beside it. */
    assert_int_equal(access(arena_printf(house->arena, "%s-wal",
                                         copy_path(house)), F_OK), -1);
    end_file(house, fd);
}

/* No page is damaged by it, so SQLite does not see it. */
static void numbers_that_are_not_those_of_the_people_are_found(void **state)
{
    struct house *house = *state;
    sqlite3 *db = writer_reader(house->writer)->db;
    int fd = new_file(house);

    place(house, "erika@example.org");
    FINE(house, backup_copy(house->path, fd, NULL, &house->err));
    assert_int_equal(look(house).miscounted, 0);
    assert_int_equal(sqlite3_exec(db, "UPDATE pool SET waiting = waiting + 1",
                                  NULL, NULL, NULL), SQLITE_OK);
    int64_t pools = sqlite3_changes(db);
    assert_int_equal(ftruncate(fd, 0), 0);
    FINE(house, backup_copy(house->path, fd, NULL, &house->err));
    assert_int_equal(look(house).miscounted, pools);
    end_file(house, fd);
}

/* A copy under way, and the writer meanwhile. */
struct under_way {
    struct house *house;
    int fd;
    enum rc rc;
    struct err err;
};

static void *copy_on(void *argument)
{
    struct under_way *way = argument;

    way->rc = backup_copy(way->house->path, way->fd, NULL, &way->err);
    return NULL;
}

static void commits_meanwhile_neither_wait_nor_get_half_in(void **state)
{
    struct house *house = *state;
    sqlite3 *db = writer_reader(house->writer)->db;
    struct under_way way = { .house = house, .fd = new_file(house) };
    pthread_t thread;
    char sum[2][32] = { "", "" };

    /* Large enough for many steps; both halves are always equal. */
    assert_int_equal(sqlite3_exec(db,
        "CREATE TABLE half (side INTEGER, n INTEGER, pad BLOB);"
        "WITH RECURSIVE i (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i"
        " WHERE n < 2000) INSERT INTO half SELECT n % 2, 0, zeroblob(3000)"
        " FROM i", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(pthread_create(&thread, NULL, copy_on, &way), 0);
    for (int i = 0; i < 50; i++)
        assert_int_equal(sqlite3_exec(db,
            "BEGIN IMMEDIATE; UPDATE half SET n = n + 1 WHERE side = 0;"
            "UPDATE half SET n = n + 1 WHERE side = 1; COMMIT", NULL, NULL,
            NULL), SQLITE_OK);
    pthread_join(thread, NULL);
    assert_int_equal(way.rc, RC_OK);
    (void)look(house);
    sqlite3 *copy;
    assert_int_equal(sqlite3_open(copy_path(house), &copy), SQLITE_OK);
    for (int side = 0; side < 2; side++) {
        sqlite3_stmt *ask;
        assert_int_equal(sqlite3_prepare_v2(copy, "SELECT sum(n) FROM half"
            " WHERE side = ?1", -1, &ask, NULL), SQLITE_OK);
        sqlite3_bind_int(ask, 1, side);
        assert_int_equal(sqlite3_step(ask), SQLITE_ROW);
        snprintf(sum[side], sizeof sum[side], "%s",
                 (const char *)sqlite3_column_text(ask, 0));
        sqlite3_finalize(ask);
    }
    sqlite3_close(copy);
    assert_string_equal(sum[0], sum[1]);
    end_file(house, way.fd);
}

static void who_is_in_a_hurry_gives_up(void **state)
{
    struct house *house = *state;
    atomic_bool hurry = true;
    int fd = new_file(house);

    FAILS(house, backup_copy(house->path, fd, &hurry, &house->err));
    assert_non_null(strstr(house->err.text, "given up"));
    end_file(house, fd);
}

static void a_file_that_cannot_be_written_is_an_error(void **state)
{
    struct house *house = *state;
    int fd = new_file(house), read_only = open(copy_path(house), O_RDONLY);

    FAILS(house, backup_copy(house->path, read_only, NULL, &house->err));
    close(read_only);
    end_file(house, fd);
    int full = open("/dev/full", O_RDWR);
    FAILS(house, backup_copy(house->path, full, NULL, &house->err));
    close(full);
    FAILS(house, backup_copy("/no/such/file", -1, NULL, &house->err));
}

static void damage_and_strangers_are_found(void **state)
{
    struct house *house = *state;
    struct inspection facts;
    unsigned char page[4096];
    int fd = new_file(house);

    memset(page, 0x5a, sizeof page);
    FAILS(house, inspect(house, &facts)); /* it is empty */
    for (int at = 0; at < 12; at++) {
        assert_int_equal(ftruncate(fd, 0), 0);
        FINE(house, backup_copy(house->path, fd, NULL, &house->err));
        (void)look(house);
        assert_int_equal(pwrite(fd, page, sizeof page, at * 4096),
                         sizeof page);
        FAILS(house, inspect(house, &facts));
    }
    assert_int_equal(ftruncate(fd, 0), 0);
    sqlite3 *other;
    assert_int_equal(sqlite3_open(copy_path(house), &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "CREATE TABLE registration (a)",
                                  NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(other);
    FAILS(house, inspect(house, &facts));
    assert_non_null(strstr(house->err.text, "not a database of convened"));
    end_file(house, fd);
}

static enum rc note(struct house *house, int64_t now, void *context)
{
    enum rc rc = house_note_key(house->writer, context, &house->err);

    return rc == RC_OK ? house_note_backup(house->writer, now, &house->err)
                       : rc;
}

static void the_database_remembers_its_key_and_its_backup(void **state)
{
    struct house *house = *state;
    struct house_facts facts;
    char mark[] = "a-mark";

    FINE(house, house_read(house->reader, house->arena, &facts,
                           &house->err));
    assert_string_equal(facts.key_mark, "");
    assert_int_equal(facts.backup_at, 0);
    FINE(house, house_write(house, NOON, note, mark));
    FINE(house, house_read(house->reader, house->arena, &facts,
                           &house->err));
    assert_string_equal(facts.key_mark, mark);
    assert_int_equal(facts.backup_at, NOON);
    int fd = new_file(house);
    FINE(house, backup_copy(house->path, fd, NULL, &house->err));
    assert_string_equal(look(house).key_mark, mark);
    end_file(house, fd);
}

int main(void)
{
#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(a_copy_holds_what_stands_in_the_log_only),
        TEST(numbers_that_are_not_those_of_the_people_are_found),
        TEST(commits_meanwhile_neither_wait_nor_get_half_in),
        TEST(who_is_in_a_hurry_gives_up),
        TEST(a_file_that_cannot_be_written_is_an_error),
        TEST(damage_and_strangers_are_found),
        TEST(the_database_remembers_its_key_and_its_backup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
