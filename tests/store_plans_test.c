/* How SQLite goes about each named statement: with a hundred thousand
 * registrations, one that reads a whole table stops everybody. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/store/connection.h"
#include "tests/store_house.h"

static const struct family *const families[] = {
    &alliance_family, &meeting_family, &registration_family,
    &letter_family, &invite_family, &account_family, &house_family,
    &erase_family, &record_family, &attendee_family, &attendee_match_family,
    &census_family, &support_family, &consent_family, &question_family,
    &answer_family, &feedback_family, &person_family, &wish_family,
    &seat_family,
};

/* Tables that grow with every registration or every try. */
static const char *const large[] = {
    "registration", "person", "party", "seat", "letter", "invite", "step",
    "address", "try", "audit", "audit_value", "stray", "support", "consent",
    "audit_reason", "feedback", "answer", "answer_option",
    "wait", "wish", "wish_value",
    "r", "p", "l", "o", "s", "c", "w", "f",
};

/* Only an administrator's command, the first entry of an index, and indices
 * of those few letters that were not sent and reports that wait for an
 * answer. */
static const char *const allowed[] = {
    "letter_list", "letter_retry", "letter_next_due", "stray_list",
    "census_oldest", "census_letters", "census_queued",
    "erase_others_named", "record_texts", "feedback_open",
    "feedback_count",
};

static bool is_one_of(const char *word, size_t length,
                      const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(words[i]) == length && memcmp(words[i], word, length) == 0)
            return true;
    return false;
}

#define ONE_OF(word, length, words) \
    is_one_of((word), (length), (words), sizeof(words) / sizeof *(words))

static bool reads_all(const char *step)
{
    const char *table = step + strlen("SCAN ");

    return strncmp(step, "SCAN ", strlen("SCAN ")) == 0 &&
           ONE_OF(table, strcspn(table, " "), large);
}

/* How many of its steps read a large table from end to end. */
static int scans(sqlite3 *db, const struct statement *statement)
{
    char sql[8192];
    sqlite3_stmt *plan;
    int count = 0;

    assert_true(snprintf(sql, sizeof sql, "EXPLAIN QUERY PLAN %s",
                         statement->sql) < (int)sizeof sql);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &plan, NULL), SQLITE_OK);
    while (sqlite3_step(plan) == SQLITE_ROW) {
        const char *step = (const char *)sqlite3_column_text(plan, 3);

        if (!reads_all(step))
            continue;
        print_message("%s: %s\n", statement->name, step);
        count++;
    }
    sqlite3_finalize(plan);
    return count;
}

static void no_page_and_no_rule_reads_a_large_table_from_end_to_end(
    void **state)
{
    struct house *house = *state;
    sqlite3 *db = writer_reader(house->writer)->db;
    int count = 0;

    assert_int_equal(sizeof families / sizeof *families, FAMILY_COUNT);
    for (size_t f = 0; f < sizeof families / sizeof *families; f++)
        for (size_t i = 0; i < families[f]->count; i++) {
            const struct statement *one = &families[f]->items[i];

            if (!ONE_OF(one->name, strlen(one->name), allowed))
                count += scans(db, one);
        }
    assert_int_equal(count, 0);
}

static void the_test_knows_a_scan_when_it_sees_one(void **state)
{
    struct house *house = *state;
    const struct statement bad = {
        "bad", "SELECT count(*) FROM letter l WHERE l.remark = ?1"
    };

    assert_int_equal(scans(writer_reader(house->writer)->db, &bad), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            no_page_and_no_rule_reads_a_large_table_from_end_to_end,
            house_open, house_close),
        cmocka_unit_test_setup_teardown(
            the_test_knows_a_scan_when_it_sees_one, house_open, house_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
