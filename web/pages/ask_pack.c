/* Answers as a text that travels in a receipt. */
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/parse.h"
#include "daemon/base/str.h"
#include "daemon/base/text.h"
#include "web/pages/ask_answers.h"

/* No answer holds it: ask_form refuses controls. */
#define END '\x1e'
#define END_TEXT "\x1e"
#define PACKED_MOST 65536

/* "12=text" or "12:34,35", and its end. */
static const char *pack_one(struct arena *arena, const struct answer *answer,
                            size_t longest)
{
    struct str out;

    str_init(&out, arena, PACKED_MOST);
    str_addf(&out, "%lld%c", (long long)answer->question_id,
             answer->value ? '=' : ':');
    if (answer->value && strlen(answer->value) > longest)
        str_addf(&out, "%s…", text_cut(arena, answer->value, longest));
    else if (answer->value)
        str_add(&out, answer->value);
    for (size_t i = 0; !answer->value && i < answer->option_count; i++)
        str_addf(&out, "%s%lld", i ? "," : "",
                 (long long)answer->options[i]);
    str_add_char(&out, END);
    return out.data;
}

/* False: the last ones had no room. */
static bool pack_all(struct arena *arena, const struct answers *answers,
                     size_t longest, size_t most, struct str *out)
{
    str_init(out, arena, PACKED_MOST);
    for (size_t i = 0; i < answers->count; i++) {
        const char *one = pack_one(arena, &answers->items[i], longest);

        if (out->length + strlen(one) > most)
            return false;
        str_add(out, one);
    }
    return true;
}

const char *ask_pack(struct arena *arena, const struct answers *answers,
                     size_t most)
{
    static const size_t longest[] = { PACKED_MOST, 300, 120, 60, 20 };
    struct str out;

    for (size_t i = 0; i < sizeof longest / sizeof *longest; i++)
        if (pack_all(arena, answers, longest[i], most, &out))
            break;
    return out.data;
}

static bool unpack_options(struct arena *arena, char *list,
                           struct answer *answer)
{
    int64_t *ids = ARENA_ARRAY(arena, int64_t, strlen(list) / 2 + 1);
    char *one;

    answer->options = ids;
    while ((one = strsep(&list, ",")) != NULL)
        if (!parse_int(one, 1, INT64_MAX, &ids[answer->option_count++]))
            return false;
    return true;
}

static bool unpack_one(struct arena *arena, char *packed,
                       struct answer *answer)
{
    size_t digits = strspn(packed, "0123456789");
    char kind = packed[digits];

    *answer = (struct answer){ 0 };
    packed[digits] = '\0';
    if ((kind != '=' && kind != ':') ||
        !parse_int(packed, 1, INT64_MAX, &answer->question_id))
        return false;
    if (kind == ':')
        return unpack_options(arena, packed + digits + 1, answer);
    answer->value = packed + digits + 1;
    return true;
}

bool ask_unpack(struct arena *arena, const char *packed,
                struct answers *answers)
{
    char *rest = arena_strdup(arena, packed), *one;
    size_t most = 0;

    for (const char *c = packed; *c; c++)
        most += *c == END;
    *answers = (struct answers){ ARENA_ARRAY(arena, struct answer, most), 0 };
    while (answers->count < most && (one = strsep(&rest, END_TEXT)) != NULL)
        if (!unpack_one(arena, one, &answers->items[answers->count++]))
            return false;
    return !rest || !*rest;
}
