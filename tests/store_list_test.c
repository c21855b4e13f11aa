/* The attendee list: whom it finds, in which order, page by page. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/base/str.h"
#include "daemon/store/alliance_store.h"
#include "daemon/store/attendee_store.h"
#include "daemon/store/letter_store.h"
#include "tests/store_house.h"

struct somebody {
    const char *given, *family, *organisation;
    enum mode mode;
    enum registration_state state;
    int64_t at; /* minutes after NOON */
    int64_t bench_id;
    const char *address;
    struct registration r; /* as it was stored */
};

static enum rc add(struct house *house, int64_t now, void *context)
{
    struct somebody *who = context;

    (void)now;
    who->r = (struct registration){
        .meeting_id = house->meeting.id, .mode = who->mode,
        .state = who->state,
        .person = { .given_name = who->given, .family_name = who->family,
                    .title = "", .address = who->address,
                    .organisation = who->organisation, .position = "",
                    .bench_id = who->bench_id },
    };
    return registration_insert(house->writer, house->arena,
                               NOON + who->at * MINUTE, &who->r,
                               &house->err);
}

static void add_all(struct house *house, struct somebody *who, size_t count)
{
    for (size_t i = 0; i < count; i++)
        FINE(house, house_write(house, NOON, add, &who[i]));
}

#define ADD_ALL(house, who) \
    add_all((house), (who), sizeof(who) / sizeof *(who))

static struct registration_filter everybody(const struct house *house)
{
    return (struct registration_filter){ .meeting_id = house->meeting.id,
                                         .state = -1, .mode = -1 };
}

static struct attendee_page page_of(struct house *house,
                                    const struct registration_filter *filter,
                                    const struct attendee_wish *wish)
{
    struct attendee_page page;

    FINE(house, attendees_find(house->reader, house->arena, filter, wish,
                               &page, &house->err));
    return page;
}

/* Family names with a blank between them. */
static const char *names_of(struct house *house,
                            const struct registrations *rows)
{
    struct str names;

    str_init(&names, house->arena, 10000);
    for (size_t i = 0; i < rows->count; i++) {
        str_add(&names, i ? " " : "");
        str_add(&names, rows->items[i].person.family_name);
    }
    return names.data;
}

static void collect(void *context, const struct registration *r)
{
    struct str *names = context;

    str_add(names, names->length ? " " : "");
    str_add(names, r->person.family_name);
}

/* What an export would hold, in slices of two. */
static const char *exported(struct house *house,
                            const struct registration_filter *filter)
{
    struct registration_cursor at = { .limit = 2 };
    struct str names;

    str_init(&names, house->arena, 10000);
    while (!at.done)
        FINE(house, registration_each(house->reader, filter, &at, collect,
                                      &names, &house->err));
    return names.data;
}

/* The list, its number and the export all say the same. */
static const char *found(struct house *house,
                         const struct registration_filter *filter)
{
    const struct attendee_wish all = { .limit = 100, .sort = SORT_TIME };
    struct attendee_page page = page_of(house, filter, &all);
    const char *names = names_of(house, &page.rows);
    int64_t count;

    FINE(house, attendees_count(house->reader, filter, &count, &house->err));
    assert_int_equal(page.total, count);
    assert_int_equal(page.rows.count, count);
    assert_string_equal(exported(house, filter), names);
    return names;
}

static const char *search(struct house *house, const char *typed)
{
    struct registration_filter filter = everybody(house);

    filter.search = typed;
    return found(house, &filter);
}

static void people_are_found_as_they_are_typed(void **state)
{
    struct house *house = *state;
    struct somebody who[] = {
        { "Zoë", "Müller", "Beispiel GmbH", .address = "zoe@example.org" },
        { "Anna", "Łęcka-Müller", "Beispiel AG", .at = 1,
          .address = "a@example.com" },
        { "Łukasz", "Groß", "Beispiel e. V.", .at = 2,
          .address = "l@example.org" },
        { "Thị Hà", "Nguyễn", "100%_Punkt!", .at = 3,
          .address = "n@example.org" },
    };

    ADD_ALL(house, who);
    assert_string_equal(search(house, NULL),
                        "Müller Łęcka-Müller Groß Nguyễn");
    assert_string_equal(search(house, "  "), search(house, NULL));
    assert_string_equal(search(house, "muller"), "Müller Łęcka-Müller");
    assert_string_equal(search(house, "MUELLER"), "Müller Łęcka-Müller");
    assert_string_equal(search(house, "lukasz gross"), "Groß");
    assert_string_equal(search(house, "nguyen"), "Nguyễn");
    assert_string_equal(search(house, "thi ha"), "Nguyễn");
    assert_string_equal(search(house, "Müller zoe"), "Müller");
    assert_string_equal(search(house, "zoe Müller zoe"), "Müller");
    assert_string_equal(search(house, "lecka"), "Łęcka-Müller");
    /* In the middle of a word too: in German that is where words are. */
    assert_string_equal(search(house, "ispiel"),
                        "Müller Łęcka-Müller Groß");
    assert_string_equal(search(house, "a@example.com"), "Łęcka-Müller");
    assert_string_equal(search(house, who[3].r.reference), "Nguyễn");
    assert_string_equal(search(house, "muller zoe b e gmbh beispiel org m"),
                        "Müller");
    assert_string_equal(search(house, "muller zoe nobody"), "");
    assert_string_equal(search(house, "0%_p"), "Nguyễn");
    assert_string_equal(search(house, "%"), "Nguyễn");
    assert_string_equal(search(house, "' OR 1=1 --"), "");
}

static enum rc add_bench(struct house *house, int64_t now, void *context)
{
    (void)now;
    return bench_insert(house->writer, context, &house->err);
}

static void each_part_of_the_filter_narrows(void **state)
{
    struct house *house = *state;
    struct bench bench = { .alliance_id = house->alliance.id,
                           .name = { "Kammern", "" } };
    struct somebody who[] = {
        { "A", "Abt", "IHK Musterstadt", .state = REG_REGISTERED },
        { "B", "Berg", "HWK Beispiel", .mode = MODE_ONLINE,
          .state = REG_REGISTERED, .at = 1 },
        { "C", "Clemens", "Verein IHK-Freunde", .mode = MODE_ONLINE,
          .state = REG_CANCELLED, .at = 2 },
    };
    struct registration_filter filter = everybody(house);

    FINE(house, house_write(house, NOON, add_bench, &bench));
    who[1].bench_id = bench.id;
    ADD_ALL(house, who);
    filter.state = REG_CANCELLED;
    assert_string_equal(found(house, &filter), "Clemens");
    filter = everybody(house);
    filter.mode = MODE_ONLINE;
    assert_string_equal(found(house, &filter), "Berg Clemens");
    filter.state = REG_REGISTERED;
    assert_string_equal(found(house, &filter), "Berg");
    filter = everybody(house);
    filter.organisation = "ihk";
    assert_string_equal(found(house, &filter), "Abt Clemens");
    filter.organisation = "abt";
    assert_string_equal(found(house, &filter), "");
    filter = everybody(house);
    filter.bench_id = bench.id;
    assert_string_equal(found(house, &filter), "Berg");
    filter = everybody(house);
    filter.from = NOON + MINUTE;
    assert_string_equal(found(house, &filter), "Berg Clemens");
    filter.to = NOON + 2 * MINUTE;
    assert_string_equal(found(house, &filter), "Berg");
    filter = everybody(house);
    filter.meeting_id = 4711;
    assert_string_equal(found(house, &filter), "");
}

static enum rc write_letter(struct house *house, int64_t now, void *context)
{
    struct letter *letter = context;
    enum letter_state state = letter->state;
    enum rc rc = letter_insert(house->writer, now, letter, &house->err);

    letter->state = state;
    return rc == RC_OK ? letter_update(house->writer, letter, &house->err)
                       : rc;
}

static void whom_a_letter_did_not_reach_is_found(void **state)
{
    struct house *house = *state;
    struct somebody who[] = {
        { "A", "Sent", "", .address = "a@example.org" },
        { "B", "Refused", "", .at = 1, .address = "b@example.org" },
        { "C", "Withheld", "", .at = 2, .address = "c@example.org" },
        { "D", "Waiting", "", .address = "d@example.org" },
        { "E", "Dropped", "", .address = "e@example.org" },
    };
    const enum letter_state states[] = {
        LETTER_SENT, LETTER_REFUSED, LETTER_SUPPRESSED, LETTER_QUEUED,
        LETTER_DROPPED,
    };
    struct registration_filter filter = everybody(house);

    ADD_ALL(house, who);
    filter.unreached = true;
    assert_string_equal(found(house, &filter), "");
    for (int twice = 0; twice < 2; twice++)
        for (size_t i = 0; i < 5; i++) {
            struct letter letter = {
                .kind = LETTER_CONFIRMATION, .state = states[i],
                .registration_id = who[i].r.id, .generation = 1,
                .address = who[i].address,
            };
            FINE(house, house_write(house, NOON, write_letter, &letter));
        }
    assert_string_equal(found(house, &filter), "Refused Withheld");
}

/* By name: Abt Berg Clemens Özil von "von der". */
static struct somebody sorted[] = {
    { "A", "von-der", "Zebra", MODE_ONLINE, REG_CANCELLED, 3, 0, NULL, { 0 } },
    { "A", "von", "", MODE_ONSITE, REG_REGISTERED, 1, 0, NULL, { 0 } },
    { "A", "Özil", "Ähre", MODE_ONLINE, REG_REGISTERED, 5, 0, NULL, { 0 } },
    { "A", "Abt", "Zebra", MODE_ONSITE, REG_REGISTERED, 70000, 0, NULL,
      { 0 } },
    { "A", "Clemens", "Anker", MODE_ONSITE, REG_CANCELLED, 5, 0, NULL,
      { 0 } },
    { "A", "Berg", "Ähre", MODE_ONLINE, REG_REGISTERED, 300, 0, NULL, { 0 } },
};

static const struct {
    enum attendee_sort sort;
    bool descending;
    const char *names;
} orders[] = {
    { SORT_NAME, false, "Abt Berg Clemens Özil von von-der" },
    { SORT_NAME, true, "von-der von Özil Clemens Berg Abt" },
    { SORT_ORGANISATION, false, "Berg Özil Clemens Abt von-der von" },
    { SORT_ORGANISATION, true, "von Abt von-der Clemens Berg Özil" },
    { SORT_TIME, false, "von von-der Clemens Özil Berg Abt" },
    { SORT_TIME, true, "Abt Berg Clemens Özil von-der von" },
    { SORT_STATE, false, "Abt Berg Özil von Clemens von-der" },
    { SORT_STATE, true, "Clemens von-der Abt Berg Özil von" },
    { SORT_MODE, false, "Abt Clemens von Berg Özil von-der" },
    { SORT_MODE, true, "Berg Özil von-der Abt Clemens von" },
};
#define ORDERS (sizeof orders / sizeof *orders)

static void the_list_is_in_the_order_that_was_asked_for(void **state)
{
    struct house *house = *state;
    struct registration_filter filter = everybody(house);

    ADD_ALL(house, sorted);
    for (size_t i = 0; i < ORDERS; i++) {
        const struct attendee_wish wish = {
            .sort = orders[i].sort, .descending = orders[i].descending,
            .limit = 100,
        };
        struct attendee_page page = page_of(house, &filter, &wish);

        assert_string_equal(names_of(house, &page.rows), orders[i].names);
    }
}

/* Forward by `after`, then back by `before`, in pages of `limit`. */
static void leaf_through(struct house *house, struct attendee_wish wish,
                         const char *names)
{
    struct registration_filter filter = everybody(house);
    struct attendee_page page = page_of(house, &filter, &wish);
    struct str there, back;
    int64_t expected = 0;

    str_init(&there, house->arena, 1000);
    for (;; expected += wish.limit) {
        size_t count = page.rows.count;

        assert_int_equal(page.total, 6);
        assert_int_equal(page.first, expected);
        str_add(&there, there.length ? " " : "");
        str_add(&there, names_of(house, &page.rows));
        if (page.first + (int64_t)count == page.total)
            break;
        wish.after = page.rows.items[count - 1].reference;
        page = page_of(house, &filter, &wish);
    }
    assert_string_equal(there.data, names);
    wish.after = NULL;
    str_init(&back, house->arena, 1000);
    str_add(&back, names_of(house, &page.rows));
    while (page.first > 0) {
        wish.before = page.rows.items[0].reference;
        page = page_of(house, &filter, &wish);
        str_init(&there, house->arena, 1000);
        str_add(&there, names_of(house, &page.rows));
        str_add(&there, " ");
        str_add(&there, back.data);
        back = there;
    }
    assert_string_equal(back.data, names);
}

static void pages_hold_everybody_once_in_both_directions(void **state)
{
    struct house *house = *state;

    ADD_ALL(house, sorted);
    for (size_t i = 0; i < ORDERS; i++)
        for (int64_t limit = 1; limit <= 4; limit++) {
            const struct attendee_wish wish = {
                .sort = orders[i].sort, .descending = orders[i].descending,
                .limit = limit,
            };
            leaf_through(house, wish, orders[i].names);
        }
}

static void the_last_page_is_found_without_leafing(void **state)
{
    struct house *house = *state;
    struct registration_filter filter = everybody(house);
    struct attendee_wish wish = { .limit = 4, .last = true };

    ADD_ALL(house, sorted);
    struct attendee_page page = page_of(house, &filter, &wish);
    assert_int_equal(page.first, 4);
    assert_string_equal(names_of(house, &page.rows), "von von-der");
    wish.limit = 3;
    page = page_of(house, &filter, &wish);
    assert_int_equal(page.first, 3);
    filter.search = "nobody";
    page = page_of(house, &filter, &wish);
    assert_int_equal(page.first, 0);
    assert_int_equal(page.rows.count, 0);
}

static enum rc cancel(struct house *house, int64_t now, void *context)
{
    struct registration *r = context;

    r->state = REG_CANCELLED;
    return registration_update(house->writer, now, r, &house->err);
}

static void a_page_does_not_move_when_people_come_and_go(void **state)
{
    struct house *house = *state;
    struct registration_filter filter = everybody(house);
    struct attendee_wish wish = { .limit = 2 };
    struct somebody earlier[] = { { "A", "Aal", "", .state = REG_REGISTERED } };

    ADD_ALL(house, sorted);
    filter.state = REG_REGISTERED; /* Abt Berg Özil von */
    struct attendee_page page = page_of(house, &filter, &wish);
    wish.after = page.rows.items[1].reference;
    ADD_ALL(house, earlier);
    page = page_of(house, &filter, &wish);
    assert_string_equal(names_of(house, &page.rows), "Özil von");
    assert_int_equal(page.first, 3);
    /* The one that the page hangs on leaves the filter. */
    FINE(house, house_write(house, NOON, cancel, &sorted[5].r));
    page = page_of(house, &filter, &wish);
    assert_string_equal(names_of(house, &page.rows), "Özil von");
    assert_int_equal(page.first, 2);
    assert_int_equal(page.total, 4);
    wish.before = wish.after;
    wish.after = NULL;
    page = page_of(house, &filter, &wish);
    assert_string_equal(names_of(house, &page.rows), "Aal Abt");
}

static void a_page_that_hangs_on_nobody_is_the_first(void **state)
{
    struct house *house = *state;
    struct registration_filter filter = everybody(house);
    const struct attendee_wish wishes[] = {
        { .limit = 2, .after = "NOBODY" }, { .limit = 2, .before = "" },
    };

    ADD_ALL(house, sorted);
    for (size_t i = 0; i < 2; i++) {
        struct attendee_page page = page_of(house, &filter, &wishes[i]);

        assert_int_equal(page.first, 0);
        assert_string_equal(names_of(house, &page.rows), "Abt Berg");
    }
}

static void the_walk_counts_the_whole_meeting(void **state)
{
    struct house *house = *state;
    struct registration_filter filter = everybody(house);
    const struct attendee_wish wish = { .limit = 1,
                                        .since = NOON + 5 * MINUTE };
    struct registration_numbers counted;

    ADD_ALL(house, sorted);
    filter.search = "abt";
    struct attendee_page page = page_of(house, &filter, &wish);
    assert_int_equal(page.total, 1);
    assert_int_equal(page.numbers.registered[MODE_ONSITE], 2);
    assert_int_equal(page.numbers.registered[MODE_ONLINE], 2);
    assert_int_equal(page.numbers.cancelled, 2);
    assert_int_equal(page.numbers.today, 3);
    FINE(house, registration_count_all(house->reader, house->meeting.id,
                                       wish.since, &counted, &house->err));
    assert_memory_equal(&counted, &page.numbers, sizeof counted);
}

/* More than one slot of the table of organisations, and more than a byte. */
static void many_organisations_are_sorted(void **state)
{
    struct house *house = *state;
    struct registration_filter filter = everybody(house);
    const struct attendee_wish wish = { .limit = 5000,
                                        .sort = SORT_ORGANISATION };
    const char *before = "";

    for (int i = 0; i < 1500; i++) {
        struct somebody one = {
            .given = "A", .family = "B",
            .organisation = arena_printf(house->arena, "x%04d",
                                         i * 7919 % 1500),
        };
        FINE(house, house_write(house, NOON, add, &one));
    }
    struct attendee_page page = page_of(house, &filter, &wish);
    assert_int_equal(page.rows.count, 1500);
    for (size_t i = 0; i < page.rows.count; i++) {
        const char *here = page.rows.items[i].person.organisation;

        assert_true(strcmp(before, here) < 0);
        before = here;
    }
}

int main(void)
{
#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        TEST(people_are_found_as_they_are_typed),
        TEST(each_part_of_the_filter_narrows),
        TEST(whom_a_letter_did_not_reach_is_found),
        TEST(the_list_is_in_the_order_that_was_asked_for),
        TEST(pages_hold_everybody_once_in_both_directions),
        TEST(the_last_page_is_found_without_leafing),
        TEST(a_page_does_not_move_when_people_come_and_go),
        TEST(a_page_that_hangs_on_nobody_is_the_first),
        TEST(the_walk_counts_the_whole_meeting),
        TEST(many_organisations_are_sorted),
    };
    return cmocka_run_group_tests_name("store/list", tests, NULL, NULL);
}
