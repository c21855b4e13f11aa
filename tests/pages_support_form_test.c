/* What people need to take part well, as the form takes it: with a consent,
 * or not at all; each person's apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/base/arena.h"
#include "daemon/http/form.h"
#include "web/pages/support_form.h"

static int set_up(void **state)
{
    *state = arena_new();
    return 0;
}

static int tear_down(void **state)
{
    struct arena *arena = *state;

    arena_free(&arena);
    return 0;
}

static struct support_form read_body(struct arena *arena, const char *body,
                                     const char *suffix)
{
    struct form parsed;
    struct support_form form;

    assert_int_equal(form_parse(arena, body, strlen(body), 200, 4096,
                                &parsed), FORM_OK);
    support_form_read(arena, &parsed, suffix, &form);
    return form;
}

static void nothing_said_needs_no_box(void **state)
{
    struct arena *arena = *state;
    struct support_form form =
        read_body(arena, "support-words=+%0D%0A+", "");
    struct support support;

    assert_true(support_form_check(arena, LANG_EN, &form, &support));
    assert_true(support_is_empty(&support));
    /* Nor is anything kept because the box was ticked all the same. */
    form.consent = true;
    assert_true(support_form_check(arena, LANG_EN, &form, &support));
    assert_true(support_is_empty(&support));
}

static void something_said_needs_the_box(void **state)
{
    static const char *const bodies[] = {
        "support-wheelchair=1", "support-words=Ruhe", "support-sign-language=1",
        "support-captions=1", "support-assistance=1",
        "support-hearing-loop=1",
    };
    struct arena *arena = *state;
    struct support support;

    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct support_form form = read_body(arena, bodies[i], "");

        assert_false(support_form_check(arena, LANG_EN, &form, &support));
        assert_non_null(strstr(form.consent_error, "tick this box"));
        form = read_body(arena, arena_printf(arena, "%s&support-consent=1",
                                             bodies[i]), "");
        assert_true(support_form_check(arena, LANG_EN, &form, &support));
        assert_false(support_is_empty(&support));
        assert_false(support_form_has_errors(&form));
    }
}

static void each_person_has_fields_of_their_own(void **state)
{
    static const char body[] =
        "support-wheelchair=1&support-consent=1&support-captions-2=1"
        "&support-words-2=vorn&support-consent-2=1&support-words-3=";
    struct arena *arena = *state;
    struct support_form first = read_body(arena, body, ""),
                        second = read_body(arena, body, "-2"),
                        third = read_body(arena, body, "-3");
    struct support support;

    assert_true(support_form_check(arena, LANG_EN, &first, &support));
    assert_int_equal(support.needs, SUPPORT_BIT(SUPPORT_WHEELCHAIR));
    assert_string_equal(support.words, "");
    assert_true(support_form_check(arena, LANG_EN, &second, &support));
    assert_int_equal(support.needs, SUPPORT_BIT(SUPPORT_CAPTIONS));
    assert_string_equal(support.words, "vorn");
    assert_true(support_form_check(arena, LANG_EN, &third, &support));
    assert_true(support_is_empty(&support));
}

static void words_may_have_lines_and_are_not_endless(void **state)
{
    struct arena *arena = *state;
    struct support_form form = read_body(
        arena, "support-consent=1&support-words=Platz+vorn%0D%0Aund+Ruhe",
        "");
    struct support support;
    char *long_one = arena_alloc(arena, SUPPORT_WORDS_MOST + 2);

    assert_true(support_form_check(arena, LANG_EN, &form, &support));
    assert_string_equal(support.words, "Platz vorn\nund Ruhe");
    memset(long_one, 'a', SUPPORT_WORDS_MOST);
    long_one[SUPPORT_WORDS_MOST] = '\0';
    form.words = long_one;
    assert_true(support_form_check(arena, LANG_EN, &form, &support));
    long_one[SUPPORT_WORDS_MOST] = 'a';
    long_one[SUPPORT_WORDS_MOST + 1] = '\0';
    assert_false(support_form_check(arena, LANG_EN, &form, &support));
    assert_non_null(form.words_error);
    form.words = "a\x1b[31m";
    assert_false(support_form_check(arena, LANG_EN, &form, &support));
    assert_non_null(form.words_error);
}

static void what_was_said_before_comes_back_ticked(void **state)
{
    struct arena *arena = *state;
    const struct support before = { SUPPORT_BIT(SUPPORT_ASSISTANCE), "vorn" };
    struct support_form form;
    struct support again;

    support_form_stored(&before, &form);
    assert_true(support_form_check(arena, LANG_DE, &form, &again));
    assert_int_equal(again.needs, before.needs);
    assert_string_equal(again.words, before.words);
}

static void the_words_agreed_to_have_a_version_for_each_language(void **state)
{
    struct arena *arena = *state;
    const struct notice *english = support_form_consent(arena, LANG_EN);
    const struct notice *again = support_form_consent(arena, LANG_EN);

    assert_int_equal(english->kind, NOTICE_SUPPORT_CONSENT);
    assert_int_equal(strlen(english->version), 32);
    assert_string_equal(english->version, again->version);
    assert_non_null(strstr(english->words, "I agree"));
}

static void it_is_asked_until_the_meeting_is_over(void **state)
{
    struct meeting meeting = { .state = MEETING_PUBLISHED, .ends_at = 100 };

    (void)state;
    assert_true(support_form_is_asked(&meeting, 99));
    assert_false(support_form_is_asked(&meeting, 100));
    meeting.state = MEETING_CANCELLED;
    assert_false(support_form_is_asked(&meeting, 99));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_said_needs_no_box),
        TEST(something_said_needs_the_box),
        TEST(each_person_has_fields_of_their_own),
        TEST(words_may_have_lines_and_are_not_endless),
        TEST(what_was_said_before_comes_back_ticked),
        TEST(the_words_agreed_to_have_a_version_for_each_language),
        TEST(it_is_asked_until_the_meeting_is_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
