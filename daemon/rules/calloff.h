/* A whole meeting is called off. The meeting and a note that its people have
 * to be told are written at once; the letters follow in slices, so that ten
 * thousand of them stall nobody, each slice with the note how far it has come:
 * whenever the process ends, the next one goes on, and nobody is told twice
 * (docs/decisions/0016). Same contract as signup.h. */
#ifndef CONVENED_RULES_CALLOFF_H
#define CONVENED_RULES_CALLOFF_H

#include "daemon/model/meeting.h"
#include "daemon/store/db.h"

enum calloff_outcome {
    CALLOFF_DONE,
    CALLOFF_ALREADY, /* it is cancelled */
    CALLOFF_DRAFT,   /* nobody has ever seen it */
    CALLOFF_PAST,    /* it is over */
};

/* The reason stands in the meeting. Registrations stay as they are. */
MUST_USE enum rc calloff_meeting(struct writer *, int64_t now,
                                 struct meeting *, enum calloff_outcome *,
                                 struct err *);

/* Goes on telling people, at most `limit` of them: each who is reached (see
 * registration.h) gets a CALLED_OFF, and a WITHDRAWAL for an invite that is
 * out. *more: there are more to tell; *letters: some were written. */
MUST_USE enum rc calloff_tell(struct writer *, int64_t now, int64_t limit,
                              bool *more, bool *letters, struct err *);

#endif
