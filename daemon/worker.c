#include "daemon/worker.h"

#include <event2/event.h>
#include <pthread.h>

#include "daemon/base/mem.h"
#include "daemon/http/connection.h"
#include "daemon/http/limit.h"
#include "web/pages/later.h"
#include "web/site.h"
#include "web/vitals.h"

/* Given by the main thread, obeyed in the loop. */
struct order {
    struct parcel parcel;
    void (*obey)(struct worker *);
    bool given;
};

struct worker {
    const struct worker_share *share;
    pthread_t thread;
    struct event_base *base;
    struct site site;
    struct router router;
    struct http *http;
    struct mailbox *orders;
    struct order drain, drain_soon, ping;
    atomic_bool owes_answer; /* to the ping */
    atomic_bool over;
    struct event *on_jobs, *on_tasks, *on_orders, *look_again;
};

#define LOOK_AGAIN_MS 20

static void jobs_came_home(evutil_socket_t fd, short what, void *argument)
{
    const struct worker *worker = argument;

    (void)fd, (void)what;
    writing_come_home(worker->site.jobs_home);
}

static void tasks_came_home(evutil_socket_t fd, short what, void *argument)
{
    const struct worker *worker = argument;

    (void)fd, (void)what;
    helpers_come_home(worker->site.tasks_home);
}

/* Nobody is connected; but somebody may still work for one who was: a form
 * that is with the writer, a slice of an export with a helper. */
static void all_answered(void *argument)
{
    struct worker *worker = argument;
    const struct timeval wait = { .tv_usec = LOOK_AGAIN_MS * 1000 };

    if (worker->site.guests > 0 || http_is_busy(worker->http))
        evtimer_add(worker->look_again, &wait);
    else
        event_base_loopexit(worker->base, NULL);
}

static void look_again(evutil_socket_t fd, short what, void *argument)
{
    (void)fd, (void)what;
    all_answered(argument);
}

static void obey_drain(struct worker *worker)
{
    http_drain(worker->http, all_answered, worker);
    laters_hurry(worker->site.laters);
}

static void on_stop_time(void *argument)
{
    struct worker *worker = argument;

    http_hang_up(worker->http);
    all_answered(worker);
}

static void obey_drain_soon(struct worker *worker)
{
    http_drain_soon(worker->http, on_stop_time, worker);
    laters_hurry(worker->site.laters);
}

static void obey_ping(struct worker *worker)
{
    atomic_store(&worker->owes_answer, false);
}

static void order_came(evutil_socket_t fd, short what, void *argument)
{
    struct worker *worker = argument;
    struct parcel *next;

    (void)fd, (void)what;
    for (struct parcel *at = mailbox_take(worker->orders); at; at = next) {
        next = at->next;
        ((struct order *)(void *)at)->obey(worker);
    }
}

static struct event *watch(struct worker *worker, struct mailbox *box,
                           event_callback_fn callback)
{
    struct event *event = event_new(worker->base, mailbox_fd(box),
                                    EV_READ | EV_PERSIST, callback, worker);

    event_add(event, NULL);
    return event;
}

static void furnish(struct worker *worker)
{
    const struct worker_share *share = worker->share;
    struct site *site = &worker->site;

    *site = (struct site){
        .settings = share->settings,
        .keys = share->keys,
        .database = share->database,
        .writing = share->writing,
        .helpers = share->helpers,
        .jobs_home = mailbox_new(0),
        .tasks_home = mailbox_new(0),
        .answers = answers_new((size_t)share->settings->cache_bytes),
        .limiter = limiter_new(share->settings),
        .base = worker->base,
        .texts = share->texts,
        .exports = share->exports,
        .vitals = share->vitals,
        .laters = laters_new(worker->base),
    };
    worker->router = (struct router){
        .routes = site_routes,
        .count = site_route_count,
        .settings = share->settings,
        .limiter = site->limiter,
        .find_login = site_find_login,
        .need_login = site_need_login,
        .error_page = site_error_page,
    };
}

static enum rc open_rooms(struct worker *worker, struct err *err)
{
    const struct worker_share *share = worker->share;
    enum rc rc = reader_open(share->database, &worker->site.reader, err);

    if (rc != RC_OK)
        return rc;
    worker->orders = mailbox_new(0);
    worker->http = http_new(worker->base, &worker->router, share->settings,
                            &worker->site);
    meters_join(share->vitals->meters, http_meter(worker->http));
    worker->look_again = evtimer_new(worker->base, look_again, worker);
    worker->on_jobs = watch(worker, worker->site.jobs_home, jobs_came_home);
    worker->on_tasks = watch(worker, worker->site.tasks_home, tasks_came_home);
    worker->on_orders = watch(worker, worker->orders, order_came);
    for (size_t i = 0; i < share->listening->count && rc == RC_OK; i++) {
        const struct listened *one = &share->listening->sockets[i];

        rc = one->operators
                 ? http_listen_for_operators(worker->http, one->fd, err)
                 : http_listen(worker->http, one->fd, err);
    }
    return rc;
}

static void close_rooms(struct worker **worker)
{
    struct worker *w = *worker;
    struct event *events[] = { w->on_jobs, w->on_tasks, w->on_orders,
                               w->look_again };

    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        if (events[i])
            event_free(events[i]);
    if (w->http)
        meters_leave(w->share->vitals->meters, http_meter(w->http));
    http_free(&w->http);
    laters_free(&w->site.laters);
    limiter_free(&w->router.limiter);
    answers_free(&w->site.answers);
    reader_close(&w->site.reader);
    mailbox_free(&w->site.jobs_home);
    mailbox_free(&w->site.tasks_home);
    mailbox_free(&w->orders);
    event_base_free(w->base);
    mem_free(w);
    *worker = NULL;
}

static void *work(void *argument)
{
    struct worker *worker = argument;

    event_base_dispatch(worker->base);
    atomic_store(&worker->over, true);
    return NULL;
}

/* Timers to the millisecond are enough; a precise one would ask the kernel
 * for the time at every turn of the loop. */
static struct event_base *new_loop(void)
{
    struct event_config *config = event_config_new();

    event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK);
    struct event_base *base = event_base_new_with_config(config);
    event_config_free(config);
    return base;
}

enum rc worker_open(const struct worker_share *share,
                    struct worker **worker, struct err *err)
{
    struct worker *w = mem_new(sizeof *w);

    w->share = share;
    w->base = new_loop();
    furnish(w);
    enum rc rc = open_rooms(w, err);
    if (rc == RC_OK)
        *worker = w;
    else
        close_rooms(&w);
    return rc;
}

enum rc worker_go(struct worker *worker, struct err *err)
{
    if (pthread_create(&worker->thread, NULL, work, worker) != 0)
        return err_set(err, "a worker thread could not be started");
    pthread_setname_np(worker->thread, "worker");
    return RC_OK;
}

static void give(struct worker *worker, struct order *order,
                 void (*obey)(struct worker *))
{
    order->obey = obey;
    mailbox_post(worker->orders, &order->parcel);
}

void worker_drain(struct worker *worker)
{
    if (!worker->drain.given)
        give(worker, &worker->drain, obey_drain);
    worker->drain.given = true;
}

void worker_drain_soon(struct worker *worker)
{
    if (!worker->drain_soon.given)
        give(worker, &worker->drain_soon, obey_drain_soon);
    worker->drain_soon.given = true;
}

bool worker_is_over(const struct worker *worker)
{
    return atomic_load(&worker->over);
}

void worker_ping(struct worker *worker)
{
    if (!atomic_exchange(&worker->owes_answer, true))
        give(worker, &worker->ping, obey_ping);
}

bool worker_has_answered(const struct worker *worker)
{
    return !atomic_load(&worker->owes_answer) || worker_is_over(worker);
}

void worker_join(struct worker *worker)
{
    pthread_join(worker->thread, NULL);
}

void worker_free(struct worker **worker)
{
    if (*worker)
        close_rooms(worker);
}
