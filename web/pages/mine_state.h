/* How a registration stands, in words, and what can be done about it now. */
#ifndef CONVENED_PAGES_MINE_STATE_H
#define CONVENED_PAGES_MINE_STATE_H

#include "web/pages/mine.h"

/* All of the view but facts, entries and frame, which mine.c fills. */
MUST_USE enum rc mine_state_fill(const struct page *, const struct mine *,
                                 const char *token, struct view_mine *,
                                 struct err *);
/* Open wishes and declined ones; mine_wishes.c. */
MUST_USE enum rc mine_wishes_fill(const struct page *, const struct mine *,
                                  struct view_mine *, struct err *);
/* Those who came with her, if she is the first of them or gets their letters;
 * mine_party.c. */
MUST_USE enum rc mine_party_fill(const struct page *, const struct mine *,
                                 struct view_mine *, struct err *);
/* Those who have no address of their own: their letters go to hers. */
MUST_USE enum rc mine_count_led(const struct page *, const struct mine *,
                                int64_t *led, struct err *);
/* "Sunday 7 March 2027, 10:00", in the meeting's zone. */
const char *mine_when(const struct page *, const struct meeting *,
                      int64_t at);
/* Changes are made at once, or asked for, or not possible any more. */
enum mine_right { MINE_MAY, MINE_ASKS, MINE_NOT };
enum mine_right mine_right_to_change(const struct page *,
                                     const struct mine *);
bool mine_may_hand_over(const struct mine *);

#endif
