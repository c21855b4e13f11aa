/* What people read when their meeting is called off: EXPERIENCE A21–A24,
 * CALENDARS U2, U3. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "daemon/store/letter_store.h"
#include "tests/mail_post.h"

#define ANNA "anna.lecka@example.net"

static const struct bilingual flood = { "Der Saal steht <hoch> im Wasser.",
                                        "The hall is full of water." };
static const struct bilingual none = { "", "" };

static void english(struct signup *in)
{
    in->lang = LANG_EN;
}

static void uninvited(struct signup *in)
{
    in->wants_invite = false;
}

static void the_letter_says_what_and_why(void **state)
{
    struct post *post = *state;
    struct registration anna = post_register(post, ANNA, NULL);

    post_call_off(post, &flood);
    struct parts parts = post_parts(post, &anna, LETTER_CALLED_OFF);
    assert_string_equal(parts.subject, "Veranstaltung abgesagt: Arbeit 2030,"
                                       " 14. Februar 2027");
    assert_string_equal(parts.reply_to, "kontakt@example.org");
    assert_null(parts.calendar);
    HAS(parts.text, "Guten Tag Dr. Đặng Anna Łęcka-Müller,");
    HAS(parts.text, "findet nicht statt");
    HAS(parts.text, "Der Grund: Der Saal steht <hoch> im Wasser.");
    HAS(parts.text, "Sonntag, 14. Februar 2027, 09:00 bis 15:00 Uhr");
    HAS(parts.text, "aus Ihrem Kalender");
    HAS(parts.text, "15. Mai 2027");
    HAS(parts.text, "https://termine.example.org/de/impressum");
    LACKS(parts.text, "/r/");
    HAS(parts.html, "<html lang=\"de\">");
    HAS(parts.html, "Die Veranstaltung ist abgesagt</h1>");
    HAS(parts.html, "Der Saal steht &lt;hoch&gt; im Wasser.");
    LACKS(parts.html, "src=");
    assert_true(strlen(parts.html) < 20000);
}

static void it_comes_in_the_language_of_the_registration(void **state)
{
    struct post *post = *state;
    struct registration john = post_register(post, ANNA, english);

    post_call_off(post, &flood);
    struct parts parts = post_parts(post, &john, LETTER_CALLED_OFF);
    assert_string_equal(parts.subject, "Meeting cancelled: Work 2030,"
                                       " 14 February 2027");
    HAS(parts.text, "does not take place");
    HAS(parts.text, "The reason: The hall is full of water.");
    LACKS(parts.text, "Saal");
}

static void without_a_reason_none_is_made_up(void **state)
{
    struct post *post = *state;
    struct registration anna = post_register(post, ANNA, uninvited);

    post_call_off(post, &none);
    struct parts parts = post_parts(post, &anna, LETTER_CALLED_OFF);
    LACKS(parts.text, "Grund");
    LACKS(parts.html, "Grund");
    LACKS(parts.text, "Kalender");
}

static void the_entry_is_taken_back_and_nobody_is_blamed(void **state)
{
    struct post *post = *state;
    struct registration anna = post_register(post, ANNA, NULL);
    struct letter invitation = post_letter(post, &anna, LETTER_INVITATION);

    post_settle(post, &invitation, DELIVERY_SENT);
    post_call_off(post, &flood);
    struct parts parts = post_parts(post, &anna, LETTER_WITHDRAWAL);
    assert_string_equal(parts.method, "CANCEL");
    HAS(parts.calendar, "STATUS:CANCELLED\r\n");
    HAS(parts.calendar, "SEQUENCE:1\r\n");
    HAS(parts.text, "Die Veranstaltung ist abgesagt");
    HAS(parts.html, "Die Veranstaltung ist abgesagt");
    LACKS(parts.text, "Sie haben sich abgemeldet");
    LACKS(parts.text, "/r/");
}

static void what_waits_about_it_is_no_longer_true(void **state)
{
    struct post *post = *state;
    struct registration anna = post_register(post, ANNA, NULL);
    struct parts parts;

    post_call_off(post, &flood);
    static const enum letter_kind gone[] = {
        LETTER_CONFIRMATION, LETTER_INVITATION, LETTER_WITHDRAWAL,
    };
    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++) {
        struct letter letter = post_letter(post, &anna, gone[i]);
        assert_false(post_render(post, NOON + 2, &letter, &parts));
    }
}

static void who_has_cancelled_meanwhile_need_not_hear_of_it(void **state)
{
    struct post *post = *state;
    struct registration anna = post_register(post, ANNA, NULL);
    struct parts parts;

    post_call_off(post, &flood);
    struct letter letter = post_letter(post, &anna, LETTER_CALLED_OFF);
    assert_true(post_render(post, NOON + 2, &letter, &parts));
    post_cancel(post, NOON + 3, &anna);
    assert_false(post_render(post, NOON + 4, &letter, &parts));
}

static void after_its_day_nobody_is_told(void **state)
{
    struct post *post = *state;
    struct registration anna = post_register(post, ANNA, NULL);
    int64_t end = post->house->meeting.ends_at;
    struct parts parts;

    post_call_off(post, &flood);
    struct letter letter = post_letter(post, &anna, LETTER_CALLED_OFF);
    assert_true(post_render(post, end - 1, &letter, &parts));
    assert_false(post_render(post, end, &letter, &parts));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, post_open, post_close)
    const struct CMUnitTest tests[] = {
        TEST(the_letter_says_what_and_why),
        TEST(it_comes_in_the_language_of_the_registration),
        TEST(without_a_reason_none_is_made_up),
        TEST(the_entry_is_taken_back_and_nobody_is_blamed),
        TEST(what_waits_about_it_is_no_longer_true),
        TEST(who_has_cancelled_meanwhile_need_not_hear_of_it),
        TEST(after_its_day_nobody_is_told),
    };
    return cmocka_run_group_tests_name("mail/calloff", tests, NULL, NULL);
}
