/* Writing HTML safely. Templates call html_put(), which picks by C type;
 * only struct safe_html passes unescaped, and only where text stands. What
 * has no row in a table below (bool, pointers, structs) does not compile. */
#ifndef CONVENED_VIEW_HTML_H
#define CONVENED_VIEW_HTML_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/base/str.h"

/* Markup that was made by us: by a template, view/markdown or view/qr. */
struct safe_html {
    const char *markup; /* NULL: nothing */
};

void html_put_text(struct str *, const char *); /* NULL: nothing */
void html_put_int(struct str *, int64_t);
void html_put_uint(struct str *, uint64_t);
void html_put_safe(struct str *, struct safe_html);
/* For href, src and action: http, https, mailto, tel, webcal or a local
 * path; anything else becomes "#". */
void html_put_url(struct str *, const char *);
bool html_url_passes(const char *);
/* A piece of an address that has begun already: everything is encoded that
 * would end it or its part; "/", ":" and "@" stay. */
void html_put_url_words(struct str *, const char *);
/* A translated format with its values, then escaped as a whole. */
void html_putf(struct str *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Nothing escaped, for text/plain; NULL: nothing. */
void html_put_plain(struct str *, const char *);

/* For %s: never NULL. */
const char *html_words(const char *);

bool html_true_text(const char *);
bool html_true_int(int64_t);
bool html_true_uint(uint64_t);
bool html_true_safe(struct safe_html);
bool html_true_pointer(const void *);

#define HTML_INTEGERS(signed_one, unsigned_one) \
    signed char: signed_one,                    \
    short: signed_one,                          \
    int: signed_one,                            \
    long: signed_one,                           \
    long long: signed_one,                      \
    unsigned char: unsigned_one,                \
    unsigned short: unsigned_one,               \
    unsigned: unsigned_one,                     \
    unsigned long: unsigned_one,                \
    unsigned long long: unsigned_one

/* Between tags. */
#define html_put(out, value)                           \
    _Generic((value),                                  \
        char *: html_put_text,                         \
        const char *: html_put_text,                   \
        struct safe_html: html_put_safe,               \
        HTML_INTEGERS(html_put_int, html_put_uint))((out), (value))

/* In an attribute, a title or a textarea: no markup there. */
#define html_put_value(out, value)                     \
    _Generic((value),                                  \
        char *: html_put_text,                         \
        const char *: html_put_text,                   \
        HTML_INTEGERS(html_put_int, html_put_uint))((out), (value))

/* Inside an address. */
#define html_put_url_part(out, value)                  \
    _Generic((value),                                  \
        char *: html_put_url_words,                    \
        const char *: html_put_url_words,              \
        HTML_INTEGERS(html_put_int, html_put_uint))((out), (value))

/* In a text/plain template. */
#define text_put(out, value)                           \
    _Generic((value),                                  \
        char *: html_put_plain,                        \
        const char *: html_put_plain,                  \
        HTML_INTEGERS(html_put_int, html_put_uint))((out), (value))

/* {% if %}: a text that is neither NULL nor empty, a number other than 0,
 * markup and a pointer that are not NULL. */
#define html_truth(value)                              \
    _Generic((value),                                  \
        _Bool: html_true_int,                          \
        char *: html_true_text,                        \
        const char *: html_true_text,                  \
        struct safe_html: html_true_safe,              \
        HTML_INTEGERS(html_true_int, html_true_uint),  \
        default: html_true_pointer)(value)

/* The address of a view, whether it is held or pointed to. */
#define html_view(type, value) \
    _Generic((value), type: &(value), default: (value))

#define html_literal(out, text) \
    str_add_bytes((out), ("" text), sizeof("" text) - 1)

#endif
