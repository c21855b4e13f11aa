#include <string.h>

#include "web/view/sheet_parts.h"

#define BOM "\xef\xbb\xbf"

void csv_begin(struct str *out)
{
    str_add(out, BOM);
}

/* What a spreadsheet would calculate: an operator first, in its ASCII or its
 * full-width form, also behind blanks. */
static bool is_formula(const char *text)
{
    static const char wide[][4] = {
        "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0",
    };

    text += strspn(text, " \t\r\n\v\f");
    if (*text != '\xef')
        return *text && strchr("=+-@", *text);
    for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++)
        if (strncmp(text, wide[i], strlen(wide[i])) == 0)
            return true;
    return false;
}

/* Quotes are doubled. Inside a cell a line ends with LF; CRLF is for rows. */
static void add_quoted(struct str *out, const char *text)
{
    for (;;) {
        size_t plain = strcspn(text, "\"\r");

        str_add_bytes(out, text, plain);
        text += plain;
        if (!*text)
            return;
        if (*text == '"')
            str_add_bytes(out, "\"\"", 2);
        text++;
    }
}

void csv_cell(struct str *out, const char *text)
{
    /* A cell always ends with its quote, a row and the BOM never do. */
    if (out->length && out->data[out->length - 1] == '"')
        str_add_bytes(out, ";\"", 2);
    else
        str_add_char(out, '"');
    if (text && is_formula(text))
        str_add_char(out, '\'');
    if (text)
        add_quoted(out, text);
    str_add_char(out, '"');
}

void csv_end_row(struct str *out)
{
    str_add_bytes(out, "\r\n", 2);
}
