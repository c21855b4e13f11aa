/* What SQLite itself needs for the same rows: reads all rows that
 * registrations left in one database into memory, then writes them into
 * another of the same schema, as many registrations in one transaction as one
 * says, and nothing else. Prints one line of JSON.
 *
 * sqlite_ceiling FROM TO BATCH MOST
 *
 * TO is a copy of FROM from before the registrations; the rows that FROM has
 * more are written, those of MOST registrations. Both are closed. */
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "daemon/base/clock.h"
#include "daemon/base/mem.h"
#include "daemon/base/parse.h"

#define COLUMNS_MOST 32

/* In an order that the foreign keys allow. */
static const char *const names[] = { "party", "person", "invite",
                                     "registration", "seat", "audit", "step",
                                     "letter" };
#define TABLES (sizeof names / sizeof *names)

struct table {
    sqlite3_stmt *insert;
    int columns;
    int64_t rows;
    sqlite3_value **values; /* rows × columns */
};

static void give_up(sqlite3 *db, const char *what)
{
    (void)fprintf(stderr, "sqlite_ceiling: %s: %s\n", what,
                  sqlite3_errmsg(db));
    exit(1);
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;

    if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT,
                           &statement, NULL) != SQLITE_OK)
        give_up(db, sql);
    return statement;
}

static int64_t ask(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = prepare(db, sql);

    if (sqlite3_step(statement) != SQLITE_ROW)
        give_up(db, sql);
    int64_t answer = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return answer;
}

static void run(sqlite3 *db, sqlite3_stmt *statement)
{
    if (sqlite3_step(statement) != SQLITE_DONE)
        give_up(db, sqlite3_sql(statement));
    sqlite3_reset(statement);
}

static void read_table(sqlite3 *from, sqlite3 *to, const char *name,
                       struct table *table)
{
    char sql[256];

    (void)snprintf(sql, sizeof sql, "SELECT coalesce(max(id), 0) FROM %s",
                   name);
    int64_t last = ask(to, sql);
    (void)snprintf(sql, sizeof sql, "SELECT count(*) FROM %s WHERE id > %lld",
                   name, (long long)last);
    int64_t rows = ask(from, sql);
    (void)snprintf(sql, sizeof sql,
                   "SELECT * FROM %s WHERE id > %lld ORDER BY id", name,
                   (long long)last);
    sqlite3_stmt *all = prepare(from, sql);
    table->columns = sqlite3_column_count(all);
    table->values = mem_new((size_t)(rows * table->columns + 1) *
                            sizeof *table->values);
    for (; sqlite3_step(all) == SQLITE_ROW; table->rows++)
        for (int i = 0; i < table->columns; i++)
            table->values[table->rows * table->columns + i] =
                sqlite3_value_dup(sqlite3_column_value(all, i));
    sqlite3_finalize(all);

    char marks[3 * COLUMNS_MOST] = "?";
    for (int i = 1; i < table->columns; i++)
        (void)snprintf(marks + 2 * i - 1, 3, ",?");
    (void)snprintf(sql, sizeof sql, "INSERT INTO %s VALUES (%s)", name,
                   marks);
    table->insert = prepare(to, sql);
}

/* Without a copy, as a program would that has the text at hand. */
static void bind(sqlite3_stmt *statement, int at, sqlite3_value *value)
{
    switch (sqlite3_value_type(value)) {
    case SQLITE_TEXT:
        sqlite3_bind_text(statement, at,
                          (const char *)sqlite3_value_text(value),
                          sqlite3_value_bytes(value), SQLITE_STATIC);
        break;
    case SQLITE_BLOB:
        sqlite3_bind_blob(statement, at, sqlite3_value_blob(value),
                          sqlite3_value_bytes(value), SQLITE_STATIC);
        break;
    case SQLITE_INTEGER:
        sqlite3_bind_int64(statement, at, sqlite3_value_int64(value));
        break;
    default:
        sqlite3_bind_value(statement, at, value);
    }
}

static void insert_rows(sqlite3 *db, struct table *table, int64_t from,
                        int64_t to)
{
    for (int64_t row = from; row < to; row++) {
        for (int i = 0; i < table->columns; i++)
            bind(table->insert, i + 1,
                 table->values[row * table->columns + i]);
        run(db, table->insert);
    }
}

static double cpu_us(void)
{
    struct rusage usage;

    (void)getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
        (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

/* Each registration's rows in each table, and its seat in the pool. */
static void write_all(sqlite3 *db, struct table tables[TABLES],
                      int64_t people, int64_t batch, int64_t most)
{
    sqlite3_stmt *begin = prepare(db, "BEGIN IMMEDIATE");
    sqlite3_stmt *commit = prepare(db, "COMMIT");
    sqlite3_stmt *take = prepare(db, "UPDATE pool SET taken = taken + 1 WHERE"
                                     " id = 1 AND taken < capacity");

    for (int64_t i = 0; i < most; i++) {
        if (i % batch == 0)
            run(db, begin);
        run(db, take);
        for (size_t t = 0; t < TABLES; t++)
            insert_rows(db, &tables[t], tables[t].rows * i / people,
                        tables[t].rows * (i + 1) / people);
        if (i % batch == batch - 1 || i == most - 1)
            run(db, commit);
    }
    sqlite3_finalize(begin);
    sqlite3_finalize(commit);
    sqlite3_finalize(take);
}

static sqlite3 *open_one(const char *path)
{
    sqlite3 *db;

    if (sqlite3_open(path, &db) != SQLITE_OK)
        give_up(db, path);
    /* As the server has them. */
    if (sqlite3_exec(db, "PRAGMA foreign_keys = ON;"
                         "PRAGMA synchronous = FULL;"
                         "PRAGMA cell_size_check = ON;"
                         "PRAGMA secure_delete = ON;"
                         "PRAGMA cache_size = -65536;"
                         "PRAGMA wal_autocheckpoint = 6000", NULL, NULL,
                     NULL) != SQLITE_OK)
        give_up(db, "settings");
    return db;
}

int main(int argc, char **argv)
{
    struct table tables[TABLES] = { 0 };
    int64_t batch = 0, most = 0;

    if (argc != 5 || !parse_int(argv[3], 1, 100000, &batch) ||
        !parse_int(argv[4], 1, 10000000, &most)) {
        (void)fputs("usage: sqlite_ceiling FROM TO BATCH MOST\n", stderr);
        return 64;
    }
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* as the server */
    sqlite3 *from = open_one(argv[1]), *to = open_one(argv[2]);
    for (size_t t = 0; t < TABLES; t++)
        read_table(from, to, names[t], &tables[t]);
    int64_t people = tables[3].rows;
    if (most > people)
        most = people;
    sqlite3_close(from);
    double cpu = cpu_us();
    int64_t start = clock_ticks_us();
    write_all(to, tables, people, batch, most);
    int64_t took = clock_ticks_us() - start;
    cpu = cpu_us() - cpu;
    printf("{\"registrations\": %lld, \"seconds\": %.4f, \"cpu_us\": %.0f}\n",
           (long long)most, (double)took / 1e6, cpu);
    for (size_t t = 0; t < TABLES; t++)
        sqlite3_finalize(tables[t].insert);
    sqlite3_close(to);
    return 0;
}
