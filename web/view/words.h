/* What codes are called on pages and in tables. */
#ifndef CONVENED_VIEW_WORDS_H
#define CONVENED_VIEW_WORDS_H

#include "daemon/base/address.h"
#include "daemon/model/question.h"
#include "daemon/model/registration.h"
#include "daemon/model/support.h"

struct arena;

const char *words_state(enum lang, enum registration_state);
/* "Vor Ort", "Online" */
const char *words_mode(enum lang, enum mode);
/* "3", "Vor Ort: 3" for somebody who has another mode, or until when a seat is
 * offered. */
const char *words_place(struct arena *, enum lang, const char *zone,
                        const struct queue_place *, enum mode own);
/* What to do about an address that was refused, in English for tr(); NULL:
 * nothing. */
const char *words_address_advice(enum address_verdict);
/* "Suppe, Brot", "7. März 2027"; "" for NULL. In the arena. */
const char *words_answer(struct arena *, enum lang, const struct question *,
                         const struct answer *);
/* "Sign language interpreting (DGS)" */
const char *words_need(enum lang, enum support_need);

#endif
