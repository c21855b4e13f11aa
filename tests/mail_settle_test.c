/* What becomes of a letter after an attempt (RELIABILITY A6). */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "daemon/mail/letters.h"

#define WRITTEN 1000000
#define MINUTE 60
#define DAY 86400

static const struct settings settings = {
    .mail_retry_min = MINUTE,
    .mail_retry_max = 66 * MINUTE,
    .mail_give_up = 5 * DAY,
};

static struct letter queued_letter(int64_t attempts)
{
    return (struct letter){ .state = LETTER_QUEUED, .created_at = WRITTEN,
                            .due_at = WRITTEN, .attempts = attempts };
}

static void a_sent_letter_leaves_the_queue(void **state)
{
    struct letter letter = queued_letter(2);

    (void)state;
    letters_settle(&letter, &settings, WRITTEN + 7, DELIVERY_SENT, "250 Ok");
    assert_int_equal(letter.state, LETTER_SENT);
    assert_int_equal(letter.attempts, 3);
    assert_int_equal(letter.settled_at, WRITTEN + 7);
    assert_string_equal(letter.remark, "250 Ok");
}

static void a_refused_letter_is_refused_at_once(void **state)
{
    struct letter letter = queued_letter(0);

    (void)state;
    letters_settle(&letter, &settings, WRITTEN + 7, DELIVERY_REFUSED, NULL);
    assert_int_equal(letter.state, LETTER_REFUSED);
    assert_int_equal(letter.settled_at, WRITTEN + 7);
    assert_string_equal(letter.remark, "");
}

static void waits_double_from_one_minute_to_sixty_six(void **state)
{
    static const int64_t waits[] = { 1, 2, 4, 8, 16, 32, 64, 66, 66, 66 };
    struct letter letter = queued_letter(0);
    int64_t now = WRITTEN;

    (void)state;
    for (size_t i = 0; i < sizeof waits / sizeof waits[0]; i++) {
        letters_settle(&letter, &settings, now, DELIVERY_LATER, "451 later");
        assert_int_equal(letter.state, LETTER_QUEUED);
        assert_int_equal(letter.attempts, i + 1);
        assert_int_equal(letter.due_at, now + waits[i] * MINUTE);
        assert_int_equal(letter.settled_at, 0);
        now = letter.due_at;
    }
}

static void five_days_after_it_was_written_it_is_given_up(void **state)
{
    struct letter letter = queued_letter(100);

    (void)state;
    letters_settle(&letter, &settings, WRITTEN + 5 * DAY - 1, DELIVERY_LATER,
                   "");
    assert_int_equal(letter.state, LETTER_QUEUED);
    letters_settle(&letter, &settings, WRITTEN + 5 * DAY, DELIVERY_LATER, "");
    assert_int_equal(letter.state, LETTER_REFUSED);
    assert_int_equal(letter.settled_at, WRITTEN + 5 * DAY);
}

static void a_million_attempts_do_not_overflow_the_wait(void **state)
{
    struct letter letter = queued_letter(1000000);

    (void)state;
    letters_settle(&letter, &settings, WRITTEN, DELIVERY_LATER, "");
    assert_int_equal(letter.due_at, WRITTEN + 66 * MINUTE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sent_letter_leaves_the_queue),
        cmocka_unit_test(a_refused_letter_is_refused_at_once),
        cmocka_unit_test(waits_double_from_one_minute_to_sixty_six),
        cmocka_unit_test(five_days_after_it_was_written_it_is_given_up),
        cmocka_unit_test(a_million_attempts_do_not_overflow_the_wait),
    };

    return cmocka_run_group_tests_name("mail_settle", tests, NULL, NULL);
}
