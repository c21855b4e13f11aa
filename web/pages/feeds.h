/* The handlers of /calendars/, as web/routes.c names them; all of them
 * prebuilt answers, all with PRIVACY_FEED, so that an error is one line of
 * text and never a page. */
#ifndef CONVENED_PAGES_FEEDS_H
#define CONVENED_PAGES_FEEDS_H

struct request;

void feeds_send_all(struct request *);      /* /calendars/all.ics */
void feeds_send_alliance(struct request *); /* /calendars/:alliance.ics */
void feeds_send_regions(struct request *);  /* …/:alliance/with-regions.ics */
void feeds_send_meeting(struct request *);  /* …/:alliance/:meeting.ics */
void feeds_send_download(struct request *); /* …/:meeting/download.ics */

#endif
