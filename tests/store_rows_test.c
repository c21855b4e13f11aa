/* Alliances, meetings, sessions, pools, accounts: what goes in comes out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/store/account_store.h"
#include "daemon/store/alliance_store.h"
#include "daemon/store/meeting_store.h"
#include "daemon/store/seat_store.h"
#include "tests/store_house.h"

static enum rc add_alliance(struct house *house, int64_t now, void *context)
{
    return alliance_insert(house->writer, now, context, &house->err);
}

static enum rc change_alliance(struct house *house, int64_t now,
                               void *context)
{
    return alliance_update(house->writer, now, context, &house->err);
}

static enum rc add_bench(struct house *house, int64_t now, void *context)
{
    (void)now;
    return bench_insert(house->writer, context, &house->err);
}

static enum rc add_meeting(struct house *house, int64_t now, void *context)
{
    return meeting_insert(house->writer, house->arena, now, "example.org",
                          context, &house->err);
}

static enum rc change_meeting(struct house *house, int64_t now,
                              void *context)
{
    return meeting_update(house->writer, now, context, &house->err);
}

static enum rc add_session(struct house *house, int64_t now, void *context)
{
    (void)now;
    return session_insert(house->writer, house->arena, "example.org",
                          context, &house->err);
}

static void an_alliance_comes_back_as_it_was(void **state)
{
    struct house *house = *state;
    struct alliance a;

    FINE(house, alliance_by_slug(house->reader, house->arena, "zwickau", &a,
                                 &house->err));
    assert_int_equal(a.parent_id, house->alliance.id);
    assert_string_equal(a.name.de, "Allianz Zwickau");
    assert_string_equal(a.name.en, "");
    assert_string_equal(a.mail_from, "einladung@example.org");
    assert_true(a.invite_default);
    assert_int_equal(a.created_at, NOON - 10 * DAY);
    FINE(house, alliance_by_id(house->reader, house->arena, a.id, &a,
                               &house->err));
    assert_string_equal(a.slug, "zwickau");
    MISSING(house, alliance_by_slug(house->reader, house->arena, "nirgends",
                                    &a, &house->err));
    MISSING(house, alliance_by_id(house->reader, house->arena, 4711, &a,
                                  &house->err));
}

static void a_slug_exists_once(void **state)
{
    struct house *house = *state;
    struct alliance again = house->alliance;
    struct meeting meeting = house_meeting(house);

    FAILS(house, house_write(house, NOON, add_alliance, &again));
    assert_non_null(strstr(house->err.text, "\"sachsen\" already"));
    FAILS(house, house_write(house, NOON, add_meeting, &meeting));
    assert_non_null(strstr(house->err.text, "\"arbeit-2030\" already"));
    meeting.alliance_id = house->region.id;
    FINE(house, house_write(house, NOON, add_meeting, &meeting));
}

static void parents_stand_before_their_regions(void **state)
{
    struct house *house = *state;
    struct alliance bautzen = house->region;
    struct alliances all;

    bautzen.slug = "bautzen";
    bautzen.name.de = "Allianz Bautzen"; /* sorts before its parent */
    FINE(house, house_write(house, NOON, add_alliance, &bautzen));
    FINE(house, alliance_list(house->reader, house->arena, &all,
                              &house->err));
    assert_int_equal(all.count, 3);
    assert_string_equal(all.items[0].slug, "sachsen");
    assert_string_equal(all.items[1].slug, "bautzen");
    assert_string_equal(all.items[2].slug, "zwickau");
    FINE(house, alliance_regions(house->reader, house->arena,
                                 house->alliance.id, &all, &house->err));
    assert_int_equal(all.count, 2);
    FINE(house, alliance_regions(house->reader, house->arena, bautzen.id,
                                 &all, &house->err));
    assert_int_equal(all.count, 0);
}

static void long_lists_are_whole(void **state)
{
    struct house *house = *state;
    struct benches benches;

    for (int i = 0; i < 37; i++) {
        struct bench bench = {
            .alliance_id = house->alliance.id,
            .name = { arena_printf(house->arena, "Gruppe %d", i), "" },
        };
        FINE(house, house_write(house, NOON, add_bench, &bench));
    }
    FINE(house, bench_list(house->reader, house->arena, house->alliance.id,
                           &benches, &house->err));
    assert_int_equal(benches.count, 37);
    for (int i = 0; i < 37; i++)
        assert_string_equal(benches.items[i].name.de,
                            arena_printf(house->arena, "Gruppe %d", i));
    struct bench again = benches.items[3];
    FAILS(house, house_write(house, NOON, add_bench, &again));
}

static void a_meeting_comes_back_as_it_was(void **state)
{
    struct house *house = *state;
    struct meeting want = house->meeting, m;

    FINE(house, meeting_by_slug(house->reader, house->arena, "sachsen",
                                "arbeit-2030", &m, &house->err));
    assert_int_equal(m.id, want.id);
    assert_string_equal(m.alliance_slug, "sachsen");
    assert_string_equal(m.uid, want.uid);
    assert_int_equal(strlen(m.uid), 36 + strlen("@example.org"));
    assert_int_equal(m.sequence, 0);
    assert_string_equal(m.title.de, "Arbeit 2030");
    assert_string_equal(m.title.en, "Work 2030");
    assert_string_equal(m.venue_postcode, "01067");
    assert_int_equal(m.starts_at, want.starts_at);
    assert_int_equal(m.ends_at, want.ends_at);
    assert_int_equal(m.opens_at, want.opens_at);
    assert_int_equal(m.closes_at, want.closes_at);
    assert_true(m.has_geo);
    assert_true(m.latitude == want.latitude);
    assert_true(m.longitude == want.longitude);
    assert_string_equal(m.join_url, want.join_url);
    assert_int_equal(m.keep_days, 90);
    MISSING(house, meeting_by_slug(house->reader, house->arena, "zwickau",
                                   "arbeit-2030", &m, &house->err));
    MISSING(house, meeting_by_id(house->reader, house->arena, 99, &m,
                                 &house->err));
}

static void every_field_of_a_meeting_can_change(void **state)
{
    struct house *house = *state;
    struct meeting m = house->meeting, got;

    m.visibility = VISIBLE_UNLISTED;
    m.summary = (struct bilingual){ "Neu.", "New." };
    m.zone = "Europe/Lisbon";
    m.starts_at += HOUR;
    m.venue_name = "";
    m.venue_access = (struct bilingual){ "stufenlos", "step-free" };
    m.has_geo = false;
    m.scarce = true;
    m.ask_organisation = true;
    m.keep_days = 0;
    FINE(house, house_write(house, NOON, change_meeting, &m));
    FINE(house, meeting_by_id(house->reader, house->arena, m.id, &got,
                              &house->err));
    assert_int_equal(got.visibility, VISIBLE_UNLISTED);
    assert_string_equal(got.summary.en, "New.");
    assert_string_equal(got.zone, "Europe/Lisbon");
    assert_int_equal(got.starts_at, m.starts_at);
    assert_string_equal(got.venue_name, "");
    assert_string_equal(got.venue_access.de, "stufenlos");
    assert_false(got.has_geo);
    assert_true(got.scarce);
    assert_true(got.ask_organisation);
    assert_int_equal(got.keep_days, 0);
    m.id = 4711;
    MISSING(house, house_write(house, NOON, change_meeting, &m));
}

static void a_published_change_moves_sequence_and_stamp(void **state)
{
    struct house *house = *state;
    struct meeting m = house->meeting, got;

    for (int64_t i = 1; i <= 3; i++) { /* all in one second */
        FINE(house, house_write(house, NOON, change_meeting, &m));
        FINE(house, meeting_by_id(house->reader, house->arena, m.id, &got,
                                  &house->err));
        assert_int_equal(got.sequence, i);
        assert_int_equal(got.changed_at, NOON + i - 1);
        assert_int_equal(m.sequence, i);
        assert_int_equal(m.changed_at, NOON + i - 1);
    }
    /* Back to draft: still once published. */
    m.state = MEETING_DRAFT;
    FINE(house, house_write(house, NOON + 60, change_meeting, &m));
    assert_int_equal(m.sequence, 4);
}

static void a_draft_changes_quietly(void **state)
{
    struct house *house = *state;
    struct meeting m = house_meeting(house);
    int64_t before, after;

    m.slug = "entwurf";
    m.state = MEETING_DRAFT;
    FINE(house, meeting_newest_change(house->reader, 0, false, &before,
                                      &house->err));
    FINE(house, house_write(house, NOON, add_meeting, &m));
    FINE(house, house_write(house, NOON + 5, change_meeting, &m));
    assert_int_equal(m.sequence, 0);
    FINE(house, meeting_newest_change(house->reader, 0, false, &after,
                                      &house->err));
    assert_int_equal(before, after);
    m.state = MEETING_PUBLISHED;
    FINE(house, house_write(house, NOON + 9, change_meeting, &m));
    assert_int_equal(m.sequence, 0);
    FINE(house, meeting_newest_change(house->reader, 0, false, &after,
                                      &house->err));
    assert_int_equal(after, NOON + 9);
}

static int64_t newest(struct house *house, int64_t alliance_id, bool regions)
{
    int64_t at;

    FINE(house, meeting_newest_change(house->reader, alliance_id, regions,
                                      &at, &house->err));
    return at;
}

static void a_feed_changes_with_what_it_depends_on(void **state)
{
    struct house *house = *state;
    struct meeting regional = house_meeting(house);
    int64_t parent = house->alliance.id, region = house->region.id;

    regional.alliance_id = region;
    FINE(house, house_write(house, NOON, add_meeting, &regional));
    assert_int_equal(newest(house, region, false), NOON);
    assert_int_equal(newest(house, parent, false), NOON - 10 * DAY);
    assert_int_equal(newest(house, parent, true), NOON);
    /* A new name of the alliance stands in its feed. */
    house->alliance.name.de = "Neue Allianz";
    FINE(house, house_write(house, NOON + 7, change_alliance,
                            &house->alliance));
    assert_int_equal(newest(house, parent, false), NOON + 7);
    assert_int_equal(newest(house, region, false), NOON);
    /* What leaves the list changes it, too. */
    regional.visibility = VISIBLE_UNLISTED;
    FINE(house, house_write(house, NOON + 8, change_meeting, &regional));
    assert_int_equal(newest(house, region, true), NOON + 8);
    assert_int_equal(newest(house, 4711, true), 0);
    struct alliance nowhere = { .id = 4711, .slug = "x", .name = { "", "" },
        .about = { "", "" }, .contact_name = "", .contact_email = "",
        .contact_phone = "", .mail_from = "", .color = "" };
    MISSING(house, house_write(house, NOON, change_alliance, &nowhere));
}

static size_t listed(struct house *house, struct meeting_filter filter)
{
    struct meetings found;

    FINE(house, meeting_list(house->reader, house->arena, &filter, &found,
                             &house->err));
    for (size_t i = 1; i < found.count; i++)
        assert_true(found.items[i - 1].starts_at <=
                    found.items[i].starts_at);
    return found.count;
}

static void meetings_are_listed_by_what_is_asked(void **state)
{
    struct house *house = *state;
    struct meeting m = house_meeting(house);
    int64_t parent = house->alliance.id, end = m.ends_at;
    static const enum meeting_state states[] = {
        MEETING_DRAFT, MEETING_CANCELLED, MEETING_PUBLISHED,
    };

    for (int i = 0; i < 3; i++) {
        m.slug = arena_printf(house->arena, "m%d", i);
        m.state = states[i];
        m.visibility = i == 2 ? VISIBLE_UNLISTED : VISIBLE_PUBLIC;
        m.starts_at -= DAY;
        m.ends_at -= DAY;
        FINE(house, house_write(house, NOON, add_meeting, &m));
    }
    m = house_meeting(house);
    m.alliance_id = house->region.id;
    FINE(house, house_write(house, NOON, add_meeting, &m));
    assert_int_equal(listed(house, (struct meeting_filter){ 0 }), 5);
    assert_int_equal(listed(house, (struct meeting_filter){
        .alliance_id = parent }), 4);
    assert_int_equal(listed(house, (struct meeting_filter){
        .alliance_id = parent, .with_regions = true }), 5);
    assert_int_equal(listed(house, (struct meeting_filter){
        .alliance_id = parent, .public_only = true }), 2);
    assert_int_equal(listed(house, (struct meeting_filter){
        .ends_after = end - 1 }), 2);
    assert_int_equal(listed(house, (struct meeting_filter){
        .ends_after = end }), 0);
}

static void an_agenda_is_in_order(void **state)
{
    struct house *house = *state;
    struct session late = {
        .meeting_id = house->meeting.id, .title = { "Spät", "Late" },
        .about = { "", "" }, .speaker = "Erika Muster",
        .starts_at = NOON + 30 * DAY + HOUR,
        .ends_at = NOON + 30 * DAY + 2 * HOUR,
    };
    struct session early = late;
    struct sessions agenda;

    early.starts_at -= HOUR;
    early.ends_at -= HOUR;
    FINE(house, house_write(house, NOON, add_session, &late));
    FINE(house, house_write(house, NOON, add_session, &early));
    FINE(house, session_list(house->reader, house->arena, house->meeting.id,
                             &agenda, &house->err));
    assert_int_equal(agenda.count, 2);
    assert_int_equal(agenda.items[0].id, early.id);
    assert_int_equal(agenda.items[1].id, late.id);
    assert_string_equal(agenda.items[1].speaker, "Erika Muster");
    assert_string_not_equal(agenda.items[0].uid, agenda.items[1].uid);
}

struct take {
    int64_t pool_id, seats;
    bool taken;
};

static enum rc take(struct house *house, int64_t now, void *context)
{
    struct take *t = context;

    (void)now;
    return pool_take(house->writer, t->pool_id, t->seats, &t->taken,
                     &house->err);
}

static bool took(struct house *house, enum mode mode, int64_t seats)
{
    struct take t = { house->pools.at[mode].id, seats, false };

    FINE(house, house_write(house, NOON, take, &t));
    return t.taken;
}

static void a_pool_gives_what_it_has(void **state)
{
    struct house *house = *state;

    assert_true(took(house, MODE_ONLINE, 49));
    assert_false(took(house, MODE_ONLINE, 2));
    assert_true(took(house, MODE_ONLINE, 1));
    assert_false(took(house, MODE_ONLINE, 1));
    assert_false(took(house, MODE_ONLINE, -51));
    assert_true(took(house, MODE_ONLINE, -50));
    struct take none = { 4711, 1, true };
    FINE(house, house_write(house, NOON, take, &none));
    assert_false(none.taken);
}

static enum rc shrink(struct house *house, int64_t now, void *context)
{
    const int64_t *capacity = context;

    (void)now;
    return pool_set_capacity(house->writer, house->meeting.id, MODE_ONSITE,
                             *capacity, &house->err);
}

static void a_pool_never_shrinks_below_what_is_taken(void **state)
{
    struct house *house = *state;
    int64_t capacity = 29;

    assert_true(took(house, MODE_ONSITE, 30));
    FAILS(house, house_write(house, NOON, shrink, &capacity));
    assert_non_null(strstr(house->err.text, "30"));
    capacity = 30;
    FINE(house, house_write(house, NOON, shrink, &capacity));
    FINE(house, pool_of_meeting(house->reader, house->meeting.id,
                                &house->pools, &house->err));
    assert_int_equal(house->pools.at[MODE_ONSITE].capacity, 30);
    assert_int_equal(pool_left(&house->pools.at[MODE_ONSITE]), 0);
    assert_int_equal(house->pools.at[MODE_ONLINE].capacity, 50);
    assert_true(house->pools.offered[MODE_ONLINE]);
}

struct person_at_desk {
    struct account account;
    int64_t login_id;
    int64_t at, idle, started; /* touch and purge */
};

static enum rc hire(struct house *house, int64_t now, void *context)
{
    struct person_at_desk *p = context;

    return account_insert(house->writer, now, &p->account, &house->err);
}

static enum rc sign_in(struct house *house, int64_t now, void *context)
{
    struct person_at_desk *p = context;

    return login_insert(house->writer, now, p->account.id, "secret",
                        &p->login_id, &house->err);
}

static enum rc touch(struct house *house, int64_t now, void *context)
{
    struct person_at_desk *p = context;

    return login_touch(house->writer, now, p->login_id, &house->err);
}

static enum rc purge(struct house *house, int64_t now, void *context)
{
    struct person_at_desk *p = context;

    (void)now;
    return login_purge(house->writer, p->idle, p->started, &house->err);
}

static enum rc sign_out(struct house *house, int64_t now, void *context)
{
    struct person_at_desk *p = context;

    (void)now;
    return login_delete(house->writer, p->login_id, &house->err);
}

static enum rc new_password(struct house *house, int64_t now, void *context)
{
    struct person_at_desk *p = context;

    (void)now;
    return account_set_password(house->writer, p->account.id, "$new",
                                &house->err);
}

static struct person_at_desk erika(struct house *house)
{
    struct person_at_desk p = { .account = {
        .email = "Erika@example.org", .name = "Erika Muster",
        .password_hash = "$old", .alliance_id = house->alliance.id,
        .role = ROLE_EDITOR } };

    FINE(house, house_write(house, NOON, hire, &p));
    return p;
}

static void an_account_exists_once_in_any_case(void **state)
{
    struct house *house = *state;
    struct person_at_desk p = erika(house), again = p;
    struct accounts all;
    struct account a;

    again.account.email = "eriKA@example.org";
    FAILS(house, house_write(house, NOON, hire, &again));
    FINE(house, account_list(house->reader, house->arena, &all,
                             &house->err));
    assert_int_equal(all.count, 1);
    assert_int_equal(all.items[0].role, ROLE_EDITOR);
    assert_int_equal(all.items[0].alliance_id, house->alliance.id);
    FINE(house, account_by_email(house->reader, house->arena,
                                 "ERIKA@EXAMPLE.ORG", &a, &house->err));
    assert_string_equal(a.email, "Erika@example.org");
    assert_int_equal(a.created_at, NOON);
    MISSING(house, account_by_email(house->reader, house->arena,
                                    "max@example.org", &a, &house->err));
}

static enum rc find(struct house *house, struct login *login)
{
    return login_by_secret(house->reader, house->arena, "secret", login,
                           &house->err);
}

static void a_login_lives_until_it_is_ended(void **state)
{
    struct house *house = *state;
    struct person_at_desk p = erika(house);
    struct login login;

    FINE(house, house_write(house, NOON, sign_in, &p));
    FINE(house, house_write(house, NOON + 130, touch, &p));
    FINE(house, find(house, &login));
    assert_int_equal(login.seen_at, NOON + 120); /* to the minute */
    assert_int_equal(login.started_at, NOON);
    p.idle = NOON + 120;
    p.started = NOON;
    FINE(house, house_write(house, NOON, purge, &p));
    FINE(house, find(house, &login));
    p.idle = NOON + 121;
    FINE(house, house_write(house, NOON, purge, &p));
    MISSING(house, find(house, &login));
    FINE(house, house_write(house, NOON, sign_in, &p));
    p.idle = NOON;
    p.started = NOON + 1;
    FINE(house, house_write(house, NOON, purge, &p));
    MISSING(house, find(house, &login));
    FINE(house, house_write(house, NOON, sign_in, &p));
    FINE(house, house_write(house, NOON, sign_out, &p));
    MISSING(house, find(house, &login));
}

static void a_new_password_ends_all_logins(void **state)
{
    struct house *house = *state;
    struct person_at_desk p = erika(house);
    struct login login;
    struct account a;

    FINE(house, house_write(house, NOON, sign_in, &p));
    FINE(house, house_write(house, NOON, new_password, &p));
    MISSING(house, find(house, &login));
    FINE(house, account_by_email(house->reader, house->arena,
                                 "erika@example.org", &a, &house->err));
    assert_string_equal(a.password_hash, "$new");
    p.account.id = 4711;
    MISSING(house, house_write(house, NOON, new_password, &p));
}

int main(void)
{
#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(an_alliance_comes_back_as_it_was),
        TEST(a_slug_exists_once),
        TEST(parents_stand_before_their_regions),
        TEST(long_lists_are_whole),
        TEST(a_meeting_comes_back_as_it_was),
        TEST(every_field_of_a_meeting_can_change),
        TEST(a_published_change_moves_sequence_and_stamp),
        TEST(a_draft_changes_quietly),
        TEST(a_feed_changes_with_what_it_depends_on),
        TEST(meetings_are_listed_by_what_is_asked),
        TEST(an_agenda_is_in_order),
        TEST(a_pool_gives_what_it_has),
        TEST(a_pool_never_shrinks_below_what_is_taken),
        TEST(an_account_exists_once_in_any_case),
        TEST(a_login_lives_until_it_is_ended),
        TEST(a_new_password_ends_all_logins),
    };
    return cmocka_run_group_tests_name("store/rows", tests, NULL, NULL);
}
