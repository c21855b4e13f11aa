#include "web/view/mo.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define MO_MAGIC 0x950412deU
#define MO_HEADER 28

struct mo {
    const unsigned char *bytes;
    size_t length;
};

/* A text inside the catalogue; NULL if it does not lie in there whole. */
struct text {
    const char *start;
    size_t length; /* without the NUL that follows */
};

static uint32_t read_u32(const struct mo *mo, size_t at)
{
    const unsigned char *p = mo->bytes + at;

    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
           (uint32_t)p[3] << 24;
}

/* Row `row` of the table of (length, offset) pairs at `table`, which was
 * proved to lie inside. */
static struct text read_text(const struct mo *mo, size_t table, size_t row)
{
    size_t length = read_u32(mo, table + row * 8);
    size_t offset = read_u32(mo, table + row * 8 + 4);

    if (offset >= mo->length || length >= mo->length - offset ||
        mo->bytes[offset + length])
        return (struct text){ NULL, 0 };
    return (struct text){ (const char *)mo->bytes + offset, length };
}

/* Plural forms follow each other, each with its NUL. */
static const char *pick_form(struct text text, size_t form)
{
    const char *end = text.start + text.length;
    const char *at = text.start;

    for (; form > 0 && at < end; form--)
        at += strlen(at) + 1;
    return at < end && *at ? at : NULL;
}

static const char *search(const struct mo *mo, size_t originals,
                          size_t translations, size_t count,
                          const char *msgid, size_t form)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        struct text original = read_text(mo, originals, middle);
        if (!original.start)
            return NULL;
        int order = strcmp(msgid, original.start);
        if (order == 0) {
            struct text found = read_text(mo, translations, middle);
            return found.start ? pick_form(found, form) : NULL;
        }
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

static bool table_fits(size_t length, size_t table, size_t count)
{
    return table <= length && count <= (length - table) / 8;
}

const char *mo_find(const unsigned char *bytes, size_t length,
                    const char *msgid, size_t form)
{
    struct mo mo = { bytes, length };

    if (length < MO_HEADER || read_u32(&mo, 0) != MO_MAGIC)
        return NULL;
    size_t count = read_u32(&mo, 8);
    size_t originals = read_u32(&mo, 12);
    size_t translations = read_u32(&mo, 16);
    /* The empty msgid is the catalogue's header, not a text. */
    if (!*msgid || !table_fits(length, originals, count) ||
        !table_fits(length, translations, count))
        return NULL;
    return search(&mo, originals, translations, count, msgid, form);
}
