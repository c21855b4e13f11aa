/* When a letter is still true, asked when its turn comes (U3). Private to the
 * letters. */
#ifndef CONVENED_MAIL_LETTERS_TRUE_H
#define CONVENED_MAIL_LETTERS_TRUE_H

#include "daemon/mail/occasion.h"

/* What a rule looks up for the words is kept in the occasion. */
typedef enum rc true_rule(struct reader *, struct occasion *, bool *holds,
                          struct err *);

true_rule true_while_registered, true_while_cancelled, true_while_live,
    true_while_unconfirmed, true_while_waiting, true_while_offered,
    true_once_lapsed, true_while_pending, true_while_declined,
    true_once_handed_over, true_while_any_is_live, true_while_called_off,
    true_while_invited, true_once_withdrawn, true_while_wished,
    true_once_wish_declined;

#endif
