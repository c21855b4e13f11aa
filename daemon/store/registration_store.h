/* Registrations and their people in the database. */
#ifndef CONVENED_STORE_REGISTRATION_STORE_H
#define CONVENED_STORE_REGISTRATION_STORE_H

#include "daemon/model/registration.h"
#include "daemon/store/db.h"

struct arena;

MUST_USE enum rc registration_by_public_id(struct reader *, struct arena *,
                                           const struct id *,
                                           struct registration *,
                                           struct err *);
MUST_USE enum rc registration_by_id(struct reader *, struct arena *,
                                    int64_t id, struct registration *,
                                    struct err *);
/* The same person at that meeting, whatever its state: same address key and
 * text_fold_same() of given and family name. */
MUST_USE enum rc registration_same_person(struct reader *, struct arena *,
                                          int64_t meeting_id,
                                          const char *address_key,
                                          const char *name_fold,
                                          struct registration *,
                                          struct err *);
/* Not cancelled or declined, at that meeting with that address. */
MUST_USE enum rc registration_count_address(struct reader *,
                                            int64_t meeting_id,
                                            const char *address_key,
                                            int64_t *, struct err *);
/* Sets id, public_id, generation 1, reference, party, person.id. */
MUST_USE enum rc registration_insert(struct writer *, struct arena *,
                                     int64_t now, struct registration *,
                                     struct err *);
/* State, mode, generation, wants_invite, invite_id, cancelled_at. */
MUST_USE enum rc registration_update(struct writer *, int64_t now,
                                     const struct registration *,
                                     struct err *);

/* Which registrations of a meeting, in which slice. */
struct registration_filter {
    int64_t meeting_id;
    const char *search;  /* typed by a person; NULL or empty: all */
    int state;           /* enum registration_state, or -1: any */
    int mode;            /* enum mode, or -1: any */
};
MUST_USE enum rc registration_count(struct reader *,
                                    const struct registration_filter *,
                                    int64_t *, struct err *);
/* By family and given name as folded for search, then id. */
MUST_USE enum rc registration_page(struct reader *, struct arena *,
                                   const struct registration_filter *,
                                   int64_t offset, int64_t limit,
                                   struct registrations *, struct err *);
/* By id, those after `after_id`: for exports in slices. */
MUST_USE enum rc registration_slice(struct reader *, struct arena *,
                                    const struct registration_filter *,
                                    int64_t after_id, int64_t limit,
                                    struct registrations *, struct err *);
/* Numbers of one meeting by state and mode. */
struct registration_numbers {
    int64_t registered[MODE_COUNT];
    int64_t cancelled;
    int64_t today; /* registered since `since` */
};
MUST_USE enum rc registration_count_all(struct reader *, int64_t meeting_id,
                                        int64_t since,
                                        struct registration_numbers *,
                                        struct err *);

#endif
