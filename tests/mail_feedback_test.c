/* The letter about a reported barrier: to the operator, and what a stranger
 * wrote stays what a stranger wrote. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "daemon/rules/feedback.h"
#include "daemon/store/letter_store.h"
#include "tests/mail_post.h"

static char operator_address[] = "barrieren@example.org";
static char sender[] = "seite@example.org";
static char nothing[] = "";

static int open_post(void **state)
{
    int failed = post_open(state);
    struct post *post = *state;

    post->house->settings.feedback_address = operator_address;
    post->house->settings.feedback_from = nothing;
    return failed;
}

static enum rc do_receive(struct house *house, int64_t now, void *context)
{
    bool letter;

    return feedback_receive(house->writer, house->arena, now,
                            &house->settings, context, &letter, &house->err);
}

static enum rc do_answer(struct house *house, int64_t now, void *context)
{
    return feedback_answer(house->writer, now,
                           ((struct feedback *)context)->id, -1,
                           &house->err);
}

static struct letter report(struct post *post, struct feedback *feedback)
{
    struct house *house = post->house;
    struct letters due;

    FINE(house, house_write(house, NOON, do_receive, feedback));
    FINE(house, letter_due(house->reader, house->arena, NOON, 9, &due,
                           &house->err));
    assert_int_equal(due.count, 1);
    return due.items[0];
}

static struct feedback some(void)
{
    return (struct feedback){
        .message = "Zeile <b>eins</b>\nhttp://shop.example/?a=1&b=2\n\nEnde",
        .address = "anna@example.net", .page = "/de/<i>", .lang = LANG_EN,
    };
}

static void the_operator_reads_what_was_written_and_by_when(void **state)
{
    struct post *post = *state;
    struct feedback feedback = some();
    struct letter letter = report(post, &feedback);
    struct parts parts;

    assert_true(post_render(post, NOON, &letter, &parts));
    assert_string_equal(parts.to_address, operator_address);
    assert_string_equal(parts.from_address, post->house->alliance.mail_from);
    assert_string_equal(parts.reply_to, "anna@example.net");
    assert_string_equal(parts.lang, "de"); /* the alliance's, not the form's */
    assert_null(parts.calendar);
    HAS(parts.subject, "Barriere gemeldet, Antwort bis ");
    HAS(parts.text, "Antwort an: anna@example.net");
    HAS(parts.text, "Seite: /de/<i>");
    HAS(parts.text, "> Zeile <b>eins</b>\n> http://shop.example/?a=1&b=2\n"
                    "> \n> Ende\n");
    HAS(parts.text, "/de/desk/feedback");
    LACKS(parts.text, "Fragen?");
}

static void a_stranger_writes_no_markup_and_no_link(void **state)
{
    struct post *post = *state;
    struct feedback feedback = some();
    struct letter letter = report(post, &feedback);
    struct parts parts;

    assert_true(post_render(post, NOON, &letter, &parts));
    HAS(parts.html, "Zeile &lt;b&gt;eins&lt;/b&gt;");
    HAS(parts.html, "/de/&lt;i&gt;");
    LACKS(parts.html, "<b>");
    LACKS(parts.html, "href=\"http://shop");
    LACKS(parts.subject, "Zeile");
}

static void the_sender_is_the_one_of_the_configuration(void **state)
{
    struct post *post = *state;
    struct feedback feedback = some();
    struct letter letter;
    struct parts parts;

    feedback.address = NULL;
    post->house->settings.feedback_from = sender;
    letter = report(post, &feedback);
    assert_true(post_render(post, NOON, &letter, &parts));
    assert_string_equal(parts.from_address, sender);
    assert_null(parts.reply_to);
    HAS(parts.text, "Eine Adresse wurde nicht angegeben.");
}

static void what_was_answered_needs_no_letter_any_more(void **state)
{
    struct post *post = *state;
    struct feedback feedback = some();
    struct letter letter = report(post, &feedback);
    struct parts parts;

    FINE(post->house, house_write(post->house, NOON + 1, do_answer,
                                  &feedback));
    assert_false(post_render(post, NOON + 2, &letter, &parts));
}

int main(void)
{
#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, open_post, post_close)
    const struct CMUnitTest tests[] = {
        TEST(the_operator_reads_what_was_written_and_by_when),
        TEST(a_stranger_writes_no_markup_and_no_link),
        TEST(the_sender_is_the_one_of_the_configuration),
        TEST(what_was_answered_needs_no_letter_any_more),
    };
    return cmocka_run_group_tests_name("mail/feedback", tests, NULL, NULL);
}
