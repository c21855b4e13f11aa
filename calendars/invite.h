/* The calendar part of an invitation or cancellation mail (CALENDARS I, U). */
#ifndef CONVENED_CALENDARS_INVITE_H
#define CONVENED_CALENDARS_INVITE_H

#include "calendars/feed.h"

enum cal_method { CAL_REQUEST, CAL_CANCEL };

struct cal_invite {
    enum cal_method method;
    struct cal_event event; /* uid, sequence and stamp of the invite */
    const char *organizer_name, *organizer_address; /* = From (I6) */
    const char *attendee_name, *attendee_address;   /* = To */
};

const char *cal_method_word(enum cal_method); /* "REQUEST", "CANCEL" */
/* STATUS follows from the method; event.cancelled is not looked at. RC_FAIL
 * too if the organizer would be invited: programs show no buttons then (I6),
 * so decide before. */
MUST_USE enum rc invite_write(const struct cal_invite *, struct str *out,
                              struct err *);

#endif
