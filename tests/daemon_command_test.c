#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

#include "daemon/base/arena.h"
#include "daemon/base/log.h"
#include "daemon/base/token.h"
#include "daemon/store/letter_store.h"
#include "daemon/store/lock.h"
#include "daemon/store/meeting_store.h"
#include "daemon/store/registration_store.h"
#include "daemon/store/seat_store.h"
#include "daemon/store/writing.h"
#include "tests/command_world.h"

/* --- words ------------------------------------------------------------- */

static void the_help_fits_a_screen(void **state)
{
    (void)state;
    struct str out;
    size_t lines = 0;
    str_init(&out, NULL, 65536);
    command_help(&out);
    for (const char *c = out.data; *c; c++)
        lines += *c == '\n';
    assert_true(lines <= 24);
    assert_non_null(strstr(out.data, "alliance add|edit|list|show"));
    assert_non_null(strstr(out.data, "account add|list|passwd"));
    str_free(&out);
}

static void every_command_and_option_says_what_it_is_for(void **state)
{
    (void)state;
    for (size_t i = 0; i < command_count; i++) {
        const struct command *c = &command_table[i];
        size_t options = 0;
        assert_true(c->run || c->run_here);
        assert_true(!c->run_aside || (c->run && c->run_here));
        assert_true(strlen(c->help) > 8);
        assert_true(c->arguments_least <= c->arguments_most);
        assert_true(c->arguments_most <= COMMAND_ARGUMENTS);
        for (; c->options[options].name; options++)
            assert_true(strlen(c->options[options].help) > 5);
        assert_true(options <= COMMAND_OPTIONS);
    }
}

static void mistakes_in_the_words_are_named(void **state)
{
    struct world *world = *state;
    assert_int_equal(RUN(world, "meating", "list"), EXIT_USAGE);
    expect_err(world, "there is no command \"meating\"");
    assert_int_equal(RUN(world, "meeting"), EXIT_USAGE);
    expect_err(world, "usage: convened meeting add|edit|list");
    assert_int_equal(RUN(world, "meeting", "drop"), EXIT_USAGE);
    expect_err(world, "there is no \"meeting drop\", only: meeting add");
    assert_int_equal(RUN(world, "meeting", "list", "--jsn"), EXIT_USAGE);
    expect_err(world, "--jsn: no such option");
    assert_int_equal(RUN(world, "meeting", "list", "--json=1"), EXIT_USAGE);
    expect_err(world, "--json takes no value");
    assert_int_equal(RUN(world, "meeting", "show"), EXIT_USAGE);
    expect_err(world, "usage: convened meeting show ALLIANCE/MEETING");
    assert_int_equal(RUN(world, "alliance", "show", "a", "b"), EXIT_USAGE);
    expect_err(world, "\"b\" is one word too many");
    assert_int_equal(RUN(world, "alliance", "add", "a", "--lang"),
                     EXIT_USAGE);
    expect_err(world, "--lang: a value is missing: de|en");
    assert_int_equal(RUN(world, "alliance", "add", "a", "--lang", "de",
                         "--lang=en"), EXIT_USAGE);
    expect_err(world, "--lang is given twice");
    assert_int_equal(RUN(world, "alliance", "add", "\xff"), EXIT_USAGE);
    expect_err(world, "not valid UTF-8");
    assert_int_equal(RUN(world, "alliance", "add", "a", "--name-de",
                         "a\033[2J"), EXIT_USAGE);
    expect_err(world, "name-de: holds control characters");
    assert_int_equal(RUN(world, "account", "add", "a@example.org"),
                     EXIT_USAGE);
    expect_err(world, "--name TEXT is missing");
}

static void help_is_given_without_doing_anything(void **state)
{
    struct world *world = *state;
    assert_int_equal(RUN(world, "alliance", "add", "x", "--help"),
                     EXIT_FINE);
    assert_null(world->call.command);
    expect_out(world, "usage: convened alliance add SLUG [OPTIONS]");
    expect_out(world, "--mail-from ADDRESS");
    assert_int_equal(RUN(world, "mail", "--help"), EXIT_FINE);
    expect_out(world, "mail retry [ID]");
    assert_int_equal(RUN(world, "migrate", "--help"), EXIT_FINE);
    expect_out(world, "usage: convened migrate [OPTIONS]");
    assert_int_equal(RUN(world, "migrate", "now"), EXIT_USAGE);
    expect_err(world, "\"now\" is one word too many; see convened migrate "
               "--help");
}

static void words_behind_two_hyphens_are_no_options(void **state)
{
    struct world *world = *state;
    assert_int_equal(RUN(world, "alliance", "show", "--", "--help"),
                     EXIT_UNAVAILABLE);
    assert_string_equal(world->call.arguments[0], "--help");
    expect_err(world, "there is no database yet");
}

/* --- state ------------------------------------------------------------- */

static void a_state_that_is_taken_is_left_alone(void **state)
{
    struct world *world = *state;
    struct err err;
    int lock;
    assert_int_equal(state_lock(world->folder, &lock, &err), RC_OK);
    assert_int_equal(RUN(world, "alliance", "list"), EXIT_NOPERM);
    expect_err(world, "belongs to another process");
    close(lock);
}

static void a_missing_folder_is_said(void **state)
{
    struct world *world = *state;
    char *folder = world->settings.state_dir;
    world->settings.state_dir = arena_strdup(world->arena, "/nowhere/at");
    assert_int_equal(RUN(world, "alliance", "list"), EXIT_NOPERM);
    expect_err(world, "/nowhere/at");
    world->settings.state_dir = folder;
}

/* --- alliances --------------------------------------------------------- */

static void an_alliance_is_added_shown_and_changed(void **state)
{
    struct world *world = *state;
    add_saxony(world);
    expect_out(world, "https://convened.example.org/de/sachsen");
    assert_int_equal(world->call.changed, CHANGE_EDIT);
    assert_int_equal(RUN(world, "alliance", "edit", "sachsen",
                         "--contact-phone", "0351 000", "--color",
                         "steelblue", "--bench", "Kammern|Chambers;Andere"),
                     EXIT_FINE);
    assert_int_equal(RUN(world, "alliance", "show", "sachsen"), EXIT_FINE);
    expect_out(world, "name de        Allianz Sachsen\n");
    expect_out(world, "contact phone  0351 000\n");
    expect_out(world, "color          steelblue\n");
    expect_out(world, "bench          Kammern|Chambers;"
               "Gewerkschaften|Unions;Andere|\n");
    assert_int_equal(RUN(world, "alliance", "show", "sachsen", "--json"),
                     EXIT_FINE);
    json_t *record = json_of(world);
    assert_string_equal(json_string_value(json_object_get(record,
                                                          "name_en")),
                        "Alliance of Saxony");
    assert_true(json_is_null(json_object_get(record, "parent")));
    json_decref(record);
}

static void a_region_takes_over_what_it_does_not_say(void **state)
{
    struct world *world = *state;
    add_saxony(world);
    assert_int_equal(RUN(world, "alliance", "add", "dresden", "--name-de",
                         "Allianz Dresden", "--parent", "sachsen"),
                     EXIT_FINE);
    assert_int_equal(RUN(world, "alliance", "list"), EXIT_FINE);
    assert_string_equal(
        world->call.out.data,
        "ALLIANCE  PARENT   NAME DE          NAME EN             MAIL FROM\n"
        "sachsen            Allianz Sachsen  Alliance of Saxony  "
        "sachsen@example.org\n"
        "dresden   sachsen  Allianz Dresden                      "
        "sachsen@example.org\n");
    assert_int_equal(RUN(world, "alliance", "add", "neustadt", "--name-de",
                         "N", "--parent", "dresden"), EXIT_DATA);
    expect_err(world, "--parent: \"dresden\" is a region itself");
    assert_int_equal(RUN(world, "alliance", "edit", "sachsen", "--parent",
                         "sachsen"), EXIT_DATA);
    expect_err(world, "an alliance is not its own region");
    assert_int_equal(RUN(world, "alliance", "add", "bund", "--name-de", "B",
                         "--mail-from", "bund@example.org",
                         "--contact-name", "Alex Muster", "--contact-email",
                         "bund@example.org"), EXIT_FINE);
    assert_int_equal(RUN(world, "alliance", "edit", "sachsen", "--parent",
                         "bund"), EXIT_DATA);
    expect_err(world, "--parent: \"sachsen\" has regions of its own");
}

static void all_mistakes_in_an_alliance_are_said_at_once(void **state)
{
    struct world *world = *state;
    assert_int_equal(RUN(world, "alliance", "add", "Sachsen!", "--name-de",
                         " ", "--mail-from", "mül@example.org",
                         "--contact-email", "x", "--color", "#fff", "--lang",
                         "fr", "--invite", "vielleicht"), EXIT_DATA);
    assert_int_equal(world->call.mistakes, 7);
    expect_err(world, "alliance \"Sachsen!\": ");
    expect_err(world, "--name-de: may not be empty");
    expect_err(world, "--mail-from: \"mül@example.org\": the part before");
    expect_err(world, "--contact-email: \"x\": an address like");
    expect_err(world, "--color: \"#fff\": the name of a CSS colour");
    expect_err(world, "--lang: \"fr\": de or en is expected");
    expect_err(world, "--invite: \"vielleicht\": yes or no is expected");
    assert_int_equal(RUN(world, "alliance", "add", "desk", "--name-de", "D"),
                     EXIT_DATA);
    assert_int_equal(RUN(world, "alliance", "add", "a", "--name-de", "D"),
                     EXIT_USAGE);
    expect_err(world, "--mail-from ADDRESS is missing");
    add_saxony(world);
    assert_int_equal(RUN(world, "alliance", "add", "sachsen", "--name-de",
                         "D", "--mail-from", "a@example.org",
                         "--contact-name", "a", "--contact-email",
                         "a@example.org"), EXIT_DATA);
    expect_err(world, "alliance \"sachsen\" exists already");
}

static void what_is_refused_leaves_no_trace(void **state)
{
    struct world *world = *state;
    add_saxony(world);
    /* The alliance is written before its benches are read. */
    assert_int_equal(RUN(world, "alliance", "add", "dresden", "--name-de",
                         "D", "--parent", "sachsen", "--bench", "A|B;|"),
                     EXIT_DATA);
    expect_err(world, "--bench: \"Deutsch|English\" is expected");
    assert_int_equal(RUN(world, "alliance", "show", "dresden"), EXIT_DATA);
    expect_err(world, "there is no alliance \"dresden\"");
}

/* --- meetings ---------------------------------------------------------- */

static void a_meeting_goes_from_draft_to_public(void **state)
{
    struct world *world = *state;
    add_meeting(world);
    assert_int_equal(RUN(world, "meeting", "list", "sachsen"), EXIT_FINE);
    expect_out(world, "sachsen/arbeit-2030  2027-03-07 10:00  draft");
    assert_int_equal(RUN(world, "meeting", "session", "sachsen/arbeit-2030",
                         "--starts", "2027-03-07 10:00", "--ends",
                         "2027-03-07 10:30", "--title-de", "Begrüßung",
                         "--speaker", "Erika Beispiel"), EXIT_FINE);
    assert_int_equal(RUN(world, "meeting", "publish", "sachsen/arbeit-2030"),
                     EXIT_FINE);
    expect_out(world, "https://convened.example.org/de/sachsen/arbeit-2030");
    assert_int_equal(RUN(world, "meeting", "publish", "sachsen/arbeit-2030"),
                     EXIT_FINE);
    expect_out(world, "it is public already");
    assert_int_equal(RUN(world, "meeting", "show", "sachsen/arbeit-2030",
                         "--json"), EXIT_FINE);
    json_t *record = json_of(world);
    const char *state_word, *starts, *closes, *title;
    int online, keep;
    assert_int_equal(
        json_unpack(record, "{s:s, s:s, s:s, s:i, s:i, s:[{s:s}]}", "state",
                    &state_word, "starts", &starts, "closes", &closes,
                    "online", &online, "keep_days", &keep, "sessions",
                    "title_de", &title), 0);
    assert_string_equal(state_word, "open");
    assert_string_equal(starts, "2027-03-07T09:00:00Z");
    assert_string_equal(closes, starts);
    assert_string_equal(title, "Begrüßung");
    assert_int_equal(online, 500);
    assert_int_equal(keep, 90);
    json_decref(record);
    assert_int_equal(RUN(world, "meeting", "show", "sachsen/arbeit-2030"),
                     EXIT_FINE);
    expect_out(world, "title de           Arbeit im Jahr 2030\n");
}

static void closing_follows_the_start_until_it_is_set(void **state)
{
    struct world *world = *state;
    add_meeting(world);
    assert_int_equal(RUN(world, "meeting", "edit", "sachsen/arbeit-2030",
                         "--starts", "2027-03-07 11:00"), EXIT_FINE);
    assert_int_equal(RUN(world, "meeting", "show", "sachsen/arbeit-2030"),
                     EXIT_FINE);
    expect_out(world, "closes             2027-03-07 11:00\n");
    assert_int_equal(RUN(world, "meeting", "edit", "sachsen/arbeit-2030",
                         "--closes", "2027-03-01 18:00"), EXIT_FINE);
    assert_int_equal(RUN(world, "meeting", "edit", "sachsen/arbeit-2030",
                         "--starts", "2027-03-07 10:00"), EXIT_FINE);
    assert_int_equal(RUN(world, "meeting", "show", "sachsen/arbeit-2030"),
                     EXIT_FINE);
    expect_out(world, "closes             2027-03-01 18:00\n");
}

static int64_t sequence_of(struct world *world)
{
    assert_int_equal(RUN(world, "meeting", "show", "sachsen/arbeit-2030",
                         "--json"), EXIT_FINE);
    json_t *record = json_of(world);
    int64_t sequence = json_integer_value(json_object_get(record,
                                                          "sequence"));
    json_decref(record);
    return sequence;
}

static void calendars_hear_of_texts_but_not_of_seats(void **state)
{
    struct world *world = *state;
    add_meeting(world);
    assert_int_equal(RUN(world, "meeting", "publish", "sachsen/arbeit-2030"),
                     EXIT_FINE);
    int64_t before = sequence_of(world);
    assert_int_equal(RUN(world, "meeting", "edit", "sachsen/arbeit-2030",
                         "--onsite", "300"), EXIT_FINE);
    assert_int_equal(world->call.changed, CHANGE_EDIT);
    assert_int_equal(sequence_of(world), before);
    assert_int_equal(RUN(world, "meeting", "edit", "sachsen/arbeit-2030",
                         "--venue-town", "Musterstadt"), EXIT_FINE);
    assert_int_equal(sequence_of(world), before + 1);
}

static void publishing_needs_seats_and_a_house(void **state)
{
    struct world *world = *state;
    add_saxony(world);
    assert_int_equal(RUN(world, "meeting", "add", "sachsen/leer",
                         "--title-de", "L", "--starts", "2027-03-07 10:00",
                         "--ends", "2027-03-07 11:00"), EXIT_FINE);
    assert_int_equal(RUN(world, "meeting", "publish", "sachsen/leer"),
                     EXIT_DATA);
    expect_err(world, "it has no seats");
    assert_int_equal(RUN(world, "meeting", "edit", "sachsen/leer",
                         "--onsite", "10"), EXIT_FINE);
    assert_int_equal(RUN(world, "meeting", "publish", "sachsen/leer"),
                     EXIT_DATA);
    expect_err(world, "it has seats in a room, but no house");
}

static void the_hour_that_is_missing_is_refused(void **state)
{
    struct world *world = *state;
    add_saxony(world);
    assert_int_equal(RUN(world, "meeting", "add", "sachsen/nacht",
                         "--title-de", "N", "--starts", "2027-03-28 02:30",
                         "--ends", "2027-03-28 11:00"), EXIT_DATA);
    expect_err(world, "--starts: 2027-03-28 02:30 does not exist in "
               "Europe/Berlin");
    assert_int_equal(RUN(world, "meeting", "add", "sachsen/nacht",
                         "--title-de", "N", "--starts", "2027-10-31 02:30",
                         "--ends", "2027-10-31 11:00"), EXIT_FINE);
    expect_err(world, "note: --starts: 2027-10-31 02:30 comes twice");
}

static void all_mistakes_in_a_meeting_are_said(void **state)
{
    struct world *world = *state;
    add_saxony(world);
    assert_int_equal(RUN(world, "meeting", "add", "sachsen/download",
                         "--title-de", "T", "--starts", "morgen", "--ends",
                         "2027-03-07", "--zone", "Berlin", "--geo", "51,x",
                         "--visibility", "secret", "--join-url", "http://x",
                         "--keep-days", "1000"), EXIT_DATA);
    expect_err(world, "meeting \"download\": ");
    expect_err(world, "--zone: \"Berlin\": a zone like Europe/Berlin");
    expect_err(world, "--geo: degrees like");
    expect_err(world, "--visibility: \"secret\"");
    expect_err(world, "--join-url: an address that begins with https://");
    expect_err(world, "--keep-days: \"1000\": a whole number from 0 to 365");
    assert_int_equal(RUN(world, "meeting", "add", "sachsen/a", "--title-de",
                         "T", "--starts", "2027-03-07 11:00", "--ends",
                         "2027-03-07 10:00"), EXIT_DATA);
    expect_err(world, "--ends: has to be after the start");
    assert_int_equal(RUN(world, "meeting", "add", "sachsen/a", "--title-de",
                         "T"), EXIT_USAGE);
    expect_err(world, "--starts is missing");
    assert_int_equal(RUN(world, "meeting", "add", "nirgends/a", "--title-de",
                         "T"), EXIT_DATA);
    expect_err(world, "there is no alliance \"nirgends\"");
    assert_int_equal(RUN(world, "meeting", "show", "sachsen"), EXIT_DATA);
    expect_err(world, "\"sachsen\": ALLIANCE/MEETING is expected");
    assert_int_equal(RUN(world, "meeting", "show", "sachsen/a"), EXIT_DATA);
    expect_err(world, "there is no meeting \"sachsen/a\"");
}

static void a_session_lies_within_its_meeting(void **state)
{
    struct world *world = *state;
    add_meeting(world);
    assert_int_equal(RUN(world, "meeting", "session", "sachsen/arbeit-2030",
                         "--starts", "2027-03-07 09:00", "--ends",
                         "2027-03-07 10:30", "--title-de", "Früh"),
                     EXIT_DATA);
    expect_err(world, "the session has to lie within the meeting");
}

/* --- people and letters ------------------------------------------------ */

struct placing {
    struct job job;
    struct arena *arena;
    int64_t registration_id, letter_id;
};

static enum rc place(struct writer *writer, int64_t now, struct job *job,
                     struct err *err)
{
    struct placing *placing = (struct placing *)(void *)job;
    struct registration registration = {
        .meeting_id = 1,
        .person = {.given_name = "Jörg", .family_name = "Müller",
                   .title = "Dr.", .address = "joerg@example.org",
                   .organisation = "Muster GmbH", .position = "",
                   .bench_id = 1},
        .mode = MODE_ONSITE, .state = REG_REGISTERED, .lang = LANG_DE,
    };
    struct pools pools;
    bool taken;
    if (pool_of_meeting(writer_reader(writer), 1, &pools, err) ||
        pool_take(writer, pools.at[MODE_ONSITE].id, 1, &taken, err) ||
        registration_insert(writer, placing->arena, now, &registration, err))
        return RC_FAIL;
    struct letter letter = {
        .kind = LETTER_CONFIRMATION, .state = LETTER_REFUSED,
        .registration_id = registration.id, .generation = 1,
        .address = "joerg@example.org", .remark = "550 no such user",
        .settled_at = now,
    };
    enum rc rc = letter_insert(writer, now, &letter, err);
    placing->letter_id = letter.id;
    placing->registration_id = registration.id;
    return rc;
}

static void register_somebody(struct world *world)
{
    struct placing placing = {.job = {.run = place}, .arena = world->arena};
    char path[128];
    struct writer *writer;
    struct err err;
    snprintf(path, sizeof path, "%s/convened.db", world->folder);
    assert_int_equal(writer_open(path, false, &writer, &err), RC_OK);
    writing_run_alone(writer, &placing.job, NOW);
    if (placing.job.rc != RC_OK)
        fail_msg("%s", placing.job.err.text);
    writer_close(&writer);
}

static void attendees_are_found(void **state)
{
    struct world *world = *state;
    add_meeting(world);
    register_somebody(world);
    assert_int_equal(RUN(world, "attendees", "list", "sachsen/arbeit-2030",
                         "--search", "muller", "--mode", "onsite", "--state",
                         "registered"), EXIT_FINE);
    expect_out(world, "Müller       Jörg        Dr.    Muster GmbH");
    expect_out(world, "Kammern");
    assert_int_equal(RUN(world, "attendees", "list", "sachsen/arbeit-2030",
                         "--search", "schmidt"), EXIT_FINE);
    assert_string_equal(world->call.out.data, "");
    assert_int_equal(RUN(world, "attendees", "list", "sachsen/arbeit-2030",
                         "--search", "schmidt", "--json"), EXIT_FINE);
    assert_string_equal(world->call.out.data, "[]\n");
    assert_int_equal(RUN(world, "attendees", "list", "sachsen/arbeit-2030",
                         "--mode", "hybrid", "--state", "gone"), EXIT_DATA);
    expect_err(world, "--mode: \"hybrid\"");
    expect_err(world, "--state: \"gone\"");
}

static void seats_are_not_lowered_below_what_is_taken(void **state)
{
    struct world *world = *state;
    add_meeting(world);
    register_somebody(world);
    assert_int_equal(RUN(world, "meeting", "edit", "sachsen/arbeit-2030",
                         "--onsite", "0", "--title-de", "Anders"),
                     EXIT_DATA);
    expect_err(world, "--onsite: 1 people have these seats already");
    assert_int_equal(RUN(world, "meeting", "list"), EXIT_FINE);
    expect_out(world, "Arbeit im Jahr 2030");
}

static void letters_are_listed_and_tried_again(void **state)
{
    struct world *world = *state;
    add_meeting(world);
    register_somebody(world);
    assert_int_equal(RUN(world, "mail", "queue", "--json", "--state",
                         "refused"), EXIT_FINE);
    json_t *rows = json_of(world);
    assert_int_equal(json_array_size(rows), 1);
    const char *address, *word;
    assert_int_equal(json_unpack(json_array_get(rows, 0), "{s:s, s:s}",
                                 "address", &address, "state", &word), 0);
    assert_string_equal(address, "joerg@example.org");
    assert_string_equal(word, "refused");
    json_decref(rows);
    assert_int_equal(RUN(world, "mail", "retry", "1"), EXIT_DATA);
    expect_err(world, "letter 1 does not wait; refused ones need "
               "--refused");
    assert_int_equal(RUN(world, "mail", "retry", "--refused"), EXIT_FINE);
    expect_out(world, "1 letters are due now");
    assert_int_equal(world->call.changed, CHANGE_LETTERS);
    assert_int_equal(RUN(world, "mail", "queue", "--state", "queued"),
                     EXIT_FINE);
    expect_out(world, "joerg@example.org");
    assert_int_equal(RUN(world, "mail", "queue", "--state", "lost"),
                     EXIT_DATA);
    assert_int_equal(RUN(world, "mail", "retry", "x"), EXIT_DATA);
}

static void accounts_keep_only_the_hash(void **state)
{
    struct world *world = *state;
    char hash[PASSWORD_HASH_BYTES];
    add_saxony(world);
    password_hash("sehr geheim 1", hash);
    assert_int_equal(RUN_WITH(world, hash, "account", "add",
                              "erika@example.org", "--name",
                              "Erika Beispiel", "--role", "editor",
                              "--alliance", "sachsen"), EXIT_FINE);
    assert_int_equal(RUN(world, "account", "list"), EXIT_FINE);
    expect_out(world, "erika@example.org  Erika Beispiel  editor  sachsen");
    assert_int_equal(RUN_WITH(world, hash, "account", "add",
                              "Erika@example.org", "--name", "E"),
                     EXIT_DATA);
    expect_err(world, "there is an account");
    assert_int_equal(RUN_WITH(world, "sehr geheim 1", "account", "passwd",
                              "erika@example.org"), EXIT_DATA);
    expect_err(world, "did not arrive as a hash");
    assert_int_equal(RUN_WITH(world, hash, "account", "passwd",
                              "otto@example.org"), EXIT_DATA);
    expect_err(world, "there is no account \"otto@example.org\"");
    assert_int_equal(RUN_WITH(world, hash, "account", "passwd",
                              "erika@example.org"), EXIT_FINE);
    assert_int_equal(RUN_WITH(world, hash, "account", "add", "otto",
                              "--name", "O", "--role", "king"), EXIT_DATA);
    expect_err(world, "\"otto\" is not an e-mail address");
    expect_err(world, "--role: \"king\"");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(the_help_fits_a_screen),
        TEST(every_command_and_option_says_what_it_is_for),
        TEST(mistakes_in_the_words_are_named),
        TEST(help_is_given_without_doing_anything),
        TEST(words_behind_two_hyphens_are_no_options),
        TEST(a_state_that_is_taken_is_left_alone),
        TEST(a_missing_folder_is_said),
        TEST(an_alliance_is_added_shown_and_changed),
        TEST(a_region_takes_over_what_it_does_not_say),
        TEST(all_mistakes_in_an_alliance_are_said_at_once),
        TEST(what_is_refused_leaves_no_trace),
        TEST(a_meeting_goes_from_draft_to_public),
        TEST(closing_follows_the_start_until_it_is_set),
        TEST(calendars_hear_of_texts_but_not_of_seats),
        TEST(publishing_needs_seats_and_a_house),
        TEST(the_hour_that_is_missing_is_refused),
        TEST(all_mistakes_in_a_meeting_are_said),
        TEST(a_session_lies_within_its_meeting),
        TEST(attendees_are_found),
        TEST(seats_are_not_lowered_below_what_is_taken),
        TEST(letters_are_listed_and_tried_again),
        TEST(accounts_keep_only_the_hash),
    };
    token_start();
    log_open("command-test", LOG_LEVEL_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
