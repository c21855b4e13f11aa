/* Writing HTML safely. Templates call html_put(), which picks by C type;
 * only struct safe_html passes unescaped. */
#ifndef CONVENED_VIEW_HTML_H
#define CONVENED_VIEW_HTML_H

#include <stdint.h>

#include "daemon/base/str.h"

/* Markup that was made by us: by a template, view/markdown or view/qr. */
struct safe_html {
    const char *markup; /* NULL: nothing */
};

void html_put_text(struct str *, const char *); /* NULL: nothing */
void html_put_int(struct str *, int64_t);
void html_put_safe(struct str *, struct safe_html);
/* For href, src and action: http, https, mailto, tel, webcal or a local
 * path; anything else becomes "#". */
void html_put_url(struct str *, const char *);

#define html_put(out, value)            \
    _Generic((value),                   \
        char *: html_put_text,          \
        const char *: html_put_text,    \
        int: html_put_int,              \
        long: html_put_int,             \
        struct safe_html: html_put_safe)((out), (value))

#endif
