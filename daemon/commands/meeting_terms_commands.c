/* What may happen to a registration at a meeting, as its commands set, show
 * and explain it. */
#include "daemon/commands/meeting_commands.h"
#include "daemon/commands/table.h"
#include "daemon/commands/values.h"
#include "daemon/store/registration_store.h"

#define TERM_MOST (60 * 86400)
#define CONFIRM_USUAL (48 * 3600) /* EXPERIENCE A17 */
#define PARTY_MOST 10

static void read_changes_until(struct call *call, struct meeting *meeting)
{
    const char *value = call_option(call, "changes-until");

    if (value && !*value)
        meeting->changes_until = 0;
    else
        value_time(call, "changes-until", meeting->zone,
                   &meeting->changes_until);
    if (meeting->ends_at && meeting->changes_until > meeting->ends_at)
        call_mistake(call, "--changes-until: nothing can be changed once the "
                     "meeting has ended");
}

void meeting_read_terms(struct call *call, struct meeting *meeting)
{
    const char *approval = call_option(call, "approval");

    value_bool(call, "waiting", &meeting->waiting);
    value_duration(call, "claim-term", 0, TERM_MOST, &meeting->claim_term);
    value_duration(call, "confirm-term", CONFIRM_USUAL, TERM_MOST,
                   &meeting->confirm_term);
    if (approval && !approval_parse(approval, &meeting->approval))
        call_mistake(call, "--approval: \"%s\": none, holds or free is "
                     "expected", approval);
    read_changes_until(call, meeting);
    value_int(call, "party", 1, PARTY_MOST, &meeting->party_most);
    value_bool(call, "handing-over", &meeting->handing_over);
    value_int(call, "keep-support-days", 0, 365,
              &meeting->keep_support_days);
}

void meeting_show_terms(const struct call *call, const struct meeting *m,
                        json_t *record)
{
    json_object_set_new(record, "waiting", json_boolean(m->waiting));
    json_object_set_new(record, "claim_term",
                        table_duration(call, m->claim_term));
    json_object_set_new(record, "confirm_term",
                        table_duration(call, m->confirm_term));
    json_object_set_new(record, "approval",
                        json_string(approval_word(m->approval)));
    json_object_set_new(record, "changes_until",
                        table_time(call, m->zone, meeting_changes_until(m)));
    json_object_set_new(record, "party", json_integer(m->party_most));
    json_object_set_new(record, "handing_over",
                        json_boolean(m->handing_over));
    json_object_set_new(record, "keep_support_days",
                        json_integer(m->keep_support_days));
}

/* ---- what a change means for those who are in ---- */

static void say_approval(struct call *call, const struct meeting *before,
                         const struct meeting *now, long long pending)
{
    if (now->approval == before->approval)
        return;
    if (now->approval == APPROVAL_NONE && pending > 0)
        call_say(call, "%lld still await approval: `convened attendees "
                 "approve %s/%s --all`", pending, now->alliance_slug,
                 now->slug);
    else if (now->approval != APPROVAL_NONE)
        call_say(call, "approval concerns those who register from now on");
}

void meeting_say_terms(struct call *call, const struct meeting *before,
                       const struct meeting *now,
                       const struct registration_numbers *numbers)
{
    say_approval(call, before, now, (long long)numbers->pending);
    if (before->waiting && !now->waiting && numbers->waiting > 0)
        call_say(call, "%lld stay on the waiting list and move up as "
                 "before; nobody joins them",
                 (long long)numbers->waiting);
    if (before->claim_term != now->claim_term && numbers->waiting > 0)
        call_say(call, "seats that are offered already keep their term");
    if (before->confirm_term != now->confirm_term &&
        numbers->unconfirmed > 0)
        call_say(call, "%lld who have yet to confirm their address keep "
                 "their term", (long long)numbers->unconfirmed);
    if (before->party_most > now->party_most)
        call_say(call, "parties that are in stay as large as they are");
}
