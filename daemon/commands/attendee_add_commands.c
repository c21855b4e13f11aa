/* attendees add: somebody whom the organisers register. What is checked, and
 * in which words, is what the form on the meeting's page checks. */
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/text.h"
#include "daemon/commands/attendee_choice.h"
#include "daemon/commands/attendee_commands.h"
#include "daemon/commands/table.h"
#include "daemon/commands/values.h"
#include "daemon/rules/signup.h"
#include "daemon/store/alliance_store.h"
#include "daemon/store/meeting_store.h"
#include "daemon/store/seat_store.h"
#include "daemon/store/writing.h"
#include "web/pages/signup_form.h"
#include "web/view/format.h"

const struct command_option attendees_add_options[] = {
    { "family", "TEXT", "last name", true },
    { "given", "TEXT", "first name", false },
    { "title", "TEXT", "like Dr.", false },
    { "email", "ADDRESS", "without one nobody can write to them", false },
    { "organisation", "TEXT", "where they come from", false },
    { "position", "TEXT", "their role there", false },
    { "bench", "TEXT", "their group, by its German name", false },
    { "mode", "onsite|online", "needed where a meeting has both", false },
    { "lang", "de|en", "of their letters (de)", false },
    { "invite", "yes|no", "calendar invitation (as the alliance does)",
      false },
    { "no-letters", NULL, "no confirmation and no invitation", false },
    { "after-deadline", NULL, "though registration has closed", false },
    { "waiting", NULL, "on the waiting list, if it is full", false },
    TABLE_JSON_OPTION,
    { NULL, NULL, NULL, false },
};

struct addition {
    struct alliance alliance;
    struct meeting meeting;
    struct pools pools;
    struct benches benches;
    struct signup_answer answer;
    enum lang lang;
};

/* By option; what is not given is empty. */
static const struct {
    const char *option;
    enum signup_field field;
} fields[] = {
    { "family", SIGNUP_FAMILY },     { "given", SIGNUP_GIVEN },
    { "title", SIGNUP_TITLE },       { "email", SIGNUP_EMAIL },
    { "position", SIGNUP_POSITION }, { "organisation", SIGNUP_ORGANISATION },
    { "mode", SIGNUP_MODE },
};
#define FIELDS (sizeof fields / sizeof *fields)

static enum exit_code load(struct call *call, struct addition *a)
{
    struct err err;
    enum exit_code code = value_meeting(call, call->arguments[0],
                                        &a->alliance, &a->meeting);

    if (code != EXIT_FINE)
        return code;
    if (pool_of_meeting(call->reader, a->meeting.id, &a->pools, &err) ==
            RC_FAIL ||
        bench_list(call->reader, call->arena, a->alliance.id, &a->benches,
                   &err) == RC_FAIL)
        return call_failed(call, &err);
    return EXIT_FINE;
}

static void fill_form(struct call *call, const struct addition *a,
                      struct signup_form *form)
{
    bool invite = a->alliance.invite_default;
    int64_t bench = 0;

    value_bool(call, "invite", &invite);
    signup_form_clear(form, 0, invite);
    for (size_t i = 0; i < FIELDS; i++)
        if (call_option(call, fields[i].option))
            form->value[fields[i].field] =
                call_option(call, fields[i].option);
    /* The form knows groups by number. */
    if (attendee_bench(call, &a->alliance, &a->benches, &bench) && bench)
        form->value[SIGNUP_BENCH] = arena_printf(call->arena, "%lld",
                                                 (long long)bench);
    /* Whoever types a command is not asked about a likely slip. */
    form->asked = text_clean_line(call->arena, form->value[SIGNUP_EMAIL]);
}

static void read_person(struct call *call, struct addition *a)
{
    const struct signup_terms terms = {
        .meeting = &a->meeting, .pools = &a->pools, .benches = &a->benches,
    };
    struct signup_form form;

    value_lang(call, "lang", &a->lang);
    fill_form(call, a, &form);
    (void)signup_form_check(call->arena, LANG_EN, &terms, &form, &a->answer);
    if (!*form.value[SIGNUP_EMAIL]) {
        a->answer.person.address = NULL;
        form.error[SIGNUP_EMAIL] = NULL;
    }
    if (a->answer.may_wait) /* that word is the form's */
        call_mistake(call, "--mode: onsite or online; --waiting is an option "
                     "of its own");
    for (size_t i = 0; i < FIELDS; i++)
        if (form.error[fields[i].field])
            call_mistake(call, "--%s: %s", fields[i].option,
                         form.error[fields[i].field]);
}

static void say_why_closed(struct call *call, const struct addition *a)
{
    const struct meeting *m = &a->meeting;

    if (m->state == MEETING_DRAFT)
        call_mistake(call, "it is a draft: `convened meeting publish` "
                     "first");
    else if (m->state == MEETING_CANCELLED)
        call_mistake(call, "the meeting is cancelled");
    else if (m->ends_at <= call->now)
        call_mistake(call, "the meeting is over");
    else if (!a->pools.offered[a->answer.mode])
        call_mistake(call, "--mode: the meeting has no seats %s",
                     a->answer.mode == MODE_ONLINE ? "online" : "on site");
    else
        call_mistake(call, "registration closed at %s; --after-deadline "
                     "registers them all the same",
                     format_iso(call->arena, m->zone, m->closes_at));
}

static void say_why_full(struct call *call, const struct addition *a)
{
    const struct pool *pool = &a->pools.at[a->answer.mode];
    const char *where =
        a->answer.mode == MODE_ONLINE ? "online" : "on site";

    if (pool->taken < pool->capacity)
        call_mistake(call, "%lld people wait for a seat %s",
                     (long long)pool->waiting, where);
    else
        call_mistake(call, "all %lld seats %s are taken",
                     (long long)pool->capacity, where);
    call_mistake(call, "`convened meeting edit --%s N` makes more%s",
                 mode_word(a->answer.mode),
                 meeting_vacancy(&a->meeting, pool, 1) == VACANCY_QUEUE
                     ? "; --waiting puts them on the waiting list" : "");
}

static void say_why_not(struct call *call, const struct addition *a,
                        const struct signup_result *result)
{
    switch (result->outcome) {
    case SIGNUP_ALREADY:
        call_mistake(call, "already registered: %s",
                     result->registration.reference);
        break;
    case SIGNUP_FULL:
        say_why_full(call, a);
        break;
    case SIGNUP_TOO_MANY:
        call_mistake(call, "%lld people are registered with this address "
                     "already (limits.registrations-per-address)",
                     (long long)call->settings->registrations_per_address);
        break;
    case SIGNUP_NOT_OPEN:
        say_why_closed(call, a);
        break;
    case SIGNUP_REGISTERED:
    case SIGNUP_UNCONFIRMED:
    case SIGNUP_PENDING:
    case SIGNUP_WAITING:
    case SIGNUP_OPTION_FULL: /* a command chooses none */
    case SIGNUP_PARTY:
        break;
    }
}

static void say_registered(struct call *call, const struct addition *a,
                           const struct signup_result *result)
{
    const struct registration *r = &result->registration;

    table_say(call, "%s for %s/%s, %s: %s",
              r->state == REG_WAITING ? "on the waiting list" : "registered",
              a->meeting.alliance_slug, a->meeting.slug,
              r->mode == MODE_ONLINE ? "online" : "on site", r->reference);
    if (!r->person.address)
        call_say(call, "without an e-mail address they get no letters, "
                 "neither now nor when something changes");
    else if (!result->letters)
        call_say(call, "no letter was written, as --no-letters says");
}

static enum exit_code print_if_json(struct call *call,
                                    const struct addition *a,
                                    const struct registration *r)
{
    struct queue_places queue;
    struct err err;

    if (!call_flag(call, "json"))
        return EXIT_FINE;
    if (wait_places(call->reader, call->arena, a->meeting.id, &queue, &err))
        return call_failed(call, &err);
    table_print_record(call, attendee_record(call, a->meeting.zone,
                                             &a->benches, &queue, r));
    return EXIT_FINE;
}

enum exit_code attendees_add(struct call *call)
{
    struct addition a = { .lang = LANG_DE };
    struct signup_result result;
    struct err err;
    enum exit_code code = load(call, &a);

    if (code != EXIT_FINE)
        return code;
    read_person(call, &a);
    if (call->mistakes)
        return EXIT_DATA;
    const struct signup_host host = {
        .actor = -1, .after_deadline = call_flag(call, "after-deadline"),
        .no_letters = call_flag(call, "no-letters"),
    };
    const struct signup signup = {
        .meeting_id = a.meeting.id, .person = a.answer.person,
        .mode = a.answer.mode, .may_wait = call_flag(call, "waiting"),
        .lang = a.lang, .wants_invite = a.answer.wants_invite,
        .host = &host, .settings = call->settings, .arena = call->arena,
    };
    if (signup_place(call->writer, call->now, &signup, &result, &err))
        return call_failed(call, &err);
    say_why_not(call, &a, &result);
    if (call->mistakes)
        return EXIT_DATA;
    call->changed |= CHANGE_SEATS | (result.letters ? CHANGE_LETTERS : 0);
    say_registered(call, &a, &result);
    return print_if_json(call, &a, &result.registration);
}
