#include "daemon/door.h"

#include <assert.h>
#include <errno.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <grp.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/base/log.h"
#include "daemon/base/mem.h"
#include "daemon/local.h"

/* What a peer may leave unread before it is cut off. */
#define WAITING_MOST ((size_t)64 << 20)
static const struct timeval unread_most = { 60, 0 };
/* Descriptors that wait to be taken; more of them are closed. */
#define FDS_MOST 4

struct door_peer {
    struct door *door;
    struct door_peer *next, **slot;
    int fd;
    struct event *readable, *writable;
    struct evbuffer *in, *out;
    int passed[FDS_MOST]; /* in the order in which they came */
    size_t passed_count;
    bool leaving;
    void *data;
};

struct door {
    struct door_rules rules;
    char *path, *group;
    struct event_base *base;
    struct event *readable;
    struct event *resume; /* listens again after a want of descriptors */
    int fd;
    dev_t device;
    ino_t inode;
    struct door_peer *peers;
    size_t peer_count;
};

static void peer_free(struct door_peer *peer)
{
    struct door *door = peer->door;

    if (door->rules.left)
        door->rules.left(peer, door->rules.context);
    *peer->slot = peer->next;
    if (peer->next)
        peer->next->slot = peer->slot;
    door->peer_count--;
    event_free(peer->readable);
    event_free(peer->writable);
    evbuffer_free(peer->in);
    evbuffer_free(peer->out);
    for (size_t i = 0; i < peer->passed_count; i++)
        close(peer->passed[i]);
    close(peer->fd);
    mem_free(peer);
}

static void peer_write(evutil_socket_t fd, short what, void *context)
{
    struct door_peer *peer = context;

    (void)fd;
    if (what & EV_TIMEOUT) {
        peer_free(peer);
        return;
    }
    while (evbuffer_get_length(peer->out) > 0) {
        struct evbuffer_iovec chunk;
        evbuffer_peek(peer->out, -1, NULL, &chunk, 1);
        ssize_t sent = send(peer->fd, chunk.iov_base, chunk.iov_len,
                            MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            event_add(peer->writable, &unread_most);
            return;
        }
        if (sent < 0) {
            peer_free(peer);
            return;
        }
        evbuffer_drain(peer->out, (size_t)sent);
    }
    if (peer->leaving)
        peer_free(peer);
}

/* Freed only from the loop, so that whoever is speaking to the peer right now
 * keeps a valid pointer. */
static void peer_leave(struct door_peer *peer)
{
    peer->leaving = true;
    event_del(peer->readable);
    evbuffer_drain(peer->in, evbuffer_get_length(peer->in));
    event_active(peer->writable, EV_WRITE, 0);
}

void door_dismiss(struct door_peer *peer)
{
    if (!peer->leaving)
        peer_leave(peer);
}

static int put_bytes(const char *bytes, size_t length, void *buffer)
{
    return evbuffer_add(buffer, bytes, length);
}

static void send_or_cut_off(struct door_peer *peer, int failed)
{
    if (failed || evbuffer_get_length(peer->out) > WAITING_MOST) {
        log_warn("door: a peer is cut off with %zu bytes unread",
                 evbuffer_get_length(peer->out));
        evbuffer_drain(peer->out, evbuffer_get_length(peer->out));
        door_dismiss(peer);
    } else if (!peer->leaving) {
        event_add(peer->writable, &unread_most);
    }
}

void door_send(struct door_peer *peer, json_t *message)
{
    int failed = json_dump_callback(message, put_bytes, peer->out,
                                    JSON_COMPACT);

    json_decref(message);
    send_or_cut_off(peer, failed || evbuffer_add(peer->out, "\n", 1));
}

/* Nothing more to one that was cut off in between. */
void door_send_bytes(struct door_peer *peer, const void *bytes, size_t length)
{
    if (!peer->leaving)
        send_or_cut_off(peer, evbuffer_add(peer->out, bytes, length));
}

void door_peer_set(struct door_peer *peer, void *data)
{
    peer->data = data;
}

void *door_peer_get(const struct door_peer *peer)
{
    return peer->data;
}

int door_peer_take_fd(struct door_peer *peer)
{
    if (!peer->passed_count)
        return -1;
    int fd = peer->passed[0];
    peer->passed_count--;
    memmove(peer->passed, peer->passed + 1,
            peer->passed_count * sizeof *peer->passed);
    return fd;
}

/* Length of the line at the front without its end; -1: not whole yet. */
static ssize_t line_length(struct evbuffer *in)
{
    struct evbuffer_ptr end = evbuffer_search_eol(in, NULL, NULL,
                                                  EVBUFFER_EOL_LF);

    return end.pos;
}

static bool peer_hear(struct door_peer *peer, size_t length)
{
    const char *line = (const char *)evbuffer_pullup(peer->in,
                                                     (ssize_t)length + 1);
    json_t *message = json_loadb(line, length, JSON_REJECT_DUPLICATES, NULL);

    evbuffer_drain(peer->in, length + 1);
    if (!json_is_object(message)) {
        json_decref(message);
        return false;
    }
    peer->door->rules.said(peer, message, peer->door->rules.context);
    json_decref(message);
    return true;
}

static void peer_hear_all(struct door_peer *peer)
{
    size_t most = peer->door->rules.line_most;

    while (!peer->leaving) {
        ssize_t length = line_length(peer->in);
        if (length < 0) {
            if (evbuffer_get_length(peer->in) > most)
                door_dismiss(peer);
            return;
        }
        if ((size_t)length > most || !peer_hear(peer, (size_t)length))
            door_dismiss(peer);
    }
}

static void keep_fds(struct door_peer *peer, struct msghdr *message)
{
    for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part;
         part = CMSG_NXTHDR(message, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
            continue;
        size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < count; i++) {
            int fd;
            memcpy(&fd, CMSG_DATA(part) + i * sizeof fd, sizeof fd);
            if (peer->passed_count < FDS_MOST)
                peer->passed[peer->passed_count++] = fd;
            else
                close(fd);
        }
    }
}

static void peer_read(evutil_socket_t fd, short what, void *context)
{
    struct door_peer *peer = context;
    char bytes[16384];
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(FDS_MOST * sizeof(int))];
    } control;
    struct iovec chunk = { bytes, sizeof bytes };
    struct msghdr message = {
        .msg_iov = &chunk, .msg_iovlen = 1, .msg_control = control.room,
        .msg_controllen = sizeof control.room,
    };

    (void)what;
    ssize_t got = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
    if (got < 0 && (errno == EINTR || errno == EAGAIN ||
                    errno == EWOULDBLOCK))
        return;
    if (got <= 0) {
        peer_free(peer);
        return;
    }
    keep_fds(peer, &message);
    evbuffer_add(peer->in, bytes, (size_t)got);
    peer_hear_all(peer);
}

static void peer_new(struct door *door, int fd)
{
    struct door_peer *peer = mem_new(sizeof *peer);

    peer->door = door;
    peer->fd = fd;
    peer->in = evbuffer_new();
    peer->out = evbuffer_new();
    peer->readable = event_new(door->base, fd, EV_READ | EV_PERSIST,
                               peer_read, peer);
    peer->writable = event_new(door->base, fd, EV_WRITE, peer_write, peer);
    assert(peer->in && peer->out && peer->readable && peer->writable);
    peer->next = door->peers;
    peer->slot = &door->peers;
    if (peer->next)
        peer->next->slot = &peer->next;
    door->peers = peer;
    door->peer_count++;
    event_add(peer->readable, NULL);
}

static void door_accept(evutil_socket_t listener, short what, void *context)
{
    struct door *door = context;

    (void)what;
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0 && door->peer_count >= door->rules.peers_most) {
        log_warn("door: more than %zu at once, one is turned away",
                 door->rules.peers_most);
        close(fd);
    } else if (fd >= 0) {
        peer_new(door, fd);
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
               errno == ENOMEM) {
        /* The listener stays readable: without a pause this would spin. */
        struct timeval second = { 1, 0 };
        event_del(door->readable);
        event_add(door->resume, &second);
    }
}

static void door_resume(evutil_socket_t fd, short what, void *context)
{
    struct door *door = context;

    (void)fd;
    (void)what;
    event_add(door->readable, NULL);
}

static enum rc give_group(const struct door *door, struct err *err)
{
    if (!door->group || !*door->group)
        return RC_OK;
    errno = 0;
    struct group *group = getgrnam(door->group);
    if (!group)
        return err_set(err, "%s: there is no group \"%s\"", door->path,
                       door->group);
    if (chown(door->path, (uid_t)-1, group->gr_gid))
        return err_set(err, "%s: cannot be given to the group \"%s\": %s",
                       door->path, door->group, strerror(errno));
    return RC_OK;
}

/* The mode is on the socket before it has a name: at no instant may more
 * people knock than the rules say. */
static enum rc bind_and_listen(struct door *door,
                               const struct sockaddr_un *address,
                               struct err *err)
{
    struct stat made;

    if (fchmod(door->fd, door->rules.mode & 0700) ||
        bind(door->fd, (const struct sockaddr *)address, sizeof *address))
        return err_set(err, "%s: %s", door->path, strerror(errno));
    if (lstat(door->path, &made))
        return err_set(err, "%s: %s", door->path, strerror(errno));
    door->device = made.st_dev;
    door->inode = made.st_ino;
    if (give_group(door, err))
        return RC_FAIL;
    if (chmod(door->path, door->rules.mode) || listen(door->fd, 64))
        return err_set(err, "%s: %s", door->path, strerror(errno));
    return RC_OK;
}

enum rc door_open(struct event_base *base, const struct door_rules *rules,
                  struct door **out, struct err *err)
{
    struct sockaddr_un address;

    *out = NULL;
    if (local_address(rules->path, &address, err) ||
        local_clear(&address, err))
        return RC_FAIL;
    struct door *door = mem_new(sizeof *door);
    door->rules = *rules;
    door->base = base;
    door->path = mem_strdup(rules->path);
    door->group = rules->group ? mem_strdup(rules->group) : NULL;
    door->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
                      0);
    if (door->fd < 0) {
        door_close(&door);
        return err_set(err, "socket: %s", strerror(errno));
    }
    if (bind_and_listen(door, &address, err)) {
        door_close(&door);
        return RC_FAIL;
    }
    door->resume = event_new(base, -1, 0, door_resume, door);
    door->readable = event_new(base, door->fd, EV_READ | EV_PERSIST,
                               door_accept, door);
    assert(door->readable && door->resume);
    event_add(door->readable, NULL);
    *out = door;
    return RC_OK;
}

void door_close(struct door **slot)
{
    struct door *door = *slot;
    struct stat found;

    if (!door)
        return;
    *slot = NULL;
    while (door->peers)
        peer_free(door->peers);
    if (door->readable)
        event_free(door->readable);
    if (door->resume)
        event_free(door->resume);
    /* A successor may have put its own socket there by now. */
    if (door->inode && !lstat(door->path, &found) &&
        found.st_dev == door->device && found.st_ino == door->inode)
        unlink(door->path);
    if (door->fd >= 0)
        close(door->fd);
    mem_free(door->path);
    mem_free(door->group);
    mem_free(door);
}
