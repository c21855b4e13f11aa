/* What a meeting may ask before a seat is somebody's, and of whom. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/rules/cancel.h"
#include "daemon/rules/confirm.h"
#include "daemon/rules/decide.h"
#include "daemon/store/registration_store.h"
#include "tests/life.h"

/* ---- addresses ---- */

static struct house *open_to_confirm(void **state, int64_t seats)
{
    struct house *house = life_open(state, seats);

    house->meeting.confirm_term = 48 * HOUR;
    life_set_terms(house);
    return house;
}

static void an_unconfirmed_seat_is_held_and_then_forgotten(void **state)
{
    struct house *house = open_to_confirm(state, 1);
    struct registration a = life_in(house, "a", 0, SIGNUP_UNCONFIRMED);
    struct registration b = life_in(house, "b", 0, SIGNUP_UNCONFIRMED);

    assert_int_equal(life_letters(house, &a, LETTER_CONFIRM_ADDRESS), 1);
    assert_int_equal(life_letters(house, &a, LETTER_CONFIRMATION), 0);
    assert_int_equal(life_confirm(house, NOON + 1, &b), CONFIRM_DONE);
    assert_int_equal(life_state(house, &b), REG_WAITING);
    struct expired expired = life_expire(house, NOON + 48 * HOUR - 1);
    assert_true(expired.running && !expired.erased);
    assert_int_equal(life_state(house, &b), REG_WAITING);
    assert_int_equal(life_confirm(house, NOON + 48 * HOUR, &a), CONFIRM_LATE);
    expired = life_expire(house, NOON + 48 * HOUR);
    assert_true(expired.erased && expired.seats && expired.letters);
    assert_false(expired.running);
    assert_int_equal(life_state(house, &b), REG_REGISTERED);
    assert_int_equal(house_number(house, "SELECT count(*) FROM person"), 1);
    assert_int_equal(house_number(house,
        "SELECT people FROM tally WHERE state = 0"), 1);
    house_assert_sound(house);
}

static void confirming_counts_for_companions_without_address(void **state)
{
    struct house *house = open_to_confirm(state, 5);
    struct registration a = life_in(house, "a", 2, SIGNUP_UNCONFIRMED);

    assert_int_equal(house_number(house, "SELECT count(*) FROM letter"), 1);
    assert_int_equal(life_confirm(house, NOON + 1, &a), CONFIRM_DONE);
    assert_int_equal(life_confirm(house, NOON + 2, &a), CONFIRM_ALREADY);
    assert_int_equal(house_number(house, "SELECT count(*) FROM registration"
                                  " WHERE state = 2"), 3);
    assert_int_equal(life_letters(house, &a, LETTER_CONFIRMATION), 1);
    /* Hers, its confirmation, and her own invitation: companions are in it. */
    assert_int_equal(house_number(house, "SELECT count(*) FROM letter"), 3);
}

static int64_t newest_of(struct house *house, struct registration *out)
{
    int64_t id = house_number(house, "SELECT max(id) FROM registration");

    FINE(house, registration_by_id(house->reader, house->arena, id, out,
                                   &house->err));
    return id;
}

/* Her lead has confirmed already, so nobody else would hear of it. */
static void a_companion_who_comes_later_is_confirmed_by_a_letter(
    void **state)
{
    struct house *house = open_to_confirm(state, 5);
    struct registration a = life_in(house, "a", 0, SIGNUP_UNCONFIRMED), guest;

    assert_int_equal(life_confirm(house, NOON + 1, &a), CONFIRM_DONE);
    (void)life_come(house, NOON + 2, "a", 1);
    (void)newest_of(house, &guest);
    assert_int_equal(guest.lead_id, a.id);
    assert_int_equal(life_letters(house, &guest, LETTER_CONFIRM_ADDRESS), 1);
    assert_int_equal(life_confirm(house, NOON + 3, &guest), CONFIRM_DONE);
    (void)life_expire(house, NOON + 60 * HOUR);
    assert_int_equal(life_state(house, &guest), REG_REGISTERED);
    assert_int_equal(life_letters(house, &guest, LETTER_CONFIRMATION), 1);
    assert_int_equal(life_letters(house, &guest, LETTER_INVITATION), 0);
    house_assert_sound(house);
}

/* Whoever hands her own seat over knows her companions' links. */
static void a_companions_link_proves_no_mailbox_of_the_lead(void **state)
{
    struct house *house = life_open(state, 5);
    (void)life_in(house, "a", 1, SIGNUP_REGISTERED);
    struct registration guest;

    (void)newest_of(house, &guest);
    assert_string_equal(guest.mailbox, "a@example.org");
    assert_int_equal(life_confirm(house, NOON + 1, &guest), CONFIRM_ALREADY);
    assert_int_equal(house_number(house, "SELECT count(*) FROM address"), 0);
}

static void an_address_is_asked_for_again_and_at_most_to_the_end(void **state)
{
    struct house *house = life_open(state, 5);
    house->meeting.confirm_term = 60 * DAY;
    life_set_terms(house);
    struct registration a = life_in(house, "a", 0, SIGNUP_UNCONFIRMED);

    assert_int_equal(a.confirm_by, house->meeting.ends_at);
    (void)life_come(house, NOON + 600, "a", 0);
    assert_int_equal(life_letters(house, &a, LETTER_CONFIRM_ADDRESS), 2);
    assert_int_equal(life_letters(house, &a, LETTER_ALREADY), 0);
}

static void after_the_end_nothing_is_confirmed(void **state)
{
    struct house *house = open_to_confirm(state, 5);
    struct registration a = life_in(house, "a", 0, SIGNUP_UNCONFIRMED);
    struct registration b = life_in(house, "b", 0, SIGNUP_UNCONFIRMED);
    int64_t end = house->meeting.ends_at;

    assert_int_equal(life_confirm(house, NOON + 1, &a), CONFIRM_DONE);
    assert_int_equal(life_confirm(house, end - 1, &a), CONFIRM_ALREADY);
    assert_int_equal(life_confirm(house, end, &a), CONFIRM_CLOSED);
    life_call_off(house, NOON + 2);
    assert_int_equal(life_confirm(house, NOON + 3, &b), CONFIRM_CLOSED);
    assert_int_equal(life_state(house, &b), REG_UNCONFIRMED);
}

/* She had the link, so the address is hers. */
static void whoever_cancelled_by_link_need_not_confirm_any_more(void **state)
{
    struct house *house = open_to_confirm(state, 5);
    struct registration a = life_in(house, "a", 0, SIGNUP_UNCONFIRMED);

    life_cancel(house, &a, false);
    assert_int_equal(life_confirm(house, NOON + 51, &a), CONFIRM_CLOSED);
    assert_false(life_expire(house, NOON + 48 * HOUR).erased);
    assert_int_equal(life_undo(house, NOON + 49 * HOUR, &a, false),
                     UNDO_DONE);
    assert_int_equal(life_state(house, &a), REG_REGISTERED);
    house_assert_sound(house);
}

/* The lead's link says nothing about that mailbox. */
static void cancelling_for_others_keeps_their_data_no_longer(void **state)
{
    struct house *house = open_to_confirm(state, 5);
    struct signup in = house_signup(house, "Alex", "a", "a@example.org");
    const struct signup_guest guest = {
        .person = house_signup(house, "Bo", "b", "b@example.org").person,
    };

    in.guests = &guest;
    in.guest_count = 1;
    struct registration a = house_place(house, NOON, &in).registration;
    life_cancel(house, &a, true);
    assert_int_equal(house_number(house,
        "SELECT count(*) FROM registration WHERE cancelled_at > 0"), 2);
    assert_false(life_expire(house, NOON + 48 * HOUR - 1).erased);
    assert_true(life_expire(house, NOON + 48 * HOUR).erased);
    assert_int_equal(house_number(house, "SELECT count(*) FROM person"), 1);
    assert_int_equal(life_state(house, &a), REG_CANCELLED);
    house_assert_sound(house);
}

/* ---- approval ---- */

static void whoever_is_pending_holds_the_seat(void **state)
{
    struct house *house = life_open(state, 1);
    house->meeting.approval = APPROVAL_HOLDS;
    life_set_terms(house);
    struct registration a = life_in(house, "a", 0, SIGNUP_PENDING);
    struct registration b = life_in(house, "b", 0, SIGNUP_PENDING);

    assert_int_equal(life_decide(house, &b, true), DECIDE_DONE);
    assert_int_equal(life_state(house, &b), REG_WAITING);
    assert_int_equal(life_decide(house, &a, false), DECIDE_DONE);
    assert_int_equal(life_state(house, &a), REG_DECLINED);
    assert_int_equal(life_letters(house, &a, LETTER_DECLINED), 1);
    assert_int_equal(life_state(house, &b), REG_REGISTERED);
    assert_int_equal(life_decide(house, &a, true), DECIDE_NOT_PENDING);
    assert_int_equal(life_undo(house, NOON + 70, &a, true), UNDO_CLOSED);
    house_assert_sound(house);
}

/* As when she came for the first time. */
static void who_comes_back_undecided_has_no_seat_either(void **state)
{
    struct house *house = life_open(state, 1);
    house->meeting.approval = APPROVAL_FREE;
    life_set_terms(house);
    struct registration a = life_in(house, "a", 0, SIGNUP_PENDING);

    life_cancel(house, &a, false);
    assert_int_equal(life_undo(house, NOON + 51, &a, false), UNDO_DONE);
    assert_int_equal(life_state(house, &a), REG_PENDING);
    assert_int_equal(house_number(house, "SELECT sum(taken) FROM pool"), 0);
}

static void or_asks_for_one_when_approved(void **state)
{
    struct house *house = life_open(state, 1);
    house->meeting.approval = APPROVAL_FREE;
    life_set_terms(house);
    struct registration a = life_in(house, "a", 0, SIGNUP_PENDING);
    struct registration b = life_in(house, "b", 0, SIGNUP_PENDING);

    assert_int_equal(house_number(house, "SELECT sum(taken) FROM pool"), 0);
    assert_int_equal(life_decide(house, &b, true), DECIDE_DONE);
    assert_int_equal(life_decide(house, &a, true), DECIDE_DONE);
    assert_int_equal(life_state(house, &b), REG_REGISTERED);
    assert_int_equal(life_state(house, &a), REG_WAITING);
    house_assert_sound(house);
}

/* ---- parties ---- */

static void a_party_gets_seats_together_or_none(void **state)
{
    struct house *house = life_open(state, 2);

    house->meeting.waiting = false;
    life_set_terms(house);
    (void)life_in(house, "a", 2, SIGNUP_FULL);
    assert_int_equal(house_number(house, "SELECT count(*) FROM person"), 0);
    (void)life_in(house, "a", 1, SIGNUP_REGISTERED);
    assert_int_equal(house_number(house, "SELECT count(*) FROM registration"
                                  " WHERE state = 2"), 2);
    /* One mailbox, one letter, and one invitation: one step. */
    assert_int_equal(house_number(house, "SELECT count(*) FROM letter"), 2);
    assert_int_equal(house_number(house, "SELECT count(*) FROM step"), 1);
    house_assert_sound(house);
}

static void the_same_party_twice_is_one(void **state)
{
    struct house *house = life_open(state, 9);
    struct signup_result again;

    (void)life_in(house, "a", 2, SIGNUP_REGISTERED);
    again = life_come(house, NOON + 1, "a", 2);
    assert_int_equal(again.outcome, SIGNUP_ALREADY);
    assert_int_equal(again.told, SIGNUP_REGISTERED);
    assert_int_equal(house_number(house, "SELECT count(*) FROM person"), 3);
    /* One more name joins the party. */
    assert_int_equal(life_come(house, NOON + 1, "a", 3).told,
                     SIGNUP_REGISTERED);
    assert_int_equal(house_number(house, "SELECT count(*) FROM person"), 4);
    assert_int_equal(house_number(house, "SELECT count(*) FROM party"), 1);
    house_assert_sound(house);
}

static int64_t count_in(struct house *house, enum registration_state state)
{
    return house_number(house, arena_printf(house->arena,
        "SELECT count(*) FROM registration WHERE state = %d", (int)state));
}

/* Bo came with a, and brings Cem later. */
static struct signup two(struct house *house, const char *name,
                         const struct signup_guest *guest)
{
    struct signup in = house_signup(
        house, "", name, arena_printf(house->arena, "%s@example.org", name));

    in.guests = guest;
    in.guest_count = 1;
    return in;
}

/* Two seats would be needed for two whom nobody knows. */
static void whoever_brings_a_known_one_hears_the_same_as_others(void **state)
{
    struct house *house = life_open(state, 2);
    const struct signup_guest known = {
        .person = { .given_name = "", .family_name = "a", .title = "",
                    .address = "a@example.org", .organisation = "",
                    .position = "" },
    };
    struct signup in = two(house, "b", &known);

    (void)life_in(house, "a", 0, SIGNUP_REGISTERED);
    struct signup_result out = house_place(house, NOON + 1, &in);
    assert_int_equal(out.told, SIGNUP_FULL);
    assert_int_equal(house_number(house, "SELECT count(*) FROM person"), 1);
    life_raise(house, NOON + 2, 3);
    assert_int_equal(house_place(house, NOON + 3, &in).told,
                     SIGNUP_REGISTERED);
    assert_int_equal(house_number(house, "SELECT count(*) FROM person"), 2);
    house_assert_sound(house);
}

static void whoever_gives_the_leads_address_has_none_of_her_own(void **state)
{
    struct house *house = life_open(state, 2);
    struct signup_guest guest = {
        .person = { .given_name = "", .family_name = "Gast", .title = "",
                    .address = "A@Example.org", .organisation = "",
                    .position = "" },
    };
    struct signup in = two(house, "a", &guest);
    struct registration r;

    registration_fold(house->arena, &guest.person); /* as the page does */
    assert_int_equal(house_place(house, NOON, &in).outcome,
                     SIGNUP_REGISTERED);
    (void)newest_of(house, &r);
    assert_null(r.person.address);
    assert_true(r.lead_id != 0);
    assert_int_equal(house_number(house, "SELECT count(*) FROM registration"
                                  " WHERE search LIKE '%@%'"), 1);
    assert_int_equal(house_number(house, "SELECT count(*) FROM letter"), 2);
}

static void each_cancels_those_whom_she_brought(void **state)
{
    struct house *house = life_open(state, 9);
    const struct signup_guest with_bo = {
        .person = { .given_name = "Cem", .family_name = "Kurz", .title = "",
                    .organisation = "", .position = "" },
    };
    struct signup bo = two(house, "bo", &with_bo);
    const struct signup_guest with_a = { .person = bo.person };
    struct signup a = two(house, "a", &with_a);
    struct registration r;

    struct registration first = house_place(house, NOON, &a).registration;
    struct signup_result later = house_place(house, NOON + 1, &bo);
    assert_int_equal(later.outcome, SIGNUP_ALREADY);
    (void)newest_of(house, &r);
    assert_int_equal(r.lead_id, later.registration.id);
    assert_int_equal(r.party_id, first.party_id);
    life_cancel(house, &later.registration, true);
    assert_int_equal(life_state(house, &first), REG_REGISTERED);
    assert_int_equal(count_in(house, REG_CANCELLED), 2);
    assert_int_equal(life_undo(house, NOON + 60, &r, false), UNDO_DONE);
    life_cancel(house, &first, true);
    assert_int_equal(count_in(house, REG_CANCELLED), 3);
    house_assert_sound(house);
}

static void more_than_the_form_takes_are_refused(void **state)
{
    struct house *house = life_open(state, 9);

    house->meeting.party_most = 2;
    life_set_terms(house);
    (void)life_in(house, "a", 2, SIGNUP_PARTY);
    (void)life_in(house, "a", 1, SIGNUP_REGISTERED);
}

/* They have no address of their own, and are people all the same. */
static void companions_count_below_the_ceiling_of_an_address(void **state)
{
    struct house *house = life_open(state, 9);
    struct signup in = house_signup(house, "Bo", "Kurz", "a@example.org");

    house->settings.registrations_per_address = 4;
    (void)life_in(house, "a", 3, SIGNUP_REGISTERED);
    assert_int_equal(house_place(house, NOON, &in).outcome, SIGNUP_TOO_MANY);
    house->settings.registrations_per_address = 5;
    assert_int_equal(house_place(house, NOON, &in).outcome,
                     SIGNUP_REGISTERED);
}

/* Nor does whoever names an address for others get round it. */
static void an_address_given_for_companions_has_the_ceiling_too(void **state)
{
    struct house *house = life_open(state, 9);

    house->settings.registrations_per_address = 3;
    for (int i = 0; i < 3; i++) {
        struct signup in = house_signup(
            house, "Bo", "Kurz",
            arena_printf(house->arena, "bo%d@example.org", i));
        struct signup_guest guests[2];

        for (int g = 0; g < 2; g++)
            guests[g] = (struct signup_guest){
                .person = house_signup(
                    house, "Vi", arena_printf(house->arena, "V%d%d", i, g),
                    "v@example.org").person,
            };
        in.guests = guests;
        in.guest_count = i == 1 ? 1 : 2;
        assert_int_equal(house_place(house, NOON, &in).outcome,
                         i < 2 ? SIGNUP_REGISTERED : SIGNUP_TOO_MANY);
    }
    assert_int_equal(house_number(house,
        "SELECT count(*) FROM registration WHERE address_key ="
        " 'v@example.org'"), 3);
    house_assert_sound(house);
}

/* Nobody is written to without end because what was begun for her expires. */
static void what_expires_leaves_the_limits_on_letters(void **state)
{
    struct house *house = life_open(state, 9);
    int64_t letters = 0;

    house->meeting.confirm_term = HOUR;
    life_set_terms(house);
    for (int i = 0; i < 20; i++) {
        int64_t now = NOON + i * (HOUR + MINUTE);
        struct signup in = house_signup(
            house, "Vi", arena_printf(house->arena, "V%d", i),
            "v@example.org");

        life_expire(house, now);
        assert_int_equal(house_place(house, now, &in).outcome,
                         SIGNUP_UNCONFIRMED);
        letters += house_number(house, "SELECT count(*) FROM letter WHERE"
                                       " state = 0");
    }
    assert_int_equal(letters, 5);
    assert_int_equal(house_number(house, "SELECT count(*) FROM step WHERE"
                                         " address_key LIKE '%@%'"), 0);
}

/* Organisers may decide on those of a party one by one. */
static void whoever_is_approved_after_the_offer_hears_of_it(void **state)
{
    struct house *house = life_open(state, 2);
    house->meeting.claim_term = 4 * HOUR;
    life_set_terms(house);
    struct registration a = life_in(house, "a", 1, SIGNUP_REGISTERED);
    house->meeting.approval = APPROVAL_HOLDS;
    life_set_terms(house);
    struct registration b = life_in(house, "b", 1, SIGNUP_PENDING);
    struct registration led = { 0 };

    led.id = house_number(house, arena_printf(house->arena,
        "SELECT id FROM registration WHERE lead_id = %lld",
        (long long)b.id));
    assert_int_equal(life_decide(house, &b, true), DECIDE_DONE);
    assert_int_equal(life_state(house, &b), REG_WAITING);
    life_cancel(house, &a, true);
    assert_int_equal(life_letters(house, &b, LETTER_OFFER), 1);
    assert_int_equal(life_decide(house, &led, true), DECIDE_DONE);
    assert_int_equal(life_state(house, &led), REG_WAITING);
    assert_int_equal(life_letters(house, &led, LETTER_WAITING), 0);
    assert_int_equal(life_letters(house, &led, LETTER_OFFER), 1);
    house_assert_sound(house);
}

static void a_known_name_is_told_what_a_new_one_would_be(void **state)
{
    struct house *house = life_open(state, 1);

    (void)life_in(house, "a", 0, SIGNUP_REGISTERED);
    assert_int_equal(life_come(house, NOON + 599, "a", 0).told,
                     SIGNUP_REGISTERED);
    assert_int_equal(life_come(house, NOON + 600, "a", 0).told, SIGNUP_WAITING);
    assert_int_equal(house_number(house, "SELECT count(*) FROM wait"), 0);
    house->meeting.waiting = false;
    life_set_terms(house);
    assert_int_equal(life_come(house, NOON + 600, "a", 0).told, SIGNUP_FULL);
    house_assert_sound(house);
}

#define ROOM(test) cmocka_unit_test_setup_teardown(test, house_open, \
                                                   house_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROOM(an_unconfirmed_seat_is_held_and_then_forgotten),
        ROOM(confirming_counts_for_companions_without_address),
        ROOM(a_companion_who_comes_later_is_confirmed_by_a_letter),
        ROOM(a_companions_link_proves_no_mailbox_of_the_lead),
        ROOM(an_address_is_asked_for_again_and_at_most_to_the_end),
        ROOM(after_the_end_nothing_is_confirmed),
        ROOM(whoever_cancelled_by_link_need_not_confirm_any_more),
        ROOM(cancelling_for_others_keeps_their_data_no_longer),
        ROOM(whoever_is_pending_holds_the_seat),
        ROOM(who_comes_back_undecided_has_no_seat_either),
        ROOM(or_asks_for_one_when_approved),
        ROOM(a_party_gets_seats_together_or_none),
        ROOM(the_same_party_twice_is_one),
        ROOM(whoever_brings_a_known_one_hears_the_same_as_others),
        ROOM(whoever_gives_the_leads_address_has_none_of_her_own),
        ROOM(each_cancels_those_whom_she_brought),
        ROOM(more_than_the_form_takes_are_refused),
        ROOM(companions_count_below_the_ceiling_of_an_address),
        ROOM(an_address_given_for_companions_has_the_ceiling_too),
        ROOM(what_expires_leaves_the_limits_on_letters),
        ROOM(whoever_is_approved_after_the_offer_hears_of_it),
        ROOM(a_known_name_is_told_what_a_new_one_would_be),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
