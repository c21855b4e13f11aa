/* attendees approve|decline|reconsider: what the organisers say to those who
 * await it. Whoever is named is decided, or nothing is. */
#include "daemon/base/arena.h"
#include "daemon/base/text.h"
#include "daemon/commands/attendee_choice.h"
#include "daemon/commands/attendee_commands.h"
#include "daemon/commands/table.h"
#include "daemon/commands/values.h"
#include "daemon/rules/decide.h"
#include "daemon/store/alliance_store.h"
#include "daemon/store/erase_store.h"
#include "daemon/store/registration_store.h"
#include "daemon/store/seat_store.h"
#include "daemon/store/writing.h"

/* Of --all in one transaction: below a second, letters included. */
#define ALL_MOST 1000
#define SLICE_ROWS 500

const struct command_option attendees_approve_options[] = {
    { "all", NULL, "everybody who awaits approval, 1,000 at a time", false },
    TABLE_JSON_OPTION,
    { NULL, NULL, NULL, false },
};

const struct command_option attendees_decline_options[] = {
    { "all", NULL, "everybody who awaits approval, 1,000 at a time", false },
    { "yes", NULL, "with --all: really", false },
    { "reason", "TEXT", "is told to them", false },
    TABLE_JSON_OPTION,
    { NULL, NULL, NULL, false },
};

const struct command_option attendees_reconsider_options[] = {
    TABLE_JSON_OPTION,
    { NULL, NULL, NULL, false },
};

struct work {
    struct alliance alliance;
    struct meeting meeting;
    struct benches benches;
    struct decision *items;
    size_t count;
    int64_t left; /* of --all, beyond these */
};

/* ---- who ---- */

static enum exit_code find_named(struct call *call, struct work *work)
{
    struct err err;

    work->items = ARENA_ARRAY(call->arena, struct decision,
                              call->argument_count);
    for (size_t i = 1; i < call->argument_count; i++) {
        struct registration *r = &work->items[work->count].registration;
        enum rc rc = erase_find_reference(call->reader, call->arena,
                                          work->meeting.id,
                                          call->arguments[i], r, &err);

        if (rc == RC_FAIL)
            return call_failed(call, &err);
        if (rc == RC_NOT_FOUND)
            call_mistake(call, "nobody has the reference code %s there",
                         call->arguments[i]);
        else
            work->items[work->count++].registration_id = r->id;
    }
    return call->mistakes ? EXIT_DATA : EXIT_FINE;
}

static void take_row(void *context, const struct registration *r)
{
    struct work *work = context;

    if (work->count < ALL_MOST)
        work->items[work->count++].registration_id = r->id;
    else
        work->left++;
}

static enum exit_code find_all(struct call *call, struct work *work)
{
    const struct registration_filter pending = {
        .meeting_id = work->meeting.id, .state = REG_PENDING, .mode = -1,
    };
    struct registration_cursor at = { .limit = SLICE_ROWS };
    struct err err;

    work->items = ARENA_ARRAY(call->arena, struct decision, ALL_MOST);
    while (!at.done)
        if (registration_each(call->reader, &pending, &at, take_row, work,
                              &err))
            return call_failed(call, &err);
    return EXIT_FINE;
}

static enum exit_code find(struct call *call, bool all, struct work *work)
{
    struct err err;
    enum exit_code code = value_meeting(call, call->arguments[0],
                                        &work->alliance, &work->meeting);

    if (code != EXIT_FINE)
        return code;
    if (all == (call->argument_count > 1)) {
        call_mistake(call, "reference codes or --all is expected");
        return EXIT_USAGE;
    }
    if (bench_list(call->reader, call->arena, work->alliance.id,
                   &work->benches, &err) == RC_FAIL)
        return call_failed(call, &err);
    return all ? find_all(call, work) : find_named(call, work);
}

/* ---- what became of them ---- */

static void say_mistake(struct call *call, const struct decision *one)
{
    const struct registration *r = &one->registration;

    switch (one->outcome) {
    case DECIDE_NOT_PENDING:
        call_mistake(call, "%s awaits no approval: %s", r->reference,
                     registration_state_word(r->state));
        break;
    case DECIDE_FULL:
        call_mistake(call, "%s: no seat is left %s, and the meeting keeps no "
                     "waiting list", r->reference,
                     r->mode == MODE_ONLINE ? "online" : "on site");
        break;
    case DECIDE_PAST:
        call_mistake(call, "the meeting is over, or cancelled");
        break;
    case DECIDE_DONE:
        break;
    }
}

static void say_sum(struct call *call, const struct work *work,
                    const char *deed)
{
    long long done = 0, waiting = 0, full = 0;

    for (size_t i = 0; i < work->count; i++) {
        const struct decision *one = &work->items[i];

        done += one->outcome == DECIDE_DONE;
        full += one->outcome == DECIDE_FULL;
        waiting += one->outcome == DECIDE_DONE &&
                   one->registration.state == REG_WAITING;
    }
    table_say(call, "%lld %s, %lld of them on the waiting list", done, deed,
              waiting);
    if (full > 0)
        call_say(call, "%lld still await approval: no seat is left, and the "
                 "meeting keeps no waiting list", full);
    if (work->left > 0)
        call_say(call, "%lld more await approval: run it again",
                 (long long)work->left);
}

static enum exit_code print(struct call *call, const struct work *work)
{
    struct queue_places queue;
    struct err err;
    json_t *rows = json_array();

    if (!call_flag(call, "json")) {
        json_decref(rows);
        return EXIT_FINE;
    }
    if (wait_places(call->reader, call->arena, work->meeting.id, &queue,
                    &err)) {
        json_decref(rows);
        return call_failed(call, &err);
    }
    for (size_t i = 0; i < work->count; i++)
        if (work->items[i].outcome == DECIDE_DONE)
            json_array_append_new(
                rows, attendee_record(call, work->meeting.zone,
                                      &work->benches, &queue,
                                      &work->items[i].registration));
    table_print(call, rows);
    return EXIT_FINE;
}

static void note_changes(struct call *call, const struct turn *turn)
{
    call->changed |= (turn->seats ? CHANGE_SEATS : 0) |
                     (turn->letters ? CHANGE_LETTERS : 0);
}

static enum exit_code decide(struct call *call, struct work *work,
                             bool approved, const char *reason)
{
    struct turn turn = value_turn(call);
    struct err err;

    if (decide_all(&turn, work->meeting.id, work->items, work->count,
                   approved, reason, &err))
        return call_failed(call, &err);
    if (!call_flag(call, "all"))
        for (size_t i = 0; i < work->count; i++)
            say_mistake(call, &work->items[i]);
    if (call->mistakes)
        return EXIT_DATA;
    note_changes(call, &turn);
    say_sum(call, work, approved ? "approved" : "declined");
    return print(call, work);
}

/* ---- commands ---- */

enum exit_code attendees_approve(struct call *call)
{
    struct work work = { .count = 0 };
    enum exit_code code = find(call, call_flag(call, "all"), &work);

    return code == EXIT_FINE ? decide(call, &work, true, "") : code;
}

enum exit_code attendees_decline(struct call *call)
{
    struct work work = { .count = 0 };
    const char *reason = call_option(call, "reason");
    bool all = call_flag(call, "all");
    enum exit_code code = find(call, all, &work);

    if (code != EXIT_FINE)
        return code;
    if (all && !call_flag(call, "yes")) {
        call_say(call, "this would decline %lld people; --yes does it",
                 (long long)work.count + work.left);
        return EXIT_USAGE;
    }
    reason = reason ? text_clean_line(call->arena, reason) : "";
    if (text_characters(reason) > DECIDE_REASON_MOST) {
        call_mistake(call, "--reason: at most %d characters",
                     DECIDE_REASON_MOST);
        return EXIT_DATA;
    }
    return decide(call, &work, false, reason);
}

static void say_no_undo(struct call *call, const struct registration *r,
                        enum decide_undo_outcome outcome)
{
    static const char *const words[] = {
        [DECIDE_UNDO_IS_NOT] = "is not declined",
        [DECIDE_UNDO_ANEW] = "the same person has registered anew",
        [DECIDE_UNDO_LATE] = "was declined more than 24 hours ago",
        [DECIDE_UNDO_PAST] = "the meeting is over, or cancelled",
    };

    if (outcome != DECIDE_UNDO_DONE)
        call_mistake(call, "%s: %s", r->reference, words[outcome]);
}

enum exit_code attendees_reconsider(struct call *call)
{
    struct work work = { .count = 0 };
    struct turn turn = value_turn(call);
    struct err err;
    enum exit_code code = find(call, false, &work);

    for (size_t i = 0; i < work.count && code == EXIT_FINE; i++) {
        struct registration *r = &work.items[i].registration;
        enum decide_undo_outcome outcome;

        if (decide_undo(&turn, r->id, &outcome, &err) ||
            registration_by_id(call->reader, call->arena, r->id, r, &err))
            return call_failed(call, &err);
        say_no_undo(call, r, outcome);
        note_changes(call, &turn);
    }
    if (code != EXIT_FINE || call->mistakes)
        return code != EXIT_FINE ? code : EXIT_DATA;
    table_say(call, "%lld await approval again", (long long)work.count);
    return print(call, &work);
}
