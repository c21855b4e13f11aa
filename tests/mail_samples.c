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
#include "tests/mail_post.h"

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
    in->person.family_name = "O’Neill „Mac“ <x> ^, ; : \\ 你好 🙂";
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
