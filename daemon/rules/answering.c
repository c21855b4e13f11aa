#include "daemon/rules/answering.h"

#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/store/answer_store.h"
#include "daemon/store/question_store.h"

/* How often an option was chosen by the first `count` people. */
static int64_t wanted(const struct answers *const *people, size_t count,
                      int64_t option_id)
{
    int64_t wishes = 0;

    for (size_t i = 0; i < count; i++)
        if (people[i] && answer_has_option(people[i], option_id))
            wishes++;
    return wishes;
}

/* One person's answer; those before have their places already. */
static enum rc fit_one(struct reader *reader,
                       const struct answers *const *people, size_t person,
                       const struct answer *answer, int64_t registration_id,
                       struct answers_misfit *misfit, struct err *err)
{
    for (size_t i = 0; i < answer->option_count; i++) {
        int64_t id = answer->options[i], left = 0;
        enum rc rc = option_left(reader, id, registration_id, &left, err);

        if (rc == RC_FAIL)
            return rc;
        if (rc == RC_OK && wanted(people, person + 1, id) > left) {
            *misfit = (struct answers_misfit){ id, person };
            return RC_OK;
        }
    }
    return RC_OK;
}

enum rc answers_fit(struct reader *reader,
                    const struct answers *const *people, size_t count,
                    int64_t registration_id, struct answers_misfit *misfit,
                    struct err *err)
{
    enum rc rc = RC_OK;

    *misfit = (struct answers_misfit){ 0 };
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; people[i] && j < people[i]->count; j++) {
            rc = fit_one(reader, people, i, &people[i]->items[j],
                         registration_id, misfit, err);
            if (rc != RC_OK || misfit->option_id)
                return rc;
        }
    return rc;
}

/* An option that is gone by now left no row, and takes no place. */
static enum rc take_places(struct writer *writer, int64_t registration_id,
                           const struct answer *answer, struct err *err)
{
    struct reader *reader = writer_reader(writer);

    for (size_t i = 0; i < answer->option_count; i++) {
        bool taken = false;
        int64_t left = 0;
        enum rc rc = option_left(reader, answer->options[i], 0, &left, err);

        if (rc == RC_NOT_FOUND)
            continue;
        if (rc == RC_OK)
            rc = answer_take(writer, registration_id, answer->options[i],
                             &taken, err);
        if (rc != RC_OK)
            return rc;
        if (!taken)
            return err_set(err, "option %lld is full, and nobody asked",
                           (long long)answer->options[i]);
    }
    return RC_OK;
}

enum rc answers_add(struct writer *writer, int64_t registration_id,
                    const struct answers *answers, struct err *err)
{
    enum rc rc = RC_OK;

    for (size_t i = 0; rc == RC_OK && i < answers->count; i++) {
        rc = answer_insert(writer, registration_id, &answers->items[i], err);
        if (rc == RC_OK)
            rc = take_places(writer, registration_id, &answers->items[i],
                             err);
    }
    return rc;
}

enum rc answers_clear(struct writer *writer, int64_t registration_id,
                      struct err *err)
{
    enum rc rc = answer_release(writer, registration_id, err);

    return rc == RC_OK ? answer_delete(writer, registration_id, err) : rc;
}

enum rc answers_write(struct writer *writer, int64_t registration_id,
                      const struct answers *answers, struct err *err)
{
    enum rc rc = answers_clear(writer, registration_id, err);

    return rc == RC_OK ? answers_add(writer, registration_id, answers, err)
                       : rc;
}

enum rc answers_take_again(struct writer *writer, struct arena *arena,
                           int64_t registration_id, size_t *lost,
                           struct err *err)
{
    struct answers answers;
    enum rc rc = answer_release(writer, registration_id, err);

    *lost = 0;
    if (rc == RC_OK)
        rc = answer_list(writer_reader(writer), arena, registration_id,
                         &answers, err);
    for (size_t i = 0; rc == RC_OK && i < answers.count; i++)
        for (size_t j = 0; rc == RC_OK &&
             j < answers.items[i].option_count; j++) {
            int64_t id = answers.items[i].options[j];
            bool taken = false;

            rc = answer_take(writer, registration_id, id, &taken, err);
            if (rc == RC_OK && !taken) {
                rc = answer_forget(writer, registration_id, id, err);
                ++*lost;
            }
        }
    return rc;
}

enum rc answers_follow_mode(struct writer *writer, struct arena *arena,
                            const struct registration *r, struct err *err)
{
    struct reader *reader = writer_reader(writer);
    struct questions questions;
    struct answers all, kept;
    enum rc rc = answer_list(reader, arena, r->id, &all, err);

    if (rc == RC_OK && all.count > 0)
        rc = question_list(reader, arena, r->meeting_id, &questions, err);
    if (rc != RC_OK || all.count == 0)
        return rc;
    kept = (struct answers){
        ARENA_ARRAY(arena, struct answer, questions.count), 0
    };
    for (size_t i = 0; i < questions.count; i++) {
        const struct question *question = &questions.items[i];
        const struct answer *answer = answer_find(&all, question->id);

        if (answer && question_is_shown(question, (int)r->mode, &kept))
            kept.items[kept.count++] = *answer;
    }
    return kept.count < all.count
        ? answers_write(writer, r->id, &kept, err) : RC_OK;
}

static bool same(const struct answer *one, const struct answer *other)
{
    if (!one || !other)
        return one == other;
    if (one->value || other->value)
        return one->value && other->value &&
               strcmp(one->value, other->value) == 0;
    return one->option_count == other->option_count &&
           (one->option_count == 0 ||
            memcmp(one->options, other->options,
                   one->option_count * sizeof *one->options) == 0);
}

void answers_compare(struct arena *arena, const struct questions *questions,
                     const struct answers *before,
                     const struct answers *after, struct answer_changes *out)
{
    *out = (struct answer_changes){
        ARENA_ARRAY(arena, struct answer_change, questions->count), 0
    };
    for (size_t i = 0; i < questions->count; i++) {
        const struct question *question = &questions->items[i];
        const struct answer *was = answer_find(before, question->id);
        const struct answer *became = answer_find(after, question->id);

        if (!same(was, became))
            out->items[out->count++] =
                (struct answer_change){ question, was, became };
    }
}
