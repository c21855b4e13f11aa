/* What the codes of a registration are called on pages and in tables. */
#ifndef CONVENED_VIEW_WORDS_H
#define CONVENED_VIEW_WORDS_H

#include "daemon/model/registration.h"
#include "daemon/model/support.h"

const char *words_state(enum lang, enum registration_state);
/* "Vor Ort", "Online" */
const char *words_mode(enum lang, enum mode);
/* "Sign language interpreting (DGS)" */
const char *words_need(enum lang, enum support_need);

#endif
