/* What a letter is about, read afresh from the database. Private to the
 * letters. */
#ifndef CONVENED_MAIL_OCCASION_H
#define CONVENED_MAIL_OCCASION_H

#include <stdbool.h>

#include "daemon/mail/letters.h"
#include "daemon/model/alliance.h"
#include "daemon/model/invite.h"
#include "daemon/model/meeting.h"
#include "daemon/model/registration.h"

struct occasion {
    struct arena *arena;
    const struct settings *settings;
    const struct keyring *keys;
    const struct letter *letter;
    struct registration registration;
    struct meeting meeting;
    struct alliance alliance;
    struct invite invite; /* id 0: the letter carries none */
    enum lang lang;
    int64_t now;
    /* The person as a letter may call her; empty if the name looks like an
     * advertisement (RELIABILITY: our mail as spam carrier). */
    const char *name;        /* "Dr. Anna Beispiel" */
    const char *plain_name;  /* "Anna Beispiel" */
    const char *from_address;
};

/* Wants arena, settings, keys, letter and now to be set. RC_NOT_FOUND:
 * something that the letter speaks of is gone. */
MUST_USE enum rc occasion_read(struct reader *, struct occasion *,
                               struct err *);

bool occasion_is_online(const struct occasion *);
const char *occasion_title(const struct occasion *);
/* "Haus, Straße 1, 01234 Ort"; empty if the meeting has no venue (V8). */
const char *occasion_venue(const struct occasion *);
/* "Straße 1, 01234 Ort" */
const char *occasion_street(const struct occasion *);
const char *occasion_page_url(const struct occasion *);
/* Carries the right to change the registration. */
const char *occasion_manage_url(const struct occasion *);

#endif
