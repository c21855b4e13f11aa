/* What mdoc wants of a text. */
#include <string.h>

#include "daemon/reference/reference.h"

#define LINE_MOST 74

static void add_escaped(const char *text, size_t length, struct str *out)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\\')
            str_add(out, "\\e");
        else
            str_add_char(out, text[i]);
    }
}

static bool ends_sentence(const char *word, size_t length)
{
    while (length && strchr(")\"'", word[length - 1]))
        length--;
    return length && strchr(".?!", word[length - 1]);
}

void reference_mdoc_text(const char *text, struct str *out)
{
    size_t column = 0;

    while (*text) {
        size_t word = strcspn(text, " ");
        if (column && column + 1 + word > LINE_MOST) {
            str_add_char(out, '\n');
            column = 0;
        } else if (column) {
            str_add_char(out, ' ');
            column++;
        }
        /* Else the line would be a macro. */
        if (!column && (*text == '.' || *text == '\''))
            str_add(out, "\\&");
        add_escaped(text, word, out);
        column += word;
        if (ends_sentence(text, word)) {
            str_add_char(out, '\n');
            column = 0;
        }
        text += word;
        text += strspn(text, " ");
    }
    if (column)
        str_add_char(out, '\n');
}

/* Quoted, so that no word of it is taken for a macro's name. */
void reference_mdoc_word(const char *text, struct str *out)
{
    str_add_char(out, '"');
    for (; *text; text++) {
        if (*text == '"')
            str_add(out, "\\(dq");
        else
            add_escaped(text, 1, out);
    }
    str_add_char(out, '"');
}
