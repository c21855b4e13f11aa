/* SIGHUP: a new edition with a crew of its own takes over the sockets. The old
 * crew goes on with whom it has, and goes when the last of them has gone. */
#include <event2/event.h>

#include "daemon/base/arena.h"
#include "daemon/base/log.h"
#include "daemon/base/mem.h"
#include "daemon/server_rooms.h"

#define FAULTS_MOST (64 * 1024)
#define SWEEP_MS 100
/* More crews than these at once: the oldest is hurried. */
#define RETIRED_MOST 3

/* ---- those that go ---- */

static enum rc pass_fence(struct writer *writer, int64_t now,
                          struct job *job, struct err *err)
{
    (void)writer, (void)now, (void)job, (void)err;
    return RC_OK;
}

static void fence_is_home(struct job *job)
{
    ((struct retired *)(void *)job)->clear = true;
}

/* Whatever the main thread gave to the writer before it comes home before it;
 * what a worker gave was awaited by the worker. */
static void put_fence(struct server *s, struct retired *retired)
{
    retired->fence = (struct job){ .run = pass_fence, .repeatable = true,
                                   .done = fence_is_home,
                                   .home = s->jobs_home };
    retired->fenced = writing_submit(s->writing, &retired->fence);
}

static void retired_free(struct retired *retired)
{
    crew_free(&retired->crew);
    edition_free(&retired->edition);
    mem_free(retired);
}

static void sweep_later(struct server *s)
{
    const struct timeval wait = { .tv_usec = SWEEP_MS * 1000 };

    evtimer_add(s->sweep, &wait);
}

static void on_sweep(evutil_socket_t fd, short what, void *argument)
{
    struct server *s = argument;
    struct retired **at = &s->retired;

    (void)fd, (void)what;
    if (s->stop_by_ms)
        return;
    while (*at) {
        struct retired *retired = *at;

        if (!retired->fenced)
            put_fence(s, retired);
        if (retired->crew && crew_is_over(retired->crew))
            crew_free(&retired->crew);
        if (retired->crew || !retired->clear ||
            control_uses(s->control, &retired->edition->settings)) {
            at = &retired->next;
            continue;
        }
        *at = retired->next;
        retired_free(retired);
        log_debug("what was replaced has gone");
    }
    if (s->retired)
        sweep_later(s);
}

static void retire(struct server *s, struct edition *edition,
                   struct crew *crew)
{
    struct retired *retired = mem_new(sizeof *retired);
    size_t count = 0;

    retired->edition = edition;
    retired->crew = crew;
    retired->next = s->retired;
    s->retired = retired;
    crew_drain(crew);
    put_fence(s, retired);
    for (const struct retired *r = s->retired; r; r = r->next)
        if (++count > RETIRED_MOST && r->crew)
            crew_drain_soon(r->crew);
    sweep_later(s);
}

void server_sweep_open(struct server *s)
{
    s->sweep = evtimer_new(s->base, on_sweep, s);
}

bool server_retired_are_over(const struct server *s)
{
    for (const struct retired *r = s->retired; r; r = r->next)
        if (r->crew && !crew_is_over(r->crew))
            return false;
    return true;
}

void server_retired_end(struct server *s)
{
    while (s->retired) {
        struct retired *retired = s->retired;

        s->retired = retired->next;
        retired_free(retired);
    }
}

/* ---- the one that comes ---- */

static void take_over(struct server *s, struct edition *edition,
                      struct crew *crew)
{
    struct edition *old = s->edition;
    struct crew *old_crew = s->crew;
    const struct settings *settings = &edition->settings;

    s->edition = edition;
    s->crew = crew;
    timers_adopt(s->timers, settings);
    control_adopt(s->control, settings);
    outgoing_adopt(s->outgoing, settings);
    log_adjust((enum log_level)settings->log_level,
               (enum log_format)settings->log_format);
    retire(s, old, old_crew);
    if (s->child)
        child_reload(s->child);
}

static bool try_to_reload(struct server *s, struct str *kept,
                          struct str *faults)
{
    struct edition *edition;
    struct crew *crew;
    struct err err;

    if (edition_read(s->options->config_path, &s->edition->settings, &edition,
                     kept, faults) != RC_OK)
        return false;
    if (server_start_crew(s, edition, &crew, &err) != RC_OK) {
        str_addf(faults, "%s\n", err.text);
        edition_free(&edition);
        return false;
    }
    take_over(s, edition, crew);
    return true;
}

void server_reload(struct server *s)
{
    struct arena *arena = arena_new();
    struct str kept, faults;

    str_init(&kept, arena, FAULTS_MOST);
    str_init(&faults, arena, FAULTS_MOST);
    notify_say_reloading(s->notify);
    if (try_to_reload(s, &kept, &faults)) {
        log_lines(LOG_LEVEL_WARN, kept.data);
        log_info("reloaded %s", s->options->config_path);
        counter_add(&s->vitals.reloads, 1);
    } else {
        log_lines(LOG_LEVEL_ERROR, faults.data);
        log_error("not reloaded: everything stays as it was");
        counter_add(&s->vitals.reload_faults, 1);
    }
    notify_say(s->notify, "READY=1");
    arena_free(&arena);
}
