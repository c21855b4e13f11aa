/* The attendees of a meeting as a table to take home: which columns there
 * are, what stands in them, and the totals behind them. The site's download,
 * `attendees export` and the benchmark all write with this. In one go:
 *
 *   attendee_sheet_open(format, &plan, &out, &sheet, err)
 *   do registration_each(reader, &filter, &at, attendee_sheet_row, sheet, err)
 *   while (!at.done)
 *   attendee_sheet_end(sheet, err)
 *   do attendee_sheet_send(sheet, SIZE_MAX, &more, err) while (more)
 *   attendee_sheet_close(&sheet)
 */
#ifndef CONVENED_VIEW_ATTENDEE_SHEET_H
#define CONVENED_VIEW_ATTENDEE_SHEET_H

#include "daemon/model/meeting.h"
#include "daemon/model/question.h"
#include "daemon/model/registration.h"
#include "web/view/sheet.h"

struct arena;

/* In the order in which they stand. */
enum attendee_column {
    ATTENDEE_REFERENCE,
    ATTENDEE_STATE,
    ATTENDEE_MODE,
    ATTENDEE_TITLE,
    ATTENDEE_GIVEN_NAME,
    ATTENDEE_FAMILY_NAME,
    ATTENDEE_EMAIL,
    ATTENDEE_ORGANISATION,
    ATTENDEE_POSITION,
    ATTENDEE_BENCH,
    ATTENDEE_LANG,
    ATTENDEE_REGISTERED,
    ATTENDEE_CANCELLED,
    ATTENDEE_PLACE,
    ATTENDEE_COLUMN_COUNT,
};

#define ATTENDEE_BIT(column) (1U << (column))
#define ATTENDEE_ALL (ATTENDEE_BIT(ATTENDEE_COLUMN_COUNT) - 1)
/* Beside these: a column for each of the meeting's own questions. */
#define ATTENDEE_ANSWERS ATTENDEE_BIT(ATTENDEE_COLUMN_COUNT)
#define ATTENDEE_ANSWERS_KEY "answers"
/* The three of the name belong together. */
#define ATTENDEE_NAME                                         \
    (ATTENDEE_BIT(ATTENDEE_TITLE) | ATTENDEE_BIT(ATTENDEE_GIVEN_NAME) | \
     ATTENDEE_BIT(ATTENDEE_FAMILY_NAME))

/* "family_name", as in JSON and in addresses of the desk. */
const char *attendee_column_key(enum attendee_column);
const char *attendee_column_words(enum lang, enum attendee_column);

/* "Status: Angemeldet": a part of the filter that was used. */
struct attendee_condition {
    const char *label, *value;
};

struct attendee_conditions {
    const struct attendee_condition *items;
    size_t count;
};

/* Where the answers of a row come from; asked once for each. */
struct attendee_answers {
    enum rc (*read)(void *context, struct arena *, int64_t registration_id,
                    struct answers *, struct err *);
    void *context;
};

/* All of it must outlive the sheet. */
struct attendee_plan {
    enum lang lang;      /* of the header and of words in cells */
    const char *zone;    /* of the meeting, or NULL */
    const char *title;   /* of the meeting, in that language */
    const struct benches *benches; /* of its alliance */
    const struct queue_places *queue; /* of the meeting */
    unsigned columns;    /* ATTENDEE_BIT()s, at least one */
    struct questions questions; /* of the meeting; for ATTENDEE_ANSWERS */
    struct attendee_answers answers;
    struct attendee_conditions conditions; /* none: everybody */
    const char *folder;  /* as in struct sheet_plan */
    int64_t now;
};

struct attendee_sheet;

MUST_USE enum rc attendee_sheet_open(enum sheet_format,
                                     const struct attendee_plan *,
                                     const struct sheet_out *,
                                     struct attendee_sheet **, struct err *);
void attendee_sheet_close(struct attendee_sheet **);
/* A registration_visitor. That answers could not be read is told by
 * attendee_sheet_end(). */
void attendee_sheet_row(void *sheet, const struct registration *);
MUST_USE enum rc attendee_sheet_end(struct attendee_sheet *, struct err *);
/* As sheet_send(). */
MUST_USE enum rc attendee_sheet_send(struct attendee_sheet *, size_t most,
                                     bool *more, struct err *);

/* "2027-03-07_slug_teilnehmende_stand-2026-11-22.xlsx" */
char *attendee_sheet_name(struct arena *, enum lang, const struct meeting *,
                          enum sheet_format, int64_t now);

#endif
