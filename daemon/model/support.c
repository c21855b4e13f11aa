#include "daemon/model/support.h"

#include <assert.h>

#include "daemon/base/arena.h"

bool support_is_empty(const struct support *support)
{
    return support->needs == 0 && (!support->words || !*support->words);
}

struct support support_copy(struct arena *arena, const struct support *from)
{
    return (struct support){
        from->needs, from->words ? arena_strdup(arena, from->words) : NULL
    };
}

const char *support_need_word(enum support_need need)
{
    static const char *const words[SUPPORT_NEED_COUNT] = {
        [SUPPORT_SIGN_LANGUAGE] = "sign-language",
        [SUPPORT_CAPTIONS] = "captions",
        [SUPPORT_WHEELCHAIR] = "wheelchair",
        [SUPPORT_ASSISTANCE] = "assistance",
        [SUPPORT_HEARING_LOOP] = "hearing-loop",
    };

    assert(need < SUPPORT_NEED_COUNT);
    return words[need];
}
