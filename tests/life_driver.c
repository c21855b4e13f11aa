/* Plays what a list of steps says, each in a transaction of its own, and
 * prints after each one who stands how: tests/scenarios/test_prove_life.py
 * plays the same against a model.
 *
 * life_driver WAITING CLAIM CONFIRM APPROVAL PASSING ONSITE ONLINE
 * One step a line: TIME VERB NAME ARGUMENTS…; people are known by their last
 * names, which are unique. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/base/parse.h"
#include "daemon/rules/cancel.h"
#include "daemon/rules/confirm.h"
#include "daemon/rules/decide.h"
#include "daemon/rules/erase.h"
#include "daemon/rules/expire.h"
#include "daemon/rules/handover.h"
#include "daemon/rules/seating.h"
#include "daemon/rules/switch.h"
#include "daemon/store/alliance_store.h"
#include "daemon/store/letter_store.h"
#include "daemon/store/meeting_store.h"
#include "daemon/store/registration_store.h"
#include "daemon/store/seat_store.h"
#include "tests/store_house.h"

#define WORDS 8
#define GUESTS 9

struct step {
    struct house *house;
    int64_t now;
    const char *words[WORDS];
    int outcome;
};

static const char *named(const struct step *step)
{
    return step->words[0];
}

static int64_t number(const char *word)
{
    int64_t value = -1;

    assert_true(parse_int(word, 0, INT64_MAX, &value));
    return value;
}

static bool is_yes(const char *word)
{
    return strcmp(word, "1") == 0;
}

/* RC_NOT_FOUND: there is nobody of that name. */
static enum rc find(const struct step *step, struct registration *out,
                    struct err *err)
{
    struct house *house = step->house;
    struct registrations all;
    enum rc rc = registration_slice(house->reader, house->arena,
                                    house->meeting.id, 0, 100000, &all, err);

    for (size_t i = 0; i < all.count && rc == RC_OK; i++)
        if (strcmp(all.items[i].person.family_name, named(step)) == 0) {
            *out = all.items[i];
            return RC_OK;
        }
    return rc == RC_OK ? RC_NOT_FOUND : rc;
}

/* ---- the verbs ---- */

typedef enum rc verb(struct turn *, struct step *, struct err *);

static struct person person_of(struct house *house, const char *name,
                               bool address)
{
    return (struct person){
        .given_name = "", .family_name = name, .title = "",
        .organisation = "", .position = "",
        .address = address ? arena_printf(house->arena, "%s@example.org",
                                          name) : NULL,
    };
}

/* NAME MODES WAITS OWN INVITE: one character for each person: o or i, then
 * 0 or 1 for "may wait" and for "has an address of her own". */
static enum rc sign_up(struct turn *turn, struct step *step, struct err *err)
{
    struct house *house = step->house;
    const char *modes = step->words[1], *waits = step->words[2];
    struct signup_guest guests[GUESTS];
    struct signup in = {
        .meeting_id = house->meeting.id,
        .person = person_of(house, named(step), true),
        .mode = modes[0] == 'o' ? MODE_ONSITE : MODE_ONLINE,
        .may_wait = waits[0] == '1', .lang = LANG_DE,
        .wants_invite = is_yes(step->words[4]), .guests = guests,
        .guest_count = strlen(modes) - 1, .settings = &house->settings,
        .arena = house->arena,
    };
    struct signup_result out;

    for (size_t i = 0; i < in.guest_count; i++)
        guests[i] = (struct signup_guest){
            .person = person_of(house, arena_printf(house->arena, "%s-%zu",
                                                    named(step), i + 1),
                                step->words[3][i + 1] == '1'),
            .mode = modes[i + 1] == 'o' ? MODE_ONSITE : MODE_ONLINE,
            .may_wait = waits[i + 1] == '1',
        };
    enum rc rc = signup_place(turn->writer, turn->now, &in, &out, err);
    step->outcome = (int)out.told;
    return rc;
}

/* NAME PARTY */
static enum rc leave(struct turn *turn, struct step *step, struct err *err)
{
    enum cancel_outcome outcome = CANCEL_DONE;
    struct registration r;
    enum rc rc = find(step, &r, err);

    if (rc == RC_OK)
        rc = cancel_registration(turn, &r.public_id, is_yes(step->words[1])
                                     ? CANCEL_PARTY : CANCEL_OWN,
                                 &outcome, err);
    step->outcome = (int)outcome;
    return rc;
}

/* NAME MAY-WAIT */
static enum rc come_back(struct turn *turn, struct step *step,
                         struct err *err)
{
    enum undo_outcome outcome = UNDO_DONE;
    struct registration r;
    enum rc rc = find(step, &r, err);

    if (rc == RC_OK)
        rc = cancel_undo(turn, &r.public_id, is_yes(step->words[1]),
                         &outcome, err);
    step->outcome = (int)outcome;
    return rc;
}

static enum rc say_yes(struct turn *turn, struct step *step, struct err *err,
                       enum rc (*rule)(struct turn *, const struct id *,
                                       enum confirm_outcome *, struct err *))
{
    enum confirm_outcome outcome = CONFIRM_DONE;
    struct registration r;
    enum rc rc = find(step, &r, err);

    if (rc == RC_OK)
        rc = rule(turn, &r.public_id, &outcome, err);
    step->outcome = (int)outcome;
    return rc;
}

static enum rc confirm(struct turn *turn, struct step *step, struct err *err)
{
    return say_yes(turn, step, err, confirm_address);
}

static enum rc claim(struct turn *turn, struct step *step, struct err *err)
{
    return say_yes(turn, step, err, confirm_claim);
}

/* NAME APPROVED */
static enum rc decide(struct turn *turn, struct step *step, struct err *err)
{
    enum decide_outcome outcome = DECIDE_DONE;
    struct registration r;
    enum rc rc = find(step, &r, err);

    if (rc == RC_OK)
        rc = decide_registration(turn, r.id, is_yes(step->words[1]), "",
                                 &outcome, err);
    step->outcome = (int)outcome;
    return rc;
}

/* NAME o|i MAY-WAIT */
static enum rc switch_over(struct turn *turn, struct step *step,
                           struct err *err)
{
    enum change_outcome outcome = CHANGE_MADE;
    struct registration r;
    enum rc rc = find(step, &r, err);

    if (rc == RC_OK)
        rc = switch_mode(turn, &r.public_id, *step->words[1] == 'o'
                             ? MODE_ONSITE : MODE_ONLINE,
                         is_yes(step->words[2]), &outcome, err);
    step->outcome = (int)outcome;
    return rc;
}

static enum rc stop_waiting(struct turn *turn, struct step *step,
                            struct err *err)
{
    enum change_outcome outcome = CHANGE_MADE;
    struct registration r;
    enum rc rc = find(step, &r, err);

    if (rc == RC_OK)
        rc = switch_stop_waiting(turn, &r.public_id, &outcome, err);
    step->outcome = (int)outcome;
    return rc;
}

/* NAME NEW-NAME INVITE */
static enum rc hand_over(struct turn *turn, struct step *step,
                         struct err *err)
{
    const struct handover to = {
        .person = person_of(step->house, step->words[1], true),
        .wants_invite = is_yes(step->words[2]),
    };
    enum handover_outcome outcome = HANDOVER_DONE;
    struct registration r;
    enum rc rc = find(step, &r, err);

    if (rc == RC_OK)
        rc = handover_seat(turn, &r.public_id, &to, &outcome, err);
    step->outcome = (int)outcome;
    return rc;
}

static enum rc erase(struct turn *turn, struct step *step, struct err *err)
{
    struct registration r;
    struct erased erased;
    enum rc rc = find(step, &r, err);

    return rc == RC_OK ? erase_by_link(turn->writer, turn->arena, turn->now,
                                       turn->settings, &r.public_id, &erased,
                                       err) : rc;
}

/* o|i CAPACITY. Fewer than are taken is refused before anything is written. */
static enum rc resize(struct turn *turn, struct step *step, struct err *err)
{
    enum mode mode = *named(step) == 'o' ? MODE_ONSITE : MODE_ONLINE;
    enum rc rc = seating_set_capacity(turn, mode, number(step->words[1]), err);

    step->outcome = rc == RC_FAIL;
    return rc == RC_FAIL ? RC_OK : rc;
}

static enum rc expire(struct turn *turn, struct step *step, struct err *err)
{
    struct expired expired = { .more = true };
    enum rc rc = RC_OK;

    (void)step;
    while (rc == RC_OK && expired.more)
        rc = expire_due(turn->writer, turn->now, 3, turn->settings, &expired,
                        err);
    return rc;
}

static const struct {
    const char *word;
    verb *run;
} verbs[] = {
    { "register", sign_up }, { "cancel", leave },    { "undo", come_back },
    { "confirm", confirm },  { "claim", claim },     { "decide", decide },
    { "erase", erase },      { "capacity", resize }, { "expire", expire },
    { "switch", switch_over }, { "stop", stop_waiting },
    { "hand", hand_over },
};

struct play {
    struct step step;
    verb *verb;
};

static enum rc run_play(struct house *house, int64_t now, void *context)
{
    struct play *play = context;
    struct turn turn = house_turn(house, now);
    enum rc rc = turn_begin(&turn, house->meeting.id, &house->err);

    return rc == RC_OK ? play->verb(&turn, &play->step, &house->err) : rc;
}

/* ---- what is so now ---- */

static void print_people(struct house *house)
{
    struct registrations all;

    FINE(house, registration_slice(house->reader, house->arena,
                                   house->meeting.id, 0, 100000, &all,
                                   &house->err));
    for (size_t i = 0; i < all.count; i++) {
        const struct registration *r = &all.items[i];
        struct waits waits;

        if (*r->person.family_name == '\0')
            continue; /* erased, but for a last letter */
        printf("r %s %s %s", r->person.family_name,
               registration_state_word(r->state), mode_word(r->mode));
        FINE(house, wait_of_registration(house->reader, house->arena, r->id,
                                         &waits, &house->err));
        for (size_t w = 0; w < waits.count; w++)
            printf(" %lld:%lld", (long long)waits.items[w].id,
                   (long long)waits.items[w].claim_by);
        printf("\n");
    }
}

static void print_pools(struct house *house)
{
    struct pools pools;

    FINE(house, pool_of_meeting(house->reader, house->meeting.id, &pools,
                                &house->err));
    for (int mode = 0; mode < MODE_COUNT; mode++)
        printf("p %s %lld %lld %lld\n", mode_word((enum mode)mode),
               (long long)pools.at[mode].capacity,
               (long long)pools.at[mode].taken,
               (long long)pools.at[mode].waiting);
}

/* Those that are new since the last time. */
static void print_letters(struct house *house, int64_t *last)
{
    const struct letter_filter filter = { .state = -1, .limit = 200 };
    struct letters letters;

    FINE(house, letter_list(house->reader, house->arena, &filter, &letters,
                            &house->err));
    for (size_t i = letters.count; i-- > 0;) {
        const struct letter *letter = &letters.items[i];
        struct registration r;

        if (letter->id <= *last)
            continue;
        *last = letter->id;
        FINE(house, registration_by_id(house->reader, house->arena,
                                       letter->registration_id, &r,
                                       &house->err));
        printf("l %s %s %s\n", *r.person.family_name != '\0'
                                    ? r.person.family_name : "-",
               letter_kind_word(letter->kind),
               letter_state_word(letter->state));
    }
}

/* Cuts the line at its blanks; NULL behind the last word. */
static const char *next_word(char **rest)
{
    char *word = *rest;
    char *end = word + strcspn(word, " \n");

    *rest = *end != '\0' ? end + 1 : end;
    *end = '\0';
    return *word != '\0' ? word : NULL;
}

static bool read_step(char *line, struct play *play)
{
    const char *time = next_word(&line);
    const char *word = next_word(&line);

    play->verb = NULL;
    for (size_t i = 0; word && i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(verbs[i].word, word) == 0)
            play->verb = verbs[i].run;
    if (!play->verb)
        return false;
    play->step.now = number(time);
    for (size_t i = 0; i < WORDS; i++)
        play->step.words[i] = next_word(&line);
    return true;
}

static enum rc set_terms(struct house *house, int64_t now, void *context)
{
    char **words = context;

    house->meeting.waiting = is_yes(words[1]);
    house->meeting.claim_term = number(words[2]);
    house->meeting.confirm_term = number(words[3]);
    house->meeting.approval = (enum approval)number(words[4]);
    house->meeting.party_most = 10;
    house->meeting.handing_over = true;
    house->alliance.queue_passing = is_yes(words[5]);
    enum rc rc = meeting_update(house->writer, now, &house->meeting,
                                &house->err);
    return rc == RC_OK ? alliance_update(house->writer, now,
                                         &house->alliance, &house->err)
                       : rc;
}

int main(int argc, char **argv)
{
    void *state;
    struct house *house;
    char line[512];
    int64_t last = 0;

    if (argc != 8 || house_open(&state) != 0)
        return 64;
    house = state;
    house->settings.registrations_per_address = 1000;
    house->settings.steps_per_hour = house->settings.steps_per_day = 1000000;
    FINE(house, house_write(house, NOON - DAY, set_terms, argv));
    house_set_seats(house, MODE_ONSITE, number(argv[6]));
    house_set_seats(house, MODE_ONLINE, number(argv[7]));
    while (fgets(line, sizeof line, stdin)) {
        struct play play = { .step = { .house = house } };
        struct arena *kept = house->arena;

        house->arena = arena_new();
        if (!read_step(line, &play))
            return 65;
        enum rc rc = house_write(house, play.step.now, run_play, &play);
        printf("= %d %d%s%s\n", (int)rc, play.step.outcome,
               rc == RC_FAIL ? " " : "", rc == RC_FAIL ? house->err.text : "");
        print_people(house);
        print_pools(house);
        print_letters(house, &last);
        printf(".\n");
        (void)fflush(stdout);
        arena_free(&house->arena);
        house->arena = kept;
    }
    return house_close(&state);
}
