/* A seat changes hands: one person goes without a trace, another comes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/base/arena.h"
#include "daemon/rules/confirm.h"
#include "daemon/rules/erase.h"
#include "daemon/rules/handover.h"
#include "daemon/rules/switch.h"
#include "daemon/store/letter_store.h"
#include "daemon/store/registration_store.h"
#include "tests/mine_house.h"

static enum rc handing(struct turn *turn, struct deed *deed, struct err *err)
{
    enum handover_outcome outcome;
    enum rc rc = handover_seat(turn, &deed->id, deed->with, &outcome, err);

    deed->outcome = (int)outcome;
    return rc;
}

static int hand(struct house *house, int64_t now,
                const struct registration *r, const struct handover *to)
{
    struct deed deed = { .run = handing, .id = r->public_id, .with = to };

    return mine_do(house, now, &deed);
}

static struct handover to_person(const char *given, const char *address)
{
    return (struct handover){
        .person = { .given_name = given, .family_name = "Neu", .title = "",
                    .address = address, .organisation = "Haus Neu",
                    .position = "" },
        .wants_invite = true, .lang = LANG_EN,
    };
}

static const struct notice shown[LANG_COUNT] = {
    { .kind = NOTICE_DATA_PROTECTION, .lang = LANG_DE, .version = "00d",
      .words = "Wir brauchen Ihre Angaben." },
    { .kind = NOTICE_DATA_PROTECTION, .lang = LANG_EN, .version = "00e",
      .words = "We need your details." },
};

static enum rc handing_with_words(struct turn *turn, struct deed *deed,
                                  struct err *err)
{
    for (int lang = 0; lang < LANG_COUNT; lang++)
        turn->notice[lang] = &shown[lang];
    return handing(turn, deed, err);
}

static enum rc waiting(struct turn *turn, struct deed *deed, struct err *err)
{
    enum change_outcome outcome;
    enum rc rc = switch_mode(turn, &deed->id, MODE_ONSITE, true, &outcome,
                             err);

    deed->outcome = (int)outcome;
    return rc;
}

static int64_t count(struct house *house, const char *sql)
{
    return house_number(house, sql);
}

static void the_seat_stays_and_the_person_changes(void **state)
{
    struct house *house = *state;
    struct registration a = mine_place(house, "a", MODE_ONSITE);
    const struct handover to = to_person("Nora", "nora@example.org");

    assert_int_equal(hand(house, NOON + 9, &a, &to), HANDOVER_DONE);
    struct registration now = mine_fresh(house, &a);
    assert_string_equal(now.person.given_name, "Nora");
    assert_string_equal(now.mailbox, "nora@example.org");
    assert_int_equal(now.generation, a.generation + 1); /* old link dead */
    assert_string_equal(now.reference, a.reference);
    assert_int_equal(now.state, REG_REGISTERED);
    assert_int_equal(now.lang, LANG_EN);
    assert_int_equal(mine_taken(house, MODE_ONSITE), 1);
    assert_int_not_equal(now.person.id, a.person.id);
    assert_int_not_equal(now.invite_id, a.invite_id);
    house_assert_sound(house);
    assert_int_equal(count(house, "SELECT count(*) FROM person"), 1);
    assert_int_equal(count(house, "SELECT count(*) FROM audit WHERE deed ="
                                  " 'hand-over'"), 1);
}

/* Of the words to which the letter refers, and in its language. */
static void it_is_noted_what_the_new_one_was_told(void **state)
{
    struct house *house = *state;
    struct registration a = mine_place(house, "a", MODE_ONSITE);
    const struct handover to = to_person("Nora", "nora@example.org");
    struct deed deed = { .run = handing_with_words, .id = a.public_id,
                         .with = &to };

    assert_int_equal(mine_do(house, NOON + 9, &deed), HANDOVER_DONE);
    assert_int_equal(mine_number(house,
        "SELECT count(*) FROM consent c JOIN notice n ON n.id = c.notice_id"
        " WHERE c.registration_id = $ AND n.version = '00e' AND n.lang = 1",
        &a), 1);
    assert_int_equal(count(house, "SELECT count(*) FROM consent"), 1);
    assert_int_equal(count(house, "SELECT given_at FROM consent"), NOON + 9);
}

static void each_hears_what_is_theirs(void **state)
{
    struct house *house = *state;
    struct registration a = mine_place(house, "a", MODE_ONSITE);
    const struct handover to = to_person("Nora", "nora@example.org");

    hand(house, NOON + 9, &a, &to);
    assert_int_equal(count(house,
        "SELECT count(*) FROM letter WHERE state = 0 AND address ="
        " 'a@example.org' AND kind IN (3, 14)"), 2);
    assert_int_equal(count(house,
        "SELECT count(*) FROM letter WHERE state = 0 AND address ="
        " 'nora@example.org' AND kind IN (0, 1)"), 2);
    assert_int_equal(count(house, "SELECT count(*) FROM letter WHERE"
                                  " state = 0"), 4);
    assert_int_equal(count(house, "SELECT count(*) FROM invite WHERE"
                                  " cancelled = 1 AND address ="
                                  " 'a@example.org'"), 1);
}

static enum rc settle_all(struct house *house, int64_t now, void *context)
{
    struct letters due;
    bool gone = false, *some = context;
    enum rc rc = letter_due(house->reader, house->arena, now, 100, &due,
                            &house->err);

    for (size_t i = 0; rc == RC_OK && i < due.count; i++) {
        due.items[i].state = LETTER_SENT;
        due.items[i].settled_at = now;
        rc = letter_update(house->writer, &due.items[i], &house->err);
        if (rc == RC_OK)
            rc = erase_after_letter(house->writer,
                                    due.items[i].registration_id, &gone,
                                    &house->err);
        *some = *some || gone;
    }
    return rc;
}

static void no_trace_of_the_former_stays_once_the_letters_are_out(
    void **state)
{
    struct house *house = *state;
    struct registration a = mine_place(house, "a", MODE_ONSITE);
    const struct handover to = to_person("Nora", "nora@example.org");
    bool gone = false;

    hand(house, NOON + 9, &a, &to);
    assert_int_equal(count(house, "SELECT count(*) FROM audit_value"), 0);
    for (int i = 0; i < 6; i++)
        FINE(house, house_write(house, NOON + 60 * DAY, settle_all, &gone));
    assert_true(gone);
    assert_int_equal(count(house,
        "SELECT (SELECT count(*) FROM letter WHERE address LIKE 'a@%')"
        " + (SELECT count(*) FROM invite WHERE address LIKE 'a@%')"
        " + (SELECT count(*) FROM address WHERE address_key LIKE 'a@%')"
        " + (SELECT count(*) FROM step WHERE address_key LIKE 'a@%')"
        " + (SELECT count(*) FROM registration WHERE search LIKE '%a@%'"
        " AND search NOT LIKE '%nora@%')"), 0);
    assert_int_equal(count(house, "SELECT count(*) FROM letter"), 2);
    assert_int_equal(count(house, "SELECT count(*) FROM invite"), 1);
}

/* A letter that still waited would carry the new link to the old mailbox. */
static void what_still_waited_for_the_former_is_not_sent(void **state)
{
    struct house *house = *state;
    struct signup in = house_signup(house, "a", "Kurz", "a@example.org");
    struct registration a = house_place(house, NOON, &in).registration;
    const struct handover to = to_person("Nora", "nora@example.org");

    assert_int_equal(hand(house, NOON + 9, &a, &to), HANDOVER_DONE);
    assert_int_equal(count(house, "SELECT count(*) FROM letter WHERE"
                                  " address = 'a@example.org'"
                                  " AND kind = 0"), 0);
}

static void a_new_address_is_confirmed_where_that_is_asked(void **state)
{
    struct house *house = *state;
    struct registration a = mine_place(house, "a", MODE_ONSITE);
    const struct handover to = to_person("Nora", "nora@example.org");

    house->meeting.confirm_term = 48 * HOUR;
    mine_set_terms(house);
    hand(house, NOON + 9, &a, &to);
    struct registration now = mine_fresh(house, &a);
    assert_int_equal(now.state, REG_UNCONFIRMED);
    assert_int_equal(now.confirm_by, NOON + 9 + 48 * HOUR);
    assert_int_equal(mine_taken(house, MODE_ONSITE), 1);
    assert_int_equal(mine_letters(house, &a, LETTER_CONFIRM_ADDRESS), 1);
    assert_int_equal(mine_letters(house, &a, LETTER_CONFIRMATION), 0);
    /* Nothing for a calendar before it is certain. */
    assert_int_equal(count(house, "SELECT count(*) FROM invite WHERE"
                                  " address LIKE 'nora%'"), 0);
}

static void but_not_after_the_end(void **state)
{
    struct house *house = *state;
    struct registration a = mine_place(house, "a", MODE_ONSITE);
    const struct handover to = to_person("Nora", "nora@example.org");

    house->meeting.confirm_term = 60 * DAY;
    mine_set_terms(house);
    assert_int_equal(hand(house, NOON + 9, &a, &to), HANDOVER_DONE);
    assert_int_equal(mine_fresh(house, &a).confirm_by,
                     house->meeting.ends_at);
}

static void in_the_same_mailbox_nothing_is_to_be_confirmed(void **state)
{
    struct house *house = *state;
    struct registration a = mine_place(house, "a", MODE_ONSITE);
    const struct handover to = to_person("Nora", "A@example.org");

    house->meeting.confirm_term = 48 * HOUR;
    mine_set_terms(house);
    assert_int_equal(hand(house, NOON + 9, &a, &to), HANDOVER_DONE);
    assert_int_equal(mine_fresh(house, &a).state, REG_REGISTERED);
    assert_int_equal(count(house, "SELECT count(*) FROM address"), 1);
}

static void where_approval_is_asked_the_new_one_waits_with_the_seat(
    void **state)
{
    struct house *house = *state;
    struct registration a = mine_place(house, "a", MODE_ONSITE);
    const struct handover to = to_person("Nora", "nora@example.org");

    house->meeting.approval = APPROVAL_FREE;
    mine_set_terms(house);
    hand(house, NOON + 9, &a, &to);
    assert_int_equal(mine_fresh(house, &a).state, REG_PENDING);
    assert_int_equal(mine_taken(house, MODE_ONSITE), 1);
    assert_int_equal(mine_letters(house, &a, LETTER_PENDING), 1);
}

static enum rc handing_late(struct house *house, int64_t now, void *context)
{
    struct deed *deed = context;
    struct turn turn = house_turn(house, now);

    turn.generation = deed->row;
    return handing(&turn, deed, &house->err);
}

/* Two steps by the same link, both under way at once. */
static void the_old_link_is_dead_for_what_is_under_way(void **state)
{
    struct house *house = *state;
    struct registration a = mine_place(house, "a", MODE_ONSITE);
    struct handover to = to_person("Nora", "nora@example.org");
    struct deed deed = { .id = a.public_id, .with = &to,
                         .row = a.generation };

    FINE(house, house_write(house, NOON + 9, handing_late, &deed));
    to = to_person("Olga", "olga@example.org");
    MISSING(house, house_write(house, NOON + 9, handing_late, &deed));
    assert_string_equal(mine_fresh(house, &a).person.given_name, "Nora");
}

static void nobody_is_registered_twice_by_it(void **state)
{
    struct house *house = *state;
    struct registration a = mine_place(house, "a", MODE_ONSITE);
    struct handover to = to_person("b", "B@example.org");

    mine_place(house, "b", MODE_ONLINE);
    to.person.family_name = "kurz";
    assert_int_equal(hand(house, NOON + 9, &a, &to), HANDOVER_SAME);
    assert_string_equal(mine_fresh(house, &a).person.given_name, "a");
    /* Herself, too, but at another address she may. */
    to = to_person("a", "a@example.org");
    to.person.family_name = "Kurz";
    assert_int_equal(hand(house, NOON + 9, &a, &to), HANDOVER_NONE);
    to.person.address = "anderswo@example.org";
    assert_int_equal(hand(house, NOON + 9, &a, &to), HANDOVER_DONE);
}

static void an_address_with_too_many_gets_no_more(void **state)
{
    struct house *house = *state;
    struct registration a = mine_place(house, "a", MODE_ONSITE);
    const struct handover to = to_person("Nora", "b@example.org");

    mine_place(house, "b", MODE_ONLINE);
    house->settings.registrations_per_address = 1;
    assert_int_equal(hand(house, NOON + 9, &a, &to), HANDOVER_SAME);
    /* Within one mailbox there are no more of them afterwards. */
    const struct handover own = to_person("Olga", "A@example.org");
    assert_int_equal(hand(house, NOON + 9, &a, &own), HANDOVER_DONE);
}

static void an_unproven_mailbox_is_not_flooded(void **state)
{
    struct house *house = *state;
    struct handover to = to_person("Nora", "opfer@example.org");

    house_set_seats(house, MODE_ONSITE, 9);
    for (int i = 0; i < 5; i++) {
        struct registration r = mine_place(
            house, arena_printf(house->arena, "x%d", i), MODE_ONSITE);

        to.person.given_name = arena_printf(house->arena, "N%d", i);
        assert_int_equal(hand(house, NOON + 9, &r, &to), HANDOVER_DONE);
    }
    assert_int_equal(count(house, "SELECT count(*) FROM letter WHERE"
                                  " address = 'opfer@example.org'"
                                  " AND kind = 0 AND state <> 3"), 3);
    assert_int_equal(count(house, "SELECT count(*) FROM letter WHERE"
                                  " address = 'opfer@example.org'"
                                  " AND kind = 0 AND state = 3"), 2);
}

static void only_a_seat_and_only_where_and_while_it_is_allowed(void **state)
{
    struct house *house = *state;
    struct registration a = mine_place(house, "a", MODE_ONSITE);
    struct registration b = mine_place(house, "b", MODE_ONSITE);
    const struct handover to = to_person("Nora", "nora@example.org");

    assert_int_equal(b.state, REG_WAITING);
    assert_int_equal(hand(house, NOON + 9, &b, &to), HANDOVER_CLOSED);
    house->meeting.changes_until = NOON + 100;
    mine_set_terms(house);
    assert_int_equal(hand(house, NOON + 100, &a, &to), HANDOVER_LATE);
    house->meeting.handing_over = false;
    mine_set_terms(house);
    assert_int_equal(hand(house, NOON + 99, &a, &to), HANDOVER_CLOSED);
    house->meeting.handing_over = true;
    mine_set_terms(house);
    assert_int_equal(hand(house, house->meeting.ends_at, &a, &to),
                     HANDOVER_CLOSED);
    house->meeting.state = MEETING_CANCELLED;
    mine_set_terms(house);
    assert_int_equal(hand(house, NOON + 99, &a, &to), HANDOVER_CLOSED);
    house->meeting.state = MEETING_PUBLISHED;
    mine_set_terms(house);
    assert_int_equal(hand(house, NOON + 99, &a, &to), HANDOVER_DONE);
}

static void a_companion_gets_a_mailbox_of_her_own(void **state)
{
    struct house *house = *state;
    struct registration guest;

    house_set_seats(house, MODE_ONSITE, 2);
    struct registration a = mine_place_two(house, "a", MODE_ONSITE, &guest);
    const struct handover to = to_person("Nora", "nora@example.org");
    assert_int_equal(hand(house, NOON + 9, &guest, &to), HANDOVER_DONE);
    struct registration now = mine_fresh(house, &guest);
    assert_int_equal(now.lead_id, 0);
    assert_string_equal(now.mailbox, "nora@example.org");
    /* Whoever brought her is told, and stays who she is. */
    assert_int_equal(mine_letters(house, &guest, LETTER_HANDED_OVER), 1);
    assert_int_equal(mine_fresh(house, &a).state, REG_REGISTERED);
    assert_int_equal(mine_letters(house, &a, LETTER_WITHDRAWAL), 0);
    house_assert_sound(house);
}

static void companions_follow_whoever_has_the_lead(void **state)
{
    struct house *house = *state;
    struct registration guest;

    house_set_seats(house, MODE_ONSITE, 2);
    struct registration a = mine_place_two(house, "a", MODE_ONSITE, &guest);
    const struct handover to = to_person("Nora", "nora@example.org");
    assert_int_equal(hand(house, NOON + 9, &a, &to), HANDOVER_DONE);
    assert_string_equal(mine_fresh(house, &guest).mailbox,
                        "nora@example.org");
}

/* Nora did not say that she would rather come in person. */
static void the_place_in_a_queue_is_not_handed_over(void **state)
{
    struct house *house = *state;
    struct registration a = mine_place(house, "a", MODE_ONSITE);
    struct registration b = mine_place(house, "b", MODE_ONLINE);
    const struct handover to = to_person("Nora", "nora@example.org");
    struct deed deed = { .run = waiting, .id = b.public_id };

    assert_int_equal(mine_do(house, NOON + 1, &deed), CHANGE_WAITS);
    assert_int_equal(hand(house, NOON + 9, &b, &to), HANDOVER_DONE);
    mine_cancel(house, &a);
    assert_int_equal(mine_fresh(house, &b).mode, MODE_ONLINE);
    assert_int_equal(count(house, "SELECT count(*) FROM wait"), 0);
    house_assert_sound(house);
}

static enum rc erasing(struct turn *turn, struct deed *deed, struct err *err)
{
    struct erased erased;

    return erase_by_link(turn->writer, turn->arena, turn->now, turn->settings,
                         &deed->id, &erased, err);
}

static void erase_now(struct house *house, int64_t now,
                      const struct registration *r)
{
    struct deed deed = { .run = erasing, .id = r->public_id };

    mine_do(house, now, &deed);
}

static int64_t endings_for(struct house *house, const char *address)
{
    return count(house, arena_printf(house->arena,
        "SELECT count(*) FROM letter WHERE state = 0 AND kind IN (3, 14)"
        " AND address = '%s'", address));
}

static void settle_some(struct house *house)
{
    bool gone = false;

    for (int i = 0; i < 6; i++)
        FINE(house, house_write(house, NOON + 60 * DAY, settle_all, &gone));
}

static void assert_nobody(struct house *house)
{
    assert_int_equal(count(house,
        "SELECT (SELECT count(*) FROM registration) + (SELECT count(*) FROM"
        " person) + (SELECT count(*) FROM letter) + (SELECT count(*) FROM"
        " invite) + (SELECT count(*) FROM address) + (SELECT count(*) FROM"
        " step WHERE address_key LIKE '%@%') + (SELECT count(*) FROM"
        " farewell)"), 0);
}

/* The relay may be away for hours: her calendar still has the entry. */
static void whoever_is_erased_keeps_nothing_from_the_former(void **state)
{
    struct house *house = *state;
    struct registration a = mine_place(house, "a", MODE_ONSITE);
    struct handover to = to_person("Nora", "nora@example.org");
    struct registrations party;

    to.wants_invite = false;
    assert_int_equal(hand(house, NOON + 9, &a, &to), HANDOVER_DONE);
    struct registration nora = mine_fresh(house, &a);
    erase_now(house, NOON + 20, &nora);
    assert_int_equal(endings_for(house, "a@example.org"), 2);
    assert_int_equal(count(house, "SELECT count(*) FROM letter WHERE"
                                  " address LIKE 'nora%'"), 0);
    assert_int_equal(count(house, "SELECT count(*) FROM registration WHERE"
                                  " search LIKE '%nora%'"), 0);
    assert_int_equal(mine_taken(house, MODE_ONSITE), 0);
    FINE(house, registration_of_party(house->reader, house->arena,
                                      nora.party_id, &party, &house->err));
    assert_int_equal(party.count, 0); /* no page lists a nameless one */
    settle_some(house);
    assert_nobody(house);
}

static void whoever_hands_it_on_keeps_nothing_from_the_first(void **state)
{
    struct house *house = *state;
    struct registration a = mine_place(house, "a", MODE_ONSITE);
    struct handover to = to_person("Nora", "nora@example.org");

    assert_int_equal(hand(house, NOON + 9, &a, &to), HANDOVER_DONE);
    struct registration nora = mine_fresh(house, &a);
    to = to_person("Olga", "olga@example.org");
    assert_int_equal(hand(house, NOON + 20, &nora, &to), HANDOVER_DONE);
    assert_int_equal(endings_for(house, "a@example.org"), 2);
    /* By which the courier knows that there is an entry to take back. */
    assert_int_equal(count(house, "SELECT count(*) FROM letter WHERE"
                                  " kind = 1 AND state = 1"
                                  " AND address = 'a@example.org'"), 1);
    settle_some(house);
    assert_int_equal(count(house, "SELECT count(*) FROM letter WHERE"
                                  " address NOT LIKE 'olga%'"), 0);
}

static void the_purge_takes_what_the_former_never_got(void **state)
{
    struct house *house = *state;
    struct registration a = mine_place(house, "a", MODE_ONSITE);
    const struct handover to = to_person("Nora", "nora@example.org");

    assert_int_equal(hand(house, NOON + 9, &a, &to), HANDOVER_DONE);
    struct registration nora = mine_fresh(house, &a);
    erase_now(house, house->meeting.ends_at + DAY, &nora);
    assert_nobody(house);
}

#define ROOM(test) \
    cmocka_unit_test_setup_teardown(test, mine_open, house_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROOM(the_seat_stays_and_the_person_changes),
        ROOM(it_is_noted_what_the_new_one_was_told),
        ROOM(each_hears_what_is_theirs),
        ROOM(no_trace_of_the_former_stays_once_the_letters_are_out),
        ROOM(what_still_waited_for_the_former_is_not_sent),
        ROOM(a_new_address_is_confirmed_where_that_is_asked),
        ROOM(but_not_after_the_end),
        ROOM(in_the_same_mailbox_nothing_is_to_be_confirmed),
        ROOM(where_approval_is_asked_the_new_one_waits_with_the_seat),
        ROOM(the_old_link_is_dead_for_what_is_under_way),
        ROOM(nobody_is_registered_twice_by_it),
        ROOM(an_address_with_too_many_gets_no_more),
        ROOM(an_unproven_mailbox_is_not_flooded),
        ROOM(only_a_seat_and_only_where_and_while_it_is_allowed),
        ROOM(a_companion_gets_a_mailbox_of_her_own),
        ROOM(companions_follow_whoever_has_the_lead),
        ROOM(the_place_in_a_queue_is_not_handed_over),
        ROOM(whoever_is_erased_keeps_nothing_from_the_former),
        ROOM(whoever_hands_it_on_keeps_nothing_from_the_first),
        ROOM(the_purge_takes_what_the_former_never_got),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
