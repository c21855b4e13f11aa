/* The organisers' desk: its rows of the route table, and what its pages
 * share. Whoever may not see a meeting is told that it does not exist. */
#ifndef CONVENED_PAGES_DESK_H
#define CONVENED_PAGES_DESK_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/base/err.h"
#include "daemon/http/request.h"
#include "daemon/model/meeting.h"
#include "daemon/rules/access.h"
#include "daemon/store/registration_store.h"
#include "web/pages/page.h"
#include "web/view/views.h"

/* Rows */
void desk_without_slash(struct request *);
void desk_home(struct request *);
void desk_signin(struct request *);
void desk_signin_submit(struct request *);
void desk_signout_submit(struct request *);
void desk_meeting(struct request *);
void desk_feedback(struct request *);
void desk_feedback_submit(struct request *);
void desk_decide(struct request *);
void desk_reconsider(struct request *);
void desk_wishes(struct request *);
void desk_wishes_submit(struct request *);
void desk_export_xlsx(struct request *);
void desk_export_csv(struct request *);
void desk_export_json(struct request *);
void desk_support(struct request *);
void desk_support_export(struct request *);

/* Somebody who comes without a valid login sees the form, told why. */
void desk_signin_ask(struct request *, int status, const char *note);

/* Addresses behind the language: "/desk/", "/desk/alliance/meeting". */
#define DESK_HOME "/desk/"
#define DESK_SIGN_IN "/desk/sign-in"
#define DESK_FEEDBACK "/desk/feedback"
const char *desk_meeting_tail(const struct page *, const struct meeting *);
/* The meeting's page once more, with what was wrong; 422. */
void desk_meeting_again(struct request *, const struct meeting *,
                        const char *note);
/* With the page's language before it. */
const char *desk_url(const struct page *, const char *tail);
/* The frame of a page at the desk; frame->path is its address behind the
 * language. */
void desk_frame(struct request *, const struct page *, const struct frame *,
                struct view_site *);

/* The meeting that the address names, if the account has this right there.
 * Otherwise false, and the request is answered: 404, or 403 if only the
 * right is missing, or 500. */
bool desk_find_meeting(struct request *, enum right, struct meeting *);
MUST_USE enum rc desk_may(struct request *, const struct meeting *,
                          enum right, bool *, struct err *);

/* Answers 403: the account lacks the right. */
void desk_refuse(struct request *);
/* May this login see reported barriers: they belong to the whole site. */
bool desk_sees_feedback(const struct request *);

/* How often each option of its questions was chosen; no items: nothing to
 * choose is asked. */
MUST_USE enum rc desk_answers(const struct page *, const struct meeting *,
                              struct view_desk_answers *, struct err *);

/* When the day began that `now` belongs to, by the meeting's wall clock. */
int64_t desk_midnight(const struct meeting *, int64_t now);
/* Registered of capacity, waiting, to be decided, new today, letters that
 * stick. Where people are shown their page has counted the registrations,
 * with desk_midnight() for `since`, and numbers lead to those they count;
 * else NULL. */
MUST_USE enum rc desk_numbers(const struct page *, const struct meeting *,
                              const struct pools *,
                              const struct registration_numbers *,
                              struct view_desk_numbers *, struct err *);

#endif
