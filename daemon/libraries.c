#include "daemon/libraries.h"

#include <event2/event.h>
#include <jansson.h>

#include "calendars/feed.h"
#include "daemon/base/mem.h"

static void *take(size_t size)
{
    return mem_grow(NULL, size);
}

void libraries_start(void)
{
    event_set_mem_functions(take, mem_grow, mem_free);
    json_set_alloc_funcs(take, mem_free);
    feed_library_start();
}
