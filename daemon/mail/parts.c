#include "daemon/mail/parts.h"

#include <string.h>

#include "daemon/base/address.h"
#include "daemon/base/arena.h"
#include "daemon/base/text.h"
#include "daemon/model/lang.h"

/* Bytes of a text in a header; a title and a date are far below. */
#define HEADER_MOST 4000
/* Bytes of all bodies together. */
#define BODIES_MOST ((size_t)1 << 20)

enum shape {
    SHAPE_LINE,    /* goes into a header: no control characters */
    SHAPE_ADDRESS, /* goes into a header and an SMTP command */
    SHAPE_BODY,    /* crosses the door as bytes, beside the object */
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
            json_object_set_new(object, fields[i].name,
                                fields[i].shape == SHAPE_BODY
                                    ? json_integer((json_int_t)strlen(value))
                                    : json_string(value));
    }
    json_object_set_new(object, "date", json_integer(parts->date));
    return object;
}

size_t parts_bodies(const struct parts *parts,
                    const char *bodies[PARTS_BODIES])
{
    size_t count = 0;

    for (size_t i = 0; i < FIELD_COUNT; i++) {
        const char *value = get_field(parts, &fields[i]);

        if (value && fields[i].shape == SHAPE_BODY)
            bodies[count++] = value;
    }
    return count;
}

static bool body_length(const json_t *member, size_t *length)
{
    json_int_t number = json_integer_value(member);

    if (!json_is_integer(member) || number < 0 ||
        number > (json_int_t)BODIES_MOST)
        return false;
    *length = (size_t)number;
    return true;
}

bool parts_announced(const json_t *object, size_t *length)
{
    *length = 0;
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        const json_t *member = json_object_get(object, fields[i].name);
        size_t one = 0;

        if (fields[i].shape != SHAPE_BODY || !member)
            continue;
        if (!body_length(member, &one))
            return false;
        *length += one;
    }
    return *length <= BODIES_MOST;
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
        return NULL; /* comes another way */
    }
    return arena_strdup(arena, value);
}

/* Takes its bytes from the front of *bodies. */
static const char *read_body(struct arena *arena, const json_t *member,
                             const char **bodies)
{
    const char *body = *bodies;
    size_t length;

    if (!body_length(member, &length))
        return NULL;
    *bodies += length;
    if (memchr(body, '\0', length) || !text_is_utf8(body, length))
        return NULL;
    return arena_strndup(arena, body, length);
}

static bool read_field(struct arena *arena, const json_t *object,
                       const struct field *field, const char **bodies,
                       struct parts *parts)
{
    const json_t *member = json_object_get(object, field->name);
    const char *value;

    if (!member)
        return field->optional;
    if (field->shape == SHAPE_BODY) {
        value = read_body(arena, member, bodies);
        set_field(parts, field, value);
        return value != NULL;
    }
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
                  const char *bodies, struct parts *parts)
{
    const json_t *date = json_object_get(object, "date");
    size_t length;

    *parts = (struct parts){ 0 };
    if (!json_is_object(object) || !json_is_integer(date) ||
        !parts_announced(object, &length))
        return false;
    parts->date = json_integer_value(date);
    for (size_t i = 0; i < FIELD_COUNT; i++)
        if (!read_field(arena, object, &fields[i], &bodies, parts))
            return false;
    return is_whole(parts);
}
