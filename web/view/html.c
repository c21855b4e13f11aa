#include "web/view/html.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

/* What a character becomes, or NULL if it stays. */
static const char *entity(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

static void put_escaped(struct str *out, const char *text, size_t length)
{
    size_t kept = 0; /* since text + kept nothing needed an escape */

    for (size_t i = 0; i < length; i++) {
        const char *escape = entity(text[i]);
        if (!escape)
            continue;
        str_add_bytes(out, text + kept, i - kept);
        str_add(out, escape);
        kept = i + 1;
    }
    str_add_bytes(out, text + kept, length - kept);
}

void html_put_text(struct str *out, const char *text)
{
    if (text)
        put_escaped(out, text, strlen(text));
}

void html_put_int(struct str *out, int64_t number)
{
    str_addf(out, "%" PRId64, number);
}

void html_put_uint(struct str *out, uint64_t number)
{
    str_addf(out, "%" PRIu64, number);
}

void html_put_safe(struct str *out, struct safe_html safe)
{
    if (safe.markup)
        str_add(out, safe.markup);
}

void html_put_plain(struct str *out, const char *text)
{
    if (text)
        str_add(out, text);
}

const char *html_words(const char *text)
{
    return text ? text : "";
}

/* The scheme is all before the first ":", unless a "/", "?" or "#" comes
 * first. Letters only, so that no blank or control character that a browser
 * would skip hides one. */
static bool has_known_scheme(const char *url, size_t length)
{
    static const char *const known[] = {
        "http", "https", "mailto", "tel", "webcal",
    };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strlen(known[i]) == length &&
            strncasecmp(url, known[i], length) == 0)
            return true;
    return false;
}

bool html_url_passes(const char *url)
{
    if (!url || !*url)
        return false;
    /* Browsers cut leading blanks and drop tabs and line ends anywhere. */
    for (const char *p = url; *p; p++)
        if ((unsigned char)*p <= ' ' || *p == 0x7f)
            return false;
    /* "//host" and "/\host" lead elsewhere though they look local. */
    if ((url[0] == '/' || url[0] == '\\') &&
        (url[1] == '/' || url[1] == '\\'))
        return false;
    size_t length = strcspn(url, ":/?#");
    return url[length] != ':' || has_known_scheme(url, length);
}

void html_put_url(struct str *out, const char *url)
{
    html_put_text(out, html_url_passes(url) ? url : "#");
}

static bool is_url_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || (c && strchr("-._~/:@", c));
}

void html_put_url_words(struct str *out, const char *text)
{
    for (; text && *text; text++) {
        if (is_url_character(*text))
            str_add_char(out, *text);
        else
            str_addf(out, "%%%02X", (unsigned)(unsigned char)*text);
    }
}

/* Escapes what stands in `out` from `start` on, in place and from its end:
 * no second buffer, so no bound but the string's own. */
static void escape_tail(struct str *out, size_t start)
{
    size_t read = out->length, more = 0;

    for (size_t i = start; i < read; i++) {
        const char *escape = entity(out->data[i]);
        more += escape ? strlen(escape) - 1 : 0;
    }
    for (size_t i = 0; i < more; i++)
        str_add_char(out, ' ');
    if (out->overflow) { /* never half escaped */
        out->length = start;
        out->data[start] = '\0';
        return;
    }
    size_t write = out->length;
    while (read < write) {
        char c = out->data[--read];
        const char *escape = entity(c);
        size_t length = escape ? strlen(escape) : 1;
        write -= length;
        memcpy(out->data + write, escape ? escape : &c, length);
    }
}

void html_putf(struct str *out, const char *format, ...)
{
    size_t start = out->length;
    va_list args;

    va_start(args, format);
    str_vaddf(out, format, args);
    va_end(args);
    if (out->length > start)
        escape_tail(out, start);
}

bool html_true_text(const char *text)
{
    return text && *text;
}

bool html_true_int(int64_t number)
{
    return number != 0;
}

bool html_true_uint(uint64_t number)
{
    return number != 0;
}

bool html_true_safe(struct safe_html safe)
{
    return safe.markup != NULL;
}

bool html_true_pointer(const void *pointer)
{
    return pointer != NULL;
}
