/* What somebody said about herself, changed by link. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/rules/change.h"
#include "daemon/store/alliance_store.h"
#include "tests/mine_house.h"

static enum rc changing(struct turn *turn, struct deed *deed,
                        struct err *err)
{
    enum change_outcome outcome;
    enum rc rc = change_details(turn, &deed->id, deed->with, &outcome, err);

    deed->outcome = (int)outcome;
    return rc;
}

static int change(struct house *house, int64_t now,
                  const struct registration *r, const struct details *to)
{
    struct deed deed = { .run = changing, .id = r->public_id, .with = to };

    return mine_do(house, now, &deed);
}

static struct details as_it_is(const struct registration *r)
{
    return (struct details){ r->person, r->wants_invite };
}

static int64_t changes(struct house *house, const struct registration *r)
{
    return mine_number(house,
                       "SELECT count(*) FROM audit_value v JOIN registration"
                       " r ON r.person_id = v.person_id WHERE r.id = $", r);
}

static void a_new_name_is_logged_confirmed_and_found(void **state)
{
    struct house *house = *state;
    struct registration a = mine_place(house, "a", MODE_ONSITE);
    struct details to = as_it_is(&a);

    to.person.family_name = "Lang";
    to.person.organisation = "Werk Muster";
    assert_int_equal(change(house, NOON + 9, &a, &to), CHANGE_MADE);
    struct registration now = mine_fresh(house, &a);
    assert_string_equal(now.person.family_name, "Lang");
    assert_int_equal(now.changed_at, NOON + 9);
    assert_int_equal(now.generation, a.generation);
    assert_int_equal(mine_letters(house, &a, LETTER_CHANGED), 1);
    assert_int_equal(changes(house, &a), 2);
    assert_int_equal(mine_number(house,
        "SELECT count(*) FROM audit_value WHERE field = 'family_name'"
        " AND was = 'Kurz' AND became = 'Lang'", &a), 1);
    assert_int_equal(mine_number(house,
        "SELECT count(*) FROM registration WHERE id = $ AND name_fold ="
        " 'a lang' AND search LIKE 'lang%werk muster%a@example.org%'", &a),
        1);
    house_assert_sound(house);
    /* Whoever registers again under that name is there already. */
    struct signup in = house_signup(house, "a", "LANG", "A@example.org");
    in.mode = MODE_ONLINE;
    assert_int_equal(house_place(house, NOON + 10, &in).outcome,
                     SIGNUP_ALREADY);
}

static void nothing_changed_writes_nothing(void **state)
{
    struct house *house = *state;
    struct registration a = mine_place(house, "a", MODE_ONSITE);
    struct details to = as_it_is(&a);

    assert_int_equal(change(house, NOON + 9, &a, &to), CHANGE_NONE);
    assert_int_equal(mine_fresh(house, &a).changed_at, a.changed_at);
    assert_int_equal(changes(house, &a), 0);
    assert_int_equal(mine_letters(house, &a, LETTER_CHANGED), 0);
}

static void each_detail_that_a_letter_names_brings_one(void **state)
{
    struct house *house = *state;
    struct registration a = mine_place(house, "a", MODE_ONSITE);
    struct details to = as_it_is(&a);

    to.person.title = "Dr.";
    assert_int_equal(change(house, NOON + 9, &a, &to), CHANGE_MADE);
    assert_int_equal(mine_letters(house, &a, LETTER_CHANGED), 1);
    to.person.organisation = "Werk Muster";
    assert_int_equal(change(house, NOON + 9, &a, &to), CHANGE_MADE);
    assert_int_equal(mine_letters(house, &a, LETTER_CHANGED), 2);
}

static enum rc add_bench(struct house *house, int64_t now, void *bench)
{
    (void)now;
    return bench_insert(house->writer, bench, &house->err);
}

/* Nobody who reads the log knows its number. */
static void another_group_is_logged_by_its_name(void **state)
{
    struct house *house = *state;
    struct registration a = mine_place(house, "a", MODE_ONSITE);
    struct details to = as_it_is(&a);
    struct bench bench = { .alliance_id = house->alliance.id,
                           .name = { "Kammer", "Chamber" } };

    FINE(house, house_write(house, NOON, add_bench, &bench));
    to.person.bench_id = bench.id;
    assert_int_equal(change(house, NOON + 9, &a, &to), CHANGE_MADE);
    assert_int_equal(house_number(house, "SELECT count(*) FROM audit_value"
        " WHERE field = 'group' AND was IS NULL AND became = 'Kammer'"), 1);
    a = mine_fresh(house, &a);
    assert_int_equal(a.person.bench_id, bench.id);
    to.person.bench_id = 0;
    assert_int_equal(change(house, NOON + 10, &a, &to), CHANGE_MADE);
    assert_int_equal(house_number(house, "SELECT count(*) FROM audit_value"
        " WHERE field = 'group' AND was = 'Kammer' AND became IS NULL"), 1);
}

/* Whoever has no address is known by the house, too. */
static void nobody_becomes_somebody_of_another_house(void **state)
{
    struct house *house = *state;
    struct signup in = house_signup(house, "Otto", "Ohne", NULL);

    in.mode = MODE_ONLINE;
    assert_int_equal(house_place(house, NOON, &in).outcome,
                     SIGNUP_REGISTERED);
    in.person.organisation = "Anderes Werk";
    struct signup_result other = house_place(house, NOON, &in);
    assert_int_equal(other.outcome, SIGNUP_REGISTERED);
    struct registration r = mine_fresh(house, &other.registration);
    struct details to = as_it_is(&r);
    to.person.organisation = "Beispiel GmbH";
    assert_int_equal(change(house, NOON + 9, &r, &to), CHANGE_SAME);
    to.person.organisation = "Drittes Werk";
    assert_int_equal(change(house, NOON + 9, &r, &to), CHANGE_MADE);
}

static void what_matters_less_is_logged_without_a_letter(void **state)
{
    struct house *house = *state;
    struct registration a = mine_place(house, "a", MODE_ONSITE);
    struct details to = as_it_is(&a);

    to.person.position = "Leitung";
    assert_int_equal(change(house, NOON + 9, &a, &to), CHANGE_MADE);
    assert_int_equal(changes(house, &a), 1);
    assert_int_equal(mine_letters(house, &a, LETTER_CHANGED), 0);
}

/* The letter tells how to take part, so only those get it who may. */
static void whoever_waits_gets_no_letter_that_never_goes_out(void **state)
{
    struct house *house = *state;
    struct registration a = mine_place(house, "a", MODE_ONSITE);
    struct registration b = mine_place(house, "b", MODE_ONSITE);
    struct details to = as_it_is(&b);

    assert_int_equal(a.state, REG_REGISTERED);
    assert_int_equal(b.state, REG_WAITING);
    to.person.family_name = "Lang";
    assert_int_equal(change(house, NOON + 9, &b, &to), CHANGE_MADE);
    assert_int_equal(changes(house, &b), 1);
    assert_int_equal(mine_letters(house, &b, LETTER_CHANGED), 0);
}

static void a_person_who_is_there_already_is_refused(void **state)
{
    struct house *house = *state;
    struct registration guest, other;
    struct registration a = mine_place(house, "a", MODE_ONLINE);
    struct signup in = house_signup(house, "b", "Kurz", "a@example.org");

    in.mode = MODE_ONLINE;
    struct registration b = house_place(house, NOON, &in).registration;
    struct details to = as_it_is(&b);
    to.person.given_name = "A";
    assert_int_equal(change(house, NOON + 9, &b, &to), CHANGE_SAME);
    assert_string_equal(mine_fresh(house, &b).person.given_name, "b");
    /* Writing herself differently is no other person. */
    to = as_it_is(&a);
    to.person.given_name = "A";
    assert_int_equal(change(house, NOON + 9, &a, &to), CHANGE_MADE);

    house_set_seats(house, MODE_ONLINE, 9);
    struct registration lead = mine_place_two(house, "c", MODE_ONLINE,
                                              &guest);
    in = house_signup(house, "c", "Kurz", "c@example.org");
    const struct signup_guest more = {
        .person = { .given_name = "Zwei", .family_name = "c", .title = "",
                    .organisation = "", .position = "" },
        .mode = MODE_ONLINE,
    };
    in.mode = MODE_ONLINE;
    in.guests = &more;
    in.guest_count = 1;
    assert_int_equal(house_place(house, NOON + 9, &in).outcome,
                     SIGNUP_ALREADY);
    other.id = house_number(house, "SELECT max(id) FROM registration");
    other = mine_fresh(house, &other);
    assert_int_equal(other.lead_id, lead.id);
    to = as_it_is(&other);
    to.person.given_name = "Gast";
    assert_int_equal(change(house, NOON + 9, &other, &to), CHANGE_SAME);
    to.person.given_name = "Drei";
    assert_int_equal(change(house, NOON + 9, &other, &to), CHANGE_MADE);
    /* Its letters go to whoever brought her. */
    assert_int_equal(mine_letters(house, &other, LETTER_CHANGED), 1);
}

static void the_invitation_comes_and_goes_as_wished(void **state)
{
    struct house *house = *state;
    struct registration a = mine_place(house, "a", MODE_ONSITE);
    struct details to = as_it_is(&a);

    to.wants_invite = false;
    assert_int_equal(change(house, NOON + 9, &a, &to), CHANGE_MADE);
    assert_int_equal(mine_letters(house, &a, LETTER_WITHDRAWAL), 1);
    assert_false(mine_fresh(house, &a).wants_invite);
    mine_send_all(house);
    to.wants_invite = true;
    assert_int_equal(change(house, NOON + 10, &a, &to), CHANGE_MADE);
    assert_int_equal(mine_letters(house, &a, LETTER_INVITATION), 2);
    assert_int_not_equal(mine_fresh(house, &a).invite_id, a.invite_id);
    assert_int_equal(house_number(house,
        "SELECT count(*) FROM invite WHERE cancelled = 0"), 1);
}

static void an_invitation_that_another_wants_stays(void **state)
{
    struct house *house = *state;
    struct registration a = mine_place(house, "a", MODE_ONLINE);
    struct signup in = house_signup(house, "b", "Kurz", "a@example.org");

    in.mode = MODE_ONLINE;
    struct registration b = house_place(house, NOON, &in).registration;
    assert_int_equal(mine_fresh(house, &b).invite_id, a.invite_id);
    struct details to = as_it_is(&a);
    to.wants_invite = false;
    assert_int_equal(change(house, NOON + 9, &a, &to), CHANGE_MADE);
    assert_int_equal(mine_letters(house, &a, LETTER_WITHDRAWAL), 0);
    mine_cancel(house, &b);
    assert_int_equal(mine_letters(house, &b, LETTER_WITHDRAWAL), 1);
}

static void the_deadline_counts_to_its_second(void **state)
{
    struct house *house = *state;
    struct registration a = mine_place(house, "a", MODE_ONSITE);
    struct details to = as_it_is(&a);

    to.person.family_name = "Lang";
    house->meeting.changes_until = NOON + 100;
    mine_set_terms(house);
    assert_int_equal(change(house, NOON + 100, &a, &to), CHANGE_LATE);
    assert_int_equal(change(house, NOON + 99, &a, &to), CHANGE_MADE);
    /* Without one it is the beginning. */
    house->meeting.changes_until = 0;
    mine_set_terms(house);
    to.person.family_name = "Kurz";
    assert_int_equal(change(house, house->meeting.starts_at, &a, &to),
                     CHANGE_LATE);
    assert_int_equal(change(house, house->meeting.starts_at - 1, &a, &to),
                     CHANGE_MADE);
    assert_int_equal(change(house, house->meeting.ends_at, &a, &to),
                     CHANGE_CLOSED);
}

static void whoever_is_gone_changes_nothing(void **state)
{
    struct house *house = *state;
    struct registration a = mine_place(house, "a", MODE_ONSITE);
    struct details to = as_it_is(&a);

    mine_cancel(house, &a);
    to.person.family_name = "Lang";
    assert_int_equal(change(house, NOON + 99, &a, &to), CHANGE_CLOSED);
    struct registration nobody = { .public_id = { { 1 } } };
    struct deed deed = { .run = changing, .id = nobody.public_id,
                         .with = &to };
    struct turn turn = house_turn(house, NOON);
    MISSING(house, deed.run(&turn, &deed, &house->err));
}

static void whoever_waits_changes_her_name_as_well(void **state)
{
    struct house *house = *state;

    mine_place(house, "a", MODE_ONSITE);
    struct registration b = mine_place(house, "b", MODE_ONSITE);
    struct details to = as_it_is(&b);
    assert_int_equal(b.state, REG_WAITING);
    to.person.family_name = "Lang";
    assert_int_equal(change(house, NOON + 9, &b, &to), CHANGE_MADE);
    assert_int_equal(mine_fresh(house, &b).state, REG_WAITING);
    assert_int_equal(mine_letters(house, &b, LETTER_INVITATION), 0);
}

#define ROOM(test) \
    cmocka_unit_test_setup_teardown(test, mine_open, house_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROOM(a_new_name_is_logged_confirmed_and_found),
        ROOM(nothing_changed_writes_nothing),
        ROOM(each_detail_that_a_letter_names_brings_one),
        ROOM(another_group_is_logged_by_its_name),
        ROOM(nobody_becomes_somebody_of_another_house),
        ROOM(what_matters_less_is_logged_without_a_letter),
        ROOM(whoever_waits_gets_no_letter_that_never_goes_out),
        ROOM(a_person_who_is_there_already_is_refused),
        ROOM(the_invitation_comes_and_goes_as_wished),
        ROOM(an_invitation_that_another_wants_stays),
        ROOM(the_deadline_counts_to_its_second),
        ROOM(whoever_is_gone_changes_nothing),
        ROOM(whoever_waits_changes_her_name_as_well),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
