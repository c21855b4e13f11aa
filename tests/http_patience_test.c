#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "daemon/base/clock.h"
#include "daemon/base/mem.h"
#include "daemon/http/response.h"
#include "tests/http_rooms.h"

static void a_head_that_drips_is_cut_with_408(void **state)
{
    struct house *house = *state;
    size_t length;
    bool closed;

    house->settings.head_time = 1;
    int fd = visitor_new(house);
    int64_t start = clock_ticks_ms();
    while (clock_ticks_ms() - start < 1100) {
        visitor_say(house, fd, "G");
        house_turn_for(house, 50);
    }
    char *answer = visitor_read_all(house, fd, &length, &closed);
    assert_true(closed);
    assert_int_equal(answer_status(answer), 408);
    close(fd);
}

static void a_body_that_does_not_come_is_cut_with_408(void **state)
{
    struct house *house = *state;
    size_t length;
    bool closed;

    house->settings.body_time = 1;
    int fd = visitor_new(house);
    visitor_say(house, fd,
                "POST /form HTTP/1.1\r\n" HOST "Content-Length: 9\r\n\r\nab");
    char *answer = visitor_read_all(house, fd, &length, &closed);
    assert_true(closed);
    assert_int_equal(answer_status(answer), 408);
    close(fd);
}

static void who_says_nothing_is_let_go_without_a_word(void **state)
{
    struct house *house = *state;
    size_t length;
    bool closed;

    house->settings.head_time = 1;
    house->settings.idle_time = 1;
    int fd = visitor_new(house);
    char *answer = visitor_read_all(house, fd, &length, &closed);
    assert_true(closed);
    assert_int_equal(length, 0);
    close(fd);

    fd = visitor_new(house);
    visitor_say(house, fd, "GET /hello HTTP/1.1\r\n" HOST "\r\n");
    int64_t start = clock_ticks_ms();
    answer = visitor_read_all(house, fd, &length, &closed);
    assert_true(closed);
    assert_in_range(clock_ticks_ms() - start, 900, 2500);
    assert_int_equal(answer_status(answer), 200);
    close(fd);
}

static void a_handler_that_never_answers_loses_its_client(void **state)
{
    struct house *house = *state;
    size_t length;
    bool closed;

    house->settings.answer_time = 1;
    int fd = visitor_new(house);
    visitor_say(house, fd, "GET /hold HTTP/1.1\r\n" HOST "\r\n");
    visitor_read_all(house, fd, &length, &closed);
    assert_true(closed);
    assert_int_equal(length, 0);
    assert_null(seen.held->connection);
    respond_text(seen.held, 200, "too late");
    close(fd);
}

static void an_answer_to_one_who_left_is_dropped(void **state)
{
    struct house *house = *state;
    struct linger reset = { .l_onoff = 1 };
    int fd = visitor_new(house);

    visitor_say(house, fd, "GET /hold HTTP/1.1\r\n" HOST "\r\n");
    house_turn_for(house, 20);
    assert_non_null(seen.held);
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    close(fd);
    house_turn_for(house, 20);
    assert_null(seen.held->connection);
    assert_int_equal(http_numbers(house->http).connections_open, 0);
    respond_error(seen.held, 503, NULL);
}

static void an_error_can_be_read_by_one_who_still_sends(void **state)
{
    struct house *house = *state;
    char *rest = mem_new(300000);
    size_t length;
    bool closed;
    int fd = visitor_new(house);

    visitor_say(house, fd,
                "POST /form HTTP/1.1\r\n" HOST "Content-Length: 300000\r\n"
                "\r\n");
    visitor_send(house, fd, rest, 300000);
    char *answer = visitor_read_all(house, fd, &length, &closed);
    assert_true(closed);
    assert_int_equal(answer_status(answer), 413);
    mem_free(rest);
    close(fd);
}

static size_t count_chunked(const char *body, size_t length)
{
    const char *at = body, *end = body + length;
    size_t total = 0;

    while (at < end) {
        char *after;
        size_t size = strtoul(at, &after, 16);

        assert_memory_equal(after, "\r\n", 2);
        at = after + 2 + size;
        assert_true(at + 2 <= end);
        assert_memory_equal(at, "\r\n", 2);
        at += 2;
        total += size;
        if (size == 0)
            return at == end ? total : 0;
    }
    return 0;
}

static void a_stream_comes_in_chunks_and_to_its_end(void **state)
{
    struct house *house = *state;
    int fd = visitor_new(house);
    size_t length;
    bool closed;

    seen.stream_most = 4 * 1024 * 1024;
    visitor_say(house, fd,
                "GET /stream HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n");
    char *answer = visitor_read_all(house, fd, &length, &closed);
    char *body = strstr(answer, "\r\n\r\n") + 4;
    assert_true(closed);
    assert_non_null(strstr(answer, "Transfer-Encoding: chunked\r\n"));
    assert_int_equal(count_chunked(body, length - (size_t)(body - answer)),
                     seen.stream_most);
    assert_int_equal(seen.gone, 0);
    close(fd);
}

static void a_stream_for_http_1_0_ends_with_the_connection(void **state)
{
    struct house *house = *state;

    seen.stream_most = 1024 * 1024;
    int fd = visitor_new(house);
    size_t length;
    bool closed;
    visitor_say(house, fd, "GET /stream HTTP/1.0\r\n" HOST "\r\n");
    char *answer = visitor_read_all(house, fd, &length, &closed);
    char *body = strstr(answer, "\r\n\r\n") + 4;
    assert_true(closed);
    assert_null(strstr(answer, "Transfer-Encoding"));
    assert_int_equal(length - (size_t)(body - answer), seen.stream_most);
    close(fd);
}

static void a_stream_that_fails_does_not_look_whole(void **state)
{
    static const char *const requests[] = {
        "GET /broken HTTP/1.1\r\n" HOST "\r\n",
        "GET /broken HTTP/1.0\r\n" HOST "\r\n",
    };
    struct house *house = *state;

    for (size_t i = 0; i < 2; i++) {
        int fd = visitor_new(house);
        size_t length;
        bool closed;

        seen.streamed = 0;
        visitor_say(house, fd, requests[i]);
        char *answer = visitor_read_all(house, fd, &length, &closed);
        assert_false(closed);
        assert_null(strstr(answer, "\r\n0\r\n"));
        assert_int_equal(seen.gone, 0);
        close(fd);
    }
    assert_int_equal(http_numbers(house->http).connections_open, 0);
}

static void a_stream_waits_for_a_slow_reader(void **state)
{
    struct house *house = *state;
    int room = 16 * 1024;
    int fd = visitor_new(house);

    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    seen.stream_most = SIZE_MAX;
    visitor_say(house, fd, "GET /stream HTTP/1.1\r\n" HOST "\r\n");
    house_turn_for(house, 200);
    size_t ahead = seen.streamed;
    assert_in_range(ahead, 1, 8 * 1024 * 1024);
    house_turn_for(house, 200);
    assert_int_equal(seen.streamed, ahead);
    close(fd);
    house_turn_for(house, 50);
    assert_int_equal(seen.gone, 1);
    assert_int_equal(http_numbers(house->http).connections_open, 0);
}

static void a_stream_that_nobody_takes_is_given_up(void **state)
{
    struct house *house = *state;
    int fd = visitor_new(house);

    house->settings.answer_time = 1;
    seen.stream_most = SIZE_MAX;
    visitor_say(house, fd, "GET /stream HTTP/1.1\r\n" HOST "\r\n");
    house_turn_for(house, 1300);
    assert_int_equal(seen.gone, 1);
    close(fd);
}

static void head_of_a_stream_has_only_its_fields(void **state)
{
    struct house *house = *state;

    seen.stream_most = 1024;
    char *answer = house_ask(house, "HEAD /stream HTTP/1.1\r\n" HOST "\r\n");
    assert_int_equal(answer_status(answer), 200);
    assert_string_equal(strstr(answer, "\r\n\r\n"), "\r\n\r\n");
    assert_int_equal(seen.streamed, 0);
    assert_int_equal(seen.gone, 1);
}

static void stop_loop(evutil_socket_t fd, short what, void *base)
{
    (void)fd;
    (void)what;
    event_base_loopbreak(base);
}

static void without_descriptors_it_waits_and_recovers(void **state)
{
    struct house *house = *state;
    struct rlimit old, none;
    struct timeval wait = { .tv_usec = 400000 };
    int fd = visitor_new(house);

    house_turn_for(house, 20);
    assert_int_equal(http_numbers(house->http).connections_open, 1);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
    int waiting = visitor_new(house);
    none = old;
    none.rlim_cur = (rlim_t)waiting + 1; /* none is free below it */
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);

    clock_t before = clock();
    event_base_once(house->base, -1, EV_TIMEOUT, stop_loop, house->base,
                    &wait);
    event_base_dispatch(house->base);
    assert_true(clock() - before < CLOCKS_PER_SEC / 10);
    setrlimit(RLIMIT_NOFILE, &old);
    assert_int_equal(http_numbers(house->http).connections_open, 1);

    visitor_say(house, waiting, "GET /hello HTTP/1.1\r\n" HOST "\r\n");
    char *answer = visitor_read_answer(house, waiting, true);
    assert_int_equal(answer_status(answer), 200);
    close(fd);
    close(waiting);
}

static void a_full_house_lets_the_longest_idle_go(void **state)
{
    struct house *house = *state;
    char *answer;

    house->settings.connections = 2;
    int first = visitor_new(house);
    visitor_say(house, first, "GET /hello HTTP/1.1\r\n" HOST "\r\n");
    answer = visitor_read_answer(house, first, true);
    int second = visitor_new(house);
    visitor_say(house, second, "GET /hold HTTP/1.1\r\n" HOST "\r\n");
    house_turn_for(house, 10);
    int third = visitor_new(house);
    visitor_say(house, third, "GET /hello HTTP/1.1\r\n" HOST "\r\n");
    answer = visitor_read_answer(house, third, true);
    assert_int_equal(answer_status(answer), 200);
    assert_int_equal(http_numbers(house->http).connections_open, 2);
    respond_text(seen.held, 200, "done");
    close(first);
    close(second);
    close(third);
}

static void a_full_house_lets_the_mute_go_and_none_that_just_came(void **state)
{
    struct house *house = *state;
    char *answer;

    house->settings.connections = 2;
    int first = visitor_new(house);
    int second = visitor_new(house);
    house_turn_for(house, 10);
    int third = visitor_new(house);
    visitor_say(house, third, "GET /hello HTTP/1.1\r\n" HOST "\r\n");
    house_turn_for(house, 100);
    visitor_say(house, second, "GET /hello HTTP/1.1\r\n" HOST);
    assert_int_equal(http_numbers(house->http).connections_total, 2);
    answer = visitor_read_answer(house, third, true);
    assert_int_equal(answer_status(answer), 200);
    visitor_say(house, second, "\r\n");
    answer = visitor_read_answer(house, second, true);
    assert_int_equal(answer_status(answer), 200);
    assert_int_equal(http_numbers(house->http).connections_open, 2);
    close(first);
    close(second);
    close(third);
}

static void one_address_has_its_share_of_connections(void **state)
{
    struct house *house = *state;
    int fds[4];
    size_t length;
    bool closed;

    house->settings.connections_per_address = 3;
    for (size_t i = 0; i < 4; i++)
        fds[i] = visitor_new(house);
    house_turn_for(house, 10);
    assert_int_equal(http_numbers(house->http).connections_open, 3);
    assert_int_equal(http_numbers(house->http).refused, 1);
    char *answer = visitor_read_all(house, fds[3], &length, &closed);
    assert_int_equal(length, 0);
    close(fds[0]);
    house_turn_for(house, 10);
    int again = visitor_new(house);
    visitor_say(house, again, "GET /hello HTTP/1.1\r\n" HOST "\r\n");
    answer = visitor_read_answer(house, again, true);
    assert_int_equal(answer_status(answer), 200);
    for (size_t i = 1; i < 4; i++)
        close(fds[i]);
    close(again);
}

static void note_idle(void *context)
{
    *(bool *)context = true;
}

static void stopping_finishes_what_is_under_way(void **state)
{
    struct house *house = *state;
    bool idle = false;
    int resting = visitor_new(house);
    int fd = visitor_new(house);
    size_t length;
    bool closed;

    visitor_say(house, fd, "GET /hold HTTP/1.1\r\n" HOST "\r\n");
    house_turn_for(house, 20);
    http_drain_soon(house->http, note_idle, &idle);
    house_turn_for(house, 20);
    assert_false(idle);
    assert_int_equal(http_numbers(house->http).connections_open, 2);
    house_turn_for(house, 400);
    assert_int_equal(http_numbers(house->http).connections_open, 1);
    respond_text(seen.held, 200, "done");
    char *answer = visitor_read_all(house, fd, &length, &closed);
    assert_non_null(strstr(answer, "Connection: close\r\n"));
    assert_non_null(strstr(answer, "done"));
    close(fd);
    close(resting);
    house_turn_for(house, 20);
    assert_true(idle);
}

static void a_request_that_was_on_its_way_is_still_answered(void **state)
{
    struct house *house = *state;
    bool idle = false, closed;
    int fresh = visitor_new(house), kept = visitor_new(house);
    size_t length;

    visitor_say(house, kept, "GET /hello HTTP/1.1\r\n" HOST "\r\n");
    visitor_read_answer(house, kept, true);
    http_drain_soon(house->http, note_idle, &idle);
    house_turn_for(house, 50);
    int fds[] = { fresh, kept };
    for (int i = 0; i < 2; i++) {
        visitor_say(house, fds[i], "GET /hello HTTP/1.1\r\n" HOST "\r\n");
        char *answer = visitor_read_all(house, fds[i], &length, &closed);
        assert_int_equal(answer_status(answer), 200);
        assert_non_null(strstr(answer, "Connection: close\r\n"));
        close(fds[i]);
    }
    house_turn_for(house, 20);
    assert_true(idle);
}

static void a_patient_end_hurries_nobody(void **state)
{
    struct house *house = *state;
    bool idle = false;
    int fd = visitor_new(house);

    house->settings.stop_time = 1;
    visitor_say(house, fd, "GET /hello HTTP/1.1\r\n" HOST "\r\n");
    visitor_read_answer(house, fd, true);
    http_drain(house->http, note_idle, &idle);
    house_turn_for(house, 1200);
    assert_false(idle);
    visitor_say(house, fd, "GET /hold HTTP/1.1\r\n" HOST "\r\n");
    house_turn_for(house, 20);
    close(fd);
    house_turn_for(house, 20);
    assert_false(idle); /* somebody still works for who left */
    respond_text(seen.held, 200, "nobody is there");
    house_turn_for(house, 20);
    assert_true(idle);
}

static void stopping_does_not_wait_for_ever(void **state)
{
    struct house *house = *state;
    bool idle = false;
    int fd = visitor_new(house);

    house->settings.stop_time = 1;
    visitor_say(house, fd, "GET /hold HTTP/1.1\r\n" HOST "\r\n");
    house_turn_for(house, 20);
    http_drain_soon(house->http, note_idle, &idle);
    house_turn_for(house, 1200);
    assert_true(idle);
    http_hang_up(house->http);
    respond_text(seen.held, 200, "nobody is there");
    http_free(&house->http);
    close(fd);
}

#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, rooms_open, rooms_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_head_that_drips_is_cut_with_408),
        TEST(a_body_that_does_not_come_is_cut_with_408),
        TEST(who_says_nothing_is_let_go_without_a_word),
        TEST(a_handler_that_never_answers_loses_its_client),
        TEST(an_answer_to_one_who_left_is_dropped),
        TEST(an_error_can_be_read_by_one_who_still_sends),
        TEST(a_stream_comes_in_chunks_and_to_its_end),
        TEST(a_stream_for_http_1_0_ends_with_the_connection),
        TEST(a_stream_that_fails_does_not_look_whole),
        TEST(a_stream_waits_for_a_slow_reader),
        TEST(a_stream_that_nobody_takes_is_given_up),
        TEST(head_of_a_stream_has_only_its_fields),
        TEST(without_descriptors_it_waits_and_recovers),
        TEST(a_full_house_lets_the_longest_idle_go),
        TEST(a_full_house_lets_the_mute_go_and_none_that_just_came),
        TEST(one_address_has_its_share_of_connections),
        TEST(stopping_finishes_what_is_under_way),
        TEST(a_request_that_was_on_its_way_is_still_answered),
        TEST(a_patient_end_hurries_nobody),
        TEST(stopping_does_not_wait_for_ever),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
