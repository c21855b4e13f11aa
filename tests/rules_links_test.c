/* "Send me my link again": one letter to the mailbox, and to anybody else
 * nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/rules/confirm.h"
#include "daemon/rules/links.h"
#include "tests/life.h"

struct asked {
    const char *address;
    bool letters;
};

static enum rc asking(struct house *house, int64_t now, void *context)
{
    struct asked *asked = context;

    return links_send(house->writer, house->arena, now, &house->settings,
                      asked->address, &asked->letters, &house->err);
}

static bool ask(struct house *house, int64_t now, const char *address)
{
    struct asked asked = { .address = address };

    FINE(house, house_write(house, now, asking, &asked));
    return asked.letters;
}

static int64_t queued(struct house *house)
{
    return house_number(house, arena_printf(house->arena,
        "SELECT count(*) FROM letter WHERE kind = %d AND state = %d",
        LETTER_LINKS, LETTER_QUEUED));
}

static int64_t rows(struct house *house)
{
    return house_number(house,
        "SELECT (SELECT count(*) FROM letter) + (SELECT count(*) FROM step)"
        " + (SELECT count(*) FROM address) + (SELECT count(*) FROM person)");
}

static void whoever_is_registered_gets_one_letter(void **state)
{
    struct house *house = life_open(state, 5);
    struct registration a = life_in(house, "a", 0, SIGNUP_REGISTERED);

    assert_true(ask(house, NOON + 1, "A@example.org"));
    assert_int_equal(life_letters(house, &a, LETTER_LINKS), 1);
    assert_int_equal(queued(house), 1);
}

/* Rows would come to light in every backup. */
static void whoever_is_not_leaves_no_trace(void **state)
{
    struct house *house = life_open(state, 5);

    assert_false(ask(house, NOON, "niemand@example.org"));
    assert_int_equal(rows(house), 0);
    (void)life_in(house, "a", 0, SIGNUP_REGISTERED);
    int64_t before = rows(house);
    assert_false(ask(house, NOON + 1, "niemand@example.org"));
    assert_int_equal(rows(house), before);
}

/* Even a proven one: anybody may type it. */
static void no_mailbox_is_flooded(void **state)
{
    struct house *house = life_open(state, 5);
    struct registration a = life_in(house, "a", 0, SIGNUP_REGISTERED);
    int sent = 0;

    assert_int_equal(life_confirm(house, NOON + 1, &a), CONFIRM_ALREADY);
    assert_int_equal(house_number(house, "SELECT count(*) FROM address"), 1);
    for (int i = 0; i < 9; i++)
        sent += ask(house, NOON + 2 + i, "a@example.org");
    assert_int_equal(sent, 2); /* and one step was registering */
    assert_int_equal(queued(house), 2);
    assert_int_equal(life_letters(house, &a, LETTER_LINKS), 9);
}

static void after_the_end_there_is_nothing_to_find(void **state)
{
    struct house *house = life_open(state, 5);

    (void)life_in(house, "a", 0, SIGNUP_REGISTERED);
    assert_true(ask(house, house->meeting.ends_at - 1, "a@example.org"));
    assert_false(ask(house, house->meeting.ends_at, "a@example.org"));
}

#define ROOM(test) cmocka_unit_test_setup_teardown(test, house_open, \
                                                   house_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROOM(whoever_is_registered_gets_one_letter),
        ROOM(whoever_is_not_leaves_no_trace),
        ROOM(no_mailbox_is_flooded),
        ROOM(after_the_end_there_is_nothing_to_find),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
