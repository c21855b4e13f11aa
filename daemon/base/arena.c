#include "daemon/base/arena.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "daemon/base/mem.h"

#define ALIGNMENT (_Alignof(max_align_t))
#define BLOCK_ROOM 4096

/* Sanitizer builds give every object a block of its own, so that a byte
 * beyond it is seen. */
#ifdef SANITIZED
#define SHARE_BLOCKS 0
#else
#define SHARE_BLOCKS 1
#endif

struct block {
    struct block *next;
    size_t room, used;
    _Alignas(max_align_t) unsigned char bytes[];
};

struct arena {
    struct block *newest;
};

struct arena *arena_new(void)
{
    return mem_new(sizeof(struct arena));
}

void arena_free(struct arena **arena)
{
    if (!*arena)
        return;
    for (struct block *block = (*arena)->newest; block;) {
        struct block *next = block->next;

        mem_free(block);
        block = next;
    }
    mem_free(*arena);
    *arena = NULL;
}

static struct block *block_add(struct arena *arena, size_t room)
{
    /* A shared block is zeroed as it is used: most of it never is. */
    struct block *block = room == BLOCK_ROOM
        ? mem_grow(NULL, sizeof *block + room)
        : mem_new(sizeof *block + room);

    block->used = 0;
    block->room = room;
    /* A large object must not push out the block that still has room. */
    if (arena->newest && room > BLOCK_ROOM) {
        block->next = arena->newest->next;
        arena->newest->next = block;
    } else {
        block->next = arena->newest;
        arena->newest = block;
    }
    return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    size_t need = (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
    struct block *block = arena->newest;

    assert(need >= size);
    if (!SHARE_BLOCKS)
        block = block_add(arena, size);
    else if (!block || block->room - block->used < need)
        block = block_add(arena, need > BLOCK_ROOM ? need : BLOCK_ROOM);

    void *memory = block->bytes + block->used;
    block->used += SHARE_BLOCKS ? need : size;
    if (block->room == BLOCK_ROOM)
        memset(memory, 0, size);
    return memory;
}

void *arena_memdup(struct arena *arena, const void *data, size_t length)
{
    void *copy = arena_alloc(arena, length);

    if (length)
        memcpy(copy, data, length);
    return copy;
}

char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
    char *copy = arena_alloc(arena, length + 1);

    if (length)
        memcpy(copy, text, length);
    return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
    return arena_strndup(arena, text, strlen(text));
}

char *arena_vprintf(struct arena *arena, const char *format, va_list list)
{
    va_list again;

    va_copy(again, list);
    int length = vsnprintf(NULL, 0, format, list);
    assert(length >= 0);
    char *text = arena_alloc(arena, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    char *text = arena_vprintf(arena, format, list);
    va_end(list);
    return text;
}
