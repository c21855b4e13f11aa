/* The letters between the form and the end, and when each is no longer true:
 * the queue, confirmation, approval, companions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/store/registration_store.h"
#include "tests/mail_life.h"

#define ANNA "anna.lecka@example.net"
#define BEN "ben@example.net"

static bool holds(struct post *post, const struct registration *r,
                  enum letter_kind kind, int64_t now)
{
    struct letter letter = post_letter(post, r, kind);
    struct parts parts;

    return post_render(post, now, &letter, &parts);
}

static const char *link_of(struct post *post, const struct registration *r)
{
    return arena_printf(post->house->arena,
                        "https://termine.example.org/%s/r/%s",
                        lang_code(r->lang),
                        token_make(post->house->arena, post->keys,
                                   TOKEN_REGISTRATION, &r->public_id,
                                   r->generation));
}

/* So many seats, all taken, and whoever waits is asked within a day. */
static void fill_and_ask(struct post *post, int64_t seats)
{
    post->house->meeting.claim_term = DAY;
    post_edit_meeting(post);
    life_fill(post, seats);
}

/* Where an organiser decides. */
static struct registration come_for_approval(struct post *post,
                                             enum approval approval)
{
    post->house->meeting.approval = approval;
    post_edit_meeting(post);
    return life_come(post, ANNA, NULL);
}

/* ---- the address ---- */

static void an_address_is_confirmed_through_the_link(void **state)
{
    struct post *post = *state;
    struct registration anna, now;
    struct parts parts;

    post->house->meeting.confirm_term = 2 * DAY;
    post_edit_meeting(post);
    anna = life_come(post, ANNA, NULL);
    assert_int_equal(anna.state, REG_UNCONFIRMED);
    parts = post_parts(post, &anna, LETTER_CONFIRM_ADDRESS);
    HAS(parts.subject, "Bitte bestätigen Sie Ihre E-Mail-Adresse: ");
    HAS(parts.text, link_of(post, &anna));
    HAS(parts.text, "Das geht bis Sonntag, 17. Januar 2027, 09:00 Uhr.");
    LACKS(parts.text, anna.reference);
    LACKS(parts.text, "Sie nehmen");
    LACKS(parts.text, "Platz");
    LACKS(parts.text, "Beispiel GmbH");
    assert_true(holds(post, &anna, LETTER_CONFIRM_ADDRESS,
                      NOON + 2 * DAY - 1));
    assert_false(holds(post, &anna, LETTER_CONFIRM_ADDRESS,
                       NOON + 2 * DAY));
    life_confirm(post, &anna);
    assert_false(holds(post, &anna, LETTER_CONFIRM_ADDRESS, NOON + HOUR));
    now = life_now(post, &anna);
    assert_int_equal(now.state, REG_REGISTERED);
    assert_true(holds(post, &anna, LETTER_CONFIRMATION, NOON + HOUR));
}

/* ---- the queue ---- */

static void whoever_waits_is_told_her_place_as_it_is_now(void **state)
{
    struct post *post = *state;
    struct registration first, anna;
    struct parts parts;

    life_fill(post, 1);
    first = life_come(post, BEN, NULL);
    anna = life_come(post, ANNA, NULL);
    parts = post_parts(post, &anna, LETTER_WAITING);
    assert_string_equal(parts.subject, "Auf der Warteliste: Arbeit 2030, "
                                       "14. Februar 2027");
    HAS(parts.text, "Ihr Platz auf der Warteliste: 2\n");
    HAS(parts.text, "gehört er Ihnen, und wir schreiben Ihnen");
    HAS(parts.text, link_of(post, &anna));
    LACKS(parts.text, anna.reference);
    post_cancel(post, NOON + 1, &first);
    parts = post_parts(post, &anna, LETTER_WAITING);
    HAS(parts.text, "Ihr Platz auf der Warteliste: 1\n");
    HAS(parts.html, "Ihr Platz auf der Warteliste: 1<");
    assert_true(holds(post, &anna, LETTER_WAITING, NOON + 30 * DAY - 1));
    assert_false(holds(post, &anna, LETTER_WAITING, NOON + 30 * DAY));
}

static void whoever_moved_up_gets_all_that_one_needs(void **state)
{
    struct post *post = *state;
    struct registration anna;
    struct parts parts;

    life_fill(post, 1);
    anna = life_come(post, ANNA, NULL);
    life_raise(post, 2);
    parts = post_parts(post, &anna, LETTER_MOVED_UP);
    assert_string_equal(parts.subject, "Sie haben jetzt einen Platz: Arbeit "
                                       "2030, 14. Februar 2027");
    HAS(parts.text, anna.reference);
    HAS(parts.text, link_of(post, &anna));
    assert_false(holds(post, &anna, LETTER_WAITING, NOON));
    post_cancel(post, NOON + 2, &anna);
    assert_false(holds(post, &anna, LETTER_MOVED_UP, NOON + 3));
}

static void an_offer_holds_until_its_term_is_over(void **state)
{
    struct post *post = *state;
    struct registration anna;
    struct parts parts;

    fill_and_ask(post, 1);
    anna = life_come(post, ANNA, NULL);
    parts = post_parts(post, &anna, LETTER_WAITING);
    HAS(parts.text, "bieten wir ihn Ihnen per E-Mail an");
    life_raise(post, 2);
    assert_false(holds(post, &anna, LETTER_WAITING, NOON + 2));
    parts = post_parts(post, &anna, LETTER_OFFER);
    HAS(parts.subject, "Ein Platz ist für Sie frei: ");
    HAS(parts.text, "Wir halten ihn für Sie frei bis Samstag, "
                    "16. Januar 2027, 09:00 Uhr.");
    HAS(parts.text, link_of(post, &anna));
    LACKS(parts.text, anna.reference);
    assert_true(holds(post, &anna, LETTER_OFFER, NOON + DAY - 1));
    assert_false(holds(post, &anna, LETTER_OFFER, NOON + DAY));
    life_claim(post, &anna);
    assert_false(holds(post, &anna, LETTER_OFFER, NOON + 60));
    assert_true(holds(post, &anna, LETTER_CONFIRMATION, NOON + 60));
}

static void an_offer_that_lapsed_is_told_unless_she_waits_again(void **state)
{
    struct post *post = *state;
    struct registration anna;
    struct parts parts;

    fill_and_ask(post, 1);
    anna = life_come(post, ANNA, NULL);
    life_raise(post, 2);
    life_expire(post, NOON + 2 * DAY);
    assert_int_equal(life_now(post, &anna).state, REG_CANCELLED);
    parts = post_parts(post, &anna, LETTER_LAPSED);
    HAS(parts.text, "Damit endet auch Ihr Platz auf der Warteliste");
    HAS(parts.text, link_of(post, &anna));
    post_undo(post, NOON + 2 * DAY + 1, &anna);
    assert_true(holds(post, &anna, LETTER_LAPSED, NOON + 2 * DAY + 2));
    assert_true(holds(post, &anna, LETTER_CONFIRMATION, NOON + 2 * DAY + 2));
}

/* ---- the organiser's word ---- */

static void who_is_not_decided_upon_is_told_so(void **state)
{
    struct post *post = *state;
    struct registration anna;
    struct parts parts;

    anna = come_for_approval(post, APPROVAL_HOLDS);
    parts = post_parts(post, &anna, LETTER_PENDING);
    HAS(parts.text, "Bis dahin sind Sie noch nicht angemeldet.");
    HAS(parts.text, "Bis dahin ist ein Platz für Sie reserviert.");
    LACKS(parts.text, anna.reference);
    life_decide(post, &anna, true, "");
    assert_false(holds(post, &anna, LETTER_PENDING, NOON + 2));
    assert_true(holds(post, &anna, LETTER_CONFIRMATION, NOON + 2));
}

static void nobody_is_promised_a_seat_that_is_not_kept(void **state)
{
    struct post *post = *state;
    struct registration anna;

    anna = come_for_approval(post, APPROVAL_FREE);
    LACKS(post_parts(post, &anna, LETTER_PENDING).text, "reserviert");
}

static void who_is_declined_hears_the_organisers_words(void **state)
{
    struct post *post = *state;
    struct registration anna;
    struct parts parts;

    anna = come_for_approval(post, APPROVAL_FREE);
    life_decide(post, &anna, false, "Nur für <b>Mitglieder</b> & Gäste.");
    assert_false(holds(post, &anna, LETTER_PENDING, NOON + 2));
    parts = post_parts(post, &anna, LETTER_DECLINED);
    HAS(parts.text, "Grund: Nur für <b>Mitglieder</b> & Gäste.\n");
    HAS(parts.html, "&lt;b&gt;Mitglieder&lt;/b&gt; &amp; Gäste.");
    LACKS(parts.html, "<b>");
}

/* ---- changes ---- */

static void a_change_repeats_only_what_its_mailbox_has_proven(void **state)
{
    struct post *post = *state;
    struct registration anna = life_come(post, ANNA, NULL);
    struct parts parts;

    life_tell(post, &anna, LETTER_CHANGED);
    parts = post_parts(post, &anna, LETTER_CHANGED);
    HAS(parts.text, "Name: Đặng Anna Łęcka-Müller\n");
    HAS(parts.text, anna.reference);
    LACKS(parts.text, "Beispiel GmbH");
    life_prove(post, ANNA);
    parts = post_parts(post, &anna, LETTER_CHANGED);
    HAS(parts.text, "Organisation: Beispiel GmbH\n");
    post_cancel(post, NOON + 2, &anna);
    assert_false(holds(post, &anna, LETTER_CHANGED, NOON + 3));
}

static void of_several_that_wait_the_newest_goes(void **state)
{
    struct post *post = *state;
    struct registration anna = life_come(post, ANNA, NULL);
    struct letter older;
    struct parts parts;

    life_tell(post, &anna, LETTER_CHANGED);
    older = post_letter(post, &anna, LETTER_CHANGED);
    life_tell(post, &anna, LETTER_CHANGED);
    assert_false(post_render(post, NOON, &older, &parts));
    assert_true(holds(post, &anna, LETTER_CHANGED, NOON));
    /* One that is withheld (3) says nothing. */
    (void)house_number(post->house, "UPDATE letter SET state = 3 WHERE id ="
                       " (SELECT max(id) FROM letter) RETURNING 1");
    assert_true(post_render(post, NOON, &older, &parts));
}

static void an_invitation_of_before_a_switch_is_outdated(void **state)
{
    struct post *post = *state;
    struct registration anna = life_come(post, ANNA, NULL);
    struct letter older = post_letter(post, &anna, LETTER_INVITATION);
    struct parts parts;

    life_go_online(post, NOON + 1, &anna);
    assert_false(post_render(post, NOON + 2, &older, &parts));
    HAS(post_parts(post, &anna, LETTER_INVITATION).calendar,
        "LOCATION:Online");
}

/* The row is somebody else's, and its link has another generation. */
static void hand_over(struct post *post, const struct registration *r)
{
    struct house *house = post->house;

    (void)house_number(house, arena_printf(
        house->arena, "UPDATE registration SET generation = generation + 1,"
        " address_key = 'neu@example.net' WHERE id = %lld RETURNING 1",
        (long long)r->id));
    (void)house_number(house, arena_printf(
        house->arena, "UPDATE person SET given_name = 'Neu',"
        " family_name = 'Nachfolge', address = 'neu@example.net'"
        " WHERE id = %lld RETURNING 1", (long long)r->person.id));
}

static void who_handed_over_hears_nothing_of_who_came(void **state)
{
    struct post *post = *state;
    struct registration anna = life_come(post, ANNA, NULL);
    struct registration now;
    struct letter letter;
    struct parts parts;

    life_tell(post, &anna, LETTER_HANDED_OVER);
    letter = post_letter(post, &anna, LETTER_HANDED_OVER);
    hand_over(post, &anna);
    now = life_now(post, &anna);
    assert_string_equal(now.mailbox, "neu@example.net");
    assert_true(post_render(post, NOON, &letter, &parts));
    assert_string_equal(parts.to_address, ANNA);
    HAS(parts.text, "Guten Tag,\n");
    LACKS(parts.text, "/r/");
    LACKS(parts.text, "Nachfolge");
    LACKS(parts.html, "Nachfolge");
    LACKS(parts.to_name, "Nachfolge");
    /* Of a meeting that is called off the other letter tells. */
    post_call_off(post, &(struct bilingual){ "", "" });
    assert_false(post_render(post, NOON, &letter, &parts));
}

static void a_letter_of_before_tells_the_former_one_no_new_link(void **state)
{
    struct post *post = *state;
    struct registration anna = life_come(post, ANNA, NULL);

    assert_true(holds(post, &anna, LETTER_CONFIRMATION, NOON));
    hand_over(post, &anna);
    assert_false(holds(post, &anna, LETTER_CONFIRMATION, NOON));
}

static void an_invitation_of_before_does_not_name_the_new_one(void **state)
{
    struct post *post = *state;
    struct registration anna = life_come(post, ANNA, NULL);
    struct parts parts;

    hand_over(post, &anna);
    parts = post_parts(post, &anna, LETTER_INVITATION);
    LACKS(parts.calendar, "Nachfolge");
    LACKS(parts.html, "Nachfolge");
    LACKS(parts.text, "Nachfolge");
}

/* ---- wishes ---- */

static void the_organiser_hears_what_is_asked_and_for_whom(void **state)
{
    struct post *post = *state;
    struct registration anna = life_come(post, ANNA, NULL);
    struct parts parts;

    life_wish_online(post, NOON + HOUR, &anna);
    parts = post_parts(post, &anna, LETTER_WISH_TO_HOST);
    assert_string_equal(parts.to_address, "kontakt@example.org");
    assert_string_equal(parts.to_name, "Erika Muster");
    assert_null(parts.reply_to);
    HAS(parts.subject, "Ein Änderungswunsch: ");
    HAS(parts.text, "Guten Tag Erika Muster,");
    HAS(parts.text, "Đặng Anna Łęcka-Müller\n");
    HAS(parts.text, anna.reference);
    HAS(parts.text, "- online teilnehmen\n");
    HAS(parts.text, "https://termine.example.org/de/desk/sachsen/"
                    "arbeit-2030/requests\n");
    LACKS(parts.text, "/r/");
    LACKS(parts.html, "/r/");
    life_decline_wishes(post, NOON + 2 * HOUR, &anna, "");
    assert_false(holds(post, &anna, LETTER_WISH_TO_HOST, NOON + 2 * HOUR));
}

static void of_two_wishes_one_letter_tells(void **state)
{
    struct post *post = *state;
    struct registration anna = life_come(post, ANNA, NULL);
    struct letter first;
    struct parts parts;

    life_wish_online(post, NOON + HOUR, &anna);
    first = post_letter(post, &anna, LETTER_WISH_TO_HOST);
    life_wish_online(post, NOON + HOUR + 1, &anna);
    assert_false(post_render(post, NOON + HOUR + 2, &first, &parts));
    assert_true(holds(post, &anna, LETTER_WISH_TO_HOST, NOON + HOUR + 2));
}

static void whose_wish_was_declined_hears_why(void **state)
{
    struct post *post = *state;
    struct registration anna = life_come(post, ANNA, NULL);
    struct parts parts;

    life_wish_online(post, NOON + HOUR, &anna);
    life_decline_wishes(post, NOON + 2 * HOUR, &anna, "Leider <b>voll</b>.");
    parts = post_parts(post, &anna, LETTER_WISH_DECLINED);
    assert_string_equal(parts.to_address, ANNA);
    HAS(parts.text, "- online teilnehmen\nDer Grund: Leider <b>voll</b>.\n");
    HAS(parts.html, "&lt;b&gt;voll&lt;/b&gt;");
    HAS(parts.text, link_of(post, &anna));
    life_wish_online(post, NOON + 3 * HOUR, &anna);
    assert_false(holds(post, &anna, LETTER_WISH_DECLINED, NOON + 4 * HOUR));
}

/* ---- companions ---- */

static void with_cleo(struct signup *in)
{
    static const struct signup_guest guests[] = { {
        .person = { .given_name = "Cleo", .family_name = "Muster",
                    .title = "", .organisation = "", .position = "" },
        .may_wait = true,
    } };

    in->guests = guests;
    in->guest_count = 1;
}

static struct registration companion_of(struct post *post,
                                        const struct registration *lead)
{
    struct house *house = post->house;
    struct registrations led = { 0 };

    FINE(house, registration_led_by(house->reader, house->arena, lead->id,
                                    &led, &house->err));
    assert_int_equal(led.count, 1);
    return led.items[0];
}

static void one_letter_speaks_of_all_who_have_its_mailbox(void **state)
{
    struct post *post = *state;
    struct registration anna = life_come(post, ANNA, with_cleo);
    struct registration cleo = companion_of(post, &anna);
    struct parts parts = post_parts(post, &anna, LETTER_CONFIRMATION);

    HAS(parts.text, arena_printf(post->house->arena, "- Cleo Muster: "
                                 "angemeldet, vor Ort, Anmeldecode %s\n",
                                 cleo.reference));
    HAS(parts.html, "Cleo Muster");
    assert_int_equal(life_letters(post, &cleo), 0);
}

static void a_companions_own_letter_greets_who_brought_her(void **state)
{
    struct post *post = *state;
    struct registration anna, cleo;
    struct parts parts;

    anna = life_come(post, ANNA, with_cleo);
    cleo = companion_of(post, &anna);
    post_cancel(post, NOON + 1, &cleo);
    parts = post_parts(post, &cleo, LETTER_GOODBYE);
    assert_string_equal(parts.to_address, ANNA);
    assert_string_equal(parts.to_name, "Đặng Anna Łęcka-Müller");
    HAS(parts.text, "Guten Tag Dr. Đặng Anna Łęcka-Müller,");
    HAS(parts.text, "Diese E-Mail betrifft Cleo Muster, von Ihnen ange");
    HAS(parts.text, link_of(post, &cleo));
    LACKS(parts.text, link_of(post, &anna));
    parts = post_parts(post, &anna, LETTER_CONFIRMATION);
    LACKS(parts.text, "Cleo");
}

static void a_party_waits_in_one_letter(void **state)
{
    struct post *post = *state;
    struct registration anna;
    struct parts parts;

    fill_and_ask(post, 2);
    anna = life_come(post, ANNA, with_cleo);
    parts = post_parts(post, &anna, LETTER_WAITING);
    HAS(parts.text, "Ihr Platz auf der Warteliste: 1\n");
    HAS(parts.text, "rücken gemeinsam nach");
    HAS(parts.text, "- Cleo Muster: auf der Warteliste, auf Platz 1\n");
    life_raise(post, 4);
    parts = post_parts(post, &anna, LETTER_OFFER);
    HAS(parts.text, "sind Plätze vor Ort frei geworden");
    HAS(parts.text, "- Cleo Muster: ein Platz ist frei gehalten\n");
}

static void a_meeting_called_off_is_told_to_a_mailbox_once(void **state)
{
    static const struct bilingual reason = { "", "" };
    struct post *post = *state;
    struct registration anna = life_come(post, ANNA, with_cleo);
    struct registration cleo = companion_of(post, &anna);

    post_call_off(post, &reason);
    HAS(post_parts(post, &anna, LETTER_CALLED_OFF).text,
        "Auch die Anmeldung von 1 Person, die Sie angemeldet haben, ");
    assert_int_equal(life_letters(post, &cleo), 0);
}

/* ---- the links ---- */

static void one_letter_has_the_links_of_all_that_is_ahead(void **state)
{
    struct post *post = *state;
    struct registration anna = life_come(post, ANNA, with_cleo);
    struct registration cleo = companion_of(post, &anna);
    struct registration ben = life_come(post, BEN, NULL);
    struct parts parts;

    post_cancel(post, NOON + 1, &anna);
    life_tell(post, &anna, LETTER_LINKS);
    parts = post_parts(post, &anna, LETTER_LINKS);
    assert_string_equal(parts.subject, "Die Links zu Ihren Anmeldungen");
    HAS(parts.text, "Cleo Muster: angemeldet, vor Ort\n");
    HAS(parts.text, link_of(post, &cleo));
    HAS(parts.html, link_of(post, &cleo));
    LACKS(parts.text, link_of(post, &anna));
    LACKS(parts.text, link_of(post, &ben));
    post_cancel(post, NOON + 2, &cleo);
    assert_false(holds(post, &anna, LETTER_LINKS, NOON + 3));
}

/* ---- known already ---- */

static void who_is_known_hears_how_she_stands(void **state)
{
    struct post *post = *state;
    struct registration anna;
    struct parts parts;

    life_fill(post, 1);
    anna = life_come(post, ANNA, NULL);
    (void)life_come_at(post, NOON + HOUR, ANNA, NULL);
    parts = post_parts(post, &anna, LETTER_ALREADY);
    HAS(parts.text, "Sie stehen auf der Warteliste, auf Platz 1.\n");
    LACKS(parts.text, anna.reference);
    life_raise(post, 2);
    parts = post_parts(post, &anna, LETTER_ALREADY);
    HAS(parts.text, "\nSie sind angemeldet.\n");
    HAS(parts.text, anna.reference);
    post_call_off(post, &(struct bilingual){ "", "" });
    assert_false(holds(post, &anna, LETTER_ALREADY, NOON + HOUR));
}

/* ---- shared invitations ---- */

static void another(struct signup *in)
{
    in->person.given_name = "Zoe";
    in->person.family_name = "Zweite";
    in->mode = MODE_ONLINE;
}

static void a_shared_invitation_speaks_of_who_still_comes(void **state)
{
    struct post *post = *state;
    struct registration anna = life_come(post, ANNA, NULL);
    struct registration zoe = life_come(post, ANNA, another);
    struct parts parts;

    assert_int_equal(anna.invite_id, zoe.invite_id);
    post_cancel(post, NOON + 1, &anna);
    parts = post_parts(post, &anna, LETTER_INVITATION);
    HAS(parts.text, "Zoe Zweite");
    HAS(parts.calendar, "LOCATION:Online");
    post_cancel(post, NOON + 2, &zoe);
    assert_false(holds(post, &anna, LETTER_INVITATION, NOON + 3));
}

/* Whoever waits again does not need the entry that another one had. */
static void who_waits_keeps_no_invitation_alive(void **state)
{
    struct post *post = *state;
    struct house *house = post->house;
    struct registration anna, zoe;
    struct letter letter;

    house_set_seats(house, MODE_ONSITE, 2);
    anna = life_come(post, ANNA, NULL);
    zoe = life_come(post, ANNA, another);
    letter = post_letter(post, &anna, LETTER_INVITATION);
    post_settle(post, &letter, DELIVERY_SENT);
    post_cancel(post, NOON + 1, &anna);
    (void)life_come(post, "x@example.net", NULL);
    (void)life_come(post, "y@example.net", NULL);
    life_undo_waiting(post, NOON + 2, &anna);
    assert_int_equal(life_now(post, &anna).state, REG_WAITING);
    post_cancel(post, NOON + 3, &zoe);
    assert_true(holds(post, &zoe, LETTER_WITHDRAWAL, NOON + 4));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, life_open, post_close)
    const struct CMUnitTest tests[] = {
        TEST(an_address_is_confirmed_through_the_link),
        TEST(whoever_waits_is_told_her_place_as_it_is_now),
        TEST(whoever_moved_up_gets_all_that_one_needs),
        TEST(an_offer_holds_until_its_term_is_over),
        TEST(an_offer_that_lapsed_is_told_unless_she_waits_again),
        TEST(who_is_not_decided_upon_is_told_so),
        TEST(nobody_is_promised_a_seat_that_is_not_kept),
        TEST(who_is_declined_hears_the_organisers_words),
        TEST(a_change_repeats_only_what_its_mailbox_has_proven),
        TEST(of_several_that_wait_the_newest_goes),
        TEST(an_invitation_of_before_a_switch_is_outdated),
        TEST(who_handed_over_hears_nothing_of_who_came),
        TEST(a_letter_of_before_tells_the_former_one_no_new_link),
        TEST(an_invitation_of_before_does_not_name_the_new_one),
        TEST(the_organiser_hears_what_is_asked_and_for_whom),
        TEST(of_two_wishes_one_letter_tells),
        TEST(whose_wish_was_declined_hears_why),
        TEST(one_letter_speaks_of_all_who_have_its_mailbox),
        TEST(a_companions_own_letter_greets_who_brought_her),
        TEST(a_party_waits_in_one_letter),
        TEST(a_meeting_called_off_is_told_to_a_mailbox_once),
        TEST(one_letter_has_the_links_of_all_that_is_ahead),
        TEST(who_is_known_hears_how_she_stands),
        TEST(a_shared_invitation_speaks_of_who_still_comes),
        TEST(who_waits_keeps_no_invitation_alive),
    };

    return cmocka_run_group_tests_name("mail_life", tests, NULL, NULL);
}
