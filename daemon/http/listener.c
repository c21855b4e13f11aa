#include <errno.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/base/mem.h"
#include "daemon/http/trust.h"
#include "daemon/http/wire.h"
#include "daemon/model/settings.h"

/* So that a crowd at the door does not keep those inside waiting. */
#define ACCEPTS_AT_ONCE 64
#define WAIT_MS 500
#define COMPLAINT_MS 10000

void listener_pause(struct http *http)
{
    if (http->paused)
        return;
    http->paused = true;
    for (struct listener *l = http->listeners; l; l = l->next)
        event_del(l->event);
}

void listener_resume(struct http *http)
{
    if (!http->paused || http->draining || http->starved)
        return;
    http->paused = false;
    for (struct listener *l = http->listeners; l; l = l->next)
        event_add(l->event, NULL);
}

static struct peer **peer_at(struct http *http, const struct netaddr *key)
{
    uint32_t hash = 2166136261u;

    for (size_t i = 0; i < sizeof key->bytes; i++)
        hash = (hash ^ key->bytes[i]) * 16777619u;
    struct peer **at = &http->peers[hash % PEER_BUCKETS];
    while (*at && memcmp((*at)->address.bytes, key->bytes,
                         sizeof key->bytes) != 0)
        at = &(*at)->next;
    return at;
}

/* Counts one more connection of that address. False: it has enough. A peer
 * that stands for many people, or is exempt, is not counted (*peer NULL). */
static bool peer_admit(struct http *http, const struct netaddr *address,
                       struct peer **peer)
{
    const struct settings *settings = http->settings;

    *peer = NULL;
    if (trust_peer(settings, address) ||
        netranges_hold(&settings->exempt, address))
        return true;
    struct netaddr key = netaddr_host(address);
    struct peer **at = peer_at(http, &key);
    if (!*at) {
        *at = mem_new(sizeof **at);
        (*at)->address = key;
    }
    if ((*at)->connections >= settings->connections_per_address)
        return false;
    (*at)->connections++;
    *peer = *at;
    return true;
}

void listener_release(struct http *http, struct peer *peer)
{
    if (!peer || --peer->connections > 0)
        return;
    *peer_at(http, &peer->address) = peer->next;
    mem_free(peer);
}

static void pause_for_a_moment(struct http *http)
{
    struct timeval wait = { .tv_usec = WAIT_MS * 1000 };

    listener_pause(http);
    evtimer_add(http->resume_timer, &wait);
}

/* Out of descriptors: wait a moment instead of asking again and again for
 * the connection that stays in the queue. If the ceiling is our own, a close
 * is as good as a moment: a queue of people who have given up is gone through
 * as fast as they are found out. */
static void starve(struct http *http, int error)
{
    int64_t now = clock_ticks_ms();

    http->starved = error != EMFILE;
    pause_for_a_moment(http);
    if (http->complained_at && now - http->complained_at < COMPLAINT_MS)
        return;
    http->complained_at = now;
    log_warn("accept: %s; %llu connections are open", strerror(error),
             (unsigned long long)counter_read(&http->meter->connections_open));
}

static void on_resume(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    ((struct http *)context)->starved = false;
    listener_resume(context);
}

/* The process's ceiling, shared by its loops. */
static bool is_full(const struct http *http)
{
    int64_t workers = http->settings->workers;
    int64_t share = http->settings->connections;

    if (workers > 1)
        share = (share + workers - 1) / workers;
    return counter_read(&http->meter->connections_open) >= (uint64_t)share;
}

static void admit(struct listener *listener, int fd,
                  const struct sockaddr_storage *from)
{
    struct http *http = listener->http;
    struct netaddr address =
        netaddr_of((const struct sockaddr *)(const void *)from);
    struct peer *peer;

    if (peer_admit(http, &address, &peer)) {
        connection_open(listener, fd, &address, peer);
        return;
    }
    counter_add(&http->meter->refused, 1);
    close(fd);
}

/* False: nobody is waiting, or nobody can be let in. */
static bool accept_one(struct listener *listener)
{
    struct http *http = listener->http;
    struct sockaddr_storage from = { 0 };
    socklen_t length = sizeof from;
    struct connection *leaves = NULL;

    if (is_full(http) && !(leaves = connection_dispensable(http))) {
        pause_for_a_moment(http);
        return false;
    }
    int fd = accept4(listener->fd, (struct sockaddr *)(void *)&from, &length,
                     SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
        if (leaves)
            connection_close(leaves);
        admit(listener, fd, &from);
        return true;
    }
    if (errno == EINTR || errno == ECONNABORTED)
        return true;
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
        errno == ENOMEM)
        starve(http, errno);
    return false;
}

static void on_arrival(evutil_socket_t fd, short what, void *context)
{
    struct listener *listener = context;

    (void)fd;
    (void)what;
    for (int i = 0; i < ACCEPTS_AT_ONCE; i++)
        if (!accept_one(listener))
            return;
}

static enum rc listen_at(struct http *http, int fd, bool operators,
                         struct err *err)
{
    struct listener *listener = mem_new(sizeof *listener);
    int on = 1;

    /* Linux hands this on to what is accepted: one call instead of one per
     * connection. A Unix socket has no such option, and no need of it. */
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    listener->http = http;
    listener->fd = fd;
    listener->operators = operators;
    listener->event = event_new(http->base, fd, EV_READ | EV_PERSIST,
                                on_arrival, listener);
    if (!listener->event || event_add(listener->event, NULL) != 0) {
        if (listener->event)
            event_free(listener->event);
        mem_free(listener);
        return err_set(err, "cannot watch the listening socket %d", fd);
    }
    if (!http->resume_timer)
        http->resume_timer = evtimer_new(http->base, on_resume, http);
    listener->next = http->listeners;
    http->listeners = listener;
    return RC_OK;
}

enum rc http_listen(struct http *http, int fd, struct err *err)
{
    return listen_at(http, fd, false, err);
}

enum rc http_listen_for_operators(struct http *http, int fd, struct err *err)
{
    return listen_at(http, fd, true, err);
}

void listener_stop(struct http *http)
{
    while (http->listeners) {
        struct listener *listener = http->listeners;

        http->listeners = listener->next;
        event_free(listener->event);
        mem_free(listener);
    }
    if (http->resume_timer)
        event_free(http->resume_timer);
    http->resume_timer = NULL;
    http->paused = false;
}
