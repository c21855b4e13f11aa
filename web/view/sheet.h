/* Tables to take home: rows in, bytes out (EXPERIENCE O6). Memory does not
 * grow with the rows. Whatever a cell holds, no program calculates it:
 *
 * XLSX  texts are texts, times are times, the header stays in sight and
 *       filters; a second sheet holds the totals. Nothing comes out before
 *       sheet_end(), since the format is not made to be streamed.
 * CSV   as German Excel opens it by double click: BOM, semicolon, CRLF, all
 *       cells quoted, formulas defused by a leading apostrophe.
 * JSON  an array of objects; codes instead of words, times as ISO 8601.
 */
#ifndef CONVENED_VIEW_SHEET_H
#define CONVENED_VIEW_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/base/err.h"

enum sheet_format { SHEET_XLSX, SHEET_CSV, SHEET_JSON, SHEET_FORMAT_COUNT };

const char *sheet_ending(enum sheet_format); /* "xlsx" */
const char *sheet_type(enum sheet_format);   /* of its bytes, for HTTP */

struct sheet_column {
    const char *title; /* of the header */
    const char *key;   /* in JSON */
    int width;         /* in characters, about */
    bool time;         /* filled by sheet_time() */
};

/* Where the bytes go. False: they could not be taken; nothing more comes, and
 * sheet_end() or sheet_send() says RC_FAIL. */
struct sheet_out {
    bool (*write)(void *context, const void *bytes, size_t length);
    void *context;
};

/* All of it must outlive the sheet. */
struct sheet_plan {
    const struct sheet_column *columns;
    size_t count;
    const char *zone;   /* whose wall clock the times are shown by */
    const char *name;   /* of the first sheet, at most 31 characters */
    const char *totals; /* of the second one */
    const char *folder; /* XLSX: for files that nobody else can open and that
                           are gone with the process */
    int64_t now;        /* when it is made */
    bool day_first;     /* dates as 20.02.2027, else 2027-02-20 */
};

/* A line of the second sheet: label and text, label and time, or label and
 * number; a heading has a label alone. */
struct sheet_line {
    bool heading;
    const char *label;
    const char *text; /* NULL: the time; that 0: the number */
    int64_t time, number;
};

struct sheet_lines {
    const struct sheet_line *items;
    size_t count;
};

struct sheet;

MUST_USE enum rc sheet_open(enum sheet_format, const struct sheet_plan *,
                            const struct sheet_out *, struct sheet **,
                            struct err *);
void sheet_close(struct sheet **); /* at any time */

/* The next cell of the row; NULL and 0 are empty. */
void sheet_text(struct sheet *, const char *);
void sheet_word(struct sheet *, const char *words, const char *code);
void sheet_time(struct sheet *, int64_t at);
void sheet_number(struct sheet *, int64_t);
void sheet_end_row(struct sheet *);
/* After the last row; the lines are for XLSX alone. */
MUST_USE enum rc sheet_end(struct sheet *, const struct sheet_lines *,
                           struct err *);
/* Hands out what is ready, of a finished XLSX about `most` bytes at a time;
 * *more: there is more of it. Call it after some rows and after the end. */
MUST_USE enum rc sheet_send(struct sheet *, size_t most, bool *more,
                            struct err *);

const char *sheet_library_version(void); /* of libxlsxwriter */

#endif
