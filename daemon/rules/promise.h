/* The day on which personal data goes, as the form and the letters name it
 * (EXPERIENCE A32): not before it begins in the meeting's own zone, and by its
 * end none is left. */
#ifndef CONVENED_RULES_PROMISE_H
#define CONVENED_RULES_PROMISE_H

#include <stdint.h>

#include "daemon/model/meeting.h"

/* The instant from which it goes: the night in which the promised day begins,
 * or, if that is the day of the meeting itself, the meeting's end. The day is
 * keep_days after that of the end; one that ends in the last hour of its day
 * counts as ending on the next, so that there is always time left. */
int64_t promise_due(const struct meeting *);
/* The same for support needs, keep_support_days after it: never later than
 * the rest. */
int64_t promise_support_due(const struct meeting *);

#endif
