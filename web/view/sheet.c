#include "web/view/sheet.h"

#include <assert.h>
#include <stdlib.h>

#include "calendars/zone.h"
#include "daemon/base/mem.h"
#include "daemon/base/parse.h"
#include "web/view/json.h"
#include "web/view/sheet_parts.h"

/* Handed out when there is so much; a row longer than the rest of the
 * ceiling is nothing that a form lets in. */
#define ENOUGH ((size_t)64 * 1024)
#define TEXT_MOST ((size_t)1024 * 1024)

static const struct {
    const char *ending, *type;
} formats[] = {
    [SHEET_XLSX] = { "xlsx", "application/vnd.openxmlformats-officedocument"
                             ".spreadsheetml.sheet" },
    [SHEET_CSV] = { "csv", "text/csv; charset=utf-8; header=present" },
    [SHEET_JSON] = { "json", "application/json" },
};

const char *sheet_ending(enum sheet_format format)
{
    return formats[format].ending;
}

const char *sheet_type(enum sheet_format format)
{
    return formats[format].type;
}

static void hand_out(struct sheet *sheet)
{
    struct str *text = &sheet->text;

    if (text->length && !sheet->refused && !text->overflow)
        sheet->refused = !sheet->out.write(sheet->out.context, text->data,
                                           text->length);
    /* What could not be written stays to be told. */
    if (!text->overflow)
        str_clear(text);
}

static void write_header(struct sheet *sheet)
{
    const struct sheet_plan *plan = sheet->plan;

    if (sheet->format == SHEET_JSON) {
        str_add_char(&sheet->text, '[');
        return;
    }
    csv_begin(&sheet->text);
    for (size_t i = 0; i < plan->count; i++)
        csv_cell(&sheet->text, plan->columns[i].title);
    csv_end_row(&sheet->text);
}

enum rc sheet_open(enum sheet_format format, const struct sheet_plan *plan,
                   const struct sheet_out *out, struct sheet **made,
                   struct err *err)
{
    struct sheet *sheet = mem_new(sizeof *sheet);
    enum rc rc = RC_OK;

    *sheet = (struct sheet){ .format = format, .plan = plan, .out = *out,
                             .zone = zone_or_utc(plan->zone), .hour = -1,
                             .first_row = true };
    str_init(&sheet->text, NULL, TEXT_MOST);
    if (format == SHEET_XLSX)
        rc = xlsx_open(sheet, err);
    else
        write_header(sheet);
    if (rc != RC_OK)
        sheet_close(&sheet);
    *made = sheet;
    return rc;
}

void sheet_close(struct sheet **sheet)
{
    if (!*sheet)
        return;
    xlsx_close(*sheet);
    str_free(&(*sheet)->text);
    mem_free(*sheet);
    *sheet = NULL;
}

static void put_digits(char *to, int count, int number)
{
    while (count-- > 0) {
        to[count] = (char)('0' + number % 10);
        number /= 10;
    }
}

/* Rows come in the order of time, and clocks are changed at full hours. */
int64_t sheet_local(struct sheet *sheet, int64_t at)
{
    if (at / 3600 != sheet->hour) {
        sheet->hour = at / 3600;
        sheet->offset = zone_local(sheet->zone, at).offset;
    }
    return at + sheet->offset;
}

/* "2027-02-20 14:05" */
static void put_clock(struct sheet *sheet, int64_t at, char between)
{
    struct civil civil = civil_from_seconds(sheet_local(sheet, at));
    char text[] = "yyyy-mm-dd hh:mm";

    put_digits(text, 4, civil.year);
    put_digits(text + 5, 2, civil.month);
    put_digits(text + 8, 2, civil.day);
    text[10] = between;
    put_digits(text + 11, 2, civil.hour);
    put_digits(text + 14, 2, civil.minute);
    str_add_bytes(&sheet->text, text, sizeof text - 1);
}

/* The key of the next cell. */
static void json_begin_cell(struct sheet *sheet)
{
    struct str *out = &sheet->text;

    if (sheet->column == 0)
        str_add(out, sheet->first_row ? "\n{" : ",\n{");
    else
        str_add_char(out, ',');
    json_add(out, json_string(sheet->plan->columns[sheet->column].key));
    str_add_char(out, ':');
}

static void json_cell(struct sheet *sheet, const char *text)
{
    json_begin_cell(sheet);
    json_add(&sheet->text, text ? json_string(text) : json_null());
}

void sheet_word(struct sheet *sheet, const char *words, const char *code)
{
    assert(sheet->column < sheet->plan->count);
    switch (sheet->format) {
    case SHEET_XLSX:
        xlsx_text(sheet, words);
        break;
    case SHEET_CSV:
        csv_cell(&sheet->text, words);
        break;
    case SHEET_JSON:
    case SHEET_FORMAT_COUNT:
        json_cell(sheet, code);
        break;
    }
    sheet->column++;
}

void sheet_text(struct sheet *sheet, const char *text)
{
    sheet_word(sheet, text, text);
}

static void json_time(struct sheet *sheet, int64_t at)
{
    json_begin_cell(sheet);
    str_add_char(&sheet->text, '"');
    put_clock(sheet, at, 'T');
    int minutes = abs(sheet->offset) / 60;
    str_addf(&sheet->text, ":%02d%c%02d:%02d\"", (int)(at % 60),
             sheet->offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

/* Every spreadsheet takes this for a date. */
static void csv_time(struct sheet *sheet, int64_t at)
{
    struct str *out = &sheet->text;

    if (sheet->column)
        str_add_char(out, ';');
    str_add_char(out, '"');
    put_clock(sheet, at, ' ');
    str_add_char(out, '"');
}

void sheet_time(struct sheet *sheet, int64_t at)
{
    if (at == 0) {
        sheet_text(sheet, NULL);
        return;
    }
    assert(sheet->column < sheet->plan->count);
    switch (sheet->format) {
    case SHEET_XLSX:
        xlsx_time(sheet, at);
        break;
    case SHEET_CSV:
        csv_time(sheet, at);
        break;
    case SHEET_JSON:
    case SHEET_FORMAT_COUNT:
        json_time(sheet, at);
        break;
    }
    sheet->column++;
}

void sheet_number(struct sheet *sheet, int64_t number)
{
    struct str *out = &sheet->text;

    assert(sheet->column < sheet->plan->count);
    switch (sheet->format) {
    case SHEET_XLSX:
        xlsx_number(sheet, number);
        break;
    case SHEET_CSV:
        /* A minus of ours begins no formula. */
        str_addf(out, "%s\"%lld\"", sheet->column ? ";" : "",
                 (long long)number);
        break;
    case SHEET_JSON:
    case SHEET_FORMAT_COUNT:
        json_begin_cell(sheet);
        str_addf(out, "%lld", (long long)number);
        break;
    }
    sheet->column++;
}

void sheet_end_row(struct sheet *sheet)
{
    assert(sheet->column == sheet->plan->count);
    if (sheet->format == SHEET_XLSX)
        xlsx_end_row(sheet);
    else if (sheet->format == SHEET_CSV)
        csv_end_row(&sheet->text);
    else
        str_add_char(&sheet->text, '}');
    sheet->column = 0;
    sheet->first_row = false;
    if (sheet->text.length >= ENOUGH)
        hand_out(sheet);
}

static enum rc text_faults(const struct sheet *sheet, struct err *err)
{
    if (sheet->refused)
        return err_set(err, "the list could not be handed over");
    return sheet->text.overflow ? err_set(err, "a row is too long") : RC_OK;
}

enum rc sheet_end(struct sheet *sheet, const struct sheet_lines *totals,
                  struct err *err)
{
    if (sheet->format == SHEET_XLSX)
        return xlsx_end(sheet, totals, err);
    if (sheet->format == SHEET_JSON)
        str_add(&sheet->text, "\n]\n");
    return text_faults(sheet, err);
}

enum rc sheet_send(struct sheet *sheet, size_t most, bool *more,
                   struct err *err)
{
    if (sheet->format == SHEET_XLSX)
        return xlsx_send(sheet, most, more, err);
    *more = false;
    hand_out(sheet);
    return text_faults(sheet, err);
}
