#include <string.h>

#include "web/view/sheet_parts.h"

#define BOM "\xef\xbb\xbf"

void csv_begin(struct str *out)
{
    str_add(out, BOM);
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* What a spreadsheet would calculate: an operator first, in its ASCII or its
 * full-width form, also behind blanks. */
static bool is_formula(const char *text)
{
    static const char wide[][4] = {
        "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0",
    };

    while (is_blank(*text))
        text++;
    if (*text != wide[0][0])
        return *text == '=' || *text == '+' || *text == '-' || *text == '@';
    for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++)
        if (strncmp(text, wide[i], strlen(wide[i])) == 0)
            return true;
    return false;
}

/* Quotes are doubled. Inside a cell a line ends with LF; CRLF is for rows. */
static char *put_quoted(char *to, const char *text)
{
    for (; *text; text++) {
        if (*text == '\r')
            continue;
        if (*text == '"')
            *to++ = '"';
        *to++ = *text;
    }
    return to;
}

/* Cells are short and many: one look at each byte, and one for room. */
void csv_cell(struct str *out, const char *text)
{
    const char *words = text ? text : "";
    char *start = str_room(out, 2 * strlen(words) + strlen(";\"'\""));
    char *to = start;

    if (!start)
        return;
    /* A cell always ends with its quote, a row and the BOM never do. */
    if (out->length && start[-1] == '"')
        *to++ = ';';
    *to++ = '"';
    if (is_formula(words))
        *to++ = '\'';
    to = put_quoted(to, words);
    *to++ = '"';
    str_grow(out, (size_t)(to - start));
}

void csv_end_row(struct str *out)
{
    str_add_bytes(out, "\r\n", 2);
}
