/* libxlsxwriter and nothing else: writes the cells of a CSV that the server
 * exported (";" between them) as a sheet. xlsx_ceiling CSV XLSX
 *
 * Cells of the last two columns become dates, as in the server's sheet; all
 * others are texts. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

#define CELL_MOST 1024

static char *next_cell(char **line)
{
    static char cell[CELL_MOST];
    size_t length = 0;
    bool quoted = **line == '"';

    for (*line += quoted; **line; ++*line) {
        if (quoted ? **line == '"' && (*line)[1] != '"' : **line == ';')
            break;
        if (quoted && **line == '"')
            ++*line;
        if (length + 1 < sizeof cell)
            cell[length++] = **line;
    }
    *line += quoted && **line;
    *line += **line == ';';
    cell[length] = '\0';
    return cell;
}

/* "2026-11-22 16:05" as a spreadsheet counts, but for the month's length:
 * what matters is a number of as many digits. */
static double serial(const char *cell)
{
    int year = 0, month = 0, day = 0, hour = 0, minute = 0;

    if (sscanf(cell, "%d-%d-%d %d:%d", &year, &month, &day, &hour,
               &minute) != 5)
        return 0;
    return (year - 1900) * 365 + month * 30 + day +
        (hour * 60 + minute) / 1440.0;
}

int main(int argc, char **argv)
{
    char text[8192];
    FILE *in = argc == 3 ? fopen(argv[1], "r") : NULL;

    if (!in)
        return 64;
    lxw_workbook_options options = { .constant_memory = LXW_TRUE };
    lxw_workbook *book = workbook_new_opt(argv[2], &options);
    lxw_worksheet *sheet = workbook_add_worksheet(book, NULL);
    lxw_format *date = workbook_add_format(book);
    format_set_num_format(date, "dd.mm.yyyy hh:mm");
    for (lxw_row_t row = 0; fgets(text, sizeof text, in); row++) {
        char *line = text;

        line[strcspn(line, "\r\n")] = '\0';
        for (lxw_col_t column = 0; *line; column++) {
            const char *cell = next_cell(&line);

            if (!*cell)
                continue;
            if (row > 0 && column >= 11)
                worksheet_write_number(sheet, row, column, serial(cell),
                                       date);
            else
                worksheet_write_string(sheet, row, column, cell, NULL);
        }
    }
    (void)fclose(in);
    return workbook_close(book) != LXW_NO_ERROR;
}
