/* A meeting, its agenda and its seats. */
#ifndef CONVENED_MODEL_MEETING_H
#define CONVENED_MODEL_MEETING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/base/token.h"
#include "daemon/model/lang.h"

enum meeting_state { MEETING_DRAFT, MEETING_PUBLISHED, MEETING_CANCELLED };
enum visibility { VISIBLE_PUBLIC, VISIBLE_UNLISTED, VISIBLE_INVITED };
/* Must somebody say yes to each registration, and is a seat held meanwhile? */
enum approval { APPROVAL_NONE, APPROVAL_HOLDS, APPROVAL_FREE };
enum mode { MODE_ONSITE, MODE_ONLINE, MODE_COUNT };

/* What people who come now find in a mode. */
enum vacancy { VACANCY_NONE, VACANCY_QUEUE, VACANCY_SEATS };

/* What a visitor meets; follows from state, time and seats. */
enum meeting_phase {
    PHASE_DRAFT,
    PHASE_SOON,   /* registration opens later */
    PHASE_OPEN,
    PHASE_WAITING, /* open, but only to its waiting list */
    PHASE_FULL,   /* open, but no mode has a seat left */
    PHASE_CLOSED, /* registration has ended, the meeting has not */
    PHASE_PAST,
    PHASE_CANCELLED,
};

struct meeting {
    int64_t id;
    int64_t alliance_id;
    const char *alliance_slug;
    const char *slug;
    const char *uid;       /* of the public event: uuid@domain, lasting */
    int64_t sequence;      /* grows by 1 with every published change (V3) */
    enum meeting_state state;
    enum visibility visibility;
    struct bilingual title;
    struct bilingual summary; /* one sentence */
    struct bilingual about;   /* Markdown */
    const char *zone;         /* IANA name, one of calendars/zone's table */
    int64_t starts_at;
    int64_t ends_at;
    int64_t opens_at;         /* registration; 0: at once */
    int64_t closes_at;        /* registration; never after the end */
    const char *venue_name;   /* empty: online only */
    const char *venue_street;
    const char *venue_postcode;
    const char *venue_town;
    struct bilingual venue_access; /* how to get in, step-free or not */
    bool has_geo;
    double latitude, longitude;
    const char *join_url;     /* online people only; never public */
    bool scarce;              /* button says "Verbindlich anmelden" */
    bool ask_organisation;    /* organisation is compulsory */
    int64_t keep_days;        /* personal data after the end, 0–365 */
    int64_t keep_support_days; /* support needs after the end, 0–365 */
    bool waiting;             /* keeps a waiting list */
    int64_t claim_term;       /* seconds; 0: moved up at once */
    int64_t confirm_term;     /* seconds; 0: addresses are not confirmed */
    enum approval approval;
    int64_t changes_until;    /* 0: its start; see meeting_changes_until() */
    int64_t party_most;       /* people in one form; 0 and 1: one */
    bool handing_over;        /* a seat may be handed to somebody else */
    int64_t created_at;
    int64_t changed_at;       /* last change that the public can see */
    int64_t cancelled_at;     /* 0: not */
    struct bilingual cancel_reason; /* both empty: none was given */
};

struct meetings {
    struct meeting *items;
    size_t count;
};

/* An item of the agenda. */
struct session {
    int64_t id;
    int64_t meeting_id;
    const char *uid;
    struct bilingual title;
    struct bilingual about;
    const char *speaker; /* may be empty */
    int64_t starts_at;
    int64_t ends_at;
};

struct sessions {
    struct session *items;
    size_t count;
};

/* Anything with a capacity. */
struct pool {
    int64_t id;
    int64_t meeting_id;
    int mode;         /* enum mode; -1: of a session or an organisation */
    int64_t capacity;
    int64_t taken;
    int64_t waiting;  /* people in its queue */
    bool passing;     /* who fits may pass those who do not */
};

struct pools {
    struct pool at[MODE_COUNT];
    bool offered[MODE_COUNT]; /* the meeting has this mode */
};

/* A group of the alliance ("Ich gehöre zu"). */
struct bench {
    int64_t id;
    int64_t alliance_id;
    struct bilingual name;
};

struct benches {
    struct bench *items;
    size_t count;
};

/* NULL: none of them. */
const struct bench *bench_find(const struct benches *, int64_t id);
/* For somebody who comes now: none while others wait, unless they may be
 * passed. Never below 0. */
int64_t pool_left(const struct pool *);
/* Waiting list, parties of five, handing over; support needs for two weeks. */
void meeting_set_usual_terms(struct meeting *);
/* From then on a change is a request to the organiser. */
int64_t meeting_changes_until(const struct meeting *);
/* For so many who come together: they sit together or wait together. Where
 * seats are given by decision alone nobody needs one before. */
enum vacancy meeting_vacancy(const struct meeting *, const struct pool *,
                       int64_t people);
enum meeting_phase meeting_phase_at(const struct meeting *,
                                    const struct pools *, int64_t now);
/* The next instant after now at which time alone changes the phase; INT64_MAX
 * if none. */
int64_t meeting_phase_until(const struct meeting *, int64_t now);

const char *mode_word(enum mode);                 /* "onsite", "online" */
bool mode_parse(const char *, enum mode *);
const char *approval_word(enum approval); /* "none", "holds", "free" */
bool approval_parse(const char *, enum approval *);
const char *visibility_word(enum visibility);
bool visibility_parse(const char *, enum visibility *);

#endif
