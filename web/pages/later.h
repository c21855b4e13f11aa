/* What a page puts off: an answer that has to wait, a second try. A loop that
 * ends does not wait for it, and forgets none of it. */
#ifndef CONVENED_PAGES_LATER_H
#define CONVENED_PAGES_LATER_H

struct event_base;
struct laters;

struct laters *laters_new(struct event_base *);
/* Calls `run` once, from the loop, after so many milliseconds. */
void later(struct laters *, int ms, void (*run)(void *context),
           void *context);
/* From now on nothing waits longer than a moment. */
void laters_hurry(struct laters *);
void laters_free(struct laters **); /* nothing waits */

#endif
