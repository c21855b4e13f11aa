/* What somebody needs in order to take part well. It may say something about
 * their health (DSGVO Art. 9), and so it is kept apart from the rest of a
 * registration: a consent of its own, no list but its own, and gone before
 * the rest (rules/promise.h). */
#ifndef CONVENED_MODEL_SUPPORT_H
#define CONVENED_MODEL_SUPPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/model/registration.h"

struct arena;

/* The numbers are those of the bits in the database. */
enum support_need {
    SUPPORT_SIGN_LANGUAGE,
    SUPPORT_CAPTIONS, /* somebody writes along what is said */
    SUPPORT_WHEELCHAIR,
    SUPPORT_ASSISTANCE,
    SUPPORT_HEARING_LOOP,
    SUPPORT_NEED_COUNT,
};
#define SUPPORT_BIT(need) (1U << (need))

struct support {
    unsigned needs;    /* SUPPORT_BIT()s */
    const char *words; /* in their own, several lines; NULL or empty: none */
};

/* Somebody who comes, as the list of support needs has them. */
struct supported {
    struct registration registration; /* reference, state, mode, person */
    struct support support;
    int64_t changed_at;
};
struct supporteds {
    struct supported *items;
    size_t count;
};

bool support_is_empty(const struct support *);
struct support support_copy(struct arena *, const struct support *);
const char *support_need_word(enum support_need); /* "sign-language" */

#endif
