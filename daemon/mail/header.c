#include "daemon/mail/header.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "daemon/base/text.h"

#define LINE_MOST 76
#define WORD_MOST 75
#define CHARACTER_MOST (4 * 3 + 1)
/* Q, not B: padding in the middle of a text has been misread by parsers that
 * join words before they decode them. */
#define OPEN "=?UTF-8?Q?"
#define CLOSE "?="

static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                            "abcdefghijklmnopqrstuvwxyz0123456789 -.'";

/* Words of an atom each: nothing to quote, nothing to encode. */
static bool is_plain(const char *text)
{
    return !text[strspn(text, plain)] && !strstr(text, "  ");
}

/* RFC 2047 5 (3): what may stand for itself even in a name. */
static bool stands_for_itself(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '-' || c == '!' || c == '*' ||
           c == '+' || c == '/';
}

/* One character of the text, which is never cut, and how long it was. */
static size_t encode_character(const char *text, char out[CHARACTER_MOST])
{
    size_t bytes = 1;

    if (*text == ' ' || stands_for_itself(*text)) {
        out[0] = *text == ' ' ? '_' : *text;
        out[1] = '\0';
        return 1;
    }
    while (bytes < 4 && ((unsigned char)text[bytes] & 0xc0) == 0x80)
        bytes++;
    for (size_t i = 0; i < bytes; i++)
        (void)snprintf(out + 3 * i, 4, "=%02X", (unsigned char)text[i]);
    return bytes;
}

/* Each word decodes by itself; the line end between two of them is no blank
 * of the text. */
static void put_encoded(struct str *out, size_t column, const char *text)
{
    size_t begin = out->length;
    size_t most = LINE_MOST - column < WORD_MOST ? LINE_MOST - column
                                                 : WORD_MOST;

    str_add(out, OPEN);
    while (*text) {
        char one[CHARACTER_MOST];
        size_t taken = encode_character(text, one);

        if (out->length - begin + strlen(one) + sizeof CLOSE - 1 > most) {
            str_add(out, CLOSE "\r\n ");
            begin = out->length;
            most = WORD_MOST;
            str_add(out, OPEN);
        }
        str_add(out, one);
        text += taken;
    }
    str_add(out, CLOSE);
}

/* Folds where blanks are. */
static void put_ascii(struct str *out, size_t column, const char *text)
{
    while (*text) {
        size_t word = 1 + strcspn(text + 1, " ");

        if (column + word > LINE_MOST && *text == ' ') {
            str_add(out, "\r\n");
            column = 0;
        }
        str_add_bytes(out, text, word);
        column += word;
        text += word;
    }
}

void header_text(struct str *out, const char *name, const char *text)
{
    size_t column = strlen(name) + 2;

    str_add_char(out, ' ');
    /* What looks like an encoded word must not be read as one. */
    if (text_is_ascii(text) && !strstr(text, "=?"))
        put_ascii(out, column, text);
    else
        put_encoded(out, column, text);
    str_add(out, "\r\n");
}

void header_mailbox(struct str *out, const char *name, const char *person,
                    const char *address)
{
    size_t column = strlen(name) + 2;

    str_add_char(out, ' ');
    if (!person || !*person) {
        str_addf(out, "%s\r\n", address);
        return;
    }
    if (is_plain(person))
        put_ascii(out, column, person);
    else
        put_encoded(out, column, person);
    str_addf(out, "\r\n <%s>\r\n", address);
}
