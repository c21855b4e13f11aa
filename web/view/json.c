#include "web/view/json.h"

#include <string.h>

#include "daemon/base/str.h"

#define MOST (16 << 20)

static int add(const char *bytes, size_t length, void *out)
{
    str_add_bytes(out, bytes, length);
    return 0;
}

static void add_dump(struct str *out, json_t *value, size_t how)
{
    json_dump_callback(value, add, out, how | JSON_ENCODE_ANY);
    json_decref(value);
}

static char *dump(struct arena *arena, json_t *value, size_t how)
{
    struct str out;

    str_init(&out, arena, MOST);
    add_dump(&out, value, how);
    return out.data;
}

void json_add(struct str *out, json_t *value)
{
    add_dump(out, value, JSON_COMPACT);
}

char *json_text(struct arena *arena, json_t *value)
{
    return dump(arena, value, JSON_COMPACT);
}

char *json_text_lines(struct arena *arena, json_t *value)
{
    return dump(arena, value, JSON_INDENT(2));
}

/* None of these has a meaning in JSON outside its strings, and there they
 * may be escaped. */
static void put_for_html(struct str *out, const char *json)
{
    for (; *json; json++) {
        bool separator = strncmp(json, "\xe2\x80\xa8", 3) == 0 ||
                         strncmp(json, "\xe2\x80\xa9", 3) == 0;
        if (separator) {
            str_add(out, json[2] == '\xa8' ? "\\u2028" : "\\u2029");
            json += 2;
        } else if (*json == '<' || *json == '>' || *json == '&') {
            str_addf(out, "\\u%04x", (unsigned)*json);
        } else {
            str_add_char(out, *json);
        }
    }
}

struct safe_html json_ld(struct arena *arena, json_t *value)
{
    struct str out;
    const char *json = json_text(arena, value);

    if (!*json)
        return (struct safe_html){ NULL };
    str_init(&out, arena, MOST);
    str_add(&out, "<script type=\"application/ld+json\">");
    put_for_html(&out, json);
    str_add(&out, "</script>");
    return (struct safe_html){ out.data };
}
