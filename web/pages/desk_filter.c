#include "web/pages/desk_filter.h"

#include <string.h>

#include "calendars/zone.h"
#include "daemon/base/arena.h"
#include "daemon/base/parse.h"
#include "daemon/base/str.h"
#include "daemon/base/text.h"
#include "daemon/http/request.h"
#include "web/view/format.h"
#include "web/view/i18n.h"
#include "web/view/words.h"

/* In bytes; together they stay below what a request's target may have. */
#define SEARCH_MOST 200
#define ORGANISATION_MOST 100
#define URL_MOST 4096
#define DAY 86400

static const enum registration_state filter_states[] = {
    REG_UNCONFIRMED, REG_PENDING,   REG_REGISTERED,
    REG_WAITING,     REG_CANCELLED, REG_DECLINED,
};

static const char *const sort_words[SORT_COUNT] = {
    [SORT_NAME] = "name",        [SORT_ORGANISATION] = "organisation",
    [SORT_TIME] = "registered",  [SORT_STATE] = "state",
    [SORT_MODE] = "mode",        [SORT_QUEUE] = "queue",
};

static const char *const rows_words[ROWS_COUNT] = {
    [ROWS_USUAL] = "", [ROWS_HUNDRED] = "100", [ROWS_ALL] = "all",
};

const char *desk_sort_word(enum attendee_sort sort)
{
    return sort_words[sort];
}

const char *desk_rows_word(enum desk_rows rows)
{
    return rows_words[rows];
}

/* ---- read ---- */

static const char *word_of(const struct request *request, const char *name)
{
    const char *word = request_query(request, name);

    return word ? word : "";
}

static int read_state(const char *word)
{
    for (size_t i = 0; i < sizeof filter_states / sizeof *filter_states; i++)
        if (strcmp(word, registration_state_word(filter_states[i])) == 0)
            return (int)filter_states[i];
    return -1;
}

static int read_mode(const char *word)
{
    enum mode mode;

    return mode_parse(word, &mode) ? (int)mode : -1;
}

/* The place of a word in a table; 0, what is usual, if it is not there. */
static size_t read_word(const char *word, const char *const *words,
                        size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(word, words[i]) == 0)
            return i;
    return 0;
}

static const char *read_text(const struct request *request, const char *name,
                             size_t most)
{
    struct arena *arena = request->arena;

    return text_cut(arena, text_clean_line(arena, word_of(request, name)),
                    most);
}

static const char *read_day(const struct request *request, const char *name)
{
    const char *word = word_of(request, name);
    struct civil civil;

    return parse_day(word, &civil) ? word : "";
}

static const char *read_cursor(const struct request *request,
                               const char *name)
{
    const char *word = word_of(request, name);

    return *word ? word : NULL;
}

static unsigned read_columns(const struct request *request)
{
    unsigned columns = 0;
    const char *word;

    for (size_t at = 0; (word = request_query_next(request, "col", &at));) {
        for (int i = 0; i < ATTENDEE_COLUMN_COUNT; i++)
            if (strcmp(word, attendee_column_key((enum attendee_column)i)) ==
                0)
                columns |= ATTENDEE_BIT(i);
        if (strcmp(word, ATTENDEE_ANSWERS_KEY) == 0)
            columns |= ATTENDEE_ANSWERS;
    }
    columns &= DESK_COLUMNS;
    return columns ? columns : DESK_COLUMNS_USUAL;
}

void desk_filter_read(const struct request *request, struct desk_filter *filter)
{
    *filter = (struct desk_filter){
        .search = read_text(request, "q", SEARCH_MOST),
        .organisation = read_text(request, "org", ORGANISATION_MOST),
        .state = read_state(word_of(request, "state")),
        .mode = read_mode(word_of(request, "mode")),
        .from = read_day(request, "from"),
        .until = read_day(request, "until"),
        .unreached = strcmp(word_of(request, "letters"), "missing") == 0,
        .queued = strcmp(word_of(request, "queue"), "yes") == 0,
        .sort = (enum attendee_sort)read_word(word_of(request, "sort"),
                                              sort_words, SORT_COUNT),
        .descending = strcmp(word_of(request, "order"), "desc") == 0,
        .rows = (enum desk_rows)read_word(word_of(request, "rows"),
                                          rows_words, ROWS_COUNT),
        .columns = read_columns(request),
        .after = read_cursor(request, "after"),
        .before = read_cursor(request, "before"),
        .last = strcmp(word_of(request, "page"), "last") == 0,
    };
    if (!parse_int(word_of(request, "bench"), 1, INT64_MAX,
                   &filter->bench_id))
        filter->bench_id = 0;
}

/* ---- the store's ---- */

/* When the day begins, `more` days later; 0: no day was given. A clock that
 * jumps over midnight begins it a little early. */
static int64_t day_begins(const char *zone_name, const char *day, int more)
{
    const struct zone *zone = zone_or_utc(zone_name);
    struct civil civil;
    int64_t at;

    if (!parse_civil(day, &civil))
        return 0;
    civil = civil_from_seconds(civil_to_seconds(&civil) + more * DAY);
    return zone_utc(zone, &civil, &at) == WALL_NEVER
        ? civil_to_seconds(&civil) - zone_offset(zone, false) : at;
}

struct registration_filter desk_filter_rows(const struct desk_filter *filter,
                                            const struct meeting *meeting)
{
    return (struct registration_filter){
        .meeting_id = meeting->id,
        .search = filter->search,
        .organisation = filter->organisation,
        .state = filter->state,
        .mode = filter->mode,
        .bench_id = filter->bench_id,
        .from = day_begins(meeting->zone, filter->from, 0),
        .to = day_begins(meeting->zone, filter->until, 1),
        .unreached = filter->unreached,
        .queued = filter->queued,
    };
}

bool desk_filter_is_special(const struct desk_filter *filter)
{
    return *filter->organisation || filter->bench_id || *filter->from ||
           *filter->until || filter->unreached || filter->queued;
}

unsigned desk_filter_columns(const struct desk_filter *filter)
{
    bool about_queue = filter->queued || filter->sort == SORT_QUEUE ||
                       filter->state == REG_WAITING;

    return filter->columns | (about_queue ? ATTENDEE_BIT(ATTENDEE_PLACE) : 0);
}

bool desk_filter_narrows(const struct desk_filter *filter)
{
    return *filter->search || filter->state >= 0 || filter->mode >= 0 ||
           desk_filter_is_special(filter);
}

/* ---- in words ---- */

#define CONDITIONS_MOST 9

static void add_condition(struct arena *arena, enum lang lang,
                          struct attendee_condition *items, size_t *count,
                          const char *label, const char *value)
{
    if (value && *value)
        items[(*count)++] = (struct attendee_condition){
            tr(lang, label), arena_strdup(arena, value)
        };
}

static const char *day_words(struct arena *arena, enum lang lang,
                             const char *day)
{
    int64_t at = day_begins("UTC", day, 0);

    return at ? format_date(arena, lang, "UTC", at) : NULL;
}

struct attendee_conditions desk_filter_conditions(
    struct arena *arena, const struct desk_filter *filter, enum lang lang,
    const struct benches *benches)
{
    const struct bench *bench = bench_find(benches, filter->bench_id);
    struct attendee_condition *items =
        ARENA_ARRAY(arena, struct attendee_condition, CONDITIONS_MOST);
    const struct attendee_condition all[CONDITIONS_MOST] = {
        { N_("Search"), filter->search },
        { N_("State"), filter->state < 0 ? NULL
            : words_state(lang, (enum registration_state)filter->state) },
        { N_("Takes part"), filter->mode < 0 ? NULL
            : words_mode(lang, (enum mode)filter->mode) },
        { N_("Belongs to"), bench ? lang_pick(&bench->name, lang) : NULL },
        { N_("Organisation"), filter->organisation },
        { N_("Registered from"), day_words(arena, lang, filter->from) },
        { N_("Registered until"), day_words(arena, lang, filter->until) },
        { N_("E-mails"), filter->unreached
            ? tr(lang, "Could not be delivered") : NULL },
        { N_("Waiting list"), filter->queued
            ? tr(lang, "Waits for a seat") : NULL },
    };
    size_t count = 0;

    for (size_t i = 0; i < CONDITIONS_MOST; i++)
        add_condition(arena, lang, items, &count, all[i].label, all[i].value);
    return (struct attendee_conditions){ items, count };
}

/* ---- the address ---- */

struct desk_filter desk_filter_from_start(const struct desk_filter *filter)
{
    struct desk_filter start = *filter;

    start.after = start.before = NULL;
    start.last = false;
    return start;
}

/* Nothing for no value. */
static void add_parameter(struct str *url, const char *name, const char *value)
{
    if (!value || !*value)
        return;
    str_add_char(url, strchr(url->data, '?') ? '&' : '?');
    str_addf(url, "%s=", name);
    str_add_percent(url, value);
}

static void add_people(struct str *url, const struct desk_filter *filter)
{
    add_parameter(url, "q", filter->search);
    if (filter->state >= 0)
        add_parameter(url, "state",
                      registration_state_word(
                          (enum registration_state)filter->state));
    if (filter->mode >= 0)
        add_parameter(url, "mode", mode_word((enum mode)filter->mode));
    if (filter->bench_id)
        add_parameter(url, "bench",
                      arena_printf(url->arena, "%lld",
                                   (long long)filter->bench_id));
    add_parameter(url, "org", filter->organisation);
    add_parameter(url, "from", filter->from);
    add_parameter(url, "until", filter->until);
    add_parameter(url, "letters", filter->unreached ? "missing" : NULL);
    add_parameter(url, "queue", filter->queued ? "yes" : NULL);
}

char *desk_filter_url(struct arena *arena, const char *path,
                      const struct desk_filter *filter)
{
    struct str url;

    str_init(&url, arena, URL_MOST);
    str_add(&url, path);
    add_people(&url, filter);
    if (filter->sort != SORT_NAME)
        add_parameter(&url, "sort", sort_words[filter->sort]);
    add_parameter(&url, "order", filter->descending ? "desc" : NULL);
    add_parameter(&url, "rows", rows_words[filter->rows]);
    for (int i = 0; i < ATTENDEE_COLUMN_COUNT; i++)
        if (filter->columns != DESK_COLUMNS_USUAL &&
            filter->columns & ATTENDEE_BIT(i))
            add_parameter(&url, "col",
                          attendee_column_key((enum attendee_column)i));
    if (filter->columns != DESK_COLUMNS_USUAL &&
        filter->columns & ATTENDEE_ANSWERS)
        add_parameter(&url, "col", ATTENDEE_ANSWERS_KEY);
    add_parameter(&url, "after", filter->after);
    add_parameter(&url, "before", filter->before);
    add_parameter(&url, "page", filter->last ? "last" : NULL);
    return url.data;
}
