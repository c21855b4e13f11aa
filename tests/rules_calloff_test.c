/* A meeting is called off, and its people are told, slice by slice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/rules/calloff.h"
#include "daemon/rules/cancel.h"
#include "daemon/store/letter_store.h"
#include "daemon/store/meeting_store.h"
#include "daemon/store/seat_store.h"
#include "tests/store_house.h"

struct slice {
    int64_t limit;
    bool more, letters;
};

static enum rc do_call_off(struct house *house, int64_t now, void *context)
{
    return calloff_meeting(house->writer, now, &house->meeting, context,
                           &house->err);
}

static enum rc do_tell(struct house *house, int64_t now, void *context)
{
    struct slice *slice = context;

    return calloff_tell(house->writer, now, slice->limit, &slice->more,
                        &slice->letters, &house->err);
}

static enum calloff_outcome call_off(struct house *house, int64_t now)
{
    enum calloff_outcome outcome;

    house->meeting.cancel_reason =
        (struct bilingual){ "Hochwasser.", "A flood." };
    FINE(house, house_write(house, now, do_call_off, &outcome));
    return outcome;
}

static struct slice tell(struct house *house, int64_t limit)
{
    struct slice slice = { .limit = limit };

    FINE(house, house_write(house, NOON + 2, do_tell, &slice));
    return slice;
}

/* How many slices it takes until nobody is left. */
static int tell_all(struct house *house, int64_t limit)
{
    int slices = 0;

    while (tell(house, limit).more)
        slices++;
    return slices;
}

static struct registration placed(struct house *house, const char *given,
                                  const char *address, bool invite)
{
    struct signup in = house_signup(house, given, "Kurz", address);

    in.wants_invite = invite;
    struct signup_result out = house_place(house, NOON, &in);
    assert_int_equal(out.outcome, SIGNUP_REGISTERED);
    return out.registration;
}

static int64_t letters(struct house *house, enum letter_kind kind)
{
    return house_number(house, arena_printf(house->arena,
        "SELECT count(*) FROM letter WHERE kind = %d", kind));
}

static void the_public_sees_it_and_calendars_notice(void **state)
{
    struct house *house = *state;
    int64_t sequence = house->meeting.sequence;
    int64_t changed = house->meeting.changed_at;
    struct meeting m;

    assert_int_equal(call_off(house, NOON + 1), CALLOFF_DONE);
    FINE(house, meeting_by_id(house->reader, house->arena, house->meeting.id,
                              &m, &house->err));
    assert_int_equal(m.state, MEETING_CANCELLED);
    assert_int_equal(m.cancelled_at, NOON + 1);
    assert_int_equal(m.sequence, sequence + 1);
    assert_true(m.changed_at > changed);
    assert_string_equal(m.cancel_reason.de, "Hochwasser.");
    assert_string_equal(m.cancel_reason.en, "A flood.");
}

static enum rc do_edit(struct house *house, int64_t now, void *context)
{
    house->meeting.title.de = context;
    return meeting_update(house->writer, now, &house->meeting, &house->err);
}

static void a_later_edit_keeps_the_reason(void **state)
{
    struct house *house = *state;
    char title[] = "Neu";
    struct meeting m;

    assert_int_equal(call_off(house, NOON + 1), CALLOFF_DONE);
    FINE(house, house_write(house, NOON + 2, do_edit, title));
    FINE(house, meeting_by_id(house->reader, house->arena, house->meeting.id,
                              &m, &house->err));
    assert_string_equal(m.title.de, "Neu");
    assert_int_equal(m.state, MEETING_CANCELLED);
    assert_int_equal(m.cancelled_at, NOON + 1);
    assert_string_equal(m.cancel_reason.de, "Hochwasser.");
}

static void nothing_happens_to_what_is_not_to_come(void **state)
{
    struct house *house = *state;
    enum calloff_outcome outcome;

    assert_int_equal(call_off(house, house->meeting.ends_at), CALLOFF_PAST);
    house->meeting.state = MEETING_DRAFT;
    FINE(house, house_write(house, NOON, do_call_off, &outcome));
    assert_int_equal(outcome, CALLOFF_DRAFT);
    house->meeting.state = MEETING_CANCELLED;
    FINE(house, house_write(house, NOON, do_call_off, &outcome));
    assert_int_equal(outcome, CALLOFF_ALREADY);
    assert_int_equal(house_number(house, "SELECT state FROM meeting"),
                     MEETING_PUBLISHED);
    assert_false(tell(house, 10).more);
}

static void everybody_is_told_once_however_small_the_slices(void **state)
{
    struct house *house = *state;

    for (int i = 0; i < 7; i++)
        (void)placed(house, "Anna",
                     arena_printf(house->arena, "a%d@example.org", i),
                     i % 2 == 0);
    assert_int_equal(call_off(house, NOON + 1), CALLOFF_DONE);
    assert_int_equal(letters(house, LETTER_CALLED_OFF), 0);
    assert_true(tell(house, 3).letters);
    assert_int_equal(letters(house, LETTER_CALLED_OFF), 3);
    assert_int_equal(letters(house, LETTER_WITHDRAWAL), 2);
    assert_int_equal(tell_all(house, 3), 2);
    assert_int_equal(letters(house, LETTER_CALLED_OFF), 7);
    assert_int_equal(letters(house, LETTER_WITHDRAWAL), 4);
    assert_int_equal(house_number(house,
        "SELECT count(DISTINCT registration_id) FROM letter WHERE kind = 5"),
        7);
    assert_int_equal(house_number(house, "SELECT min(state) FROM letter"
                                         " WHERE kind = 5"), LETTER_QUEUED);
    assert_int_equal(tell_all(house, 3), 0);
}

/* Neither the last of a slice nor an empty one ends it too early. */
static void a_slice_that_is_just_full_is_not_the_last(void **state)
{
    struct house *house = *state;

    for (int i = 0; i < 4; i++)
        (void)placed(house, "Anna",
                     arena_printf(house->arena, "a%d@example.org", i),
                     false);
    assert_int_equal(call_off(house, NOON + 1), CALLOFF_DONE);
    assert_int_equal(tell_all(house, 2), 3);
    assert_int_equal(letters(house, LETTER_CALLED_OFF), 4);
}

static enum rc do_cancel(struct house *house, int64_t now, void *context)
{
    const struct registration *r = context;
    enum cancel_outcome outcome;
    struct turn turn = house_turn(house, now);

    return cancel_registration(&turn, &r->public_id, CANCEL_OWN, &outcome,
                               &house->err);
}

static void who_is_not_coming_or_has_no_address_gets_nothing(void **state)
{
    struct house *house = *state;
    struct registration gone = placed(house, "Gerd", "g@example.org", true);

    (void)placed(house, "Paul", NULL, true);
    FINE(house, house_write(house, NOON, do_cancel, &gone));
    int64_t before = house_number(house, "SELECT count(*) FROM letter");
    assert_int_equal(call_off(house, NOON + 1), CALLOFF_DONE);
    assert_int_equal(tell_all(house, 10), 1);
    assert_int_equal(house_number(house, "SELECT count(*) FROM letter"),
                     before);
}

static enum rc take_parties(struct house *house, int64_t now, void *unused)
{
    (void)unused;
    meeting_set_usual_terms(&house->meeting);
    return meeting_update(house->writer, now, &house->meeting, &house->err);
}

static void companions_are_covered_by_whoever_brought_them(void **state)
{
    struct house *house = *state;
    struct signup in = house_signup(house, "Anna", "Kurz", "a@example.org");
    const struct signup_guest guests[] = {
        { .person = { .given_name = "Ole", .family_name = "Lang", .title = "",
                      .organisation = "", .position = "" } },
        { .person = { .given_name = "Ina", .family_name = "Lang", .title = "",
                      .organisation = "", .position = "" } },
    };

    FINE(house, house_write(house, NOON, take_parties, NULL));
    in.guests = guests;
    in.guest_count = 2;
    struct registration anna = house_place(house, NOON, &in).registration;
    assert_int_equal(call_off(house, NOON + 1), CALLOFF_DONE);
    (void)tell_all(house, 10);
    assert_int_equal(letters(house, LETTER_CALLED_OFF), 1);
    assert_int_equal(house_number(house, arena_printf(house->arena,
        "SELECT registration_id FROM letter WHERE kind = %d",
        (int)LETTER_CALLED_OFF)), anna.id);
}

static void unless_she_does_not_come_herself(void **state)
{
    struct house *house = *state;
    struct signup in = house_signup(house, "Anna", "Kurz", "a@example.org");
    const struct signup_guest guest = {
        .person = { .given_name = "Ole", .family_name = "Lang", .title = "",
                    .organisation = "", .position = "" },
    };

    FINE(house, house_write(house, NOON, take_parties, NULL));
    in.guests = &guest;
    in.guest_count = 1;
    struct registration anna = house_place(house, NOON, &in).registration;
    FINE(house, house_write(house, NOON, do_cancel, &anna));
    assert_int_equal(call_off(house, NOON + 1), CALLOFF_DONE);
    (void)tell_all(house, 10);
    assert_int_equal(letters(house, LETTER_CALLED_OFF), 1);
}

static void an_invitation_that_two_share_is_called_back_once(void **state)
{
    struct house *house = *state;
    struct registration anna = placed(house, "Anna", "b@example.org", true);
    struct registration ole = placed(house, "Ole", "B@example.org", true);
    struct invite invite;

    assert_int_equal(anna.invite_id, ole.invite_id);
    assert_int_equal(call_off(house, NOON + 1), CALLOFF_DONE);
    (void)tell_all(house, 1);
    assert_int_equal(letters(house, LETTER_CALLED_OFF), 2);
    assert_int_equal(letters(house, LETTER_WITHDRAWAL), 1);
    FINE(house, invite_by_id(house->reader, house->arena, anna.invite_id,
                             &invite, &house->err));
    assert_true(invite.cancelled);
    assert_int_equal(invite.sequence, 1);
}

static void two_meetings_called_off_are_told_one_after_the_other(
    void **state)
{
    struct house *house = *state;

    (void)placed(house, "Anna", "a@example.org", false);
    assert_int_equal(call_off(house, NOON + 1), CALLOFF_DONE);
    house->meeting = house_add_meeting(house, "zweites");
    (void)placed(house, "Ole", "o@example.org", false);
    assert_int_equal(call_off(house, NOON + 2), CALLOFF_DONE);
    assert_int_equal(tell_all(house, 10), 2);
    assert_int_equal(letters(house, LETTER_CALLED_OFF), 2);
}

int main(void)
{
#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(the_public_sees_it_and_calendars_notice),
        TEST(a_later_edit_keeps_the_reason),
        TEST(nothing_happens_to_what_is_not_to_come),
        TEST(everybody_is_told_once_however_small_the_slices),
        TEST(a_slice_that_is_just_full_is_not_the_last),
        TEST(who_is_not_coming_or_has_no_address_gets_nothing),
        TEST(companions_are_covered_by_whoever_brought_them),
        TEST(unless_she_does_not_come_herself),
        TEST(an_invitation_that_two_share_is_called_back_once),
        TEST(two_meetings_called_off_are_told_one_after_the_other),
    };
    return cmocka_run_group_tests_name("rules/calloff", tests, NULL, NULL);
}
