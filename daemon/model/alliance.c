#include "daemon/model/alliance.h"

const struct alliance *alliance_find(const struct alliances *all, int64_t id)
{
    for (size_t i = 0; i < all->count; i++)
        if (all->items[i].id == id)
            return &all->items[i];
    return NULL;
}
