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
/* For somebody who takes part in that mode. */
void facts_fill_own(const struct page *, const struct meeting *, enum mode,
                    struct view_facts *);
void facts_seats(const struct page *, const struct meeting *,
                 const struct pools *, struct view_seats *);
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
