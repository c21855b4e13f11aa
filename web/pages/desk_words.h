/* The desk's words for states. */
#ifndef CONVENED_PAGES_DESK_WORDS_H
#define CONVENED_PAGES_DESK_WORDS_H

#include "daemon/model/lang.h"
#include "daemon/model/meeting.h"
#include "daemon/model/registration.h"

const char *desk_state_words(enum lang, enum registration_state);
const char *desk_phase_words(enum lang, enum meeting_phase);
/* enum view_tone */
int desk_phase_tone(enum meeting_phase);

#endif
