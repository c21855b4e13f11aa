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
/* Given and family name as compared to tell whether it is the same person. */
char *registration_name_fold(struct arena *, const struct person *);
/* Neither cancelled nor declined, at that meeting with that address key: how
 * many, and which of them has that registration_name_fold(), 0: none. */
MUST_USE enum rc registration_of_address(struct reader *, int64_t meeting_id,
                                         const char *address_key,
                                         const char *name_fold,
                                         int64_t *count, int64_t *same_id,
                                         struct err *);
/* The live one of somebody without an address at that meeting, by
 * registration_name_fold() and organisation; 0: none. */
MUST_USE enum rc registration_of_name(struct reader *, int64_t meeting_id,
                                      const char *name_fold,
                                      const char *organisation,
                                      int64_t *same_id, struct err *);
/* Sets id, public_id, generation 1, reference, person.id, the times, and a
 * party of its own unless party_id is set. */
MUST_USE enum rc registration_insert(struct writer *, struct arena *,
                                     int64_t now, struct registration *,
                                     struct err *);
/* State, mode, generation, wants_invite, invite_id, cancelled_at. */
MUST_USE enum rc registration_update(struct writer *, int64_t now,
                                     const struct registration *,
                                     struct err *);

/* invite_id alone, and it counts as no change. */
MUST_USE enum rc registration_set_invite(struct writer *, int64_t id,
                                         int64_t invite_id, struct err *);

/* A seat that pool_take() has taken is this registration's. */
MUST_USE enum rc seat_insert(struct writer *, int64_t registration_id,
                             int64_t pool_id, struct err *);
/* Gives back all its seats, in their pools too. */
MUST_USE enum rc seat_free(struct writer *, int64_t registration_id,
                           struct err *);

/* Which registrations of a meeting, in which slice. */
struct registration_filter {
    int64_t meeting_id;
    const char *search;  /* typed by a person, each word is looked for in name,
                            organisation, address and reference; NULL or
                            empty: all */
    int state;           /* enum registration_state, or -1: any */
    int mode;            /* enum mode, or -1: any */
};
MUST_USE enum rc registration_count(struct reader *,
                                    const struct registration_filter *,
                                    int64_t *, struct err *);
/* By family and given name as folded for search, then organisation. */
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
/* Those whom a letter to everybody is meant for (registration_is_reached),
 * and how many of them have an address. */
MUST_USE enum rc registration_count_reached(struct reader *,
                                            int64_t meeting_id,
                                            int64_t *people,
                                            int64_t *addressed,
                                            struct err *);

#endif
