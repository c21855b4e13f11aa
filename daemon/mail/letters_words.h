/* The words of a letter: fills the views, writes both bodies. Private to the
 * letters. */
#ifndef CONVENED_MAIL_LETTERS_WORDS_H
#define CONVENED_MAIL_LETTERS_WORDS_H

#include "daemon/base/str.h"
#include "daemon/mail/occasion.h"
#include "web/view/html.h"

struct bodies {
    const char *subject;   /* the frame's title */
    struct safe_html data; /* JSON-LD; nothing if the letter has none */
    struct str text, html;
};

typedef void words_write(const struct occasion *, struct bodies *);

words_write words_confirmation, words_invitation, words_goodbye,
    words_withdrawal, words_already, words_called_off, words_confirm_address,
    words_waiting, words_moved_up, words_offer, words_lapsed, words_pending,
    words_declined, words_changed, words_handed_over, words_links,
    words_wish_to_host, words_wish_declined;

#endif
