/* Named statements, and how to bind and read them. Private to daemon/store.
 *
 * Each aggregate file has one family: a const table of its statements. All
 * are prepared when a connection opens; a reader has only those that read.
 * A query keeps its first error until query_end() or query_run() says it, so
 * the lines between need no checks. Bound texts must live until then. */
#ifndef CONVENED_STORE_QUERY_H
#define CONVENED_STORE_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/base/err.h"
#include "daemon/base/token.h"
#include "daemon/store/db.h"

struct arena;
struct sqlite3_stmt;

enum family_place {
    FAMILY_ALLIANCE,
    FAMILY_MEETING,
    FAMILY_REGISTRATION,
    FAMILY_LETTER,
    FAMILY_INVITE,
    FAMILY_SEAT,
    FAMILY_ACCOUNT,
    FAMILY_ATTENDEE,
    FAMILY_ATTENDEE_MATCH,
    FAMILY_ERASE,
    FAMILY_RECORD,
    FAMILY_HOUSE,
    FAMILY_CENSUS,
    FAMILY_QUESTION,
    FAMILY_ANSWER,
    FAMILY_SUPPORT,
    FAMILY_CONSENT,
    FAMILY_FEEDBACK,
    FAMILY_PERSON,
    FAMILY_WISH,
    FAMILY_COUNT,
};

struct statement {
    const char *name;
    const char *sql;
};

struct family {
    enum family_place place;
    const struct statement *items;
    size_t count;
};

/* Defined by the aggregate files, opened by db_sqlite.c. */
extern const struct family alliance_family, meeting_family,
    registration_family, seat_family, letter_family, invite_family,
    account_family, house_family, erase_family, record_family,
    attendee_family, attendee_match_family, census_family, support_family,
    consent_family, question_family, answer_family, feedback_family,
    person_family, wish_family;

struct query {
    struct reader *reader;
    struct sqlite3_stmt *statement;
    const char *name;
    int status; /* SQLite's word on the last step or the first failure */
};

struct query query_read(struct reader *, const struct family *, int which);
struct query query_write(struct writer *, const struct family *, int which);

void bind_int(struct query *, int at, int64_t);
void bind_ref(struct query *, int at, int64_t id); /* 0 becomes NULL */
void bind_real(struct query *, int at, double);
void bind_text(struct query *, int at, const char *); /* NULL stays NULL */
void bind_blob(struct query *, int at, const void *, size_t);
void bind_id(struct query *, int at, const struct id *);

/* True while there is a row to read. */
bool query_next(struct query *);
int64_t column_int(struct query *, int at); /* NULL reads as 0 */
bool column_is_null(struct query *, int at);
double column_real(struct query *, int at);
char *column_text(struct query *, int at, struct arena *); /* NULL: NULL */
/* The same, but gone with the next row; its bytes counted after that. */
const char *column_borrow(struct query *, int at);
size_t column_length(struct query *, int at);
struct id column_id(struct query *, int at);

/* Every query ends with one of these. RC_FAIL if anything failed. */
MUST_USE enum rc query_end(struct query *, struct err *);
/* For one that looked for one row; RC_NOT_FOUND if it was not `found`. */
MUST_USE enum rc query_end_found(struct query *, bool found, struct err *);
/* For a statement that gives no rows; *changed (may be NULL): how many rows
 * it touched. */
MUST_USE enum rc query_run(struct query *, int64_t *changed, struct err *);
/* For an INSERT of one row: *id is its key. RC_NOT_FOUND if ON CONFLICT did
 * nothing. (Cheaper than RETURNING, for which SQLite builds a table.) */
MUST_USE enum rc query_insert(struct query *, int64_t *id, struct err *);
/* One row with one number; RC_NOT_FOUND without a row. */
MUST_USE enum rc query_number(struct query *, int64_t *, struct err *);

/* `items` with room for one more after `count`; the array may move. */
void *list_room(struct arena *, void *items, size_t count, size_t size);

#endif
