#include "daemon/mail/courier.h"

#include <assert.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "daemon/base/arena.h"
#include "daemon/base/files.h"
#include "daemon/base/log.h"
#include "daemon/base/notify.h"
#include "daemon/mail/courier_talk.h"
#include "daemon/mail/mime.h"
#include "daemon/mail/relay_password.h"
#include "daemon/mail/smtp.h"

/* From SIGTERM to the end, whatever the relay does, in seconds. */
#define STOP_MOST 10

static void stop(struct courier *courier)
{
    const struct timeval most = { .tv_sec = STOP_MOST };

    courier->stopping = true;
    log_info("stopping, %zu letters under way", courier->under_way_count);
    notify_say(courier->notify, "STOPPING=1");
    evtimer_add(courier->deadline, &most);
    courier_stop_if_idle(courier);
}

static void on_reconnect(evutil_socket_t fd, short what, void *context)
{
    (void)fd, (void)what;
    courier_connect(context);
}

static void on_deadline(evutil_socket_t fd, short what, void *context)
{
    struct courier *courier = context;

    (void)fd, (void)what;
    log_warn("%zu letters still under way; they stay in the queue",
             courier->under_way_count);
    event_base_loopbreak(courier->base);
}

static enum rc choose_way(struct courier *courier, struct arena *arena,
                          struct err *err)
{
    const struct settings *settings = courier->settings;
    char *password = NULL;

    if (!settings->mail_relay || !*settings->mail_relay)
        return folder_make(settings->mail_spool, 0700, err);
    if (relay_password(arena, settings, &password, err) != RC_OK)
        return RC_FAIL;
    return smtp_new(courier->base, settings, password, courier_sent, courier,
                    &courier->smtp, err);
}

/* The settings are read, and taken over once nothing of the old ones is under
 * way: no letter is given back, and none is sent twice. Those that wait to be
 * taken over go when newer ones come. */
static void reload(struct courier *courier)
{
    const struct courier_source *source = courier->source;

    if (!source)
        return;
    notify_say_reloading(courier->notify);
    struct arena *arena = arena_new();
    struct settings *next = ARENA_NEW(arena, struct settings);
    struct err err = { "not reloaded: everything stays as it was" };
    char *password;
    if (source->read(source->context, courier->settings, arena, next) !=
            RC_OK ||
        relay_password(arena, next, &password, &err) != RC_OK) {
        log_error("%s", err.text);
        notify_say(courier->notify, "READY=1");
        arena_free(&arena);
        return;
    }
    log_info("reloading, %zu letters under way", courier->under_way_count);
    courier->next = next;
    arena_free(&courier->next_arena);
    courier->next_arena = arena;
    courier_stop_if_idle(courier);
}

/* One at a time: what is not read yet waits for the next life. */
static void on_signal(evutil_socket_t fd, short what, void *context)
{
    struct courier *courier = context;
    struct signalfd_siginfo signal;

    (void)what;
    if (read(fd, &signal, sizeof signal) != (ssize_t)sizeof signal ||
        courier->stopping)
        return;
    if (signal.ssi_signo == SIGHUP)
        reload(courier);
    else
        stop(courier);
}

static void on_beat(evutil_socket_t fd, short what, void *context)
{
    const struct courier *courier = context;

    (void)fd, (void)what;
    notify_say(courier->notify, "WATCHDOG=1");
}

static enum rc find_door(struct courier *courier, struct arena *arena,
                         struct err *err)
{
    const char *path = arena_printf(arena, "%s/courier.sock",
                                    courier->settings->run_dir);

    courier->address.sun_family = AF_UNIX;
    if (strlen(path) >= sizeof courier->address.sun_path)
        return err_set(err, "%s: too long for the name of a socket", path);
    memcpy(courier->address.sun_path, path, strlen(path) + 1);
    return RC_OK;
}

static void run(struct courier *courier)
{
    notify_say(courier->notify, "READY=1");
    courier_connect(courier);
    (void)event_base_dispatch(courier->base);
}

static void open_loop(struct courier *courier, int signals)
{
    int64_t ms = notify_beat_ms(courier->notify);
    const struct timeval period = { .tv_sec = ms / 1000,
                                    .tv_usec = ms % 1000 * 1000 };

    courier->base = event_base_new();
    courier->unsaid = evbuffer_new();
    assert(courier->base && courier->unsaid);
    courier->reconnect = evtimer_new(courier->base, on_reconnect, courier);
    courier->deadline = evtimer_new(courier->base, on_deadline, courier);
    courier->beat =
        event_new(courier->base, -1, EV_PERSIST, on_beat, courier);
    courier->on_signal = event_new(courier->base, signals,
                                   EV_READ | EV_PERSIST, on_signal, courier);
    assert(courier->reconnect && courier->deadline && courier->beat &&
           courier->on_signal);
    event_add(courier->on_signal, NULL);
    if (ms > 0)
        event_add(courier->beat, &period);
}

static void close_loop(struct courier *courier)
{
    smtp_free(&courier->smtp);
    json_decref(courier->head);
    if (courier->door)
        bufferevent_free(courier->door);
    event_free(courier->reconnect);
    event_free(courier->deadline);
    event_free(courier->beat);
    event_free(courier->on_signal);
    evbuffer_free(courier->unsaid);
    event_base_free(courier->base);
}

/* One life, with one reading of the settings. */
static enum rc live(struct courier *courier, int signals, struct err *err)
{
    struct arena *arena = arena_new();

    open_loop(courier, signals);
    enum rc rc = find_door(courier, arena, err);
    if (rc == RC_OK)
        rc = choose_way(courier, arena, err);
    if (rc == RC_OK)
        run(courier);
    close_loop(courier);
    arena_free(&arena);
    return rc;
}

/* Signals wait in a descriptor: between two lives nobody listens, and there
 * they would end the process or, caught but not yet obeyed, be forgotten. */
static int take_signals(void)
{
    sigset_t ours;

    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGUSR1, SIG_IGN); /* there are no log files */
    sigemptyset(&ours);
    sigaddset(&ours, SIGTERM);
    sigaddset(&ours, SIGINT);
    sigaddset(&ours, SIGHUP);
    (void)sigprocmask(SIG_BLOCK, &ours, NULL);
    return signalfd(-1, &ours, SFD_NONBLOCK | SFD_CLOEXEC);
}

enum rc courier_run(const struct settings *settings,
                    const struct courier_source *source, struct err *err)
{
    struct notify *notify = notify_open();
    struct arena *arena = NULL; /* of `settings`, once they were read again */
    int signals = take_signals();
    bool again = true;
    enum rc rc = RC_OK;

    assert(signals >= 0);
    mime_start();
    while (again && rc == RC_OK) {
        struct courier courier = { .settings = settings, .source = source,
                                   .notify = notify,
                                   .back_off = COURIER_BACK_OFF_LEAST };

        rc = live(&courier, signals, err);
        again = courier.next && !courier.stopping;
        arena_free(&arena);
        arena = courier.next_arena;
        settings = courier.next;
    }
    close(signals);
    arena_free(&arena);
    notify_close(&notify);
    return rc;
}
