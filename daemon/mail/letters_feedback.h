/* The letter about a reported barrier: to the operator, from the operator's
 * own sender, in the language of the first alliance. Private to the
 * letters. */
#ifndef CONVENED_MAIL_LETTERS_FEEDBACK_H
#define CONVENED_MAIL_LETTERS_FEEDBACK_H

#include "daemon/mail/letters.h"

/* As letters_render(), for a letter with feedback_id. True until somebody
 * says that it was answered. */
MUST_USE enum rc letters_feedback(struct reader *, struct arena *,
                                  const struct settings *,
                                  const struct letter *, bool *still_true,
                                  struct parts *, struct err *);

#endif
