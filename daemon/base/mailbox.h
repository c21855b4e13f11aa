/* How threads talk: a first-in first-out list with a mutex, and a descriptor
 * (eventfd) that is readable while it holds something. What is posted belongs
 * to the taker. */
#ifndef CONVENED_BASE_MAILBOX_H
#define CONVENED_BASE_MAILBOX_H

#include <stdbool.h>
#include <stddef.h>

struct mailbox;

/* Put this first in what you post. */
struct parcel {
    struct parcel *next;
};

/* capacity 0: no ceiling. */
struct mailbox *mailbox_new(size_t capacity);
void mailbox_free(struct mailbox **);

/* False if it is full or closed; the parcel is still yours then. */
bool mailbox_post(struct mailbox *, struct parcel *);
/* Posts a whole chain with one wake-up, past any ceiling; `last->next` is
 * NULL. Only for answers to what was admitted once. */
void mailbox_post_chain(struct mailbox *, struct parcel *first,
                        struct parcel *last);

/* Everything that is there, oldest first; NULL if nothing. Never waits. */
struct parcel *mailbox_take(struct mailbox *);
/* At most `most` of it. */
struct parcel *mailbox_take_some(struct mailbox *, size_t most);
/* Waits until there is something, the mailbox is closed (then NULL once it
 * is empty) or timeout_ms have passed (NULL; -1: no timeout). */
struct parcel *mailbox_wait(struct mailbox *, size_t most, int timeout_ms);

/* Refuses posts from now on and wakes the waiting. */
void mailbox_close(struct mailbox *);
bool mailbox_closed(struct mailbox *);
size_t mailbox_length(struct mailbox *);

/* For an event loop: readable while something is there. Take empties it. */
int mailbox_fd(const struct mailbox *);

#endif
