#include "daemon/base/mailbox.h"

#include <assert.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "daemon/base/mem.h"

struct mailbox {
    pthread_mutex_t mutex;
    pthread_cond_t filled;
    struct parcel *first, *last;
    size_t length, capacity;
    bool closed;
    int fd;
};

struct mailbox *mailbox_new(size_t capacity)
{
    struct mailbox *box = mem_new(sizeof *box);
    pthread_condattr_t attributes;

    pthread_mutex_init(&box->mutex, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&box->filled, &attributes);
    pthread_condattr_destroy(&attributes);
    box->capacity = capacity;
    box->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    assert(box->fd >= 0);
    return box;
}

void mailbox_free(struct mailbox **box)
{
    if (!*box)
        return;
    close((*box)->fd);
    pthread_cond_destroy(&(*box)->filled);
    pthread_mutex_destroy(&(*box)->mutex);
    mem_free(*box);
    *box = NULL;
}

static void ring(struct mailbox *box)
{
    uint64_t one = 1;

    /* Fails only when the counter is full, and then it is readable anyway. */
    ssize_t written = write(box->fd, &one, sizeof one);
    (void)written;
}

/* With the mutex held. */
static void append(struct mailbox *box, struct parcel *first,
                   struct parcel *last, size_t count)
{
    bool was_empty = !box->first;

    if (was_empty)
        box->first = first;
    else
        box->last->next = first;
    box->last = last;
    box->length += count;
    if (was_empty)
        ring(box);
    pthread_cond_signal(&box->filled);
}

bool mailbox_post(struct mailbox *box, struct parcel *parcel)
{
    bool room;

    parcel->next = NULL;
    pthread_mutex_lock(&box->mutex);
    room = !box->closed && (!box->capacity || box->length < box->capacity);
    if (room)
        append(box, parcel, parcel, 1);
    pthread_mutex_unlock(&box->mutex);
    return room;
}

void mailbox_post_chain(struct mailbox *box, struct parcel *first,
                        struct parcel *last)
{
    size_t count = 1;

    for (const struct parcel *at = first; at != last; at = at->next)
        count++;
    pthread_mutex_lock(&box->mutex);
    append(box, first, last, count);
    pthread_mutex_unlock(&box->mutex);
}

/* With the mutex held. */
static struct parcel *detach(struct mailbox *box, size_t most)
{
    struct parcel *first = box->first;

    if (!first)
        return NULL;
    if (most >= box->length) {
        box->first = box->last = NULL;
        box->length = 0;
    } else {
        struct parcel *last = first;

        for (size_t taken = 1; taken < most; taken++)
            last = last->next;
        box->first = last->next;
        last->next = NULL;
        box->length -= most;
    }
    if (!box->first) {
        uint64_t rings;
        ssize_t got = read(box->fd, &rings, sizeof rings);
        (void)got;
    }
    return first;
}

struct parcel *mailbox_take_some(struct mailbox *box, size_t most)
{
    pthread_mutex_lock(&box->mutex);
    struct parcel *first = detach(box, most);
    pthread_mutex_unlock(&box->mutex);
    return first;
}

struct parcel *mailbox_take(struct mailbox *box)
{
    return mailbox_take_some(box, SIZE_MAX);
}

static struct timespec deadline_in(int timeout_ms)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += timeout_ms / 1000;
    at.tv_nsec += (long)(timeout_ms % 1000) * 1000000L;
    if (at.tv_nsec >= 1000000000L) {
        at.tv_sec++;
        at.tv_nsec -= 1000000000L;
    }
    return at;
}

struct parcel *mailbox_wait(struct mailbox *box, size_t most, int timeout_ms)
{
    struct timespec deadline = deadline_in(timeout_ms < 0 ? 0 : timeout_ms);
    int waited = 0;

    pthread_mutex_lock(&box->mutex);
    while (!box->first && !box->closed && !waited)
        waited = timeout_ms < 0
                     ? pthread_cond_wait(&box->filled, &box->mutex)
                     : pthread_cond_timedwait(&box->filled, &box->mutex,
                                              &deadline);
    struct parcel *first = detach(box, most);
    pthread_mutex_unlock(&box->mutex);
    return first;
}

void mailbox_close(struct mailbox *box)
{
    pthread_mutex_lock(&box->mutex);
    box->closed = true;
    pthread_cond_broadcast(&box->filled);
    pthread_mutex_unlock(&box->mutex);
}

bool mailbox_closed(struct mailbox *box)
{
    pthread_mutex_lock(&box->mutex);
    bool closed = box->closed;
    pthread_mutex_unlock(&box->mutex);
    return closed;
}

size_t mailbox_length(struct mailbox *box)
{
    pthread_mutex_lock(&box->mutex);
    size_t length = box->length;
    pthread_mutex_unlock(&box->mutex);
    return length;
}

int mailbox_fd(const struct mailbox *box)
{
    return box->fd;
}
