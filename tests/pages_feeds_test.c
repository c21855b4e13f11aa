/* What stands in the feeds, and until when: the real store, no HTTP. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "daemon/store/alliance_store.h"
#include "daemon/store/meeting_store.h"
#include "tests/store_house.h"
#include "web/pages/feed_content.h"

#define PAST_DAYS 366
#define LATER (NOON + 5 * DAY) /* after all that the tests write */

static int begin(void **state)
{
    struct house *house;

    if (house_open(state) != 0)
        return 1;
    house = *state;
    house->settings.base_url =
        arena_strdup(house->arena, "https://termine.example.org");
    house->settings.base_host =
        arena_strdup(house->arena, "termine.example.org");
    house->settings.feed_past_days = PAST_DAYS;
    return 0;
}

typedef enum rc builder(const struct feed_room *, const struct feed_address *,
                        struct feed_content *, struct err *);

static const struct feed_address all = { .path = "/calendars/all.ics" };
static const struct feed_address saxony = {
    .alliance = "sachsen", .path = "/calendars/sachsen.ics",
};
static const struct feed_address regions = {
    .alliance = "sachsen", .with_regions = true,
    .path = "/calendars/sachsen/with-regions.ics",
};
static const struct feed_address meeting = {
    .alliance = "sachsen", .meeting = "arbeit-2030",
    .path = "/calendars/sachsen/arbeit-2030.ics",
};

static enum rc try_feed(struct house *house, builder *build,
                        const struct feed_address *address, int64_t now,
                        struct feed_content *content)
{
    const struct feed_room room = { .reader = house->reader,
                                    .settings = &house->settings,
                                    .arena = house->arena, .now = now };

    return build(&room, address, content, &house->err);
}

static struct feed_content feed_at(struct house *house, builder *build,
                                   const struct feed_address *address,
                                   int64_t now)
{
    struct feed_content content;

    FINE(house, try_feed(house, build, address, now, &content));
    return content;
}

static char *unfold(struct house *house, const struct feed_content *content)
{
    struct str out;

    str_init(&out, house->arena, content->body.length);
    for (const char *at = content->body.data; *at != '\0'; at++)
        if (strncmp(at, "\r\n ", 3) == 0)
            at += 2;
        else
            str_add_char(&out, *at);
    return out.data;
}

static bool holds(struct house *house, const struct feed_content *content,
                  const char *words)
{
    return strstr(unfold(house, content), words) != NULL;
}

static void assert_line(struct house *house,
                        const struct feed_content *content, const char *line)
{
    if (!holds(house, content,
               arena_printf(house->arena, "\r\n%s\r\n", line)))
        fail_msg("no line '%s' in:\n%s", line, content->body.data);
}

static enum rc update(struct house *house, int64_t now, void *changed)
{
    return meeting_update(house->writer, now, changed, &house->err);
}

static enum rc insert(struct house *house, int64_t now, void *made)
{
    return meeting_insert(house->writer, house->arena, now, "example.org",
                          made, &house->err);
}

static enum rc rename_alliance(struct house *house, int64_t now, void *to)
{
    return alliance_update(house->writer, now, to, &house->err);
}

static enum rc insert_alliance(struct house *house, int64_t now, void *made)
{
    return alliance_insert(house->writer, now, made, &house->err);
}

static void set_state(struct house *house, int64_t now,
                      enum meeting_state state, enum visibility visibility)
{
    house->meeting.state = state;
    house->meeting.visibility = visibility;
    FINE(house, house_write(house, now, update, &house->meeting));
}

static void a_meeting_is_told_in_full(void **state)
{
    struct house *house = *state;
    struct feed_content feed =
        feed_at(house, feed_content_alliance, &saxony, LATER);

    assert_line(house, &feed, "NAME:Allianz Sachsen");
    assert_line(house, &feed,
                "SOURCE;VALUE=URI:"
                "https://termine.example.org/calendars/sachsen.ics");
    assert_line(house, &feed, "URL:https://termine.example.org/de/sachsen");
    assert_line(house, &feed, "COLOR:teal");
    assert_line(house, &feed,
                arena_printf(house->arena, "UID:%s", house->meeting.uid));
    assert_line(house, &feed, "SUMMARY:Arbeit 2030");
    assert_line(house, &feed,
                "DESCRIPTION:Ein Satz.\\n\\nMehr.\\n\\n"
                "https://termine.example.org/de/sachsen/arbeit-2030");
    assert_line(house, &feed,
                "LOCATION:Haus Beispiel\\, Musterweg 1\\, 01067 Dresden");
    assert_line(house, &feed, "GEO:51.050000;13.740000");
    assert_line(house, &feed, "CATEGORIES:Allianz Sachsen");
    assert_line(house, &feed,
                "URL:https://termine.example.org/de/sachsen/arbeit-2030");
}

static void an_online_meeting_is_online(void **state)
{
    struct house *house = *state;
    struct feed_content feed;

    house->meeting.venue_name = "";
    FINE(house, house_write(house, NOON, update, &house->meeting));
    feed = feed_at(house, feed_content_alliance, &saxony, LATER);
    assert_line(house, &feed, "LOCATION:Online");
    assert_false(holds(house, &feed, "GEO"));
}

static void nobody_and_no_join_link_stands_in_a_feed(void **state)
{
    struct house *house = *state;
    struct signup in = house_signup(house, "Jorinde", "Geheim",
                                    "jorinde.geheim@example.net");
    static const struct {
        builder *build;
        const struct feed_address *address;
    } feeds[] = {
        { feed_content_all, &all },
        { feed_content_alliance, &saxony },
        { feed_content_alliance, &regions },
        { feed_content_meeting, &meeting },
        { feed_content_download, &meeting },
    };

    assert_int_equal(house_place(house, NOON, &in).outcome, SIGNUP_REGISTERED);
    for (size_t i = 0; i < sizeof feeds / sizeof *feeds; i++) {
        struct feed_content feed =
            feed_at(house, feeds[i].build, feeds[i].address, LATER);

        assert_true(holds(house, &feed, "SUMMARY:Arbeit 2030"));
        assert_false(holds(house, &feed, "stream.example.org"));
        assert_false(holds(house, &feed, "eheim"));
        assert_false(holds(house, &feed, "Jorinde"));
        assert_false(holds(house, &feed, "mailto:"));
        assert_false(holds(house, &feed, "METHOD"));
    }
}

/* F7: which state and visibility is seen where. */
static void only_what_is_public_is_listed(void **state)
{
    struct house *house = *state;
    int64_t now = NOON;

    for (int s = MEETING_DRAFT; s <= MEETING_CANCELLED; s++)
        for (int v = VISIBLE_PUBLIC; v <= VISIBLE_INVITED; v++) {
            struct feed_content list, every, own;
            bool listed = s != MEETING_DRAFT && v == VISIBLE_PUBLIC;
            bool shown = s != MEETING_DRAFT && v != VISIBLE_INVITED;
            enum rc rc = shown ? RC_OK : RC_NOT_FOUND;

            set_state(house, now += 10, (enum meeting_state)s,
                      (enum visibility)v);
            list = feed_at(house, feed_content_alliance, &saxony, LATER);
            every = feed_at(house, feed_content_all, &all, LATER);
            assert_int_equal(holds(house, &list, "BEGIN:VEVENT"), listed);
            assert_int_equal(holds(house, &every, "BEGIN:VEVENT"), listed);
            assert_int_equal(try_feed(house, feed_content_meeting, &meeting,
                                      LATER, &own), rc);
            assert_int_equal(try_feed(house, feed_content_download, &meeting,
                                      LATER, &own), rc);
        }
}

static void what_does_not_exist_is_not_found(void **state)
{
    struct house *house = *state;
    struct feed_content feed;
    const struct feed_address nowhere = { .alliance = "nirgends",
                                          .meeting = "nichts" };
    const struct feed_address nothing = { .alliance = "sachsen",
                                          .meeting = "nichts" };

    MISSING(house, try_feed(house, feed_content_alliance, &nowhere, LATER,
                            &feed));
    MISSING(house, try_feed(house, feed_content_meeting, &nowhere, LATER,
                            &feed));
    MISSING(house, try_feed(house, feed_content_meeting, &nothing, LATER,
                            &feed));
    MISSING(house, try_feed(house, feed_content_download, &nothing, LATER,
                            &feed));
}

static void regions_are_in_it_if_asked_for(void **state)
{
    struct house *house = *state;
    struct meeting regional = house_meeting(house);
    struct feed_content without, with, every;

    regional.alliance_id = house->region.id;
    regional.title.de = "Treffen in Zwickau";
    FINE(house, house_write(house, NOON, insert, &regional));
    without = feed_at(house, feed_content_alliance, &saxony, LATER);
    with = feed_at(house, feed_content_alliance, &regions, LATER);
    every = feed_at(house, feed_content_all, &all, LATER);
    assert_false(holds(house, &without, "Zwickau"));
    assert_line(house, &with, "SUMMARY:Treffen in Zwickau");
    assert_line(house, &with, "CATEGORIES:Allianz Zwickau");
    assert_line(house, &with, "CATEGORIES:Allianz Sachsen");
    assert_line(house, &with, "NAME:Allianz Sachsen mit allen Regionen");
    assert_line(house, &every, "NAME:Allianz Sachsen mit allen Regionen");
    assert_line(house, &every, "SUMMARY:Treffen in Zwickau");
}

static void all_of_several_alliances_bear_the_name_of_the_host(void **state)
{
    struct house *house = *state;
    struct alliance other = house->alliance;
    struct feed_content feed;

    other.slug = "anderswo";
    FINE(house, house_write(house, NOON, insert_alliance, &other));
    feed = feed_at(house, feed_content_all, &all, LATER);
    assert_line(house, &feed,
                "NAME:Alle Veranstaltungen – termine.example.org");
    assert_false(holds(house, &feed, "COLOR"));
}

static void a_feed_speaks_its_alliances_language(void **state)
{
    struct house *house = *state;
    struct feed_content feed;

    house->alliance.lang = LANG_EN;
    FINE(house, house_write(house, NOON, rename_alliance, &house->alliance));
    set_state(house, NOON, MEETING_CANCELLED, VISIBLE_PUBLIC);
    feed = feed_at(house, feed_content_alliance, &saxony, LATER);
    assert_line(house, &feed, "SUMMARY:Cancelled: Work 2030");
    assert_line(house, &feed,
                "URL:https://termine.example.org/en/sachsen/arbeit-2030");
}

/* A meeting's last day, and so many more. */
static int64_t leaves(const struct house *house, int64_t days)
{
    return (house->meeting.ends_at / DAY + days + 1) * DAY;
}

static void a_meeting_leaves_a_year_after_its_end(void **state)
{
    struct house *house = *state;
    int64_t end = leaves(house, PAST_DAYS);
    struct feed_content before =
        feed_at(house, feed_content_alliance, &saxony, end - 1);
    struct feed_content after =
        feed_at(house, feed_content_alliance, &saxony, end);

    assert_true(holds(house, &before, "BEGIN:VEVENT"));
    assert_int_equal(before.valid_until, end);
    assert_int_equal(before.last_modified, house->meeting.changed_at);
    assert_false(holds(house, &after, "BEGIN:VEVENT"));
    assert_true(after.valid_until == INT64_MAX);
    assert_int_equal(after.last_modified, end);
}

static void a_cancelled_meeting_stays_for_thirty_days(void **state)
{
    struct house *house = *state;
    struct feed_content before, after;
    int64_t end = leaves(house, 30);

    set_state(house, NOON, MEETING_CANCELLED, VISIBLE_PUBLIC);
    before = feed_at(house, feed_content_alliance, &saxony, end - 1);
    after = feed_at(house, feed_content_alliance, &saxony, end);
    assert_line(house, &before, "SUMMARY:Abgesagt: Arbeit 2030");
    assert_line(house, &before, "STATUS:CANCELLED");
    assert_line(house, &before, "SEQUENCE:1");
    assert_int_equal(before.valid_until, end);
    assert_false(holds(house, &after, "BEGIN:VEVENT"));
    assert_int_equal(after.last_modified, end);
}

static void time_alone_changes_no_byte_within_a_day(void **state)
{
    struct house *house = *state;
    int64_t day = (LATER / DAY + 1) * DAY;
    struct feed_content morning =
        feed_at(house, feed_content_alliance, &saxony, day);
    struct feed_content evening =
        feed_at(house, feed_content_alliance, &saxony, day + 23 * HOUR);

    assert_string_equal(morning.body.data, evening.body.data);
    assert_int_equal(morning.last_modified, evening.last_modified);
    assert_true(morning.last_modified < day);
}

static void every_change_is_the_newest(void **state)
{
    struct house *house = *state;
    struct feed_content feed =
        feed_at(house, feed_content_alliance, &saxony, LATER);

    assert_int_equal(feed.last_modified, house->meeting.changed_at);

    house->alliance.name.de = "Bündnis Sachsen";
    FINE(house, house_write(house, NOON + 100, rename_alliance,
                            &house->alliance));
    feed = feed_at(house, feed_content_alliance, &saxony, LATER);
    assert_int_equal(feed.last_modified, NOON + 100);
    assert_line(house, &feed, "NAME:Bündnis Sachsen");

    feed = feed_at(house, feed_content_meeting, &meeting, LATER);
    assert_int_equal(feed.last_modified, NOON + 100);
    assert_line(house, &feed, "CATEGORIES:Bündnis Sachsen");

    set_state(house, NOON + 200, MEETING_DRAFT, VISIBLE_PUBLIC);
    feed = feed_at(house, feed_content_alliance, &saxony, LATER);
    assert_int_equal(feed.last_modified, NOON + 200);
    assert_false(holds(house, &feed, "BEGIN:VEVENT"));
}

/* Two edits in one second: the second one's stamp is a second ahead. */
static void last_modified_is_never_in_the_future(void **state)
{
    struct house *house = *state;
    struct feed_content feed;

    set_state(house, NOON, MEETING_PUBLISHED, VISIBLE_PUBLIC);
    set_state(house, NOON, MEETING_CANCELLED, VISIBLE_PUBLIC);
    assert_int_equal(house->meeting.changed_at, NOON + 1);
    feed = feed_at(house, feed_content_alliance, &saxony, NOON);
    assert_int_equal(feed.last_modified, NOON);
    assert_int_equal(feed.valid_until, NOON + 1);
    feed = feed_at(house, feed_content_alliance, &saxony, NOON + 1);
    assert_int_equal(feed.last_modified, NOON + 1);
    assert_int_equal(feed.valid_until, leaves(house, 30));
}

static void an_alliance_without_meetings_has_a_feed(void **state)
{
    struct house *house = *state;
    const struct feed_address zwickau = {
        .alliance = "zwickau", .path = "/calendars/zwickau.ics",
    };
    struct feed_content feed =
        feed_at(house, feed_content_alliance, &zwickau, LATER);

    assert_line(house, &feed, "X-WR-CALNAME:Allianz Zwickau");
    assert_line(house, &feed, "X-WR-TIMEZONE:Europe/Berlin");
    assert_false(holds(house, &feed, "BEGIN:VEVENT"));
    assert_false(holds(house, &feed, "BEGIN:VTIMEZONE"));
}

static void a_download_is_one_event_and_no_feed(void **state)
{
    struct house *house = *state;
    struct feed_content feed =
        feed_at(house, feed_content_download, &meeting, LATER);

    assert_line(house, &feed, "SUMMARY:Arbeit 2030");
    assert_false(holds(house, &feed, "X-WR-CALNAME"));
    assert_int_equal(feed.last_modified, house->meeting.changed_at);
    assert_true(feed.valid_until == INT64_MAX);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, house_close)
    const struct CMUnitTest tests[] = {
        TEST(a_meeting_is_told_in_full),
        TEST(an_online_meeting_is_online),
        TEST(nobody_and_no_join_link_stands_in_a_feed),
        TEST(only_what_is_public_is_listed),
        TEST(what_does_not_exist_is_not_found),
        TEST(regions_are_in_it_if_asked_for),
        TEST(all_of_several_alliances_bear_the_name_of_the_host),
        TEST(a_feed_speaks_its_alliances_language),
        TEST(a_meeting_leaves_a_year_after_its_end),
        TEST(a_cancelled_meeting_stays_for_thirty_days),
        TEST(time_alone_changes_no_byte_within_a_day),
        TEST(every_change_is_the_newest),
        TEST(last_modified_is_never_in_the_future),
        TEST(an_alliance_without_meetings_has_a_feed),
        TEST(a_download_is_one_event_and_no_feed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
