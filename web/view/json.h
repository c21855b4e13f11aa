/* JSON as text: for JSON-LD and tables of commands. The home of jansson on
 * the pages' side. */
#ifndef CONVENED_VIEW_JSON_H
#define CONVENED_VIEW_JSON_H

#include <jansson.h>

#include "web/view/html.h"

struct arena;

/* All give the value back to jansson. Compact; keys in order of insertion.
 * NULL, as json_pack() answers bytes that are no UTF-8: "". */
char *json_text(struct arena *, json_t *);
void json_add(struct str *, json_t *); /* the same, at the end of a string */
char *json_text_lines(struct arena *, json_t *); /* the same, indented */
/* The whole <script type="application/ld+json"> element; <, >, & and the
 * line separators inside it as \u escapes. NULL: nothing. */
struct safe_html json_ld(struct arena *, json_t *);

#endif
