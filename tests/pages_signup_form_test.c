/* The form of the meeting's page: what is taken, what is refused, and with
 * which words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/base/arena.h"
#include "daemon/http/form.h"
#include "web/pages/signup_form.h"

/* A hybrid meeting of an alliance with two benches, and a filled-in form. */
struct room {
    struct arena *arena;
    struct meeting meeting;
    struct pools pools;
    struct bench bench[2];
    struct benches benches;
    struct questions questions; /* none */
    struct signup_terms terms;
    struct signup_form form;
    struct signup_answer answer;
};

static int set_up(void **state)
{
    struct arena *arena = arena_new();
    struct room *room = ARENA_NEW(arena, struct room);

    room->arena = arena;
    room->pools.offered[MODE_ONSITE] = room->pools.offered[MODE_ONLINE] =
        true;
    room->bench[0].id = 7;
    room->bench[1].id = 9;
    room->benches = (struct benches){ room->bench, 2 };
    room->terms = (struct signup_terms){ .meeting = &room->meeting,
                                         .pools = &room->pools,
                                         .benches = &room->benches,
                                         .questions = &room->questions };
    signup_form_clear(&room->form, 0, true);
    room->form.value[SIGNUP_FAMILY] = "Muster";
    room->form.value[SIGNUP_EMAIL] = "alex.muster@example.org";
    room->form.value[SIGNUP_MODE] = "onsite";
    *state = room;
    return 0;
}

static int tear_down(void **state)
{
    struct room *room = *state;
    struct arena *arena = room->arena;

    arena_free(&arena);
    return 0;
}

static bool check(struct room *room)
{
    return signup_form_check(room->arena, LANG_EN, &room->terms, &room->form,
                             &room->answer);
}

static void the_fewest_entries_are_enough(void **state)
{
    struct room *room = *state;

    assert_true(check(room));
    assert_string_equal(room->answer.person.family_name, "Muster");
    assert_string_equal(room->answer.person.given_name, "");
    assert_string_equal(room->answer.person.address,
                        "alex.muster@example.org");
    assert_int_equal(room->answer.mode, MODE_ONSITE);
    assert_true(room->answer.wants_invite);
    assert_int_equal(room->answer.person.bench_id, 0);
}

static void an_empty_form_names_each_compulsory_field(void **state)
{
    struct room *room = *state;

    signup_form_clear(&room->form, 0, false);
    room->meeting.ask_organisation = true;
    assert_false(check(room));
    for (int i = 0; i < SIGNUP_FIELD_COUNT; i++) {
        bool compulsory = i == SIGNUP_FAMILY || i == SIGNUP_EMAIL ||
                          i == SIGNUP_ORGANISATION || i == SIGNUP_MODE;

        assert_true((room->form.error[i] != NULL) == compulsory);
    }
}

static void organisation_is_optional_unless_the_meeting_asks(void **state)
{
    struct room *room = *state;

    assert_true(check(room));
    room->meeting.ask_organisation = true;
    assert_false(check(room));
    assert_non_null(room->form.error[SIGNUP_ORGANISATION]);
    room->form.value[SIGNUP_ORGANISATION] = "Musterwerk GmbH";
    assert_true(check(room));
}

static void names_are_composed_and_trimmed(void **state)
{
    struct room *room = *state;

    room->form.value[SIGNUP_GIVEN] = "  Ju\xcc\x88rgen   Karl ";
    room->form.value[SIGNUP_FAMILY] = "Łęcka-Mu\xcc\x88ller";
    assert_true(check(room));
    assert_string_equal(room->answer.person.given_name, "Jürgen Karl");
    assert_string_equal(room->answer.person.family_name, "Łęcka-Müller");
}

static void names_of_all_europe_pass(void **state)
{
    static const char *const names[] = { "Đặng", "Ștefănescu", "Þórsdóttir",
                                         "O’Neill", "van der Straße" };
    struct room *room = *state;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        room->form.value[SIGNUP_FAMILY] = names[i];
        assert_true(check(room));
        assert_string_equal(room->answer.person.family_name, names[i]);
    }
}

static void a_name_has_at_most_100_characters_not_bytes(void **state)
{
    struct room *room = *state;
    char *name = arena_alloc(room->arena, 2 * 101 + 1);

    for (int i = 0; i < 100; i++)
        memcpy(name + 2 * i, "ü", 2);
    room->form.value[SIGNUP_FAMILY] = name;
    assert_true(check(room));
    memcpy(name + 200, "ü", 2);
    assert_false(check(room));
    assert_string_equal(room->form.error[SIGNUP_FAMILY],
                        "Please shorten this to at most 100 characters.");
}

static void controls_and_addresses_in_names_are_refused(void **state)
{
    static const char *const bad[] = {
        "Mus\nter", "Mus\r\nBcc: x", "Mus\x1bter",
        ("a\xe2\x80\xae" "b"),
        "http://example.org", "WWW.example.org", "see https://x",
        "Https:example.org", "ftp://example.org", "mailto:a@example.org",
    };
    static const enum signup_field fields[] = {
        SIGNUP_GIVEN, SIGNUP_FAMILY, SIGNUP_TITLE, SIGNUP_ORGANISATION,
        SIGNUP_POSITION,
    };
    struct room *room = *state;

    for (size_t f = 0; f < sizeof fields / sizeof *fields; f++)
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
            const char *kept = room->form.value[fields[f]];

            room->form.value[fields[f]] = bad[i];
            assert_false(check(room));
            assert_non_null(room->form.error[fields[f]]);
            room->form.value[fields[f]] = kept;
        }
    assert_true(check(room));
}

/* Article 9: without it the whole form waits. */
static void needs_want_a_consent(void **state)
{
    struct room *room = *state;

    room->form.support.ticked[0] = true;
    assert_false(check(room));
    assert_true(signup_form_has_errors(&room->form));
    room->form.support.consent = true;
    assert_true(check(room));
    assert_false(support_is_empty(&room->answer.support));
}

/* Mail programs make links of them; organisations are called so. */
static void a_domain_is_no_name_of_a_person(void **state)
{
    static const char *const bad[] = {
        "shop.example", "Win at shop.example/x now", "a.SHOP.example",
        "a@example.org", "@muster", "ü.example", "1.example",
    };
    static const char *const good[] = {
        "Dr.Muster", "J.R.", "Hans-J.Muster", "Dr.rer.nat. Muster",
        "von d. Heide", "St.Clair", "Dr.-Ing. Muster", "Muster sen.",
        "Anna v.d Heide",
    };
    static const enum signup_field fields[] = { SIGNUP_FAMILY,
                                                SIGNUP_GIVEN };
    struct room *room = *state;

    for (size_t f = 0; f < sizeof fields / sizeof *fields; f++) {
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
            room->form.value[fields[f]] = bad[i];
            assert_false(check(room));
            assert_non_null(strstr(room->form.error[fields[f]], "e-mail"));
        }
        for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
            room->form.value[fields[f]] = good[i];
            assert_true(check(room));
        }
    }
    room->form.value[SIGNUP_ORGANISATION] = "Muster.example GmbH";
    assert_true(check(room));
}

/* Each kind of bad address has words of its own, in both languages. */
static void each_fault_of_an_address_has_its_advice(void **state)
{
    static const struct {
        const char *typed, *part;
    } cases[] = {
        { "", "name@example.org" },
        { "nobody", "name@example.org" },
        { "müller@example.org", "before the @" },
        { "a b@example.org", "before the @" },
        { "alex@nowhere", "after the @" },
    };
    struct room *room = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        room->form.value[SIGNUP_EMAIL] = cases[i].typed;
        assert_false(check(room));
        assert_non_null(
            strstr(room->form.error[SIGNUP_EMAIL], cases[i].part));
        const char *english = room->form.error[SIGNUP_EMAIL];
        signup_form_check(room->arena, LANG_DE, &room->terms, &room->form,
                          &room->answer);
        assert_string_not_equal(room->form.error[SIGNUP_EMAIL], english);
    }
}

static void an_international_domain_becomes_ascii(void **state)
{
    struct room *room = *state;

    room->form.value[SIGNUP_EMAIL] = " info@bücher.example ";
    assert_true(check(room));
    assert_string_equal(room->answer.person.address,
                        "info@xn--bcher-kva.example");
}

static void only_a_bench_of_the_alliance_is_taken(void **state)
{
    static const char *const bad[] = { "8", "-7", "7x", "99999999999999999999",
                                       "7 " };
    struct room *room = *state;

    room->form.value[SIGNUP_BENCH] = "9";
    assert_true(check(room));
    assert_int_equal(room->answer.person.bench_id, 9);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        room->form.value[SIGNUP_BENCH] = bad[i];
        assert_false(check(room));
        assert_non_null(room->form.error[SIGNUP_BENCH]);
    }
}

static void a_meeting_of_one_mode_does_not_ask(void **state)
{
    struct room *room = *state;

    room->pools.offered[MODE_ONSITE] = false;
    room->form.value[SIGNUP_MODE] = "";
    assert_true(check(room));
    assert_int_equal(room->answer.mode, MODE_ONLINE);
    room->form.value[SIGNUP_MODE] = "onsite";
    assert_true(check(room));
    assert_int_equal(room->answer.mode, MODE_ONLINE);
}

static void an_error_of_before_does_not_stay(void **state)
{
    struct room *room = *state;

    room->form.value[SIGNUP_FAMILY] = "";
    assert_false(check(room));
    room->form.value[SIGNUP_FAMILY] = "Muster";
    assert_true(check(room));
    assert_false(signup_form_has_errors(&room->form));
}

static void values_are_read_word_for_word(void **state)
{
    struct form_field fields[] = {
        { "family-name", " <Muster> " },
        { "email", "x" },
        { "invite", "1" },
        { "unknown", "y" },
    };
    const struct form body = { fields, sizeof fields / sizeof *fields };
    struct room *room = *state;
    struct signup_form form;

    signup_form_read(room->arena, &room->terms, &body, 0, &form);
    assert_string_equal(form.value[SIGNUP_FAMILY], " <Muster> ");
    assert_string_equal(form.value[SIGNUP_EMAIL], "x");
    assert_string_equal(form.value[SIGNUP_INVITE], "1");
    assert_string_equal(form.value[SIGNUP_GIVEN], "");
    assert_false(signup_form_has_errors(&form));
}

#define IN_ROOM(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_ROOM(the_fewest_entries_are_enough),
        IN_ROOM(an_empty_form_names_each_compulsory_field),
        IN_ROOM(organisation_is_optional_unless_the_meeting_asks),
        IN_ROOM(names_are_composed_and_trimmed),
        IN_ROOM(names_of_all_europe_pass),
        IN_ROOM(a_name_has_at_most_100_characters_not_bytes),
        IN_ROOM(controls_and_addresses_in_names_are_refused),
        IN_ROOM(needs_want_a_consent),
        IN_ROOM(a_domain_is_no_name_of_a_person),
        IN_ROOM(each_fault_of_an_address_has_its_advice),
        IN_ROOM(an_international_domain_becomes_ascii),
        IN_ROOM(only_a_bench_of_the_alliance_is_taken),
        IN_ROOM(a_meeting_of_one_mode_does_not_ask),
        IN_ROOM(an_error_of_before_does_not_stay),
        IN_ROOM(values_are_read_word_for_word),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
