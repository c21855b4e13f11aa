#include "daemon/base/str.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/mem.h"

#define FIRST_ROOM 256

static char empty[1]; /* what a string without room points at; never written */

void str_init(struct str *str, struct arena *arena, size_t ceiling)
{
    *str = (struct str){ .data = empty, .ceiling = ceiling, .arena = arena };
}

void str_free(struct str *str)
{
    assert(!str->arena);
    if (str->room)
        mem_free(str->data);
    str_init(str, NULL, str->ceiling);
}

void str_clear(struct str *str)
{
    str->length = 0;
    str->overflow = false;
    if (str->room)
        str->data[0] = '\0';
}

/* In an arena the old bytes stay behind: doubling bounds that to as much
 * again. */
static bool make_room(struct str *str, size_t more)
{
    if (str->overflow || more > str->ceiling - str->length) {
        str->overflow = true;
        return false;
    }
    size_t need = str->length + more + 1;
    if (need <= str->room)
        return true;
    size_t room = str->room ? str->room : FIRST_ROOM;
    while (room < need)
        room *= 2;
    if (str->arena) {
        char *data = arena_alloc(str->arena, room);

        memcpy(data, str->data, str->length + 1);
        str->data = data;
    } else {
        str->data = mem_grow(str->room ? str->data : NULL, room);
        str->data[str->length] = '\0';
    }
    str->room = room;
    return true;
}

void str_add_bytes(struct str *str, const void *bytes, size_t length)
{
    if (!length || !make_room(str, length))
        return;
    memcpy(str->data + str->length, bytes, length);
    str->length += length;
    str->data[str->length] = '\0';
}

void str_add(struct str *str, const char *text)
{
    str_add_bytes(str, text, strlen(text));
}

void str_add_char(struct str *str, char c)
{
    str_add_bytes(str, &c, 1);
}

char *str_room(struct str *str, size_t most)
{
    return make_room(str, most) ? str->data + str->length : NULL;
}

void str_grow(struct str *str, size_t length)
{
    assert(length < str->room - str->length);
    str->length += length;
    str->data[str->length] = '\0';
}

static bool is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || strchr("-._~", c);
}

void str_add_percent(struct str *str, const char *text)
{
    for (; *text; text++)
        if (is_unreserved(*text))
            str_add_char(str, *text);
        else
            str_addf(str, "%%%02X", (unsigned)(unsigned char)*text);
}

void str_vaddf(struct str *str, const char *format, va_list list)
{
    va_list again;

    va_copy(again, list);
    int length = vsnprintf(NULL, 0, format, list);
    assert(length >= 0);
    if (make_room(str, (size_t)length)) {
        vsnprintf(str->data + str->length, (size_t)length + 1, format, again);
        str->length += (size_t)length;
    }
    va_end(again);
}

void str_addf(struct str *str, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    str_vaddf(str, format, list);
    va_end(list);
}
