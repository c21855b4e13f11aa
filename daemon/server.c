#include "daemon/server.h"

#include <assert.h>
#include <event2/event.h>
#include <event2/thread.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "calendars/zone.h"
#include "daemon/base/arena.h"
#include "daemon/base/clock.h"
#include "daemon/base/files.h"
#include "daemon/base/helpers.h"
#include "daemon/base/log.h"
#include "daemon/server_rooms.h"
#include "daemon/store/db.h"
#include "daemon/store/lock.h"
#include "daemon/store/writing.h"
#include "web/site.h"

#define HELPER_QUEUE 64
#define STOP_TICK_MS 50
#define CALM_TICKS 2 /* quiet ticks until the loop may end */

static const struct settings *settings_of(const struct server *s)
{
    return &s->edition->settings;
}

/* ---- what it stands on ---- */

static enum rc open_state(struct server *s, struct err *err)
{
    const struct settings *settings = settings_of(s);
    enum rc rc = zone_self_test(err);

    if (rc == RC_OK)
        rc = state_lock(settings->state_dir, &s->state_fd, err);
    if (rc == RC_NOT_FOUND)
        return err_set(err, "%s is in use by another convened; stop that one "
                            "first", settings->state_dir);
    if (rc != RC_OK)
        return rc;
    state_find(s->arena, settings, &s->state);
    rc = state_open(&s->state, err);
    if (rc == RC_OK)
        rc = reader_open(s->state.database, &s->reader, err);
    return rc;
}

/* What was handed over takes the place of site.listen, so that the port
 * belongs to the service manager and stays open while we are away. */
static enum rc open_sockets(struct server *s, struct err *err)
{
    const struct settings *settings = settings_of(s);
    enum rc rc = listen_take(&s->listening, err);

    if (rc == RC_OK && listen_has_site(&s->listening))
        log_info("listening on what the service manager handed over, not on "
                 "site.listen");
    else if (rc == RC_OK)
        rc = listen_open(&settings->listen, false, &s->listening, err);
    if (rc == RC_OK)
        rc = listen_open(&settings->health_listen, true, &s->listening, err);
    return rc;
}

/* ---- the loop ---- */

static void on_jobs(evutil_socket_t fd, short what, void *server)
{
    const struct server *s = server;

    (void)fd, (void)what;
    writing_come_home(s->jobs_home);
}

/* Ends the loop once the workers have answered their last request and the
 * courier has told what became of its last letter. */
static void on_stop_tick(evutil_socket_t fd, short what, void *argument)
{
    struct server *s = argument;
    bool busy = !crew_is_over(s->crew) || !server_retired_are_over(s) ||
                (s->child && child_running(s->child));

    (void)fd, (void)what;
    s->calm = busy ? 0 : s->calm + 1;
    if (s->calm >= CALM_TICKS || clock_ticks_ms() > s->stop_by_ms)
        event_base_loopexit(s->base, NULL);
}

static void drain_all(struct server *s)
{
    if (s->crew)
        crew_drain_soon(s->crew);
    for (const struct retired *r = s->retired; r; r = r->next)
        if (r->crew)
            crew_drain_soon(r->crew);
}

static void stop(struct server *s)
{
    const struct timeval tick = { .tv_usec = STOP_TICK_MS * 1000 };

    if (s->stop_by_ms)
        return;
    log_info("stopping");
    notify_say(s->notify, "STOPPING=1\nSTATUS=stopping");
    s->stop_by_ms = clock_ticks_ms() + settings_of(s)->stop_time * 1000 +
                    10 * STOP_TICK_MS;
    drain_all(s);
    if (s->child)
        child_dismiss(s->child);
    event_add(s->stop_tick, &tick);
}

static void on_stop_signal(evutil_socket_t number, short what, void *server)
{
    (void)number, (void)what;
    stop(server);
}

/* A terminal that was closed says it by the same signal. */
static void on_hangup(evutil_socket_t number, short what, void *argument)
{
    struct server *s = argument;

    (void)number, (void)what;
    if (s->had_terminal && !isatty(STDERR_FILENO))
        stop(s);
    else if (!s->stop_by_ms)
        server_reload(s);
}

static struct event *watch(struct server *s, int fd, short what,
                           event_callback_fn callback)
{
    struct event *event = event_new(s->base, fd, what, callback, s);

    if (fd >= 0)
        event_add(event, NULL);
    return event;
}

static void start_loop(struct server *s)
{
    s->base = event_base_new();
    s->jobs_home = mailbox_new(0);
    s->letters_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    assert(s->base && s->letters_fd >= 0);
    s->on_jobs = watch(s, mailbox_fd(s->jobs_home), EV_READ | EV_PERSIST,
                       on_jobs);
    s->on_term = watch(s, SIGTERM, EV_SIGNAL | EV_PERSIST, on_stop_signal);
    s->on_int = watch(s, SIGINT, EV_SIGNAL | EV_PERSIST, on_stop_signal);
    s->on_hup = watch(s, SIGHUP, EV_SIGNAL | EV_PERSIST, on_hangup);
    s->stop_tick = watch(s, -1, EV_PERSIST, on_stop_tick);
    server_sweep_open(s);
}

/* ---- the rooms ---- */

enum rc server_start_crew(struct server *s, const struct edition *edition,
                          struct crew **crew, struct err *err)
{
    const struct worker_share share = {
        .settings = &edition->settings,
        .keys = s->state.keys,
        .database = s->state.database,
        .writing = s->writing,
        .helpers = s->helpers,
        .texts = edition->texts,
        .exports = &s->exports,
        .vitals = &s->vitals,
        .listening = &s->listening,
    };
    sigset_t all, before;

    /* Signals are the main thread's; a thread begins with its maker's mask. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    enum rc rc = crew_start(&share, crew, err);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rc;
}

static enum rc start_rooms(struct server *s, struct err *err)
{
    const struct settings *settings = settings_of(s);
    enum rc rc;

    s->writing = writing_start(s->state.writer, (size_t)settings->writer_queue,
                               s->letters_fd);
    s->helpers = helpers_start((size_t)settings->helpers, HELPER_QUEUE);
    s->timers = timers_start(s->base, settings, s->writing, s->jobs_home,
                             s->letters_fd);
    rc = folder_make(settings->run_dir, 0750, err);
    if (rc == RC_OK)
        rc = control_open(s->base, settings, s->state.keys, s->reader,
                          s->writing, s->jobs_home, &s->control, err);
    if (rc == RC_OK)
        rc = outgoing_open(s->base, settings, s->state.keys, s->reader,
                           s->writing, s->jobs_home, s->letters_fd,
                           &s->outgoing, err);
    if (rc == RC_OK) {
        outgoing_count(s->outgoing, &s->vitals);
        rc = server_start_crew(s, s->edition, &s->crew, err);
    }
    if (rc == RC_OK && s->options->courier)
        rc = child_start(s->base, s->options->config_path, &s->child, err);
    return rc;
}

/* One that comes meanwhile waits. */
static enum rc start_rooms_undisturbed(struct server *s, struct err *err)
{
    sigset_t ours, before;

    sigemptyset(&ours);
    sigaddset(&ours, SIGTERM);
    sigaddset(&ours, SIGINT);
    sigaddset(&ours, SIGHUP);
    sigaddset(&ours, SIGCHLD);
    pthread_sigmask(SIG_BLOCK, &ours, &before);
    enum rc rc = start_rooms(s, err);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rc;
}

/* First everybody finishes, then everybody hears what became of it, and only
 * then the rooms are closed: no job or task is on its way to a closed one. */
static void end_rooms(struct server *s)
{
    drain_all(s);
    if (s->crew)
        crew_join(s->crew);
    for (const struct retired *r = s->retired; r; r = r->next)
        if (r->crew)
            crew_join(r->crew);
    if (s->helpers)
        helpers_finish(s->helpers);
    if (s->writing)
        writing_finish(s->writing);
    if (s->jobs_home)
        writing_come_home(s->jobs_home);
    pulse_stop(s);
    /* Before the settings go: a command aside may have those of an edition
     * that was replaced. */
    control_close(&s->control);
    server_retired_end(s);
    crew_free(&s->crew);
    child_free(&s->child);
    outgoing_close(&s->outgoing);
    timers_stop(&s->timers);
    helpers_stop(&s->helpers);
    if (s->writing)
        s->state.writer = writing_stop(&s->writing);
}

static void end_loop(struct server *s)
{
    struct event *events[] = { s->on_jobs, s->on_term, s->on_int, s->on_hup,
                               s->stop_tick, s->sweep };

    if (!s->base)
        return;
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        event_free(events[i]);
    mailbox_free(&s->jobs_home);
    close(s->letters_fd);
    event_base_free(s->base);
}

static void close_state(struct server *s)
{
    listen_close(&s->listening);
    reader_close(&s->reader);
    state_close(&s->state);
    if (s->state_fd >= 0)
        close(s->state_fd);
    edition_free(&s->edition);
    meters_free(&s->vitals.meters);
    notify_close(&s->notify);
    arena_free(&s->arena);
}

static enum exit_code serve(struct server *s, const struct settings *settings,
                            struct err *err)
{
    if (edition_of(settings, &s->edition, err) != RC_OK ||
        open_sockets(s, err) != RC_OK)
        return EXIT_UNAVAILABLE;
    if (open_state(s, err) != RC_OK)
        return s->state.refused ? EXIT_CONFIG : EXIT_UNAVAILABLE;
    start_loop(s);
    if (start_rooms_undisturbed(s, err) != RC_OK)
        return EXIT_UNAVAILABLE;
    log_info("serving %s", settings->base_url);
    notify_say(s->notify, "READY=1");
    pulse_start(s);
    if (s->options->ready)
        s->options->ready(settings);
    event_base_dispatch(s->base);
    return EXIT_FINE;
}

enum exit_code server_run(const struct settings *settings,
                          const struct server_options *options)
{
    struct server server = {
        .options = options,
        .arena = arena_new(),
        .had_terminal = isatty(STDERR_FILENO) == 1,
        .state_fd = -1,
        .notify = notify_open(),
        .vitals = { .started_at = clock_now(),
                    .meters = meters_new(site_route_count) },
    };
    struct err err = { "" };

    signal(SIGPIPE, SIG_IGN);
    signal(SIGUSR1, SIG_IGN); /* there are no log files to be opened again */
    evthread_use_pthreads();
    enum exit_code code = serve(&server, settings, &err);
    if (code != EXIT_FINE)
        log_error("%s", err.text);
    end_rooms(&server);
    end_loop(&server);
    close_state(&server);
    if (code == EXIT_FINE)
        log_info("stopped");
    return code;
}
