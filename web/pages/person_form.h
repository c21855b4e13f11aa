/* The fields of one person, behind the mailed link: her own, or those of
 * whoever gets her place. They are those of the meeting's form, with its
 * checks. */
#ifndef CONVENED_PAGES_PERSON_FORM_H
#define CONVENED_PAGES_PERSON_FORM_H

#include "web/pages/mine.h"
#include "web/pages/signup_form.h"

struct request;

/* As we have them. */
void person_form_load(const struct page *, const struct registration *,
                      struct signup_form *);
/* Nothing but the organisation: a colleague's. */
void person_form_clear(const struct registration *, struct signup_form *);
/* As they were sent; the values live as long as the form's body. */
void person_form_read(const struct request *, struct signup_form *);
/* False: some error says what to do. `somebody_else`: then an address is
 * asked for. */
bool person_form_check(const struct page *, const struct mine *,
                       bool somebody_else, struct signup_form *,
                       struct signup_answer *);
void person_form_view(const struct page *, const struct mine *,
                      bool somebody_else, const struct signup_form *,
                      struct view_person *);

#endif
