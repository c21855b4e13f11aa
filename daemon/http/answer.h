/* A prebuilt answer: rendered once after a change, sent by reference, 304
 * decided before anything else. Belongs to one loop. */
#ifndef CONVENED_HTTP_ANSWER_H
#define CONVENED_HTTP_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct answer;

struct answer_head {
    int status;               /* 200, or the status of a cached error */
    const char *type;
    const char *cache_control;
    int64_t last_modified;    /* 0: no Last-Modified field */
    const char *disposition;  /* NULL: no Content-Disposition */
    bool robots_noindex;      /* X-Robots-Tag: noindex */
    const char *link;         /* NULL: no Link field */
};

/* Copies; compresses once; ETags from the bytes, another for gzip (H2). The
 * caller holds the first reference. */
struct answer *answer_new(const struct answer_head *, const void *body,
                          size_t length);
struct answer *answer_hold(struct answer *);
void answer_drop(struct answer **);

/* A cache of answers by key, least recently used first out. */
struct answers;
struct answers *answers_new(size_t ceiling_bytes);
void answers_free(struct answers **);

/* When an answer is stale. */
struct freshness {
    uint64_t edits, seats; /* the writer's counters, read before rendering */
    bool uses_seats;
    int64_t valid_from;    /* seconds, before rendering: a clock that was set
                            * back makes it stale */
    int64_t valid_until;   /* seconds; time alone changes it then */
};
/* NULL: build it anew and answers_put() it. Seat changes make it stale only
 * one second after it was built. The answer stays the cache's. */
struct answer *answers_find(struct answers *, const char *key,
                            uint64_t edits_now, uint64_t seats_now,
                            int64_t now, int64_t ticks_ms);
/* Takes the caller's reference. */
void answers_put(struct answers *, const char *key, struct answer *,
                 const struct freshness *, int64_t ticks_ms);

const char *answer_library_version(void); /* of zlib, as it runs */

#endif
