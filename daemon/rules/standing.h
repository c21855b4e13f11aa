/* How somebody stands with a meeting: the state, which follows from facts,
 * and the letters that each change of it calls for. The one place where a
 * registration's state is set. */
#ifndef CONVENED_RULES_STANDING_H
#define CONVENED_RULES_STANDING_H

#include "daemon/model/letter.h"
#include "daemon/rules/outbox.h"
#include "daemon/rules/turn.h"

/* What moved them: the letter says it. */
enum standing_cause {
    STANDING_COURSE, /* nothing special */
    STANDING_QUEUE,  /* a place in a queue became a seat */
    STANDING_CLAIM,  /* they took a seat that was offered */
    STANDING_LAPSED, /* an offer was not taken in time */
};

/* What was begun before the row of a new one was written. */
struct standing_begun {
    bool silent; /* no letters at all */
    enum letter_state state; /* of its letters */
    struct invite_begun invite;
};

/* A registration whose facts, seats or places in queues have just changed. */
struct standing {
    struct registration registration;
    int was; /* enum registration_state before; -1: it is new */
    enum mode was_mode;
    const struct standing_begun *begun; /* for new ones only */
};

/* As it stands now, before it changes. */
struct standing standing_before(const struct registration *);
/* The state of one that is neither cancelled nor declined. */
enum registration_state standing_of(const struct registration *,
                                    bool seated);
/* Sets the states, writes the rows (those of new ones stand), and for each
 * that stands otherwise than before the letter that says so, and its calendar
 * invitation or the withdrawal of it. One mailbox gets one letter: companions
 * are covered by their lead's if that moves too. CANCELLED and DECLINED are
 * set by the caller. */
MUST_USE enum rc standing_settle(struct turn *, struct standing *,
                                 size_t count, enum standing_cause,
                                 struct err *);
/* The same letter to all of them, one for each mailbox. */
MUST_USE enum rc standing_tell(struct turn *, const struct standing *,
                               size_t count, enum letter_kind, struct err *);

#endif
