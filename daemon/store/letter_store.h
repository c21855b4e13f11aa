/* The outbox and the invitations in the database. */
#ifndef CONVENED_STORE_LETTER_STORE_H
#define CONVENED_STORE_LETTER_STORE_H

#include "daemon/model/invite.h"
#include "daemon/model/letter.h"
#include "daemon/store/db.h"

struct arena;

/* Sets id, public_id and times; due at once if queued, but not before an
 * older one to the same mailbox. */
MUST_USE enum rc letter_insert(struct writer *, int64_t now, struct letter *,
                               struct err *);
MUST_USE enum rc letter_by_id(struct reader *, struct arena *, int64_t id,
                              struct letter *, struct err *);
/* Queued and due, longest due first, at most `limit`. A letter waits while an
 * older one to the same mailbox is still queued. */
MUST_USE enum rc letter_due(struct reader *, struct arena *, int64_t now,
                            int64_t limit, struct letters *, struct err *);
/* The earliest due_at of all queued letters; INT64_MAX if none. */
MUST_USE enum rc letter_next_due(struct reader *, int64_t *, struct err *);
/* Writes state, due_at, attempts, remark, settled_at. If it stays queued, the
 * younger ones to the same mailbox wait as long. */
MUST_USE enum rc letter_update(struct writer *, const struct letter *,
                               struct err *);
/* The newest letter of that registration and kind; RC_NOT_FOUND: none. */
MUST_USE enum rc letter_newest(struct reader *, struct arena *,
                               int64_t registration_id, enum letter_kind,
                               struct letter *, struct err *);
/* When the newest of any kind was written; 0: none was. */
MUST_USE enum rc letter_newest_at(struct reader *, int64_t registration_id,
                                  int64_t *at, struct err *);
/* Has any message of this invite left the house, or may have? Final only once
 * none of them is queued: the courier may have one in hand. */
MUST_USE enum rc letter_invite_was_sent(struct reader *, int64_t invite_id,
                                        bool *, struct err *);
/* Was a REQUEST of this invite sent, or is one queued? */
MUST_USE enum rc letter_invite_on_its_way(struct reader *, int64_t invite_id,
                                          bool *, struct err *);

/* Every letter that was ever written for it was withheld; false without any.
 * For a companion without letters, its lead's (0: has none). */
MUST_USE enum rc letter_all_withheld(struct reader *, int64_t registration_id,
                                     int64_t lead_id, bool *, struct err *);

struct letter_filter {
    int state;             /* enum letter_state, or -1: any */
    int64_t alliance_id;   /* 0: any */
    int64_t limit;
};
/* Newest first. */
MUST_USE enum rc letter_list(struct reader *, struct arena *,
                             const struct letter_filter *, struct letters *,
                             struct err *);
/* Of a meeting's letters by state, but for those that were sent (always 0):
 * they are many, and nobody asks. */
MUST_USE enum rc letter_count_unsent(struct reader *, int64_t meeting_id,
                                     int64_t counts[LETTER_STATE_COUNT],
                                     struct err *);
/* Due at once again: queued ones that wait, and with `refused` those too.
 * id 0: all; else that one, and what stands before it in its mailbox. */
MUST_USE enum rc letter_retry(struct writer *, int64_t now, int64_t id,
                              bool refused, int64_t *changed, struct err *);

/* The newest generation; RC_NOT_FOUND: that address never had one. */
MUST_USE enum rc invite_newest(struct reader *, struct arena *,
                               int64_t meeting_id, const char *address_key,
                               struct invite *, struct err *);
MUST_USE enum rc invite_by_id(struct reader *, struct arena *, int64_t id,
                              struct invite *, struct err *);
/* Sets id, uid (uuid@domain), sequence 0, stamp. */
MUST_USE enum rc invite_insert(struct writer *, struct arena *, int64_t now,
                               const char *domain, struct invite *,
                               struct err *);
/* Writes sequence, stamp, cancelled. */
MUST_USE enum rc invite_update(struct writer *, const struct invite *,
                               struct err *);

/* Those who are registered and whose invite it is: several of one address
 * share it. */
MUST_USE enum rc invite_count_live(struct reader *, int64_t invite_id,
                                   int64_t *, struct err *);
/* The first of them; RC_NOT_FOUND: nobody needs it. */
MUST_USE enum rc invite_user(struct reader *, int64_t invite_id,
                             int64_t *registration_id, struct err *);

/* Invites of a meeting that were not withdrawn. */
MUST_USE enum rc invite_count_open(struct reader *, int64_t meeting_id,
                                   int64_t *, struct err *);

/* A meeting that was called off and whose people do not all have their
 * letters yet. */
struct calloff {
    int64_t meeting_id;
    int64_t told_id; /* registrations up to this one are done */
};
MUST_USE enum rc calloff_begin(struct writer *, int64_t meeting_id,
                               struct err *);
/* RC_NOT_FOUND: there is none. */
MUST_USE enum rc calloff_next(struct reader *, struct calloff *,
                              struct err *);
MUST_USE enum rc calloff_told(struct writer *, const struct calloff *,
                              struct err *);
MUST_USE enum rc calloff_end(struct writer *, int64_t meeting_id,
                             struct err *);

/* Steps begun for an address by anonymous posts (mail bombing): how many
 * since, and one more; and whether somebody ever acted through a link that
 * was mailed there. A step knows the address by a digest alone, for it may
 * outlive by a day what it was begun for. */
const char *step_key(const char *address_key, char room[33]);
MUST_USE enum rc step_count(struct reader *, const char *address_key,
                            int64_t since, int64_t *, struct err *);
MUST_USE enum rc step_insert(struct writer *, int64_t now,
                             const char *address_key, struct err *);
MUST_USE enum rc step_purge(struct writer *, int64_t before, struct err *);
MUST_USE enum rc address_proven(struct reader *, const char *address_key,
                                bool *, struct err *);
MUST_USE enum rc address_prove(struct writer *, int64_t now,
                               const char *address_key, struct err *);

#endif
