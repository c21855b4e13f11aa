/* Taking personal data out of the database, and the counts that remain. What
 * goes when is decided in rules/erase.h. */
#ifndef CONVENED_STORE_ERASE_STORE_H
#define CONVENED_STORE_ERASE_STORE_H

#include "daemon/model/letter.h"
#include "daemon/model/registration.h"
#include "daemon/store/db.h"

struct arena;

/* Every table that speaks of somebody who registered, in the alphabet's order;
 * ends with NULL. Whoever adds one writes it in here and sees to it that
 * erase_rows() takes it along: a test compares this with the schema. */
extern const char *const erase_places[];

/* Adds one person to what remains of that meeting. */
MUST_USE enum rc tally_add(struct writer *, const struct registration *,
                           enum registration_state, struct err *);
/* What remains of those erased: people by state and mode. */
struct tally {
    int64_t people[REG_DECLINED + 1][MODE_COUNT];
    int64_t all;
    int64_t purged_at; /* when all of them were, after the meeting; 0: not */
};
MUST_USE enum rc tally_read(struct reader *, int64_t meeting_id,
                            struct tally *, struct err *);

/* The registration, its person, letters, values in the audit log, and what
 * else speaks of that person alone. Seats must have been freed before. */
MUST_USE enum rc erase_rows(struct writer *, const struct registration *,
                            const char *address_key, struct err *);
/* All but one registration's row without a name, whose number and link are
 * made up anew, its letters that belong to its invite, and those that whoever
 * had it before has yet to get. */
MUST_USE enum rc erase_all_but_letters(struct writer *, struct arena *,
                                       int64_t now, int64_t latest,
                                       const struct registration *,
                                       const char *address_key,
                                       struct err *);
/* Letters of one calendar entry that two people of one address share go on
 * with the other of them. RC_NOT_FOUND: nobody shares it. */
MUST_USE enum rc erase_hand_over(struct writer *,
                                 const struct registration *, struct err *);
/* Another person has the registration now (person_replace()), and `former` is
 * what it was: all that was said by that person goes, all letters but those of
 * its invite and those that end what somebody before had, and the address
 * (NULL: keep it) unless others have it. */
MUST_USE enum rc erase_former(struct writer *,
                              const struct registration *former,
                              const char *address_key, struct err *);
/* The letters to whoever had that registration before, and the calendar entry
 * that they spoke of, once none of them waits. *gone: there were any. */
MUST_USE enum rc erase_former_letters(struct writer *,
                                      int64_t registration_id, bool *gone,
                                      struct err *);
/* Is a letter of that kind still to be sent for it? */
MUST_USE enum rc erase_letter_queued(struct reader *, int64_t registration_id,
                                     enum letter_kind, bool *, struct err *);

/* Erased already, but for the address of a last letter? */
MUST_USE enum rc farewell_is(struct reader *, int64_t registration_id, bool *,
                             struct err *);
/* One whose time is over; RC_NOT_FOUND: none. */
MUST_USE enum rc farewell_late(struct reader *, int64_t now,
                               int64_t *registration_id, struct err *);

/* Meetings with people that ended before `ended`, keep_days later. */
struct meeting_ids {
    int64_t *items;
    size_t count;
};
MUST_USE enum rc erase_meetings(struct reader *, struct arena *,
                                int64_t ended, struct meeting_ids *,
                                struct err *);
/* The first `limit` registrations of a meeting, whatever their state. */
MUST_USE enum rc erase_next(struct reader *, struct arena *,
                            int64_t meeting_id, int64_t limit,
                            struct registrations *, struct err *);
MUST_USE enum rc erase_mark_purged(struct writer *, int64_t now,
                                   int64_t meeting_id, struct err *);
/* Whose address it is, at one meeting or (0) at all. */
MUST_USE enum rc erase_find_address(struct reader *, struct arena *,
                                    const char *address_key,
                                    int64_t meeting_id,
                                    struct registrations *, struct err *);

/* By its reference code at a meeting. */
MUST_USE enum rc erase_find_reference(struct reader *, struct arena *,
                                      int64_t meeting_id,
                                      const char *reference,
                                      struct registration *, struct err *);
/* What else may bear the same name or address: people of that folded name,
 * letters that still have to go to that address. Reads all registrations. */
MUST_USE enum rc erase_count_others(struct reader *, const char *address_key,
                                    const char *name_fold, int64_t *people,
                                    int64_t *letters, struct err *);

/* Files of letters that are to go; see migration "what remains". */
struct stray {
    int64_t letter_id;
    int64_t written_at;
};
struct stray_files {
    struct stray *items;
    size_t count;
};
MUST_USE enum rc stray_list(struct reader *, struct arena *, int64_t limit,
                            struct stray_files *, struct err *);
MUST_USE enum rc stray_delete(struct writer *, int64_t letter_id,
                              struct err *);

#endif
