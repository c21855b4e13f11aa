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

const char *request_query(const struct request *request, const char *name)
{
    size_t name_length = strlen(name);

    for (const char *at = request->query; *at;) {
        size_t length = strcspn(at, "&");
        size_t decoded;

        if (length >= name_length && memcmp(at, name, name_length) == 0 &&
            (length == name_length || at[name_length] == '=')) {
            size_t skip = name_length + (length > name_length);
            char *value =
                arena_strndup(request->arena, at + skip, length - skip);

            if (!parse_percent(value, length - skip, true, &decoded) ||
                !text_is_utf8(value, decoded))
                return NULL;
            return value;
        }
        at += length + (at[length] == '&');
    }
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
