/* What calendars read of a letter: the iCalendar part, and the JSON-LD in
 * its HTML (CALENDARS I, U2). Private to the letters. */
#ifndef CONVENED_MAIL_LETTERS_CALENDAR_H
#define CONVENED_MAIL_LETTERS_CALENDAR_H

#include "calendars/invite.h"
#include "daemon/mail/occasion.h"
#include "web/view/html.h"

/* In the occasion's arena. No secret, and nothing that a person typed but
 * her name. */
MUST_USE enum rc letters_calendar(const struct occasion *, enum cal_method,
                                  const char **calendar, struct err *);
/* An EventReservation with the same start (I12). */
struct safe_html letters_reservation(const struct occasion *,
                                     enum cal_method);

#endif
