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
    /* `message` is borrowed. May call door_send() and door_dismiss(). A line
     * that is not a JSON object never comes here: the peer is sent away. */
    void (*said)(struct door_peer *, const json_t *message, void *context);
    /* Exactly once for every peer, whoever ended it, door_close() included;
     * the peer is gone afterwards. NULL: not wanted. */
    void (*left)(struct door_peer *, void *context);
    void *context;
};

/* RC_FAIL: somebody answers at that path already, or it cannot be made. A
 * socket that nobody answers any more is replaced. */
MUST_USE enum rc door_open(struct event_base *, const struct door_rules *,
                           struct door **, struct err *);
void door_close(struct door **); /* removes the socket */

void door_send(struct door_peer *, json_t *message); /* gives it away */
/* What the line just sent announces; copied. */
void door_send_bytes(struct door_peer *, const void *, size_t);
/* Sends what is waiting, then closes. Nothing is heard from now on. */
void door_dismiss(struct door_peer *);
void door_peer_set(struct door_peer *, void *data);
void *door_peer_get(const struct door_peer *);
/* The first descriptor that came (SCM_RIGHTS) and was not taken yet, -1:
 * none; the caller owns it. At most four wait. */
int door_peer_take_fd(struct door_peer *);

#endif
