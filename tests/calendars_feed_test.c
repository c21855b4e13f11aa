#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "calendars/color.h"
#include "calendars/feed.h"
#include "calendars/words.h"
#include "calendars/zone.h"
#include "daemon/base/arena.h"
#include "daemon/base/parse.h"
#include "daemon/base/text.h"

#define ENOUGH (8 * 1024 * 1024)

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

static struct cal_event annual_meeting(void)
{
    return (struct cal_event){
        .uid = "6f1d2c3b-0000-4000-8000-0123456789ab@termine.example.org",
        .sequence = 3,
        .stamp = utc("2026-11-20 08:00"),
        .created_at = utc("2026-11-01 09:30"),
        .changed_at = utc("2026-11-20 08:00"),
        .starts_at = utc("2027-03-07 09:00"),
        .ends_at = utc("2027-03-07 14:00"),
        .zone = "Europe/Berlin",
        .summary = "Arbeit 2030, digital; vielfältig",
        .description = "Ein Satz.\n\nMehr dazu: https://termine.example.org/x",
        .location = "Haus der Beispiele, Beispielstraße 1, 01067 Dresden",
        .has_geo = true,
        .latitude = 51.05,
        .longitude = 13.7372621,
        .url = "https://termine.example.org/de/sachsen/arbeit-2030",
        .categories = "Allianz Sachsen, Region",
        .lang = LANG_DE,
    };
}

static struct cal_feed feed_of(const struct cal_event *events, size_t count)
{
    return (struct cal_feed){
        .name = "Allianz Sachsen",
        .description = "Termine: Allianz Sachsen",
        .source = "https://termine.example.org/calendars/sachsen.ics",
        .url = "https://termine.example.org/de/sachsen",
        .color = "seagreen",
        .zone = "Europe/Berlin",
        .lang = LANG_DE,
        .changed_at = utc("2026-11-20 08:00"),
        .events = events,
        .count = count,
    };
}

static const char *write_feed(struct arena *arena,
                              const struct cal_feed *feed)
{
    struct str out;
    struct err err = { "" };

    str_init(&out, arena, ENOUGH);
    assert_int_equal(feed_write(feed, &out, &err), RC_OK);
    return out.data;
}

static const char *write_one(struct arena *arena,
                             const struct cal_event *event)
{
    struct cal_feed feed = feed_of(event, 1);

    return write_feed(arena, &feed);
}

static char *unfold(struct arena *arena, const char *text)
{
    struct str out;

    str_init(&out, arena, strlen(text));
    for (; *text != '\0'; text++)
        if (strncmp(text, "\r\n ", 3) == 0)
            text += 2;
        else
            str_add_char(&out, *text);
    return out.data;
}

static void assert_line(struct arena *arena, const char *feed,
                        const char *line)
{
    char *whole = arena_printf(arena, "\r\n%s\r\n", line);

    if (strstr(unfold(arena, feed), whole) == NULL)
        fail_msg("no line '%s' in:\n%s", line, feed);
}

static void assert_nowhere(const char *feed, const char *words)
{
    if (strstr(feed, words) != NULL)
        fail_msg("'%s' must not stand in:\n%s", words, feed);
}

static size_t occurrences(const char *text, const char *words)
{
    size_t count = 0;

    for (; (text = strstr(text, words)) != NULL; text++)
        count++;
    return count;
}

#define FRAME_BEGIN                                                        \
    "BEGIN:VCALENDAR\r\n"                                                  \
    "VERSION:2.0\r\n"                                                      \
    "PRODID:-//convened//convened " PACKAGE_VERSION "//DE\r\n"             \
    "CALSCALE:GREGORIAN\r\n"
#define META                                                               \
    "NAME:Allianz Sachsen\r\n"                                             \
    "X-WR-CALNAME:Allianz Sachsen\r\n"                                     \
    "DESCRIPTION:Termine: Allianz Sachsen\r\n"                             \
    "X-WR-CALDESC:Termine: Allianz Sachsen\r\n"                            \
    "X-WR-TIMEZONE:Europe/Berlin\r\n"                                      \
    "REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n"                             \
    "X-PUBLISHED-TTL:PT1H\r\n"                                             \
    "SOURCE;VALUE=URI:https://termine.example.org/calendars/sachsen.ics\r\n" \
    "COLOR:seagreen\r\n"                                                   \
    "X-APPLE-CALENDAR-COLOR:#2E8B57\r\n"                                   \
    "URL:https://termine.example.org/de/sachsen\r\n"                       \
    "LAST-MODIFIED:20261120T080000Z\r\n"
#define BERLIN                                                             \
    "BEGIN:VTIMEZONE\r\n"                                                  \
    "TZID:Europe/Berlin\r\n"                                               \
    "BEGIN:DAYLIGHT\r\n"                                                   \
    "DTSTART:19700329T020000\r\n"                                          \
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\n"                           \
    "TZNAME:CEST\r\n"                                                      \
    "TZOFFSETFROM:+0100\r\n"                                               \
    "TZOFFSETTO:+0200\r\n"                                                 \
    "END:DAYLIGHT\r\n"                                                     \
    "BEGIN:STANDARD\r\n"                                                   \
    "DTSTART:19701025T030000\r\n"                                          \
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\n"                          \
    "TZNAME:CET\r\n"                                                       \
    "TZOFFSETFROM:+0200\r\n"                                               \
    "TZOFFSETTO:+0100\r\n"                                                 \
    "END:STANDARD\r\n"                                                     \
    "END:VTIMEZONE\r\n"
#define MEETING                                                            \
    "BEGIN:VEVENT\r\n"                                                     \
    "UID:6f1d2c3b-0000-4000-8000-0123456789ab@termine.example.org\r\n"     \
    "DTSTAMP:20261120T080000Z\r\n"                                         \
    "CREATED:20261101T093000Z\r\n"                                         \
    "LAST-MODIFIED:20261120T080000Z\r\n"                                   \
    "SEQUENCE:3\r\n"                                                       \
    "DTSTART;TZID=Europe/Berlin:20270307T100000\r\n"                       \
    "DTEND;TZID=Europe/Berlin:20270307T150000\r\n"                         \
    "SUMMARY:Arbeit 2030\\, digital\\; vielfältig\r\n"                     \
    "DESCRIPTION:Ein Satz.\\n\\nMehr dazu: "                               \
    "https://termine.example.org/x\r\n"                                    \
    "LOCATION:Haus der Beispiele\\, Beispielstraße 1\\, 01067 Dresden\r\n" \
    "GEO:51.050000;13.737262\r\n"                                          \
    "X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-APPLE-RADIUS=70;"             \
    "X-TITLE=\"Haus der Beispiele, Beispielstraße 1, 01067 Dresden\""      \
    ":geo:51.050000,13.737262\r\n"                                         \
    "CATEGORIES:Allianz Sachsen Region\r\n"                                \
    "STATUS:CONFIRMED\r\n"                                                 \
    "TRANSP:OPAQUE\r\n"                                                    \
    "URL:https://termine.example.org/de/sachsen/arbeit-2030\r\n"           \
    "END:VEVENT\r\n"
#define FRAME_END "END:VCALENDAR\r\n"

static void a_feed_is_this_to_the_letter(void **state)
{
    struct cal_event event = annual_meeting();
    const char *feed = write_one(*state, &event);

    assert_string_equal(unfold(*state, feed),
                        FRAME_BEGIN META BERLIN MEETING FRAME_END);
}

static void an_empty_feed_is_the_frame_and_its_name(void **state)
{
    struct cal_feed feed = feed_of(NULL, 0);

    assert_string_equal(unfold(*state, write_feed(*state, &feed)),
                        FRAME_BEGIN META FRAME_END);
}

static void a_download_has_no_feed_metadata(void **state)
{
    struct cal_event event = annual_meeting();
    struct err err = { "" };
    struct str out;

    str_init(&out, *state, ENOUGH);
    assert_int_equal(feed_write_download(&event, &out, &err), RC_OK);
    assert_string_equal(unfold(*state, out.data),
                        FRAME_BEGIN BERLIN MEETING FRAME_END);
}

static void twice_the_same_gives_the_same_bytes(void **state)
{
    struct cal_event event = annual_meeting();

    assert_string_equal(write_one(*state, &event), write_one(*state, &event));
}

/* Each physical line on its own: at most 75 bytes, whole characters. */
static void assert_folded(const char *feed)
{
    for (const char *line = feed; *line != '\0';) {
        const char *line_end = strstr(line, "\r\n");

        assert_non_null(line_end);
        if (line_end - line > 75)
            fail_msg("%td bytes: %.*s", line_end - line,
                     (int)(line_end - line), line);
        if (!text_is_utf8(line, (size_t)(line_end - line)))
            fail_msg("cut character: %.*s", (int)(line_end - line), line);
        line = line_end + 2;
    }
}

static void folding_never_cuts_a_character(void **state)
{
    static const char *const characters[] = { "ü", "€", "🌿", "x" };

    (void)state;
    for (size_t c = 0; c < 4; c++)
        for (int pad = 0; pad <= 80; pad++) {
            struct arena *arena = arena_new();
            struct cal_event event = annual_meeting();
            struct str text;

            str_init(&text, arena, 1000);
            for (int i = 0; i < pad; i++)
                str_add_char(&text, 'a');
            for (int i = 0; i < 60; i++)
                str_add(&text, characters[c]);
            event.summary = event.description = event.location = text.data;

            const char *feed = write_one(arena, &event);

            assert_folded(feed);
            assert_line(arena, feed,
                        arena_printf(arena, "SUMMARY:%s", text.data));
            assert_line(arena, feed,
                        arena_printf(arena, "DESCRIPTION:%s", text.data));
            arena_free(&arena);
        }
}

static void no_text_becomes_a_property(void **state)
{
    struct cal_event event = annual_meeting();
    const char *plain = write_one(*state, &event);
    const char *attack = "x\r\nATTENDEE:mailto:a@example.org\nBEGIN:VALARM\r"
                         "X-A:b\"\r\nEND:VEVENT\xE2\x80\xA8" "Y-B:c";

    event.summary = event.description = event.location = attack;
    event.categories = attack;

    struct cal_feed feed = feed_of(&event, 1);

    feed.name = feed.description = attack;

    const char *text = unfold(*state, write_feed(*state, &feed));

    assert_int_equal(occurrences(text, "\r\n"),
                     occurrences(unfold(*state, plain), "\r\n"));
    assert_int_equal(occurrences(text, "\n"), occurrences(text, "\r\n"));
    assert_nowhere(text, "\r\nATTENDEE");
    assert_nowhere(text, "\r\nBEGIN:VALARM");
}

static void controls_and_broken_bytes_are_dropped(void **state)
{
    struct cal_event event = annual_meeting();

    event.summary = "A\x01\x1b[31mB\x7f\xC2\x85"
                    "C\xff\xc3 D\xEF\xBB\xBF\xE2\x80\xAE" "E";
    event.description = " a\tb\r\nc\rd\xE2\x80\xA9" "e\xed\xa0\x80\n ";
    event.location = "u\xCC\x88" "ber"; /* not NFC */

    const char *feed = write_one(*state, &event);

    assert_line(*state, feed, "SUMMARY:A[31mBC DE");
    assert_line(*state, feed, "DESCRIPTION:a b\\nc\\nd\\ne");
    assert_line(*state, feed, "LOCATION:über");
}

static void a_backslash_that_programs_misread_is_a_slash(void **state)
{
    struct cal_event event = annual_meeting();

    event.summary = "C:\\neu\\Alt \\, \\; \\Nord \\";

    assert_line(*state, write_one(*state, &event),
                "SUMMARY:C:/neu\\\\Alt /\\, /\\; /Nord \\\\");
}

static void names_lose_what_cannot_be_escaped(void **state)
{
    struct cal_feed feed = feed_of(NULL, 0);

    feed.name = "Kammer, Bund; Land\\Kreis";
    feed.description = "Termine, alle; auch\\dies";

    const char *text = write_feed(*state, &feed);

    assert_line(*state, text, "NAME:Kammer Bund LandKreis");
    assert_line(*state, text, "X-WR-CALNAME:Kammer Bund LandKreis");
    assert_line(*state, text, "DESCRIPTION:Termine alle auchdies");
    assert_line(*state, text, "X-WR-CALDESC:Termine alle auchdies");
}

static void quotes_of_a_place_become_typographic(void **state)
{
    struct cal_event event = annual_meeting();

    event.location = "Saal \"Elbe\": 1^2; 3";

    const char *feed = write_one(*state, &event);

    assert_line(*state, feed, "LOCATION:Saal „Elbe“: 12\\; 3");
    assert_non_null(strstr(unfold(*state, feed),
                           "X-TITLE=\"Saal „Elbe“: 12; 3\":geo:"));
}

static void a_cancelled_meeting_says_so_in_its_title(void **state)
{
    struct cal_event event = annual_meeting();

    event.cancelled = true;

    const char *german = write_one(*state, &event);

    event.lang = LANG_EN;
    event.summary = "Work 2030";

    const char *english = write_one(*state, &event);

    assert_line(*state, german,
                "SUMMARY:Abgesagt: Arbeit 2030\\, digital\\; vielfältig");
    assert_line(*state, german, "STATUS:CANCELLED");
    assert_line(*state, german, "TRANSP:TRANSPARENT");
    assert_line(*state, english, "SUMMARY:Cancelled: Work 2030");
}

static void the_doubled_hour_is_written_in_utc(void **state)
{
    struct cal_event event = annual_meeting();

    event.starts_at = utc("2027-10-31 00:30"); /* 02:30, the first */
    event.ends_at = utc("2027-10-31 03:00");

    const char *half = write_one(*state, &event);

    event.ends_at = utc("2027-10-31 01:30"); /* 02:30, the second */

    const char *both = write_one(*state, &event);

    assert_line(*state, half, "DTSTART:20271031T003000Z");
    assert_line(*state, half, "DTEND;TZID=Europe/Berlin:20271031T040000");
    assert_line(*state, half, "BEGIN:VTIMEZONE");
    assert_line(*state, both, "DTEND:20271031T013000Z");
    assert_nowhere(both, "VTIMEZONE");
}

static void each_zone_is_defined_once_and_only_if_used(void **state)
{
    struct cal_event events[4] = { 0 };
    struct cal_feed feed = feed_of(events, 4);

    for (size_t i = 0; i < 4; i++)
        events[i] = annual_meeting();
    events[1].zone = "Europe/Lisbon";
    events[2].zone = "UTC";
    events[3].zone = "Europe/Atlantis";

    const char *text = write_feed(*state, &feed);

    assert_int_equal(occurrences(text, "BEGIN:VTIMEZONE"), 2);
    assert_int_equal(occurrences(text, "TZID:Europe/Berlin"), 1);
    assert_int_equal(occurrences(text, "TZID:Europe/Lisbon"), 1);
    assert_line(*state, text, "DTSTART;TZID=Europe/Lisbon:20270307T090000");
    assert_int_equal(occurrences(text, "DTSTART:20270307T090000Z"), 2);
}

static void zones_west_of_greenwich_keep_their_sign(void **state)
{
    struct cal_event event = annual_meeting();

    event.zone = "Atlantic/Azores";

    const char *feed = write_one(*state, &event);

    assert_line(*state, feed,
                "DTSTART:19700329T000000\r\n"
                "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\n"
                "TZNAME:+00\r\nTZOFFSETFROM:-0100\r\nTZOFFSETTO:+0000");
    assert_line(*state, feed,
                "DTSTART:19701025T010000\r\n"
                "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\n"
                "TZNAME:-01\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:-0100");
}

static void a_zone_without_summer_has_one_plain_standard(void **state)
{
    struct cal_event event = annual_meeting();

    event.zone = "Asia/Kolkata";

    const char *feed = write_one(*state, &event);

    assert_line(*state, feed,
                "BEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZNAME:IST\r\n"
                "TZOFFSETFROM:+0530\r\nTZOFFSETTO:+0530\r\nEND:STANDARD\r\n"
                "END:VTIMEZONE");
}

static void what_is_absent_leaves_no_line(void **state)
{
    struct cal_event event = annual_meeting();
    struct cal_feed feed = feed_of(&event, 1);

    event.description = event.categories = event.url = NULL;
    event.location = "";
    feed.color = "no such colour";
    feed.url = feed.description = NULL;

    const char *text = write_feed(*state, &feed);

    assert_nowhere(text, "DESCRIPTION");
    assert_nowhere(text, "CALDESC");
    assert_nowhere(text, "CATEGORIES");
    assert_nowhere(text, "LOCATION");
    assert_nowhere(text, "URL:");
    assert_nowhere(text, "COLOR");
    assert_line(*state, text, "GEO:51.050000;13.737262");
}

static void a_feed_that_does_not_fit_is_an_error(void **state)
{
    struct cal_event event = annual_meeting();
    struct cal_feed feed = feed_of(&event, 1);
    struct err err = { "" };
    struct str out;

    str_init(&out, *state, 200);
    assert_int_equal(feed_write(&feed, &out, &err), RC_FAIL);
    assert_non_null(strstr(err.text, "200"));
}

static void colours_are_those_of_css3(void **state)
{
    (void)state;
    assert_string_equal(color_hex("seagreen"), "#2E8B57");
    assert_string_equal(color_hex("aliceblue"), "#F0F8FF");
    assert_string_equal(color_hex("yellowgreen"), "#9ACD32");
    assert_null(color_hex("#2E8B57"));
    assert_null(color_hex(""));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(a_feed_is_this_to_the_letter),
        TEST(an_empty_feed_is_the_frame_and_its_name),
        TEST(a_download_has_no_feed_metadata),
        TEST(twice_the_same_gives_the_same_bytes),
        TEST(folding_never_cuts_a_character),
        TEST(no_text_becomes_a_property),
        TEST(controls_and_broken_bytes_are_dropped),
        TEST(a_backslash_that_programs_misread_is_a_slash),
        TEST(names_lose_what_cannot_be_escaped),
        TEST(quotes_of_a_place_become_typographic),
        TEST(a_cancelled_meeting_says_so_in_its_title),
        TEST(the_doubled_hour_is_written_in_utc),
        TEST(each_zone_is_defined_once_and_only_if_used),
        TEST(zones_west_of_greenwich_keep_their_sign),
        TEST(a_zone_without_summer_has_one_plain_standard),
        TEST(what_is_absent_leaves_no_line),
        TEST(a_feed_that_does_not_fit_is_an_error),
        TEST(colours_are_those_of_css3),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
