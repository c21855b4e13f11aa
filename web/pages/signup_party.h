/* The form of the meeting's page as a whole: whoever fills it in, and those
 * whom she brings along. Knows neither the database nor the request. */
#ifndef CONVENED_PAGES_SIGNUP_PARTY_H
#define CONVENED_PAGES_SIGNUP_PARTY_H

#include "web/pages/signup_form.h"

/* What the page draws attention to after a button that edits the form. */
enum signup_focus { SIGNUP_FOCUS_NONE, SIGNUP_FOCUS_LAST, SIGNUP_FOCUS_ADD };

struct signup_party {
    struct signup_form people[SIGNUP_PEOPLE_MOST]; /* [0]: the lead */
    size_t count;
    enum signup_focus focus;
    bool refused; /* there was no room for all of them */
};

/* The lead alone, nothing typed. */
void signup_party_clear(struct signup_party *, bool invite);
/* The values live as long as the form's body. */
void signup_party_read(struct arena *, const struct signup_terms *,
                       const struct form *, struct signup_party *);
/* Was a button pressed that adds a person or removes one? Then that is done;
 * the meeting takes that many people in one form. */
bool signup_party_edit(const struct form *, int64_t most,
                       struct signup_party *);
/* False: some error says what to do. One answer for each person; who has no
 * address of her own has NULL. Nobody may stand in it twice. */
bool signup_party_check(struct arena *, enum lang,
                        const struct signup_terms *, struct signup_party *,
                        struct signup_answer answers[SIGNUP_PEOPLE_MOST]);
bool signup_party_has_errors(const struct signup_party *);
/* A seat of that mode, be it chosen or the only one. */
bool signup_wants(const struct signup_form *, const struct pools *,
                  enum mode);
/* How many want a seat of that mode. Who has not chosen yet is not counted
 * where there is a choice. */
int64_t signup_party_count(const struct signup_party *,
                           const struct pools *, enum mode);
/* There was no room for all of them: says so at the mode of each of whom it
 * is true and who has a choice. NULL, or the words for all of them. */
const char *signup_party_refuse(struct arena *, enum lang,
                                const struct signup_terms *,
                                struct signup_party *);
/* "There are 3 of you, but only 2 places are left on site …", and what to do
 * about it. */
const char *signup_shortage_words(struct arena *, enum lang,
                                  const struct signup_terms *, enum mode,
                                  int64_t people);
/* Fills the view but action, stamp and what the site says. */
void signup_party_view(const struct page *, const struct signup_terms *,
                       const struct signup_party *, struct view_form *);

#endif
