/* JSON as text: for JSON-LD and tables of commands. The home of jansson on
 * the pages' side. */
#ifndef CONVENED_VIEW_JSON_H
#define CONVENED_VIEW_JSON_H

#include <jansson.h>

#include "web/view/html.h"

struct arena;

/* Gives the value back to jansson. Compact; keys in order of insertion. */
char *json_text(struct arena *, json_t *);
/* For a data block: <, >, & and the line separators as \u escapes. */
struct safe_html json_ld(struct arena *, json_t *);

#endif
