/* One person at one meeting. */
#ifndef CONVENED_MODEL_REGISTRATION_H
#define CONVENED_MODEL_REGISTRATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/base/token.h"
#include "daemon/model/meeting.h"

struct arena;

enum registration_state {
    REG_UNCONFIRMED,
    REG_PENDING,
    REG_REGISTERED,
    REG_WAITING,
    REG_CANCELLED,
    REG_DECLINED,
};

struct person {
    int64_t id;
    const char *given_name; /* may be empty: people with one name */
    const char *family_name;
    const char *title;        /* "Dr.", may be empty */
    const char *address;      /* NULL: has none */
    const char *organisation; /* may be empty */
    const char *position;     /* role there, may be empty */
    int64_t bench_id;         /* 0: none */
    /* What registration_fold() made of these; NULL: not yet. */
    const char *name_fold, *search_fold;
};

struct registration {
    int64_t id;
    struct id public_id;
    int64_t generation; /* of the manage link */
    int64_t meeting_id;
    int64_t party_id;
    struct person person;
    enum mode mode;
    enum registration_state state;
    const char *reference; /* readable code, unique in the meeting */
    enum lang lang;        /* of its letters */
    bool wants_invite;
    int64_t invite_id; /* 0: none was ever begun */
    int64_t created_at;
    int64_t changed_at;
    int64_t cancelled_at; /* 0: not */
    /* Facts from which the state follows (rules/standing.h). */
    int64_t confirm_by;  /* expires then; 0: the address is confirmed */
    bool undecided;      /* the organiser has yet to approve */
    const char *reason;  /* why it was declined; may be empty */
    int64_t lead_id;     /* whose mailbox gets its letters; 0: its own */
    const char *mailbox; /* where they go: the own address, or the lead's;
                            NULL: nowhere */
};

struct registrations {
    struct registration *items;
    size_t count;
};

/* Who waits for a seat of a mode. */
struct queue_place {
    int64_t registration_id;
    enum mode mode;   /* that it waits for */
    int64_t place;    /* 1 is the first; 0: a seat is offered */
    int64_t claim_by; /* until then; 0: none is */
};
struct queue_places {
    struct queue_place *items; /* by registration */
    size_t count;
};

void queue_places_sort(struct queue_places *);
/* NULL: it waits for nothing. */
const struct queue_place *queue_place_find(const struct queue_places *,
                                           int64_t registration_id);
/* With all its texts; NULL stays NULL, and the folds are left out. */
struct person person_copy(struct arena *, const struct person *);
/* Neither cancelled nor declined. */
bool registration_is_live(const struct registration *);
/* Live and more than a claim: a letter to everybody is meant for her too. */
bool registration_is_reached(const struct registration *);
const char *registration_state_word(enum registration_state);
/* Given and family name as compared to tell whether it is the same person. */
const char *registration_name_fold(struct arena *, const struct person *);

#endif
