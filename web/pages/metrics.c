/* The server in numbers, for Prometheus. Nothing in them is about a person:
 * routes by their pattern, meetings by the name in their address. */
#include "web/pages/metrics.h"

#include <dirent.h>
#include <event2/event.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/base/arena.h"
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/http/response.h"
#include "daemon/store/census_store.h"
#include "daemon/store/feedback_store.h"
#include "web/pages/health.h"
#include "web/pages/pages.h"
#include "web/site.h"
#include "web/vitals.h"

#define TYPE "text/plain; version=0.0.4; charset=utf-8"
#define TEXT_MOST ((size_t)16 * 1024 * 1024)
/* Meetings that began longer ago are history. */
#define MEETING_DAYS 30
#define MODES_MOST 4000

static void family(struct str *out, const char *name, const char *type,
                   const char *help)
{
    str_addf(out, "# HELP convened_%s %s\n# TYPE convened_%s %s\n", name,
             help, name, type);
}

static void one(struct str *out, const char *name, const char *type,
                const char *help, int64_t value)
{
    family(out, name, type, help);
    str_addf(out, "convened_%s %" PRId64 "\n", name, value);
}

static int64_t read_counter(const struct counter *counter)
{
    return (int64_t)counter_read(counter);
}

/* One sample's name and labels; `labels` may be empty. */
static void sample(struct str *out, const char *name, const char *suffix,
                   const char *labels)
{
    str_addf(out, "convened_%s%s", name, suffix);
    if (*labels)
        str_addf(out, "{%s}", labels);
    str_add_char(out, ' ');
}

static void histogram(struct str *out, const char *name, const char *labels,
                      const struct histogram *from)
{
    const char *comma = *labels ? "," : "";
    uint64_t sum = counter_read(&from->sum_us), count = 0;

    for (size_t i = 0; i < HISTOGRAM_BOUNDS; i++) {
        uint64_t bound = histogram_bounds_us[i];

        count += counter_read(&from->buckets[i]);
        str_addf(out,
                 "convened_%s_bucket{%s%sle=\"%" PRIu64 ".%04" PRIu64
                 "\"} %" PRIu64 "\n",
                 name, labels, comma, bound / 1000000,
                 bound % 1000000 / 100, count);
    }
    count += counter_read(&from->buckets[HISTOGRAM_BOUNDS]);
    str_addf(out, "convened_%s_bucket{%s%sle=\"+Inf\"} %" PRIu64 "\n", name,
             labels, comma, count);
    sample(out, name, "_sum", labels);
    str_addf(out, "%" PRIu64 ".%06" PRIu64 "\n", sum / 1000000,
             sum % 1000000);
    sample(out, name, "_count", labels);
    str_addf(out, "%" PRIu64 "\n", count);
}

/* ---- the process ---- */

/* Pages, as the second number says; 0 if it cannot be told. */
static int64_t resident_bytes(void)
{
    FILE *file = fopen("/proc/self/statm", "re");
    long size = 0, resident = 0;

    if (!file)
        return 0;
    if (fscanf(file, "%ld %ld", &size, &resident) != 2)
        resident = 0;
    fclose(file);
    return (int64_t)resident * sysconf(_SC_PAGESIZE);
}

static int64_t open_descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    int64_t count = -3; /* two dots, and the folder itself */

    if (!folder)
        return 0;
    while (readdir(folder))
        count++;
    closedir(folder);
    return count;
}

/* These names are Prometheus' own, without our prefix. */
static void write_process(const struct vitals *vitals, struct str *out)
{
    struct rusage used = { 0 };
    struct rlimit limit = { 0 };

    getrusage(RUSAGE_SELF, &used);
    getrlimit(RLIMIT_NOFILE, &limit);
    int64_t us = (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000 +
                 used.ru_utime.tv_usec + used.ru_stime.tv_usec;
    str_addf(out,
             "# HELP process_start_time_seconds When it began.\n"
             "# TYPE process_start_time_seconds gauge\n"
             "process_start_time_seconds %" PRId64 "\n"
             "# HELP process_cpu_seconds_total User and system time.\n"
             "# TYPE process_cpu_seconds_total counter\n"
             "process_cpu_seconds_total %" PRId64 ".%06" PRId64 "\n",
             vitals->started_at, us / 1000000, us % 1000000);
    str_addf(out,
             "# HELP process_resident_memory_bytes Memory in use.\n"
             "# TYPE process_resident_memory_bytes gauge\n"
             "process_resident_memory_bytes %" PRId64 "\n"
             "# HELP process_open_fds Open descriptors.\n"
             "# TYPE process_open_fds gauge\n"
             "process_open_fds %" PRId64 "\n"
             "# HELP process_max_fds How many there may be.\n"
             "# TYPE process_max_fds gauge\n"
             "process_max_fds %" PRIu64 "\n",
             resident_bytes(), open_descriptors(),
             (uint64_t)limit.rlim_cur);
    family(out, "build_info", "gauge", "What runs; always 1.");
    str_addf(out,
             "convened_build_info{version=\"" PACKAGE_VERSION
             "\",sqlite=\"%s\",libevent=\"%s\"} 1\n",
             db_library_version(), event_get_version());
    one(out, "config_reloads_total", "counter",
        "Configurations taken over since the start.",
        read_counter(&vitals->reloads));
    one(out, "config_reload_faults_total", "counter",
        "Configurations that were at fault and not taken over.",
        read_counter(&vitals->reload_faults));
}

/* ---- requests ---- */

#define LABELS_MOST 256

static void route_labels(char labels[LABELS_MOST], size_t which)
{
    if (which < site_route_count)
        snprintf(labels, LABELS_MOST, "method=\"%s\",route=\"%s\"",
                 site_routes[which].method == METHOD_POST ? "POST" : "GET",
                 site_routes[which].pattern);
    else
        snprintf(labels, LABELS_MOST, "method=\"\",route=\"\"");
}

static void write_requests(const struct meter *meter, struct str *out)
{
    static const char *const classes[METER_CLASSES] = {
        "none", "1xx", "2xx", "3xx", "4xx", "5xx",
    };
    char labels[LABELS_MOST];

    family(out, "http_requests_total", "counter",
           "Requests by route and class of status; no route: refused or not "
           "found; none: the client left first.");
    for (size_t r = 0; r <= meter->route_count; r++) {
        route_labels(labels, r);
        for (size_t c = 0; c < METER_CLASSES; c++) {
            uint64_t count = counter_read(&meter->routes[r].classes[c]);

            if (count > 0)
                str_addf(out,
                         "convened_http_requests_total{%s,code=\"%s\"} "
                         "%" PRIu64 "\n", labels, classes[c], count);
        }
    }
}

static bool was_used(const struct route_meter *route)
{
    for (size_t c = 0; c < METER_CLASSES; c++)
        if (counter_read(&route->classes[c]) > 0)
            return true;
    return false;
}

static void write_http(const struct meter *meter, struct str *out)
{
    char labels[LABELS_MOST];

    write_requests(meter, out);
    family(out, "http_request_duration_seconds", "histogram",
           "From the first byte of a request to the last of its answer.");
    for (size_t r = 0; r <= meter->route_count; r++) {
        if (!was_used(&meter->routes[r]))
            continue;
        route_labels(labels, r);
        histogram(out, "http_request_duration_seconds", labels,
                  &meter->routes[r].took);
    }
    one(out, "http_connections", "gauge", "Connections that are open.",
        read_counter(&meter->connections_open));
    one(out, "http_connections_total", "counter", "Connections accepted.",
        read_counter(&meter->connections_total));
    one(out, "http_refused_total", "counter",
        "Connections turned away, and requests that broke the rules.",
        read_counter(&meter->refused));
}

/* ---- the writer and its files ---- */

static void write_writer(const struct writing *writing, struct str *out)
{
    const struct writing_meter *meter = writing_meter(writing);

    one(out, "writer_batches_total", "counter", "Transactions.",
        read_counter(&meter->batches));
    one(out, "writer_jobs_total", "counter", "Jobs in them.",
        read_counter(&meter->jobs));
    one(out, "writer_failed_batches_total", "counter",
        "Transactions that could not be committed.",
        read_counter(&meter->failed));
    one(out, "writer_queue_length", "gauge", "Jobs waiting.",
        (int64_t)writing_waiting(writing));
    family(out, "writer_commit_seconds", "histogram",
           "From COMMIT to the disk's word.");
    histogram(out, "writer_commit_seconds", "", &meter->commit);
}

static int64_t file_bytes(const char *path)
{
    struct stat found;

    return stat(path, &found) == 0 ? (int64_t)found.st_size : 0;
}

static void write_files(const struct site *site, struct arena *arena,
                        struct str *out)
{
    struct err err;
    int64_t bytes;

    one(out, "database_bytes", "gauge", "Size of the database.",
        file_bytes(site->database));
    one(out, "wal_bytes", "gauge", "Size of its write-ahead log.",
        file_bytes(arena_printf(arena, "%s-wal", site->database)));
    if (health_disk_free(site->database, &bytes, &err) == RC_OK)
        one(out, "disk_free_bytes", "gauge", "What is left beside it.",
            bytes);
}

/* ---- meetings and letters ---- */

static void write_seats(const struct census_modes *modes, struct str *out)
{
    family(out, "registrations", "gauge",
           "Registrations by state, of meetings of the last month and of "
           "those to come.");
    for (size_t i = 0; i < modes->count; i++) {
        const struct census_mode *m = &modes->items[i];
        const char *mode = mode_word(m->mode);

        for (int state = 0; state <= REG_CANCELLED; state++)
            str_addf(out, "convened_registrations{alliance=\"%s\","
                     "meeting=\"%s\",mode=\"%s\",state=\"%s\"} %" PRId64
                     "\n", m->alliance, m->meeting, mode,
                     registration_state_word((enum registration_state)state),
                     m->people[state]);
    }
    family(out, "seats", "gauge", "Capacity.");
    for (size_t i = 0; i < modes->count; i++) {
        const struct census_mode *m = &modes->items[i];

        str_addf(out,
                 "convened_seats{alliance=\"%s\",meeting=\"%s\","
                 "mode=\"%s\"} %" PRId64 "\n",
                 m->alliance, m->meeting, mode_word(m->mode), m->capacity);
    }
    family(out, "seats_taken", "gauge",
           "Seats that are given away, or held for somebody.");
    for (size_t i = 0; i < modes->count; i++) {
        const struct census_mode *m = &modes->items[i];

        str_addf(out,
                 "convened_seats_taken{alliance=\"%s\",meeting=\"%s\","
                 "mode=\"%s\"} %" PRId64 "\n",
                 m->alliance, m->meeting, mode_word(m->mode), m->taken);
    }
}

static enum rc write_census(struct reader *reader, struct arena *arena,
                            int64_t now, struct str *out, struct err *err)
{
    int64_t letters[LETTER_STATE_COUNT], overdue;
    struct feedback_counts reports;
    struct census_modes modes;

    if (census_modes(reader, arena, now - MEETING_DAYS * 86400, MODES_MOST,
                     &modes, err) != RC_OK ||
        census_letters(reader, letters, err) != RC_OK ||
        census_overdue(reader, now, &overdue, err) != RC_OK ||
        feedback_count(reader, now, &reports, err) != RC_OK)
        return RC_FAIL;
    write_seats(&modes, out);
    family(out, "letters", "gauge", "Letters that were not sent, by state.");
    for (int i = 0; i < LETTER_STATE_COUNT; i++)
        if (i != LETTER_SENT)
            str_addf(out, "convened_letters{state=\"%s\"} %" PRId64 "\n",
                     letter_state_word((enum letter_state)i), letters[i]);
    one(out, "letters_overdue_seconds", "gauge",
        "For how long the oldest letter has been due; 0: none is.", overdue);
    one(out, "feedback_open", "gauge",
        "Reported barriers that wait for an answer.", reports.open);
    one(out, "feedback_overdue", "gauge",
        "Those of them that should have been answered by now.",
        reports.overdue);
    return RC_OK;
}

static void write_post(const struct vitals *vitals, struct str *out)
{
    static const char *const results[FATE_COUNT] = {
        [FATE_SENT] = "sent",       [FATE_LATER] = "later",
        [FATE_REFUSED] = "refused", [FATE_DROPPED] = "dropped",
    };

    one(out, "courier_connected", "gauge", "Whether a courier is here.",
        read_counter(&vitals->courier_here));
    one(out, "letters_given_total", "counter",
        "Letters handed to the courier.",
        read_counter(&vitals->letters_given));
    family(out, "letter_attempts_total", "counter",
           "What became of attempts: later and refused are the relay's "
           "failures; dropped: no longer true.");
    for (int i = 0; i < FATE_COUNT; i++)
        str_addf(out,
                 "convened_letter_attempts_total{result=\"%s\"} %" PRId64
                 "\n", results[i], read_counter(&vitals->fates[i]));
}

void metrics_write(const struct site *site, int64_t now, struct str *out)
{
    struct meter *meter = meters_sum(site->vitals->meters);
    struct arena *arena = arena_new();
    struct err err;

    write_process(site->vitals, out);
    write_http(meter, out);
    write_writer(site->writing, out);
    write_files(site, arena, out);
    write_post(site->vitals, out);
    if (write_census(site->reader, arena, now, out, &err) != RC_OK)
        log_error("metrics: %s", err.text);
    arena_free(&arena);
    meter_free(&meter);
}

void metrics_send(struct request *request)
{
    struct str text;

    str_init(&text, request->arena, TEXT_MOST);
    metrics_write(request->site, clock_now(), &text);
    response_field(request, "Cache-Control", "no-store");
    respond(request, 200, TYPE, text.data, text.length);
}
