/* What somebody asks the organiser to change, once the deadline for changes
 * is over. */
#ifndef CONVENED_MODEL_WISH_H
#define CONVENED_MODEL_WISH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/base/token.h"
#include "daemon/model/question.h"

/* The numbers are those in the database. */
enum wish_kind {
    WISH_CHANGE,   /* of own data */
    WISH_MODE,     /* on site instead of online, or the other way round */
    WISH_HANDOVER, /* of the seat to somebody else */
    WISH_ANSWERS,  /* others than were given to the meeting's questions */
    WISH_KIND_COUNT,
};

/* The fields that a wish, and the audit log, speak of. */
#define FIELD_GIVEN "given_name"
#define FIELD_FAMILY "family_name"
#define FIELD_TITLE "title"
#define FIELD_EMAIL "email"
#define FIELD_ORGANISATION "organisation"
#define FIELD_POSITION "position"
#define FIELD_BENCH "group"                /* its id; in the log its name */
#define FIELD_INVITE "calendar_invitation" /* "yes" or "no" */
#define FIELD_MODE "takes_part"            /* mode_word() */
#define FIELD_WAIT "may_wait"              /* "yes": for a seat of that mode */
/* Answers have one for each question: see wish_put_answers(). */

struct wish_value {
    const char *field;
    const char *wanted; /* never NULL, may be empty */
};

struct wish {
    int64_t id;
    struct id public_id;
    int64_t registration_id;
    enum wish_kind kind;
    int64_t made_at;
    int64_t declined_at; /* 0: open */
    const char *reason;  /* why it was declined, may be empty */
    struct wish_value *values;
    size_t count;
};

struct wishes {
    struct wish *items;
    size_t count;
};

/* NULL: it does not speak of that field. */
const char *wish_wanted(const struct wish *, const char *field);
const char *wish_kind_word(enum wish_kind); /* "change", "mode", "handover" */
bool wish_kind_parse(const char *, enum wish_kind *);

/* All the answers that shall be, each as a value of its own. */
void wish_put_answers(struct arena *, const struct answers *, struct wish *);
/* Those of them that are still asked of somebody who takes part in that mode;
 * questions and options that are gone by now are left out. */
void wish_answers(struct arena *, const struct wish *,
                  const struct questions *, int mode, struct answers *);

#endif
