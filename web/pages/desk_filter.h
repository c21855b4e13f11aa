/* The list of attendees as the page's address says it (EXPERIENCE O5): which
 * people, in which order, which part of them and which columns. The page, its
 * links and the downloads read the same words, so that a sheet is what the
 * screen shows. */
#ifndef CONVENED_PAGES_DESK_FILTER_H
#define CONVENED_PAGES_DESK_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/model/meeting.h"
#include "daemon/store/attendee_store.h"
#include "web/view/attendee_sheet.h"

struct arena;
struct request;

/* Rows on a page. */
enum desk_rows { ROWS_USUAL, ROWS_HUNDRED, ROWS_ALL, ROWS_COUNT };
/* "All" is what a browser shows without trouble; a page more is rare. */
#define ROWS_MOST 2000

struct desk_filter {
    const char *search, *organisation; /* never NULL */
    int state;                /* enum registration_state, or -1: any */
    int mode;                 /* enum mode, or -1: any */
    int64_t bench_id;         /* 0: any */
    const char *from, *until; /* days of registration, "2027-02-20"; or "" */
    bool unreached;
    bool queued;              /* in a queue for a seat */
    enum attendee_sort sort;
    bool descending;
    enum desk_rows rows;
    unsigned columns;            /* ATTENDEE_BIT()s besides the name, and
                                    ATTENDEE_ANSWERS, for downloads only */
    const char *after, *before;  /* as in struct attendee_wish */
    bool last;
};

/* Columns that can be left out, and those of a list that says nothing. */
#define DESK_COLUMNS ((ATTENDEE_ALL | ATTENDEE_ANSWERS) & ~ATTENDEE_NAME)
#define DESK_COLUMNS_USUAL                                             \
    (ATTENDEE_BIT(ATTENDEE_ORGANISATION) | ATTENDEE_BIT(ATTENDEE_MODE) | \
     ATTENDEE_BIT(ATTENDEE_STATE) | ATTENDEE_BIT(ATTENDEE_EMAIL) |       \
     ATTENDEE_BIT(ATTENDEE_REGISTERED) |                                  \
     ATTENDEE_BIT(ATTENDEE_REFERENCE) | ATTENDEE_ANSWERS)

/* The columns to show: whoever asks for a queue is shown it. */
unsigned desk_filter_columns(const struct desk_filter *);

/* What cannot be understood is as if it were absent. */
void desk_filter_read(const struct request *, struct desk_filter *);
/* Days are those of the meeting's wall clock. */
struct registration_filter desk_filter_rows(const struct desk_filter *,
                                            const struct meeting *);
bool desk_filter_narrows(const struct desk_filter *);
/* More than search, state and mode, which are always in sight. */
bool desk_filter_is_special(const struct desk_filter *);
/* In words, for the sheet that is downloaded. */
struct attendee_conditions desk_filter_conditions(struct arena *,
                                                  const struct desk_filter *,
                                                  enum lang,
                                                  const struct benches *);

/* The same list at its first page. */
struct desk_filter desk_filter_from_start(const struct desk_filter *);
/* `path` with all that; what is usual is not named. */
char *desk_filter_url(struct arena *, const char *path,
                      const struct desk_filter *);

const char *desk_sort_word(enum attendee_sort);
const char *desk_rows_word(enum desk_rows); /* "": usual */

#endif
