#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "daemon/base/token.h"
#include "daemon/http/answer_parts.h"

#define NOW 1800000000

static const struct answer_head head = {
    .status = 200,
    .type = "text/plain; charset=utf-8",
    .cache_control = "no-cache",
};

static int begin(void **state)
{
    (void)state;
    token_start();
    return 0;
}

static struct answer *make(const char *text)
{
    return answer_new(&head, text, strlen(text));
}

static void packed_bytes_unpack_to_the_plain_ones(void **state)
{
    char body[4096], unpacked[sizeof body];
    z_stream z = { 0 };

    (void)state;
    memset(body, 'a', sizeof body);
    struct answer *answer = answer_new(&head, body, sizeof body);
    assert_non_null(answer->packed.body);
    assert_true(answer->packed.length < sizeof body);
    assert_int_equal(inflateInit2(&z, MAX_WBITS + 16), Z_OK);
    z.next_in = (Bytef *)answer->packed.body;
    z.avail_in = (uInt)answer->packed.length;
    z.next_out = (Bytef *)unpacked;
    z.avail_out = sizeof unpacked;
    assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
    assert_int_equal(z.total_out, sizeof body);
    assert_memory_equal(unpacked, body, sizeof body);
    inflateEnd(&z);
    answer_drop(&answer);
}

static void the_same_bytes_give_the_same_answer(void **state)
{
    char body[4096];

    (void)state;
    memset(body, 'a', sizeof body);
    struct answer *one = answer_new(&head, body, sizeof body);
    struct answer *two = answer_new(&head, body, sizeof body);
    body[7] = 'b';
    struct answer *other = answer_new(&head, body, sizeof body);
    assert_string_equal(one->plain.etag, two->plain.etag);
    assert_string_not_equal(one->plain.etag, other->plain.etag);
    assert_int_equal(one->packed.length, two->packed.length);
    assert_memory_equal(one->packed.body, two->packed.body,
                        one->packed.length);
    answer_drop(&one);
    answer_drop(&two);
    answer_drop(&other);
}

static void packing_that_saves_nothing_is_left_out(void **state)
{
    unsigned char noise[1024];
    uint32_t seed = 1;

    (void)state;
    for (size_t i = 0; i < sizeof noise; i++) {
        seed = seed * 1664525 + 1013904223;
        noise[i] = (unsigned char)(seed >> 24);
    }
    struct answer *answer = answer_new(&head, noise, sizeof noise);
    assert_null(answer->packed.body);
    answer_drop(&answer);
    answer = make("short");
    assert_null(answer->packed.body);
    answer_drop(&answer);
}

static struct answer *find_at(struct answers *answers, uint64_t edits,
                              uint64_t seats, int64_t now, int64_t ticks)
{
    return answers_find(answers, "key", edits, seats, now, ticks);
}

static void put(struct answers *answers, const struct freshness *freshness)
{
    answers_put(answers, "key", make("text"), freshness, 1000);
}

static void an_edit_makes_it_stale_at_once(void **state)
{
    struct answers *answers = answers_new(1 << 20);

    (void)state;
    put(answers, &(struct freshness){ .edits = 5, .seats = 5 });
    assert_non_null(find_at(answers, 5, 5, NOW, 1000));
    assert_non_null(find_at(answers, 5, 9, NOW, 99000));
    assert_null(find_at(answers, 6, 5, NOW, 1000));
    assert_null(answers_find(answers, "other", 5, 5, NOW, 1000));
    answers_free(&answers);
}

static void seats_make_it_stale_once_a_second(void **state)
{
    struct answers *answers = answers_new(1 << 20);

    (void)state;
    put(answers, &(struct freshness){ .seats = 5, .uses_seats = true });
    assert_non_null(find_at(answers, 0, 5, NOW, 99000));
    assert_non_null(find_at(answers, 0, 6, NOW, 1999));
    assert_null(find_at(answers, 0, 6, NOW, 2000));
    answers_free(&answers);
}

static void time_makes_it_stale_when_it_said_so(void **state)
{
    struct answers *answers = answers_new(1 << 20);

    (void)state;
    put(answers, &(struct freshness){ .valid_until = NOW + 60 });
    assert_non_null(find_at(answers, 0, 0, NOW + 59, 1000));
    assert_null(find_at(answers, 0, 0, NOW + 60, 1000));
    answers_free(&answers);
}

static void a_clock_set_back_makes_it_stale(void **state)
{
    struct answers *answers = answers_new(1 << 20);

    (void)state;
    put(answers, &(struct freshness){ .valid_from = NOW });
    assert_non_null(find_at(answers, 0, 0, NOW, 1000));
    assert_null(find_at(answers, 0, 0, NOW - 1, 1000));
    answers_free(&answers);
}

static void a_new_one_takes_the_place_of_the_old(void **state)
{
    const struct freshness fresh = { 0 };
    struct answers *answers = answers_new(1 << 20);
    struct answer *second = make("second");

    (void)state;
    answers_put(answers, "key", make("first"), &fresh, 0);
    answers_put(answers, "key", second, &fresh, 0);
    assert_ptr_equal(find_at(answers, 0, 0, NOW, 0), second);
    answers_free(&answers);
}

static void the_least_used_goes_first(void **state)
{
    const struct freshness fresh = { 0 };
    struct answer *probe = make("0");
    struct answers *answers = answers_new(answer_weight(probe) * 3);
    char key[2] = "0";

    (void)state;
    answer_drop(&probe);
    for (; *key < '3'; ++*key)
        answers_put(answers, key, make(key), &fresh, 0);
    assert_non_null(answers_find(answers, "0", 0, 0, NOW, 0));
    answers_put(answers, "3", make("3"), &fresh, 0);
    assert_non_null(answers_find(answers, "0", 0, 0, NOW, 0));
    assert_null(answers_find(answers, "1", 0, 0, NOW, 0));
    assert_non_null(answers_find(answers, "2", 0, 0, NOW, 0));
    assert_non_null(answers_find(answers, "3", 0, 0, NOW, 0));
    answers_free(&answers);
}

static void even_a_huge_one_can_be_sent_once(void **state)
{
    const struct freshness fresh = { 0 };
    struct answers *answers = answers_new(1);
    struct answer *huge = make("huge");

    (void)state;
    answers_put(answers, "key", huge, &fresh, 0);
    assert_ptr_equal(find_at(answers, 0, 0, NOW, 0), huge);
    answers_put(answers, "next", make("next"), &fresh, 0);
    assert_null(find_at(answers, 0, 0, NOW, 0));
    answers_free(&answers);
}

static void what_is_being_sent_outlives_the_cache(void **state)
{
    const struct freshness fresh = { 0 };
    struct answers *answers = answers_new(1 << 20);
    struct answer *answer = make("text");
    struct answer *held = answer_hold(answer);

    (void)state;
    answers_put(answers, "key", answer, &fresh, 0);
    answers_free(&answers);
    assert_string_equal(held->plain.body, "text");
    answer_drop(&held);
    assert_null(held);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packed_bytes_unpack_to_the_plain_ones),
        cmocka_unit_test(the_same_bytes_give_the_same_answer),
        cmocka_unit_test(packing_that_saves_nothing_is_left_out),
        cmocka_unit_test(an_edit_makes_it_stale_at_once),
        cmocka_unit_test(seats_make_it_stale_once_a_second),
        cmocka_unit_test(time_makes_it_stale_when_it_said_so),
        cmocka_unit_test(a_clock_set_back_makes_it_stale),
        cmocka_unit_test(a_new_one_takes_the_place_of_the_old),
        cmocka_unit_test(the_least_used_goes_first),
        cmocka_unit_test(even_a_huge_one_can_be_sent_once),
        cmocka_unit_test(what_is_being_sent_outlives_the_cache),
    };

    return cmocka_run_group_tests(tests, begin, NULL);
}
