/* How many registrations a second the writer makes durable, and what reading
 * them costs afterwards. signup_bench FOLDER [PEOPLE [IN-FLIGHT]] */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "daemon/base/arena.h"
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/base/mem.h"
#include "daemon/base/parse.h"
#include "daemon/rules/signup.h"
#include "daemon/store/alliance_store.h"
#include "daemon/store/attendee_store.h"
#include "daemon/store/meeting_store.h"
#include "daemon/store/seat_store.h"
#include "daemon/store/writing.h"

#define NOON 1800000000
#define DAY 86400

struct work {
    struct job job;
    struct arena *arena;
    int64_t number;
    int64_t meeting_id;
    const struct settings *settings;
    struct signup_result out;
};

static void give_up(const struct err *err)
{
    (void)fprintf(stderr, "signup_bench: %s\n", err->text);
    exit(1);
}

static enum rc furnish(struct writer *writer, int64_t now, struct job *job,
                       struct err *err)
{
    struct work *work = (struct work *)job;
    struct alliance alliance = {
        .slug = "sachsen", .name = { "Allianz", "" }, .about = { "", "" },
        .contact_name = "", .contact_email = "", .contact_phone = "",
        .mail_from = "", .color = "teal",
    };
    struct meeting m = {
        .slug = "arbeit", .state = MEETING_PUBLISHED, .title = { "A", "" },
        .summary = { "", "" }, .about = { "", "" }, .zone = "Europe/Berlin",
        .starts_at = NOON + 30 * DAY, .ends_at = NOON + 31 * DAY,
        .closes_at = NOON + 20 * DAY, .venue_name = "", .venue_street = "",
        .venue_postcode = "", .venue_town = "", .venue_access = { "", "" },
        .join_url = "",
    };
    enum rc rc = alliance_insert(writer, now, &alliance, err);

    m.alliance_id = alliance.id;
    if (rc == RC_OK)
        rc = meeting_insert(writer, work->arena, now, "example.org", &m,
                            err);
    work->meeting_id = m.id;
    return rc == RC_OK ? pool_set_capacity(writer, m.id, MODE_ONSITE,
                                           10000000, err) : rc;
}

static enum rc run(struct writer *writer, int64_t now, struct job *job,
                   struct err *err)
{
    struct work *w = (struct work *)job;
    static const char *const names[] = { "Müller", "Schmidt", "Łęcka",
                                         "Weber", "Wagner", "Özil", "Abt" };
    struct signup in = {
        .meeting_id = w->meeting_id, .mode = MODE_ONSITE,
        .wants_invite = true, .settings = w->settings, .arena = w->arena,
        .person = {
            .given_name = "Anna", .title = "", .position = "",
            .family_name = arena_printf(w->arena, "%s-%lld",
                names[w->number % 7], (long long)w->number % 5003),
            .address = arena_printf(w->arena, "person%lld@example.org",
                                    (long long)w->number),
            .organisation = "Handwerkskammer Beispiel",
        },
    };

    (void)now;
    return signup_place(writer, NOON, &in, &w->out, err);
}

static void check(const struct work *work)
{
    if (work->job.rc != RC_OK || work->out.outcome != SIGNUP_REGISTERED)
        give_up(&work->job.err);
}

static double cpu_seconds(void)
{
    struct rusage usage;

    (void)getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
        (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static int64_t collect(struct mailbox *home)
{
    struct parcel *at = mailbox_wait(home, (size_t)-1, -1);
    int64_t count = 0;

    for (; at; count++) {
        struct work *work = (struct work *)at;

        at = at->next;
        check(work);
        arena_free(&work->arena);
        mem_free(work);
    }
    return count;
}

/* Keeps `flight` jobs on their way until `people` are in. */
static void sign_up_all(struct writing *writing, const struct work *model,
                        int64_t people, int64_t flight)
{
    struct mailbox *home = mailbox_new(0);
    int64_t begun = 0, done = 0;

    while (done < people) {
        while (begun < people && begun - done < flight) {
            struct work *work = mem_new(sizeof *work);
            *work = *model;
            work->arena = arena_new();
            work->number = begun++;
            work->job.run = run;
            work->job.repeatable = true;
            work->job.home = home;
            if (!writing_submit(writing, &work->job))
                abort();
        }
        done += collect(home);
    }
    mailbox_free(&home);
}

/* CPU of the best of five. */
static void time_list(struct reader *reader, int64_t meeting_id,
                      const char *search, enum attendee_sort sort,
                      const char *after)
{
    struct registration_filter filter = { .meeting_id = meeting_id,
        .search = search, .state = -1, .mode = -1 };
    struct attendee_wish wish = { .sort = sort, .limit = 50,
                                  .descending = sort == SORT_TIME,
                                  .after = after };
    struct attendee_page page;
    double best = 1;
    struct err err;

    for (int round = 0; round < 5; round++) {
        struct arena *arena = arena_new();
        double begun = cpu_seconds();
        if (attendees_find(reader, arena, &filter, &wish, &page, &err) !=
            RC_OK)
            give_up(&err);
        double took = cpu_seconds() - begun;
        if (took < best)
            best = took;
        arena_free(&arena);
    }
    printf("list \"%s\", sort %d, from %lld of %lld: %.1f ms\n", search,
           (int)sort, (long long)page.first, (long long)page.total,
           best * 1e3);
}

static const char *somebody_far_down(struct reader *reader,
                                     struct arena *arena, int64_t meeting_id)
{
    struct registration_filter filter = { .meeting_id = meeting_id,
                                          .state = -1, .mode = -1 };
    struct attendee_wish wish = { .sort = SORT_STATE, .limit = 50,
                                  .last = true };
    struct attendee_page page;
    struct err err;

    if (attendees_find(reader, arena, &filter, &wish, &page, &err) != RC_OK)
        give_up(&err);
    return page.rows.items[0].reference;
}

static void time_reads(const char *path, int64_t meeting_id)
{
    static const char *const searches[] = { "", "muller", "weber 77",
                                            "nobody", "example" };
    struct arena *arena = arena_new();
    struct registration_numbers numbers;
    struct reader *reader;
    struct err err;

    if (reader_open(path, &reader, &err) != RC_OK)
        give_up(&err);
    for (size_t i = 0; i < 5; i++)
        for (int sort = 0; sort < SORT_COUNT; sort++)
            time_list(reader, meeting_id, searches[i],
                      (enum attendee_sort)sort, NULL);
    time_list(reader, meeting_id, "", SORT_STATE,
              somebody_far_down(reader, arena, meeting_id));
    arena_free(&arena);
    int64_t start = clock_ticks_us();
    if (registration_count_all(reader, meeting_id, NOON, &numbers, &err) !=
        RC_OK)
        give_up(&err);
    printf("numbers: %lld us\n", (long long)(clock_ticks_us() - start));
    reader_close(&reader);
}

static void time_opening(const char *path)
{
    struct writer *writer;
    struct err err;
    int64_t start = clock_ticks_us();

    if (writer_open(path, false, &writer, &err) != RC_OK)
        give_up(&err);
    printf("open and check: %lld ms\n",
           (long long)(clock_ticks_us() - start) / 1000);
    writer_close(&writer);
}

static void time_signups(struct writing *writing, const struct work *model,
                         int64_t people, int64_t flight)
{
    double cpu = cpu_seconds();
    int64_t start = clock_ticks_us();

    sign_up_all(writing, model, people, flight);
    int64_t took = clock_ticks_us() - start;
    cpu = cpu_seconds() - cpu;
    printf("%lld registrations, %lld in flight: %.0f/s, %.1f us CPU each\n",
           (long long)people, (long long)flight,
           (double)people * 1e6 / (double)took,
           cpu * 1e6 / (double)people);
}

int main(int argc, char **argv)
{
    int64_t people = 100000, flight = 256;
    struct settings settings = { .registrations_per_address = 10,
        .steps_per_hour = 3, .steps_per_day = 5 };
    struct work model = { .settings = &settings, .job = { .run = furnish } };
    struct writer *writer;
    struct err err;
    char path[512], domain[] = "example.org";

    if (argc < 2 ||
        (argc > 2 && !parse_int(argv[2], 1, 10000000, &people)) ||
        (argc > 3 && !parse_int(argv[3], 1, 4096, &flight))) {
        (void)fputs("usage: signup_bench FOLDER [PEOPLE [IN-FLIGHT]]\n",
                    stderr);
        return 64;
    }
    log_open("signup_bench", LOG_LEVEL_WARN);
    token_start();
    settings.mail_domain = domain;
    (void)snprintf(path, sizeof path, "%s/bench.db", argv[1]);
    if (writer_open(path, true, &writer, &err) != RC_OK)
        give_up(&err);
    model.arena = arena_new();
    writing_run_alone(writer, &model.job, NOON);
    if (model.job.rc != RC_OK)
        give_up(&model.job.err);
    struct writing *writing = writing_start(writer, 4096, -1);
    time_signups(writing, &model, people, flight);
    writer = writing_stop(&writing);
    time_reads(path, model.meeting_id);
    writer_close(&writer);
    time_opening(path);
    arena_free(&model.arena);
    return 0;
}
