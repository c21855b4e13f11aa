#include "web/pages/desk_list.h"

#include "daemon/base/arena.h"
#include "daemon/rules/decide.h"
#include "daemon/store/alliance_store.h"
#include "daemon/store/seat_store.h"
#include "web/pages/desk.h"
#include "web/pages/desk_words.h"
#include "web/view/format.h"
#include "web/view/i18n.h"
#include "web/view/words.h"

static int64_t page_rows(const struct desk_list *list, enum desk_rows rows)
{
    static const int64_t fixed[ROWS_COUNT] = {
        [ROWS_HUNDRED] = 100, [ROWS_ALL] = ROWS_MOST,
    };

    return rows == ROWS_USUAL ? list->page->site->settings->page_size
                              : fixed[rows];
}

enum rc desk_list_read(struct desk_list *list, struct err *err)
{
    const struct page *page = list->page;
    const struct desk_filter *filter = &list->filter;
    struct registration_filter rows = desk_filter_rows(filter, list->meeting);
    struct attendee_wish wish = {
        .sort = filter->sort, .descending = filter->descending,
        .limit = page_rows(list, filter->rows), .after = filter->after,
        .before = filter->before, .last = filter->last,
        .since = desk_midnight(list->meeting, page->now),
    };
    enum rc rc = bench_list(page->site->reader, page->arena,
                            list->meeting->alliance_id, &list->benches, err);

    if (rc == RC_OK)
        rc = wait_places(page->site->reader, page->arena, list->meeting->id,
                         &list->queue, err);
    return rc == RC_OK ? attendees_find(page->site->reader, page->arena,
                                        &rows, &wish, &list->people, err)
                       : rc;
}

/* ---- the form ---- */

static void add_option(struct view_desk_options *options, const char *value,
                       const char *words, bool here)
{
    options->items[options->count++] = (struct view_desk_option){
        .value = value, .words = words, .here = here
    };
}

/* With what leaves open, as the first. */
static void options_begin(const struct desk_list *list, size_t most,
                          struct view_desk_options *options)
{
    options->items = ARENA_ARRAY(list->page->arena, struct view_desk_option,
                                 most + 1);
    add_option(options, "", tr(list->page->lang, "All"), false);
}

static void fill_states(const struct desk_list *list,
                        struct view_desk_options *options)
{
    static const enum registration_state states[] = {
        REG_REGISTERED, REG_WAITING, REG_PENDING, REG_UNCONFIRMED,
        REG_CANCELLED, REG_DECLINED,
    };
    const size_t count = sizeof states / sizeof *states;

    options_begin(list, count, options);
    for (size_t i = 0; i < count; i++) {
        enum registration_state state = states[i];

        add_option(options, registration_state_word(state),
                   words_state(list->page->lang, state),
                   list->filter.state == (int)state);
    }
}

/* Nothing to choose where there is one mode. */
static void fill_modes(const struct desk_list *list,
                       struct view_desk_options *options)
{
    if (!list->pools->offered[MODE_ONSITE] ||
        !list->pools->offered[MODE_ONLINE])
        return;
    options_begin(list, MODE_COUNT, options);
    for (int mode = 0; mode < MODE_COUNT; mode++)
        add_option(options, mode_word((enum mode)mode),
                   words_mode(list->page->lang, (enum mode)mode),
                   list->filter.mode == mode);
}

static void fill_benches(const struct desk_list *list,
                         struct view_desk_options *options)
{
    const struct benches *benches = &list->benches;

    if (benches->count == 0)
        return;
    options_begin(list, benches->count, options);
    for (size_t i = 0; i < benches->count; i++)
        add_option(options,
                   arena_printf(list->page->arena, "%lld",
                                (long long)benches->items[i].id),
                   lang_pick(&benches->items[i].name, list->page->lang),
                   list->filter.bench_id == benches->items[i].id);
}

static void fill_row_counts(const struct desk_list *list,
                            struct view_desk_options *options)
{
    const struct page *page = list->page;

    options->items = ARENA_ARRAY(page->arena, struct view_desk_option,
                                 ROWS_COUNT);
    for (int rows = 0; rows < ROWS_COUNT; rows++) {
        const char *words = rows == ROWS_ALL
            ? tr(page->lang, "All")
            : format_number(page->arena, page->lang,
                            page_rows(list, (enum desk_rows)rows));

        if (rows == ROWS_HUNDRED && page_rows(list, ROWS_USUAL) == 100)
            continue;
        add_option(options, desk_rows_word((enum desk_rows)rows), words,
                   list->filter.rows == (enum desk_rows)rows);
    }
}

static void fill_columns(const struct desk_list *list,
                         struct view_desk_options *options)
{
    options->items = ARENA_ARRAY(list->page->arena, struct view_desk_option,
                                 ATTENDEE_COLUMN_COUNT + 1);
    for (int i = 0; i < ATTENDEE_COLUMN_COUNT; i++)
        if (DESK_COLUMNS & ATTENDEE_BIT(i))
            add_option(options,
                       attendee_column_key((enum attendee_column)i),
                       attendee_column_words(list->page->lang,
                                             (enum attendee_column)i),
                       list->filter.columns & ATTENDEE_BIT(i));
    add_option(options, ATTENDEE_ANSWERS_KEY,
               tr(list->page->lang, "Answers to questions (in downloads)"),
               list->filter.columns & ATTENDEE_ANSWERS);
}

static void fill_form(const struct desk_list *list,
                      struct view_desk_list *view)
{
    const struct desk_filter *filter = &list->filter;

    view->url = list->url;
    view->search = filter->search;
    view->organisation = filter->organisation;
    view->from = filter->from;
    view->until = filter->until;
    view->unreached = filter->unreached;
    view->queued = filter->queued;
    view->filtered = desk_filter_narrows(filter);
    view->special = desk_filter_is_special(filter);
    if (filter->sort != SORT_NAME)
        view->sort = desk_sort_word(filter->sort);
    view->descending = filter->descending;
    fill_states(list, &view->states);
    fill_modes(list, &view->modes);
    fill_benches(list, &view->benches);
    fill_row_counts(list, &view->row_counts);
    fill_columns(list, &view->columns);
}

/* ---- the table ---- */

/* The columns of the screen from left to right; the name is before them. */
static const struct {
    enum attendee_column column;
    int sort; /* enum attendee_sort; -1: it cannot be sorted by */
} shown[] = {
    { ATTENDEE_ORGANISATION, SORT_ORGANISATION },
    { ATTENDEE_POSITION, -1 },
    { ATTENDEE_BENCH, -1 },
    { ATTENDEE_MODE, SORT_MODE },
    { ATTENDEE_STATE, SORT_STATE },
    { ATTENDEE_PLACE, SORT_QUEUE },
    { ATTENDEE_EMAIL, -1 },
    { ATTENDEE_LANG, -1 },
    { ATTENDEE_REGISTERED, SORT_TIME },
    { ATTENDEE_CANCELLED, -1 },
    { ATTENDEE_REFERENCE, -1 },
};
#define SHOWN (sizeof shown / sizeof *shown)

/* A second press turns it round. */
static void add_head(const struct desk_list *list, const char *words, int sort,
                     struct view_desk_heads *heads)
{
    struct view_desk_head *head = &heads->items[heads->count++];
    struct desk_filter filter = desk_filter_from_start(&list->filter);
    bool here = (int)filter.sort == sort;

    head->words = words;
    if (sort < 0)
        return;
    if (here)
        head->order = filter.descending ? "descending" : "ascending";
    filter.descending = here && !filter.descending;
    filter.sort = (enum attendee_sort)sort;
    head->url = desk_filter_url(list->page->arena, list->url, &filter);
}

static void fill_heads(const struct desk_list *list,
                       struct view_desk_heads *heads)
{
    enum lang lang = list->page->lang;

    heads->items = ARENA_ARRAY(list->page->arena, struct view_desk_head,
                               SHOWN + 1);
    add_head(list, tr(lang, "Name"), SORT_NAME, heads);
    for (size_t i = 0; i < SHOWN; i++)
        if (desk_filter_columns(&list->filter) & ATTENDEE_BIT(shown[i].column))
            add_head(list, attendee_column_words(lang, shown[i].column),
                     shown[i].sort, heads);
}

static void fill_time(const struct desk_list *list, int64_t at,
                      struct view_desk_cell *cell)
{
    const struct page *page = list->page;

    if (at == 0)
        return;
    cell->words = format_short(page->arena, page->lang, list->meeting->zone,
                               at);
    cell->iso = format_iso(page->arena, list->meeting->zone, at);
}

static const char *cell_words(const struct desk_list *list,
                              enum attendee_column column,
                              const struct registration *r)
{
    enum lang lang = list->page->lang;
    const struct queue_place *place;
    const struct bench *bench;

    switch (column) {
    case ATTENDEE_ORGANISATION:
        return r->person.organisation;
    case ATTENDEE_POSITION:
        return r->person.position;
    case ATTENDEE_BENCH:
        bench = bench_find(&list->benches, r->person.bench_id);
        return bench ? lang_pick(&bench->name, lang) : NULL;
    case ATTENDEE_MODE:
        return words_mode(lang, r->mode);
    case ATTENDEE_STATE:
        return words_state(lang, r->state);
    case ATTENDEE_PLACE:
        place = queue_place_find(&list->queue, r->id);
        return place ? words_place(list->page->arena, lang,
                                   list->meeting->zone, place, r->mode)
                     : NULL;
    case ATTENDEE_EMAIL:
        return r->person.address;
    case ATTENDEE_LANG:
        return lang_code(r->lang);
    case ATTENDEE_REFERENCE:
        return r->reference;
    default:
        return NULL;
    }
}

static void fill_cell(const struct desk_list *list,
                      enum attendee_column column,
                      const struct registration *r,
                      struct view_desk_cell *cell)
{
    if (column == ATTENDEE_REGISTERED)
        fill_time(list, r->created_at, cell);
    else if (column == ATTENDEE_CANCELLED)
        fill_time(list, r->cancelled_at, cell);
    else
        cell->words = cell_words(list, column, r);
}

/* A decline can be taken back for a while. */
static bool can_be_picked(const struct desk_list *list,
                          const struct registration *r)
{
    return list->csrf &&
           list->people.rows.count <= desk_list_picks_most(list->page) &&
           ((list->filter.state == REG_PENDING && r->state == REG_PENDING) ||
            (list->filter.state == REG_DECLINED &&
             r->state == REG_DECLINED &&
             list->page->now - r->cancelled_at <= DECIDE_UNDO_TERM));
}

static void fill_person(const struct desk_list *list,
                        const struct registration *from,
                        struct view_desk_person *to)
{
    struct arena *arena = list->page->arena;

    to->name = desk_sorted_name(arena, &from->person);
    to->pick = can_be_picked(list, from) ? from->reference : NULL;
    to->gone = !registration_is_live(from);
    to->cells.items = ARENA_ARRAY(arena, struct view_desk_cell, SHOWN);
    for (size_t i = 0; i < SHOWN; i++)
        if (desk_filter_columns(&list->filter) & ATTENDEE_BIT(shown[i].column))
            fill_cell(list, shown[i].column, from,
                      &to->cells.items[to->cells.count++]);
}

static void fill_people(const struct desk_list *list,
                        struct view_desk_people *people)
{
    const struct registrations *rows = &list->people.rows;

    people->items = ARENA_ARRAY(list->page->arena, struct view_desk_person,
                                rows->count);
    for (size_t i = 0; i < rows->count; i++)
        fill_person(list, &rows->items[i], &people->items[people->count++]);
}

/* ---- pages ---- */

static void add_page(const struct desk_list *list, const char *words,
                     const char *after, const char *before, bool last,
                     struct view_links *links)
{
    struct desk_filter filter = desk_filter_from_start(&list->filter);

    filter.after = after;
    filter.before = before;
    filter.last = last;
    links->items[links->count++] = (struct view_link){
        .words = words,
        .url = desk_filter_url(list->page->arena, list->url, &filter),
    };
}

#define PAGE_LINKS 4

static void fill_pages(const struct desk_list *list,
                       struct view_desk_list *view)
{
    const struct page *page = list->page;
    const struct attendee_page *people = &list->people;
    const struct registration *rows = people->rows.items;
    size_t count = people->rows.count;
    int64_t behind = people->first + (int64_t)count;

    view->total = arena_printf(
        page->arena,
        trn(page->lang, "%s person", "%s people", (long)people->total),
        format_number(page->arena, page->lang, people->total));
    if ((int64_t)count == people->total || count == 0)
        return;
    view->range = arena_printf(
        page->arena, tr(page->lang, "%s to %s"),
        format_number(page->arena, page->lang, people->first + 1),
        format_number(page->arena, page->lang, behind));
    view->pages.items = ARENA_ARRAY(page->arena, struct view_link, PAGE_LINKS);
    if (people->first > 0) {
        add_page(list, tr(page->lang, "First page"), NULL, NULL, false,
                 &view->pages);
        add_page(list, tr(page->lang, "Previous page"), NULL,
                 rows[0].reference, false, &view->pages);
    }
    if (behind < people->total) {
        add_page(list, tr(page->lang, "Next page"), rows[count - 1].reference,
                 NULL, false, &view->pages);
        add_page(list, tr(page->lang, "Last page"), NULL, NULL, true,
                 &view->pages);
    }
}

static const char *download(const struct desk_list *list,
                            enum sheet_format format)
{
    struct arena *arena = list->page->arena;
    struct desk_filter filter = desk_filter_from_start(&list->filter);

    filter.sort = SORT_NAME;
    filter.descending = false;
    filter.rows = ROWS_USUAL;
    return desk_filter_url(arena,
                           arena_printf(arena, "%s/attendees.%s", list->url,
                                        sheet_ending(format)),
                           &filter);
}

/* ---- what can be done with those who were chosen ---- */

#define PICKS_MOST 150
#define OTHER_FIELDS 20

size_t desk_list_picks_most(const struct page *page)
{
    int64_t most = page->site->settings->form_fields - OTHER_FIELDS;

    return most < 0 ? 0 : most < PICKS_MOST ? (size_t)most : PICKS_MOST;
}

/* The filter goes along: "all" means those whom it lets pass. */
static const char *deed_url(const struct desk_list *list, const char *deed)
{
    struct arena *arena = list->page->arena;

    return desk_filter_url(arena, arena_printf(arena, "%s/%s", list->url,
                                               deed), &list->filter);
}

static void fill_deeds(const struct desk_list *list,
                       struct view_desk_list *view)
{
    const struct view_desk_people *people = &view->table.people;
    struct arena *arena = list->page->arena;
    enum lang lang = list->page->lang;
    const char *total = format_number(arena, lang, list->people.total);

    for (size_t i = 0; i < people->count; i++)
        view->picks |= people->items[i].pick != NULL;
    view->csrf = list->csrf;
    if (!list->csrf || people->count == 0)
        return;
    if (list->filter.state == REG_DECLINED && view->picks)
        view->reconsider_url = deed_url(list, "reconsider");
    if (list->filter.state != REG_PENDING)
        return;
    view->decide_url = deed_url(list, "decide");
    view->approve_all = arena_printf(arena, tr(lang, "Approve all %s …"),
                                     total);
    view->decline_all = arena_printf(arena, tr(lang, "Decline all %s …"),
                                     total);
}

void desk_list_fill(const struct desk_list *list, struct view_desk_list *view)
{
    fill_form(list, view);
    fill_heads(list, &view->table.heads);
    fill_people(list, &view->table.people);
    fill_pages(list, view);
    fill_deeds(list, view);
    if (!list->may_export)
        return;
    view->xlsx_url = download(list, SHEET_XLSX);
    view->csv_url = download(list, SHEET_CSV);
    view->json_url = download(list, SHEET_JSON);
}
