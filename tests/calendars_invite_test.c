#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "calendars/invite.h"
#include "daemon/base/arena.h"
#include "daemon/base/parse.h"

static int begin(void **state)
{
    *state = arena_new();
    return 0;
}

static int end(void **state)
{
    struct arena *arena = *state;

    arena_free(&arena);
    return 0;
}

static int64_t utc(const char *text)
{
    struct civil civil;

    assert_true(parse_civil(text, &civil));
    return civil_to_seconds(&civil);
}

static struct cal_invite invitation(void)
{
    return (struct cal_invite){
        .method = CAL_REQUEST,
        .event = {
            .uid = "0b1c2d3e-0000-4000-8000-00000000002a@termine.example.org",
            .stamp = utc("2026-11-22 12:00"),
            .starts_at = utc("2027-03-07 09:00"),
            .ends_at = utc("2027-03-07 14:00"),
            .zone = "Europe/Berlin",
            .summary = "Zusammen in die Zukunft",
            .description = "Wir freuen uns auf Sie.",
            .location = "Online",
            .url = "https://termine.example.org/de/sachsen/arbeit-2030",
        },
        .organizer_name = "Allianz Sachsen",
        .organizer_address = "termine@termine.example.org",
        .attendee_name = "Müller, Jürgen",
        .attendee_address = "juergen.mueller@example.net",
    };
}

static const char *write_invite(struct arena *arena,
                                const struct cal_invite *invite)
{
    struct err err = { "" };
    struct str out, flat;

    str_init(&out, arena, 65536);
    str_init(&flat, arena, 65536);
    assert_int_equal(invite_write(invite, &out, &err), RC_OK);
    for (const char *at = out.data; *at != '\0'; at++)
        if (strncmp(at, "\r\n ", 3) == 0)
            at += 2;
        else
            str_add_char(&flat, *at);
    return flat.data;
}

static void an_invitation_is_this_to_the_letter(void **state)
{
    struct cal_invite invite = invitation();

    assert_string_equal(
        write_invite(*state, &invite),
        "BEGIN:VCALENDAR\r\n"
        "VERSION:2.0\r\n"
        "PRODID:-//convened//convened " PACKAGE_VERSION "//DE\r\n"
        "CALSCALE:GREGORIAN\r\n"
        "METHOD:REQUEST\r\n"
        "BEGIN:VTIMEZONE\r\n"
        "TZID:Europe/Berlin\r\n"
        "BEGIN:DAYLIGHT\r\n"
        "DTSTART:19700329T020000\r\n"
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\n"
        "TZNAME:CEST\r\n"
        "TZOFFSETFROM:+0100\r\n"
        "TZOFFSETTO:+0200\r\n"
        "END:DAYLIGHT\r\n"
        "BEGIN:STANDARD\r\n"
        "DTSTART:19701025T030000\r\n"
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\n"
        "TZNAME:CET\r\n"
        "TZOFFSETFROM:+0200\r\n"
        "TZOFFSETTO:+0100\r\n"
        "END:STANDARD\r\n"
        "END:VTIMEZONE\r\n"
        "BEGIN:VEVENT\r\n"
        "UID:0b1c2d3e-0000-4000-8000-00000000002a@termine.example.org\r\n"
        "DTSTAMP:20261122T120000Z\r\n"
        "SEQUENCE:0\r\n"
        "DTSTART;TZID=Europe/Berlin:20270307T100000\r\n"
        "DTEND;TZID=Europe/Berlin:20270307T150000\r\n"
        "SUMMARY:Zusammen in die Zukunft\r\n"
        "DESCRIPTION:Wir freuen uns auf Sie.\r\n"
        "LOCATION:Online\r\n"
        "STATUS:CONFIRMED\r\n"
        "TRANSP:OPAQUE\r\n"
        "URL:https://termine.example.org/de/sachsen/arbeit-2030\r\n"
        "ORGANIZER;CN=Allianz Sachsen:mailto:termine@termine.example.org\r\n"
        "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;"
        "PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CN=\"Müller, Jürgen\""
        ":mailto:juergen.mueller@example.net\r\n"
        "X-MICROSOFT-DISALLOW-COUNTER:TRUE\r\n"
        "END:VEVENT\r\n"
        "END:VCALENDAR\r\n");
}

/* U2: the same people and times, another method, status and sequence. */
static void a_cancellation_differs_only_in_what_it_must(void **state)
{
    struct cal_invite invite = invitation();
    const char *request = write_invite(*state, &invite);

    invite.method = CAL_CANCEL;
    invite.event.sequence = 1;
    invite.event.stamp += 60;

    const char *cancel = write_invite(*state, &invite);
    static const char *const changed[][2] = {
        { "METHOD:REQUEST", "METHOD:CANCEL" },
        { "DTSTAMP:20261122T120000Z", "DTSTAMP:20261122T120100Z" },
        { "SEQUENCE:0", "SEQUENCE:1" },
        { "STATUS:CONFIRMED", "STATUS:CANCELLED" },
        { "TRANSP:OPAQUE", "TRANSP:TRANSPARENT" },
    };

    for (size_t i = 0; i < sizeof changed / sizeof *changed; i++) {
        const char *at = strstr(request, changed[i][0]);

        assert_non_null(at);
        request = arena_printf(*state, "%.*s%s%s", (int)(at - request),
                               request, changed[i][1],
                               at + strlen(changed[i][0]));
    }
    assert_string_equal(cancel, request);
}

static void the_method_decides_the_status(void **state)
{
    struct cal_invite invite = invitation();

    invite.event.cancelled = true;
    assert_non_null(strstr(write_invite(*state, &invite),
                           "STATUS:CONFIRMED\r\n"));
    assert_string_equal(cal_method_word(CAL_REQUEST), "REQUEST");
    assert_string_equal(cal_method_word(CAL_CANCEL), "CANCEL");
}

static void names_are_harmless_as_parameters(void **state)
{
    struct cal_invite invite = invitation();

    invite.attendee_name = "Jo \"der Chef\"; x:y^n\r\nATTENDEE:mailto:a@b.de";
    invite.organizer_name = "";

    const char *text = write_invite(*state, &invite);

    assert_non_null(strstr(text, ";CN=\"Jo „der Chef“; x:yn "
                                 "ATTENDEE:mailto:a@b.de\":mailto:"));
    assert_non_null(strstr(text, "\r\nORGANIZER:mailto:"));
    assert_null(strstr(text, "\r\nATTENDEE:"));
}

static void odd_addresses_stay_one_address(void **state)
{
    struct cal_invite invite = invitation();

    invite.attendee_address = "a?b#c%d+e&f@example.net";
    assert_non_null(strstr(write_invite(*state, &invite),
                           ":mailto:a%3Fb%23c%25d+e&f@example.net\r\n"));
}

static void nobody_is_invited_by_themselves(void **state)
{
    struct cal_invite invite = invitation();
    struct err err = { "" };
    struct str out;

    str_init(&out, *state, 65536);
    invite.attendee_address = "Termine@Termine.example.org";
    assert_int_equal(invite_write(&invite, &out, &err), RC_FAIL);
    assert_int_equal(out.length, 0);
    assert_string_not_equal(err.text, "");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(an_invitation_is_this_to_the_letter),
        TEST(a_cancellation_differs_only_in_what_it_must),
        TEST(the_method_decides_the_status),
        TEST(names_are_harmless_as_parameters),
        TEST(odd_addresses_stay_one_address),
        TEST(nobody_is_invited_by_themselves),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
