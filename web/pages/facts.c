#include "web/pages/facts.h"

#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/store/meeting_store.h"
#include "daemon/store/seat_store.h"
#include "web/view/format.h"
#include "web/view/i18n.h"
#include "web/view/words.h"

static const char *join(const struct page *page, const char *first,
                        const char *second)
{
    if (!*first || !*second)
        return *first ? first : second;
    return arena_printf(page->arena, "%s %s", first, second);
}

static bool on_one_day(const struct page *page, const struct meeting *meeting)
{
    return strcmp(format_iso_date(page->arena, meeting->zone,
                                  meeting->starts_at),
                  format_iso_date(page->arena, meeting->zone,
                                  meeting->ends_at)) == 0;
}

void facts_time(const struct page *page, const struct meeting *meeting,
                const char **day, const char **hours)
{
    if (on_one_day(page, meeting)) {
        *day = format_weekday_date(page->arena, page->lang, meeting->zone,
                                   meeting->starts_at);
        *hours = format_time_span(page->arena, page->lang, meeting->zone,
                                  meeting->starts_at, meeting->ends_at);
    } else {
        *day = format_span(page->arena, page->lang, meeting->zone,
                           meeting->starts_at, meeting->ends_at);
        *hours = NULL;
    }
}

static const char *date_and_time(const struct page *page,
                                 const struct meeting *meeting, int64_t at)
{
    return arena_printf(
        page->arena, "%s, %s",
        format_weekday_date(page->arena, page->lang, meeting->zone, at),
        format_time(page->arena, page->lang, meeting->zone, at));
}

static void put_times(const struct page *page, const struct meeting *meeting,
                      struct view_facts *facts)
{
    facts_time(page, meeting, &facts->day, &facts->hours);
    facts->from_iso =
        format_iso(page->arena, meeting->zone, meeting->starts_at);
}

static void put_venue(const struct page *page, const struct meeting *meeting,
                      struct view_facts *facts)
{
    if (!*meeting->venue_name)
        return;
    facts->venue = meeting->venue_name;
    facts->street = meeting->venue_street;
    facts->town = join(page, meeting->venue_postcode, meeting->venue_town);
    facts->access = lang_pick(&meeting->venue_access, page->lang);
}

static void put_changes(const struct page *page,
                        const struct meeting *meeting,
                        struct view_facts *facts)
{
    int64_t until = meeting_changes_until(meeting);

    facts->changes = date_and_time(page, meeting, until);
    facts->changes_iso = format_iso(page->arena, meeting->zone, until);
    facts->changes_over = page->now >= until;
}

bool facts_takes_people(enum meeting_phase phase)
{
    return phase == PHASE_SOON || phase == PHASE_OPEN ||
           phase == PHASE_WAITING || phase == PHASE_FULL;
}

void facts_fill(const struct page *page, const struct meeting *meeting,
                const struct pools *pools, enum meeting_phase phase,
                struct view_facts *facts)
{
    put_times(page, meeting, facts);
    if (pools->offered[MODE_ONSITE])
        put_venue(page, meeting, facts);
    if (pools->offered[MODE_ONLINE] && !facts->venue)
        facts->online = tr(page->lang, "This meeting is online only.");
    else if (pool_left(&pools->at[MODE_ONLINE]) > 0 &&
             (phase == PHASE_SOON || phase == PHASE_OPEN))
        facts->online = tr(page->lang, "You can also take part online.");
    if (facts_takes_people(phase)) {
        facts->until = date_and_time(page, meeting, meeting->closes_at);
        facts->until_iso =
            format_iso(page->arena, meeting->zone, meeting->closes_at);
    }
    if (facts_takes_people(phase) || phase == PHASE_CLOSED)
        put_changes(page, meeting, facts);
}

int64_t facts_until(const struct meeting *meeting, int64_t now)
{
    int64_t phase = meeting_phase_until(meeting, now);
    int64_t changes = meeting_changes_until(meeting);

    return changes > now && changes < phase ? changes : phase;
}

void facts_fill_own(const struct page *page, const struct meeting *meeting,
                    enum mode mode, struct view_facts *facts)
{
    put_times(page, meeting, facts);
    if (mode == MODE_ONSITE)
        put_venue(page, meeting, facts);
    else
        facts->online = tr(page->lang, "You take part online.");
}

const char *facts_waiting(const struct page *page, const struct pool *pool)
{
    if (pool->waiting == 0)
        return tr(page->lang, "Nobody is waiting yet.");
    return arena_printf(page->arena,
                        trn(page->lang, "%s person is waiting.",
                            "%s people are waiting.", (long)pool->waiting),
                        format_number(page->arena, page->lang,
                                      pool->waiting));
}

static const char *seat_words(const struct page *page,
                              const struct pool *pool, const char *time)
{
    const char *capacity =
        format_number(page->arena, page->lang, pool->capacity);
    const char *left =
        format_number(page->arena, page->lang, pool_left(pool));

    if (pool_left(pool) == 0 && pool->waiting > 0)
        return arena_printf(page->arena,
                            tr(page->lang, "No place left (as of %s). %s"),
                            time, facts_waiting(page, pool));
    if (pool_left(pool) == 0)
        return arena_printf(page->arena,
                            tr(page->lang, "No place left (as of %s)"),
                            time);
    return arena_printf(page->arena,
                        tr(page->lang, "%s of %s places left (as of %s)"),
                        left, capacity, time);
}

void facts_seats(const struct page *page, const struct meeting *meeting,
                 const struct pools *pools, struct view_seats *seats)
{
    const char *time =
        format_time(page->arena, page->lang, meeting->zone, page->now);

    seats->items = ARENA_ARRAY(page->arena, struct view_seat, MODE_COUNT);
    for (int mode = 0; mode < MODE_COUNT; mode++) {
        const struct pool *pool = &pools->at[mode];

        if (!pools->offered[mode])
            continue;
        seats->items[seats->count++] = (struct view_seat){
            .mode = words_mode(page->lang, (enum mode)mode),
            .words = seat_words(page, pool, time),
            .full = pool_left(pool) == 0,
            .taken_percent =
                pool->capacity
                    ? (pool->capacity - pool_left(pool)) * 100 / pool->capacity
                    : 100,
        };
    }
}

const char *facts_queue(const struct page *page, const struct pools *pools)
{
    int64_t people = 0;

    for (int mode = 0; mode < MODE_COUNT; mode++)
        people += pools->offered[mode] ? pools->at[mode].waiting : 0;
    if (people == 0)
        return tr(page->lang, "All places are taken. You can join the "
                              "waiting list; nobody is on it now.");
    return arena_printf(
        page->arena,
        trn(page->lang, "All places are taken. You can join the waiting "
                        "list; %s person is on it now.",
            "All places are taken. You can join the waiting list; %s people "
            "are on it now.", (long)people),
        format_number(page->arena, page->lang, people));
}

const char *facts_phase(const struct page *page,
                        const struct meeting *meeting,
                        enum meeting_phase phase)
{
    switch (phase) {
    case PHASE_SOON:
        return arena_printf(
            page->arena, tr(page->lang, "Registration opens on %s."),
            date_and_time(page, meeting, meeting->opens_at));
    case PHASE_FULL:
        return tr(page->lang, "All places are taken. When somebody cancels, "
                              "the place is free again here.");
    case PHASE_CLOSED:
        return arena_printf(
            page->arena, tr(page->lang, "Registration closed on %s."),
            date_and_time(page, meeting, meeting->closes_at));
    case PHASE_PAST:
        return tr(page->lang, "This meeting is over.");
    case PHASE_CANCELLED:
        return tr(page->lang, "This meeting has been cancelled.");
    case PHASE_DRAFT:
    case PHASE_OPEN:
    case PHASE_WAITING:
        break;
    }
    return NULL;
}

struct tag {
    const char *words;
    enum view_tone tone;
};

static const struct tag tags[] = {
    [PHASE_DRAFT] = { N_("Draft"), TONE_PLAIN },
    [PHASE_SOON] = { N_("Registration opens soon"), TONE_PLAIN },
    [PHASE_OPEN] = { N_("Registration open"), TONE_GOOD },
    [PHASE_WAITING] = { N_("Waiting list"), TONE_FEW },
    [PHASE_FULL] = { N_("All places taken"), TONE_OFF },
    [PHASE_CLOSED] = { N_("Registration closed"), TONE_PLAIN },
    [PHASE_PAST] = { N_("Over"), TONE_PLAIN },
    [PHASE_CANCELLED] = { N_("Cancelled"), TONE_OFF },
};

const char *facts_where(const struct page *page,
                        const struct meeting *meeting,
                        const struct pools *pools)
{
    bool onsite = pools->offered[MODE_ONSITE] && *meeting->venue_name;
    const char *town =
        *meeting->venue_town ? meeting->venue_town : meeting->venue_name;

    if (!onsite)
        return tr(page->lang, "Online");
    if (!pools->offered[MODE_ONLINE])
        return town;
    return arena_printf(page->arena, tr(page->lang, "%s and online"), town);
}

enum rc facts_card(const struct page *page, const struct meeting *meeting,
                   struct view_card *card, int64_t *until, struct err *err)
{
    struct pools pools = { 0 };
    enum meeting_phase phase;

    if (pool_of_meeting(page->site->reader, meeting->id, &pools, err) ==
        RC_FAIL)
        return RC_FAIL;
    phase = meeting_phase_at(meeting, &pools, page->now);
    facts_time(page, meeting, &card->day, &card->hours);
    card->from_iso =
        format_iso(page->arena, meeting->zone, meeting->starts_at);
    card->url = page_meeting(page, meeting);
    card->title = lang_pick(&meeting->title, page->lang);
    card->summary = lang_pick(&meeting->summary, page->lang);
    card->where = facts_where(page, meeting, &pools);
    card->state = tr(page->lang, tags[phase].words);
    card->tone = (int)tags[phase].tone;
    *until = meeting_phase_until(meeting, page->now);
    return RC_OK;
}

enum rc facts_cards(const struct page *page, const struct meetings *meetings,
                    size_t most, struct view_cards *cards, int64_t *until,
                    struct err *err)
{
    size_t shown = meetings->count < most ? meetings->count : most;

    cards->items = ARENA_ARRAY(page->arena, struct view_card, shown + 1);
    cards->more = (int)(meetings->count - shown);
    for (size_t i = 0; i < shown; i++) {
        int64_t edge;

        if (facts_card(page, &meetings->items[i],
                       &cards->items[cards->count++], &edge, err) != RC_OK)
            return RC_FAIL;
        if (edge < *until)
            *until = edge;
    }
    return RC_OK;
}
