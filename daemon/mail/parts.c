#include "daemon/mail/parts.h"

#include <string.h>

#include "daemon/base/address.h"
#include "daemon/base/arena.h"
#include "daemon/base/text.h"
#include "daemon/model/lang.h"

/* Bytes of a text in a header; a title and a date are far below. */
#define HEADER_MOST 4000

enum shape {
    SHAPE_LINE,    /* goes into a header: no control characters */
    SHAPE_ADDRESS, /* goes into a header and an SMTP command */
    SHAPE_BODY,
};

struct field {
    const char *name;
    size_t at;
    enum shape shape;
    bool optional; /* absent is NULL */
};

#define AT(field) offsetof(struct parts, field)

static const struct field fields[] = {
    { "from_name", AT(from_name), SHAPE_LINE, .optional = false },
    { "from_address", AT(from_address), SHAPE_ADDRESS, .optional = false },
    { "to_name", AT(to_name), SHAPE_LINE, .optional = false },
    { "to_address", AT(to_address), SHAPE_ADDRESS, .optional = false },
    { "reply_to", AT(reply_to), SHAPE_ADDRESS, .optional = true },
    { "subject", AT(subject), SHAPE_LINE, .optional = false },
    { "message_id", AT(message_id), SHAPE_LINE, .optional = false },
    { "lang", AT(lang), SHAPE_LINE, .optional = false },
    { "text", AT(text), SHAPE_BODY, .optional = false },
    { "html", AT(html), SHAPE_BODY, .optional = false },
    { "calendar", AT(calendar), SHAPE_BODY, .optional = true },
    { "method", AT(method), SHAPE_LINE, .optional = true },
};

#define FIELD_COUNT (sizeof fields / sizeof fields[0])

static const char *get_field(const struct parts *parts,
                             const struct field *field)
{
    const char *value;

    memcpy(&value, (const char *)parts + field->at, sizeof value);
    return value;
}

static void set_field(struct parts *parts, const struct field *field,
                      const char *value)
{
    memcpy((char *)parts + field->at, &value, sizeof value);
}

json_t *parts_pack(const struct parts *parts)
{
    json_t *object = json_object();

    for (size_t i = 0; i < FIELD_COUNT; i++) {
        const char *value = get_field(parts, &fields[i]);

        if (value)
            json_object_set_new(object, fields[i].name, json_string(value));
    }
    json_object_set_new(object, "date", json_integer(parts->date));
    return object;
}

/* The value as it may be used; NULL if it may not. */
static const char *admit(struct arena *arena, const struct field *field,
                         const char *value)
{
    char *checked;

    switch (field->shape) {
    case SHAPE_LINE:
        if (text_has_control(value, false) || strlen(value) > HEADER_MOST)
            return NULL;
        break;
    case SHAPE_ADDRESS:
        if (address_check(arena, value, &checked) != ADDRESS_OK)
            return NULL;
        return checked;
    case SHAPE_BODY:
        break;
    }
    return arena_strdup(arena, value);
}

static bool read_field(struct arena *arena, const json_t *object,
                       const struct field *field, struct parts *parts)
{
    const json_t *member = json_object_get(object, field->name);
    const char *value;

    if (!member)
        return field->optional;
    if (!json_is_string(member))
        return false;
    value = json_string_value(member);
    /* jansson reads \u0000 only where it was told to, so the length is that
     * of a C string. */
    value = admit(arena, field, value);
    set_field(parts, field, value);
    return value != NULL;
}

/* "id@domain" of letters, digits, dots and hyphens: no second header, no
 * second identifier. */
static bool is_message_id(const char *text)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
    size_t left = strspn(text, allowed);
    const char *right = text + left + 1;

    return left > 0 && text[left] == '@' && *right &&
           !right[strspn(right, allowed)];
}

static bool is_whole(const struct parts *parts)
{
    enum lang lang;

    if (!is_message_id(parts->message_id) ||
        !lang_parse(parts->lang, &lang))
        return false;
    if ((!parts->calendar) != (!parts->method))
        return false;
    return !parts->method || strcmp(parts->method, "REQUEST") == 0 ||
           strcmp(parts->method, "CANCEL") == 0;
}

bool parts_unpack(struct arena *arena, const json_t *object,
                  struct parts *parts)
{
    const json_t *date = json_object_get(object, "date");

    *parts = (struct parts){ 0 };
    if (!json_is_object(object) || !json_is_integer(date))
        return false;
    parts->date = json_integer_value(date);
    for (size_t i = 0; i < FIELD_COUNT; i++)
        if (!read_field(arena, object, &fields[i], parts))
            return false;
    return is_whole(parts);
}
