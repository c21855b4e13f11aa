/* The question in words and the work in its place: what counts as an answer,
 * and that none is good for another form. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/base/arena.h"
#include "daemon/base/token.h"
#include "daemon/http/csrf.h"
#include "daemon/http/form.h"
#include "web/pages/challenge.h"

#define NOW INT64_C(1800000000)
#define BITS 4 /* so that tests work quickly */

struct room {
    struct arena *arena;
    struct keyring *keys;
    struct challenge challenge;
};

static int set_up(void **state)
{
    char path[] = "/tmp/convened-challenge-XXXXXX";
    struct arena *arena = arena_new();
    struct room *room = ARENA_NEW(arena, struct room);
    struct err err;

    token_start();
    room->arena = arena;
    assert_int_equal(close(mkstemp(path)), 0);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(keyring_load(path, true, &room->keys, &err), RC_OK);
    unlink(path);
    room->challenge = (struct challenge){ room->keys, "meeting 7", BITS };
    *state = room;
    return 0;
}

static int tear_down(void **state)
{
    struct room *room = *state;
    struct arena *arena = room->arena;

    keyring_free(&room->keys);
    arena_free(&arena);
    return 0;
}

static struct form parse(struct room *room, const char *body)
{
    struct form form;

    assert_int_equal(form_parse(room->arena, body, strlen(body), 200, 4096,
                                &form),
                     FORM_OK);
    return form;
}

/* The form once more, with what the asking page adds. */
static enum challenge_verdict answer_at(struct room *room, const char *body,
                                        const char *text, const char *answer,
                                        const char *work, int64_t now)
{
    struct form form =
        parse(room, arena_printf(room->arena,
                                 "%s&" CHALLENGE_TEXT "=%s&" CHALLENGE_WORK
                                 "=%s&" CHALLENGE_ANSWER "=%s",
                                 body, text, work, answer));

    return challenge_check(room->arena, &room->challenge, &form, now);
}

static enum challenge_verdict answer(struct room *room, const char *body,
                                     const char *text, const char *typed)
{
    return answer_at(room, body, text, typed, "", NOW + 5);
}

static enum challenge_verdict work(struct room *room, const char *body,
                                   const char *text, const char *done)
{
    return answer_at(room, body, text, "", done, NOW + 5);
}

#define BODY "stamp=x&name=Muster&email=a%40example.org"

static char *challenge_of(struct room *room, const char *body, int64_t now)
{
    struct form form = parse(room, body);

    return challenge_make(room->arena, &room->challenge, &form, now);
}

static const char *const words[2][19] = {
    { "null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben",
      "acht", "neun", "zehn", "elf", "zwölf", "dreizehn", "vierzehn",
      "fünfzehn", "sechzehn", "siebzehn", "achtzehn" },
    { "zero", "one", "two", "three", "four", "five", "six", "seven",
      "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
      "fifteen", "sixteen", "seventeen", "eighteen" },
};

/* What a person makes of the question. */
static int sum_asked(struct room *room, const char *text)
{
    char *german = challenge_question(room->arena, LANG_DE, text);
    char *english = challenge_question(room->arena, LANG_EN, text);

    for (int a = 1; a <= 9; a++)
        for (int b = 1; b <= 9; b++)
            if (strcmp(german,
                       arena_printf(room->arena, "Wie viel ist %s plus %s?",
                                    words[0][a], words[0][b])) == 0) {
                assert_string_equal(
                    english, arena_printf(room->arena,
                                          "How much is %s plus %s?",
                                          words[1][a], words[1][b]));
                return a + b;
            }
    fail_msg("%s", german);
    return 0;
}

static char *digits(struct room *room, int number)
{
    return arena_printf(room->arena, "%d", number);
}

static void a_sum_is_answered_in_digits_or_in_words(void **state)
{
    struct room *room = *state;
    bool seen[19] = { false };
    int sums = 0;

    /* Which sum it is hangs on a key made up just now. */
    for (int i = 0; i < 5000 && sums < 17; i++) {
        char *text = challenge_of(room, BODY, NOW - i);
        int sum = sum_asked(room, text);

        if (seen[sum])
            continue;
        seen[sum] = true;
        sums++;
        assert_int_equal(answer(room, BODY, text, digits(room, sum)),
                         CHALLENGE_MET);
        for (int lang = 0; lang < 2; lang++)
            assert_int_equal(answer(room, BODY, text, words[lang][sum]),
                             CHALLENGE_MET);
        for (int other = 0; other <= 18; other++)
            if (other != sum) {
                assert_int_equal(
                    answer(room, BODY, text, digits(room, other)),
                    CHALLENGE_WRONG);
                assert_int_equal(answer(room, BODY, text, words[0][other]),
                                 CHALLENGE_WRONG);
            }
    }
    assert_int_equal(sums, 17);
}

/* A challenge that asks for this sum. */
static char *challenge_for(struct room *room, int sum)
{
    for (int i = 0; i < 4000; i++) {
        char *text = challenge_of(room, BODY, NOW - i);

        if (sum_asked(room, text) == sum)
            return text;
    }
    fail_msg("no sum of %d", sum);
    return NULL;
}

static void an_answer_may_be_typed_as_people_type(void **state)
{
    static const struct {
        const char *typed;
        enum challenge_verdict verdict;
    } cases[] = {
        { "zwölf", CHALLENGE_MET },      { "+ZW%C3%96LF+", CHALLENGE_MET },
        { "Zwoelf.", CHALLENGE_MET },    { "zwo%CC%88lf", CHALLENGE_MET },
        { "Twelve!", CHALLENGE_MET },    { "+12+", CHALLENGE_MET },
        { "12.", CHALLENGE_MET },        { "", CHALLENGE_WRONG },
        { ".", CHALLENGE_WRONG },        { "12 oder 13", CHALLENGE_WRONG },
        { "-12", CHALLENGE_WRONG },      { "zwölfzehn", CHALLENGE_WRONG },
        { "99999999999999999999", CHALLENGE_WRONG },
        { "%23", CHALLENGE_WRONG },      { "(null)", CHALLENGE_WRONG },
    };
    struct room *room = *state;
    const char *text = challenge_for(room, 12);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(answer(room, BODY, text, cases[i].typed),
                         cases[i].verdict);
}

static bool has_zeros(const char *text, int bits)
{
    uint8_t hash[32];
    bool all = true;

    digest_secret(text, hash);
    for (int bit = 0; bit < bits; bit++)
        all = all && !(hash[bit / 8] & 0x80 >> bit % 8);
    return all;
}

static long search_from(struct room *room, const char *text, int part,
                        int bits, long n)
{
    while (!has_zeros(arena_printf(room->arena, "%s.%d.%ld", text, part, n),
                      bits))
        n++;
    return n;
}

/* As web/static/once.js does. */
static long search(struct room *room, const char *text, int part, int bits)
{
    return search_from(room, text, part, bits, 0);
}

static char *do_work(struct room *room, const char *text, int bits)
{
    char *all = arena_printf(room->arena, "%ld",
                             search(room, text, 0, bits));

    for (int part = 1; part < CHALLENGE_PARTS; part++)
        all = arena_printf(room->arena, "%s.%ld", all,
                           search(room, text, part, bits));
    return all;
}

static void work_stands_for_an_answer(void **state)
{
    static const int bits[] = { 1, 7, 8, 9, 11 };
    struct room *room = *state;
    char *text = challenge_of(room, BODY, NOW);

    for (size_t i = 0; i < sizeof bits / sizeof *bits; i++) {
        room->challenge.bits = bits[i];
        assert_int_equal(work(room, BODY, text,
                              do_work(room, text, bits[i])),
                         CHALLENGE_MET);
    }
    /* What was enough for 1 bit is not for 11. */
    assert_int_equal(work(room, BODY, text, do_work(room, text, 1)),
                     CHALLENGE_WRONG);
}

static void half_the_work_is_none(void **state)
{
    struct room *room = *state;
    char *text = challenge_of(room, BODY, NOW);
    char *done = do_work(room, text, BITS);
    char *last = strrchr(done, '.');
    char *less = arena_strndup(room->arena, done, (size_t)(last - done));
    long idle = 0; /* a number that is no work */

    while (has_zeros(arena_printf(room->arena, "%s.7.%ld", text, idle), BITS))
        idle++;
    const char *const bad[] = {
        "", ".", ".......", "0", less, strchr(done, '.') + 1,
        arena_printf(room->arena, "%s.", done),
        arena_printf(room->arena, "%s.0", done),
        arena_printf(room->arena, ".%s", done),
        arena_printf(room->arena, "-%s", done),
        arena_printf(room->arena, "%s.-1", less),
        arena_printf(room->arena, "%%2B%s", done),
        /* It would be work, but is longer than numbers are. */
        arena_printf(room->arena, "%s.%ld", less,
                     search_from(room, text, CHALLENGE_PARTS - 1, BITS,
                                 10000000000)),
        arena_printf(room->arena, "%s.123456789012345678901", less),
        arena_printf(room->arena, "%s.%ld", less, idle),
        arena_printf(room->arena, "%sx", done),
    };

    assert_int_equal(work(room, BODY, text, done), CHALLENGE_MET);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(work(room, BODY, text, bad[i]), CHALLENGE_WRONG);
}

static void nothing_is_good_for_another_form(void **state)
{
    static const char *const others[] = {
        "stamp=x&name=Muster&email=b%40example.org",
        "stamp=x&name=Muste&email=ra%40example.org",
        "stamp=x&name=Muster&email=a%40example.org&mode=online",
        "stamp=x&name=Muster", "name=Muster&email=a%40example.org",
        "stamp=x&nam=eMuster&email=a%40example.org",
        "stamp=x&name=Muster&email=a%40example.org&website=",
    };
    struct room *room = *state;
    char *text = challenge_of(room, BODY, NOW);
    char *right = digits(room, sum_asked(room, text));
    char *done = do_work(room, text, BITS);

    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_int_equal(answer_at(room, others[i], text, right, done, NOW),
                         CHALLENGE_NONE);
    room->challenge.subject = "meeting 8";
    assert_int_equal(answer_at(room, BODY, text, right, done, NOW),
                     CHALLENGE_NONE);
}

static void a_challenge_lasts_a_day_and_cannot_be_made_up(void **state)
{
    struct room *room = *state;
    char *text = challenge_of(room, BODY, NOW);
    char *right = digits(room, sum_asked(room, text));
    char *stamp = stamp_make(room->arena, room->keys, "meeting 7", NOW);

    assert_int_equal(answer_at(room, BODY, text, right, "",
                               NOW + STAMP_LIFE),
                     CHALLENGE_MET);
    assert_int_equal(answer_at(room, BODY, text, right, "",
                               NOW + STAMP_LIFE + 1),
                     CHALLENGE_NONE);
    assert_int_equal(answer(room, BODY, "", right), CHALLENGE_NONE);
    assert_int_equal(answer(room, BODY, "1800000000.", right),
                     CHALLENGE_NONE);
    /* The form's own stamp is not a challenge. */
    assert_int_equal(answer(room, BODY, stamp,
                            digits(room, sum_asked(room, stamp))),
                     CHALLENGE_NONE);
    text[strlen(text) - 2] ^= 1;
    assert_int_equal(answer(room, BODY, text,
                            digits(room, sum_asked(room, text))),
                     CHALLENGE_NONE);
}

/* A hidden field gives back CR LF for what had been LF, and LF for CR LF in
 * the page's source. */
static void a_line_end_is_a_line_end(void **state)
{
    struct room *room = *state;
    char *text = challenge_of(room, "about=one%0D%0Atwo", NOW);
    char *right = digits(room, sum_asked(room, text));

    assert_int_equal(answer(room, "about=one%0Atwo", text, right),
                     CHALLENGE_MET);
    assert_int_equal(answer(room, "about=onetwo", text, right),
                     CHALLENGE_NONE);
}

#define IN_ROOM(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_ROOM(a_sum_is_answered_in_digits_or_in_words),
        IN_ROOM(an_answer_may_be_typed_as_people_type),
        IN_ROOM(work_stands_for_an_answer),
        IN_ROOM(half_the_work_is_none),
        IN_ROOM(nothing_is_good_for_another_form),
        IN_ROOM(a_challenge_lasts_a_day_and_cannot_be_made_up),
        IN_ROOM(a_line_end_is_a_line_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
