/* What was deleted is not on the disk: not in the rows, not in the gaps of
 * pages that SQLite rebuilt, not in the log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/base/files.h"
#include "daemon/store/connection.h"
#include "daemon/store/scrub.h"
#include "daemon/store/transaction.h"
#include "tests/store_house.h"

#define ROWS 20000
#define MARK_DIGITS 6

static sqlite3 *db_of(struct house *house)
{
    return writer_reader(house->writer)->db;
}

static void run(struct house *house, const char *sql)
{
    assert_int_equal(sqlite3_exec(db_of(house), sql, NULL, NULL, NULL),
                     SQLITE_OK);
}

static sqlite3_stmt *prepared(struct house *house, const char *sql)
{
    sqlite3_stmt *statement;

    assert_int_equal(sqlite3_prepare_v2(db_of(house), sql, -1, &statement,
                                        NULL), SQLITE_OK);
    return statement;
}

/* The same numbers in every run. */
static unsigned next(unsigned *seed)
{
    *seed = *seed * 1103515245u + 12345u;
    return *seed >> 16;
}

/* Rows of many lengths, in no order: pages split and are rebuilt. */
static void fill(struct house *house, unsigned *seed)
{
    sqlite3_stmt *insert = prepared(
        house, "INSERT INTO marked (id, text, moved) VALUES (?1, ?2, 0)");

    for (int i = 0; i < ROWS; i++) {
        char text[200];
        unsigned length = 40 + next(seed) % 80;
        int head = snprintf(text, sizeof text, "%05u", next(seed) % 65536);

        memset(text + head, 'a', length);
        (void)snprintf(text + head + length,
                       sizeof text - (size_t)head - length, "zqmk%0*dx",
                       MARK_DIGITS, i);
        if (i % 100 == 0)
            run(house, i ? "COMMIT; BEGIN" : "BEGIN");
        sqlite3_bind_int(insert, 1, i);
        sqlite3_bind_text(insert, 2, text, -1, SQLITE_TRANSIENT);
        assert_int_equal(sqlite3_step(insert), SQLITE_DONE);
        sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
    run(house, "COMMIT");
}

/* Grows some, so that pages overflow, and deletes every second one. */
static void shake(struct house *house)
{
    run(house, "BEGIN; UPDATE marked SET moved = 4000000 WHERE id % 5 = 0;"
               "COMMIT");
    sqlite3_stmt *del = prepared(house, "DELETE FROM marked WHERE id = ?1");
    run(house, "BEGIN");
    for (int i = 0; i < ROWS / 2; i++) {
        /* 7919 has no divisor in common with ROWS: each row once. */
        sqlite3_bind_int(del, 1, i * 7919 % ROWS);
        assert_int_equal(sqlite3_step(del), SQLITE_DONE);
        sqlite3_reset(del);
    }
    sqlite3_finalize(del);
    run(house, "COMMIT");
}

static void note_marks(struct house *house, const char *suffix, bool *seen)
{
    const char *path = arena_printf(house->arena, "%s%s", house->path,
                                    suffix);
    char *bytes;
    size_t length;

    FINE(house, file_read(house->arena, path, 256 << 20, &bytes, &length,
                          &house->err));
    for (const char *at = bytes;
         (at = memmem(at, (size_t)(bytes + length - at), "zqmk", 4)); at++)
        if (at[4 + MARK_DIGITS] == 'x')
            seen[strtol(at + 4, NULL, 10)] = true;
}

static void assert_only_the_living(struct house *house)
{
    bool *seen = ARENA_ARRAY(house->arena, bool, 10 * ROWS * 10);
    int dead = 0, living = 0;

    note_marks(house, "", seen);
    note_marks(house, "-wal", seen);
    for (int i = 0; i < ROWS; i++) {
        int id = i * 7919 % ROWS;

        if (i < ROWS / 2)
            dead += seen[id];
        else
            living += seen[id];
    }
    assert_int_equal(dead, 0);
    assert_int_equal(living, ROWS / 2);
}

static void rows_that_were_deleted_leave_no_trace(void **state)
{
    struct house *house = *state;
    unsigned seed = 4;

    run(house, "CREATE TABLE marked (id INTEGER PRIMARY KEY, text TEXT,"
               " moved INTEGER); CREATE INDEX marked_text ON marked (text,"
               " moved)");
    fill(house, &seed);
    shake(house);
    assert_true(writer_empty_log(house->writer));
    assert_only_the_living(house);
    /* Pages of theirs that are written again come from the disk. */
    run(house, "UPDATE marked SET moved = moved + 1");
    assert_only_the_living(house);
    run(house, "PRAGMA integrity_check");
    assert_int_equal(house_number(house, "SELECT count(*) FROM"
                                  " pragma_integrity_check WHERE"
                                  " integrity_check = 'ok'"), 1);
}

static void a_reader_is_not_waited_for(void **state)
{
    struct house *house = *state;
    sqlite3 *other;

    assert_int_equal(sqlite3_open(house->path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN; SELECT count(*) FROM"
                                  " meeting", NULL, NULL, NULL), SQLITE_OK);
    run(house, "UPDATE meeting SET changed_at = changed_at + 1");
    assert_false(writer_empty_log(house->writer));
    assert_int_equal(sqlite3_exec(other, "COMMIT", NULL, NULL, NULL),
                     SQLITE_OK);
    assert_true(writer_empty_log(house->writer));
    sqlite3_close(other);
}

#define PAGE 512

static void only_the_gap_of_a_tree_page_is_cleared(void **state)
{
    unsigned char page[PAGE], before[PAGE];

    (void)state;
    memset(page, 0x55, sizeof page);
    page[0] = 13; /* a leaf with two rows, whose content begins at 400 */
    page[3] = 0, page[4] = 2, page[5] = 1, page[6] = 0x90;
    scrub_page(page, PAGE, 0);
    assert_int_equal(page[11], 0x55);
    assert_int_equal(page[12], 0);
    assert_int_equal(page[399], 0);
    assert_int_equal(page[400], 0x55);

    for (int kind = 0; kind < 256; kind++) {
        memset(page, 0x55, sizeof page);
        page[0] = (unsigned char)kind;
        page[3] = 0xff, page[5] = 0xff; /* beyond the page: not ours */
        memcpy(before, page, sizeof page);
        scrub_page(page, PAGE, 0);
        assert_memory_equal(page, before, sizeof page);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            rows_that_were_deleted_leave_no_trace, house_open, house_close),
        cmocka_unit_test_setup_teardown(a_reader_is_not_waited_for,
                                        house_open, house_close),
        cmocka_unit_test(only_the_gap_of_a_tree_page_is_cleared),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
