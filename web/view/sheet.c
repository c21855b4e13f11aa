#include "web/view/sheet.h"

#include <string.h>

#define BOM "\xef\xbb\xbf"

void csv_begin(struct str *out)
{
    str_add(out, BOM);
}

/* What a spreadsheet would calculate: an operator first, in its ASCII or its
 * full-width form, also behind blanks. */
static bool is_formula(const char *text)
{
    static const char *const signs[] = {
        "=", "+", "-", "@",
        "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0",
    };

    while (*text && strchr(" \t\r\n\v\f", *text))
        text++;
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (strncmp(text, signs[i], strlen(signs[i])) == 0)
            return true;
    return false;
}

void csv_cell(struct str *out, const char *text)
{
    /* A cell always ends with its quote, a row and the BOM never do. */
    if (out->length && out->data[out->length - 1] == '"')
        str_add_char(out, ';');
    str_add_char(out, '"');
    if (text && is_formula(text))
        str_add_char(out, '\'');
    for (; text && *text; text++) {
        if (*text == '"')
            str_add_char(out, '"');
        /* Inside a cell a line ends with LF; CRLF is for rows. */
        if (*text == '\r')
            continue;
        str_add_char(out, *text);
    }
    str_add_char(out, '"');
}

void csv_end_row(struct str *out)
{
    str_add(out, "\r\n");
}
