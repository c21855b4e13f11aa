/* Writes every kind of letter as the courier would send it into the folder
 * given, for mail_check.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "daemon/base/files.h"
#include "daemon/mail/mime.h"
#include "daemon/store/registration_store.h"
#include "tests/mail_life.h"

struct samples {
    const char *folder;
    struct post *post;
};

static void write_sample(struct samples *samples, const char *name,
                         const struct registration *registration,
                         enum letter_kind kind)
{
    struct house *house = samples->post->house;
    struct parts parts = post_parts(samples->post, registration, kind);
    struct str mail;

    str_init(&mail, house->arena, 1 << 20);
    mime_write(&parts, &mail);
    assert_false(mail.overflow);
    FINE(house, file_write(arena_printf(house->arena, "%s/%s.eml",
                                        samples->folder, name),
                           mail.data, mail.length, 0600, &house->err));
}

static void english_and_online(struct signup *in)
{
    in->lang = LANG_EN;
    in->mode = MODE_ONLINE;
    in->person.given_name = "";
    in->person.family_name = "O’Neill-Mac Þórsdóttir 你好 Mu\u0308ller "
                             "J. R. Łęcka";
}

static void write_german(struct samples *samples)
{
    struct post *post = samples->post;
    struct registration anna =
        post_register(post, "anna.lecka@example.net", NULL);
    struct signup again = house_signup(post->house, "Đặng Anna",
                                       "Łęcka-Müller",
                                       "anna.lecka@example.net");
    struct letter request;

    write_sample(samples, "de-confirmation", &anna, LETTER_CONFIRMATION);
    write_sample(samples, "de-chain-1", &anna, LETTER_INVITATION);
    request = post_letter(post, &anna, LETTER_INVITATION);
    post_settle(post, &request, DELIVERY_SENT);
    (void)house_place(post->house, NOON + 2 * HOUR, &again);
    write_sample(samples, "de-already", &anna, LETTER_ALREADY);
    post_cancel(post, NOON + 3 * HOUR, &anna);
    write_sample(samples, "de-goodbye", &anna, LETTER_GOODBYE);
    write_sample(samples, "de-chain-2", &anna, LETTER_WITHDRAWAL);
}

static void write_english(struct samples *samples)
{
    struct post *post = samples->post;
    struct house *house = post->house;
    struct registration afar;
    struct letter request;

    house->settings.demo = true;
    house->alliance.name.en = "Alliance, \"with\" quotes; and: more";
    post_edit_alliance(post);
    house->meeting.title.en = "Zusammen in die Zukunft – Chancen für "
                              "Sachsen: Arbeit im Jahr 2030 – digital "
                              "und vielfältig, „Größe“ \\ ; inklusive";
    post_edit_meeting(post);
    afar = post_register(post, "mac@example.net", english_and_online);
    write_sample(samples, "en-confirmation", &afar, LETTER_CONFIRMATION);
    write_sample(samples, "en-chain-1", &afar, LETTER_INVITATION);
    request = post_letter(post, &afar, LETTER_INVITATION);
    post_settle(post, &request, DELIVERY_SENT);
    post_cancel(post, NOON + 3 * HOUR, &afar);
    write_sample(samples, "en-chain-2", &afar, LETTER_WITHDRAWAL);
}

/* The last of all: the meeting does not take place. */
static void write_called_off(struct samples *samples)
{
    static const struct bilingual reason = {
        "Der Saal steht „unter Wasser“ <x>; \\ 🙂.", "A flood – „sorry“.",
    };
    struct post *post = samples->post;
    struct registration anna =
        post_register(post, "anna.lecka@example.net", NULL);
    struct registration afar =
        post_register(post, "mac@example.net", english_and_online);
    struct letter request;

    write_sample(samples, "off-chain-1", &anna, LETTER_INVITATION);
    request = post_letter(post, &anna, LETTER_INVITATION);
    post_settle(post, &request, DELIVERY_SENT);
    post_call_off(post, &reason);
    write_sample(samples, "de-called-off", &anna, LETTER_CALLED_OFF);
    write_sample(samples, "en-called-off", &afar, LETTER_CALLED_OFF);
    write_sample(samples, "off-chain-2", &anna, LETTER_WITHDRAWAL);
}

/* ---- between the form and the end, in both languages ---- */

static void with_cleo(struct signup *in)
{
    static const struct signup_guest guests[] = { {
        .person = { .given_name = "Cleo", .family_name = "Muster",
                    .title = "", .organisation = "", .position = "" },
        .may_wait = true,
    }, {
        .person = { .given_name = "", .family_name = "<b>Kaufen</b>",
                    .title = "", .organisation = "", .position = "" },
        .may_wait = true,
    } };

    in->guests = guests;
    in->guest_count = 2;
}

static void with_cleo_in_english(struct signup *in)
{
    with_cleo(in);
    in->lang = LANG_EN;
}

static post_change *const in_language[LANG_COUNT] = {
    [LANG_DE] = with_cleo, [LANG_EN] = with_cleo_in_english,
};

static void write_one(struct samples *samples, enum lang lang,
                      const char *name, const struct registration *r,
                      enum letter_kind kind)
{
    write_sample(samples, arena_printf(samples->post->house->arena, "%s-%s",
                                       lang_code(lang), name), r, kind);
}

static void write_registered(struct samples *samples, enum lang lang)
{
    struct post *post = samples->post;
    struct house *house = post->house;
    struct registration anna = life_come(post, "anna.lecka@example.net",
                                         in_language[lang]);
    struct registration companion;
    struct registrations led;
    struct letter request;

    write_one(samples, lang, "party", &anna, LETTER_CONFIRMATION);
    FINE(house, registration_led_by(house->reader, house->arena, anna.id,
                                    &led, &house->err));
    companion = led.items[0];
    write_one(samples, lang, "move-1", &anna, LETTER_INVITATION);
    request = post_letter(post, &anna, LETTER_INVITATION);
    post_settle(post, &request, DELIVERY_SENT);
    life_prove(post, "anna.lecka@example.net");
    life_go_online(post, NOON + HOUR, &anna);
    write_one(samples, lang, "changed", &anna, LETTER_CHANGED);
    write_one(samples, lang, "move-2", &anna, LETTER_INVITATION);
    request = post_letter(post, &anna, LETTER_INVITATION);
    post_settle(post, &request, DELIVERY_SENT);
    life_wish_online(post, NOON + HOUR, &companion);
    write_one(samples, lang, "wish-to-host", &companion,
              LETTER_WISH_TO_HOST);
    life_decline_wishes(post, NOON + HOUR, &companion,
                        "„Voll“ <x>; \\ 🙂.");
    write_one(samples, lang, "wish-declined", &companion,
              LETTER_WISH_DECLINED);
    life_tell(post, &anna, LETTER_LINKS);
    write_one(samples, lang, "links", &anna, LETTER_LINKS);
    life_tell(post, &anna, LETTER_HANDED_OVER);
    write_one(samples, lang, "handed-over", &anna, LETTER_HANDED_OVER);
    post_cancel(post, NOON + 2 * HOUR, &anna);
    write_one(samples, lang, "move-3", &anna, LETTER_WITHDRAWAL);
    write_one(samples, lang, "left", &anna, LETTER_GOODBYE);
}

static void write_queue(struct samples *samples, enum lang lang)
{
    struct post *post = samples->post;
    struct meeting *meeting = &post->house->meeting;
    struct registration anna, moved;

    life_fill(post, 3);
    moved = life_come(post, "moved@example.net", in_language[lang]);
    life_raise(post, 6);
    write_one(samples, lang, "moved-up", &moved, LETTER_MOVED_UP);
    meeting->claim_term = DAY;
    post_edit_meeting(post);
    anna = life_come(post, "anna.lecka@example.net", in_language[lang]);
    write_one(samples, lang, "waiting", &anna, LETTER_WAITING);
    (void)life_come_at(post, NOON + HOUR, "anna.lecka@example.net",
                       in_language[lang]);
    write_one(samples, lang, "already-waiting", &anna, LETTER_ALREADY);
    life_raise(post, 9);
    write_one(samples, lang, "offer", &anna, LETTER_OFFER);
    life_expire(post, NOON + 2 * DAY);
    write_one(samples, lang, "lapsed", &anna, LETTER_LAPSED);
}

static void write_decided(struct samples *samples, enum lang lang)
{
    struct post *post = samples->post;
    struct meeting *meeting = &post->house->meeting;
    struct registration anna, ben;

    meeting->confirm_term = 2 * DAY;
    meeting->approval = APPROVAL_HOLDS;
    post_edit_meeting(post);
    anna = life_come(post, "anna.lecka@example.net", in_language[lang]);
    write_one(samples, lang, "confirm-address", &anna,
              LETTER_CONFIRM_ADDRESS);
    meeting->confirm_term = 0;
    post_edit_meeting(post);
    ben = life_come(post, "ben@example.net", in_language[lang]);
    write_one(samples, lang, "pending", &ben, LETTER_PENDING);
    life_decide(post, &ben, false, "Leider „voll“ <x>; \\ 🙂.");
    write_one(samples, lang, "declined", &ben, LETTER_DECLINED);
}

typedef void write_some(struct samples *, enum lang);

/* Each in a house of its own. */
static void write_life(struct samples *samples)
{
    static write_some *const parts[] = { write_registered, write_queue,
                                         write_decided };

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        for (int lang = 0; lang < LANG_COUNT; lang++) {
            void *post;

            assert_int_equal(life_open(&post), 0);
            samples->post = post;
            parts[i](samples, (enum lang)lang);
            assert_int_equal(post_close(&post), 0);
        }
}

static void every_kind_is_written(void **state)
{
    struct samples samples = { .folder = *state };
    void *post;

    assert_int_equal(post_open(&post), 0);
    samples.post = post;
    write_german(&samples);
    write_english(&samples);
    write_called_off(&samples);
    assert_int_equal(post_close(&post), 0);
    write_life(&samples);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(every_kind_is_written,
                                  argc > 1 ? argv[1] : NULL),
    };

    if (argc != 2) {
        fputs("usage: mail_samples FOLDER\n", stderr);
        return 64;
    }
    mime_start();
    return cmocka_run_group_tests_name("mail_samples", tests, NULL, NULL);
}
