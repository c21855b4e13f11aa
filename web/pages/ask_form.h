/* A meeting's own questions in a form, for one person of it. Knows neither the
 * database nor the request. A form with several people calls it once for each
 * with a suffix of its own ("", "-2", "-3" …), which ends all names and ids.
 *
 * A question that hangs on an answer or on the mode is in the page but hidden
 * until its condition holds. A script (web/static/form.js) shows it at once.
 * Without one the form comes back: ask_form_check() says ASK_MORE if a
 * question's condition holds that was not in sight when the form was sent.
 * What was answered to questions that are not shown is dropped. */
#ifndef CONVENED_PAGES_ASK_FORM_H
#define CONVENED_PAGES_ASK_FORM_H

#include <stdbool.h>

#include "daemon/model/question.h"
#include "web/view/views.h"

struct arena;
struct form;

/* What is asked of whom. */
struct ask_about {
    struct questions questions;
    const char *suffix;         /* "" for the first person */
    const struct answers *held; /* what she has already, whose options stay
                                   open to her; NULL: nothing */
    bool mode_asked;            /* it stands in this form, named "mode" and
                                   the suffix */
};

/* One question as it was filled in; there are as many as questions. */
struct ask_entry {
    const char *typed; /* of an input; never NULL */
    bool *chosen;      /* by the number of the option */
    bool unknown;      /* an option was sent that is not there any more */
    bool seen;         /* it was in sight when the form was sent */
    bool shown;        /* its condition holds */
    const char *error; /* NULL: fine */
};

struct ask_form {
    struct ask_about about;
    struct ask_entry *entries;
};

enum ask_verdict {
    ASK_FINE,
    ASK_MORE,  /* nothing is wrong, but a question came up only now */
    ASK_WRONG, /* an entry's error says what to do */
};

/* Nothing is filled in. */
void ask_form_clear(struct arena *, const struct ask_about *,
                    struct ask_form *);
/* As it was answered before. */
void ask_form_load(struct arena *, const struct ask_about *,
                   const struct answers *, struct ask_form *);
/* As it was sent; the values live as long as the form's body. */
void ask_form_read(struct arena *, const struct form *,
                   const struct ask_about *, struct ask_form *);
/* `mode`: in which she takes part, -1 if that is not known. The answers are
 * those to questions that are shown to her, cleaned. */
enum ask_verdict ask_form_check(struct arena *, enum lang, int mode,
                                struct ask_form *, struct answers *);
/* The option filled up while the form was on its way: says so at its
 * question, as ask_form_check() would. False: it was not chosen here. */
bool ask_form_refuse(struct arena *, enum lang, struct ask_form *,
                     int64_t option_id);

/* As the page shows it; no items: nothing is asked. */
void ask_form_view(struct arena *, enum lang, int mode, struct ask_form *,
                   struct view_questions *);
/* For the summary box: a link to each fault, and to each question that came
 * up only now. Both are added to what is there; there is room for one per
 * question. */
void ask_form_faults(struct arena *, const struct ask_form *,
                     struct view_faults *);
void ask_form_more(struct arena *, enum lang, const struct ask_form *,
                   struct view_faults *);

/* "q12-2": of the field, and (inputs) its id. */
const char *ask_form_name(struct arena *, const struct ask_about *,
                          const struct question *);
/* Does this option stay open to her? */
bool ask_form_is_open(const struct ask_about *, const struct option *);

#endif
