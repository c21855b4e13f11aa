/* What letters say, and when they are no longer true: EXPERIENCE A21–A24,
 * CALENDARS 1.6, I6, I10, I12, U2, U3, U6. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "daemon/store/letter_store.h"
#include "tests/mail_post.h"

#define ANNA "anna.lecka@example.net"

static void online(struct signup *in)
{
    in->mode = MODE_ONLINE;
}

static void english(struct signup *in)
{
    in->lang = LANG_EN;
}

static void uninvited(struct signup *in)
{
    in->wants_invite = false;
}

static void assert_token_works(struct post *post, const char *text,
                               const struct registration *registration)
{
    const char *at = strstr(text, "https://termine.example.org/de/r/");
    char token[64] = "";
    struct id id;

    assert_non_null(at);
    at += strlen("https://termine.example.org/de/r/");
    (void)snprintf(token, sizeof token, "%.*s", (int)strcspn(at, "\n"), at);
    assert_true(token_id(token, &id));
    assert_true(id_equal(&id, &registration->public_id));
    assert_true(token_valid(post->keys, TOKEN_REGISTRATION, token,
                            registration->generation));
}

static void a_confirmation_says_all_that_one_needs(void **state)
{
    struct post *post = *state;
    struct registration anna = post_register(post, ANNA, NULL);
    struct parts parts = post_parts(post, &anna, LETTER_CONFIRMATION);

    assert_string_equal(parts.subject, "Anmeldebestätigung: Arbeit 2030, "
                                       "14. Februar 2027");
    assert_string_equal(parts.from_name, "Allianz Sachsen");
    assert_string_equal(parts.from_address, "einladung@example.org");
    assert_string_equal(parts.reply_to, "kontakt@example.org");
    assert_string_equal(parts.to_address, ANNA);
    assert_string_equal(parts.lang, "de");
    assert_int_equal(parts.date, NOON);
    HAS(parts.text, "Guten Tag Dr. Đặng Anna Łęcka-Müller,");
    HAS(parts.text, "Sonntag, 14. Februar 2027, 09:00 bis 15:00 Uhr");
    HAS(parts.text, "Haus Beispiel, Musterweg 1, 01067 Dresden");
    HAS(parts.text, anna.reference);
    HAS(parts.text, "https://termine.example.org/de/sachsen/arbeit-2030\n");
    HAS(parts.text, "15. Mai 2027");
    HAS(parts.text, "https://termine.example.org/de/impressum");
    HAS(parts.text, "Datenschutz: https://termine.example.org/de/"
                    "datenschutz");
    HAS(parts.text, "kontakt@example.org");
    HAS(parts.text, "Erika Muster");
    assert_token_works(post, parts.text, &anna);
    assert_null(parts.calendar);
    assert_null(parts.method);
}

static void the_html_says_the_same_without_anything_from_afar(void **state)
{
    struct post *post = *state;
    struct registration anna = post_register(post, ANNA, NULL);
    struct parts parts = post_parts(post, &anna, LETTER_CONFIRMATION);

    HAS(parts.html, "<html lang=\"de\">");
    HAS(parts.html, "<h1>");
    HAS(parts.html, "Guten Tag Dr. Đặng Anna Łęcka-Müller,");
    HAS(parts.html, "Sonntag, 14. Februar 2027, 09:00 bis 15:00 Uhr");
    HAS(parts.html, anna.reference);
    HAS(parts.html, "href=\"https://termine.example.org/de/r/");
    HAS(parts.html, "prefers-color-scheme: dark");
    HAS(parts.html, "name=\"color-scheme\"");
    LACKS(parts.html, "<img");
    LACKS(parts.html, "<link");
    LACKS(parts.html, "url(");
    LACKS(parts.html, "src=");
    assert_true(strlen(parts.html) < 20000);
}

static void an_english_letter_is_english(void **state)
{
    struct post *post = *state;
    struct registration anna = post_register(post, ANNA, english);
    struct parts parts = post_parts(post, &anna, LETTER_CONFIRMATION);

    assert_string_equal(parts.subject, "Registration confirmed: Work 2030, "
                                       "14 February 2027");
    assert_string_equal(parts.lang, "en");
    HAS(parts.text, "Hello Dr. Đặng Anna Łęcka-Müller,");
    HAS(parts.text, "Sunday 14 February 2027, 09:00 to 15:00");
    HAS(parts.text, "https://termine.example.org/en/r/");
    HAS(parts.html, "<html lang=\"en\">");
    LACKS(parts.text, "Guten Tag");
}

static void the_link_to_join_reaches_online_people_only(void **state)
{
    struct post *post = *state;
    struct registration there = post_register(post, ANNA, NULL);
    struct registration afar =
        post_register(post, "ole@example.net", online);
    struct parts parts = post_parts(post, &there, LETTER_CONFIRMATION);

    LACKS(parts.text, "stream.example.org");
    LACKS(parts.html, "stream.example.org");
    parts = post_parts(post, &afar, LETTER_CONFIRMATION);
    HAS(parts.text, "https://stream.example.org/");
    HAS(parts.html, "https://stream.example.org/");
    LACKS(parts.text, "Musterweg");
    parts = post_parts(post, &afar, LETTER_INVITATION);
    LACKS(parts.text, "stream.example.org");
    LACKS(parts.html, "stream.example.org");
    LACKS(parts.calendar, "stream.example.org");
    HAS(parts.calendar, "LOCATION:Online");
}

static void an_invitation_carries_no_secret(void **state)
{
    struct post *post = *state;
    struct registration anna = post_register(post, ANNA, NULL);
    struct parts parts = post_parts(post, &anna, LETTER_INVITATION);

    assert_string_equal(parts.subject,
                        "Kalendereinladung: Arbeit 2030, 14. Februar 2027");
    assert_string_equal(parts.method, "REQUEST");
    assert_null(parts.reply_to);
    LACKS(parts.text, "/r/");
    LACKS(parts.html, "/r/");
    LACKS(parts.calendar, "/r/");
    LACKS(parts.text, anna.reference);
    LACKS(parts.calendar, anna.reference);
    HAS(parts.text, "Sonntag, 14. Februar 2027, 09:00 bis 15:00 Uhr");
    HAS(parts.text, "https://termine.example.org/de/sachsen/arbeit-2030");
    HAS(parts.calendar, "METHOD:REQUEST\r\n");
    HAS(parts.calendar, "DTSTART;TZID=Europe/Berlin:20270214T090000\r\n");
    HAS(parts.calendar, "mailto:einladung@example.org\r\n");
}

static void an_invitations_html_has_the_reservation(void **state)
{
    struct post *post = *state;
    struct registration anna = post_register(post, ANNA, NULL);
    struct parts parts = post_parts(post, &anna, LETTER_INVITATION);

    HAS(parts.html, "<script type=\"application/ld+json\">");
    HAS(parts.html, "\"@type\":\"EventReservation\"");
    HAS(parts.html, "\"startDate\":\"2027-02-14T09:00:00+01:00\"");
    HAS(parts.html, anna.reference);
}

static void who_wants_no_invitation_gets_none(void **state)
{
    struct post *post = *state;
    struct registration anna = post_register(post, ANNA, uninvited);
    struct parts parts = post_parts(post, &anna, LETTER_CONFIRMATION);
    struct letter none;
    struct house *house = post->house;

    LACKS(parts.text, "eigenen E-Mail");
    MISSING(house, letter_newest(house->reader, house->arena, anna.id,
                                 LETTER_INVITATION, &none, &house->err));
    anna = post_register(post, "b@example.net", NULL);
    parts = post_parts(post, &anna, LETTER_CONFIRMATION);
    HAS(parts.text, "eigenen E-Mail");
}

static void the_same_letter_is_the_same_every_time(void **state)
{
    struct post *post = *state;
    struct registration anna = post_register(post, ANNA, NULL);
    struct parts one = post_parts(post, &anna, LETTER_INVITATION);
    struct parts two = post_parts(post, &anna, LETTER_INVITATION);

    assert_string_equal(one.message_id, two.message_id);
    assert_string_equal(one.calendar, two.calendar);
    assert_string_equal(one.html, two.html);
    HAS(one.message_id, "@example.org");
}

static void no_two_letters_share_a_message_id(void **state)
{
    struct post *post = *state;
    struct registration anna = post_register(post, ANNA, NULL);
    struct parts one = post_parts(post, &anna, LETTER_CONFIRMATION);
    struct parts two = post_parts(post, &anna, LETTER_INVITATION);

    assert_string_not_equal(one.message_id, two.message_id);
}

/* ---- cancelling ---- */

static void cancelling_takes_back_what_was_not_sent_yet(void **state)
{
    struct post *post = *state;
    struct registration anna = post_register(post, ANNA, NULL);
    struct letter confirmation =
        post_letter(post, &anna, LETTER_CONFIRMATION);
    struct letter invitation = post_letter(post, &anna, LETTER_INVITATION);
    struct parts parts;

    post_cancel(post, NOON + 1, &anna);
    assert_false(post_render(post, NOON, &confirmation, &parts));
    assert_false(post_render(post, NOON, &invitation, &parts));
    parts = post_parts(post, &anna, LETTER_GOODBYE);
    assert_string_equal(parts.subject, "Abmeldung bestätigt: Arbeit 2030, "
                                       "14. Februar 2027");
    assert_token_works(post, parts.text, &anna);
    assert_null(parts.calendar);
}

static void a_withdrawal_goes_only_where_a_request_went(void **state)
{
    struct post *post = *state;
    struct registration anna = post_register(post, ANNA, NULL);
    struct letter invitation = post_letter(post, &anna, LETTER_INVITATION);
    struct letter withdrawal;
    struct parts parts;

    post_cancel(post, NOON + 1, &anna);
    withdrawal = post_letter(post, &anna, LETTER_WITHDRAWAL);
    assert_false(post_render(post, NOON, &withdrawal, &parts));
    post_settle(post, &invitation, DELIVERY_SENT);
    assert_true(post_render(post, NOON, &withdrawal, &parts));
    assert_string_equal(parts.method, "CANCEL");
    HAS(parts.calendar, "METHOD:CANCEL\r\n");
    HAS(parts.calendar, "STATUS:CANCELLED\r\n");
    HAS(parts.calendar, "SEQUENCE:1\r\n");
    assert_null(parts.reply_to);
    LACKS(parts.text, "/r/");
}

static void a_withdrawal_follows_a_request_that_may_have_arrived(void **state)
{
    struct post *post = *state;
    struct registration anna = post_register(post, ANNA, NULL);
    struct letter invitation = post_letter(post, &anna, LETTER_INVITATION);
    struct letter withdrawal;
    struct parts parts;

    post_settle(post, &invitation, DELIVERY_LATER);
    post_cancel(post, NOON + 1, &anna);
    withdrawal = post_letter(post, &anna, LETTER_WITHDRAWAL);
    assert_true(post_render(post, NOON, &withdrawal, &parts));
}

static void a_good_bye_is_dropped_when_one_comes_after_all(void **state)
{
    struct post *post = *state;
    struct registration anna = post_register(post, ANNA, NULL);
    struct letter first = post_letter(post, &anna, LETTER_CONFIRMATION);
    struct letter goodbye;
    struct parts parts;

    post_cancel(post, NOON + 1, &anna);
    goodbye = post_letter(post, &anna, LETTER_GOODBYE);
    post_undo(post, NOON + 2, &anna);
    assert_false(post_render(post, NOON, &goodbye, &parts));
    /* Of two confirmations that wait, the newer goes. */
    assert_false(post_render(post, NOON, &first, &parts));
    parts = post_parts(post, &anna, LETTER_CONFIRMATION);
    HAS(parts.text, anna.reference);
}

static void coming_back_is_a_new_invitation(void **state)
{
    struct post *post = *state;
    struct registration anna = post_register(post, ANNA, NULL);
    struct letter old = post_letter(post, &anna, LETTER_INVITATION);
    struct parts before, after, parts;

    assert_true(post_render(post, NOON, &old, &before));
    post_settle(post, &old, DELIVERY_SENT);
    post_cancel(post, NOON + 1, &anna);
    post_undo(post, NOON + 2, &anna);
    after = post_parts(post, &anna, LETTER_INVITATION);
    HAS(after.calendar, "SEQUENCE:0\r\n");
    assert_string_not_equal(before.calendar, after.calendar);
    assert_false(post_render(post, NOON, &old, &parts));
}

static void two_people_at_one_address_share_the_invitation(void **state)
{
    struct post *post = *state;
    struct registration anna = post_register(post, ANNA, NULL);
    struct letter invitation = post_letter(post, &anna, LETTER_INVITATION);
    struct signup in = house_signup(post->house, "Ole", "Beispiel", ANNA);
    struct parts parts;

    (void)house_place(post->house, NOON, &in);
    post_cancel(post, NOON + 1, &anna);
    assert_true(post_render(post, NOON, &invitation, &parts));
    assert_string_equal(parts.method, "REQUEST");
}

static void a_known_person_is_told_where_her_registration_is(void **state)
{
    struct post *post = *state;
    struct registration anna = post_register(post, ANNA, NULL);
    struct signup again = house_signup(post->house, "Đặng Anna",
                                       "Łęcka-Müller", ANNA);
    struct parts parts;

    (void)house_place(post->house, NOON + 2 * HOUR, &again);
    parts = post_parts(post, &anna, LETTER_ALREADY);
    assert_string_equal(parts.subject, "Ihre Anmeldung lag schon vor: Arbeit "
                                       "2030, 14. Februar 2027");
    HAS(parts.text, "\nSie sind angemeldet.\n");
    assert_token_works(post, parts.text, &anna);
    HAS(parts.text, anna.reference);
}

/* ---- what is never sent ---- */

static void past_meetings_send_nothing(void **state)
{
    struct post *post = *state;
    struct registration anna = post_register(post, ANNA, NULL);
    struct letter letter = post_letter(post, &anna, LETTER_CONFIRMATION);
    int64_t end = post->house->meeting.ends_at;
    struct parts parts;

    assert_true(post_render(post, end - 1, &letter, &parts));
    assert_false(post_render(post, end, &letter, &parts));
}

static void a_cancelled_meeting_confirms_nobody(void **state)
{
    struct post *post = *state;
    struct registration anna = post_register(post, ANNA, NULL);
    struct letter confirmation =
        post_letter(post, &anna, LETTER_CONFIRMATION);
    struct letter invitation = post_letter(post, &anna, LETTER_INVITATION);
    struct parts parts;

    post->house->meeting.state = MEETING_CANCELLED;
    post_edit_meeting(post);
    assert_false(post_render(post, NOON, &confirmation, &parts));
    assert_false(post_render(post, NOON, &invitation, &parts));
}

static void a_letter_about_somebody_gone_is_dropped(void **state)
{
    struct post *post = *state;
    struct registration anna = post_register(post, ANNA, NULL);
    struct letter letter = post_letter(post, &anna, LETTER_CONFIRMATION);
    struct parts parts;

    letter.registration_id = 4711;
    assert_false(post_render(post, NOON, &letter, &parts));
}

static void nobody_is_invited_by_herself(void **state)
{
    struct post *post = *state;
    struct registration anna =
        post_register(post, "Einladung@example.org", NULL);
    struct letter letter = post_letter(post, &anna, LETTER_INVITATION);
    struct parts parts;

    assert_false(post_render(post, NOON, &letter, &parts));
    parts = post_parts(post, &anna, LETTER_CONFIRMATION);
    assert_string_equal(parts.to_address, "Einladung@example.org");
}

static void assert_lacks_everywhere(const struct parts *parts,
                                    const char *piece)
{
    LACKS(parts->subject, piece);
    LACKS(parts->to_name, piece);
    LACKS(parts->text, piece);
    LACKS(parts->html, piece);
    LACKS(parts->calendar, piece);
}

static void advertising(struct signup *in)
{
    in->person.given_name = "Kaufen";
    in->person.family_name = "Sie auf WWW.Betrug.example";
    in->person.title = "http://noch.schlimmer.example";
    in->person.organisation = "Reich werden auf geld.example";
    in->person.position = "Gewinner";
}

static void a_name_that_advertises_is_not_passed_on(void **state)
{
    static const char *const pieces[] = { "Kaufen", "etrug", "schlimmer",
                                          "Reich werden", "Gewinner" };
    struct post *post = *state;
    struct registration spam = post_register(post, ANNA, advertising);
    struct parts letters[] = {
        post_parts(post, &spam, LETTER_CONFIRMATION),
        post_parts(post, &spam, LETTER_INVITATION),
    };

    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        assert_lacks_everywhere(&letters[0], pieces[i]);
        assert_lacks_everywhere(&letters[1], pieces[i]);
    }
    HAS(letters[0].text, "Guten Tag,\n");
    assert_string_equal(letters[0].to_name, "");
}

static void an_organiser_writes_text_and_never_markup(void **state)
{
    struct post *post = *state;
    struct registration anna;
    struct parts parts;

    post->house->meeting.title.de = "<b>Fett</b> & \"Co\"";
    post_edit_meeting(post);
    anna = post_register(post, ANNA, NULL);
    parts = post_parts(post, &anna, LETTER_INVITATION);
    LACKS(parts.html, "<b>");
    HAS(parts.html, "&lt;b&gt;Fett");
    HAS(parts.html, "\\u003cb\\u003eFett");
    HAS(parts.text, "<b>Fett</b> & \"Co\"\n");
}

static void a_demonstration_says_so_first(void **state)
{
    static const char words[] =
        "Vorführung – keine Seite der Fachkräfteallianz Sachsen\n";
    struct post *post = *state;
    struct registration anna = post_register(post, ANNA, NULL);
    struct parts parts = post_parts(post, &anna, LETTER_CONFIRMATION);

    LACKS(parts.text, "Vorführung");
    post->house->settings.demo = true;
    for (enum letter_kind kind = LETTER_CONFIRMATION;
         kind <= LETTER_INVITATION; kind++) {
        parts = post_parts(post, &anna, kind);
        assert_memory_equal(parts.text, words, sizeof words - 1);
        assert_true(strstr(parts.html, "Vorführung") <
                    strstr(parts.html, "Guten Tag"));
    }
}

static void a_zone_that_is_not_berlins_is_named(void **state)
{
    struct post *post = *state;
    struct registration anna = post_register(post, ANNA, NULL);
    struct parts parts = post_parts(post, &anna, LETTER_INVITATION);

    LACKS(parts.text, "Zeitzone");
    post->house->meeting.zone = "Europe/London";
    post_edit_meeting(post);
    parts = post_parts(post, &anna, LETTER_INVITATION);
    HAS(parts.text, "Zeitzone: Europe/London");
    HAS(parts.text, "08:00 bis 14:00 Uhr");
    HAS(parts.html, "Zeitzone: Europe/London");
}

static void an_unlisted_meeting_offers_no_public_file(void **state)
{
    struct post *post = *state;
    struct registration anna = post_register(post, ANNA, NULL);
    struct parts parts = post_parts(post, &anna, LETTER_CONFIRMATION);

    HAS(parts.text, "/calendars/sachsen/arbeit-2030/download.ics");
    post->house->meeting.visibility = VISIBLE_UNLISTED;
    post_edit_meeting(post);
    parts = post_parts(post, &anna, LETTER_CONFIRMATION);
    LACKS(parts.text, "/calendars/");
    LACKS(parts.html, "/calendars/");
}

static void an_alliance_without_a_mailbox_sends_nothing(void **state)
{
    struct post *post = *state;
    struct house *house = post->house;
    struct registration anna = post_register(post, ANNA, NULL);
    struct letter letter = post_letter(post, &anna, LETTER_CONFIRMATION);
    struct parts parts;
    bool still_true;

    house->alliance.mail_from = "nobody";
    post_edit_alliance(post);
    FAILS(house, letters_render(house->reader, house->arena,
                                &house->settings, post->keys, NOON, &letter,
                                &still_true, &parts, &house->err));
    HAS(house->err.text, "sachsen");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, post_open, post_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_confirmation_says_all_that_one_needs),
        TEST(the_html_says_the_same_without_anything_from_afar),
        TEST(an_english_letter_is_english),
        TEST(the_link_to_join_reaches_online_people_only),
        TEST(an_invitation_carries_no_secret),
        TEST(an_invitations_html_has_the_reservation),
        TEST(who_wants_no_invitation_gets_none),
        TEST(the_same_letter_is_the_same_every_time),
        TEST(no_two_letters_share_a_message_id),
        TEST(cancelling_takes_back_what_was_not_sent_yet),
        TEST(a_withdrawal_goes_only_where_a_request_went),
        TEST(a_withdrawal_follows_a_request_that_may_have_arrived),
        TEST(a_good_bye_is_dropped_when_one_comes_after_all),
        TEST(coming_back_is_a_new_invitation),
        TEST(two_people_at_one_address_share_the_invitation),
        TEST(a_known_person_is_told_where_her_registration_is),
        TEST(past_meetings_send_nothing),
        TEST(a_cancelled_meeting_confirms_nobody),
        TEST(a_letter_about_somebody_gone_is_dropped),
        TEST(nobody_is_invited_by_herself),
        TEST(a_name_that_advertises_is_not_passed_on),
        TEST(an_organiser_writes_text_and_never_markup),
        TEST(a_demonstration_says_so_first),
        TEST(a_zone_that_is_not_berlins_is_named),
        TEST(an_unlisted_meeting_offers_no_public_file),
        TEST(an_alliance_without_a_mailbox_sends_nothing),
    };

    return cmocka_run_group_tests_name("mail_letters", tests, NULL, NULL);
}
