/* What a form contained, and what became of it for somebody who is new,
 * sealed into the address of the page that confirms it: that page needs no
 * database and tells nobody who was registered before (DESIGN 4.8). The same
 * form gives the same receipt. */
#ifndef CONVENED_PAGES_RECEIPT_H
#define CONVENED_PAGES_RECEIPT_H

#include <stdbool.h>
#include <stdint.h>

#include "web/pages/signup_form.h"

struct keyring;

/* Counted from the second in which the form was shown, which may be a day
 * before it was sent: so it is good for a day at least. */
#define RECEIPT_LIFE (48 * 3600)
/* The whole address must stay below the 2 KB of a target. */
#define RECEIPT_MOST 1750

struct receipt_person {
    struct person person; /* only the lead has more than names and address */
    enum mode mode;
    enum registration_state state;
};

struct receipt {
    int64_t meeting_id;
    int64_t expires_at;
    bool wants_invite;
    bool may_wait; /* somebody would wait if it was full */
    size_t count;  /* at least 1 */
    struct receipt_person people[SIGNUP_PEOPLE_MOST]; /* [0]: the lead */
    struct answers answers; /* the lead's */
};

/* Long entries are cut so that the text stays below RECEIPT_MOST. */
char *receipt_make(struct arena *, const struct keyring *,
                   const struct receipt *);

enum receipt_verdict { RECEIPT_OK, RECEIPT_EXPIRED, RECEIPT_BROKEN };
enum receipt_verdict receipt_open(struct arena *, const struct keyring *,
                                  const char *text, int64_t now,
                                  struct receipt *);

#endif
