#include "calendars/words.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "daemon/base/str.h"
#include "daemon/base/text.h"

#define CHARACTER_MOST 4

/* The character at `at`, copied; its length, 0 if it is not UTF-8. */
static size_t character(const char *at, char one[CHARACTER_MOST + 1])
{
    size_t left = strnlen(at, CHARACTER_MOST);

    for (size_t length = 1; length <= left; length++)
        if (text_is_utf8(at, length)) {
            memcpy(one, at, length);
            one[length] = '\0';
            return length;
        }
    return 0;
}

static bool is_line_end(const char *one)
{
    return strcmp(one, "\n") == 0 || strcmp(one, "\u2028") == 0 ||
        strcmp(one, "\u2029") == 0;
}

/* Two readers in four take an escaped backslash before these for the escape
 * of what follows: "C:\neu" would get a line end. */
static bool is_trap(const char *at)
{
    return at[0] == '\\' && at[1] && strchr("nN,;", at[1]);
}

/* How many bytes from here on are what they are: most of most texts. */
static size_t plain_run(const char *text)
{
    size_t length = 0;

    while (text[length] >= ' ' && text[length] <= '~' &&
           text[length] != '\\')
        length++;
    return length;
}

/* Everything but NFC. */
static char *strip(struct arena *arena, const char *text)
{
    char one[CHARACTER_MOST + 1];
    struct str out;
    size_t length;

    str_init(&out, arena, strlen(text));
    for (const char *at = text; *at; at += length) {
        length = plain_run(at);
        if (length > 0) {
            str_add_bytes(&out, at, length);
            continue;
        }
        length = character(at, one);
        if (length == 0)
            length = 1;
        else if (is_line_end(one) || (*one == '\r' && at[1] != '\n'))
            str_add_char(&out, '\n');
        else if (*one == '\t')
            str_add_char(&out, ' ');
        else if (is_trap(at))
            str_add_char(&out, '/');
        else if (!text_has_control(one, false))
            str_add(&out, one);
    }
    return out.data;
}

char *words_text(struct arena *arena, const char *text)
{
    return text_clean(arena, strip(arena, text));
}

char *words_line(struct arena *arena, const char *text)
{
    return text_clean_line(arena, strip(arena, text));
}

/* One line of it, too. */
static char *without(struct arena *arena, const char *text,
                     const char *unwanted)
{
    struct str out;

    str_init(&out, arena, strlen(text));
    for (; *text; text++)
        if (!strchr(unwanted, *text))
            str_add_char(&out, *text);
    return text_clean_line(arena, out.data);
}

char *words_name(struct arena *arena, const char *text)
{
    return without(arena, strip(arena, text), ",;\\");
}

char *words_label(struct arena *arena, const char *text)
{
    const char *plain = without(arena, strip(arena, text), "^\\");
    bool inside = false;
    struct str out;

    /* Each quote is one byte and becomes three. */
    str_init(&out, arena, strlen(plain) * 3);
    for (; *plain; plain++) {
        if (*plain != '"') {
            str_add_char(&out, *plain);
            continue;
        }
        str_add(&out, inside ? "“" : "„");
        inside = !inside;
    }
    return out.data;
}
