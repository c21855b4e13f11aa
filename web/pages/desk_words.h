/* The desk's words for the phases of a meeting. */
#ifndef CONVENED_PAGES_DESK_WORDS_H
#define CONVENED_PAGES_DESK_WORDS_H

#include "daemon/model/lang.h"
#include "daemon/model/meeting.h"
#include "daemon/model/registration.h"

struct arena;

const char *desk_phase_words(enum lang, enum meeting_phase);
/* enum view_tone */
int desk_phase_tone(enum meeting_phase);
/* "Müller, Dr. Jana": as lists are sorted. */
const char *desk_sorted_name(struct arena *, const struct person *);
/* Of the reason for saying no, which goes into a letter; NULL: none. */
const char *desk_reason_fault(enum lang, const char *reason);

#endif
