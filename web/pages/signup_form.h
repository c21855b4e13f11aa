/* The form of the meeting's page: its fields, what is checked, what is said.
 * Knows neither the database nor the request: one table, pure functions. */
#ifndef CONVENED_PAGES_SIGNUP_FORM_H
#define CONVENED_PAGES_SIGNUP_FORM_H

#include <stdbool.h>

#include "daemon/model/meeting.h"
#include "daemon/model/registration.h"
#include "web/pages/ask_form.h"
#include "web/pages/support_form.h"
#include "web/view/views.h"

struct arena;
struct form;
struct page;

enum signup_field {
    SIGNUP_GIVEN,
    SIGNUP_FAMILY,
    SIGNUP_TITLE,
    SIGNUP_EMAIL,
    SIGNUP_ORGANISATION,
    SIGNUP_POSITION,
    SIGNUP_BENCH,
    SIGNUP_MODE,
    SIGNUP_INVITE,
    SIGNUP_FIELD_COUNT,
};

#define SIGNUP_NAME_MOST 100 /* characters (EXPERIENCE A2) */

/* What was typed, word for word, and what is wrong with it. */
struct signup_form {
    const char *value[SIGNUP_FIELD_COUNT]; /* never NULL */
    const char *error[SIGNUP_FIELD_COUNT]; /* NULL: fine */
    const char *asked; /* the address that was doubted; NULL or "": none */
    struct ask_form ask; /* the meeting's questions; no entries: not read */
    enum ask_verdict ask_verdict;
    struct support_form support;
};

/* What the meeting asks. */
struct signup_terms {
    const struct meeting *meeting;
    const struct pools *pools;
    const struct benches *benches;
    const struct questions *questions; /* NULL: none are asked */
};

/* What the form says, cleaned and checked. */
struct signup_answer {
    struct person person;
    enum mode mode;
    bool wants_invite;
    struct answers answers;
    struct support support; /* empty: nothing was said */
};

void signup_form_clear(struct signup_form *, bool invite);
/* The values live as long as the form's body. */
void signup_form_read(struct arena *, const struct signup_terms *,
                      const struct form *, struct signup_form *);
/* What the meeting asks in this form. */
struct ask_about signup_form_ask_about(const struct signup_terms *);
/* False: some error[] says what to do, or a question came up only now. */
bool signup_form_check(struct arena *, enum lang, const struct signup_terms *,
                       struct signup_form *, struct signup_answer *);
bool signup_form_has_errors(const struct signup_form *);
/* Fills the view but action, stamp and what the alliance and the site say. */
void signup_form_view(const struct page *, const struct signup_terms *,
                      const struct signup_form *, struct view_form *);
/* Its name in the body: "family-name". */
const char *signup_field_name(enum signup_field);
/* As in the form, without "(optional)". */
const char *signup_field_label(enum lang, enum signup_field);

#endif
