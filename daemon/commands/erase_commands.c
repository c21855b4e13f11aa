#include "daemon/commands/erase_commands.h"

#include <string.h>

#include "daemon/base/address.h"
#include "daemon/base/arena.h"
#include "daemon/base/text.h"
#include "daemon/base/token.h"
#include "daemon/commands/values.h"
#include "daemon/rules/erase.h"
#include "daemon/rules/feedback.h"
#include "daemon/store/account_store.h"
#include "daemon/store/erase_store.h"
#include "daemon/store/feedback_store.h"
#include "daemon/store/letter_store.h"
#include "daemon/store/meeting_store.h"
#include "daemon/store/record_store.h"
#include "daemon/store/registration_store.h"
#include "daemon/store/writing.h"
#include "web/view/json.h"

const struct command_option erase_options[] = {
    { "email", "ADDRESS", "everybody registered with that address", false },
    { "everywhere", NULL, "at all meetings; needs --email", false },
    { "prove", NULL, "then search all files for what was erased", false },
    { "json", NULL, "as JSON", false },
    { NULL, NULL, NULL, false },
};

/* What the searching side is to look for, and what has been done. */
struct report {
    struct call *call;
    json_t *needles, *notes;
    int64_t people, reports, latest;
    bool address_shared, name_shared;
    bool address_reports; /* barriers, and that is not erased here */
};

static bool address_stays(const struct report *report)
{
    return report->address_shared || report->address_reports;
}

static void add_needle(struct report *report, const char *what,
                       const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    struct str hex;

    str_init(&hex, report->call->arena, 2 * length + 1);
    for (size_t i = 0; i < length; i++)
        str_addf(&hex, "%02x", at[i]);
    json_array_append_new(report->needles,
                          json_pack("[s, s]", what, hex.data));
}

static void add_text(struct report *report, const char *what,
                     const char *text)
{
    if (text && *text)
        add_needle(report, what, text, strlen(text));
}

/* As typed, and as the indices have it. */
static void add_address(struct report *report, const char *address)
{
    struct arena *arena = report->call->arena;

    add_text(report, "address", address);
    add_text(report, "address", address_key(arena, address));
    add_text(report, "address", text_fold_search(arena, address));
}

/* The row of a person has the two side by side; the attendee list has them
 * folded, the family name first. */
static void add_name(struct report *report, const struct person *p)
{
    struct arena *arena = report->call->arena;

    add_text(report, "name", arena_printf(arena, "%s%s", p->given_name,
                                          p->family_name));
    add_text(report, "name", arena_printf(arena, "%s %s", p->given_name,
                                          p->family_name));
    add_text(report, "name", registration_name_fold(arena, p));
    add_text(report, "name",
             arena_printf(arena, "%s\x1f%s",
                          text_fold_search(arena, p->family_name),
                          text_fold_search(arena, p->given_name)));
}

static enum rc add_letters(struct report *report,
                           const struct registration *r, struct err *err)
{
    struct arena *arena = report->call->arena;
    struct record_letters letters;
    struct invite invite;
    enum rc rc = record_letters(report->call->reader, arena, r->id, &letters,
                                err);

    for (size_t i = 0; rc == RC_OK && i < letters.count; i++) {
        const struct id *id = &letters.items[i].public_id;

        add_needle(report, "letter", id->bytes, sizeof id->bytes);
        add_text(report, "letter", id_uuid(arena, id));
    }
    if (rc != RC_OK || r->invite_id == 0)
        return rc;
    rc = invite_by_id(report->call->reader, arena, r->invite_id, &invite,
                      err);
    if (rc == RC_OK && !report->address_shared)
        add_text(report, "calendar entry", invite.uid);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

/* Shorter ones, and those that somebody else uses too, are found anyway. */
#define WORDS_LEAST 16

static enum rc add_words(struct report *report, const struct registration *r,
                         struct err *err)
{
    struct record_texts texts;
    enum rc rc = record_texts(report->call->reader, report->call->arena,
                              r->id, WORDS_LEAST, &texts, err);

    for (size_t i = 0; rc == RC_OK && i < texts.count; i++)
        if (texts.items[i].alone)
            add_text(report, "own words", texts.items[i].words);
    return rc;
}

static enum rc add_needles(struct report *report,
                           const struct registration *r, struct err *err)
{
    struct call *call = report->call;

    add_text(report, "reference code", r->reference);
    add_needle(report, "link", r->public_id.bytes, sizeof r->public_id.bytes);
    if (call->keys)
        add_text(report, "link",
                 token_make(call->arena, call->keys, TOKEN_REGISTRATION,
                            &r->public_id, r->generation));
    if (!report->name_shared)
        add_name(report, &r->person);
    if (r->person.address && !address_stays(report))
        add_address(report, r->person.address);
    enum rc rc = add_words(report, r, err);
    return rc == RC_OK ? add_letters(report, r, err) : rc;
}

/* Others of that name or address stay, and would be found. */
static enum rc look_for_others(struct report *report,
                               const struct registrations *found,
                               const struct registration *r, struct err *err)
{
    struct call *call = report->call;
    const char *fold = registration_name_fold(call->arena, &r->person);
    struct registrations all = { 0 };
    int64_t named, waiting;
    size_t going = 0;
    enum rc rc = erase_count_others(call->reader, "", fold, &named, &waiting,
                                    err);

    if (rc == RC_OK && r->person.address)
        rc = erase_find_address(call->reader, call->arena,
                                address_key(call->arena, r->person.address),
                                0, &all, err);
    for (size_t i = 0; i < found->count; i++)
        going += !strcmp(fold, registration_name_fold(
                                   call->arena, &found->items[i].person));
    if ((size_t)named > going)
        report->name_shared = true;
    if (all.count > found->count)
        report->address_shared = true;
    return rc;
}

static enum rc erase_one(struct report *report,
                         const struct registration *r, struct err *err)
{
    struct call *call = report->call;
    struct meeting meeting;
    struct erased erased;
    enum rc rc = add_needles(report, r, err);

    if (rc == RC_OK)
        rc = meeting_by_id(call->reader, call->arena, r->meeting_id,
                           &meeting, err);
    if (rc == RC_OK)
        rc = erase_registration(call->writer, call->arena, call->now,
                                call->settings, &meeting, r, &erased, err);
    if (rc != RC_OK)
        return rc;
    report->people++;
    if (erased.last_letter)
        report->latest = erased.latest;
    struct audit audit = {
        .actor = -1, .deed = "erase", .alliance_id = meeting.alliance_id,
        .meeting_id = meeting.id, .amount = 1,
    };
    return audit_insert(call->writer, call->now, &audit, err);
}

static enum rc add_feedback(struct report *report, const struct feedback *f,
                            struct err *err)
{
    struct feedback_letters letters;
    enum rc rc = feedback_letters(report->call->reader, report->call->arena,
                                  f->id, &letters, err);

    /* Its row has the two side by side; alone it may say what others do. */
    add_text(report, "message",
             arena_printf(report->call->arena, "%s%s", f->message,
                          f->address));
    add_needle(report, "report", f->public_id.bytes,
               sizeof f->public_id.bytes);
    for (size_t i = 0; rc == RC_OK && i < letters.count; i++) {
        const struct id *id = &letters.items[i];

        add_needle(report, "letter", id->bytes, sizeof id->bytes);
        add_text(report, "letter", id_uuid(report->call->arena, id));
    }
    return rc;
}

/* What came with that address by the form for barriers belongs to no meeting:
 * it goes with all that there is, and else waits for its answer. */
static enum rc erase_feedback(struct report *report, const char *address,
                              struct err *err)
{
    struct call *call = report->call;
    const char *key = address_key(call->arena, address);
    struct feedbacks found;
    enum rc rc = feedback_of_address(call->reader, call->arena, key, &found,
                                     err);

    if (rc != RC_OK || found.count == 0)
        return rc;
    if (!call_flag(call, "everywhere")) {
        report->address_reports = true;
        return RC_OK;
    }
    for (size_t i = 0; i < found.count && rc == RC_OK; i++)
        rc = add_feedback(report, &found.items[i], err);
    return rc == RC_OK
        ? feedback_erase(call->writer, call->arena, call->now, -1, key,
                         &report->reports, err) : rc;
}

static void note(struct report *report, const char *words)
{
    json_array_append_new(report->notes, json_string(words));
}

/* Whatever was registered: who has an account has it still. */
static enum rc add_notes(struct report *report, const char *address,
                         struct err *err)
{
    struct call *call = report->call;
    struct account account;
    int64_t people, waiting = 0;
    enum rc rc = RC_OK;

    if (report->name_shared)
        note(report, "somebody else has the same name: it is not searched "
                     "for");
    if (report->address_shared)
        note(report, "others are registered with that address: it is not "
                     "searched for");
    if (report->address_reports)
        note(report, "a barrier was reported with that address, which is "
                     "not searched for: --everywhere erases that, too");
    if (!address)
        return RC_OK;
    rc = account_by_email(call->reader, call->arena, address, &account, err);
    if (rc == RC_OK)
        note(report, "somebody may sign in at the desk with that address, "
                     "and so it stays in the list of accounts");
    if (rc != RC_FAIL)
        rc = erase_count_others(call->reader,
                                address_key(call->arena, address), "",
                                &people, &waiting, err);
    if (rc == RC_OK && waiting > 0 && !report->address_shared)
        note(report, "a last letter takes an entry out of a calendar: the "
                     "address goes when it has been sent");
    return rc;
}

static void print(struct report *report)
{
    struct call *call = report->call;

    str_addf(&call->out, "%s\n",
             json_text(call->arena,
                       json_pack("{s:I, s:I, s:I, s:o, s:o}", "people",
                                 (json_int_t)report->people, "reports",
                                 (json_int_t)report->reports, "latest",
                                 (json_int_t)report->latest, "needles",
                                 report->needles, "notes", report->notes)));
}

/* Who is meant; EXIT_FINE also if it is nobody. */
static enum exit_code find(struct call *call, const char *address,
                           struct registrations *found)
{
    struct alliance alliance;
    struct meeting meeting = { 0 };
    struct err err;
    enum exit_code code = EXIT_FINE;
    enum rc rc;

    *found = (struct registrations){ 0 };
    if (call->argument_count > 0)
        code = value_meeting(call, call->arguments[0], &alliance, &meeting);
    if (code != EXIT_FINE)
        return code;
    if (address) {
        rc = erase_find_address(call->reader, call->arena,
                                address_key(call->arena, address),
                                meeting.id, found, &err);
        return rc == RC_OK ? EXIT_FINE : call_failed(call, &err);
    }
    found->items = ARENA_NEW(call->arena, struct registration);
    rc = erase_find_reference(call->reader, call->arena, meeting.id,
                              call->arguments[1], found->items, &err);
    if (rc == RC_FAIL)
        return call_failed(call, &err);
    found->count = rc == RC_OK ? 1 : 0;
    if (rc == RC_OK)
        return EXIT_FINE;
    call_mistake(call, "nobody has the reference code %s there",
                 call->arguments[1]);
    return EXIT_DATA;
}

enum exit_code erase_run(struct call *call)
{
    struct report report = { .call = call, .needles = json_array(),
                             .notes = json_array() };
    const char *address = call_option(call, "email");
    const char *whose = address;
    struct registrations found;
    struct err err;
    enum exit_code code = find(call, address, &found);
    enum rc rc = RC_OK;

    if (code == EXIT_FINE && !address)
        whose = found.items[0].person.address;
    if (code == EXIT_FINE && whose)
        rc = erase_feedback(&report, whose, &err);
    for (size_t i = 0; i < found.count && rc == RC_OK; i++)
        rc = look_for_others(&report, &found, &found.items[i], &err);
    if (address && !address_stays(&report))
        add_address(&report, address);
    for (size_t i = 0; i < found.count && rc == RC_OK; i++)
        rc = erase_one(&report, &found.items[i], &err);
    if (rc == RC_OK && code == EXIT_FINE)
        rc = add_notes(&report, whose, &err);
    if (rc != RC_OK || code != EXIT_FINE) {
        json_decref(report.needles);
        json_decref(report.notes);
        return rc != RC_OK ? call_failed(call, &err) : code;
    }
    if (report.people > 0 || report.reports > 0)
        call->changed |= CHANGE_SEATS | CHANGE_LETTERS | CHANGE_ERASED;
    print(&report);
    return EXIT_FINE;
}
