/* From a row of the outbox to the parts of a mail, rendered from the newest
 * data (U3): a letter that is no longer true is dropped. Server side; knows
 * no network. */
#ifndef CONVENED_MAIL_LETTERS_H
#define CONVENED_MAIL_LETTERS_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/base/err.h"
#include "daemon/model/letter.h"
#include "daemon/model/settings.h"
#include "daemon/store/db.h"

struct arena;
struct keyring;

/* What the courier needs to build and send it. All in the arena. */
struct parts {
    const char *from_name, *from_address; /* also the envelope sender */
    const char *to_name, *to_address;
    const char *reply_to;   /* NULL: none (I6) */
    const char *subject;
    const char *message_id; /* without brackets; the same every time */
    int64_t date;           /* of the first attempt's writing: stable */
    const char *lang;
    const char *text;       /* UTF-8, LF */
    const char *html;
    const char *calendar;   /* NULL: none; else iCalendar bytes */
    const char *method;     /* "REQUEST", "CANCEL"; NULL: none */
};

/* *still_true false: drop it; parts are not set. The parts depend on the
 * database alone; `now` only decides what is past. */
MUST_USE enum rc letters_render(struct reader *, struct arena *,
                                const struct settings *,
                                const struct keyring *, int64_t now,
                                const struct letter *, bool *still_true,
                                struct parts *, struct err *);

/* What became of an attempt, and what the row says afterwards: a 5xx is for
 * good, anything else waits 1 minute, doubling to mail.retry-max, until
 * mail.give-up after it was written. The remark (NULL: none) is kept, not
 * copied. */
enum delivery { DELIVERY_SENT, DELIVERY_LATER, DELIVERY_REFUSED };
void letters_settle(struct letter *, const struct settings *, int64_t now,
                    enum delivery, const char *remark);
/* It is no longer true. In doubt: the relay may have taken it from a courier
 * that could not say so any more; that counts as an attempt, so that a
 * WITHDRAWAL follows (letter_invite_was_sent). */
void letters_drop(struct letter *, int64_t now, bool in_doubt);

#endif
