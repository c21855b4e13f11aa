/* The files of letters that belong to people who were erased. They lie in the
 * courier's folder, which the server cannot enter: so it tells the courier
 * which, over courier.sock, and forgets a letter's number only when that one
 * says that there is no file of it (any more).
 *
 *   server:  {"forget": [[17, 1800000000], …]}   number, and when written
 *   courier: {"forgotten": [17, …]} */
#ifndef CONVENED_STRAYS_H
#define CONVENED_STRAYS_H

#include <jansson.h>

#include "daemon/door.h"
#include "daemon/store/db.h"
#include "daemon/store/writing.h"

struct strays;

struct strays *strays_new(struct reader *, struct writing *,
                          struct mailbox *jobs_home);
/* Its jobs must have come home. */
void strays_free(struct strays **);
/* Tells the courier of some, unless it has not answered yet. */
MUST_USE enum rc strays_tell(struct strays *, struct door_peer *courier,
                             struct err *);
/* The list that the courier sent. False: not what one of ours says. */
bool strays_told(struct strays *, const json_t *forgotten);
/* It has left; what it did not answer is told again to the next. */
void strays_left(struct strays *);

#endif
