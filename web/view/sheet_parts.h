/* The writers behind sheet.h. Private to web/view/sheet*.c. */
#ifndef CONVENED_VIEW_SHEET_PARTS_H
#define CONVENED_VIEW_SHEET_PARTS_H

#include "daemon/base/str.h"
#include "web/view/sheet.h"

struct zone;
struct xlsx;

struct sheet {
    enum sheet_format format;
    const struct sheet_plan *plan;
    struct sheet_out out;
    const struct zone *zone;
    int64_t hour; /* since 1970, in which the zone was asked last */
    int offset;   /* seconds east of UTC in it */
    struct str text;   /* CSV and JSON: not handed out yet */
    struct xlsx *xlsx;
    size_t column;     /* of the next cell */
    bool first_row;    /* none was written */
    bool refused;      /* by the one who takes the bytes */
};

/* Cells of CSV; a row stays in one str from its first cell to its end. */
void csv_begin(struct str *);              /* the BOM */
void csv_cell(struct str *, const char *); /* NULL: empty */
void csv_end_row(struct str *);

/* Seconds of the wall clock, as if they were UTC. */
int64_t sheet_local(struct sheet *, int64_t at);

MUST_USE enum rc xlsx_open(struct sheet *, struct err *);
void xlsx_text(struct sheet *, const char *);
void xlsx_time(struct sheet *, int64_t at);
void xlsx_number(struct sheet *, int64_t);
void xlsx_end_row(struct sheet *);
MUST_USE enum rc xlsx_end(struct sheet *, const struct sheet_lines *,
                          struct err *);
MUST_USE enum rc xlsx_send(struct sheet *, size_t most, bool *more,
                           struct err *);
void xlsx_close(struct sheet *);

#endif
