/* A tenant: an alliance, or a region below one. */
#ifndef CONVENED_MODEL_ALLIANCE_H
#define CONVENED_MODEL_ALLIANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/model/lang.h"

struct alliance {
    int64_t id;
    int64_t parent_id; /* 0: none */
    const char *slug;
    struct bilingual name;
    struct bilingual about;    /* Markdown */
    const char *contact_name;  /* a human, on pages and in letters */
    const char *contact_email; /* Reply-To of confirmations */
    const char *contact_phone; /* may be empty */
    const char *mail_from;     /* the one lasting mailbox (CALENDARS 1.3) */
    const char *color;         /* CSS3 name (RFC 7986 5.9) */
    enum lang lang;            /* of its feeds */
    bool queue_passing;        /* see 0006: who fits may pass who does not */
    bool invite_default;       /* "Kalendereinladung" ticked at first */
    int64_t created_at;        /* seconds, UTC, as everywhere */
    int64_t changed_at;
};

struct alliances {
    struct alliance *items;
    size_t count;
};

/* NULL: none of them. */
const struct alliance *alliance_find(const struct alliances *, int64_t id);

#endif
