/* attendees add, and mail show. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/base/arena.h"
#include "daemon/base/clock.h"
#include "tests/command_world.h"

#define NAME "sachsen/arbeit-2030"
#define ADD(world, ...) RUN((world), "attendees", "add", NAME, __VA_ARGS__)

static void published(struct world *world)
{
    add_meeting(world);
    assert_int_equal(RUN(world, "meeting", "publish", NAME), EXIT_FINE);
}

static size_t count(struct world *world, const char *what)
{
    json_t *rows = strcmp(what, "letters")
                       ? JSON(world, "attendees", "list", NAME)
                       : JSON(world, "mail", "queue");
    size_t size = json_array_size(rows);

    json_decref(rows);
    return size;
}

static void somebody_is_registered_with_letters(void **state)
{
    struct world *world = *state;

    published(world);
    json_t *got = JSON(world, "attendees", "add", NAME, "--family", "Łęcka",
                       "--given", "Jana", "--title", "Dr.", "--email",
                       " jana@Example.org", "--organisation", "Werk Beispiel",
                       "--position", "Leitung", "--bench", "Kammern",
                       "--mode", "online", "--lang", "en");
    static const char *const wanted[][2] = {
        { "family_name", "Łęcka" },    { "given_name", "Jana" },
        { "title", "Dr." },            { "email", "jana@example.org" },
        { "mode", "online" },          { "organisation", "Werk Beispiel" },
        { "position", "Leitung" },     { "bench", "Kammern" },
        { "state", "registered" },     { "lang", "en" },
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        assert_string_equal(text_of(got, wanted[i][0]), wanted[i][1]);
    json_t *rows = JSON(world, "attendees", "list", NAME);
    assert_true(json_equal(json_array_get(rows, 0), got));
    json_decref(rows);
    json_decref(got);
    assert_int_equal(count(world, "letters"), 2);
    got = JSON(world, "meeting", "show", NAME);
    assert_int_equal(number_of(got, "online_taken"), 1);
    json_decref(got);
}

static void without_an_address_there_are_no_letters_and_it_says_so(
    void **state)
{
    struct world *world = *state;

    published(world);
    assert_int_equal(ADD(world, "--family", "Muster", "--mode", "onsite"),
                     EXIT_FINE);
    expect_out(world, "registered for " NAME ", on site: ");
    expect_err(world, "they get no letters");
    assert_int_equal(ADD(world, "--family", "Anders", "--mode", "onsite",
                         "--email", "a@example.org", "--no-letters"),
                     EXIT_FINE);
    expect_err(world, "no letter was written");
    assert_int_equal(ADD(world, "--family", "Dritt", "--mode", "onsite",
                         "--email", "d@example.org", "--invite", "no"),
                     EXIT_FINE);
    assert_int_equal(count(world, "letters"), 1);
    assert_int_equal(count(world, "people"), 3);
}

static void the_same_person_is_named_not_added(void **state)
{
    struct world *world = *state;
    static const char *const twice[][8] = {
        { "--family", "Muster", "--email", "m@example.org", NULL },
        { "--family", "Ohne", "--organisation", "Werk", NULL },
    };

    published(world);
    for (size_t i = 0; i < 2; i++) {
        const char *words[16] = { "attendees", "add", NAME, "--mode",
                                  "onsite" };
        for (size_t n = 0; twice[i][n]; n++)
            words[5 + n] = twice[i][n];
        assert_int_equal(world_run(world, NULL, words), EXIT_FINE);
        const char *reference =
            arena_strdup(world->arena,
                         strrchr(world->call.out.data, ' ') + 1);
        assert_int_equal(world_run(world, NULL, words), EXIT_DATA);
        expect_err(world, "already registered: ");
        expect_err(world, reference);
    }
    assert_int_equal(ADD(world, "--mode", "onsite", "--family", "Ohne",
                         "--organisation", "Anderes Werk"), EXIT_FINE);
    assert_int_equal(count(world, "people"), 3);
    assert_int_equal(count(world, "letters"), 2);
}

static void seats_hold_for_organisers_too(void **state)
{
    struct world *world = *state;

    published(world);
    assert_int_equal(RUN(world, "meeting", "edit", NAME, "--onsite", "1"),
                     EXIT_FINE);
    assert_int_equal(ADD(world, "--family", "Eins", "--mode", "onsite"),
                     EXIT_FINE);
    assert_int_equal(ADD(world, "--family", "Zwei", "--mode", "onsite",
                         "--after-deadline"), EXIT_DATA);
    expect_err(world, "all 1 seats on site are taken");
    expect_err(world, "--onsite N");
    assert_int_equal(ADD(world, "--family", "Zwei", "--mode", "online"),
                     EXIT_FINE);
}

static void the_deadline_may_be_passed_knowingly_and_the_end_never(
    void **state)
{
    struct world *world = *state;

    published(world);
    clock_set(1804410000); /* 2027-03-07 10:00: registration has closed */
    assert_int_equal(ADD(world, "--family", "Spät", "--mode", "onsite"),
                     EXIT_DATA);
    expect_err(world, "registration closed at 2027-03-07T10:00:00+01:00");
    expect_err(world, "--after-deadline");
    assert_int_equal(ADD(world, "--family", "Spät", "--mode", "onsite",
                         "--after-deadline"), EXIT_FINE);
    clock_set(1804410000 + 5 * 3600);
    assert_int_equal(ADD(world, "--family", "Ende", "--mode", "onsite",
                         "--after-deadline"), EXIT_DATA);
    expect_err(world, "the meeting is over");
}

static void organisers_need_not_wait_for_the_opening(void **state)
{
    struct world *world = *state;

    published(world);
    assert_int_equal(RUN(world, "meeting", "edit", NAME, "--opens",
                         "2027-02-01 08:00"), EXIT_FINE);
    assert_int_equal(ADD(world, "--family", "Früh", "--mode", "onsite"),
                     EXIT_FINE);
}

static void drafts_and_cancelled_meetings_take_nobody(void **state)
{
    struct world *world = *state;

    add_meeting(world);
    assert_int_equal(ADD(world, "--family", "Eins", "--mode", "onsite"),
                     EXIT_DATA);
    expect_err(world, "it is a draft");
    assert_int_equal(RUN(world, "meeting", "publish", NAME), EXIT_FINE);
    assert_int_equal(RUN(world, "meeting", "cancel", NAME, "--yes"),
                     EXIT_FINE);
    assert_int_equal(ADD(world, "--family", "Eins", "--mode", "onsite",
                         "--after-deadline"), EXIT_DATA);
    expect_err(world, "the meeting is cancelled");
}

static void every_mistake_is_said_at_once(void **state)
{
    struct world *world = *state;

    published(world);
    assert_int_equal(ADD(world, "--family", "www.example.org", "--email",
                         "kein-at", "--bench", "Vereine", "--lang", "fr"),
                     EXIT_DATA);
    static const char *const said[] = {
        "--family: Please leave out web addresses", "--email: ",
        "--bench: \"Vereine\"", "--lang: ", "--mode: Please choose",
    };
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        expect_err(world, said[i]);
    assert_int_equal(ADD(world, "--given", "Jana"), EXIT_USAGE);
    expect_err(world, "--family TEXT is missing");
    assert_int_equal(count(world, "people"), 0);
}

/* --- mail show --------------------------------------------------------- */

static void a_letter_that_waits_is_shown_as_it_would_go_out(void **state)
{
    struct world *world = *state;

    published(world);
    assert_int_equal(ADD(world, "--family", "Muster", "--mode", "onsite",
                         "--email", "m@example.org"), EXIT_FINE);
    assert_int_equal(RUN(world, "mail", "show", "1"), EXIT_FINE);
    expect_out(world, "confirmation");
    expect_out(world, NAME);
    expect_out(world, "Guten Tag Muster,");
    json_t *got = JSON(world, "mail", "show", "2");
    assert_string_equal(text_of(got, "kind"), "invitation");
    assert_string_equal(text_of(got, "method"), "REQUEST");
    assert_string_equal(text_of(got, "state"), "queued");
    assert_int_equal(number_of(got, "attempts"), 0);
    assert_true(json_is_true(json_object_get(got, "still_true")));
    assert_non_null(strstr(text_of(got, "text"), "10:00 bis 15:00 Uhr"));
    json_decref(got);
    assert_int_equal(RUN(world, "meeting", "cancel", NAME, "--yes"),
                     EXIT_FINE);
    got = JSON(world, "mail", "show", "1");
    assert_true(json_is_false(json_object_get(got, "still_true")));
    assert_true(json_is_null(json_object_get(got, "text")));
    json_decref(got);
}

static void a_letter_that_is_not_there_is_a_mistake(void **state)
{
    struct world *world = *state;

    published(world);
    assert_int_equal(RUN(world, "mail", "show", "7"), EXIT_DATA);
    expect_err(world, "there is no letter 7");
    assert_int_equal(RUN(world, "mail", "show", "x"), EXIT_DATA);
    expect_err(world, "is not the number of a letter");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(somebody_is_registered_with_letters),
        TEST(without_an_address_there_are_no_letters_and_it_says_so),
        TEST(the_same_person_is_named_not_added),
        TEST(seats_hold_for_organisers_too),
        TEST(the_deadline_may_be_passed_knowingly_and_the_end_never),
        TEST(organisers_need_not_wait_for_the_opening),
        TEST(drafts_and_cancelled_meetings_take_nobody),
        TEST(every_mistake_is_said_at_once),
        TEST(a_letter_that_waits_is_shown_as_it_would_go_out),
        TEST(a_letter_that_is_not_there_is_a_mistake),
    };
    return cmocka_run_group_tests_name("daemon/attendee_command", tests,
                                       NULL, NULL);
}
