/* The iCalendar invitation of one address to one meeting (CALENDARS 1.4).
 * Several registrations of one address share it. */
#ifndef CONVENED_MODEL_INVITE_H
#define CONVENED_MODEL_INVITE_H

#include <stdbool.h>
#include <stdint.h>

struct invite {
    int64_t id;
    int64_t meeting_id;
    const char *address;  /* the address key */
    int64_t generation;   /* a new one after a CANCEL (U5) */
    const char *uid;      /* unguessable, lasting */
    int64_t sequence;
    int64_t stamp;        /* DTSTAMP of its last message; always grows */
    bool cancelled;
};

#endif
