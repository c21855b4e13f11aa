/* What the pages behind the mailed link share; mine.c has the page itself. */
#ifndef CONVENED_PAGES_MINE_H
#define CONVENED_PAGES_MINE_H

#include <stdbool.h>

#include "daemon/model/registration.h"
#include "web/pages/ask_answers.h"
#include "web/pages/page.h"

struct mine {
    struct registration registration;
    struct meeting meeting;
    struct pools pools;
    struct benches benches;
    struct alliance alliance;
    struct ask_given asked;
    enum meeting_phase phase;
};

/* Checks the token and reads what it is about. False: has been answered; an
 * unknown, a forged and an erased one all alike. */
bool mine_load(struct request *, const struct page *, struct mine *);
/* A page behind the link, with words about what was just tried; NULL: none. */
typedef void mine_page(struct request *, const struct page *,
                       const struct mine *, int status, const char *note);
/* My registration itself. */
mine_page mine_page_show;
/* Was the button pressed on that page, and lately? False: the page has been
 * shown again, with the reason. */
bool mine_stamp_holds(struct request *, const struct page *,
                      const struct mine *, mine_page *);
/* What GET does: that page, if there is such a registration. */
void mine_get(struct request *, mine_page *);
/* What POST does: the wish, if the button was pressed on that page. */
typedef void mine_wish(struct request *, const struct page *,
                       const struct mine *);
void mine_post(struct request *, mine_page *, mine_wish *);
/* Around each of these pages: "TITLE – the meeting"; `path` is where it
 * stands below the link ("/change"), NULL: it has no address any more. */
void mine_frame(const struct page *, const struct mine *, const char *title,
                const char *path, const char *token, bool fault,
                struct view_site *);
/* Where her answers can be changed; NULL: not any more, or nothing is asked.
 */
const char *mine_answers_url(const struct page *, const struct mine *,
                             const char *token);
/* "/de/r/TOKEN" and what stands behind it. */
const char *mine_url(const struct page *, const char *token,
                     const char *wish);

#endif
