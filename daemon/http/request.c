#include "daemon/http/request.h"

#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/parse.h"
#include "daemon/base/text.h"
#include "daemon/http/cookie.h"

const char *request_field(const struct request *request, const char *name)
{
    for (size_t i = 0; i < request->field_count; i++)
        if (strcmp(request->fields[i].name, name) == 0)
            return request->fields[i].value;
    return NULL;
}

/* The value of a parameter as sent, from *at on; NULL: none. */
static char *raw_query(const struct request *request, const char *name,
                       size_t *at, size_t *value_length)
{
    size_t name_length = strlen(name);

    while (request->query[*at]) {
        const char *here = request->query + *at;
        size_t length = strcspn(here, "&");

        *at += length + (here[length] == '&');
        if (length >= name_length && memcmp(here, name, name_length) == 0 &&
            (length == name_length || here[name_length] == '=')) {
            size_t skip = name_length + (length > name_length);

            *value_length = length - skip;
            return arena_strndup(request->arena, here + skip, length - skip);
        }
    }
    return NULL;
}

static bool decode(char *value, size_t length)
{
    size_t decoded;

    return parse_percent(value, length, true, &decoded) &&
           text_is_utf8(value, decoded);
}

const char *request_query(const struct request *request, const char *name)
{
    size_t at = 0, length;
    char *value = raw_query(request, name, &at, &length);

    return value && decode(value, length) ? value : NULL;
}

const char *request_query_next(const struct request *request, const char *name,
                               size_t *at)
{
    size_t length;
    char *value;

    while ((value = raw_query(request, name, at, &length)))
        if (decode(value, length))
            return value;
    return NULL;
}

const char *request_cookie(const struct request *request, const char *name)
{
    for (size_t i = 0; i < request->field_count; i++) {
        if (strcmp(request->fields[i].name, "cookie") != 0)
            continue;
        const char *value =
            cookie_find(request->arena, request->fields[i].value, name);
        if (value)
            return value;
    }
    return NULL;
}

const char *request_method_word(const struct request *request)
{
    switch (request->method) {
    case METHOD_GET:
        return "GET";
    case METHOD_HEAD:
        return "HEAD";
    case METHOD_POST:
        return "POST";
    }
    return "-";
}
