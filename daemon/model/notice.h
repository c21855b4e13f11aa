/* Words that people are shown before they give us their data; each version
 * is kept, and who was shown which. */
#ifndef CONVENED_MODEL_NOTICE_H
#define CONVENED_MODEL_NOTICE_H

#include <stddef.h>
#include <stdint.h>

#include "daemon/model/lang.h"

/* The numbers are those in the database. */
enum notice_kind {
    NOTICE_DATA_PROTECTION, /* the page of that name: shown */
    NOTICE_SUPPORT_CONSENT, /* DSGVO Art. 9: agreed to */
    NOTICE_KIND_COUNT,
};

struct notice {
    enum notice_kind kind;
    enum lang lang;
    const char *version; /* a digest of the words */
    const char *words;
    int64_t since; /* when somebody first registered under it; 0: not yet */
};

struct notices {
    struct notice *items;
    size_t count;
};

/* Somebody was shown it or agreed to it. */
struct consent {
    struct notice notice;
    int64_t given_at;
    int64_t withdrawn_at; /* 0: stands */
};

struct consents {
    struct consent *items;
    size_t count;
};

const char *notice_kind_word(enum notice_kind); /* "data-protection" */

#endif
