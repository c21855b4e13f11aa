/* What somebody reported about a barrier on the site (EXPERIENCE A31). */
#ifndef CONVENED_MODEL_FEEDBACK_H
#define CONVENED_MODEL_FEEDBACK_H

#include <stddef.h>
#include <stdint.h>

#include "daemon/base/token.h"
#include "daemon/model/lang.h"

#define FEEDBACK_ZONE "Europe/Berlin" /* in which its month is counted */
#define FEEDBACK_MESSAGE_MOST 2000 /* characters */
#define FEEDBACK_PAGE_MOST 500

struct feedback {
    int64_t id;          /* as commands call it */
    struct id public_id; /* what the desk speaks of */
    const char *message; /* as typed, cleaned; several lines */
    const char *address; /* NULL: was not given */
    const char *page;    /* which one it is about, as typed; may be empty */
    enum lang lang;      /* of the form */
    int64_t received_at;
    int64_t due_at;      /* the last second of the day it must be answered */
    int64_t answered_at; /* 0: is not */
};

struct feedbacks {
    struct feedback *items;
    size_t count;
};

#endif
