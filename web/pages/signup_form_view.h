/* One person's part of the form, as the page shows it. */
#ifndef CONVENED_PAGES_SIGNUP_FORM_VIEW_H
#define CONVENED_PAGES_SIGNUP_FORM_VIEW_H

#include "web/pages/page.h"
#include "web/pages/signup_party.h"

/* The form that is shown. */
struct signup_showing {
    const struct page *page;
    const struct signup_terms *terms;
    const struct signup_party *party;
};

/* One input, and the groups of the alliance (no items: it has none). */
void signup_input(const struct page *, const struct signup_form *,
                  enum signup_field, bool required, struct view_fields *);
void signup_benches(const struct page *, const struct signup_terms *,
                    const struct signup_form *, struct view_choices *);
/* What so many find in a mode who come there with this person; she counts
 * as one of them. */
enum vacancy signup_vacancy(const struct signup_showing *, size_t place,
                      enum mode);
/* Inputs, groups, mode, questions and support needs. */
void signup_lead_view(const struct signup_showing *, struct view_form *);
void signup_guest_view(const struct signup_showing *, size_t place,
                       struct view_guest *);
/* Adds to the summary what is wrong with a person's own fields, and then what
 * is with her answers and needs; and to `more` the questions that came up
 * only now. At most signup_faults_most() each. */
void signup_person_faults(const struct signup_showing *, size_t place,
                          const struct view_choices *mode,
                          struct view_form *);
size_t signup_faults_most(const struct signup_terms *);

#endif
