/* The writer's thread, and what it does when the disk fails. The disk fails
 * by our own pwrite64() and fdatasync(), which the linker prefers. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/base/clock.h"
#include "daemon/base/mem.h"
#include "daemon/store/alliance_store.h"
#include "daemon/store/registration_store.h"
#include "daemon/store/seat_store.h"
#include "tests/store_house.h"

static _Atomic int write_error, sync_error; /* an errno, or 0 */

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t at);
ssize_t pwrite64(int fd, const void *data, size_t length, off64_t at)
{
    if (atomic_load(&write_error)) {
        errno = atomic_load(&write_error);
        return -1;
    }
    return syscall(SYS_pwrite64, fd, data, length, at);
}

int fdatasync(int fd)
{
    if (atomic_load(&sync_error)) {
        errno = atomic_load(&sync_error);
        return -1;
    }
    return (int)syscall(SYS_fdatasync, fd);
}

/* A job that signs somebody up, or does what `deed` says besides. */
enum deed { SIGN_UP, FAIL_AFTER, BREAK_A_RULE, ADD_BENCH };

struct work {
    struct job job;
    enum deed deed;
    struct arena *arena;
    struct signup in;
    struct signup_result out;
    _Atomic int *done;
};

static enum rc run_work(struct writer *writer, int64_t now, struct job *job,
                        struct err *err)
{
    struct work *work = (struct work *)job;
    enum rc rc;

    (void)now;
    if (work->deed == ADD_BENCH) {
        struct bench bench = { .alliance_id = 1, .name = { "Kammern", "" } };
        job->changed = CHANGE_EDIT;
        return bench_insert(writer, &bench, err);
    }
    rc = signup_place(writer, NOON, &work->in, &work->out, err);
    if (rc == RC_OK && work->deed == FAIL_AFTER)
        return err_set(err, "changed its mind");
    if (rc == RC_OK && work->deed == BREAK_A_RULE)
        rc = seat_insert(writer, work->out.registration.id, 4711, err);
    job->changed = CHANGE_SEATS | (work->out.letters ? CHANGE_LETTERS : 0);
    return rc;
}

static void done_work(struct job *job)
{
    struct work *work = (struct work *)job;

    if (work->done)
        atomic_fetch_add(work->done, 1);
}

static struct work *work_new(struct house *house, struct mailbox *home,
                             enum deed deed, int number)
{
    struct work *work = mem_new(sizeof *work);

    work->arena = arena_new();
    work->deed = deed;
    work->job.run = run_work;
    work->job.done = done_work;
    work->job.home = home;
    work->job.repeatable = number % 2 == 0;
    work->in = house_signup(house, "Anna",
                            arena_printf(work->arena, "Nr%d", number),
                            arena_printf(work->arena, "a%d@example.org",
                                         number));
    work->in.arena = work->arena;
    return work;
}

static void work_free(struct work *work)
{
    arena_free(&work->arena);
    mem_free(work);
}

static struct work *receive(struct mailbox *home)
{
    struct parcel *parcel = mailbox_wait(home, 1, 20000);

    assert_non_null(parcel);
    struct work *work = (struct work *)parcel;
    work->job.done(&work->job);
    return work;
}

/* One job there and back. */
static struct work *errand(struct house *house, struct writing *writing,
                           struct mailbox *home, enum deed deed, int number)
{
    struct work *work = work_new(house, home, deed, number);

    assert_true(writing_submit(writing, &work->job));
    assert_ptr_equal(receive(home), work);
    return work;
}

/* Holds the writer up until the mailbox `gate` gets a parcel. */
struct hold {
    struct job job;
    struct mailbox *gate, *begun;
    struct parcel sign;
};

static enum rc run_hold(struct writer *writer, int64_t now, struct job *job,
                        struct err *err)
{
    struct hold *hold = (struct hold *)job;

    (void)writer;
    (void)now;
    (void)err;
    (void)mailbox_post(hold->begun, &hold->sign);
    return mailbox_wait(hold->gate, 1, 20000) ? RC_OK : RC_FAIL;
}

static void hold_begin(struct hold *hold, struct writing *writing,
                       struct mailbox *home)
{
    *hold = (struct hold){ .job = { .run = run_hold, .home = home },
                           .gate = mailbox_new(0),
                           .begun = mailbox_new(0) };
    assert_true(writing_submit(writing, &hold->job));
    assert_non_null(mailbox_wait(hold->begun, 1, 20000));
}

/* What has been submitted meanwhile is one batch. */
static void hold_end(struct hold *hold)
{
    static struct parcel open_gate;

    assert_true(mailbox_post(hold->gate, &open_gate));
}

static void hold_free(struct hold *hold)
{
    mailbox_free(&hold->gate);
    mailbox_free(&hold->begun);
}

static int64_t count(struct house *house, const char *table)
{
    return house_number(house, arena_printf(house->arena,
        "SELECT count(*) FROM %s", table));
}

struct crowd {
    struct house *house;
    struct writing *writing;
    pthread_t thread;
    int from, to;
    int in, full, wrong;
};

static void *crowd_comes(void *argument)
{
    struct crowd *crowd = argument;
    struct mailbox *home = mailbox_new(0);

    for (int i = crowd->from; i < crowd->to; i++) {
        struct work *work = work_new(crowd->house, home, SIGN_UP, i);
        while (!writing_submit(crowd->writing, &work->job))
            sched_yield();
    }
    for (int i = crowd->from; i < crowd->to; i++) {
        struct parcel *parcel = mailbox_wait(home, 1, 20000);
        struct work *work = (struct work *)parcel;
        if (!work)
            break;
        crowd->in += work->job.rc == RC_OK &&
            work->out.outcome == SIGNUP_REGISTERED;
        crowd->full += work->job.rc == RC_OK &&
            work->out.outcome == SIGNUP_FULL;
        crowd->wrong += work->job.rc != RC_OK;
        work_free(work);
    }
    mailbox_free(&home);
    return NULL;
}

static void a_thousand_at_once_fill_a_hundred_seats_exactly(void **state)
{
    struct house *house = *state;
    struct crowd crowds[4];
    int in = 0, full = 0, wrong = 0;
    struct writing *writing = writing_start(house->writer, 4096, -1);

    for (int i = 0; i < 4; i++) {
        crowds[i] = (struct crowd){ .house = house, .writing = writing,
                                    .from = 250 * i, .to = 250 * (i + 1) };
        assert_int_equal(pthread_create(&crowds[i].thread, NULL, crowd_comes,
                                        &crowds[i]), 0);
    }
    for (int i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(crowds[i].thread, NULL), 0);
        in += crowds[i].in;
        full += crowds[i].full;
        wrong += crowds[i].wrong;
    }
    house->writer = writing_stop(&writing);
    assert_int_equal(in, 100);
    assert_int_equal(full, 900);
    assert_int_equal(wrong, 0);
    assert_int_equal(count(house, "registration"), 100);
    assert_int_equal(count(house, "seat"), 100);
    assert_int_equal(count(house, "letter"), 200);
    assert_int_equal(house_number(house, "SELECT sum(taken) FROM pool"),
                     100);
}

static void check_failing_jobs(struct house *house, bool repeatable)
{
    struct mailbox *home = mailbox_new(0);
    struct work *work[9];
    struct hold hold;
    struct writing *writing = writing_start(house->writer, 4096, -1);

    hold_begin(&hold, writing, home);
    for (int i = 0; i < 9; i++) {
        enum deed deed = i % 3 == 1 ? FAIL_AFTER
            : i % 3 == 2 ? BREAK_A_RULE : SIGN_UP;
        work[i] = work_new(house, home, deed, i);
        work[i]->job.repeatable = repeatable;
        assert_true(writing_submit(writing, &work[i]->job));
    }
    hold_end(&hold);
    assert_ptr_equal(mailbox_wait(home, 1, 20000), &hold.job);
    for (int i = 0; i < 9; i++)
        assert_ptr_equal(receive(home), work[i]); /* in order */
    house->writer = writing_stop(&writing);
    for (int i = 0; i < 9; i++) {
        assert_int_equal(work[i]->job.rc, i % 3 == 0 ? RC_OK : RC_FAIL);
        if (i % 3 == 1)
            assert_string_equal(work[i]->job.err.text, "changed its mind");
        if (i % 3 == 2)
            assert_non_null(strstr(work[i]->job.err.text, "FOREIGN KEY"));
        if (i % 3 != 0)
            assert_int_equal(work[i]->job.changed, 0);
        work_free(work[i]);
    }
    assert_int_equal(count(house, "registration"), 3);
    assert_int_equal(count(house, "person"), 3);
    assert_int_equal(count(house, "seat"), 3);
    assert_int_equal(count(house, "letter"), 6);
    assert_int_equal(count(house, "step"), 3);
    assert_int_equal(house_number(house, "SELECT sum(taken) FROM pool"), 3);
    hold_free(&hold);
    mailbox_free(&home);
}

static void a_failing_job_leaves_no_trace_and_hurts_nobody(void **state)
{
    check_failing_jobs(*state, false);
}

static void nor_does_one_in_a_batch_that_can_be_repeated(void **state)
{
    check_failing_jobs(*state, true);
}

static void counters_and_courier_hear_of_what_changed(void **state)
{
    struct house *house = *state;
    struct mailbox *home = mailbox_new(0);
    int letters = eventfd(0, EFD_NONBLOCK);
    uint64_t rings;
    struct writing *writing = writing_start(house->writer, 16, letters);

    assert_int_equal(writing_edits(writing), 0);
    work_free(errand(house, writing, home, ADD_BENCH, 0));
    assert_int_equal(writing_edits(writing), 1);
    assert_int_equal(writing_seats(writing), 0);
    assert_int_equal(read(letters, &rings, sizeof rings), -1);
    work_free(errand(house, writing, home, FAIL_AFTER, 1));
    assert_int_equal(writing_seats(writing), 0);
    work_free(errand(house, writing, home, SIGN_UP, 1));
    assert_int_equal(writing_seats(writing), 1);
    assert_int_equal(writing_edits(writing), 1);
    house->writer = writing_stop(&writing);
    assert_int_equal(read(letters, &rings, sizeof rings), sizeof rings);
    assert_int_equal(close(letters), 0);
    mailbox_free(&home);
}

static void each_home_gets_its_own_jobs(void **state)
{
    struct house *house = *state;
    struct mailbox *homes[3];
    struct writing *writing = writing_start(house->writer, 4096, -1);

    for (int i = 0; i < 3; i++)
        homes[i] = mailbox_new(0);
    for (int i = 0; i < 60; i++) {
        struct work *work = work_new(house, homes[i % 3], SIGN_UP, i);
        assert_true(writing_submit(writing, &work->job));
    }
    for (int i = 0; i < 60; i++) {
        struct work *work = receive(homes[i % 3]);
        assert_ptr_equal(work->job.home, homes[i % 3]);
        assert_string_equal(work->in.person.address,
                            arena_printf(house->arena, "a%d@example.org",
                                         i));
        work_free(work);
    }
    house->writer = writing_stop(&writing);
    for (int i = 0; i < 3; i++)
        mailbox_free(&homes[i]);
}

static void stopping_runs_what_is_queued(void **state)
{
    struct house *house = *state;
    struct mailbox *home = mailbox_new(0);
    _Atomic int done = 0;
    struct writing *writing = writing_start(house->writer, 4096, -1);

    for (int i = 0; i < 50; i++) {
        struct work *work = work_new(house, home, SIGN_UP, i);
        work->done = &done;
        assert_true(writing_submit(writing, &work->job));
    }
    house->writer = writing_stop(&writing);
    assert_int_equal(mailbox_length(home), 50);
    for (int i = 0; i < 50; i++)
        work_free(receive(home));
    assert_int_equal(atomic_load(&done), 50);
    assert_int_equal(count(house, "registration"), 50);
    mailbox_free(&home);
}

static void a_full_queue_says_so(void **state)
{
    struct house *house = *state;
    struct mailbox *home = mailbox_new(0);
    struct hold hold;
    struct writing *writing = writing_start(house->writer, 2, -1);
    struct work *work[3];
    int admitted = 0;

    hold_begin(&hold, writing, home);
    for (int i = 0; i < 3; i++) {
        work[i] = work_new(house, home, SIGN_UP, i);
        admitted += writing_submit(writing, &work[i]->job);
    }
    assert_int_equal(admitted, 2);
    hold_end(&hold);
    house->writer = writing_stop(&writing);
    assert_int_equal(hold.job.rc, RC_OK);
    assert_int_equal(mailbox_length(home), (size_t)admitted + 1);
    assert_int_equal(count(house, "registration"), admitted);
    for (int i = 0; i < 3; i++)
        work_free(work[i]);
    hold_free(&hold);
    mailbox_free(&home);
}

static void a_full_disk_is_told_and_outlived(void **state)
{
    static const int errors[] = { ENOSPC, EIO };
    struct house *house = *state;
    struct mailbox *home = mailbox_new(0);
    struct writing *writing = writing_start(house->writer, 4096, -1);

    work_free(errand(house, writing, home, SIGN_UP, 0));
    for (int i = 0; i < 2; i++) {
        atomic_store(&write_error, errors[i]);
        for (int n = 0; n < 3; n++) {
            struct work *work = errand(house, writing, home, SIGN_UP, n + 5);
            assert_int_equal(work->job.rc, RC_FAIL);
            assert_int_equal(work->job.changed, 0);
            assert_true(strlen(work->job.err.text) > 0);
            work_free(work);
        }
        assert_int_equal(count(house, "registration"), 1 + i);
        atomic_store(&write_error, 0);
        struct work *again = errand(house, writing, home, SIGN_UP, 10 + i);
        assert_int_equal(again->job.rc, RC_OK);
        assert_int_equal(again->out.outcome, SIGNUP_REGISTERED);
        work_free(again);
    }
    house->writer = writing_stop(&writing);
    assert_int_equal(count(house, "registration"), 3);
    assert_int_equal(house_number(house, "SELECT sum(taken) FROM pool"), 3);
    assert_int_equal(house_number(house, "SELECT count(*) FROM"
                                         " pragma_integrity_check"
                                         " WHERE integrity_check = 'ok'"),
                     1);
    mailbox_free(&home);
}

/* Ends with 0 if a job came home as fine though its fsync had failed. */
static _Noreturn void sign_up_without_fsync(struct house *house)
{
    struct mailbox *home = mailbox_new(0);
    struct writing *writing = writing_start(house->writer, 16, -1);
    struct work *work = work_new(house, home, SIGN_UP, 1);

    atomic_store(&sync_error, EIO);
    if (!writing_submit(writing, &work->job))
        _exit(1);
    (void)mailbox_wait(home, 1, 5000);
    _exit(0);
}

static void a_refused_fsync_ends_the_process_unanswered(void **state)
{
    struct house *house = *state;
    struct writer *again;
    int status;
    int64_t before = clock_ticks_ms();
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        /* SQLite must not be carried through a fork. */
        house->reader = NULL;
        if (writer_open(house->path, false, &house->writer, &house->err) !=
            RC_OK)
            _exit(2);
        sign_up_without_fsync(house);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 70);
    assert_true(clock_ticks_ms() - before < 3000);
    /* A restart finds a sound database. */
    FINE(house, writer_open(house->path, false, &again, &house->err));
    assert_int_equal(house_number(house, "SELECT count(*) FROM seat")
                     - house_number(house, "SELECT count(*) FROM"
                                           " registration"), 0);
    house->writer = again;
    FINE(house, reader_open(house->path, &house->reader, &house->err));
}

/* The child opens it afresh, so here nothing may be open. */
static int house_open_and_leave(void **state)
{
    if (house_open(state) != 0)
        return -1;
    struct house *house = *state;
    reader_close(&house->reader);
    writer_close(&house->writer);
    return 0;
}

static void alone_a_job_runs_in_its_own_transaction(void **state)
{
    struct house *house = *state;
    struct work *fine = work_new(house, NULL, SIGN_UP, 1);
    struct work *bad = work_new(house, NULL, FAIL_AFTER, 2);

    writing_run_alone(house->writer, &fine->job, NOON);
    writing_run_alone(house->writer, &bad->job, NOON);
    assert_int_equal(fine->job.rc, RC_OK);
    assert_int_equal(fine->job.changed, CHANGE_SEATS | CHANGE_LETTERS);
    assert_int_equal(bad->job.rc, RC_FAIL);
    assert_int_equal(count(house, "registration"), 1);
    work_free(fine);
    work_free(bad);
}

static void the_log_is_moved_when_nobody_writes(void **state)
{
    struct house *house = *state;
    struct mailbox *home = mailbox_new(0);
    int64_t waited = 0;

    /* Moves the schema. */
    writer_close(&house->writer);
    FINE(house, writer_open(house->path, false, &house->writer,
                            &house->err));
    struct writing *writing = writing_start(house->writer, 16, -1);

    work_free(errand(house, writing, home, SIGN_UP, 1));
    /* Whoever opens the database file alone, without its log, finds it. */
    while (waited < 5000) {
        int64_t found = house_number_without_log(house,
            "SELECT count(*) FROM registration");
        if (found == 1)
            break;
        (void)usleep(20000);
        waited += 20;
    }
    assert_true(waited < 5000);
    house->writer = writing_stop(&writing);
    mailbox_free(&home);
}

int main(void)
{
#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(a_thousand_at_once_fill_a_hundred_seats_exactly),
        TEST(a_failing_job_leaves_no_trace_and_hurts_nobody),
        TEST(nor_does_one_in_a_batch_that_can_be_repeated),
        TEST(counters_and_courier_hear_of_what_changed),
        TEST(each_home_gets_its_own_jobs),
        TEST(stopping_runs_what_is_queued),
        TEST(a_full_queue_says_so),
        TEST(a_full_disk_is_told_and_outlived),
        cmocka_unit_test_setup_teardown(
            a_refused_fsync_ends_the_process_unanswered,
            house_open_and_leave, house_close),
        TEST(alone_a_job_runs_in_its_own_transaction),
        TEST(the_log_is_moved_when_nobody_writes),
    };
    return cmocka_run_group_tests_name("store/writing", tests, NULL, NULL);
}
