/* What people tell about themselves, in the database. */
#ifndef CONVENED_STORE_PERSON_STORE_H
#define CONVENED_STORE_PERSON_STORE_H

#include "daemon/model/registration.h"
#include "daemon/store/db.h"

struct arena;

/* Sets the id. */
MUST_USE enum rc person_insert(struct writer *, struct person *,
                               struct err *);
/* Writes the person of that registration anew, and what its row repeats. */
MUST_USE enum rc person_update(struct writer *, struct arena *,
                               const struct registration *, struct err *);
/* Another person has that registration from now on: sets person.id, and
 * writes lead_id and lang with it. The former one's row stays, and is
 * nobody's. */
MUST_USE enum rc person_replace(struct writer *, struct arena *,
                                struct registration *, struct err *);

#endif
