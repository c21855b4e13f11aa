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
void mine_cancel_all(struct request *);    /* how many, and a button */
void mine_cancel_all_submit(struct request *);
void mine_confirm(struct request *);       /* this address is mine */
void mine_claim(struct request *);         /* I take the place offered */
void mine_mode(struct request *);          /* on site, or online */
void mine_stop_waiting(struct request *);  /* for the other mode */
void mine_withdraw_wish(struct request *);
void mine_change(struct request *);        /* a form, and what was sent */
void mine_change_submit(struct request *);
void mine_handover(struct request *);
void mine_handover_submit(struct request *);
void mine_to_page(struct request *);       /* GET of a mere button */
void mine_links(struct request *);         /* send me my link again */
void mine_links_submit(struct request *);
void mine_links_without_slash(struct request *);
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
