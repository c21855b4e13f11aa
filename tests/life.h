/* What may happen to registrations, for the tests of rules: each deed is one
 * transaction and says the rule's outcome. */
#ifndef CONVENED_TESTS_LIFE_H
#define CONVENED_TESTS_LIFE_H

#include "daemon/model/letter.h"
#include "daemon/model/registration.h"
#include "daemon/rules/expire.h"
#include "tests/store_house.h"

/* A meeting with that many seats on site, and a waiting list. */
struct house *life_open(void **state, int64_t seats);
/* Writes the terms that stand in house->meeting. */
void life_set_terms(struct house *);
/* Smaller parties may pass larger ones. */
void life_let_pass(struct house *);

/* Somebody of that name, with so many companions who have no address; all
 * agree to wait. */
struct signup_result life_come(struct house *, int64_t now, const char *name,
                               size_t guests);
/* The same at NOON, and it ends so. */
struct registration life_in(struct house *, const char *name, size_t guests,
                            enum signup_outcome);

void life_cancel(struct house *, const struct registration *, bool party);
int life_undo(struct house *, int64_t now, const struct registration *,
              bool may_wait);
int life_confirm(struct house *, int64_t now, const struct registration *);
int life_claim(struct house *, int64_t now, const struct registration *);
int life_decide(struct house *, const struct registration *, bool approved);
/* The seats on site. */
void life_raise(struct house *, int64_t now, int64_t capacity);
/* Until nothing is due any more; all that came of it. */
struct expired life_expire(struct house *, int64_t now);
/* The meeting does not take place. */
void life_call_off(struct house *, int64_t now);

int life_state(struct house *, const struct registration *);
int64_t life_letters(struct house *, const struct registration *,
                     enum letter_kind);

#endif
