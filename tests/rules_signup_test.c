#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/store/letter_store.h"
#include "daemon/store/meeting_store.h"
#include "daemon/store/registration_store.h"
#include "daemon/store/seat_store.h"
#include "tests/store_house.h"

static int64_t letters_of_kind(struct house *house, enum letter_kind kind)
{
    return house_number(house, arena_printf(house->arena,
        "SELECT count(*) FROM letter WHERE kind = %d", kind));
}

static int64_t letters_in_state(struct house *house, enum letter_state state)
{
    return house_number(house, arena_printf(house->arena,
        "SELECT count(*) FROM letter WHERE state = %d", state));
}

static void a_person_gets_seat_letters_and_audit_line(void **state)
{
    struct house *house = *state;
    struct signup in = house_signup(house, "Anna", "Kurz",
                                    "Anna@example.org");
    struct signup_result out = house_place(house, NOON, &in);
    struct registration r;
    struct letter letter;

    assert_int_equal(out.outcome, SIGNUP_REGISTERED);
    assert_true(out.letters);
    FINE(house, registration_by_public_id(house->reader, house->arena,
                                          &out.registration.public_id, &r,
                                          &house->err));
    assert_int_equal(r.state, REG_REGISTERED);
    assert_int_equal(r.generation, 1);
    assert_int_equal(r.created_at, NOON);
    assert_string_equal(r.person.address, "Anna@example.org");
    assert_true(r.invite_id != 0 && r.party_id != 0);
    assert_int_equal(strlen(r.reference), 7);
    FINE(house, letter_newest(house->reader, house->arena, r.id,
                              LETTER_CONFIRMATION, &letter, &house->err));
    assert_int_equal(letter.state, LETTER_QUEUED);
    assert_int_equal(letter.invite_id, 0);
    FINE(house, letter_newest(house->reader, house->arena, r.id,
                              LETTER_INVITATION, &letter, &house->err));
    assert_int_equal(letter.invite_id, r.invite_id);
    assert_int_equal(letter.sequence, 0);
    FINE(house, pool_of_meeting(house->reader, house->meeting.id,
                                &house->pools, &house->err));
    assert_int_equal(house->pools.at[MODE_ONSITE].taken, 1);
    assert_int_equal(house->pools.at[MODE_ONLINE].taken, 0);
    assert_int_equal(house_number(house, "SELECT count(*) FROM seat"), 1);
    assert_int_equal(house_number(house, "SELECT count(*) FROM audit"
        " WHERE deed = 'register' AND actor = 0 AND registration_id > 0"),
        1);
}

/* Whoever is there already is registered once more for the clock, and for
 * nobody else. */
static void a_rehearsal_leaves_nothing_behind(void **state)
{
    static const char *const tables[] = { "registration", "person", "party",
                                          "seat", "letter", "step", "invite",
                                          "audit" };
    struct house *house = *state;
    struct signup in = house_signup(house, "Anna", "Kurz",
                                    "anna@example.org");
    int64_t before[sizeof tables / sizeof *tables];

    assert_int_equal(house_place(house, NOON, &in).outcome,
                     SIGNUP_REGISTERED);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        before[i] = house_number(house, arena_printf(
            house->arena, "SELECT count(*) FROM %s", tables[i]));
    for (int round = 0; round < 3; round++)
        assert_int_equal(house_place(house, NOON + 1, &in).outcome,
                         SIGNUP_ALREADY);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        assert_int_equal(house_number(house, arena_printf(
            house->arena, "SELECT count(*) FROM %s", tables[i])), before[i]);
    assert_int_equal(house_number(house, "SELECT sum(taken) FROM pool"), 1);
}

static void without_the_box_there_is_no_invitation(void **state)
{
    struct house *house = *state;
    struct signup in = house_signup(house, "", "Kurz", "anna@example.org");

    in.wants_invite = false;
    struct signup_result out = house_place(house, NOON, &in);
    assert_int_equal(out.outcome, SIGNUP_REGISTERED);
    assert_int_equal(out.registration.invite_id, 0);
    assert_int_equal(letters_of_kind(house, LETTER_CONFIRMATION), 1);
    assert_int_equal(letters_of_kind(house, LETTER_INVITATION), 0);
}

static void a_person_without_address_gets_a_seat_and_no_letter(void **state)
{
    struct house *house = *state;
    struct signup in = house_signup(house, "Otto", "Ohne", NULL);

    for (int i = 0; i < 2; i++) {
        struct signup_result out = house_place(house, NOON, &in);
        assert_int_equal(out.outcome, SIGNUP_REGISTERED);
        assert_false(out.letters);
        assert_null(out.registration.person.address);
        in.person.organisation = "Anderes Werk"; /* another of that name */
    }
    assert_int_equal(house_place(house, NOON, &in).outcome, SIGNUP_ALREADY);
    assert_int_equal(house_number(house, "SELECT count(*) FROM letter"), 0);
    assert_int_equal(house_number(house, "SELECT count(*) FROM step"), 0);
}

static void what_an_organiser_writes_is_hers_and_never_withheld(void **state)
{
    struct house *house = *state;
    const struct signup_host host = { .actor = 7 };

    house->settings.steps_per_day = house->settings.steps_per_hour = 0;
    struct signup in = house_signup(house, "Otto", "Gast", "o@example.org");
    in.host = &host;
    assert_true(house_place(house, NOON, &in).letters);
    struct signup_result again = house_place(house, NOON, &in);
    assert_int_equal(again.outcome, SIGNUP_ALREADY);
    assert_false(again.letters);
    assert_int_equal(letters_of_kind(house, LETTER_CONFIRMATION), 1);
    assert_int_equal(letters_of_kind(house, LETTER_ALREADY), 0);
    assert_int_equal(house_number(house, "SELECT count(*) FROM step"), 0);
    assert_int_equal(house_number(house, "SELECT actor FROM audit"
                                         " WHERE deed = 'register'"), 7);
}

static enum rc change_meeting(struct house *house, int64_t now,
                              void *context)
{
    struct meeting *meeting = context;

    return meeting_update(house->writer, now, meeting, &house->err);
}

/* Nor is she asked to confirm or to wait for a decision, and after the
 * deadline only if she says so. */
static void what_an_organiser_writes_is_certain(void **state)
{
    struct house *house = *state;
    struct signup_host host = { .actor = 7, .no_letters = true };
    struct signup in = house_signup(house, "Otto", "Gast", "o@example.org");

    house->meeting.confirm_term = HOUR;
    house->meeting.approval = APPROVAL_FREE;
    FINE(house, house_write(house, NOON, change_meeting, &house->meeting));
    in.host = &host;
    struct signup_result out = house_place(house, NOON, &in);
    assert_int_equal(out.outcome, SIGNUP_REGISTERED);
    assert_int_equal(out.registration.confirm_by, 0);
    assert_false(out.letters);
    assert_int_equal(house_number(house, "SELECT count(*) FROM letter"), 0);
    in.person.given_name = "Anna";
    int64_t closed = house->meeting.closes_at;
    assert_int_equal(house_place(house, closed, &in).outcome,
                     SIGNUP_NOT_OPEN);
    host.after_deadline = true;
    assert_int_equal(house_place(house, closed, &in).outcome,
                     SIGNUP_REGISTERED);
    in.person.given_name = "Bo";
    assert_int_equal(house_place(house, house->meeting.ends_at, &in).outcome,
                     SIGNUP_NOT_OPEN);
}

/* The edges of "open": each instant, and what it gives. */
static void registration_is_open_between_its_edges(void **state)
{
    struct house *house = *state;
    const struct meeting *m = &house->meeting;
    const struct { int64_t at; enum signup_outcome outcome; } edges[] = {
        { m->opens_at - 1, SIGNUP_NOT_OPEN },
        { m->opens_at, SIGNUP_REGISTERED },
        { m->closes_at - 1, SIGNUP_REGISTERED },
        { m->closes_at, SIGNUP_NOT_OPEN },
        { m->ends_at, SIGNUP_NOT_OPEN },
    };

    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++) {
        struct signup in = house_signup(
            house, "Anna", arena_printf(house->arena, "Kurz %zu", i),
            "anna@example.org");
        struct signup_result out = house_place(house, edges[i].at, &in);
        assert_int_equal(out.outcome, edges[i].outcome);
    }
}

static enum signup_outcome outcome_for(struct house *house,
                                       struct meeting meeting, int64_t now)
{
    struct signup in = house_signup(house, "Anna", "Kurz",
                                    "anna@example.org");

    FINE(house, house_write(house, NOON, change_meeting, &meeting));
    return house_place(house, now, &in).outcome;
}

static void a_meeting_that_is_not_open_takes_nobody(void **state)
{
    struct house *house = *state;
    struct meeting meeting = house->meeting;
    struct signup in = house_signup(house, "Anna", "Kurz",
                                    "anna@example.org");

    meeting.state = MEETING_DRAFT;
    assert_int_equal(outcome_for(house, meeting, NOON), SIGNUP_NOT_OPEN);
    meeting.state = MEETING_CANCELLED;
    assert_int_equal(outcome_for(house, meeting, NOON), SIGNUP_NOT_OPEN);
    /* A deadline after the end does not help. */
    meeting = house->meeting;
    meeting.closes_at = meeting.ends_at + DAY;
    assert_int_equal(outcome_for(house, meeting, meeting.ends_at),
                     SIGNUP_NOT_OPEN);
    in.meeting_id = 4711;
    assert_int_equal(house_place(house, NOON, &in).outcome, SIGNUP_NOT_OPEN);
    assert_int_equal(house_number(house, "SELECT count(*) FROM letter"), 0);
}

static void a_mode_that_is_not_offered_is_not_open(void **state)
{
    struct house *house = *state;
    struct pools pools = house->pools;

    assert_true(signup_is_open(&house->meeting, &pools, MODE_ONLINE, NOON));
    pools.offered[MODE_ONLINE] = false;
    assert_false(signup_is_open(&house->meeting, &pools, MODE_ONLINE, NOON));
    assert_true(signup_is_open(&house->meeting, &pools, MODE_ONSITE, NOON));
}

static void fifty_times_the_same_make_one_and_one_pair(void **state)
{
    struct house *house = *state;
    struct signup in = house_signup(house, "Anna", "Kurz",
                                    "anna@example.org");
    struct signup_result first = house_place(house, NOON, &in);

    for (int i = 1; i < 50; i++) {
        struct signup again = house_signup(house, " anna", "KURZ",
                                           "ANNA@example.org");
        struct signup_result out = house_place(house, NOON + i, &again);
        assert_int_equal(out.outcome, SIGNUP_ALREADY);
        assert_int_equal(out.registration.id, first.registration.id);
        assert_false(out.letters);
    }
    assert_int_equal(house_number(house, "SELECT count(*) FROM registration"
                                         ), 1);
    assert_int_equal(house_number(house, "SELECT count(*) FROM letter"), 2);
    assert_int_equal(house_number(house, "SELECT count(*) FROM step"), 1);
    assert_int_equal(house_number(house, "SELECT sum(taken) FROM pool"), 1);
}

static void after_ten_minutes_the_link_is_sent_again(void **state)
{
    struct house *house = *state;
    struct signup in = house_signup(house, "Anna", "Kurz",
                                    "anna@example.org");

    (void)house_place(house, NOON, &in);
    assert_false(house_place(house, NOON + 599, &in).letters);
    struct signup_result out = house_place(house, NOON + 600, &in);
    assert_int_equal(out.outcome, SIGNUP_ALREADY);
    assert_true(out.letters);
    assert_false(house_place(house, NOON + 1199, &in).letters);
    assert_int_equal(letters_of_kind(house, LETTER_ALREADY), 1);
    assert_true(house_place(house, NOON + 1200, &in).letters);
    assert_int_equal(house_number(house, "SELECT count(*) FROM step"), 3);
    /* The fourth step within the hour is withheld. */
    assert_false(house_place(house, NOON + 1800, &in).letters);
    assert_int_equal(letters_in_state(house, LETTER_SUPPRESSED), 1);
}

static void another_name_at_the_address_is_another_person(void **state)
{
    struct house *house = *state;
    struct signup anna = house_signup(house, "Anna", "Kurz",
                                      "office@example.org");
    struct signup bert = house_signup(house, "Bert", "Lang",
                                      "office@example.org");
    struct signup_result a = house_place(house, NOON, &anna);
    struct signup_result b = house_place(house, NOON, &bert);

    assert_int_equal(b.outcome, SIGNUP_REGISTERED);
    assert_true(a.registration.id != b.registration.id);
    /* Both share one invitation, which is sent once. */
    assert_int_equal(a.registration.invite_id, b.registration.invite_id);
    assert_int_equal(letters_of_kind(house, LETTER_CONFIRMATION), 2);
    assert_int_equal(letters_of_kind(house, LETTER_INVITATION), 1);
}

static void an_address_has_a_ceiling(void **state)
{
    struct house *house = *state;

    for (int i = 0; i < 11; i++) {
        struct signup in = house_signup(
            house, "Anna", arena_printf(house->arena, "Kurz%d", i),
            "anna@example.org");
        assert_int_equal(house_place(house, NOON, &in).outcome,
                         i < 10 ? SIGNUP_REGISTERED : SIGNUP_TOO_MANY);
    }
    assert_int_equal(house_number(house, "SELECT sum(taken) FROM pool"), 10);
}

static void already_wins_over_full_and_closed_over_already(void **state)
{
    struct house *house = *state;
    struct signup anna = house_signup(house, "Anna", "Kurz",
                                      "anna@example.org");
    struct signup bert = house_signup(house, "Bert", "Lang",
                                      "bert@example.org");

    house_set_seats(house, MODE_ONSITE, 1);
    assert_int_equal(house_place(house, NOON, &anna).outcome,
                     SIGNUP_REGISTERED);
    assert_int_equal(house_place(house, NOON, &bert).outcome, SIGNUP_FULL);
    assert_int_equal(house_place(house, NOON, &anna).outcome,
                     SIGNUP_ALREADY);
    assert_int_equal(house_place(house, house->meeting.closes_at,
                                 &anna).outcome, SIGNUP_NOT_OPEN);
    bert.mode = MODE_ONLINE;
    assert_int_equal(house_place(house, NOON, &bert).outcome,
                     SIGNUP_REGISTERED);
    assert_int_equal(house_number(house, "SELECT count(*) FROM letter"), 4);
}

static void an_address_gets_three_steps_an_hour_and_five_a_day(void **state)
{
    struct house *house = *state;
    int64_t queued = 0;

    house->settings.registrations_per_address = 1000;
    for (int i = 0; i < 40; i++) {
        struct signup in = house_signup(
            house, "Opfer", arena_printf(house->arena, "Nr%d", i),
            "victim@example.org");
        in.wants_invite = false;
        struct signup_result out =
            house_place(house, NOON + i * (HOUR / 2), &in);
        assert_int_equal(out.outcome, SIGNUP_REGISTERED);
        queued += out.letters;
        if (i == 3)
            assert_int_equal(queued, 4); /* not more than 3 in any hour */
    }
    assert_int_equal(queued, 5);
    assert_int_equal(letters_in_state(house, LETTER_QUEUED), 5);
    assert_int_equal(letters_in_state(house, LETTER_SUPPRESSED), 35);
}

static bool is_written_to(struct house *house, int64_t now, int number)
{
    struct signup in = house_signup(
        house, "Opfer", arena_printf(house->arena, "Nr%d", number),
        "victim@example.org");

    return house_place(house, now, &in).letters;
}

static void an_hour_and_a_day_are_over_to_the_second(void **state)
{
    struct house *house = *state;

    for (int i = 0; i < 3; i++)
        assert_true(is_written_to(house, NOON, i));
    assert_false(is_written_to(house, NOON + HOUR - 1, 3));
    assert_true(is_written_to(house, NOON + HOUR, 4));
    assert_true(is_written_to(house, NOON + HOUR, 5));
    assert_false(is_written_to(house, NOON + DAY - 1, 6));
    assert_true(is_written_to(house, NOON + DAY, 7));
}

static void a_burst_gets_three_steps(void **state)
{
    struct house *house = *state;
    int64_t queued = 0;

    for (int i = 0; i < 8; i++) {
        struct signup in = house_signup(
            house, "Opfer", arena_printf(house->arena, "Nr%d", i),
            "victim@example.org");
        queued += house_place(house, NOON + i, &in).letters;
    }
    assert_int_equal(queued, 3);
    /* Others are not touched by it. */
    struct signup other = house_signup(house, "Anna", "Kurz",
                                       "anna@example.org");
    assert_true(house_place(house, NOON + 9, &other).letters);
}

static void a_withheld_invitation_is_sent_with_the_next(void **state)
{
    struct house *house = *state;
    struct signup in = house_signup(house, "Anna", "Kurz",
                                    "anna@example.org");

    house->settings.steps_per_hour = 0;
    struct signup_result a = house_place(house, NOON, &in);
    house->settings.steps_per_hour = 3;
    struct signup other = house_signup(house, "Bert", "Lang",
                                       "anna@example.org");
    struct signup_result b = house_place(house, NOON + 5, &other);
    assert_false(a.letters);
    assert_true(b.letters);
    assert_int_equal(a.registration.invite_id, b.registration.invite_id);
    assert_int_equal(house_number(house, "SELECT count(*) FROM letter WHERE"
                                         " kind = 1 AND state = 0"), 1);
    assert_int_equal(house_number(house, "SELECT stamp FROM invite"),
                     NOON + 5);
}

static enum rc take_parties(struct house *house, int64_t now, void *unused)
{
    (void)unused;
    meeting_set_usual_terms(&house->meeting);
    house->meeting.waiting = false;
    return meeting_update(house->writer, now, &house->meeting, &house->err);
}

/* A double click: even with the last seats it is the same answer for each of
 * them. With somebody more in it, it is another form. */
static void a_party_with_the_last_seats_hears_the_same_again(void **state)
{
    struct house *house = *state;
    struct signup in = house_signup(house, "Anna", "Kurz",
                                    "anna@example.org");
    struct signup_guest guests[2] = {
        { .person = { .given_name = "Bo", .family_name = "Kurz",
                      .title = "", .organisation = "", .position = "" } },
    };

    FINE(house, house_write(house, NOON - 1, take_parties, NULL));
    house_set_seats(house, MODE_ONSITE, 2);
    in.guests = guests;
    in.guest_count = 1;
    for (int i = 0; i < 3; i++) {
        struct signup_result out = house_place(house, NOON + i, &in);

        assert_int_equal(out.told, SIGNUP_REGISTERED);
        assert_int_equal(out.states[0], REG_REGISTERED);
        assert_int_equal(out.states[1], REG_REGISTERED);
    }
    guests[1] = guests[0];
    guests[1].person.given_name = "Cem";
    in.guest_count = 2;
    assert_int_equal(house_place(house, NOON + 3, &in).told, SIGNUP_FULL);
    assert_int_equal(house_number(house, "SELECT count(*) FROM registration"),
                     2);
}

int main(void)
{
#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(a_person_gets_seat_letters_and_audit_line),
        TEST(a_rehearsal_leaves_nothing_behind),
        TEST(without_the_box_there_is_no_invitation),
        TEST(a_person_without_address_gets_a_seat_and_no_letter),
        TEST(what_an_organiser_writes_is_certain),
        TEST(registration_is_open_between_its_edges),
        TEST(a_meeting_that_is_not_open_takes_nobody),
        TEST(a_mode_that_is_not_offered_is_not_open),
        TEST(fifty_times_the_same_make_one_and_one_pair),
        TEST(a_party_with_the_last_seats_hears_the_same_again),
        TEST(after_ten_minutes_the_link_is_sent_again),
        TEST(another_name_at_the_address_is_another_person),
        TEST(an_address_has_a_ceiling),
        TEST(already_wins_over_full_and_closed_over_already),
        TEST(an_address_gets_three_steps_an_hour_and_five_a_day),
        TEST(an_hour_and_a_day_are_over_to_the_second),
        TEST(a_burst_gets_three_steps),
        TEST(a_withheld_invitation_is_sent_with_the_next),
        TEST(what_an_organiser_writes_is_hers_and_never_withheld),
    };
    return cmocka_run_group_tests_name("rules/signup", tests, NULL, NULL);
}
