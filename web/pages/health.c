/* Is the process alive, and can it do its work? For load balancers and
 * monitors. Everybody gets a word, operators the reasons. */
#include "web/pages/health.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>
#include <sys/statvfs.h>

#include "daemon/base/arena.h"
#include "daemon/base/clock.h"
#include "daemon/http/response.h"
#include "daemon/store/census_store.h"
#include "web/pages/pages.h"
#include "web/site.h"
#include "web/view/json.h"
#include "web/vitals.h"

#define ANSWER_MOST 4096
#define JSON_TYPE "application/json; charset=utf-8"

static bool wants_json(const struct request *request)
{
    const char *accept = request_field(request, "accept");

    return accept && strstr(accept, "application/json");
}

enum rc health_disk_free(const char *database, int64_t *bytes,
                         struct err *err)
{
    struct statvfs found;

    *bytes = 0;
    if (statvfs(database, &found) != 0)
        return err_set(err, "%s", strerror(errno));
    if (found.f_flag & ST_RDONLY)
        return err_set(err, "the file system is read-only");
    *bytes = (int64_t)(found.f_bavail * found.f_frsize);
    return RC_OK;
}

/* ---- alive ---- */

/* That this loop comes to answer is the answer. */
void health_send(struct request *request)
{
    const struct site *site = request->site;
    bool details = router_sees_operator(site->settings, request);
    int64_t up = clock_now() - site->vitals->started_at;

    response_field(request, "Cache-Control", "no-store");
    if (wants_json(request)) {
        json_t *words =
            details ? json_pack("{s:s, s:s, s:I}", "status", "ok", "version",
                                PACKAGE_VERSION, "up_seconds",
                                (json_int_t)up)
                    : json_pack("{s:s}", "status", "ok");
        char *text = json_text(request->arena, words);

        respond(request, 200, JSON_TYPE, text, strlen(text));
    } else if (details) {
        respond_text(request, 200,
                     arena_printf(request->arena,
                                  "ok\nversion: " PACKAGE_VERSION
                                  "\nup: %" PRId64 " s", up));
    } else {
        respond_text(request, 200, "ok");
    }
}

/* ---- ready ---- */

enum check { CHECK_DATABASE, CHECK_WRITER, CHECK_DISK, CHECK_LETTERS,
             CHECK_COUNT };

static const char *const check_words[CHECK_COUNT] = {
    [CHECK_DATABASE] = "database", [CHECK_WRITER] = "writer",
    [CHECK_DISK] = "disk",         [CHECK_LETTERS] = "letters",
};

struct readiness {
    struct job job; /* first */
    struct request *request;
    bool details;
    bool fine[CHECK_COUNT];
    const char *words[CHECK_COUNT];
};

static void note(struct readiness *ready, enum check check, bool fine,
                 const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void note(struct readiness *ready, enum check check, bool fine,
                 const char *format, ...)
{
    va_list values;

    va_start(values, format);
    ready->fine[check] = fine;
    ready->words[check] =
        arena_vprintf(ready->request->arena, format, values);
    va_end(values);
}

static void check_database(struct readiness *ready)
{
    struct err err;

    if (census_probe(ready->request->site->reader, &err) == RC_OK)
        note(ready, CHECK_DATABASE, true, "answers");
    else
        note(ready, CHECK_DATABASE, false, "%s", err.text);
}

static void check_disk(struct readiness *ready)
{
    const struct site *site = ready->request->site;
    int64_t least = site->settings->disk_free, bytes;
    struct err err;

    if (health_disk_free(site->database, &bytes, &err) == RC_OK)
        note(ready, CHECK_DISK, bytes >= least,
             "%" PRId64 " MiB free, %" PRId64 " MiB wanted", bytes >> 20,
             least >> 20);
    else
        note(ready, CHECK_DISK, false, "%s", err.text);
}

static void check_letters(struct readiness *ready)
{
    const struct site *site = ready->request->site;
    int64_t most = site->settings->letter_age, due;
    struct err err;

    if (census_overdue(site->reader, clock_now(), &due, &err) == RC_OK)
        note(ready, CHECK_LETTERS, most == 0 || due <= most,
             "the oldest has been due for %" PRId64 " s", due);
    else
        note(ready, CHECK_LETTERS, false, "%s", err.text);
}

static bool is_ready(const struct readiness *ready)
{
    for (int i = 0; i < CHECK_COUNT; i++)
        if (!ready->fine[i])
            return false;
    return true;
}

static void answer_in_json(const struct readiness *ready, int status)
{
    struct request *request = ready->request;
    json_t *all =
        json_pack("{s:s}", "status", status == 200 ? "ready" : "not ready");
    json_t *checks = ready->details ? json_object() : NULL;

    for (int i = 0; checks && i < CHECK_COUNT; i++)
        json_object_set_new(checks, check_words[i],
                            json_pack("{s:b, s:s}", "ok", ready->fine[i],
                                      "words", ready->words[i]));
    if (checks)
        json_object_set_new(all, "checks", checks);
    char *text = json_text(request->arena, all);
    respond(request, status, JSON_TYPE, text, strlen(text));
}

static void answer_in_text(const struct readiness *ready, int status)
{
    struct request *request = ready->request;
    struct str text;

    str_init(&text, request->arena, ANSWER_MOST);
    str_add(&text, status == 200 ? "ready" : "not ready");
    for (int i = 0; ready->details && i < CHECK_COUNT; i++)
        str_addf(&text, "\n%s: %s (%s)", check_words[i],
                 ready->fine[i] ? "ok" : "FAULT", ready->words[i]);
    respond_text(request, status, text.data);
}

static void answer(const struct readiness *ready)
{
    int status = is_ready(ready) ? 200 : 503;

    response_field(ready->request, "Cache-Control", "no-store");
    if (wants_json(ready->request))
        answer_in_json(ready, status);
    else
        answer_in_text(ready, status);
}

/* A lock that can be had and a thread that works; and if the last commit
 * failed, whether the disk takes one by now. */
static enum rc try_writing(struct writer *writer, int64_t now,
                           struct job *job, struct err *err)
{
    const struct readiness *ready = (struct readiness *)job;
    const struct writing *writing = ready->request->site->writing;

    (void)now;
    return counter_read(&writing_meter(writing)->failing)
               ? census_touch(writer, err)
               : RC_OK;
}

static void tried_writing(struct job *job)
{
    struct readiness *ready = (struct readiness *)job;

    if (job->rc == RC_OK)
        note(ready, CHECK_WRITER, true, "works");
    else
        note(ready, CHECK_WRITER, false, "%s", job->err.text);
    answer(ready);
}

void ready_send(struct request *request)
{
    struct site *site = request->site;
    struct readiness *ready = ARENA_NEW(request->arena, struct readiness);

    ready->request = request;
    ready->details = router_sees_operator(site->settings, request);
    check_database(ready);
    check_disk(ready);
    check_letters(ready);
    ready->job = (struct job){ .run = try_writing, .repeatable = true,
                               .done = tried_writing,
                               .home = site->jobs_home };
    if (writing_submit(site->writing, &ready->job))
        return;
    note(ready, CHECK_WRITER, false, "its queue is full");
    answer(ready);
}
