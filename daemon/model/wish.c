#include "daemon/model/wish.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/str.h"

#define CHOSEN_BYTES 21 /* of an option, and a space */

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
        [WISH_ANSWERS] = "answers",
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

/* ---- answers ---- */

static const char *field_of(struct arena *arena, int64_t question_id)
{
    return arena_printf(arena, "question-%" PRId64, question_id);
}

/* " 12 15 ": each between two spaces, to be found again. */
static const char *chosen(struct arena *arena, const struct answer *answer)
{
    struct str ids;

    str_init(&ids, arena, (answer->option_count + 1) * CHOSEN_BYTES);
    str_add(&ids, " ");
    for (size_t i = 0; i < answer->option_count; i++)
        str_addf(&ids, "%" PRId64 " ", answer->options[i]);
    return ids.data;
}

void wish_put_answers(struct arena *arena, const struct answers *answers,
                      struct wish *wish)
{
    wish->values = ARENA_ARRAY(arena, struct wish_value, answers->count);
    wish->count = answers->count;
    for (size_t i = 0; i < answers->count; i++) {
        const struct answer *answer = &answers->items[i];

        wish->values[i] = (struct wish_value){
            field_of(arena, answer->question_id),
            answer->value ? answer->value : chosen(arena, answer),
        };
    }
}

/* False: nothing of it is left. */
static bool take_answer(struct arena *arena, const struct question *question,
                        const char *wanted, struct answer *answer)
{
    int64_t *ids = ARENA_ARRAY(arena, int64_t, question->option_count);

    *answer = (struct answer){ .question_id = question->id, .options = ids };
    if (!question_has_options(question)) {
        answer->value = wanted;
        return true;
    }
    for (size_t i = 0; i < question->option_count; i++) {
        int64_t id = question->options[i].id;

        if (strstr(wanted, arena_printf(arena, " %" PRId64 " ", id)))
            ids[answer->option_count++] = id;
    }
    return answer->option_count > 0;
}

void wish_answers(struct arena *arena, const struct wish *wish,
                  const struct questions *questions, int mode,
                  struct answers *answers)
{
    *answers = (struct answers){
        ARENA_ARRAY(arena, struct answer, questions->count), 0
    };
    for (size_t i = 0; i < questions->count; i++) {
        const struct question *question = &questions->items[i];
        const char *wanted = wish_wanted(wish,
                                         field_of(arena, question->id));

        if (wanted && question_is_shown(question, mode, answers) &&
            take_answer(arena, question, wanted,
                        &answers->items[answers->count]))
            answers->count++;
    }
}
