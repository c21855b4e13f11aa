/* A log that a crash left behind, and what happened to it on the disk. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/base/files.h"
#include "daemon/store/wal_check.h"

#define HEADER 32
#define FRAME (24 + 4096)
#define COMMITS 6

/* A database whose last commits stand in the log only, copied as it was when
 * the process died. */
struct world {
    char folder[64], live[96], dead[96], log[112];
    struct err err;
};

static void path_of(char *out, size_t room, const struct world *world,
                    const char *name)
{
    snprintf(out, room, "%s/%s", world->folder, name);
}

static void execute(sqlite3 *db, const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
}

static off_t size_of(const char *path)
{
    struct stat found;

    assert_int_equal(stat(path, &found), 0);
    return found.st_size;
}

static int set_up(void **state)
{
    static struct world world;
    char live_log[112];
    sqlite3 *db;

    snprintf(world.folder, sizeof world.folder, "/tmp/wal-XXXXXX");
    assert_non_null(mkdtemp(world.folder));
    path_of(world.live, sizeof world.live, &world, "live");
    path_of(world.dead, sizeof world.dead, &world, "dead");
    snprintf(world.log, sizeof world.log, "%s-wal", world.dead);
    snprintf(live_log, sizeof live_log, "%s-wal", world.live);
    assert_int_equal(sqlite3_open(world.live, &db), SQLITE_OK);
    execute(db, "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;"
                "CREATE TABLE t (n INTEGER, pad BLOB)");
    /* A log that was used before: behind the new frames stand older ones. */
    execute(db, "WITH RECURSIVE i (n) AS (SELECT 1 UNION ALL SELECT n + 1"
                " FROM i WHERE n < 40) INSERT INTO t SELECT n,"
                " zeroblob(4000) FROM i");
    execute(db, "PRAGMA wal_checkpoint(RESTART)");
    for (int i = 0; i < COMMITS; i++) {
        execute(db, "UPDATE t SET pad = randomblob(4000) WHERE n < 4");
        execute(db, "INSERT INTO t VALUES (100, randomblob(100))");
    }
    assert_int_equal(file_copy(world.live, world.dead, 0600, &world.err),
                     RC_OK);
    assert_int_equal(file_copy(live_log, world.log, 0600, &world.err),
                     RC_OK);
    sqlite3_close(db);
    *state = &world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    static const char *const names[] = { "live", "dead", "dead-wal",
                                         "dead-shm" };
    char path[96];

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        path_of(path, sizeof path, world, names[i]);
        unlink(path);
    }
    return rmdir(world->folder);
}

static void flip_bit(struct world *world, off_t at, int bit)
{
    unsigned char byte;
    int fd = open(world->log, O_RDWR);

    assert_int_equal(pread(fd, &byte, 1, at), 1);
    byte ^= (unsigned char)(1 << bit);
    assert_int_equal(pwrite(fd, &byte, 1, at), 1);
    close(fd);
}

static enum rc check(struct world *world)
{
    return wal_check(world->dead, &world->err);
}

static void flip(struct world *world, off_t at)
{
    flip_bit(world, at, 5);
}

/* Frames of the present log, counted by their salts. */
static int frames_of(struct world *world, int *last_transaction)
{
    unsigned char header[HEADER], frame[24];
    int fd = open(world->log, O_RDONLY), count = 0;

    *last_transaction = 0;
    assert_int_equal(pread(fd, header, HEADER, 0), HEADER);
    for (; pread(fd, frame, 24, HEADER + (off_t)count * FRAME) == 24 &&
           memcmp(frame + 8, header + 16, 8) == 0; count++) {
        unsigned char next[24];
        bool commit = frame[4] || frame[5] || frame[6] || frame[7];
        if (commit &&
            pread(fd, next, 24, HEADER + (off_t)(count + 1) * FRAME) == 24 &&
            memcmp(next + 8, header + 16, 8) == 0)
            *last_transaction = count + 1;
    }
    close(fd);
    return count;
}

static void a_whole_log_is_fine(void **state)
{
    struct world *world = *state;
    int last, frames = frames_of(world, &last);

    assert_true(frames > COMMITS && last > 0 && last < frames);
    assert_true(size_of(world->log) > HEADER + (off_t)frames * FRAME);
    assert_int_equal(check(world), RC_OK);
    assert_int_equal(unlink(world->log), 0);
    assert_int_equal(check(world), RC_OK);
}

/* Whatever byte of a confirmed transaction it is, of page or header. */
static void one_byte_of_a_confirmed_frame_is_noticed(void **state)
{
    struct world *world = *state;
    int last, missed = 0;

    (void)frames_of(world, &last);
    for (int frame = 0; frame < last; frame++)
        for (int at = 0; at < FRAME; at += at < 24 ? 1 : 1021) {
            off_t where = HEADER + (off_t)frame * FRAME + at;
            flip(world, where);
            missed += check(world) == RC_OK;
            flip(world, where);
        }
    /* The last confirmed commit frame tells where the transaction ends, and
     * nothing behind it does so again. */
    assert_true(missed <= 16);
    assert_int_equal(check(world), RC_OK);
    flip(world, HEADER + 24 + 100);
    assert_int_equal(check(world), RC_FAIL);
    assert_non_null(strstr(world->err.text, "damaged in frame 1 of"));
}

static void one_byte_of_the_head_is_noticed(void **state)
{
    struct world *world = *state;

    for (int bit = 0; bit < 8 * HEADER; bit++) {
        flip_bit(world, bit / 8, bit % 8);
        assert_int_equal(check(world), RC_FAIL);
        flip_bit(world, bit / 8, bit % 8);
    }
}

/* What a power cut leaves of a transaction that nobody was told of. */
static void a_torn_last_transaction_is_no_damage(void **state)
{
    struct world *world = *state;
    int last, frames = frames_of(world, &last);
    unsigned char nothing[512] = { 0 };
    int fd = open(world->log, O_RDWR);

    for (int frame = frames - 1; frame >= last; frame--)
        for (int sector = 0; sector < 8; sector++) {
            off_t at = HEADER + (off_t)frame * FRAME + sector * 512;
            assert_int_equal(pwrite(fd, nothing, sizeof nothing, at),
                             sizeof nothing);
            assert_int_equal(check(world), RC_OK);
        }
    for (off_t end = HEADER + (off_t)last * FRAME; end > 0; end -= 997) {
        assert_int_equal(ftruncate(fd, end), 0);
        assert_int_equal(check(world), RC_OK);
    }
    close(fd);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_whole_log_is_fine),
        TEST(one_byte_of_a_confirmed_frame_is_noticed),
        TEST(one_byte_of_the_head_is_noticed),
        TEST(a_torn_last_transaction_is_no_damage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
