#include "daemon/worker.h"

#include <event2/event.h>
#include <pthread.h>

#include "daemon/base/mem.h"
#include "daemon/http/connection.h"
#include "daemon/http/limit.h"
#include "web/site.h"

struct worker {
    const struct worker_share *share;
    pthread_t thread;
    struct event_base *base;
    struct site site;
    struct router router;
    struct http *http;
    struct mailbox *orders; /* a parcel in it means: drain */
    struct parcel drain, ended;
    bool draining; /* the order was given */
    struct event *on_jobs, *on_tasks, *on_orders;
};

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

static void all_answered(void *argument)
{
    struct worker *worker = argument;

    event_base_loopexit(worker->base, NULL);
}

static void order_came(evutil_socket_t fd, short what, void *argument)
{
    struct worker *worker = argument;

    (void)fd, (void)what;
    if (mailbox_take(worker->orders))
        http_drain(worker->http, all_answered, worker);
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
        .base = worker->base,
        .texts = share->texts,
        .exports = share->exports,
    };
    worker->router = (struct router){
        .routes = site_routes,
        .count = site_route_count,
        .settings = share->settings,
        .limiter = limiter_new(share->settings),
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
    worker->on_jobs = watch(worker, worker->site.jobs_home, jobs_came_home);
    worker->on_tasks = watch(worker, worker->site.tasks_home, tasks_came_home);
    worker->on_orders = watch(worker, worker->orders, order_came);
    for (size_t i = 0; i < share->socket_count && rc == RC_OK; i++)
        rc = http_listen(worker->http, share->sockets[i], err);
    return rc;
}

static void close_rooms(struct worker **worker)
{
    struct worker *w = *worker;
    struct event *events[] = { w->on_jobs, w->on_tasks, w->on_orders };

    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        if (events[i])
            event_free(events[i]);
    http_free(&w->http);
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
    mailbox_post(worker->share->ended, &worker->ended);
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

enum rc worker_start(const struct worker_share *share,
                     struct worker **worker, struct err *err)
{
    struct worker *w = mem_new(sizeof *w);

    w->share = share;
    w->base = new_loop();
    furnish(w);
    enum rc rc = open_rooms(w, err);
    if (rc == RC_OK && pthread_create(&w->thread, NULL, work, w) != 0)
        rc = err_set(err, "a worker thread could not be started");
    if (rc == RC_OK)
        *worker = w;
    else
        close_rooms(&w);
    return rc;
}

void worker_drain(struct worker *worker)
{
    if (worker->draining)
        return;
    worker->draining = true;
    mailbox_post(worker->orders, &worker->drain);
}

void worker_join(struct worker *worker)
{
    pthread_join(worker->thread, NULL);
}

void worker_free(struct worker **worker)
{
    if (!*worker)
        return;
    tasks_came_home(-1, 0, *worker);
    jobs_came_home(-1, 0, *worker);
    close_rooms(worker);
}
