/* Erasing one person at one meeting (DSGVO Art. 17). Runs inside the writer's
 * transaction; the caller adds the audit line, since who asked is his to
 * know, and sets CHANGE_ERASED.
 *
 * A live registration of a meeting that is still ahead is cancelled by it.
 * If somebody's calendar then holds our entry, that has to be taken out
 * again, and only a letter can: so everything goes at once but the address
 * that this letter needs, and this goes when the letter is settled, at the
 * latest after mail.give-up and a day. What remains is one more in the
 * meeting's tally. */
#ifndef CONVENED_RULES_ERASE_H
#define CONVENED_RULES_ERASE_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/model/meeting.h"
#include "daemon/model/registration.h"
#include "daemon/model/settings.h"
#include "daemon/store/db.h"

struct arena;

struct erased {
    bool seat_freed;    /* a live one of a meeting that takes place */
    bool letters;       /* to those who moved up, or to say farewell */
    bool last_letter;   /* the address stays until that is settled */
    int64_t latest;     /* if so: until then */
};
MUST_USE enum rc erase_registration(struct writer *, struct arena *,
                                    int64_t now, const struct settings *,
                                    const struct meeting *,
                                    const struct registration *,
                                    struct erased *, struct err *);

/* The attendee's own wish, by the mailed link; with the audit line.
 * RC_NOT_FOUND: there is nothing, or nothing any more. */
MUST_USE enum rc erase_by_link(struct writer *, struct arena *, int64_t now,
                               const struct settings *,
                               const struct id *registration,
                               struct erased *, struct err *);

/* A letter of that registration is settled: if it was the last of somebody
 * erased, or to whoever handed the seat over, what was kept for it goes.
 * *gone: it did. */
MUST_USE enum rc erase_after_letter(struct writer *, int64_t registration_id,
                                    bool *gone, struct err *);
/* The same, whatever is still queued. */
MUST_USE enum rc erase_end_farewell(struct writer *, int64_t registration_id,
                                    struct err *);

#endif
