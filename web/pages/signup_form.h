/* One person in the form of the meeting's page: her fields, what is checked,
 * what is said. Knows neither the database nor the request: one table, pure
 * functions. */
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
#define SIGNUP_PEOPLE_MOST 10 /* in one form, at any meeting */

/* What was typed, word for word, and what is wrong with it. */
struct signup_form {
    size_t place; /* in the whole form; 0: whoever fills it in, the lead.
                     Those whom she brings along have fewer fields. */
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
    const struct alliance *alliance;   /* for the view alone */
};

/* What the form says, cleaned and checked. */
struct signup_answer {
    struct person person;
    enum mode mode;
    bool may_wait; /* on the waiting list, if it is full */
    bool wants_invite;
    struct answers answers;
    struct support support; /* empty: nothing was said */
};

/* What ends the names of that person's fields: "", "-2", "-3" … */
const char *signup_suffix(size_t place);
/* Has that person this field? */
bool signup_asks(size_t place, enum signup_field);
void signup_form_clear(struct signup_form *, size_t place, bool invite);
/* The values live as long as the form's body. */
void signup_form_read(struct arena *, const struct signup_terms *,
                      const struct form *, size_t place,
                      struct signup_form *);
/* What the meeting asks of that person. */
struct ask_about signup_form_ask_about(const struct signup_terms *,
                                       size_t place);
/* False: some error[] says what to do, or a question came up only now. */
bool signup_form_check(struct arena *, enum lang, const struct signup_terms *,
                       struct signup_form *, struct signup_answer *);
bool signup_form_has_errors(const struct signup_form *);
/* "onsite", or "onsite-waiting": there, and on the waiting list if it is
 * full. False: neither. */
bool signup_wish_parse(const char *, enum mode *, bool *may_wait);
const char *signup_wish_word(enum mode, bool may_wait);
/* A meeting of one mode does not ask for it. */
bool signup_only_mode(const struct pools *, enum mode *);
/* Its name in the body, without suffix: "family-name". */
const char *signup_field_name(enum signup_field);
/* As in the form, without "(optional)". */
const char *signup_field_label(enum lang, enum signup_field);

#endif
