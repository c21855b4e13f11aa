/* What people need to take part well, as a table to take home: never a part
 * of another list (EXPERIENCE O7). */
#ifndef CONVENED_VIEW_SUPPORT_SHEET_H
#define CONVENED_VIEW_SUPPORT_SHEET_H

#include "daemon/model/meeting.h"
#include "daemon/model/support.h"
#include "web/view/sheet.h"

struct arena;

struct support_plan {
    enum lang lang;      /* of the header and of words in cells */
    const char *zone;    /* of the meeting */
    const char *title;   /* of the meeting, in that language */
    const char *reason;  /* why it was asked for: on the second sheet */
    const char *folder;  /* as in struct sheet_plan */
    int64_t now;
};

/* From the first byte to the last; RC_FAIL: some of them may be out. */
MUST_USE enum rc support_sheet_write(enum sheet_format,
                                     const struct support_plan *,
                                     const struct supporteds *,
                                     const struct sheet_out *, struct err *);

/* "2027-03-07_slug_unterstuetzung_stand-2026-11-22.xlsx" */
char *support_sheet_name(struct arena *, enum lang, const struct meeting *,
                         enum sheet_format, int64_t now);

#endif
