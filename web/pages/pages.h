/* The handlers of the public site, as web/routes.c names them. */
#ifndef CONVENED_PAGES_PAGES_H
#define CONVENED_PAGES_PAGES_H

struct request;

void root_show(struct request *);          /* to one's language */
void home_show(struct request *);
void alliance_show(struct request *);
void meeting_show(struct request *);

void register_submit(struct request *);
void register_to_form(struct request *);   /* GET: leads to the form */

void receipt_show(struct request *);
void receipt_again(struct request *);      /* the form for somebody else */

void mine_show(struct request *);
void mine_cancel(struct request *);
void mine_undo(struct request *);
void mine_to_page(struct request *);       /* GET of the two above */
void mine_data(struct request *);          /* all that we hold, as JSON */
void mine_erase(struct request *);         /* what that means, and a button */
void mine_erase_submit(struct request *);
void mine_answers(struct request *);
void mine_answers_submit(struct request *);
void mine_support(struct request *);
void mine_support_submit(struct request *);

void legal_show(struct request *);
void statement_show(struct request *);     /* of accessibility */
void feedback_form(struct request *);      /* reporting a barrier */
void feedback_submit(struct request *);
void feedback_thanks(struct request *);
void static_send(struct request *);
void robots_send(struct request *);
void health_send(struct request *);        /* the process is alive */
void ready_send(struct request *);         /* and can do its work */
void metrics_send(struct request *);       /* in numbers */

#endif
