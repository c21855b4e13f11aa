/* After the deadline: somebody asks, and the organiser decides. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/rules/switch.h"
#include "daemon/rules/wish.h"
#include "daemon/store/wish_store.h"
#include "tests/mine_house.h"

#define LATE (NOON + 200) /* the deadline is NOON + 100 */

static enum rc asking_change(struct turn *turn, struct deed *deed,
                             struct err *err)
{
    enum wish_outcome outcome;
    enum rc rc = wish_for_change(turn, &deed->id, deed->with, &outcome, err);

    deed->outcome = (int)outcome;
    return rc;
}

static enum rc asking_mode(struct turn *turn, struct deed *deed,
                           struct err *err)
{
    enum wish_outcome outcome;
    enum rc rc = wish_for_mode(turn, &deed->id, deed->mode, deed->yes,
                               &outcome, err);

    deed->outcome = (int)outcome;
    return rc;
}

static enum rc asking_handover(struct turn *turn, struct deed *deed,
                               struct err *err)
{
    enum wish_outcome outcome;
    enum rc rc = wish_for_handover(turn, &deed->id, deed->with, &outcome,
                                   err);

    deed->outcome = (int)outcome;
    return rc;
}

static enum rc withdrawing(struct turn *turn, struct deed *deed,
                           struct err *err)
{
    enum wish_outcome outcome;
    enum rc rc = wish_withdraw(turn, &deed->id, deed->yes ? WISH_MODE
                                                          : WISH_CHANGE,
                               &outcome, err);

    deed->outcome = (int)outcome;
    return rc;
}

static enum rc deciding(struct turn *turn, struct deed *deed,
                        struct err *err)
{
    enum wish_outcome outcome;

    turn->actor = 7;
    enum rc rc = wish_decide(turn, deed->row, deed->yes, "Leider voll.",
                             &outcome, err);
    deed->outcome = (int)outcome;
    return rc;
}

static int decide(struct house *house, int64_t wish_id, bool granted)
{
    struct deed deed = { .run = deciding, .row = wish_id, .yes = granted };

    return mine_do(house, LATE + 5, &deed);
}

static struct registration placed(struct house *house, const char *name,
                                  enum mode mode)
{
    struct registration r = mine_place(house, name, mode);

    house->meeting.changes_until = NOON + 100;
    mine_set_terms(house);
    return r;
}

static int ask_name(struct house *house, int64_t now,
                    const struct registration *r, const char *family)
{
    struct details to = { r->person, r->wants_invite };
    struct deed deed = { .run = asking_change, .id = r->public_id,
                         .with = &to };

    to.person.family_name = family;
    return mine_do(house, now, &deed);
}

static int ask_mode(struct house *house, const struct registration *r,
                    enum mode mode, bool may_wait)
{
    struct deed deed = { .run = asking_mode, .id = r->public_id,
                         .mode = mode, .yes = may_wait };

    return mine_do(house, LATE, &deed);
}

static struct wishes wishes_of(struct house *house,
                               const struct registration *r)
{
    struct wishes all;

    FINE(house, wish_of_registration(house->reader, house->arena, r->id,
                                     &all, &house->err));
    return all;
}

static void before_the_deadline_nobody_asks(void **state)
{
    struct house *house = *state;
    struct registration a = placed(house, "a", MODE_ONSITE);

    assert_int_equal(ask_name(house, NOON + 99, &a, "Lang"), WISH_SOON);
    assert_int_equal(ask_name(house, NOON + 100, &a, "Lang"), WISH_DONE);
    assert_int_equal(ask_name(house, NOON + 100, &a, "Kurz"), WISH_NONE);
    assert_int_equal(ask_name(house, house->meeting.ends_at, &a, "Lang"),
                     WISH_CLOSED);
}

static void a_wish_changes_nothing_and_tells_the_host(void **state)
{
    struct house *house = *state;
    struct registration a = placed(house, "a", MODE_ONSITE);

    assert_int_equal(ask_name(house, LATE, &a, "Lang"), WISH_DONE);
    assert_string_equal(mine_fresh(house, &a).person.family_name, "Kurz");
    struct wishes all = wishes_of(house, &a);
    assert_int_equal(all.count, 1);
    assert_int_equal(all.items[0].made_at, LATE);
    assert_int_equal(all.items[0].count, 1);
    assert_string_equal(wish_wanted(&all.items[0], FIELD_FAMILY), "Lang");
    assert_int_equal(house_number(house,
        "SELECT count(*) FROM letter WHERE kind = 16 AND address ="
        " 'kontakt@example.org'"), 1);
    /* A newer one takes its place. */
    assert_int_equal(ask_name(house, LATE, &a, "Breit"), WISH_DONE);
    all = wishes_of(house, &a);
    assert_int_equal(all.count, 1);
    assert_string_equal(wish_wanted(&all.items[0], FIELD_FAMILY), "Breit");
}

static void a_wish_may_be_taken_back(void **state)
{
    struct house *house = *state;
    struct registration a = placed(house, "a", MODE_ONSITE);
    struct deed deed = { .run = withdrawing, .id = a.public_id };

    ask_name(house, LATE, &a, "Lang");
    assert_int_equal(mine_do(house, LATE + 1, &deed), WISH_DONE);
    assert_int_equal(wishes_of(house, &a).count, 0);
    assert_int_equal(mine_do(house, LATE + 1, &deed), WISH_NONE);
    assert_int_equal(house_number(house,
        "SELECT count(*) FROM wish_value"), 0);
}

/* The button says which, and what is decided is not taken back. */
static void only_what_is_meant_and_open_is_taken_back(void **state)
{
    struct house *house = *state;
    struct registration a = placed(house, "a", MODE_ONSITE);
    struct deed deed = { .run = withdrawing, .id = a.public_id,
                         .yes = true };

    ask_name(house, LATE, &a, "Lang");
    assert_int_equal(mine_do(house, LATE + 1, &deed), WISH_NONE);
    assert_int_equal(wishes_of(house, &a).count, 1);
    decide(house, wishes_of(house, &a).items[0].id, false);
    deed.yes = false;
    assert_int_equal(mine_do(house, LATE + 6, &deed), WISH_NONE);
    assert_int_equal(wishes_of(house, &a).count, 1);
}

static void a_seat_that_may_not_be_handed_over_is_not_asked_for(void **state)
{
    struct house *house = *state;
    struct registration a = placed(house, "a", MODE_ONSITE);
    const struct handover to = {
        .person = { .given_name = "Nora", .family_name = "Neu", .title = "",
                    .address = "nora@example.org", .organisation = "",
                    .position = "" },
    };
    struct deed deed = { .run = asking_handover, .id = a.public_id,
                         .with = &to };

    house->meeting.handing_over = false;
    mine_set_terms(house);
    assert_int_equal(mine_do(house, LATE, &deed), WISH_CLOSED);
    assert_int_equal(wishes_of(house, &a).count, 0);
}

static enum rc going(struct turn *turn, struct deed *deed, struct err *err)
{
    enum change_outcome outcome;
    enum rc rc = switch_mode(turn, &deed->id, deed->mode, false, &outcome,
                             err);

    deed->outcome = (int)outcome;
    return rc;
}

/* The deadline was moved, and she did it herself. */
static void what_is_so_by_now_is_granted(void **state)
{
    struct house *house = *state;
    struct registration a = placed(house, "a", MODE_ONSITE);
    struct deed deed = { .run = going, .id = a.public_id,
                         .mode = MODE_ONLINE };

    assert_int_equal(ask_mode(house, &a, MODE_ONLINE, false), WISH_DONE);
    house->meeting.changes_until = LATE + 100;
    mine_set_terms(house);
    assert_int_equal(mine_do(house, LATE + 1, &deed), CHANGE_MADE);
    assert_int_equal(decide(house, wishes_of(house, &a).items[0].id, true),
                     WISH_DONE);
    assert_int_equal(wishes_of(house, &a).count, 0);
}

static void an_invitation_may_be_asked_away(void **state)
{
    struct house *house = *state;
    struct registration a = placed(house, "a", MODE_ONSITE);
    struct details to = { a.person, false };
    struct deed deed = { .run = asking_change, .id = a.public_id,
                         .with = &to };

    assert_true(a.wants_invite);
    assert_int_equal(mine_do(house, LATE, &deed), WISH_DONE);
    assert_int_equal(decide(house, wishes_of(house, &a).items[0].id, true),
                     WISH_DONE);
    assert_false(mine_fresh(house, &a).wants_invite);
    assert_int_equal(mine_letters(house, &a, LETTER_WITHDRAWAL), 1);
}

static void what_is_granted_is_done_after_the_deadline(void **state)
{
    struct house *house = *state;
    struct registration a = placed(house, "a", MODE_ONSITE);

    ask_name(house, LATE, &a, "Lang");
    int64_t id = wishes_of(house, &a).items[0].id;
    assert_int_equal(decide(house, id, true), WISH_DONE);
    assert_string_equal(mine_fresh(house, &a).person.family_name, "Lang");
    assert_string_equal(mine_fresh(house, &a).person.given_name, "a");
    assert_int_equal(mine_letters(house, &a, LETTER_CHANGED), 1);
    assert_int_equal(wishes_of(house, &a).count, 0);
    assert_int_equal(house_number(house,
        "SELECT count(*) FROM audit WHERE actor = 7 AND deed ="
        " 'grant-wish'"), 1);
    assert_int_equal(decide(house, id, true), WISH_NONE);
}

static void what_is_declined_stays_with_its_reason(void **state)
{
    struct house *house = *state;
    struct registration a = placed(house, "a", MODE_ONSITE);

    ask_name(house, LATE, &a, "Lang");
    int64_t id = wishes_of(house, &a).items[0].id;
    assert_int_equal(decide(house, id, false), WISH_DONE);
    struct wishes all = wishes_of(house, &a);
    assert_int_equal(all.items[0].declined_at, LATE + 5);
    assert_string_equal(all.items[0].reason, "Leider voll.");
    assert_string_equal(mine_fresh(house, &a).person.family_name, "Kurz");
    assert_int_equal(mine_letters(house, &a, LETTER_WISH_DECLINED), 1);
    assert_int_equal(decide(house, id, true), WISH_NONE);
    FINE(house, wish_open(house->reader, house->arena, house->meeting.id, 0,
                          10, &all, &house->err));
    assert_int_equal(all.count, 0);
}

static void a_mode_without_seats_leaves_the_wish_open(void **state)
{
    struct house *house = *state;
    struct registration a = placed(house, "a", MODE_ONSITE);
    struct registration b = placed(house, "b", MODE_ONLINE);

    assert_int_equal(ask_mode(house, &b, MODE_ONLINE, false), WISH_NONE);
    assert_int_equal(ask_mode(house, &b, MODE_ONSITE, false), WISH_DONE);
    int64_t id = wishes_of(house, &b).items[0].id;
    assert_int_equal(decide(house, id, true), WISH_FULL);
    assert_int_equal(wishes_of(house, &b).count, 1);
    assert_int_equal(mine_fresh(house, &b).mode, MODE_ONLINE);
    mine_cancel(house, &a);
    assert_int_equal(decide(house, id, true), WISH_DONE);
    assert_int_equal(mine_fresh(house, &b).mode, MODE_ONSITE);
    house_assert_sound(house);
}

static void whoever_would_wait_waits_once_granted(void **state)
{
    struct house *house = *state;

    placed(house, "a", MODE_ONSITE);
    struct registration b = placed(house, "b", MODE_ONLINE);
    assert_int_equal(ask_mode(house, &b, MODE_ONSITE, true), WISH_DONE);
    assert_int_equal(decide(house, wishes_of(house, &b).items[0].id, true),
                     WISH_DONE);
    assert_int_equal(mine_number(house, "SELECT count(*) FROM wait WHERE"
                                        " registration_id = $", &b), 1);
    assert_int_equal(mine_fresh(house, &b).mode, MODE_ONLINE);
}

static void a_granted_handing_over_needs_nothing_more(void **state)
{
    struct house *house = *state;
    struct registration a = placed(house, "a", MODE_ONSITE);
    const struct handover to = {
        .person = { .given_name = "Nora", .family_name = "Neu", .title = "",
                    .address = "nora@example.org", .organisation = "",
                    .position = "" },
        .wants_invite = true,
    };
    struct deed deed = { .run = asking_handover, .id = a.public_id,
                         .with = &to };

    house->meeting.confirm_term = HOUR;
    house->meeting.approval = APPROVAL_HOLDS;
    mine_set_terms(house);
    assert_int_equal(mine_do(house, LATE, &deed), WISH_DONE);
    assert_int_equal(decide(house, wishes_of(house, &a).items[0].id, true),
                     WISH_DONE);
    struct registration now = mine_fresh(house, &a);
    assert_string_equal(now.mailbox, "nora@example.org");
    assert_string_equal(now.person.organisation, "");
    assert_int_equal(now.state, REG_REGISTERED);
    assert_int_equal(wishes_of(house, &a).count, 0);
    house_assert_sound(house);
}

static void nobody_decides_for_whoever_has_left(void **state)
{
    struct house *house = *state;
    struct registration a = placed(house, "a", MODE_ONSITE);
    int64_t open;

    ask_name(house, LATE, &a, "Lang");
    FINE(house, wish_count_open(house->reader, house->meeting.id, &open,
                                &house->err));
    assert_int_equal(open, 1);
    mine_cancel(house, &a);
    FINE(house, wish_count_open(house->reader, house->meeting.id, &open,
                                &house->err));
    assert_int_equal(open, 0);
    assert_int_equal(decide(house, wishes_of(house, &a).items[0].id, true),
                     WISH_CLOSED);
}

#define ROOM(test) \
    cmocka_unit_test_setup_teardown(test, mine_open, house_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROOM(before_the_deadline_nobody_asks),
        ROOM(a_wish_changes_nothing_and_tells_the_host),
        ROOM(a_wish_may_be_taken_back),
        ROOM(only_what_is_meant_and_open_is_taken_back),
        ROOM(a_seat_that_may_not_be_handed_over_is_not_asked_for),
        ROOM(what_is_so_by_now_is_granted),
        ROOM(an_invitation_may_be_asked_away),
        ROOM(what_is_granted_is_done_after_the_deadline),
        ROOM(what_is_declined_stays_with_its_reason),
        ROOM(a_mode_without_seats_leaves_the_wish_open),
        ROOM(whoever_would_wait_waits_once_granted),
        ROOM(a_granted_handing_over_needs_nothing_more),
        ROOM(nobody_decides_for_whoever_has_left),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
