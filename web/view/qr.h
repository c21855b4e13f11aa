/* QR codes as inline SVG, black on white in either colour scheme. The only
 * home of libqrcodegen. */
#ifndef CONVENED_VIEW_QR_H
#define CONVENED_VIEW_QR_H

#include "web/view/html.h"

struct arena;

/* `label` is what a screen reader says. Nothing if the text is too long. */
struct safe_html qr_svg(struct arena *, const char *text, const char *label);

#endif
