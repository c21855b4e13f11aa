/* The home of libxlsxwriter. In its constant_memory mode rows go to a file of
 * its own as they come, with their texts in the cells; at the end all parts
 * are packed into ours. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "daemon/base/mem.h"
#include "web/view/sheet_parts.h"

#define SEND_AT_ONCE ((size_t)64 * 1024)
#define PATH_MOST 4096
#define FIRST_ROW 1 /* below the header */

struct xlsx {
    lxw_workbook *workbook; /* NULL: packed */
    lxw_worksheet *rows;
    lxw_format *bold, *clock;
    lxw_row_t row;
    lxw_error error; /* the first */
    int fd;          /* of the file that it becomes */
    off_t sent;
};

static void note(struct xlsx *xlsx, lxw_error error)
{
    if (xlsx->error == LXW_NO_ERROR)
        xlsx->error = error;
}

/* A file without a name, and so gone with the process. */
static enum rc open_nameless(const char *folder, int *fd, struct err *err)
{
    char path[PATH_MOST];
    int length = snprintf(path, sizeof path, "%s/.sheet-XXXXXX", folder);

    if (length < 0 || (size_t)length >= sizeof path)
        return err_set(err, "%s: too long a name", folder);
    *fd = mkostemp(path, O_CLOEXEC);
    if (*fd < 0 || unlink(path) != 0)
        return err_set(err, "%s: %s", path, strerror(errno));
    return RC_OK;
}

/* libxlsxwriter takes names only; this one leads to the open file. */
static enum rc open_workbook(struct sheet *sheet, struct err *err)
{
    struct xlsx *xlsx = sheet->xlsx;
    char path[32], *folder = mem_strdup(sheet->plan->folder);
    lxw_workbook_options options = { .constant_memory = LXW_TRUE,
                                     .tmpdir = folder,
                                     .use_zip64 = LXW_FALSE };
    lxw_doc_properties about = { .created = (time_t)sheet->plan->now };

    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", xlsx->fd);
    xlsx->workbook = workbook_new_opt(path, &options);
    mem_free(folder);
    if (!xlsx->workbook)
        return err_set(err, "no workbook could be made");
    note(xlsx, workbook_set_properties(xlsx->workbook, &about));
    xlsx->rows = workbook_add_worksheet(xlsx->workbook, sheet->plan->name);
    if (!xlsx->rows)
        return err_set(err, "no sheet could be made");
    return RC_OK;
}

static void make_formats(struct sheet *sheet)
{
    struct xlsx *xlsx = sheet->xlsx;

    xlsx->bold = workbook_add_format(xlsx->workbook);
    format_set_bold(xlsx->bold);
    xlsx->clock = workbook_add_format(xlsx->workbook);
    format_set_num_format(xlsx->clock,
                          sheet->plan->day_first ? "dd\\.mm\\.yyyy\\ hh:mm"
                                                 : "yyyy\\-mm\\-dd\\ hh:mm");
    format_set_align(xlsx->clock, LXW_ALIGN_LEFT);
}

static void write_head(struct sheet *sheet)
{
    const struct sheet_plan *plan = sheet->plan;
    struct xlsx *xlsx = sheet->xlsx;
    lxw_format *text = workbook_add_format(xlsx->workbook);

    /* What somebody types below stays text too: 01067, +49. */
    format_set_num_format(text, "@");
    for (size_t i = 0; i < plan->count; i++) {
        const struct sheet_column *column = &plan->columns[i];

        note(xlsx, worksheet_set_column(xlsx->rows, (lxw_col_t)i,
                                        (lxw_col_t)i, column->width,
                                        column->time ? xlsx->clock : text));
        note(xlsx, worksheet_write_string(xlsx->rows, 0, (lxw_col_t)i,
                                          column->title, xlsx->bold));
    }
    worksheet_freeze_panes(xlsx->rows, FIRST_ROW, 0);
    note(xlsx, worksheet_repeat_rows(xlsx->rows, 0, 0));
    worksheet_set_landscape(xlsx->rows);
    worksheet_set_paper(xlsx->rows, 9); /* A4 */
    worksheet_fit_to_pages(xlsx->rows, 1, 0);
    xlsx->row = FIRST_ROW;
}

enum rc xlsx_open(struct sheet *sheet, struct err *err)
{
    sheet->xlsx = mem_new(sizeof *sheet->xlsx);
    *sheet->xlsx = (struct xlsx){ .fd = -1 };
    enum rc rc = open_nameless(sheet->plan->folder, &sheet->xlsx->fd, err);
    if (rc == RC_OK)
        rc = open_workbook(sheet, err);
    if (rc != RC_OK)
        return rc;
    make_formats(sheet);
    write_head(sheet);
    return RC_OK;
}

/* Always a string, whatever it begins with; never a formula. */
void xlsx_text(struct sheet *sheet, const char *text)
{
    struct xlsx *xlsx = sheet->xlsx;

    if (text && *text)
        note(xlsx, worksheet_write_string(xlsx->rows, xlsx->row,
                                          (lxw_col_t)sheet->column, text,
                                          NULL));
}

#define DAY 86400.0
#define EPOCH 25569 /* 1970-01-01 in days of a spreadsheet */

static double serial(struct sheet *sheet, int64_t at)
{
    int64_t local = sheet_local(sheet, at);

    /* To the minute, as it is shown: so a filter by it finds it. */
    return (double)(local - local % 60) / DAY + EPOCH;
}

void xlsx_time(struct sheet *sheet, int64_t at)
{
    struct xlsx *xlsx = sheet->xlsx;

    note(xlsx, worksheet_write_number(xlsx->rows, xlsx->row,
                                      (lxw_col_t)sheet->column,
                                      serial(sheet, at), xlsx->clock));
}

void xlsx_number(struct sheet *sheet, int64_t number)
{
    struct xlsx *xlsx = sheet->xlsx;

    note(xlsx, worksheet_write_number(xlsx->rows, xlsx->row,
                                      (lxw_col_t)sheet->column,
                                      (double)number, NULL));
}

void xlsx_end_row(struct sheet *sheet)
{
    sheet->xlsx->row++;
}

static void write_line(struct sheet *sheet, lxw_worksheet *to, lxw_row_t row,
                       const struct sheet_line *line)
{
    struct xlsx *xlsx = sheet->xlsx;

    note(xlsx, worksheet_write_string(to, row, 0, line->label,
                                      line->heading ? xlsx->bold : NULL));
    if (line->heading)
        return;
    if (line->text)
        note(xlsx, worksheet_write_string(to, row, 1, line->text, NULL));
    else if (line->time)
        note(xlsx, worksheet_write_number(to, row, 1,
                                          serial(sheet, line->time),
                                          xlsx->clock));
    else
        note(xlsx, worksheet_write_number(to, row, 1, (double)line->number,
                                          NULL));
}

static void write_totals(struct sheet *sheet, const struct sheet_lines *lines)
{
    struct xlsx *xlsx = sheet->xlsx;
    lxw_worksheet *totals = workbook_add_worksheet(xlsx->workbook,
                                                   sheet->plan->totals);

    if (!totals) {
        note(xlsx, LXW_ERROR_SHEETNAME_ALREADY_USED);
        return;
    }
    note(xlsx, worksheet_set_column(totals, 0, 0, 36, NULL));
    note(xlsx, worksheet_set_column(totals, 1, 1, 40, NULL));
    for (size_t i = 0; i < lines->count; i++)
        write_line(sheet, totals, (lxw_row_t)i, &lines->items[i]);
}

/* Frees the workbook, whatever comes of it. */
static void pack(struct xlsx *xlsx)
{
    bool lost = fflush(xlsx->rows->optimize_tmpfile) != 0 ||
        ferror(xlsx->rows->optimize_tmpfile);
    lxw_error error = workbook_close(xlsx->workbook);

    xlsx->workbook = NULL;
    /* Where the library would leave out rows and say nothing. */
    note(xlsx, lost ? LXW_ERROR_CREATING_TMPFILE : error);
}

/* Only packing closes the library's own file. */
static void give_up(struct xlsx *xlsx)
{
    if (xlsx->rows)
        (void)fclose(xlsx->rows->optimize_tmpfile);
    lxw_workbook_free(xlsx->workbook);
}

enum rc xlsx_end(struct sheet *sheet, const struct sheet_lines *lines,
                 struct err *err)
{
    struct xlsx *xlsx = sheet->xlsx;

    note(xlsx, worksheet_autofilter(xlsx->rows, 0, 0,
                                    xlsx->row == FIRST_ROW ? FIRST_ROW
                                                           : xlsx->row - 1,
                                    (lxw_col_t)(sheet->plan->count - 1)));
    write_totals(sheet, lines);
    pack(xlsx);
    if (xlsx->error == LXW_NO_ERROR)
        return RC_OK;
    if (xlsx->error == LXW_ERROR_WORKSHEET_INDEX_OUT_OF_RANGE)
        return err_set(err, "more rows than a spreadsheet takes; CSV has no "
                       "such limit");
    return err_set(err, "the spreadsheet: %s", lxw_strerror(xlsx->error));
}

enum rc xlsx_send(struct sheet *sheet, size_t most, bool *more,
                  struct err *err)
{
    struct xlsx *xlsx = sheet->xlsx;
    char piece[SEND_AT_ONCE];
    size_t handed = 0;

    *more = false;
    if (xlsx->workbook)
        return RC_OK;
    while (handed < most) {
        ssize_t got = pread(xlsx->fd, piece, sizeof piece, xlsx->sent);

        if (got < 0)
            return err_set(err, "the spreadsheet: %s", strerror(errno));
        if (got == 0)
            return RC_OK;
        if (!sheet->out.write(sheet->out.context, piece, (size_t)got))
            return err_set(err, "the list could not be handed over");
        xlsx->sent += got;
        handed += (size_t)got;
    }
    *more = true;
    return RC_OK;
}

void xlsx_close(struct sheet *sheet)
{
    struct xlsx *xlsx = sheet->xlsx;

    if (!xlsx)
        return;
    if (xlsx->workbook)
        give_up(xlsx);
    if (xlsx->fd >= 0)
        close(xlsx->fd);
    mem_free(xlsx);
    sheet->xlsx = NULL;
}

const char *sheet_library_version(void)
{
    return lxw_version();
}
