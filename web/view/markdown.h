/* Descriptions and legal texts. The only home of cmark; raw HTML and
 * javascript: links are dropped. */
#ifndef CONVENED_VIEW_MARKDOWN_H
#define CONVENED_VIEW_MARKDOWN_H

#include "web/view/html.h"

struct arena;

/* The highest heading becomes level `top` (2: below the page's h1), and none
 * skips a level. Images leave their words: a page asks no other server. */
struct safe_html markdown_html(struct arena *, const char *source, int top);
/* Without any markup, for calendars and letters' text parts; links as
 * "words (address)". */
char *markdown_plain(struct arena *, const char *source);

const char *markdown_library_version(void); /* of cmark, as it runs */

#endif
