/* A filter of the attendee list, made ready to be held against many rows.
 * Private to daemon/store. */
#ifndef CONVENED_STORE_ATTENDEE_MATCH_H
#define CONVENED_STORE_ATTENDEE_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/store/registration_store.h"
#include "daemon/store/seat_store.h"

/* registration.search is family name, given name, organisation, address and
 * reference with this between them. It sorts before every letter, so that
 * "von" comes before "von der". */
#define SEARCH_BETWEEN "\x1f"
enum search_piece {
    SEARCH_FAMILY, SEARCH_GIVEN, SEARCH_ORGANISATION, SEARCH_ADDRESS,
    SEARCH_REFERENCE,
};

/* A stretch of text, not terminated. */
struct piece {
    const char *text;
    size_t length;
};

struct piece search_piece(const char *search, size_t length,
                          enum search_piece);

struct match_words {
    struct piece *items;
    size_t count;
};

struct match {
    const struct registration_filter *filter;
    struct match_words words, organisation;
    const int64_t *unreached; /* registrations in order, if wanted */
    size_t unreached_count;
    struct queue_places queue; /* if wanted */
};

/* What the filter looks at of one registration. */
struct match_row {
    int64_t id;
    int state, mode;
    int64_t created_at, bench_id;
    const char *search; /* NULL unless match_reads_text() */
    size_t search_length;
};

/* The filter and the arena must outlive it. */
MUST_USE enum rc match_prepare(struct reader *, struct arena *,
                               const struct registration_filter *,
                               struct match *, struct err *);
bool match_reads_text(const struct match *);
/* Nothing was asked for. */
bool match_takes_everybody(const struct match *);
bool match_takes(const struct match *, const struct match_row *);

#endif
