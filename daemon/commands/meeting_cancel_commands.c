/* meeting cancel */
#include "daemon/commands/meeting_commands.h"
#include "daemon/commands/table.h"
#include "daemon/commands/values.h"
#include "daemon/rules/calloff.h"
#include "daemon/store/letter_store.h"
#include "daemon/store/registration_store.h"
#include "daemon/store/writing.h"

#define REASON_MOST 1000

const struct command_option meeting_cancel_options[] = {
    { "reason-de", "TEXT", "German reason, on the page and in letters",
      false },
    { "reason-en", "TEXT", "the same in English", false },
    { "yes", NULL, "do it; without, only say what would happen", false },
    TABLE_JSON_OPTION,
    { NULL, NULL, NULL, false },
};

/* Whom it concerns. */
struct concerned {
    int64_t people;
    int64_t addressed;
    int64_t invites; /* in calendars, or on their way there */
};

static enum rc count_concerned(struct call *call,
                               const struct meeting *meeting,
                               struct concerned *concerned, struct err *err)
{
    enum rc rc = registration_count_reached(call->reader, meeting->id,
                                            &concerned->people,
                                            &concerned->addressed, err);

    return rc == RC_OK ? invite_count_open(call->reader, meeting->id,
                                           &concerned->invites, err)
                       : rc;
}

static void read_reason(struct call *call, struct bilingual *reason)
{
    *reason = (struct bilingual){ "", "" };
    value_line(call, "reason-de", REASON_MOST, &reason->de);
    value_line(call, "reason-en", REASON_MOST, &reason->en);
    if (*reason->en && !*reason->de)
        call_mistake(call, "--reason-de is missing: German letters need a "
                     "reason too");
}

static enum exit_code ask_for_yes(struct call *call,
                                  const struct meeting *meeting,
                                  const struct concerned *concerned)
{
    call_say(call, "this would cancel %s/%s: %lld registered, %lld letters "
             "to say so, up to %lld more to take it out of calendars; it "
             "cannot be undone. Do it with --yes", meeting->alliance_slug,
             meeting->slug, (long long)concerned->people,
             (long long)concerned->addressed, (long long)concerned->invites);
    if (!*meeting->cancel_reason.de)
        call_say(call, "no reason is given: --reason-de TEXT --reason-en "
                 "TEXT");
    return EXIT_USAGE;
}

static enum exit_code call_off(struct call *call, struct meeting *meeting,
                               const struct concerned *concerned)
{
    enum calloff_outcome outcome;
    struct err err;

    if (calloff_meeting(call->writer, call->now, meeting, &outcome, &err))
        return call_failed(call, &err);
    call->changed |= CHANGE_LETTERS; /* they begin with the next job */
    table_say(call, "meeting %s/%s is cancelled; %lld registered, of whom "
              "%lld get a letter", meeting->alliance_slug, meeting->slug,
              (long long)concerned->people,
              (long long)concerned->addressed);
    if (concerned->people > concerned->addressed)
        call_say(call, "%lld have no e-mail address: tell them yourself "
                 "(`convened attendees list`)",
                 (long long)(concerned->people - concerned->addressed));
    return meeting_changed(call, "meeting-cancel", meeting);
}

/* Also what the rule would answer, before anybody is asked for a yes. */
static enum exit_code check_stands(struct call *call,
                                   const struct meeting *meeting)
{
    if (meeting->state == MEETING_DRAFT)
        call_mistake(call, "it is a draft: nobody has seen it, and there is "
                     "nothing to cancel");
    else if (meeting->ends_at <= call->now)
        call_mistake(call, "it is over");
    return call->mistakes ? EXIT_DATA : EXIT_FINE;
}

enum exit_code meeting_cancel(struct call *call)
{
    struct alliance alliance;
    struct meeting meeting;
    struct concerned concerned;
    struct err err;
    enum exit_code code = value_meeting(call, call->arguments[0], &alliance,
                                        &meeting);

    if (code != EXIT_FINE)
        return code;
    if (meeting.state == MEETING_CANCELLED) {
        table_say(call, "it is cancelled already; nobody gets another "
                  "letter");
        return meeting_print_if_json(call, &meeting);
    }
    code = check_stands(call, &meeting);
    if (code != EXIT_FINE)
        return code;
    read_reason(call, &meeting.cancel_reason);
    if (call->mistakes)
        return EXIT_DATA;
    if (count_concerned(call, &meeting, &concerned, &err))
        return call_failed(call, &err);
    return call_flag(call, "yes") ? call_off(call, &meeting, &concerned)
                                  : ask_for_yes(call, &meeting, &concerned);
}
