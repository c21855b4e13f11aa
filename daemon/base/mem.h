/* The heap, for objects that outlive a request, a job or a letter; those take
 * an arena. Nothing outside base/ calls malloc or free. Out of memory aborts:
 * the process manager restarts us, and what was acknowledged is on disk. */
#ifndef CONVENED_BASE_MEM_H
#define CONVENED_BASE_MEM_H

#include <stddef.h>

void *mem_new(size_t size) /* zeroed */
    __attribute__((malloc, returns_nonnull));
void *mem_grow(void *, size_t size) __attribute__((returns_nonnull));
char *mem_strdup(const char *) __attribute__((malloc, returns_nonnull));
void mem_free(void *); /* NULL is fine */

#endif
