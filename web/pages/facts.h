/* What is said about a meeting wherever it is named: date, place, seats, and
 * in which phase it is. */
#ifndef CONVENED_PAGES_FACTS_H
#define CONVENED_PAGES_FACTS_H

#include "web/pages/page.h"

/* "Sonntag, 7. März 2027" and "10:00 bis 15:00 Uhr". Over midnight both dates
 * stand in the day, and *hours is NULL. */
void facts_time(const struct page *, const struct meeting *, const char **day,
                const char **hours);
void facts_fill(const struct page *, const struct meeting *,
                const struct pools *, enum meeting_phase,
                struct view_facts *);
/* The next instant after now at which time alone changes what is said of the
 * meeting on its page; INT64_MAX: none. */
int64_t facts_until(const struct meeting *, int64_t now);
/* For somebody who takes part in that mode. */
void facts_fill_own(const struct page *, const struct meeting *, enum mode,
                    struct view_facts *);
/* Registration is still to open, or open, be there seats or not. */
bool facts_takes_people(enum meeting_phase);
void facts_seats(const struct page *, const struct meeting *,
                 const struct pools *, struct view_seats *);
/* "4 people are waiting." */
const char *facts_waiting(const struct page *, const struct pool *);
/* All places are taken, and how long the waiting list is. */
const char *facts_queue(const struct page *, const struct pools *);
/* Why there is no form, or what to know before it; NULL: nothing. */
const char *facts_phase(const struct page *, const struct meeting *,
                        enum meeting_phase);
/* "Dresden und online" */
const char *facts_where(const struct page *, const struct meeting *,
                        const struct pools *);
/* One fresh read of the seats; *until: when the card says something else. */
MUST_USE enum rc facts_card(const struct page *, const struct meeting *,
                            struct view_card *, int64_t *until, struct err *);
/* Cards of the first `most` meetings ahead; *until as above, the earliest of
 * all. */
MUST_USE enum rc facts_cards(const struct page *, const struct meetings *,
                             size_t most,
                             struct view_cards *, int64_t *until,
                             struct err *);

#endif
