#include "web/view/qr.h"

#include <qrcodegen.h>

#include "daemon/base/str.h"

#define QUIET 4 /* modules around it, ISO/IEC 18004 5.3.8 */
#define MOST (1 << 20)

/* The dark modules of a row, neighbours in one stroke. */
static void put_row(struct str *out, const uint8_t *code, int size, int y)
{
    for (int x = 0; x < size; x++) {
        int from = x;
        while (x < size && qrcodegen_getModule(code, x, y))
            x++;
        if (x > from)
            str_addf(out, "M%d %dh%dv1h-%dz", from + QUIET, y + QUIET,
                     x - from, x - from);
    }
}

struct safe_html qr_svg(struct arena *arena, const char *text,
                        const char *label)
{
    uint8_t scratch[qrcodegen_BUFFER_LEN_MAX];
    uint8_t code[qrcodegen_BUFFER_LEN_MAX];
    struct str out;

    if (!text || !*text ||
        !qrcodegen_encodeText(text, scratch, code, qrcodegen_Ecc_MEDIUM,
                              qrcodegen_VERSION_MIN, qrcodegen_VERSION_MAX,
                              qrcodegen_Mask_AUTO, true))
        return (struct safe_html){ NULL };
    int size = qrcodegen_getSize(code), whole = size + 2 * QUIET;
    str_init(&out, arena, MOST);
    str_addf(&out, "<svg class=\"qr\" role=\"img\" viewBox=\"0 0 %d %d\" "
             "shape-rendering=\"crispEdges\"><title>", whole, whole);
    html_put_text(&out, label);
    str_addf(&out, "</title><path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/>"
             "<path fill=\"#000\" d=\"", whole, whole);
    for (int y = 0; y < size; y++)
        put_row(&out, code, size, y);
    str_add(&out, "\"/></svg>");
    return (struct safe_html){ out.data };
}
