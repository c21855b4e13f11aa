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
/* Makes beforehand what a registration's row repeats of its person: on the
 * worker's time, which costs nobody else's. Later changes need it anew. */
void registration_fold(struct arena *, struct person *);
/* The text in which lists look for it; with its reference. */
char *registration_search(struct arena *, const struct registration *);
/* Neither cancelled nor declined, at that meeting with that address key: how
 * many, with the companions whose letters go to them, and which of them has
 * that registration_name_fold(), 0: none. */
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
/* The live companion of that name whom she brought; 0: none. */
MUST_USE enum rc registration_of_lead(struct reader *, int64_t lead_id,
                                      const char *name_fold,
                                      int64_t *same_id, struct err *);
/* Sets id, public_id, generation 1, reference, person.id, the times, and a
 * party of its own unless party_id is set. Takes no seat. */
MUST_USE enum rc registration_insert(struct writer *, struct arena *,
                                     int64_t now, struct registration *,
                                     struct err *);
/* State, mode, generation, wants_invite, invite_id, cancelled_at, confirm_by,
 * undecided, reason. */
MUST_USE enum rc registration_update(struct writer *, int64_t now,
                                     const struct registration *,
                                     struct err *);

/* invite_id alone, and it counts as no change. */
MUST_USE enum rc registration_set_invite(struct writer *, int64_t id,
                                         int64_t invite_id, struct err *);

/* All that were made in one go, in that order, whatever became of them but
 * for those who are erased and wait for a last letter. */
MUST_USE enum rc registration_of_party(struct reader *, struct arena *,
                                       int64_t party_id,
                                       struct registrations *, struct err *);
/* Those whose letters go to that one's mailbox. */
MUST_USE enum rc registration_led_by(struct reader *, struct arena *,
                                     int64_t lead_id, struct registrations *,
                                     struct err *);
/* Live ones at published meetings that have not ended, whose letters go to the
 * mailbox with that address key; by the meetings' start. */
MUST_USE enum rc registration_of_mailbox(struct reader *, struct arena *,
                                         const char *address_key,
                                         int64_t now, struct registrations *,
                                         struct err *);
/* Whichever; RC_NOT_FOUND: nobody ever registered. For work that is undone. */
MUST_USE enum rc registration_any(struct reader *, struct arena *,
                                  struct registration *, struct err *);
/* Those that have expired by now, the oldest first. */
MUST_USE enum rc registration_unconfirmed(struct reader *, struct arena *,
                                          int64_t now, int64_t limit,
                                          struct registrations *,
                                          struct err *);

/* Which registrations of a meeting; what is zero or NULL lets all pass, state
 * and mode do so with -1. Typed words are folded (text_fold_search), and each
 * must be somewhere in the text that it is looked for in. */
struct registration_filter {
    int64_t meeting_id;
    const char *search;       /* in name, organisation, address, reference */
    const char *organisation; /* in the organisation alone */
    int state;                /* enum registration_state */
    int mode;                 /* enum mode */
    int64_t bench_id;
    int64_t from, to;         /* came in at `from` or later, before `to` */
    bool unreached;           /* a letter to them was refused or withheld */
    bool queued;              /* in a queue for a seat, or offered one */
};

/* By id, those of the meeting after `after_id`. */
MUST_USE enum rc registration_slice(struct reader *, struct arena *,
                                    int64_t meeting_id, int64_t after_id,
                                    int64_t limit, struct registrations *,
                                    struct err *);

/* A walk over all of a filter by id, in slices, so that no reader holds the
 * write-ahead log for long: begins with after_id 0, ends with done. */
struct registration_cursor {
    int64_t after_id;
    int64_t limit; /* rows that one slice reads, whether they pass or not */
    bool done;
};
/* With what lists show: no link, party, invite or last change. The texts of
 * the registration are gone when it returns. */
typedef void registration_visitor(void *context, const struct registration *);
MUST_USE enum rc registration_each(struct reader *,
                                   const struct registration_filter *,
                                   struct registration_cursor *,
                                   registration_visitor *, void *context,
                                   struct err *);

/* Numbers of one meeting by state and mode. */
struct registration_numbers {
    int64_t registered[MODE_COUNT];
    int64_t unconfirmed, pending, waiting;
    int64_t cancelled, declined;
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
