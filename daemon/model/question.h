/* What a meeting asks beyond the form's own fields, and what somebody said. */
#ifndef CONVENED_MODEL_QUESTION_H
#define CONVENED_MODEL_QUESTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/model/meeting.h"

struct arena;

enum question_kind {
    QUESTION_TEXT,
    QUESTION_LONG_TEXT,
    QUESTION_ONE,     /* one of its options */
    QUESTION_SEVERAL, /* any of them */
    QUESTION_YES_NO,  /* one of two options: the first is yes */
    QUESTION_NUMBER,  /* a whole one */
    QUESTION_DATE,    /* a day */
    QUESTION_KIND_COUNT,
};

#define QUESTION_TEXT_MOST 200  /* characters of an answer */
#define QUESTION_LONG_MOST 1000 /* below limits.form-value-bytes in any
                                   script */
#define QUESTION_NUMBER_MOST INT64_C(1000000000)
#define QUESTION_NO_LIMIT (-1) /* of an option's places */

/* Something to choose. */
struct option {
    int64_t id;
    int64_t position; /* from 1 */
    struct bilingual label;
    int64_t capacity; /* QUESTION_NO_LIMIT, or places */
    int64_t taken;    /* by those who are registered, wait or ask to be */
    int64_t past;     /* by those whose data was erased since */
};

struct question {
    int64_t id;
    int64_t meeting_id;
    int64_t position; /* from 1; by this number people speak of it */
    enum question_kind kind;
    struct bilingual label;
    struct bilingual help; /* may be empty */
    bool required;         /* of those to whom it is shown */
    int64_t least, most;   /* of a number */
    int64_t if_option;     /* shown only to those who chose it; 0: to all */
    int if_mode;           /* shown only in that mode; -1: in any */
    struct option *options;
    size_t option_count;
};

/* In the order of their positions. What a condition speaks of comes before. */
struct questions {
    struct question *items;
    size_t count;
};

/* What somebody said to one question. */
struct answer {
    int64_t question_id;
    const char *value;      /* NULL: it is about options */
    const int64_t *options; /* ids, in the order of their positions */
    size_t option_count;
};

/* Only what was answered. */
struct answers {
    struct answer *items;
    size_t count;
};

const char *question_kind_word(enum question_kind); /* "yes-no" */
bool question_kind_parse(const char *, enum question_kind *);
/* Is it answered by its options? */
bool question_has_options(const struct question *);
/* Is there a place left? */
bool option_is_free(const struct option *);

/* NULL: none of them. The question is also found by an option of its own. */
const struct question *question_find(const struct questions *, int64_t id);
const struct question *question_of_option(const struct questions *,
                                          int64_t option_id);
const struct option *option_find(const struct question *, int64_t id);

/* By its German label, which is one option's alone. */
struct option *option_by_label(const struct question *, const char *de);

/* NULL: not answered. */
const struct answer *answer_find(const struct answers *,
                                 int64_t question_id);
bool answer_has_option(const struct answers *, int64_t option_id);

/* "Suppe, Brot", or the value as it is stored. In the arena, or of the
 * answer. */
const char *answer_words(struct arena *, enum lang, const struct question *,
                         const struct answer *);
/* All of it in that arena. */
struct answers *answers_copy(struct arena *, const struct answers *);

/* Somebody who takes part in that mode (-1: not said yet) and has answered
 * this: is the question for them? Answers to questions that are not shown
 * must have been left out. */
bool question_is_shown(const struct question *, int mode,
                       const struct answers *);

#endif
