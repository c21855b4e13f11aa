/* The sealed receipt: what it keeps, that it is the same for the same form,
 * and that nobody can make one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/base/arena.h"
#include "daemon/base/token.h"
#include "web/pages/receipt.h"

#define NOW INT64_C(1800000000)

struct room {
    struct arena *arena;
    struct keyring *keys;
    struct receipt receipt;
};

static struct keyring *new_keys(void)
{
    char path[] = "/tmp/convened-receipt-XXXXXX";
    struct keyring *keys = NULL;
    struct err err;

    assert_non_null(mkdtemp(path));
    char file[sizeof path + 4];
    memcpy(file, path, sizeof path - 1);
    memcpy(file + sizeof path - 1, "/key", 5);
    assert_int_equal(keyring_load(file, true, &keys, &err), RC_OK);
    unlink(file);
    rmdir(path);
    return keys;
}

static int set_up(void **state)
{
    struct arena *arena = arena_new();
    struct room *room = ARENA_NEW(arena, struct room);

    token_start();
    room->arena = arena;
    room->keys = new_keys();
    room->receipt = (struct receipt){
        .meeting_id = 42,
        .expires_at = NOW + RECEIPT_LIFE,
        .wants_invite = true,
        .count = 1,
        .people = { { .person = { .given_name = "Zoë",
                                  .family_name = "Đặng",
                                  .title = "Dr.",
                                  .address = "zoe@example.org",
                                  .organisation = "Musterwerk GmbH",
                                  .position = "",
                                  .bench_id = 9 },
                      .mode = MODE_ONLINE,
                      .state = REG_WAITING } },
    };
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

static char *make(struct room *room)
{
    return receipt_make(room->arena, room->keys, &room->receipt);
}

static enum receipt_verdict open_at(struct room *room, const char *text,
                                    int64_t now, struct receipt *out)
{
    return receipt_open(room->arena, room->keys, text, now, out);
}

static void what_was_entered_comes_back(void **state)
{
    struct room *room = *state;
    struct receipt back;

    assert_int_equal(open_at(room, make(room), NOW, &back), RECEIPT_OK);
    assert_int_equal(back.meeting_id, 42);
    assert_int_equal(back.expires_at, NOW + RECEIPT_LIFE);
    assert_int_equal(back.count, 1);
    assert_int_equal(back.people[0].mode, MODE_ONLINE);
    assert_int_equal(back.people[0].state, REG_WAITING);
    assert_true(back.wants_invite);
    assert_false(back.may_wait);
    assert_int_equal(back.people[0].person.bench_id, 9);
    assert_string_equal(back.people[0].person.given_name, "Zoë");
    assert_string_equal(back.people[0].person.family_name, "Đặng");
    assert_string_equal(back.people[0].person.title, "Dr.");
    assert_string_equal(back.people[0].person.address, "zoe@example.org");
    assert_string_equal(back.people[0].person.organisation, "Musterwerk GmbH");
    assert_string_equal(back.people[0].person.position, "");
}

static void the_same_form_gives_the_same_receipt(void **state)
{
    struct room *room = *state;
    char *first = make(room);

    assert_string_equal(first, make(room));
    room->receipt.people[0].person.given_name = "Zoe";
    assert_string_not_equal(first, make(room));
}

static void another_outcome_is_another_receipt(void **state)
{
    struct room *room = *state;
    char *first = make(room);

    room->receipt.people[0].state = REG_REGISTERED;
    assert_string_not_equal(first, make(room));
    room->receipt.people[0].state = REG_WAITING;
    room->receipt.may_wait = true;
    assert_string_not_equal(first, make(room));
}

static void add_guest(struct room *room, const struct person *person,
                      enum mode mode, enum registration_state state)
{
    room->receipt.people[room->receipt.count++] =
        (struct receipt_person){ *person, mode, state };
}

/* Each with her own mode and state; of those brought along only names and
 * address are kept. */
static void everybody_of_a_party_comes_back(void **state)
{
    const struct person with = { .given_name = "An", .family_name = "Ba",
                                 .address = "an@example.org",
                                 .organisation = "Musterwerk GmbH",
                                 .bench_id = 9 };
    const struct person without = { .given_name = "", .family_name = "Co" };
    struct room *room = *state;
    struct receipt back;

    add_guest(room, &with, MODE_ONSITE, REG_REGISTERED);
    add_guest(room, &without, MODE_ONLINE, REG_WAITING);
    assert_int_equal(open_at(room, make(room), NOW, &back), RECEIPT_OK);
    assert_int_equal(back.count, 3);
    assert_string_equal(back.people[0].person.family_name, "Đặng");
    assert_string_equal(back.people[1].person.address, "an@example.org");
    assert_string_equal(back.people[1].person.organisation, "");
    assert_int_equal(back.people[1].mode, MODE_ONSITE);
    assert_int_equal(back.people[1].state, REG_REGISTERED);
    assert_string_equal(back.people[2].person.family_name, "Co");
    assert_null(back.people[2].person.address);
    assert_int_equal(back.people[2].mode, MODE_ONLINE);
    assert_int_equal(back.people[2].state, REG_WAITING);
}

static void it_ends_when_it_says(void **state)
{
    struct room *room = *state;
    struct receipt back;
    char *text = make(room);
    int64_t end = NOW + RECEIPT_LIFE;

    assert_int_equal(open_at(room, text, end - 1, &back), RECEIPT_OK);
    assert_int_equal(open_at(room, text, end, &back), RECEIPT_EXPIRED);
}

static void a_changed_or_foreign_one_is_broken(void **state)
{
    struct room *room = *state;
    struct receipt back;
    char *text = make(room);
    struct keyring *foreign = new_keys();

    assert_int_equal(receipt_open(room->arena, foreign, text, NOW, &back),
                     RECEIPT_BROKEN);
    keyring_free(&foreign);
    for (size_t i = 0; i < strlen(text); i += 7) {
        char *changed = arena_strdup(room->arena, text);

        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        assert_int_equal(open_at(room, changed, NOW, &back), RECEIPT_BROKEN);
    }
    assert_int_equal(open_at(room, "", NOW, &back), RECEIPT_BROKEN);
    assert_int_equal(open_at(room, "x", NOW, &back), RECEIPT_BROKEN);
    text[strlen(text) / 2] = '\0';
    assert_int_equal(open_at(room, text, NOW, &back), RECEIPT_BROKEN);
}

static const char *hundred_times(struct room *room, const char *letter)
{
    size_t length = strlen(letter);
    char *text = arena_alloc(room->arena, length * 100 + 1);

    for (size_t i = 0; i < 100; i++)
        memcpy(text + i * length, letter, length);
    return text;
}

/* Names stay whole as long as they can; the address always does. */
static void the_longest_entries_still_fit_an_address(void **state)
{
    struct room *room = *state;
    struct person *person = &room->receipt.people[0].person;
    char *address = arena_alloc(room->arena, 255);
    struct receipt back;

    memset(address, 'a', 254);
    memcpy(address + 242, "@example.org", 12);
    person->address = address;
    person->given_name = person->family_name = person->title =
        person->organisation = person->position = hundred_times(room, "𝄞");
    char *text = make(room);
    assert_in_range(strlen(text), 1, RECEIPT_MOST);
    assert_int_equal(open_at(room, text, NOW, &back), RECEIPT_OK);
    assert_string_equal(back.people[0].person.address, address);
    assert_int_equal(strncmp(back.people[0].person.family_name,
                             person->family_name, 300), 0);

    person->given_name = person->family_name = hundred_times(room, "ü");
    person->title = "Dr.";
    person->organisation = person->position = hundred_times(room, "a");
    text = make(room);
    assert_in_range(strlen(text), 1, RECEIPT_MOST);
    assert_int_equal(open_at(room, text, NOW, &back), RECEIPT_OK);
    assert_string_equal(back.people[0].person.family_name, person->family_name);
    assert_string_equal(back.people[0].person.position, person->position);
}

/* Ten people with the longest names in the widest script. */
static void the_longest_party_still_fits_an_address(void **state)
{
    struct room *room = *state;
    struct person *lead = &room->receipt.people[0].person;
    char *address = arena_alloc(room->arena, 255);
    struct receipt back;

    memset(address, 'a', 254);
    memcpy(address + 242, "@example.org", 12);
    *lead = (struct person){ .address = address };
    lead->given_name = lead->family_name = lead->title =
        lead->organisation = lead->position = hundred_times(room, "𝄞");
    while (room->receipt.count < SIGNUP_PEOPLE_MOST)
        add_guest(room, lead, MODE_ONSITE, REG_UNCONFIRMED);
    char *text = make(room);
    assert_in_range(strlen(text), 1, RECEIPT_MOST);
    assert_int_equal(open_at(room, text, NOW, &back), RECEIPT_OK);
    assert_int_equal(back.count, SIGNUP_PEOPLE_MOST);
    assert_string_equal(back.people[0].person.address, address);
    assert_int_equal(strncmp(back.people[9].person.family_name,
                             lead->family_name, 24), 0);
}

static void answers_travel_with_it_as_far_as_there_is_room(void **state)
{
    struct room *room = *state;
    const int64_t chosen[] = { 7, 12345 };
    struct answer items[30] = {
        { .question_id = 3, .options = chosen, .option_count = 2 },
        { .question_id = 4, .value = "two\nlines = 1:2,3" },
    };
    struct answers *answers = &room->receipt.answers;
    struct receipt back;

    *answers = (struct answers){ items, 2 };
    assert_int_equal(open_at(room, make(room), NOW, &back), RECEIPT_OK);
    assert_int_equal(back.answers.count, 2);
    assert_true(answer_has_option(&back.answers, 7));
    assert_true(answer_has_option(&back.answers, 12345));
    assert_string_equal(answer_find(&back.answers, 4)->value,
                        "two\nlines = 1:2,3");

    for (size_t i = 1; i < 30; i++)
        items[i] = (struct answer){ .question_id = (int64_t)i + 100,
                                    .value = hundred_times(room, "ü") };
    answers->count = 3;
    assert_int_equal(open_at(room, make(room), NOW, &back), RECEIPT_OK);
    assert_int_equal(back.answers.count, 3);
    assert_string_equal(answer_find(&back.answers, 101)->value,
                        hundred_times(room, "ü"));
    answers->count = 30;
    char *text = make(room);
    assert_in_range(strlen(text), 1, RECEIPT_MOST);
    assert_int_equal(open_at(room, text, NOW, &back), RECEIPT_OK);
    assert_in_range(back.answers.count, 20, 30);
}

#define IN_ROOM(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_ROOM(what_was_entered_comes_back),
        IN_ROOM(the_same_form_gives_the_same_receipt),
        IN_ROOM(another_outcome_is_another_receipt),
        IN_ROOM(everybody_of_a_party_comes_back),
        IN_ROOM(it_ends_when_it_says),
        IN_ROOM(a_changed_or_foreign_one_is_broken),
        IN_ROOM(the_longest_entries_still_fit_an_address),
        IN_ROOM(answers_travel_with_it_as_far_as_there_is_room),
        IN_ROOM(the_longest_party_still_fits_an_address),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
