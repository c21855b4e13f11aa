/* The block of a form in which people say what they need in order to take
 * part well, with the consent to it (EXPERIENCE A7). One person's fields are
 * told from another's by a suffix: "" for the first, "-2", "-3" … Knows
 * neither the database nor the request. A form with it:
 *
 *   support_form_read(form, suffix, &typed)        or support_form_stored()
 *   support_form_check(arena, lang, &typed, &support)  false: 422
 *   support_form_view(page, meeting, alliance, suffix, &typed, &view)
 *   support_form_faults(page, suffix, &typed, &view.errors)
 *   {% include "support.html" v.support %}
 *   support_write(…, &support, support_form_consent(arena, lang), …)
 */
#ifndef CONVENED_PAGES_SUPPORT_FORM_H
#define CONVENED_PAGES_SUPPORT_FORM_H

#include <stdbool.h>

#include "daemon/model/alliance.h"
#include "daemon/model/meeting.h"
#include "daemon/model/notice.h"
#include "daemon/model/support.h"
#include "web/view/views.h"

struct arena;
struct form;
struct page;

#define SUPPORT_WORDS_MOST 1000 /* characters */
#define SUPPORT_FAULTS 2 /* what support_form_faults() adds at most */

/* What was typed, and what is wrong with it. Zeroed: nothing. */
struct support_form {
    bool ticked[SUPPORT_NEED_COUNT];
    const char *words; /* word for word; may be NULL */
    bool consent;
    const char *words_error, *consent_error; /* NULL: fine */
};

/* The values live as long as the form's body. */
void support_form_read(struct arena *, const struct form *,
                       const char *suffix, struct support_form *);
/* What was said before, consent included. */
void support_form_stored(const struct support *, struct support_form *);
/* Cleaned; empty if nothing was said, with the box ticked or not. False: some
 * error says what to do, and nothing may be stored. */
bool support_form_check(struct arena *, enum lang, struct support_form *,
                        struct support *);
bool support_form_has_errors(const struct support_form *);
/* The words beside the box, as people agree to them. */
const struct notice *support_form_consent(struct arena *, enum lang);
/* Is it asked for now? Until the meeting is over. */
bool support_form_is_asked(const struct meeting *, int64_t now);

/* Whom to call stands in the block of the first person alone. */
void support_form_view(const struct page *, const struct meeting *,
                       const struct alliance *, const char *suffix,
                       const struct support_form *, struct view_support *);
/* Adds to the summary of a form's faults, which has room. */
void support_form_faults(const struct page *, const char *suffix,
                         const struct support_form *, struct view_faults *);
/* "support-wheelchair-2": the name and the id of a field. */
const char *support_form_name(struct arena *, const char *what,
                              const char *suffix);
/* All that was ticked, with commas; NULL: nothing. */
const char *support_needs_words(struct arena *, enum lang,
                                const struct support *);

#endif
