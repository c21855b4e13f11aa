#include "web/pages/ask_answers.h"

#include "daemon/base/arena.h"
#include "daemon/store/answer_store.h"
#include "daemon/store/question_store.h"
#include "web/view/words.h"

enum rc ask_given_load(struct reader *reader, struct arena *arena,
                       int64_t meeting_id, int64_t registration_id,
                       struct ask_given *given, struct err *err)
{
    enum rc rc = question_list(reader, arena, meeting_id, &given->questions,
                               err);

    given->answers = (struct answers){ 0 };
    return rc == RC_OK && given->questions.count > 0
        ? answer_list(reader, arena, registration_id, &given->answers, err)
        : rc;
}

void ask_entries(struct arena *arena, enum lang lang,
                 const struct questions *questions,
                 const struct answers *answers, struct view_entries *entries)
{
    struct view_entry *items = ARENA_ARRAY(
        arena, struct view_entry, entries->count + questions->count);

    for (size_t i = 0; i < entries->count; i++)
        items[i] = entries->items[i];
    entries->items = items;
    for (size_t i = 0; i < questions->count; i++) {
        const struct question *question = &questions->items[i];
        const char *words =
            words_answer(arena, lang, question,
                         answer_find(answers, question->id));

        if (*words)
            items[entries->count++] = (struct view_entry){
                lang_pick(&question->label, lang), words
            };
    }
}
