#include "daemon/rules/feedback.h"

#include <assert.h>

#include "calendars/zone.h"
#include "daemon/base/arena.h"
#include "daemon/store/account_store.h"
#include "daemon/store/feedback_store.h"
#include "daemon/store/letter_store.h"

#define HOUR 3600
#define DAY 86400
#define LETTERS_PER_HOUR 30

int64_t feedback_due(int64_t received_at)
{
    const struct zone *zone = zone_find(FEEDBACK_ZONE);
    struct civil day =
        civil_add_months(zone_local(zone, received_at).civil, 1);
    int64_t at;

    day.hour = 23;
    day.minute = day.second = 59;
    enum wall_verdict verdict = zone_utc(zone, &day, &at);
    assert(verdict == WALL_OK); /* no clock is put on at that hour */
    return at;
}

static enum rc audit(struct writer *writer, int64_t now, int64_t actor,
                     const char *deed, int64_t amount, struct err *err)
{
    const struct audit line = { .actor = actor, .deed = deed,
                                .amount = amount };

    return audit_insert(writer, now, &line, err);
}

static enum rc tell_operator(struct writer *writer, int64_t now,
                             const struct settings *settings,
                             const struct feedback *feedback, bool *letter,
                             struct err *err)
{
    int64_t lately = 0;
    enum rc rc = feedback_count_since(writer_reader(writer), now - HOUR + 1,
                                      &lately, err);
    struct letter about = {
        .kind = LETTER_FEEDBACK,
        .state = lately > LETTERS_PER_HOUR ? LETTER_SUPPRESSED
                                           : LETTER_QUEUED,
        .feedback_id = feedback->id,
        .address = settings->feedback_address,
    };

    *letter = about.state == LETTER_QUEUED;
    return rc == RC_OK ? letter_insert(writer, now, &about, err) : rc;
}

enum rc feedback_receive(struct writer *writer, struct arena *arena,
                         int64_t now, const struct settings *settings,
                         struct feedback *feedback, bool *letter,
                         struct err *err)
{
    bool known;
    enum rc rc = feedback_is_known(writer_reader(writer), feedback,
                                   now - DAY + 1, &known, err);

    *letter = false;
    if (rc != RC_OK || known)
        return rc;
    feedback->received_at = now;
    feedback->due_at = feedback_due(now);
    feedback->answered_at = 0;
    rc = feedback_insert(writer, arena, feedback, err);
    if (rc == RC_OK)
        rc = audit(writer, now, 0, "feedback", 1, err);
    return rc == RC_OK && *settings->feedback_address
        ? tell_operator(writer, now, settings, feedback, letter, err) : rc;
}

enum rc feedback_answer(struct writer *writer, int64_t now, int64_t id,
                        int64_t actor, struct err *err)
{
    enum rc rc = feedback_set_answered(writer, now, id, err);

    return rc == RC_OK
        ? audit(writer, now, actor, "feedback-answered", 1, err) : rc;
}

enum rc feedback_purge(struct writer *writer, int64_t now, int64_t limit,
                       const struct settings *settings, int64_t *count,
                       struct err *err)
{
    int64_t before = now - settings->feedback_keep, id;
    enum rc rc = RC_OK;

    for (*count = 0; *count < limit; ++*count) {
        rc = feedback_answered_before(writer_reader(writer), before, &id,
                                      err);
        if (rc == RC_OK)
            rc = feedback_delete(writer, id, err);
        if (rc != RC_OK)
            break;
    }
    if (rc == RC_FAIL || *count == 0)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    return audit(writer, now, -1, "feedback-purge", *count, err);
}

enum rc feedback_erase(struct writer *writer, struct arena *arena,
                       int64_t now, int64_t actor, const char *address_key,
                       int64_t *count, struct err *err)
{
    struct feedbacks found;
    enum rc rc = feedback_of_address(writer_reader(writer), arena,
                                     address_key, &found, err);

    *count = 0;
    for (size_t i = 0; i < found.count && rc == RC_OK; i++) {
        rc = feedback_delete(writer, found.items[i].id, err);
        ++*count;
    }
    return rc == RC_OK && *count > 0
        ? audit(writer, now, actor, "feedback-erase", *count, err) : rc;
}
