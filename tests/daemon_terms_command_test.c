/* What may happen to a registration at a meeting, as its commands set it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/command_world.h"

#define NAME "sachsen/arbeit-2030"
#define EDIT(world, ...) RUN((world), "meeting", "edit", NAME, __VA_ARGS__)

static void published(struct world *world)
{
    add_meeting(world);
    assert_int_equal(RUN(world, "meeting", "publish", NAME), EXIT_FINE);
}

static void add(struct world *world, const char *family)
{
    assert_int_equal(RUN(world, "attendees", "add", NAME, "--family", family,
                         "--mode", "onsite", "--waiting"), EXIT_FINE);
}

static bool flag_of(const json_t *record, const char *key)
{
    const json_t *value = json_object_get(record, key);

    assert_true(json_is_boolean(value));
    return json_is_true(value);
}

static void a_new_meeting_has_the_usual_terms(void **state)
{
    struct world *world = *state;

    add_meeting(world);
    json_t *got = JSON(world, "meeting", "show", NAME);
    assert_true(flag_of(got, "waiting"));
    assert_int_equal(number_of(got, "claim_term"), 0);
    assert_int_equal(number_of(got, "confirm_term"), 0);
    assert_string_equal(text_of(got, "approval"), "none");
    assert_string_equal(text_of(got, "changes_until"),
                        text_of(got, "starts"));
    assert_int_equal(number_of(got, "party"), 5);
    assert_true(flag_of(got, "handing_over"));
    assert_int_equal(number_of(got, "keep_support_days"), 14);
    json_decref(got);
    got = JSON(world, "alliance", "show", "sachsen");
    assert_false(flag_of(got, "queue_passing"));
    json_decref(got);
}

static void expect_changed(const json_t *got)
{
    assert_false(flag_of(got, "waiting"));
    assert_int_equal(number_of(got, "claim_term"), 36 * 3600);
    assert_int_equal(number_of(got, "confirm_term"), 48 * 3600);
    assert_string_equal(text_of(got, "approval"), "holds");
    assert_int_equal(number_of(got, "party"), 3);
    assert_false(flag_of(got, "handing_over"));
    assert_int_equal(number_of(got, "keep_support_days"), 7);
}

static void terms_are_set_shown_and_copied(void **state)
{
    struct world *world = *state;

    add_meeting(world);
    assert_int_equal(EDIT(world, "--waiting", "no", "--claim-term", "36 h",
                          "--confirm-term", "yes", "--approval", "holds",
                          "--changes-until", "2027-03-05 12:00", "--party",
                          "3", "--handing-over", "no",
                          "--keep-support-days", "7"), EXIT_FINE);
    json_t *got = JSON(world, "meeting", "show", NAME);
    expect_changed(got);
    assert_string_equal(text_of(got, "changes_until"),
                        "2027-03-05T11:00:00Z");
    json_decref(got);
    got = JSON(world, "meeting", "copy", NAME, "sachsen/2028", "--date",
               "2028-03-05");
    expect_changed(got);
    assert_string_equal(text_of(got, "changes_until"),
                        "2028-03-03T11:00:00Z");
    json_decref(got);
    assert_int_equal(RUN(world, "meeting", "show", NAME), EXIT_FINE);
    expect_out(world, "confirm term       2 d\n");
    assert_int_equal(EDIT(world, "--confirm-term", "no", "--claim-term", "0",
                          "--changes-until", ""), EXIT_FINE);
    got = JSON(world, "meeting", "show", NAME);
    assert_int_equal(number_of(got, "confirm_term"), 0);
    assert_int_equal(number_of(got, "claim_term"), 0);
    assert_string_equal(text_of(got, "changes_until"),
                        text_of(got, "starts"));
    json_decref(got);
}

static void what_makes_no_sense_is_refused_with_its_name(void **state)
{
    static const char *const wrong[][2] = {
        { "--waiting", "perhaps" },   { "--claim-term", "soon" },
        { "--claim-term", "yes" },    { "--claim-term", "61 d" },
        { "--confirm-term", "-1" },   { "--approval", "yes" },
        { "--party", "0" },           { "--party", "11" },
        { "--handing-over", "" },     { "--keep-support-days", "366" },
        { "--changes-until", "2027-03-08 10:00" },
    };
    struct world *world = *state;

    add_meeting(world);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(EDIT(world, wrong[i][0], wrong[i][1]), EXIT_DATA);
        expect_err(world, wrong[i][0]);
    }
}

static void more_seats_move_people_up_and_say_so(void **state)
{
    struct world *world = *state;

    published(world);
    assert_int_equal(EDIT(world, "--onsite", "1"), EXIT_FINE);
    add(world, "A");
    add(world, "B");
    add(world, "C");
    add(world, "D");
    expect_out(world, "on the waiting list");
    json_t *rows = JSON(world, "attendees", "list", NAME, "--queued");
    assert_int_equal(json_array_size(rows), 3);
    assert_int_equal(number_of(json_array_get(rows, 2), "place"), 3);
    assert_string_equal(text_of(json_array_get(rows, 2), "family_name"), "D");
    json_decref(rows);
    assert_int_equal(EDIT(world, "--onsite", "0"), EXIT_DATA);
    expect_err(world, "--onsite: 1 people have these seats already");
    assert_int_equal(EDIT(world, "--onsite", "3"), EXIT_FINE);
    expect_err(world, "2 moved up from the waiting list");
    json_t *got = JSON(world, "meeting", "show", NAME);
    assert_int_equal(number_of(got, "onsite_taken"), 3);
    assert_int_equal(number_of(got, "onsite_waiting"), 1);
    json_decref(got);
    assert_int_equal(EDIT(world, "--claim-term", "1 d"), EXIT_FINE);
    assert_int_equal(EDIT(world, "--onsite", "4"), EXIT_FINE);
    expect_err(world, "1 on the waiting list are offered a seat");
    rows = JSON(world, "attendees", "list", NAME, "--queued");
    assert_string_equal(text_of(json_array_get(rows, 0), "offered_until"),
                        "2026-09-22T14:13:20Z");
    json_decref(rows);
}

/* While it runs nobody moves up; on another day they may. */
static void a_meeting_that_is_moved_fills_its_seats(void **state)
{
    struct world *world = *state;

    published(world);
    assert_int_equal(EDIT(world, "--onsite", "1"), EXIT_FINE);
    add(world, "A");
    add(world, "B");
    assert_int_equal(EDIT(world, "--starts", "2026-09-01 10:00"), EXIT_FINE);
    assert_int_equal(EDIT(world, "--onsite", "2"), EXIT_FINE);
    json_t *got = JSON(world, "meeting", "show", NAME);
    assert_int_equal(number_of(got, "onsite_taken"), 1);
    json_decref(got);
    assert_int_equal(EDIT(world, "--starts", "2027-03-07 10:00"), EXIT_FINE);
    expect_err(world, "1 moved up from the waiting list");
    got = JSON(world, "meeting", "show", NAME);
    assert_int_equal(number_of(got, "onsite_taken"), 2);
    assert_int_equal(number_of(got, "onsite_waiting"), 0);
    json_decref(got);
}

static void without_a_waiting_list_those_on_it_stay(void **state)
{
    struct world *world = *state;

    published(world);
    assert_int_equal(EDIT(world, "--onsite", "1"), EXIT_FINE);
    add(world, "A");
    add(world, "B");
    assert_int_equal(EDIT(world, "--waiting", "no"), EXIT_FINE);
    expect_err(world, "1 stay on the waiting list and move up as before");
    assert_int_equal(RUN(world, "attendees", "add", NAME, "--family", "C",
                         "--mode", "onsite", "--waiting"), EXIT_DATA);
    assert_int_equal(EDIT(world, "--onsite", "2"), EXIT_FINE);
    expect_err(world, "1 moved up from the waiting list");
}

static void nobody_is_decided_who_awaits_nothing(void **state)
{
    struct world *world = *state;

    published(world);
    add(world, "A");
    json_t *rows = JSON(world, "attendees", "list", NAME);
    const char *reference = text_of(json_array_get(rows, 0), "reference");
    assert_int_equal(RUN(world, "attendees", "approve", NAME, reference),
                     EXIT_DATA);
    expect_err(world, "awaits no approval: registered");
    assert_int_equal(RUN(world, "attendees", "reconsider", NAME, reference),
                     EXIT_DATA);
    expect_err(world, "is not declined");
    json_decref(rows);
    assert_int_equal(RUN(world, "attendees", "decline", NAME, "NICHTDA"),
                     EXIT_DATA);
    expect_err(world, "nobody has the reference code NICHTDA");
    assert_int_equal(RUN(world, "attendees", "approve", NAME), EXIT_USAGE);
    assert_int_equal(RUN(world, "attendees", "decline", NAME, "--all"),
                     EXIT_USAGE);
    expect_err(world, "this would decline 0 people");
    assert_int_equal(RUN(world, "attendees", "approve", NAME, "--all"),
                     EXIT_FINE);
    expect_out(world, "0 approved");
}

static void passing_is_a_matter_of_the_alliance(void **state)
{
    struct world *world = *state;

    published(world);
    assert_int_equal(RUN(world, "alliance", "edit", "sachsen",
                         "--queue-passing", "yes"), EXIT_FINE);
    json_t *got = JSON(world, "alliance", "show", "sachsen");
    assert_true(flag_of(got, "queue_passing"));
    json_decref(got);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(a_new_meeting_has_the_usual_terms),
        TEST(terms_are_set_shown_and_copied),
        TEST(what_makes_no_sense_is_refused_with_its_name),
        TEST(more_seats_move_people_up_and_say_so),
        TEST(a_meeting_that_is_moved_fills_its_seats),
        TEST(without_a_waiting_list_those_on_it_stay),
        TEST(nobody_is_decided_who_awaits_nothing),
        TEST(passing_is_a_matter_of_the_alliance),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
