/* The attendees of a meeting as a table for spreadsheets (EXPERIENCE O6). */
#ifndef CONVENED_PAGES_DESK_SHEET_H
#define CONVENED_PAGES_DESK_SHEET_H

#include <stdint.h>

#include "daemon/base/str.h"
#include "daemon/model/lang.h"
#include "daemon/model/meeting.h"
#include "daemon/model/registration.h"

struct arena;

struct desk_sheet {
    enum lang lang;   /* of the header and the words in cells */
    const char *zone; /* of the meeting: times are its wall clock's */
    struct benches benches;
};

/* "2027-03-07_slug_teilnehmende_stand-2026-11-22.csv" */
char *desk_sheet_name(struct arena *, enum lang, const struct meeting *,
                      int64_t now);
void desk_sheet_begin(struct str *, const struct desk_sheet *);
void desk_sheet_row(struct str *, struct arena *, const struct desk_sheet *,
                    const struct registration *);

#endif
