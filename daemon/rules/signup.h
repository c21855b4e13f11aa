/* Who gets a place. Runs inside the writer's transaction; sends nothing
 * itself. RC_FAIL: the database failed, err says how, the caller rolls back.
 * RC_OK: out->outcome is decided and all rows, letters included, are
 * written.
 *
 * Asked in this order: open? the same person already? too many of this
 * address? a seat left? So somebody who is in hears "already", not "full". A
 * repetition within ten minutes of the last confirmation writes nothing. */
#ifndef CONVENED_RULES_SIGNUP_H
#define CONVENED_RULES_SIGNUP_H

#include "daemon/model/registration.h"
#include "daemon/model/settings.h"
#include "daemon/store/db.h"

struct arena;

enum signup_outcome {
    SIGNUP_REGISTERED,
    SIGNUP_ALREADY,  /* same meeting, address key and folded name; told to
                        nobody but that address */
    SIGNUP_NOT_OPEN, /* draft, not yet, closed, past or cancelled */
    SIGNUP_FULL,     /* the chosen mode has no seat left */
    SIGNUP_TOO_MANY, /* limits.registrations-per-address */
};

/* An organiser registers somebody: before the opening too, without a limit on
 * letters, and told plainly who is in already. Somebody without an address is
 * the same as one of that name and organisation without one. */
struct signup_host {
    int64_t actor;       /* of the audit row */
    bool after_deadline; /* but never after the end, or beyond the seats */
    bool no_letters;     /* about this registration, now */
};

struct signup {
    int64_t meeting_id;
    struct person person; /* checked and cleaned; address may be NULL */
    enum mode mode;
    enum lang lang;
    bool wants_invite;
    const struct signup_host *host; /* NULL: somebody sent the form */
    const struct settings *settings;
    struct arena *arena; /* for what out holds */
};

struct signup_result {
    enum signup_outcome outcome;
    struct registration registration; /* if REGISTERED or ALREADY */
    bool letters; /* some letter is due now */
};

/* Published, between opening and deadline, not over, and the mode exists. */
bool signup_is_open(const struct meeting *, const struct pools *, enum mode,
                    int64_t now);

MUST_USE enum rc signup_place(struct writer *, int64_t now,
                              const struct signup *, struct signup_result *,
                              struct err *);

#endif
