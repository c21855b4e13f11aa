/* meeting cancel, meeting copy, and what commands say with --json. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/base/arena.h"
#include "tests/command_world.h"

#define NAME "sachsen/arbeit-2030"

static void published(struct world *world)
{
    add_meeting(world);
    assert_int_equal(RUN(world, "meeting", "publish", NAME), EXIT_FINE);
}

static void a_promised_day_does_not_move_back(void **state)
{
    struct world *world = *state;

    published(world);
    assert_int_equal(RUN(world, "meeting", "edit", NAME, "--keep-days",
                         "100"), EXIT_FINE); /* nobody was told anything */
    assert_int_equal(RUN(world, "attendees", "add", NAME, "--family",
                         "Muster", "--mode", "onsite"), EXIT_FINE);
    assert_int_equal(RUN(world, "meeting", "edit", NAME, "--keep-days",
                         "101"), EXIT_DATA);
    expect_err(world, "told that their data goes after 100 days");
    assert_int_equal(RUN(world, "meeting", "edit", NAME, "--keep-days",
                         "30"), EXIT_FINE);
    assert_int_equal(RUN(world, "meeting", "edit", NAME, "--starts",
                         "2027-03-09 10:00", "--ends", "2027-03-09 15:00"),
                     EXIT_FINE);
    expect_err(world, "later than their letters say");
}

/* --- cancel ------------------------------------------------------------ */

static void a_meeting_is_cancelled_by_a_yes_alone(void **state)
{
    struct world *world = *state;

    published(world);
    assert_int_equal(RUN(world, "meeting", "cancel", NAME), EXIT_USAGE);
    expect_err(world, "this would cancel " NAME ": 0 registered, 0 letters");
    expect_err(world, "--yes");
    expect_err(world, "no reason is given");
    assert_int_equal(RUN(world, "meeting", "show", NAME), EXIT_FINE);
    expect_out(world, "open");
    assert_int_equal(RUN(world, "meeting", "cancel", NAME, "--yes",
                         "--reason-de", "Sturm"), EXIT_FINE);
    expect_out(world, "is cancelled; 0 registered");
    assert_int_equal(RUN(world, "meeting", "show", NAME), EXIT_FINE);
    expect_out(world, "cancelled");
    expect_out(world, "Sturm");
    assert_int_equal(RUN(world, "meeting", "cancel", NAME, "--yes",
                         "--reason-de", "Schnee"), EXIT_FINE);
    expect_out(world, "already");
    assert_int_equal(RUN(world, "meeting", "show", NAME), EXIT_FINE);
    expect_out(world, "Sturm");
    assert_int_equal(RUN(world, "meeting", "publish", NAME), EXIT_DATA);
    expect_err(world, "it is cancelled");
}

static void what_cannot_be_cancelled_is_said(void **state)
{
    struct world *world = *state;

    add_meeting(world);
    assert_int_equal(RUN(world, "meeting", "cancel", NAME, "--yes"),
                     EXIT_DATA);
    expect_err(world, "it is a draft");
    assert_int_equal(RUN(world, "meeting", "cancel", "sachsen/nichts"),
                     EXIT_DATA);
    assert_int_equal(RUN(world, "meeting", "publish", NAME), EXIT_FINE);
    assert_int_equal(RUN(world, "meeting", "cancel", NAME, "--reason-en",
                         "Storm", "--yes"), EXIT_DATA);
    expect_err(world, "--reason-de is missing");
    assert_int_equal(RUN(world, "meeting", "edit", NAME, "--starts",
                         "2020-01-01 10:00", "--ends", "2020-01-01 12:00"),
                     EXIT_FINE);
    assert_int_equal(RUN(world, "meeting", "cancel", NAME, "--yes"),
                     EXIT_DATA);
    expect_err(world, "it is over");
}

/* --- copy -------------------------------------------------------------- */

static void add_session(struct world *world, const char *starts,
                        const char *ends)
{
    assert_int_equal(RUN(world, "meeting", "session", NAME, "--starts",
                         starts, "--ends", ends, "--title-de", "Vortrag",
                         "--speaker", "Dr. Jana Beispiel"), EXIT_FINE);
}

static void a_copy_has_everything_but_people_and_the_link(void **state)
{
    struct world *world = *state;

    published(world);
    add_session(world, "2027-03-07 11:00", "2027-03-07 12:00");
    assert_int_equal(RUN(world, "meeting", "edit", NAME, "--join-url",
                         "https://stream.example.org/", "--about-de", "Mehr",
                         "--ask-organisation", "yes", "--visibility",
                         "unlisted"), EXIT_FINE);
    json_t *old = JSON(world, "meeting", "show", NAME);
    json_t *new = JSON(world, "meeting", "copy", NAME, "sachsen/2028",
                       "--date", "2028-03-05");
    expect_err(world, "the link to join is not copied");
    static const char *const same[] = {
        "title_de", "about_de", "zone", "venue_name", "visibility", "onsite",
        "online", "ask_organisation", "keep_days", "onsite_taken",
    };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        assert_true(json_equal(json_object_get(old, same[i]),
                               json_object_get(new, same[i])));
    assert_string_equal(text_of(new, "meeting"), "sachsen/2028");
    assert_string_equal(text_of(new, "state"), "draft");
    assert_string_equal(text_of(new, "starts"), "2028-03-05T09:00:00Z");
    assert_string_equal(text_of(new, "ends"), "2028-03-05T14:00:00Z");
    assert_true(json_is_null(json_object_get(new, "join_url")));
    assert_string_not_equal(text_of(new, "uid"), text_of(old, "uid"));
    assert_int_equal(number_of(new, "sequence"),
                     0);
    json_t *session = json_array_get(json_object_get(new, "sessions"), 0);
    assert_string_equal(text_of(session, "starts"), "2028-03-05T10:00:00Z");
    assert_string_equal(text_of(session, "speaker"), "Dr. Jana Beispiel");
    json_decref(old);
    json_decref(new);
}

/* 28 March 2027 is the day on which the clocks go forward. */
static void ten_o_clock_stays_ten_o_clock(void **state)
{
    struct world *world = *state;

    add_meeting(world);
    assert_int_equal(RUN(world, "meeting", "edit", NAME, "--opens",
                         "2027-02-01 08:00", "--closes", "2027-03-01 23:59"),
                     EXIT_FINE);
    json_t *copy = JSON(world, "meeting", "copy", NAME, "sachsen/april",
                        "--date", "2027-04-04");
    assert_string_equal(text_of(copy, "starts"), "2027-04-04T08:00:00Z");
    assert_string_equal(text_of(copy, "ends"), "2027-04-04T13:00:00Z");
    assert_string_equal(text_of(copy, "opens"), "2027-03-01T07:00:00Z");
    assert_string_equal(text_of(copy, "closes"), "2027-03-29T21:59:00Z");
    json_decref(copy);
}

static void an_hour_that_does_not_exist_is_left_behind(void **state)
{
    struct world *world = *state;

    add_saxony(world);
    assert_int_equal(
        RUN(world, "meeting", "add", "sachsen/nacht", "--title-de", "Nacht",
            "--starts", "2027-03-07 01:00", "--ends", "2027-03-07 06:00",
            "--online", "5"), EXIT_FINE);
    assert_int_equal(RUN(world, "meeting", "session", "sachsen/nacht",
                         "--starts", "2027-03-07 02:30", "--ends",
                         "2027-03-07 04:00", "--title-de", "Spät"),
                     EXIT_FINE);
    json_t *copy = JSON(world, "meeting", "copy", "sachsen/nacht",
                        "sachsen/nacht-2", "--date", "2027-03-28");
    expect_err(world, "the clocks leap over an hour");
    assert_string_equal(text_of(copy, "starts"), "2027-03-28T00:00:00Z");
    json_t *session = json_array_get(json_object_get(copy, "sessions"), 0);
    assert_string_equal(text_of(session, "starts"), "2027-03-28T01:30:00Z");
    assert_string_equal(text_of(session, "ends"), "2027-03-28T02:00:00Z");
    json_decref(copy);
}

static void a_copy_needs_a_day_and_a_free_name(void **state)
{
    struct world *world = *state;

    add_meeting(world);
    assert_int_equal(RUN(world, "meeting", "copy", NAME, "sachsen/neu"),
                     EXIT_USAGE);
    expect_err(world, "--date YYYY-MM-DD is missing");
    static const char *const bad[] = { "2027-02-30", "morgen", "2027-3-7",
                                       "2027-03-07 10:00" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(RUN(world, "meeting", "copy", NAME, "sachsen/neu",
                             "--date", bad[i]), EXIT_DATA);
        expect_err(world, "a day like 2027-03-07");
    }
    assert_int_equal(RUN(world, "meeting", "copy", NAME, NAME, "--date",
                         "2028-03-05"), EXIT_DATA);
    expect_err(world, "exists already");
    assert_int_equal(RUN(world, "meeting", "copy", NAME, "sachsen/desk",
                         "--date", "2028-03-05"), EXIT_DATA);
    assert_int_equal(RUN(world, "meeting", "copy", NAME, "sachsen/frueher",
                         "--date", "2020-03-05"), EXIT_FINE);
    expect_err(world, "in the past");
}

/* --- json -------------------------------------------------------------- */

static void whoever_changes_something_may_have_it_as_json(void **state)
{
    struct world *world = *state;

    add_saxony(world);
    json_t *got = JSON(world, "alliance", "edit", "sachsen", "--name-en",
                       "Saxony");
    assert_string_equal(text_of(got, "name_en"), "Saxony");
    assert_string_equal(
        text_of(json_array_get(json_object_get(got, "bench"), 1), "name_en"),
        "Unions");
    json_decref(got);
    got = JSON(world, "alliance", "add", "zwickau", "--name-de", "Zwickau",
               "--parent", "sachsen");
    assert_string_equal(text_of(got, "parent"), "sachsen");
    json_decref(got);
    got = JSON(world, "meeting", "add", NAME, "--title-de", "Arbeit",
               "--starts", "2027-03-07 10:00", "--ends", "2027-03-07 15:00",
               "--online", "10");
    assert_string_equal(text_of(got, "closes"), "2027-03-07T09:00:00Z");
    assert_int_equal(number_of(got, "online"), 10);
    json_decref(got);
    got = JSON(world, "meeting", "edit", NAME, "--online", "20");
    assert_int_equal(number_of(got, "online"), 20);
    assert_int_equal(number_of(got, "sequence"),
                     0);
    json_decref(got);
    got = JSON(world, "meeting", "publish", NAME);
    assert_string_equal(text_of(got, "state"), "open");
    json_decref(got);
    got = JSON(world, "meeting", "publish", NAME);
    assert_string_equal(text_of(got, "state"), "open");
    json_decref(got);
    got = JSON(world, "mail", "retry");
    assert_int_equal(number_of(got, "due"), 0);
    json_decref(got);
}

static void every_command_that_uses_the_database_knows_json(void **state)
{
    (void)state;
    for (size_t i = 0; i < command_count; i++) {
        const struct command *c = &command_table[i];
        bool known = false;
        if (!c->run)
            continue;
        for (size_t o = 0; c->options[o].name; o++)
            known |= !strcmp(c->options[o].name, "json");
        if (!known)
            fail_msg("%s %s", c->noun, c->verb);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_promised_day_does_not_move_back),
        TEST(a_meeting_is_cancelled_by_a_yes_alone),
        TEST(what_cannot_be_cancelled_is_said),
        TEST(a_copy_has_everything_but_people_and_the_link),
        TEST(ten_o_clock_stays_ten_o_clock),
        TEST(an_hour_that_does_not_exist_is_left_behind),
        TEST(a_copy_needs_a_day_and_a_free_name),
        TEST(whoever_changes_something_may_have_it_as_json),
        cmocka_unit_test(every_command_that_uses_the_database_knows_json),
    };
    return cmocka_run_group_tests_name("daemon/meeting_command", tests, NULL,
                                       NULL);
}
