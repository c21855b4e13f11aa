/* Our mail carries nobody's message (RELIABILITY section 5, G6): whatever is
 * typed, in every field, seen in every kind of letter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "daemon/base/text.h"
#include "daemon/mail/mime.h"
#include "tests/mail_life.h"

/* Letters alone, so that it is not the mark that makes a name unfit. */
#define MARK "zqxjk"

static const char *const payloads[] = {
    "<script>" MARK "</script>", "<" MARK ">", "</title><" MARK ">",
    "</textarea><" MARK ">", "--><" MARK ">", "]]><" MARK ">",
    "\"><" MARK " x=\"", "'><" MARK " x='", "\" " MARK "=\"1",
    "` " MARK "=`1", "<img src=x " MARK "=1>", "<svg/" MARK "=1>",
    "<a href=javascript:" MARK ">x</a>", "javascript:" MARK,
    "data:text/html," MARK, "&lt;" MARK "&gt;", "&#60;" MARK "&#62;",
    "&quot; " MARK "=&quot;", "{{ v." MARK " }}", "{% " MARK " %}",
    "${" MARK "}", "%s%n%d" MARK, "%1$s" MARK "%999999d", "=" MARK "+1",
    "+" MARK, "@" MARK, "=cmd|'/c " MARK "'!A1", "';" MARK,
    MARK "\";\"a\";\"b", MARK ":x;ATTENDEE=\"y\"",
    "\\n" MARK "\\,\\;\\\\", MARK "=?utf-8?q?=0d=0aBcc:_b@example.org?=",
    MARK " \xF0\x9F\x91\xA9", "https://" MARK ".example/", MARK ".example",
    "www." MARK ".example", "Kaufen auf " MARK ".De", "b@" MARK ".example",
    "mailto:" MARK, MARK " \xE2\x80\xAE" "abc", MARK "\xE2\x80\x8B",
    "a\r\nBcc: " MARK "@example.org", "a\n" MARK ": b", "\t" MARK,
    "a\xE2\x80\xA8" MARK ": b", MARK "\xEF\xB7\xBD", MARK " 2",
    /* These may be names, and are passed on as such. */
    MARK " Mu\xCC\x88ller", MARK "-O\xE2\x80\x99Neill", "Dr. " MARK,
    MARK " \xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D",
};

static const char *payload; /* what post_change functions type */

static void type_everywhere(struct signup *in)
{
    static struct signup_guest guest;

    guest = (struct signup_guest){
        .person = { .given_name = payload, .family_name = payload,
                    .title = payload, .organisation = payload,
                    .position = payload },
        .may_wait = true,
    };
    in->person.given_name = in->person.family_name = payload;
    in->person.title = in->person.organisation = payload;
    in->person.position = payload;
    in->guests = &guest;
    in->guest_count = 1;
}

/* ---- what must not be ---- */

static size_t count(const char *text, const char *piece)
{
    size_t times = 0;

    for (text = text ? strstr(text, piece) : NULL; text;
         text = strstr(text + 1, piece))
        times++;
    return times;
}

static void lacks(const char *text, const char *piece, enum letter_kind kind,
                  const char *where)
{
    if (count(text, piece) > 0)
        fail_msg("\"%s\" typed, \"%s\" in the %s of \"%s\":\n%s", payload,
                 piece, where, letter_kind_word(kind), text);
}

/* As the courier sends it: no field of the head came of it. */
static void check_head(struct post *post, const struct parts *parts,
                       enum letter_kind kind)
{
    struct str mail;
    char *end;

    str_init(&mail, post->house->arena, 1 << 20);
    mime_write(parts, &mail);
    assert_false(mail.overflow);
    end = strstr(mail.data, "\r\n\r\n");
    assert_non_null(end);
    *end = '\0';
    lacks(mail.data, "\r\nBcc", kind, "head");
    lacks(mail.data, "\r\n" MARK, kind, "head");
    assert_int_equal(count(mail.data, "\r\nTo:"), 1);
    assert_int_equal(count(mail.data, "\n"), count(mail.data, "\r\n"));
}

/* Somebody acted through the mailed link: then it may repeat, as text, what
 * came from there. */
static void check_proven(const struct parts *parts, enum letter_kind kind)
{
    if (strpbrk(payload, "<>\"&"))
        lacks(parts->html, payload, kind, "HTML");
    lacks(parts->subject, MARK, kind, "subject");
    lacks(parts->calendar, MARK, kind, "calendar");
}

static void check(struct post *post, const struct registration *r,
                  enum letter_kind kind, bool proven)
{
    struct parts parts = post_parts(post, r, kind);

    check_head(post, &parts, kind);
    lacks(parts.subject, MARK, kind, "subject");
    if (text_is_name(payload))
        return;
    lacks(parts.to_name, MARK, kind, "recipient");
    if (proven) {
        check_proven(&parts, kind);
        return;
    }
    lacks(parts.text, MARK, kind, "text");
    lacks(parts.html, MARK, kind, "HTML");
    lacks(parts.calendar, MARK, kind, "calendar");
}

static void a_name_is_letters_and_little_else(void **state)
{
    static const char *const names[] = {
        "Anna", "O\xE2\x80\x99Neill", "O'Neill", "Łęcka-Müller", "Dr.-Ing.",
        "Prof. Dr. h. c.", "J.R.R. Tolkien", "\xE2\x80\x99t Hooft",
        "שלום", "你好", "Mu\xCC\x88ller", "van der Berg",
    };
    static const char *const others[] = {
        "", " ", "-", ".", "a.de", "A.DE", "a.b.de", "Dr.Muster", "R2",
        "a@b", "a/b", "a:b", "a,b", "a\nb", "a\tb", "a\xC2\xA0" "b", "<b>",
        "a_b", "a\xE3\x80\x82" "com", "a\xEF\xBC\x8E" "com",
        "x.c\xCC\x81" "om",
    };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (!text_is_name(names[i]))
            fail_msg("\"%s\" is no name", names[i]);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (text_is_name(others[i]))
            fail_msg("\"%s\" is a name", others[i]);
}

/* ---- the lives in which all kinds are written ---- */

typedef void life(struct post *, const char *address);

static void live_registered(struct post *post, const char *address)
{
    struct registration r = life_come(post, address, type_everywhere);
    struct letter request;

    check(post, &r, LETTER_CONFIRMATION, false);
    check(post, &r, LETTER_INVITATION, false);
    request = post_letter(post, &r, LETTER_INVITATION);
    post_settle(post, &request, DELIVERY_SENT);
    for (int kind = 0; kind < LETTER_KIND_COUNT; kind++) {
        if (kind != LETTER_CHANGED && kind != LETTER_MOVED_UP &&
            kind != LETTER_HANDED_OVER && kind != LETTER_LINKS &&
            kind != LETTER_ALREADY)
            continue;
        life_tell(post, &r, (enum letter_kind)kind);
        check(post, &r, (enum letter_kind)kind, false);
    }
    life_wish_online(post, NOON + HOUR, &r);
    check(post, &r, LETTER_WISH_TO_HOST, false);
    life_decline_wishes(post, NOON + HOUR, &r, "Leider nicht.");
    check(post, &r, LETTER_WISH_DECLINED, false);
    check(post, &r, LETTER_CHANGED, true);
    post_cancel(post, NOON + 2 * HOUR, &r);
    check(post, &r, LETTER_GOODBYE, false);
    check(post, &r, LETTER_WITHDRAWAL, false);
    life_tell(post, &r, LETTER_LAPSED);
    check(post, &r, LETTER_LAPSED, false);
}

static void live_unconfirmed(struct post *post, const char *address)
{
    struct registration r;

    post->house->meeting.confirm_term = DAY;
    post_edit_meeting(post);
    r = life_come(post, address, type_everywhere);
    check(post, &r, LETTER_CONFIRM_ADDRESS, false);
}

static void live_pending(struct post *post, const char *address)
{
    struct registration r;

    post->house->meeting.approval = APPROVAL_FREE;
    post_edit_meeting(post);
    r = life_come(post, address, type_everywhere);
    check(post, &r, LETTER_PENDING, false);
    life_decide(post, &r, false, "Leider nicht.");
    check(post, &r, LETTER_DECLINED, false);
}

static void live_waiting(struct post *post, const char *address)
{
    struct house *house = post->house;
    struct registration r;
    int64_t taken = house_number(house, "SELECT taken FROM pool"
                                        " WHERE mode = 0");

    house->meeting.claim_term = DAY;
    post_edit_meeting(post);
    life_raise(post, taken > 2 ? taken : 2);
    if (taken == 0)
        life_fill(post, 2);
    r = life_come(post, address, type_everywhere);
    check(post, &r, LETTER_WAITING, false);
    life_raise(post, (taken > 2 ? taken : 2) + 2);
    check(post, &r, LETTER_OFFER, false);
}

static void live_called_off(struct post *post, const char *address)
{
    static const struct bilingual reason = { "", "" };
    struct registration r = life_come(post, address, type_everywhere);

    post_call_off(post, &reason);
    check(post, &r, LETTER_CALLED_OFF, false);
}

static void all_payloads(struct post *post, life *live)
{
    house_set_seats(post->house, MODE_ONLINE, 1000);
    for (size_t i = 0; i < sizeof payloads / sizeof payloads[0]; i++) {
        payload = payloads[i];
        live(post, arena_printf(post->house->arena, "p%zu@example.net", i));
    }
}

static void nothing_typed_is_sent_to_who_is_registered(void **state)
{
    struct post *post = *state;

    house_set_seats(post->house, MODE_ONSITE, 1000);
    all_payloads(post, live_registered);
}

static void nothing_typed_is_sent_to_who_must_confirm(void **state)
{
    struct post *post = *state;

    house_set_seats(post->house, MODE_ONSITE, 1000);
    all_payloads(post, live_unconfirmed);
}

static void nothing_typed_is_sent_to_who_is_undecided(void **state)
{
    all_payloads(*state, live_pending);
}

static void nothing_typed_is_sent_to_who_waits(void **state)
{
    all_payloads(*state, live_waiting);
}

/* It happens once to a meeting, so the hardest of them stand for all. */
static void nothing_typed_is_sent_when_a_meeting_is_called_off(void **state)
{
    payload = payloads[0];
    live_called_off(*state, "p@example.net");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, life_open, post_close)
    const struct CMUnitTest tests[] = {
        TEST(nothing_typed_is_sent_to_who_is_registered),
        TEST(nothing_typed_is_sent_to_who_must_confirm),
        TEST(nothing_typed_is_sent_to_who_is_undecided),
        TEST(nothing_typed_is_sent_to_who_waits),
        TEST(nothing_typed_is_sent_when_a_meeting_is_called_off),
        cmocka_unit_test(a_name_is_letters_and_little_else),
    };

    mime_start();
    return cmocka_run_group_tests_name("mail_payloads", tests, NULL, NULL);
}
