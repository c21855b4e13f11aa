#include "daemon/mail/letters.h"

/* The wait before attempt number `attempts` + 1. */
static int64_t wait_after(const struct settings *settings, int64_t attempts)
{
    int64_t wait = settings->mail_retry_min;

    for (int64_t i = 1; i < attempts && wait < settings->mail_retry_max; i++)
        wait *= 2;
    return wait < settings->mail_retry_max ? wait : settings->mail_retry_max;
}

static void leave_queue(struct letter *letter, enum letter_state state,
                        int64_t now)
{
    letter->state = state;
    letter->settled_at = now;
}

void letters_settle(struct letter *letter, const struct settings *settings,
                    int64_t now, enum delivery delivery, const char *remark)
{
    letter->attempts++;
    letter->remark = remark == NULL ? "" : remark;
    switch (delivery) {
    case DELIVERY_SENT:
        leave_queue(letter, LETTER_SENT, now);
        break;
    case DELIVERY_REFUSED:
        leave_queue(letter, LETTER_REFUSED, now);
        break;
    case DELIVERY_LATER:
        if (now - letter->created_at >= settings->mail_give_up)
            leave_queue(letter, LETTER_REFUSED, now);
        else
            letter->due_at = now + wait_after(settings, letter->attempts);
        break;
    }
}

void letters_drop(struct letter *letter, int64_t now, bool in_doubt)
{
    leave_queue(letter, LETTER_DROPPED, now);
    if (!in_doubt)
        return;
    letter->attempts++;
    letter->remark = "may have gone out before an interruption";
}
