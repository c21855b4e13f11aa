/* What people need to take part well: with a consent or not at all, gone on a
 * day of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/rules/promise.h"
#include "daemon/rules/retention.h"
#include "daemon/rules/support.h"
#include "daemon/store/account_store.h"
#include "daemon/store/consent_store.h"
#include "daemon/store/meeting_store.h"
#include "daemon/store/seat_store.h"
#include "daemon/store/support_store.h"
#include "tests/store_house.h"

static const struct notice agreed = {
    .kind = NOTICE_SUPPORT_CONSENT, .lang = LANG_DE,
    .version = "0123456789abcdef", .words = "Ich willige ein.",
};
static const struct support wheelchair = {
    SUPPORT_BIT(SUPPORT_WHEELCHAIR), "Zwqx einen Platz am Gang",
};

static struct registration place(struct house *house, const char *family)
{
    struct signup in = house_signup(
        house, "Anna", family,
        arena_printf(house->arena, "%s@example.org", family));
    struct signup_result out = house_place(house, NOON, &in);

    assert_int_equal(out.outcome, SIGNUP_REGISTERED);
    return out.registration;
}

struct saying {
    const struct registration *registration;
    const struct support *support;
    const struct notice *consent;
};

static enum rc do_say(struct house *house, int64_t now, void *context)
{
    const struct saying *saying = context;

    return support_write(house->writer, now, saying->registration,
                         saying->support, saying->consent, &house->err);
}

static void say(struct house *house, int64_t now,
                const struct registration *r, const struct support *support)
{
    struct saying saying = { r, support, &agreed };

    FINE(house, house_write(house, now, do_say, &saying));
}

static int64_t count(struct house *house, const char *table)
{
    return house_number(house, arena_printf(house->arena,
                                            "SELECT count(*) FROM %s",
                                            table));
}

static struct consents consents_of(struct house *house,
                                   const struct registration *r)
{
    struct consents consents;

    FINE(house, consent_list(house->reader, house->arena, r->id, &consents,
                             &house->err));
    return consents;
}

static void what_was_said_is_kept_with_its_consent(void **state)
{
    struct house *house = *state;
    struct registration r = place(house, "Kurz");
    struct support found;

    say(house, NOON, &r, &wheelchair);
    FINE(house, support_read(house->reader, house->arena, r.id, &found, NULL,
                             &house->err));
    assert_int_equal(found.needs, wheelchair.needs);
    assert_string_equal(found.words, wheelchair.words);
    struct consents consents = consents_of(house, &r);
    assert_int_equal(consents.count, 1);
    assert_int_equal(consents.items[0].given_at, NOON);
    assert_int_equal(consents.items[0].withdrawn_at, 0);
    assert_string_equal(consents.items[0].notice.version, agreed.version);
}

static void the_same_words_are_agreed_to_once_and_other_words_anew(
    void **state)
{
    struct house *house = *state;
    struct registration r = place(house, "Kurz");
    struct notice other = agreed;
    struct saying saying = { &r, &wheelchair, &other };

    say(house, NOON, &r, &wheelchair);
    say(house, NOON + 1, &r, &wheelchair);
    assert_int_equal(consents_of(house, &r).count, 1);
    other.version = "fedcba9876543210";
    other.words = "Ich willige anders ein.";
    FINE(house, house_write(house, NOON + 2, do_say, &saying));
    assert_int_equal(consents_of(house, &r).count, 2);
    assert_int_equal(count(house, "notice"), 2);
    FINE(house, notice_by_version(house->reader, house->arena,
                                  agreed.version, &other, &house->err));
    assert_string_equal(other.words, agreed.words);
    assert_int_equal(other.since, NOON);
}

static void nothing_said_leaves_no_consent_behind(void **state)
{
    struct house *house = *state;
    struct registration r = place(house, "Kurz");
    const struct support nothing = { 0, "" };

    say(house, NOON, &r, &nothing);
    assert_int_equal(count(house, "support"), 0);
    assert_int_equal(count(house, "consent"), 0);
}

/* Saying nothing any more is withdrawing too. */
static void who_withdraws_is_rid_of_it_at_once(void **state)
{
    struct house *house = *state;
    struct registration r = place(house, "Kurz");
    const struct support nothing = { 0, NULL };

    say(house, NOON, &r, &wheelchair);
    say(house, NOON + 5, &r, &nothing);
    assert_int_equal(count(house, "support"), 0);
    struct consents consents = consents_of(house, &r);
    assert_int_equal(consents.count, 1);
    assert_int_equal(consents.items[0].withdrawn_at, NOON + 5);
    /* And may agree again: the log has both. */
    say(house, NOON + 9, &r, &wheelchair);
    consents = consents_of(house, &r);
    assert_int_equal(consents.count, 2);
    assert_int_equal(consents.items[1].given_at, NOON + 9);
    assert_int_equal(consents.items[1].withdrawn_at, 0);
}

struct changing {
    struct id id;
    struct support support;
    enum support_outcome outcome;
};

static enum rc do_change(struct house *house, int64_t now, void *context)
{
    struct changing *changing = context;
    struct turn turn = house_turn(house, now);

    return support_change(&turn, &changing->id, &changing->support, &agreed,
                          &changing->outcome, &house->err);
}

static enum support_outcome change(struct house *house, int64_t now,
                                   const struct registration *r,
                                   struct support support)
{
    struct changing changing = { .id = r->public_id, .support = support };

    FINE(house, house_write(house, now, do_change, &changing));
    return changing.outcome;
}

/* By link: until the end of the meeting, and withdrawn after it too. */
static void it_is_changed_by_link_and_can_always_be_withdrawn(void **state)
{
    struct house *house = *state;
    struct registration r = place(house, "Kurz"), gone = place(house, "Fort");
    const struct support nothing = { 0, NULL };
    int64_t ends = house->meeting.ends_at;

    assert_int_equal(change(house, NOON, &r, wheelchair), SUPPORT_KEPT);
    assert_int_equal(change(house, ends - 1, &r, wheelchair), SUPPORT_KEPT);
    assert_int_equal(change(house, ends, &r, wheelchair), SUPPORT_PAST);
    assert_int_equal(count(house, "support"), 1);
    assert_int_equal(change(house, ends, &r, nothing), SUPPORT_WITHDRAWN);
    assert_int_equal(count(house, "support"), 0);
    assert_int_equal(house_number(house, "SELECT count(*) FROM audit WHERE"
                                         " deed LIKE 'support%'"), 3);
    (void)house_number(house, arena_printf(house->arena,
        "UPDATE registration SET state = 4 WHERE id = %lld RETURNING 1",
        (long long)gone.id));
    assert_int_equal(change(house, NOON, &gone, wheelchair), SUPPORT_PAST);
    assert_int_equal(change(house, NOON, &gone, nothing), SUPPORT_WITHDRAWN);
    (void)house_number(house, "UPDATE meeting SET state = 2 RETURNING 1");
    assert_int_equal(change(house, NOON, &r, wheelchair), SUPPORT_PAST);
    assert_int_equal(count(house, "support"), 0);
}

static void the_list_has_those_who_come(void **state)
{
    struct house *house = *state;
    struct registration a = place(house, "Zander"), b = place(house, "Abt"),
                        gone = place(house, "Fort");
    struct supporteds list;
    int64_t people;

    say(house, NOON, &a, &wheelchair);
    say(house, NOON, &b, &wheelchair);
    say(house, NOON, &gone, &wheelchair);
    (void)place(house, "Ohne");
    (void)house_number(house, arena_printf(
        house->arena, "UPDATE registration SET state = 4 WHERE id = %lld"
        " RETURNING 1", (long long)gone.id));
    FINE(house, support_list(house->reader, house->arena, house->meeting.id,
                             &list, &house->err));
    assert_int_equal(list.count, 2);
    assert_string_equal(list.items[0].registration.person.family_name,
                        "Abt");
    assert_string_equal(list.items[1].registration.person.family_name,
                        "Zander");
    FINE(house, support_count(house->reader, house->meeting.id, &people,
                              &house->err));
    assert_int_equal(people, 2);
}

/* ---- the day ---- */

static enum rc purge(struct house *house, int64_t now, void *context)
{
    return retention_purge(house->writer, now, 3, &house->settings, context,
                           &house->err);
}

static int64_t purge_support_until(struct house *house, int64_t now)
{
    struct purged purged;
    int64_t gone = 0;

    do {
        FINE(house, house_write(house, now, purge, &purged));
        assert_true(purged.support <= 3);
        assert_true(purged.support == 0 || purged.letters);
        gone += purged.support;
    } while (purged.more);
    return gone;
}

static void it_goes_in_the_second_in_which_its_day_begins(void **state)
{
    struct house *house = *state;
    int64_t day;

    assert_int_equal(house->meeting.keep_support_days, 14);
    day = promise_support_due(&house->meeting);
    assert_true(day > house->meeting.ends_at + 13 * DAY);
    assert_true(day < house->meeting.ends_at + 14 * DAY);
    for (int i = 0; i < 7; i++) {
        struct registration r = place(
            house, arena_printf(house->arena, "Kurz%d", i));
        say(house, NOON, &r, &wheelchair);
    }
    assert_int_equal(purge_support_until(house, day - 1), 0);
    assert_int_equal(count(house, "support"), 7);
    assert_int_equal(purge_support_until(house, day), 7);
    assert_int_equal(count(house, "support"), 0);
    assert_int_equal(count(house, "registration"), 7);
    assert_int_equal(count(house, "consent"), 7); /* what proves it stays */
    assert_int_equal(house_number(house, "SELECT sum(amount) FROM audit WHERE"
                                         " deed = 'purge-support'"), 7);
    assert_int_equal(purge_support_until(house, day + 1), 0);
}

/* It ends a day later than the next, and so has a day left. */
static void a_meeting_that_has_time_left_does_not_stop_another(void **state)
{
    struct house *house = *state;
    struct registration here = place(house, "Kurz");
    struct meeting other = house_add_meeting(house, "anderes");
    struct signup in = house_signup(house, "Bernd", "Lang", "b@example.org");
    int64_t day = promise_support_due(&other);

    in.meeting_id = other.id;
    struct registration there = house_place(house, NOON, &in).registration;
    say(house, NOON, &here, &wheelchair);
    say(house, NOON, &there, &wheelchair);
    (void)house_number(house, "UPDATE meeting SET ends_at = ends_at + 86400"
                              " WHERE slug = 'arbeit-2030' RETURNING 1");
    assert_int_equal(purge_support_until(house, day), 1);
    assert_int_equal(house_number(house, "SELECT registration_id FROM"
                                         " support"), here.id);
    assert_int_equal(purge_support_until(house, day + DAY), 1);
}

static void it_never_outlives_the_rest(void **state)
{
    struct house *house = *state;
    struct meeting meeting = house->meeting;

    meeting.keep_days = 3;
    assert_int_equal(promise_support_due(&meeting), promise_due(&meeting));
    meeting.keep_support_days = 2;
    assert_int_equal(promise_due(&meeting) - promise_support_due(&meeting),
                     DAY);
    meeting.keep_support_days = 0;
    assert_int_equal(promise_support_due(&meeting), meeting.ends_at);
}

static enum rc note_reason(struct house *house, int64_t now, void *context)
{
    const struct audit audit = { .actor = 7, .deed = "support-export",
                                 .amount = 2, .reason = context };

    return audit_insert(house->writer, now, &audit, &house->err);
}

static void why_a_list_was_taken_stands_beside_who_took_it(void **state)
{
    struct house *house = *state;
    char reason[] = "Dolmetschen bestellen";

    FINE(house, house_write(house, NOON, note_reason, reason));
    FINE(house, house_write(house, NOON, note_reason, NULL));
    assert_int_equal(house_number(house,
        "SELECT count(*) FROM audit_reason r JOIN audit a ON a.id ="
        " r.audit_id WHERE a.actor = 7 AND a.amount = 2 AND r.reason ="
        " 'Dolmetschen bestellen'"), 1);
    assert_int_equal(count(house, "audit_reason"), 1);
}

#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, house_open, house_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_said_is_kept_with_its_consent),
        TEST(the_same_words_are_agreed_to_once_and_other_words_anew),
        TEST(nothing_said_leaves_no_consent_behind),
        TEST(who_withdraws_is_rid_of_it_at_once),
        TEST(it_is_changed_by_link_and_can_always_be_withdrawn),
        TEST(the_list_has_those_who_come),
        TEST(it_goes_in_the_second_in_which_its_day_begins),
        TEST(a_meeting_that_has_time_left_does_not_stop_another),
        TEST(it_never_outlives_the_rest),
        TEST(why_a_list_was_taken_stands_beside_who_took_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
