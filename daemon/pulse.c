/* What the service manager hears while we run: WATCHDOG=1, as long as every
 * loop turns, the writer works and the database can be read; and a line about
 * how it goes. */
#include <event2/event.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "daemon/base/log.h"
#include "daemon/base/mem.h"
#include "daemon/server_rooms.h"
#include "daemon/store/census_store.h"

/* Without a watchdog; milliseconds. */
#define BEAT_MS 15000
/* While something changes. */
#define STATUS_MS 5000
#define STATUS_MOST 200
#define QUEUED_MOST 1000

struct pulse {
    struct job ping; /* of the writer */
    bool ping_out;
    uint64_t batches; /* of the writer, when it was asked */
    struct server *server;
    struct event *beat, *status;
    bool in_trouble;
    char said[STATUS_MOST];
};

/* ---- asking ---- */

static enum rc answer_ping(struct writer *writer, int64_t now,
                           struct job *job, struct err *err)
{
    (void)writer, (void)now, (void)job, (void)err;
    return RC_OK;
}

/* Even if a foreign lock made it fail: the thread works. */
static void ping_is_home(struct job *job)
{
    ((struct pulse *)(void *)job)->ping_out = false;
}

static void ask_writer(struct pulse *pulse)
{
    struct server *s = pulse->server;

    pulse->batches = counter_read(&writing_meter(s->writing)->batches);
    if (pulse->ping_out)
        return;
    pulse->ping = (struct job){ .run = answer_ping, .repeatable = true,
                                .done = ping_is_home,
                                .home = s->jobs_home };
    pulse->ping_out = writing_submit(s->writing, &pulse->ping);
}

static void ask_all(struct pulse *pulse)
{
    struct server *s = pulse->server;

    crew_ping(s->crew);
    for (const struct retired *r = s->retired; r; r = r->next)
        if (r->crew)
            crew_ping(r->crew);
    ask_writer(pulse);
}

static bool crews_have_answered(const struct server *s)
{
    for (const struct retired *r = s->retired; r; r = r->next)
        if (r->crew && !crew_has_answered(r->crew))
            return false;
    return crew_has_answered(s->crew);
}

/* Between two long batches a ping may wait. */
static bool writer_has_answered(const struct pulse *pulse)
{
    const struct writing_meter *meter =
        writing_meter(pulse->server->writing);

    return !pulse->ping_out || counter_read(&meter->batches) != pulse->batches;
}

static bool is_alive(const struct pulse *pulse, struct err *why)
{
    struct err err;

    if (!crews_have_answered(pulse->server))
        err_set(why, "a worker does not answer");
    else if (!writer_has_answered(pulse))
        err_set(why, "the writer does not answer");
    else if (census_probe(pulse->server->reader, &err) != RC_OK)
        err_set(why, "the database cannot be read: %s", err.text);
    else
        return true;
    return false;
}

/* ---- saying ---- */

static void describe(const struct pulse *pulse, char words[STATUS_MOST])
{
    const struct server *s = pulse->server;
    struct meter *meter = meters_sum(s->vitals.meters);
    int64_t queued = 0;
    struct err err;

    if (census_queued(s->reader, QUEUED_MOST, &queued, &err) != RC_OK)
        queued = 0;
    snprintf(words, STATUS_MOST,
             "%" PRIu64 " connections, %zu jobs for the writer, "
             "%" PRId64 "%s letters waiting%s",
             counter_read(&meter->connections_open),
             writing_waiting(s->writing), queued,
             queued == QUEUED_MOST ? " or more" : "",
             pulse->in_trouble ? ", IN TROUBLE" : "");
    meter_free(&meter);
}

/* True: there was news. */
static bool say_status(struct pulse *pulse)
{
    char words[STATUS_MOST];

    describe(pulse, words);
    if (strcmp(words, pulse->said) == 0)
        return false;
    memcpy(pulse->said, words, sizeof words);
    notify_say(pulse->server->notify, "STATUS=%s", words);
    return true;
}

/* Looks often while something changes, else only at each beat. */
static void on_status(evutil_socket_t fd, short what, void *argument)
{
    struct pulse *pulse = argument;
    const struct timeval wait = { .tv_sec = STATUS_MS / 1000 };

    (void)fd, (void)what;
    if (say_status(pulse))
        evtimer_add(pulse->status, &wait);
}

static void on_beat(evutil_socket_t fd, short what, void *argument)
{
    struct pulse *pulse = argument;
    struct notify *notify = pulse->server->notify;
    struct err why;
    bool alive = is_alive(pulse, &why);

    if (alive && notify_beat_ms(notify) > 0)
        notify_say(notify, "WATCHDOG=1");
    if (!alive && !pulse->in_trouble)
        log_error("watchdog: %s", why.text);
    if (alive && pulse->in_trouble)
        log_info("watchdog: all is well again");
    pulse->in_trouble = !alive;
    ask_all(pulse);
    if (!evtimer_pending(pulse->status, NULL))
        on_status(fd, what, pulse);
}

/* ---- its life ---- */

void pulse_start(struct server *s)
{
    int64_t ms = notify_beat_ms(s->notify);
    struct timeval period;

    if (!s->notify)
        return;
    struct pulse *pulse = mem_new(sizeof *pulse);
    s->pulse = pulse;
    pulse->server = s;
    pulse->beat = event_new(s->base, -1, EV_PERSIST, on_beat, pulse);
    pulse->status = evtimer_new(s->base, on_status, pulse);
    if (ms == 0)
        ms = BEAT_MS;
    period.tv_sec = ms / 1000;
    period.tv_usec = ms % 1000 * 1000;
    event_add(pulse->beat, &period);
    ask_all(pulse);
    on_status(-1, 0, pulse);
}

void pulse_stop(struct server *s)
{
    if (!s->pulse)
        return;
    event_free(s->pulse->beat);
    event_free(s->pulse->status);
    mem_free(s->pulse);
    s->pulse = NULL;
}
