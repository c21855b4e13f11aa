/* Memory that travels with one piece of work – a request, a job, a letter –
 * and is freed in one step with it. An advantage: no ownership questions. A
 * disadvantage: nothing is given back before the end, so no loops without an
 * end on one arena. Not for use by two threads at once; handing it over
 * through a mailbox is fine. Out of memory aborts. */
#ifndef CONVENED_BASE_ARENA_H
#define CONVENED_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_new(void) __attribute__((returns_nonnull));
void arena_free(struct arena **); /* sets the pointer to NULL */

/* Zeroed, aligned for any type. */
void *arena_alloc(struct arena *, size_t size)
    __attribute__((returns_nonnull));
char *arena_strdup(struct arena *, const char *)
    __attribute__((returns_nonnull));
char *arena_strndup(struct arena *, const char *, size_t length)
    __attribute__((returns_nonnull));
void *arena_memdup(struct arena *, const void *, size_t length)
    __attribute__((returns_nonnull));
char *arena_printf(struct arena *, const char *format, ...)
    __attribute__((returns_nonnull, format(printf, 2, 3)));
char *arena_vprintf(struct arena *, const char *format, va_list)
    __attribute__((returns_nonnull, format(printf, 2, 0)));

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, n) \
    ((type *)arena_alloc((arena), sizeof(type) * (n)))

#endif
