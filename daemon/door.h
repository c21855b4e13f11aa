/* A Unix socket of the server: JSON objects, one per line, of bounded length.
 * Which door somebody came through decides what they may ask. Belongs to one
 * event loop. */
#ifndef CONVENED_DOOR_H
#define CONVENED_DOOR_H

#include <jansson.h>
#include <stddef.h>

#include "daemon/base/err.h"

struct door;
struct door_peer;
struct event_base;

struct door_rules {
    const char *path;
    unsigned mode;     /* 0600, 0660 */
    const char *group; /* NULL or empty: the process's own */
    size_t line_most;  /* longer: the peer is sent away */
    size_t peers_most;
    /* `message` is borrowed. May call door_send() and door_dismiss(). */
    void (*said)(struct door_peer *, const json_t *message, void *context);
    void (*left)(struct door_peer *, void *context); /* NULL: not wanted */
    void *context;
};

MUST_USE enum rc door_open(struct event_base *, const struct door_rules *,
                           struct door **, struct err *);
void door_close(struct door **); /* removes the socket */

void door_send(struct door_peer *, json_t *message); /* gives it away */
/* Sends what is waiting, then closes. */
void door_dismiss(struct door_peer *);
void door_peer_set(struct door_peer *, void *data);
void *door_peer_get(const struct door_peer *);
/* A descriptor that came with the last line (SCM_RIGHTS), -1: none; the
 * caller owns it. */
int door_peer_take_fd(struct door_peer *);

#endif
