/* Tables for spreadsheets. CSV as German Excel opens it by double click: BOM,
 * semicolon, CRLF, all cells quoted, formulas defused by a leading
 * apostrophe (EXPERIENCE O6). */
#ifndef CONVENED_VIEW_SHEET_H
#define CONVENED_VIEW_SHEET_H

#include "daemon/base/str.h"

/* A row stays in one str from its first cell to its end. */
void csv_begin(struct str *);                /* the BOM */
void csv_cell(struct str *, const char *);   /* NULL: empty */
void csv_end_row(struct str *);

#endif
