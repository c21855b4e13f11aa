/* A growing byte string. It has a ceiling from birth: what would pass it sets
 * `overflow`, which stays set, and adds nothing more. Always NUL-terminated.
 * Lives in its arena, or (arena NULL) on the heap until str_free(). */
#ifndef CONVENED_BASE_STR_H
#define CONVENED_BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct arena;

struct str {
    char *data;
    size_t length;
    size_t room;
    size_t ceiling;
    bool overflow;
    struct arena *arena;
};

void str_init(struct str *, struct arena *, size_t ceiling);
void str_free(struct str *); /* only for a string without an arena */
void str_clear(struct str *); /* empties it and keeps the room */

void str_add(struct str *, const char *);
void str_add_bytes(struct str *, const void *, size_t);
void str_add_char(struct str *, char);
/* Room for `most` bytes behind what is there, to be filled and then taken in
 * by str_grow(); NULL: overflow. For loops that know their bound. */
char *str_room(struct str *, size_t most);
void str_grow(struct str *, size_t length);
/* All but the unreserved characters of RFC 3986 2.3 as %XX. */
void str_add_percent(struct str *, const char *);
void str_addf(struct str *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void str_vaddf(struct str *, const char *format, va_list)
    __attribute__((format(printf, 2, 0)));

#endif
