#include "daemon/http/form.h"

#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/parse.h"
#include "daemon/base/text.h"

/* Decodes in place and ends with a NUL, for which there is room: at least
 * the separator follows. */
static enum form_verdict decode(char *text, size_t length, size_t most)
{
    size_t decoded;

    if (!parse_percent(text, length, true, &decoded))
        return FORM_MALFORMED;
    text[decoded] = '\0';
    if (!text_is_utf8(text, decoded))
        return FORM_MALFORMED;
    return decoded > most ? FORM_TOO_LONG : FORM_OK;
}

static enum form_verdict take_pair(char *pair, size_t length, size_t most,
                                   struct form_field *field)
{
    char *equals = memchr(pair, '=', length);
    size_t name = equals ? (size_t)(equals - pair) : length;
    enum form_verdict verdict = decode(pair, name, most);

    field->name = pair;
    field->value = "";
    if (verdict == FORM_OK && equals) {
        field->value = equals + 1;
        verdict = decode(equals + 1, length - name - 1, most);
    }
    return verdict;
}

/* Empty pairs do not count (URL Standard 5.1). */
static size_t count_pairs(const char *body, size_t length)
{
    size_t count = 0;

    for (size_t i = 0; i < length; i++)
        count += body[i] != '&' && (i == 0 || body[i - 1] == '&');
    return count;
}

enum form_verdict form_parse(struct arena *arena, const char *body,
                             size_t length, int64_t most_fields,
                             int64_t most_value, struct form *form)
{
    size_t count = count_pairs(body, length);

    *form = (struct form){ 0 };
    if (count > (size_t)most_fields)
        return FORM_TOO_MANY;
    char *copy = arena_strndup(arena, body, length);
    form->fields = ARENA_ARRAY(arena, struct form_field, count);
    for (char *at = copy, *end = copy + length; at < end;) {
        char *stop = memchr(at, '&', (size_t)(end - at));
        size_t pair = (size_t)((stop ? stop : end) - at);

        if (pair > 0) {
            struct form_field *field = &form->fields[form->count++];
            enum form_verdict verdict =
                take_pair(at, pair, (size_t)most_value, field);

            if (verdict != FORM_OK)
                return verdict;
        }
        at += pair + 1;
    }
    return FORM_OK;
}

static const struct form_field *find(const struct form *form, const char *name)
{
    for (size_t i = 0; i < form->count; i++)
        if (strcmp(form->fields[i].name, name) == 0)
            return &form->fields[i];
    return NULL;
}

const char *form_get(const struct form *form, const char *name)
{
    const struct form_field *field = find(form, name);

    return field ? field->value : "";
}

bool form_has(const struct form *form, const char *name)
{
    return find(form, name);
}
