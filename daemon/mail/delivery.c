#include "daemon/mail/delivery.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "daemon/base/text.h"

#define REMARK_MOST 200

static const char *const words[] = {
    [DELIVERY_SENT] = "sent",
    [DELIVERY_LATER] = "later",
    [DELIVERY_REFUSED] = "refused",
};

const char *delivery_word(enum delivery delivery)
{
    return words[delivery];
}

bool delivery_parse(const char *word, enum delivery *delivery)
{
    for (size_t i = 0; word && i < sizeof words / sizeof *words; i++)
        if (strcmp(word, words[i]) == 0) {
            *delivery = (enum delivery)i;
            return true;
        }
    return false;
}

char *delivery_remark(struct arena *arena, const char *remark)
{
    char *clean = text_cut(arena, remark, REMARK_MOST);

    for (char *at = clean; *at; at++)
        if (iscntrl((unsigned char)*at))
            *at = ' ';
    return clean;
}
