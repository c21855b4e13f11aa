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
#include "daemon/model/wish.h"

/* A place in a queue, or the seat that came of it. */
struct queue {
    enum mode mode;
    int64_t place;    /* people before its party, and itself; 0: does not
                         wait */
    int64_t claim_by; /* a seat is held for it until then; 0: none is */
    int64_t people;   /* for so many of its party one is held with it */
};

struct occasion {
    struct arena *arena;
    const struct settings *settings;
    const struct keyring *keys;
    const struct letter *letter;
    struct registration registration;
    struct meeting meeting;
    struct alliance alliance;
    struct invite invite; /* id 0: the letter carries none */
    struct queue queue;   /* all 0: neither waits nor is offered a seat */
    struct registrations led; /* those whose letters go to her */
    struct queue *led_queues; /* and of each, the same */
    struct wishes wishes; /* that the letter is about */
    /* For LETTER_LINKS alone: all live ones of its mailbox, and each one's
     * meeting. */
    struct registrations mailbox;
    struct meetings meetings;
    bool proven; /* somebody acted through a link mailed to that address */
    enum lang lang;
    int64_t now;
    /* Whom the letter greets, as it may call her; empty if the name does not
     * look like one (RELIABILITY: our mail as spam carrier). */
    const char *name;        /* "Dr. Anna Beispiel" */
    const char *plain_name;  /* "Anna Beispiel" */
    /* NULL: the letter greets whom it is about. Else that is somebody who was
     * brought along: her name, which may be empty. */
    const char *about;
    const char *from_address;
};

/* Wants arena, settings, keys, letter and now to be set. RC_NOT_FOUND:
 * something that the letter speaks of is gone. */
MUST_USE enum rc occasion_read(struct reader *, struct occasion *,
                               struct err *);

/* It greets nobody by name. */
void occasion_forget_names(struct occasion *);
/* It goes to the organiser: greets him, in the alliance's language. */
void occasion_greet_host(struct occasion *);
/* The letter goes to the mailbox that the registration has today, and the
 * link that it would carry is the one of the time when it was written. Else
 * somebody has handed the seat over, or changed the address, since then. */
bool occasion_is_current(const struct occasion *);
/* "Anna Beispiel" as a letter may call her, or empty. */
const char *occasion_call(const struct occasion *, const struct person *);
bool occasion_is_online(const struct occasion *);
const char *occasion_title(const struct occasion *);
/* "Haus, Straße 1, 01234 Ort"; empty if the meeting has no venue (V8). */
const char *occasion_venue(const struct occasion *);
/* "Straße 1, 01234 Ort" */
const char *occasion_street(const struct occasion *);
const char *occasion_page_url(const struct occasion *);
/* Carries the right to change the registration. */
const char *occasion_manage_url(const struct occasion *);
const char *occasion_link(const struct occasion *,
                          const struct registration *);

#endif
