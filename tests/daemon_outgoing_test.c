/* The server's side of the courier's door, with the real door, writer and
 * database; the courier is a socket in the test's hand. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <event2/event.h>
#include <jansson.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/base/clock.h"
#include "daemon/base/mem.h"
#include "daemon/mail/parts.h"
#include "daemon/outgoing.h"
#include "daemon/store/letter_store.h"
#include "tests/mail_post.h"

#define PATIENCE 5000 /* milliseconds */
#define QUIET 150     /* after which nothing more is expected */

struct office {
    struct post *post;
    struct event_base *base;
    struct event *home_event;
    struct writing *writing;
    struct mailbox *home;
    int letters_fd;
    struct outgoing *outgoing;
};

/* A courier by hand. */
struct hand {
    struct office *office;
    int fd;
    char read[1 << 17];
    size_t length;
    json_t *heard;
};

static void jobs_come_home(evutil_socket_t fd, short what, void *context)
{
    const struct office *office = context;

    (void)fd, (void)what;
    writing_come_home(office->home);
}

static int open_office(void **state)
{
    struct office *office = mem_new(sizeof *office);
    void *post;

    clock_set(NOON + MINUTE);
    assert_int_equal(post_open(&post), 0);
    office->post = post;
    office->post->house->settings.run_dir = office->post->house->folder;
    office->base = event_base_new();
    office->home = mailbox_new(0);
    office->letters_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    office->home_event = event_new(office->base, mailbox_fd(office->home),
                                   EV_READ | EV_PERSIST, jobs_come_home,
                                   office);
    event_add(office->home_event, NULL);
    *state = office;
    return 0;
}

/* From now on the writer's thread has the database. */
static void start(struct office *office)
{
    struct house *house = office->post->house;

    office->writing = writing_start(house->writer, 64, office->letters_fd);
    FINE(house, outgoing_open(office->base, &house->settings,
                              office->post->keys, house->reader,
                              office->writing, office->home,
                              office->letters_fd, &office->outgoing,
                              &house->err));
}

static void stop(struct office *office)
{
    if (office->writing == NULL)
        return;
    outgoing_close(&office->outgoing);
    (void)writing_stop(&office->writing);
    jobs_come_home(-1, 0, office);
}

static int close_office(void **state)
{
    struct office *office = *state;
    void *post = office->post;

    stop(office);
    event_free(office->home_event);
    event_base_free(office->base);
    mailbox_free(&office->home);
    close(office->letters_fd);
    mem_free(office);
    clock_set(0);
    return post_close(&post);
}

/* Lets the loop run for some milliseconds. */
static void pass(struct office *office, int ms)
{
    const struct timeval wait = { ms / 1000, ms % 1000 * 1000 };

    event_base_loopexit(office->base, &wait);
    event_base_dispatch(office->base);
}

static struct hand *visit(struct office *office)
{
    struct hand *hand = mem_new(sizeof *hand);
    struct sockaddr_un address = { .sun_family = AF_UNIX };

    hand->office = office;
    hand->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    (void)snprintf(address.sun_path, sizeof address.sun_path,
                   "%s/courier.sock", office->post->house->folder);
    assert_int_equal(connect(hand->fd,
                             (const struct sockaddr *)(const void *)&address,
                             sizeof address), 0);
    return hand;
}

static void leave(struct hand **hand)
{
    json_decref((*hand)->heard);
    close((*hand)->fd);
    mem_free(*hand);
    *hand = NULL;
}

static void say(struct hand *hand, const char *line)
{
    assert_int_equal(send(hand->fd, line, strlen(line), MSG_NOSIGNAL),
                     strlen(line));
}

/* A line and the bodies that it announces; false: not yet. */
static bool take(struct hand *hand)
{
    char *end = memchr(hand->read, '\n', hand->length);
    size_t line = end ? (size_t)(end - hand->read) + 1 : 0, bodies;

    if (!end)
        return false;
    json_t *heard = json_loadb(hand->read, line, 0, NULL);
    assert_true(parts_announced(json_object_get(heard, "parts"), &bodies));
    if (hand->length < line + bodies) {
        json_decref(heard);
        return false;
    }
    json_decref(hand->heard);
    hand->heard = heard;
    hand->length -= line + bodies;
    memmove(hand->read, end + 1 + bodies, hand->length);
    return true;
}

/* The next letter's id; 0: none came in time, -1: we were sent away. */
static int64_t hear(struct hand *hand, int patience)
{
    for (int waited = 0; waited <= patience; waited += 10) {
        ssize_t got;

        if (take(hand))
            return json_integer_value(
                json_object_get(hand->heard, "letter"));
        pass(hand->office, 10);
        got = recv(hand->fd, hand->read + hand->length,
                   sizeof hand->read - hand->length, 0);
        if (got == 0)
            return -1;
        if (got > 0)
            hand->length += (size_t)got;
    }
    return 0;
}

static void done(struct hand *hand, int64_t letter, const char *delivery,
                 const char *remark)
{
    char line[2048];

    (void)snprintf(line, sizeof line,
                   "{\"done\": %lld, \"delivery\": \"%s\", "
                   "\"remark\": \"%s\"}\n", (long long)letter, delivery,
                   remark);
    say(hand, line);
}

/* The letter as it stands in the database now. */
static struct letter row(struct office *office, int64_t id)
{
    struct house *house = office->post->house;
    struct letter letter;

    FINE(house, letter_by_id(house->reader, house->arena, id, &letter,
                             &house->err));
    return letter;
}

/* Waits until the letter has left that state, or was tried that often. */
static struct letter wait_for_attempt(struct office *office, int64_t id)
{
    struct letter letter = row(office, id);

    for (int i = 0; i < 200 && letter.state == LETTER_QUEUED &&
                    letter.attempts == 0; i++) {
        pass(office, 10);
        letter = row(office, id);
    }
    return letter;
}

static const char *to_address(const struct hand *hand)
{
    return json_string_value(json_object_get(
        json_object_get(hand->heard, "parts"), "to_address"));
}

static void two_letters_to_one_address_go_one_after_the_other(void **state)
{
    struct office *office = *state;
    struct registration anna =
        post_register(office->post, "a@example.net", NULL);
    struct letter first = post_letter(office->post, &anna,
                                      LETTER_CONFIRMATION);
    struct letter second = post_letter(office->post, &anna,
                                       LETTER_INVITATION);
    struct hand *hand;

    start(office);
    hand = visit(office);
    say(hand, "{\"ready\": 8}\n");
    assert_int_equal(hear(hand, PATIENCE), first.id);
    assert_string_equal(to_address(hand), "a@example.net");
    assert_int_equal(hear(hand, QUIET), 0);
    done(hand, first.id, "sent", "250 2.0.0 Ok");
    assert_int_equal(hear(hand, PATIENCE), second.id);
    first = row(office, first.id);
    assert_int_equal(first.state, LETTER_SENT);
    assert_int_equal(first.attempts, 1);
    assert_string_equal(first.remark, "250 2.0.0 Ok");
    leave(&hand);
}

static void no_more_letters_go_out_than_were_asked_for(void **state)
{
    struct office *office = *state;
    struct hand *hand;
    int64_t one, two, three;

    (void)post_register(office->post, "a@example.net", NULL);
    (void)post_register(office->post, "b@example.net", NULL);
    (void)post_register(office->post, "c@example.net", NULL);
    start(office);
    hand = visit(office);
    say(hand, "{\"ready\": 2}\n");
    one = hear(hand, PATIENCE);
    two = hear(hand, PATIENCE);
    assert_true(one > 0 && two > one);
    assert_int_equal(hear(hand, QUIET), 0);
    say(hand, "{\"ready\": 1}\n");
    three = hear(hand, PATIENCE);
    assert_true(three > two);
    leave(&hand);
}

static void a_later_is_tried_again_when_its_time_has_come(void **state)
{
    struct office *office = *state;
    struct hand *hand;
    struct letter letter;
    int64_t id;

    (void)post_register(office->post, "a@example.net", NULL);
    start(office);
    hand = visit(office);
    say(hand, "{\"ready\": 1}\n");
    id = hear(hand, PATIENCE);
    done(hand, id, "later", "451 4.7.1 greylisted");
    letter = wait_for_attempt(office, id);
    assert_int_equal(letter.state, LETTER_QUEUED);
    assert_int_equal(letter.attempts, 1);
    assert_true(letter.due_at >= NOON + MINUTE + MINUTE);
    say(hand, "{\"ready\": 1}\n");
    assert_int_equal(hear(hand, QUIET), 0);
    clock_set(letter.due_at);
    say(hand, "{\"ready\": 1}\n");
    assert_int_equal(hear(hand, PATIENCE), id);
    leave(&hand);
}

static void a_refusal_is_for_good_and_the_next_letter_goes(void **state)
{
    struct office *office = *state;
    struct hand *hand;
    int64_t id, next;

    (void)post_register(office->post, "a@example.net", NULL);
    start(office);
    hand = visit(office);
    say(hand, "{\"ready\": 2}\n");
    id = hear(hand, PATIENCE);
    done(hand, id, "refused", "550 5.1.1 unknown");
    next = hear(hand, PATIENCE);
    assert_true(next > id);
    assert_int_equal(row(office, id).state, LETTER_REFUSED);
    leave(&hand);
}

static void what_a_lost_courier_held_goes_to_the_next(void **state)
{
    struct office *office = *state;
    struct hand *hand;
    int64_t id;

    (void)post_register(office->post, "a@example.net", NULL);
    start(office);
    hand = visit(office);
    say(hand, "{\"ready\": 1}\n");
    id = hear(hand, PATIENCE);
    leave(&hand);
    pass(office, 20);
    hand = visit(office);
    say(hand, "{\"ready\": 1}\n");
    assert_int_equal(hear(hand, PATIENCE), id);
    assert_int_equal(row(office, id).attempts, 0);
    leave(&hand);
}

static void the_newest_courier_wins(void **state)
{
    struct office *office = *state;
    struct hand *old, *new;
    int64_t id;

    (void)post_register(office->post, "a@example.net", NULL);
    start(office);
    old = visit(office);
    say(old, "{\"ready\": 1}\n");
    id = hear(old, PATIENCE);
    new = visit(office);
    say(new, "{\"ready\": 1}\n");
    assert_int_equal(hear(new, PATIENCE), id);
    assert_int_equal(hear(old, PATIENCE), -1);
    done(new, id, "sent", "250");
    assert_int_equal(wait_for_attempt(office, id).state, LETTER_SENT);
    leave(&old);
    leave(&new);
}

/* A courier that outlived a server's restart tells what became of letters
 * that this server never gave it; they must not go out twice. */
static void a_result_from_before_a_restart_counts(void **state)
{
    struct office *office = *state;
    struct registration anna =
        post_register(office->post, "a@example.net", NULL);
    struct letter first = post_letter(office->post, &anna,
                                      LETTER_CONFIRMATION);
    struct hand *hand;

    start(office);
    hand = visit(office);
    done(hand, first.id, "sent", "250");
    say(hand, "{\"ready\": 4}\n");
    assert_true(hear(hand, PATIENCE) > first.id);
    assert_int_equal(row(office, first.id).state, LETTER_SENT);
    leave(&hand);
}

static void a_result_told_twice_counts_once(void **state)
{
    struct office *office = *state;
    struct hand *hand;
    struct letter letter;
    int64_t id;

    (void)post_register(office->post, "a@example.net", NULL);
    start(office);
    hand = visit(office);
    say(hand, "{\"ready\": 1}\n");
    id = hear(hand, PATIENCE);
    done(hand, id, "sent", "250 first");
    done(hand, id, "refused", "550 second");
    done(hand, 4711, "sent", "250 never heard of");
    (void)wait_for_attempt(office, id);
    pass(office, QUIET);
    done(hand, id, "refused", "550 third");
    pass(office, QUIET);
    letter = row(office, id);
    assert_int_equal(letter.state, LETTER_SENT);
    assert_int_equal(letter.attempts, 1);
    assert_string_equal(letter.remark, "250 first");
    leave(&hand);
}

static void what_is_no_longer_true_is_dropped_unsent(void **state)
{
    struct office *office = *state;
    struct registration anna =
        post_register(office->post, "a@example.net", NULL);
    struct letter confirmation = post_letter(office->post, &anna,
                                             LETTER_CONFIRMATION);
    struct letter goodbye;
    struct hand *hand;

    post_cancel(office->post, NOON + 1, &anna);
    goodbye = post_letter(office->post, &anna, LETTER_GOODBYE);
    clock_set(NOON - 1); /* they are written while the server runs */
    start(office);
    clock_set(NOON + MINUTE);
    hand = visit(office);
    say(hand, "{\"ready\": 4}\n");
    assert_int_equal(hear(hand, PATIENCE), goodbye.id);
    done(hand, goodbye.id, "sent", "250");
    assert_int_equal(hear(hand, QUIET), 0);
    assert_int_equal(row(office, confirmation.id).state, LETTER_DROPPED);
    assert_int_equal(row(office, confirmation.id).attempts, 0);
    assert_int_equal(
        house_number(office->post->house,
                     "SELECT count(*) FROM letter WHERE state = 0"), 0);
    leave(&hand);
}

/* The relay had said yes, and the courier died before it could tell. */
static void what_may_have_gone_out_before_a_restart_is_taken_back(
    void **state)
{
    struct office *office = *state;
    struct registration anna =
        post_register(office->post, "a@example.net", NULL);
    struct letter invitation = post_letter(office->post, &anna,
                                           LETTER_INVITATION);
    struct hand *hand;
    int64_t goodbye;

    post_cancel(office->post, NOON + 1, &anna);
    start(office);
    hand = visit(office);
    say(hand, "{\"ready\": 4}\n");
    goodbye = hear(hand, PATIENCE);
    done(hand, goodbye, "sent", "250");
    assert_int_equal(hear(hand, PATIENCE),
                     post_letter(office->post, &anna, LETTER_WITHDRAWAL).id);
    assert_int_equal(row(office, invitation.id).state, LETTER_DROPPED);
    assert_int_equal(row(office, invitation.id).attempts, 1);
    leave(&hand);
}

static void a_letter_that_cannot_be_written_waits(void **state)
{
    struct office *office = *state;
    struct hand *hand;
    struct letter letter;
    struct registration anna =
        post_register(office->post, "a@example.net", NULL);

    letter = post_letter(office->post, &anna, LETTER_CONFIRMATION);
    office->post->house->alliance.mail_from = "nobody";
    post_edit_alliance(office->post);
    start(office);
    hand = visit(office);
    say(hand, "{\"ready\": 4}\n");
    letter = wait_for_attempt(office, letter.id);
    assert_int_equal(letter.state, LETTER_QUEUED);
    assert_int_equal(letter.attempts, 1);
    assert_non_null(strstr(letter.remark, "no address to send from"));
    assert_int_equal(hear(hand, QUIET), 0);
    leave(&hand);
}

struct signing_up {
    struct job job;
    struct signup in;
    bool done;
};

static enum rc sign_up(struct writer *writer, int64_t now, struct job *job,
                       struct err *err)
{
    struct signing_up *signing = (struct signing_up *)(void *)job;
    struct signup_result out;

    job->changed = CHANGE_LETTERS;
    return signup_place(writer, now, &signing->in, &out, err);
}

static void signed_up(struct job *job)
{
    ((struct signing_up *)(void *)job)->done = true;
}

static void a_new_letter_does_not_wait_for_a_clock(void **state)
{
    struct office *office = *state;
    struct signing_up signing = {
        .job = { .run = sign_up, .done = signed_up },
        .in = house_signup(office->post->house, "Neu", "Dabei",
                           "neu@example.net"),
    };
    struct hand *hand;

    start(office);
    hand = visit(office);
    say(hand, "{\"ready\": 4}\n");
    assert_int_equal(hear(hand, QUIET), 0);
    signing.job.home = office->home;
    assert_true(writing_submit(office->writing, &signing.job));
    assert_true(hear(hand, 1000) > 0);
    assert_true(signing.done);
    leave(&hand);
}

static void remarks_are_one_short_line(void **state)
{
    struct office *office = *state;
    struct hand *hand;
    struct letter letter;
    char remark[600];
    int64_t id;

    (void)post_register(office->post, "a@example.net", NULL);
    start(office);
    hand = visit(office);
    say(hand, "{\"ready\": 1}\n");
    id = hear(hand, PATIENCE);
    memset(remark, 'x', sizeof remark);
    memcpy(remark, "550 a\\r\\nb\\u001b", 16);
    remark[sizeof remark - 1] = '\0';
    done(hand, id, "refused", remark);
    letter = wait_for_attempt(office, id);
    assert_int_equal(strlen(letter.remark), 200);
    assert_memory_equal(letter.remark, "550 a  b xxx", 12);
    leave(&hand);
}

static void nonsense_is_sent_away(void **state)
{
    static const char *const lines[] = {
        "{}\n", "{\"ready\": 0}\n", "{\"ready\": -1}\n",
        "{\"ready\": 65}\n", "{\"ready\": \"4\"}\n", "{\"ready\": null}\n",
        "{\"done\": 1}\n", "{\"done\": 1, \"delivery\": \"sent\"}\n",
        "{\"done\": \"1\", \"delivery\": \"sent\", \"remark\": \"\"}\n",
        "{\"done\": 1, \"delivery\": \"lost\", \"remark\": \"\"}\n",
        "{\"done\": 1, \"delivery\": 7, \"remark\": \"\"}\n",
        "{\"words\": [\"account\", \"list\"]}\n", "[]\n", "\n",
        "{\"ready\": 1, \"ready\": 1}\n",
    };
    struct office *office = *state;

    (void)post_register(office->post, "a@example.net", NULL);
    start(office);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct hand *hand = visit(office);

        say(hand, lines[i]);
        assert_int_equal(hear(hand, PATIENCE), -1);
        leave(&hand);
    }
}

#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, open_office, close_office)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(two_letters_to_one_address_go_one_after_the_other),
        TEST(no_more_letters_go_out_than_were_asked_for),
        TEST(a_later_is_tried_again_when_its_time_has_come),
        TEST(a_refusal_is_for_good_and_the_next_letter_goes),
        TEST(what_a_lost_courier_held_goes_to_the_next),
        TEST(the_newest_courier_wins),
        TEST(a_result_from_before_a_restart_counts),
        TEST(a_result_told_twice_counts_once),
        TEST(what_is_no_longer_true_is_dropped_unsent),
        TEST(what_may_have_gone_out_before_a_restart_is_taken_back),
        TEST(a_letter_that_cannot_be_written_waits),
        TEST(a_new_letter_does_not_wait_for_a_clock),
        TEST(remarks_are_one_short_line),
        TEST(nonsense_is_sent_away),
    };

    return cmocka_run_group_tests_name("daemon_outgoing", tests, NULL, NULL);
}
