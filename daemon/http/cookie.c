#include "daemon/http/cookie.h"

#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/http/response.h"

/* RFC 6265 5.2 read backwards: pairs divided by ";", a blank after it. */
char *cookie_find(struct arena *arena, const char *field, const char *name)
{
    size_t name_length = strlen(name);

    for (const char *at = field; *at;) {
        at += strspn(at, " \t;");
        size_t length = strcspn(at, ";");

        if (length > name_length && at[name_length] == '=' &&
            memcmp(at, name, name_length) == 0) {
            const char *value = at + name_length + 1;
            size_t rest = length - name_length - 1;

            while (rest > 0 && strchr(" \t", value[rest - 1]))
                rest--;
            return arena_strndup(arena, value, rest);
        }
        at += length;
    }
    return NULL;
}

/* Secure also over plain loopback: browsers take localhost as secure, and
 * __Host- asks for it. */
#define ATTRIBUTES "; Path=/; Secure; HttpOnly; SameSite=Lax"

void cookie_send(struct request *request, const char *name, const char *value)
{
    response_field(request, "Set-Cookie",
                   arena_printf(request->arena, "%s=%s" ATTRIBUTES, name,
                                value));
}

void cookie_expire(struct request *request, const char *name)
{
    response_field(request, "Set-Cookie",
                   arena_printf(request->arena, "%s=; Max-Age=0" ATTRIBUTES,
                                name));
}
