#include "daemon/model/notice.h"

#include <assert.h>

const char *notice_kind_word(enum notice_kind kind)
{
    static const char *const words[NOTICE_KIND_COUNT] = {
        [NOTICE_DATA_PROTECTION] = "data-protection",
        [NOTICE_SUPPORT_CONSENT] = "support-needs",
    };

    assert(kind < NOTICE_KIND_COUNT);
    return words[kind];
}
