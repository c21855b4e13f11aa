#include "daemon/rules/answer_change.h"

#include "daemon/base/arena.h"
#include "daemon/rules/standing.h"
#include "daemon/store/answer_store.h"
#include "daemon/store/question_store.h"

enum answer_outcome answers_gate(const struct turn *turn,
                                 const struct registration *r)
{
    switch (change_gate(turn, r, false)) {
    case CHANGE_MADE:
        return ANSWERS_CHANGED;
    case CHANGE_LATE:
        return ANSWERS_LATE;
    default:
        return ANSWERS_CLOSED;
    }
}

/* The log speaks German where it quotes the organiser. */
static const char *in_words(struct turn *turn, const struct question *question,
                            const struct answer *answer)
{
    return answer ? answer_words(turn->arena, LANG_DE, question, answer)
                  : NULL;
}

static enum rc note(struct turn *turn, const struct registration *r,
                    const struct answer_changes *changes, struct err *err)
{
    struct audit_change *all = ARENA_ARRAY(turn->arena, struct audit_change,
                                           changes->count);

    for (size_t i = 0; i < changes->count; i++) {
        const struct answer_change *change = &changes->items[i];

        all[i] = (struct audit_change){
            change->question->label.de,
            in_words(turn, change->question, change->was),
            in_words(turn, change->question, change->became),
        };
    }
    return turn_note_changes(turn, r, "change", all, changes->count, err);
}

enum rc answers_note(struct turn *turn, const struct registration *r,
                     const struct answers *before, struct err *err)
{
    struct reader *reader = writer_reader(turn->writer);
    struct questions questions;
    struct answers after;
    struct answer_changes changes = { 0 };
    enum rc rc = question_list(reader, turn->arena, r->meeting_id,
                               &questions, err);

    if (rc == RC_OK)
        rc = answer_list(reader, turn->arena, r->id, &after, err);
    if (rc == RC_OK)
        answers_compare(turn->arena, &questions, before, &after, &changes);
    return changes.count > 0 ? note(turn, r, &changes, err) : rc;
}

enum rc answers_differ(struct turn *turn, const struct registration *r,
                       const struct answers *answers,
                       struct answer_changes *changes, struct err *err)
{
    struct reader *reader = writer_reader(turn->writer);
    struct questions *questions = ARENA_NEW(turn->arena, struct questions);
    struct answers *before = ARENA_NEW(turn->arena, struct answers);
    enum rc rc = question_list(reader, turn->arena, r->meeting_id, questions,
                               err);

    if (rc == RC_OK)
        rc = answer_list(reader, turn->arena, r->id, before, err);
    if (rc == RC_OK)
        answers_compare(turn->arena, questions, before, answers, changes);
    return rc;
}

static enum rc replace(struct turn *turn, const struct registration *r,
                       const struct answers *answers,
                       enum answer_outcome *outcome,
                       struct answers_misfit *misfit, struct err *err)
{
    struct answer_changes changes = { 0 };
    enum rc rc = answers_differ(turn, r, answers, &changes, err);

    if (rc == RC_OK)
        rc = answers_fit(writer_reader(turn->writer), &answers, 1, r->id,
                         misfit, err);
    if (rc != RC_OK)
        return rc;
    *outcome = misfit->option_id ? ANSWERS_FULL
             : changes.count == 0 ? ANSWERS_SAME : ANSWERS_CHANGED;
    if (*outcome != ANSWERS_CHANGED)
        return RC_OK;
    turn->seats = true; /* pages show what is left of options too */
    rc = answers_write(turn->writer, r->id, answers, err);
    return rc == RC_OK ? note(turn, r, &changes, err) : rc;
}

enum rc answers_change(struct turn *turn, const struct id *registration,
                       const struct answers *answers,
                       enum answer_outcome *outcome,
                       struct answers_misfit *misfit, struct err *err)
{
    struct registration r;
    enum rc rc = turn_begin_by_link(turn, registration, &r, err);

    if (rc != RC_OK)
        return rc;
    *outcome = answers_gate(turn, &r);
    return *outcome == ANSWERS_CHANGED
        ? replace(turn, &r, answers, outcome, misfit, err) : RC_OK;
}

enum rc answers_granted(struct turn *turn, const struct registration *r,
                        const struct answers *answers,
                        enum answer_outcome *outcome,
                        struct answers_misfit *misfit, struct err *err)
{
    const struct standing s = standing_before(r);
    enum rc rc = replace(turn, r, answers, outcome, misfit, err);

    return rc == RC_OK && *outcome == ANSWERS_CHANGED &&
                   r->state == REG_REGISTERED
        ? standing_tell(turn, &s, 1, LETTER_CHANGED, err) : rc;
}
