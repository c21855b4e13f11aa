/* Who gets a place: somebody, and those whom she brings along. Runs inside
 * the writer's transaction; sends nothing itself. RC_FAIL: the database
 * failed, err says how, the caller rolls back. RC_OK: the outcome is decided
 * and all rows, letters included, are written, for all of them or for none.
 *
 * Asked in this order: open? the same person already? too many of this
 * address? seats left, or room to wait? So somebody who is in hears
 * "already", not "full". A repetition within ten minutes of the last letter
 * writes nothing. */
#ifndef CONVENED_RULES_SIGNUP_H
#define CONVENED_RULES_SIGNUP_H

#include "daemon/model/notice.h"
#include "daemon/model/registration.h"
#include "daemon/model/settings.h"
#include "daemon/rules/answering.h"
#include "daemon/model/support.h"
#include "daemon/store/db.h"

struct arena;

enum signup_outcome {
    SIGNUP_REGISTERED,
    SIGNUP_UNCONFIRMED, /* in, once the address is confirmed */
    SIGNUP_PENDING,     /* in, once the organiser has approved */
    SIGNUP_WAITING,     /* on the waiting list */
    SIGNUP_ALREADY,     /* same meeting, address key and folded name; told to
                           nobody but that address */
    SIGNUP_NOT_OPEN,    /* draft, not yet, closed, past or cancelled */
    SIGNUP_FULL,        /* a chosen mode has no seat left, or not as many */
    SIGNUP_TOO_MANY,    /* limits.registrations-per-address */
    SIGNUP_OPTION_FULL, /* of an option that was chosen; misfit says which */
    SIGNUP_PARTY,       /* more people in one form than the meeting takes */
};

/* An organiser registers somebody: before the opening too, without a limit on
 * letters, without confirmation or approval, and told plainly who is in
 * already. Somebody without an address is the same as one of that name and
 * organisation without one. */
struct signup_host {
    int64_t actor;       /* of the audit row */
    bool after_deadline; /* but never after the end, or beyond the seats */
    bool no_letters;     /* about this registration, now */
};

/* Somebody who is brought along. Without an address of her own her letters
 * go to whoever brings her. */
struct signup_guest {
    struct person person;
    enum mode mode;
    bool may_wait; /* on the waiting list, if it is full */
    const struct answers *answers; /* NULL: none */
    struct support support; /* what she needs; empty: she said nothing */
};

struct signup {
    int64_t meeting_id;
    struct person person; /* checked and cleaned; address may be NULL */
    enum mode mode;
    bool may_wait; /* on the waiting list, if it is full */
    enum lang lang;
    bool wants_invite;
    const struct answers *answers; /* NULL: none */
    struct support support;
    const struct notice *consent; /* to each support; NULL: none has any */
    const struct notice *notice;  /* shown with the form; NULL: none was */
    const struct signup_guest *guests;
    size_t guest_count;
    const struct signup_host *host; /* NULL: somebody sent the form */
    const struct settings *settings;
    struct arena *arena; /* for what out holds */
};

struct signup_result {
    enum signup_outcome outcome;
    /* What the answer may say: the outcome for somebody who is new, so that
     * nobody learns from it who is registered. Only a repetition of a form
     * that has just been sent hears the same as then. */
    enum signup_outcome told;
    struct registration registration; /* hers, if there is one */
    /* As for `told`, of her and of each guest in their order. */
    enum registration_state *states;
    struct answers_misfit misfit; /* whose person 0 is she, then the guests */
    bool letters; /* some letter is due now */
    bool seats;   /* seats or queues are not what they were */
};

/* Registered, waiting, or on the way to it; ALREADY too. */
bool signup_is_accepted(enum signup_outcome);

/* Published, between opening and deadline, not over, and the mode exists. */
bool signup_is_open(const struct meeting *, const struct pools *, enum mode,
                    int64_t now);

MUST_USE enum rc signup_place(struct writer *, int64_t now,
                              const struct signup *, struct signup_result *,
                              struct err *);

#endif
