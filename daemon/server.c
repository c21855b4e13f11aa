#include "daemon/server.h"

#include <assert.h>
#include <event2/event.h>
#include <event2/thread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "calendars/zone.h"
#include "daemon/base/arena.h"
#include "daemon/base/clock.h"
#include "daemon/base/files.h"
#include "daemon/base/helpers.h"
#include "daemon/base/log.h"
#include "daemon/child.h"
#include "daemon/control.h"
#include "daemon/descriptors.h"
#include "daemon/listen.h"
#include "daemon/outgoing.h"
#include "daemon/state.h"
#include "daemon/store/db.h"
#include "daemon/store/lock.h"
#include "daemon/store/writing.h"
#include "daemon/timers.h"
#include "daemon/worker.h"
#include "web/texts.h"

#define HELPER_QUEUE 64
#define STOP_TICK_MS 50
#define CALM_TICKS 2 /* quiet ticks until the loop may end */

/* In the order of their beginning; ended in the reverse order. */
struct server {
    const struct settings *settings;
    const struct server_options *options;
    struct arena *arena;
    int state_fd, letters_fd;
    struct state state;
    struct texts *texts;
    struct listening listening;
    struct reader *reader;
    struct event_base *base;
    struct mailbox *jobs_home, *ended;
    struct event *on_jobs, *on_ended, *on_term, *on_int, *stop_tick;
    struct writing *writing;
    struct helpers *helpers;
    struct timers *timers;
    struct control *control;
    struct outgoing *outgoing;
    struct child *child;
    atomic_int exports;
    struct worker_share share;
    struct worker **workers;
    size_t worker_count, workers_left;
    int64_t stop_by_ms; /* 0: not stopping */
    int calm;
};

static enum rc open_state(struct server *s, struct err *err)
{
    const struct settings *settings = s->settings;
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
    if (rc == RC_OK)
        rc = texts_load(settings->texts_dir, &s->texts, err);
    return rc;
}

static void on_jobs(evutil_socket_t fd, short what, void *server)
{
    const struct server *s = server;

    (void)fd, (void)what;
    writing_come_home(s->jobs_home);
}

static void on_worker_ended(evutil_socket_t fd, short what, void *argument)
{
    struct server *s = argument;

    (void)fd, (void)what;
    for (struct parcel *p = mailbox_take(s->ended); p; p = p->next)
        s->workers_left--;
}

/* Ends the loop once the workers have answered their last request and the
 * courier has told what became of its last letter. */
static void on_stop_tick(evutil_socket_t fd, short what, void *argument)
{
    struct server *s = argument;
    bool busy = s->workers_left > 0 || (s->child && child_running(s->child));

    (void)fd, (void)what;
    s->calm = busy ? 0 : s->calm + 1;
    if (s->calm >= CALM_TICKS || clock_ticks_ms() > s->stop_by_ms)
        event_base_loopexit(s->base, NULL);
}

static void on_stop_signal(evutil_socket_t number, short what, void *argument)
{
    struct server *s = argument;
    const struct timeval tick = { .tv_usec = STOP_TICK_MS * 1000 };

    (void)number, (void)what;
    if (s->stop_by_ms)
        return;
    log_info("stopping");
    s->stop_by_ms = clock_ticks_ms() + s->settings->stop_time * 1000 +
                    10 * STOP_TICK_MS;
    for (size_t i = 0; i < s->worker_count; i++)
        worker_drain(s->workers[i]);
    if (s->child)
        child_dismiss(s->child);
    event_add(s->stop_tick, &tick);
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
    s->ended = mailbox_new(0);
    s->letters_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    assert(s->base && s->letters_fd >= 0);
    s->on_jobs = watch(s, mailbox_fd(s->jobs_home), EV_READ | EV_PERSIST,
                       on_jobs);
    s->on_ended = watch(s, mailbox_fd(s->ended), EV_READ | EV_PERSIST,
                        on_worker_ended);
    s->on_term = watch(s, SIGTERM, EV_SIGNAL | EV_PERSIST, on_stop_signal);
    s->on_int = watch(s, SIGINT, EV_SIGNAL | EV_PERSIST, on_stop_signal);
    s->stop_tick = watch(s, -1, EV_PERSIST, on_stop_tick);
}

static enum rc start_workers(struct server *s, struct err *err)
{
    size_t count = (size_t)s->settings->workers;

    s->workers = arena_alloc(s->arena, count * sizeof *s->workers);
    s->share = (struct worker_share){
        .settings = s->settings,
        .keys = s->state.keys,
        .database = s->state.database,
        .writing = s->writing,
        .helpers = s->helpers,
        .texts = s->texts,
        .exports = &s->exports,
        .sockets = s->listening.fds,
        .socket_count = s->listening.count,
        .ended = s->ended,
    };
    for (size_t i = 0; i < count; i++) {
        enum rc rc = worker_start(&s->share, &s->workers[i], err);

        if (rc != RC_OK)
            return rc;
        s->worker_count++;
        s->workers_left++;
    }
    return RC_OK;
}

static enum rc start_rooms(struct server *s, struct err *err)
{
    const struct settings *settings = s->settings;
    enum rc rc;

    s->writing = writing_start(s->state.writer, (size_t)settings->writer_queue,
                               s->letters_fd);
    s->helpers = helpers_start((size_t)settings->helpers, HELPER_QUEUE);
    s->timers = timers_start(s->base, settings, s->writing, s->jobs_home);
    rc = folder_make(settings->run_dir, 0750, err);
    if (rc == RC_OK)
        rc = control_open(s->base, settings, s->state.keys, s->reader,
                          s->writing, s->jobs_home, &s->control, err);
    if (rc == RC_OK)
        rc = outgoing_open(s->base, settings, s->state.keys, s->reader,
                           s->writing, s->jobs_home, s->letters_fd,
                           &s->outgoing, err);
    if (rc == RC_OK)
        rc = start_workers(s, err);
    if (rc == RC_OK && s->options->courier)
        rc = child_start(s->base, s->options->config_path, &s->child, err);
    return rc;
}

/* Signals are the main thread's; a thread begins with its maker's mask. One
 * that comes meanwhile waits. */
static enum rc start_rooms_undisturbed(struct server *s, struct err *err)
{
    sigset_t ours, before;

    sigemptyset(&ours);
    sigaddset(&ours, SIGTERM);
    sigaddset(&ours, SIGINT);
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
    for (size_t i = 0; i < s->worker_count; i++) {
        worker_drain(s->workers[i]);
        worker_join(s->workers[i]);
    }
    if (s->helpers)
        helpers_finish(s->helpers);
    if (s->writing)
        writing_finish(s->writing);
    for (size_t i = 0; i < s->worker_count; i++)
        worker_free(&s->workers[i]);
    if (s->jobs_home)
        writing_come_home(s->jobs_home);
    child_free(&s->child);
    outgoing_close(&s->outgoing);
    control_close(&s->control);
    timers_stop(&s->timers);
    helpers_stop(&s->helpers);
    if (s->writing)
        s->state.writer = writing_stop(&s->writing);
}

static void end_loop(struct server *s)
{
    struct event *events[] = { s->on_jobs, s->on_ended, s->on_term, s->on_int,
                               s->stop_tick };

    if (!s->base)
        return;
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        event_free(events[i]);
    mailbox_free(&s->jobs_home);
    mailbox_free(&s->ended);
    close(s->letters_fd);
    event_base_free(s->base);
}

static void close_state(struct server *s)
{
    listen_close(&s->listening);
    texts_free(&s->texts);
    reader_close(&s->reader);
    state_close(&s->state);
    if (s->state_fd >= 0)
        close(s->state_fd);
    arena_free(&s->arena);
}

static enum exit_code serve(struct server *s, struct err *err)
{
    if (listen_open(&s->settings->listen, &s->listening, err) != RC_OK)
        return EXIT_UNAVAILABLE;
    if (open_state(s, err) != RC_OK)
        return s->state.refused ? EXIT_CONFIG : EXIT_UNAVAILABLE;
    start_loop(s);
    if (start_rooms_undisturbed(s, err) != RC_OK)
        return EXIT_UNAVAILABLE;
    log_info("serving %s", s->settings->base_url);
    if (s->options->ready)
        s->options->ready(s->settings);
    event_base_dispatch(s->base);
    return EXIT_FINE;
}

enum exit_code server_run(const struct settings *settings,
                          const struct server_options *options)
{
    struct settings fitting = *settings;
    struct server server = { .settings = &fitting, .options = options,
                             .arena = arena_new(), .state_fd = -1 };
    struct err err = { "" };

    fitting.connections =
        descriptors_make_room(settings->connections, settings->workers);

    signal(SIGPIPE, SIG_IGN);
    evthread_use_pthreads();
    enum exit_code code = serve(&server, &err);
    if (code != EXIT_FINE)
        log_error("%s", err.text);
    end_rooms(&server);
    end_loop(&server);
    close_state(&server);
    if (code == EXIT_FINE)
        log_info("stopped");
    return code;
}
