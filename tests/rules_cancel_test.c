#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/rules/cancel.h"
#include "daemon/store/letter_store.h"
#include "daemon/store/meeting_store.h"
#include "daemon/store/registration_store.h"
#include "tests/store_house.h"

struct asked {
    struct id id;
    enum cancel_outcome cancelled;
    enum undo_outcome undone;
};

static enum rc do_cancel(struct house *house, int64_t now, void *context)
{
    struct asked *asked = context;

    struct turn turn = house_turn(house, now);

    return cancel_registration(&turn, &asked->id, CANCEL_OWN,
                               &asked->cancelled, &house->err);
}

static enum rc do_undo(struct house *house, int64_t now, void *context)
{
    struct asked *asked = context;

    struct turn turn = house_turn(house, now);

    return cancel_undo(&turn, &asked->id, false, &asked->undone,
                       &house->err);
}

static enum cancel_outcome cancel(struct house *house, int64_t now,
                                  const struct registration *r)
{
    struct asked asked = { .id = r->public_id };

    FINE(house, house_write(house, now, do_cancel, &asked));
    return asked.cancelled;
}

static enum undo_outcome undo(struct house *house, int64_t now,
                              const struct registration *r)
{
    struct asked asked = { .id = r->public_id };

    FINE(house, house_write(house, now, do_undo, &asked));
    return asked.undone;
}

static struct registration placed(struct house *house, const char *given,
                                  const char *address)
{
    struct signup in = house_signup(house, given, "Kurz", address);
    struct signup_result out = house_place(house, NOON, &in);

    assert_int_equal(out.outcome, SIGNUP_REGISTERED);
    return out.registration;
}

static struct registration fresh(struct house *house,
                                 const struct registration *old)
{
    struct registration r;

    FINE(house, registration_by_id(house->reader, house->arena, old->id, &r,
                                   &house->err));
    return r;
}

static int64_t taken(struct house *house)
{
    return house_number(house, "SELECT sum(taken) FROM pool");
}

static int64_t letters(struct house *house, enum letter_kind kind)
{
    return house_number(house, arena_printf(house->arena,
        "SELECT count(*) FROM letter WHERE kind = %d", kind));
}

/* What the courier reports of all that is queued. */
static enum rc settle_all(struct house *house, int64_t now, void *context)
{
    const enum letter_state *state = context;
    struct letters due;
    enum rc rc = letter_due(house->reader, house->arena, now, 100, &due,
                            &house->err);

    for (size_t i = 0; rc == RC_OK && i < due.count; i++) {
        due.items[i].state = *state;
        due.items[i].attempts++;
        due.items[i].settled_at = now;
        rc = letter_update(house->writer, &due.items[i], &house->err);
    }
    return rc;
}

static void settle(struct house *house, enum letter_state state)
{
    int64_t at = INT64_MAX;

    do {
        FINE(house, house_write(house, NOON + DAY, settle_all, &state));
        FINE(house, letter_next_due(house->reader, &at, &house->err));
    } while (at != INT64_MAX);
}

static void cancelling_frees_the_seat_and_says_goodbye(void **state)
{
    struct house *house = *state;
    struct registration r = placed(house, "Anna", "anna@example.org");

    settle(house, LETTER_SENT);
    assert_int_equal(cancel(house, NOON + 9, &r), CANCEL_DONE);
    struct registration now = fresh(house, &r);
    assert_int_equal(now.state, REG_CANCELLED);
    assert_int_equal(now.cancelled_at, NOON + 9);
    /* The manage link goes on working. */
    assert_int_equal(now.generation, r.generation);
    assert_int_equal(taken(house), 0);
    assert_int_equal(house_number(house, "SELECT count(*) FROM seat"), 0);
    assert_int_equal(letters(house, LETTER_GOODBYE), 1);
    assert_int_equal(letters(house, LETTER_WITHDRAWAL), 1);
    struct letter letter;
    FINE(house, letter_newest(house->reader, house->arena, r.id,
                              LETTER_WITHDRAWAL, &letter, &house->err));
    assert_int_equal(letter.sequence, 1);
    assert_int_equal(letter.state, LETTER_QUEUED);
    struct invite invite;
    FINE(house, invite_by_id(house->reader, house->arena, r.invite_id,
                             &invite, &house->err));
    assert_true(invite.cancelled);
    assert_int_equal(invite.sequence, 1);
    assert_int_equal(invite.stamp, NOON + 9);
    assert_int_equal(house_number(house, "SELECT count(*) FROM audit WHERE"
                                         " deed = 'cancel'"), 1);
}

static void cancelling_twice_changes_nothing(void **state)
{
    struct house *house = *state;
    struct registration r = placed(house, "Anna", "anna@example.org");

    assert_int_equal(cancel(house, NOON, &r), CANCEL_DONE);
    assert_int_equal(cancel(house, NOON, &r), CANCEL_ALREADY);
    assert_int_equal(letters(house, LETTER_GOODBYE), 1);
    assert_int_equal(taken(house), 0);
}

static void the_stamp_grows_even_within_one_second(void **state)
{
    struct house *house = *state;
    struct registration r = placed(house, "Anna", "anna@example.org");
    struct invite invite;

    assert_int_equal(cancel(house, NOON, &r), CANCEL_DONE);
    FINE(house, invite_by_id(house->reader, house->arena, r.invite_id,
                             &invite, &house->err));
    assert_int_equal(invite.stamp, NOON + 1);
}

static void after_the_end_nothing_is_cancelled(void **state)
{
    struct house *house = *state;
    struct registration r = placed(house, "Anna", "anna@example.org");
    int64_t end = house->meeting.ends_at;

    assert_int_equal(cancel(house, end, &r), CANCEL_PAST);
    assert_int_equal(taken(house), 1);
    assert_int_equal(cancel(house, end - 1, &r), CANCEL_DONE);
    assert_int_equal(taken(house), 0);
}

static void an_unknown_registration_is_not_found(void **state)
{
    struct house *house = *state;
    struct asked asked = { .id = id_random() };

    MISSING(house, house_write(house, NOON, do_cancel, &asked));
    MISSING(house, house_write(house, NOON, do_undo, &asked));
}

static void a_shared_invite_is_withdrawn_with_the_last(void **state)
{
    struct house *house = *state;
    struct registration a = placed(house, "Anna", "office@example.org");
    struct registration b = placed(house, "Bert", "office@example.org");

    settle(house, LETTER_SENT);
    assert_int_equal(cancel(house, NOON + 1, &a), CANCEL_DONE);
    assert_int_equal(letters(house, LETTER_WITHDRAWAL), 0);
    assert_int_equal(cancel(house, NOON + 2, &b), CANCEL_DONE);
    assert_int_equal(letters(house, LETTER_WITHDRAWAL), 1);
}

/* The courier may have it in hand: what is queued is not taken back from
 * under it, and the CANCEL follows it in the same mailbox. */
static void a_queued_invitation_is_followed_by_its_withdrawal(void **state)
{
    struct house *house = *state;
    struct registration r = placed(house, "Anna", "anna@example.org");
    struct letters due;

    assert_int_equal(cancel(house, NOON + 5, &r), CANCEL_DONE);
    assert_int_equal(letters(house, LETTER_WITHDRAWAL), 1);
    assert_int_equal(house_number(house, "SELECT count(*) FROM letter WHERE"
                                         " state = 0"), 4);
    FINE(house, letter_due(house->reader, house->arena, NOON + 5, 10, &due,
                           &house->err));
    assert_int_equal(due.count, 1);
    assert_int_equal(due.items[0].kind, LETTER_CONFIRMATION);
}

static void what_was_never_written_is_not_withdrawn(void **state)
{
    struct house *house = *state;
    struct signup in = house_signup(house, "Anna", "Kurz",
                                    "anna@example.org");

    house->settings.steps_per_hour = 0;
    struct registration suppressed = house_place(house, NOON, &in)
        .registration;
    house->settings.steps_per_hour = 3;
    assert_int_equal(cancel(house, NOON, &suppressed), CANCEL_DONE);
    in = house_signup(house, "Bert", "Lang", "bert@example.org");
    in.wants_invite = false;
    struct registration none = house_place(house, NOON, &in).registration;
    assert_int_equal(cancel(house, NOON, &none), CANCEL_DONE);
    assert_int_equal(letters(house, LETTER_WITHDRAWAL), 0);
    assert_int_equal(letters(house, LETTER_GOODBYE), 2);
}

static void a_refused_invitation_is_not_withdrawn(void **state)
{
    struct house *house = *state;
    struct registration r = placed(house, "Anna", "anna@example.org");
    bool sent;

    settle(house, LETTER_REFUSED);
    FINE(house, letter_invite_was_sent(house->reader, r.invite_id, &sent,
                                       &house->err));
    assert_false(sent);
    assert_int_equal(cancel(house, NOON + DAY, &r), CANCEL_DONE);
    assert_int_equal(letters(house, LETTER_WITHDRAWAL), 0);
}

static void acting_through_the_link_proves_the_address(void **state)
{
    struct house *house = *state;
    struct registration r = placed(house, "Anna", "Anna@example.org");
    bool proven;

    FINE(house, address_proven(house->reader, "anna@example.org", &proven,
                               &house->err));
    assert_false(proven);
    assert_int_equal(cancel(house, NOON, &r), CANCEL_DONE);
    FINE(house, address_proven(house->reader, "anna@example.org", &proven,
                               &house->err));
    assert_true(proven);
    /* From now on its letters are not limited. */
    for (int i = 0; i < 9; i++) {
        struct signup in = house_signup(
            house, "Anna", arena_printf(house->arena, "Nr%d", i),
            "anna@example.org");
        assert_true(house_place(house, NOON, &in).letters);
    }
}

static void undo_takes_the_seat_again_with_a_new_invite(void **state)
{
    struct house *house = *state;
    struct registration r = placed(house, "Anna", "anna@example.org");

    settle(house, LETTER_SENT);
    assert_int_equal(cancel(house, NOON + 1, &r), CANCEL_DONE);
    assert_int_equal(undo(house, NOON + 2, &r), UNDO_DONE);
    struct registration now = fresh(house, &r);
    assert_int_equal(now.state, REG_REGISTERED);
    assert_int_equal(now.cancelled_at, 0);
    assert_int_equal(taken(house), 1);
    assert_int_equal(house_number(house, "SELECT count(*) FROM seat"), 1);
    struct invite before, after;
    FINE(house, invite_by_id(house->reader, house->arena, r.invite_id,
                             &before, &house->err));
    FINE(house, invite_by_id(house->reader, house->arena, now.invite_id,
                             &after, &house->err));
    assert_int_equal(before.generation, 1);
    assert_int_equal(after.generation, 2);
    assert_int_equal(after.sequence, 0);
    assert_string_not_equal(before.uid, after.uid);
    assert_int_equal(letters(house, LETTER_CONFIRMATION), 2);
    assert_int_equal(letters(house, LETTER_INVITATION), 2);
    assert_int_equal(undo(house, NOON + 3, &r), UNDO_ALREADY);
    assert_int_equal(letters(house, LETTER_CONFIRMATION), 2);
}

static void undo_needs_a_free_seat(void **state)
{
    struct house *house = *state;

    house_set_seats(house, MODE_ONSITE, 1);
    struct registration anna = placed(house, "Anna", "anna@example.org");
    assert_int_equal(cancel(house, NOON, &anna), CANCEL_DONE);
    (void)placed(house, "Bert", "bert@example.org");
    assert_int_equal(undo(house, NOON, &anna), UNDO_FULL);
    assert_int_equal(taken(house), 1);
    assert_int_equal(fresh(house, &anna).state, REG_CANCELLED);
}

static void undo_needs_an_open_registration(void **state)
{
    struct house *house = *state;
    struct registration r = placed(house, "Anna", "anna@example.org");

    assert_int_equal(cancel(house, NOON, &r), CANCEL_DONE);
    assert_int_equal(undo(house, house->meeting.closes_at, &r), UNDO_CLOSED);
    assert_int_equal(undo(house, house->meeting.closes_at - 1, &r),
                     UNDO_DONE);
}

static void undo_after_registering_anew_finds_it_done(void **state)
{
    struct house *house = *state;
    struct registration old = placed(house, "Anna", "anna@example.org");

    assert_int_equal(cancel(house, NOON, &old), CANCEL_DONE);
    struct registration again = placed(house, "Anna", "anna@example.org");
    assert_false(id_equal(&old.public_id, &again.public_id));
    assert_true(old.invite_id != again.invite_id);
    assert_int_equal(undo(house, NOON, &old), UNDO_ALREADY);
    assert_int_equal(taken(house), 1);
}

static void undo_keeps_the_ceiling_of_an_address(void **state)
{
    struct house *house = *state;
    struct registration first = placed(house, "Anna", "anna@example.org");

    assert_int_equal(cancel(house, NOON, &first), CANCEL_DONE);
    for (int i = 0; i < 10; i++)
        (void)placed(house, arena_printf(house->arena, "Nr%d", i),
                     "anna@example.org");
    assert_int_equal(undo(house, NOON, &first), UNDO_FULL);
    assert_int_equal(taken(house), 10);
}

int main(void)
{
#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(cancelling_frees_the_seat_and_says_goodbye),
        TEST(cancelling_twice_changes_nothing),
        TEST(the_stamp_grows_even_within_one_second),
        TEST(after_the_end_nothing_is_cancelled),
        TEST(an_unknown_registration_is_not_found),
        TEST(a_shared_invite_is_withdrawn_with_the_last),
        TEST(a_queued_invitation_is_followed_by_its_withdrawal),
        TEST(what_was_never_written_is_not_withdrawn),
        TEST(a_refused_invitation_is_not_withdrawn),
        TEST(acting_through_the_link_proves_the_address),
        TEST(undo_takes_the_seat_again_with_a_new_invite),
        TEST(undo_needs_a_free_seat),
        TEST(undo_needs_an_open_registration),
        TEST(undo_after_registering_anew_finds_it_done),
        TEST(undo_keeps_the_ceiling_of_an_address),
    };
    return cmocka_run_group_tests_name("rules/cancel", tests, NULL, NULL);
}
