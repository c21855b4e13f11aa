/* A mail in the outbox. */
#ifndef CONVENED_MODEL_LETTER_H
#define CONVENED_MODEL_LETTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/base/token.h"

enum letter_kind {
    LETTER_CONFIRMATION,  /* you are registered, with the manage link */
    LETTER_INVITATION,    /* METHOD:REQUEST */
    LETTER_GOODBYE,       /* you have cancelled, with the link to undo */
    LETTER_WITHDRAWAL,    /* METHOD:CANCEL */
    LETTER_ALREADY,       /* the link to a registration that existed */
    LETTER_CALLED_OFF,    /* the meeting does not take place */
    LETTER_CONFIRM_ADDRESS, /* press the button, or it expires */
    LETTER_WAITING,       /* you are on the waiting list */
    LETTER_MOVED_UP,      /* a place became free and is yours */
    LETTER_OFFER,         /* a place is free; take it in time */
    LETTER_LAPSED,        /* you did not; it has gone to the next */
    LETTER_PENDING,       /* the organiser will decide */
    LETTER_DECLINED,      /* and has decided against it, with the reason */
    LETTER_CHANGED,       /* you have changed what matters */
    LETTER_HANDED_OVER,   /* to the one who has given the place away */
    LETTER_LINKS,         /* the links that were asked for */
    LETTER_WISH_TO_HOST,  /* to the organiser: somebody asks for a change */
    LETTER_WISH_DECLINED, /* that change was not granted */
    LETTER_FEEDBACK,      /* to the operator: a barrier was reported */
    LETTER_KIND_COUNT,
};

enum letter_state {
    LETTER_QUEUED,     /* also while the courier has it in hand */
    LETTER_SENT,
    LETTER_REFUSED,    /* for good: 5xx, or five days over */
    LETTER_SUPPRESSED, /* withheld by the limits on one address */
    LETTER_DROPPED,    /* no longer true when its turn came */
    LETTER_STATE_COUNT,
};

struct letter {
    int64_t id;
    struct id public_id; /* its Message-ID; the same at every attempt */
    enum letter_kind kind;
    enum letter_state state;
    int64_t registration_id; /* 0: it is about feedback */
    int64_t feedback_id;     /* 0: it is about a registration */
    int64_t invite_id;  /* 0: carries no calendar part */
    int64_t generation; /* of the registration or invite it was written for */
    int64_t sequence;   /* of the invite in this message */
    const char *address;
    int64_t created_at;
    int64_t due_at;     /* next attempt */
    int64_t attempts;
    const char *remark; /* the relay's last words, cut; may be empty */
    int64_t settled_at; /* when it left the queue; 0: has not */
};

struct letters {
    struct letter *items;
    size_t count;
};

const char *letter_kind_word(enum letter_kind);
const char *letter_state_word(enum letter_state);
bool letter_state_parse(const char *, enum letter_state *);

#endif
