#include "daemon/rules/support.h"

#include <assert.h>

#include "daemon/store/consent_store.h"
#include "daemon/store/support_store.h"

/* A consent to the very same words that still stands is not given twice. */
static enum rc agree(struct writer *writer, int64_t now,
                     int64_t registration_id, const struct notice *consent,
                     struct err *err)
{
    int64_t notice_id, standing = 0;
    enum rc rc = notice_note(writer, now, consent, &notice_id, err);

    if (rc == RC_OK)
        rc = consent_standing(writer_reader(writer), registration_id,
                              consent->kind, &standing, err);
    if (rc == RC_FAIL || (rc == RC_OK && standing == notice_id))
        return rc;
    return consent_insert(writer, now, registration_id, notice_id, err);
}

enum rc support_write(struct writer *writer, int64_t now,
                      const struct registration *registration,
                      const struct support *support,
                      const struct notice *consent, struct err *err)
{
    if (support_is_empty(support))
        return support_withdraw(writer, now, registration->id, NULL, err);
    assert(consent && consent->kind == NOTICE_SUPPORT_CONSENT);
    enum rc rc = support_put(writer, now, registration, support, err);
    return rc == RC_OK
        ? agree(writer, now, registration->id, consent, err) : rc;
}

enum rc support_withdraw(struct writer *writer, int64_t now,
                         int64_t registration_id, bool *was, struct err *err)
{
    bool gone;
    enum rc rc = support_delete(writer, registration_id, &gone, err);

    if (was)
        *was = gone;
    return rc == RC_OK
        ? consent_withdraw(writer, now, registration_id,
                           NOTICE_SUPPORT_CONSENT, err) : rc;
}

enum rc support_change(struct turn *turn, const struct id *id,
                       const struct support *support,
                       const struct notice *consent,
                       enum support_outcome *outcome, struct err *err)
{
    struct registration r;
    bool empty = support_is_empty(support);
    enum rc rc = turn_begin_by_link(turn, id, &r, err);

    if (rc != RC_OK)
        return rc;
    *outcome = SUPPORT_PAST;
    if (!empty && (!registration_is_live(&r) ||
                   turn->meeting.state != MEETING_PUBLISHED ||
                   turn->now >= turn->meeting.ends_at))
        return RC_OK;
    *outcome = empty ? SUPPORT_WITHDRAWN : SUPPORT_KEPT;
    rc = support_write(turn->writer, turn->now, &r, support, consent, err);
    return rc == RC_OK
        ? turn_note(turn, &r, empty ? "support-withdraw" : "support", err)
        : rc;
}

enum rc support_note_notice(struct writer *writer, int64_t now,
                            int64_t registration_id,
                            const struct notice *notice, struct err *err)
{
    int64_t notice_id;

    if (!notice || !notice->words)
        return RC_OK;
    enum rc rc = notice_note(writer, now, notice, &notice_id, err);
    return rc == RC_OK
        ? consent_insert(writer, now, registration_id, notice_id, err) : rc;
}
