/* What the server asks the database about itself: does it answer, how many of
 * what are there. Nothing here reads a table from end to end. */
#ifndef CONVENED_STORE_CENSUS_STORE_H
#define CONVENED_STORE_CENSUS_STORE_H

#include <stddef.h>
#include <stdint.h>

#include "daemon/model/letter.h"
#include "daemon/model/registration.h"
#include "daemon/store/db.h"

struct arena;

/* RC_OK: a page came from the file, not from memory. */
MUST_USE enum rc census_probe(struct reader *, struct err *);
/* Writes what is there once more, so that a commit has something to put on
 * the disk. With an empty database it does nothing. */
MUST_USE enum rc census_touch(struct writer *, struct err *);

/* Letters that were not sent, by state; [LETTER_SENT] is 0: those are too
 * many to be counted. */
MUST_USE enum rc census_letters(struct reader *,
                                int64_t counts[LETTER_STATE_COUNT],
                                struct err *);
/* Those in the queue, counted up to `most`. */
MUST_USE enum rc census_queued(struct reader *, int64_t most, int64_t *count,
                               struct err *);
/* For how many seconds the oldest letter has been due; 0: none is. */
MUST_USE enum rc census_overdue(struct reader *, int64_t now,
                                int64_t *seconds, struct err *);

/* One mode of one meeting. */
struct census_mode {
    const char *alliance, *meeting; /* slugs */
    enum mode mode;
    int64_t capacity, taken; /* taken: also held for those on the way */
    int64_t people[REG_DECLINED + 1]; /* by state, but the declined */
};
struct census_modes {
    struct census_mode *items;
    size_t count;
};
/* Of meetings that were published and began after `since`, at most `most`
 * rows, the latest first. */
MUST_USE enum rc census_modes(struct reader *, struct arena *, int64_t since,
                              int64_t most, struct census_modes *,
                              struct err *);

#endif
