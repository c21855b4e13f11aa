#include "daemon/model/wish.h"

#include <assert.h>
#include <string.h>

const char *wish_wanted(const struct wish *wish, const char *field)
{
    for (size_t i = 0; i < wish->count; i++)
        if (strcmp(wish->values[i].field, field) == 0)
            return wish->values[i].wanted;
    return NULL;
}

const char *wish_kind_word(enum wish_kind kind)
{
    static const char *const words[WISH_KIND_COUNT] = {
        [WISH_CHANGE] = "change",
        [WISH_MODE] = "mode",
        [WISH_HANDOVER] = "handover",
    };

    assert(kind < WISH_KIND_COUNT);
    return words[kind];
}

bool wish_kind_parse(const char *word, enum wish_kind *kind)
{
    for (int i = 0; i < WISH_KIND_COUNT; i++)
        if (strcmp(word, wish_kind_word((enum wish_kind)i)) == 0) {
            *kind = (enum wish_kind)i;
            return true;
        }
    return false;
}
