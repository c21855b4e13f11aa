#include "daemon/base/arena.h"
#include "daemon/http/response.h"
#include "daemon/store/alliance_store.h"
#include "daemon/store/erase_store.h"
#include "daemon/store/meeting_store.h"
#include "daemon/store/registration_store.h"
#include "web/pages/desk.h"
#include "web/pages/desk_filter.h"
#include "web/pages/desk_words.h"
#include "web/pages/facts.h"
#include "web/view/format.h"
#include "web/view/i18n.h"
#include "web/view/templates.h"

/* What the page is made from. */
struct list {
    struct page page;
    struct meeting meeting;
    struct alliance alliance;
    struct pools pools;
    struct desk_filter filter;
    struct registration_filter rows;
    const char *url; /* without the filter */
};

static enum rc fill_purged(const struct page *page,
                           const struct meeting *meeting,
                           struct view_desk_meeting *view, struct err *err)
{
    struct tally tally;
    enum rc rc = tally_read(page->site->reader, meeting->id, &tally, err);

    if (rc == RC_OK && tally.purged_at)
        view->purged = format_date(page->arena, page->lang, meeting->zone,
                                   tally.purged_at);
    return rc;
}

static enum rc fill_head(struct list *list, struct view_desk_meeting *view,
                         struct err *err)
{
    const struct page *page = &list->page;
    const struct meeting *meeting = &list->meeting;
    struct arena *arena = page->arena;
    enum meeting_phase phase;
    enum rc rc = pool_of_meeting(page->site->reader, meeting->id, &list->pools,
                                 err);

    if (rc == RC_OK)
        rc = alliance_by_id(page->site->reader, arena, meeting->alliance_id,
                            &list->alliance, err);
    if (rc != RC_OK)
        return rc;
    phase = meeting_phase_at(meeting, &list->pools, page->now);
    view->title = lang_pick(&meeting->title, page->lang);
    view->alliance = lang_pick(&list->alliance.name, page->lang);
    view->public_url = page_meeting(page, meeting);
    facts_time(page, meeting, &view->day, &view->hours);
    view->from_iso = format_iso(arena, meeting->zone, meeting->starts_at);
    view->state = desk_phase_words(page->lang, phase);
    view->tone = desk_phase_tone(phase);
    rc = fill_purged(page, meeting, view, err);
    return rc == RC_OK ? desk_numbers(page, meeting, &list->pools,
                                      &view->numbers, err) : rc;
}

/* Those states that a registration can be in so far. */
static const enum registration_state offered_states[] = { REG_REGISTERED,
                                                          REG_CANCELLED };

static void fill_states(const struct list *list,
                        struct view_desk_options *options)
{
    size_t most = sizeof offered_states / sizeof *offered_states;

    options->items = ARENA_ARRAY(list->page.arena, struct view_desk_option,
                                 most + 1);
    options->items[options->count++] = (struct view_desk_option){
        .value = "", .words = tr(list->page.lang, "All")
    };
    for (size_t i = 0; i < most; i++)
        options->items[options->count++] = (struct view_desk_option){
            .value = registration_state_word(offered_states[i]),
            .words = desk_state_words(list->page.lang, offered_states[i]),
            .here = list->filter.state == (int)offered_states[i],
        };
}

/* Nothing to choose where there is one mode. */
static void fill_modes(const struct list *list,
                       struct view_desk_options *options)
{
    if (!list->pools.offered[MODE_ONSITE] || !list->pools.offered[MODE_ONLINE])
        return;
    options->items = ARENA_ARRAY(list->page.arena, struct view_desk_option,
                                 MODE_COUNT + 1);
    options->items[options->count++] = (struct view_desk_option){
        .value = "", .words = tr(list->page.lang, "All")
    };
    for (int mode = 0; mode < MODE_COUNT; mode++)
        options->items[options->count++] = (struct view_desk_option){
            .value = mode_word((enum mode)mode),
            .words = facts_mode(list->page.lang, (enum mode)mode),
            .here = list->filter.mode == mode,
        };
}

/* "Müller, Dr. Jana": as the list is sorted. */
static const char *sorted_name(struct arena *arena, const struct person *person)
{
    const char *gap = *person->title && *person->given_name ? " " : "";
    const char *comma = *person->title || *person->given_name ? ", " : "";

    return arena_printf(arena, "%s%s%s%s%s", person->family_name, comma,
                        person->title, gap, person->given_name);
}

static void fill_person(const struct list *list,
                        const struct registration *from,
                        struct view_desk_person *to)
{
    const struct page *page = &list->page;
    const char *zone = list->meeting.zone;

    to->name = sorted_name(page->arena, &from->person);
    to->organisation = from->person.organisation;
    to->email = from->person.address;
    to->mode = facts_mode(page->lang, from->mode);
    to->state = desk_state_words(page->lang, from->state);
    to->gone = !registration_is_live(from);
    to->at = format_short(page->arena, page->lang, zone, from->created_at);
    to->at_iso = format_iso(page->arena, zone, from->created_at);
    to->reference = from->reference;
}

static void add_page(const struct list *list, const char *words, int64_t number,
                     struct view_links *links)
{
    links->items[links->count++] = (struct view_link){
        .words = words,
        .url = desk_filter_url(list->page.arena, list->url, &list->filter,
                               number),
    };
}

static void fill_paging(const struct list *list, int64_t total,
                        struct view_desk_meeting *view)
{
    const struct page *page = &list->page;
    int64_t size = page->site->settings->page_size;
    int64_t pages = desk_page_count(total, size), here = list->filter.page;
    int64_t first = (here - 1) * size + 1, last = here * size;

    view->total = arena_printf(
        page->arena,
        trn(page->lang, "%s person", "%s people", (long)total),
        format_number(page->arena, page->lang, total));
    if (pages == 1)
        return;
    view->range = arena_printf(
        page->arena, tr(page->lang, "%s to %s"),
        format_number(page->arena, page->lang, first),
        format_number(page->arena, page->lang, last < total ? last : total));
    view->pages.items = ARENA_ARRAY(page->arena, struct view_link, 2);
    if (here > 1)
        add_page(list, tr(page->lang, "Previous page"), here - 1,
                 &view->pages);
    if (here < pages)
        add_page(list, tr(page->lang, "Next page"), here + 1, &view->pages);
}

/* One page of the people; a page past the end is the last one. */
static enum rc fill_people(struct list *list, struct view_desk_meeting *view,
                           struct err *err)
{
    struct reader *reader = list->page.site->reader;
    int64_t size = list->page.site->settings->page_size, total, pages;
    struct registrations rows;
    enum rc rc = registration_count(reader, &list->rows, &total, err);

    if (rc != RC_OK)
        return rc;
    pages = desk_page_count(total, size);
    if (list->filter.page > pages)
        list->filter.page = pages;
    rc = registration_page(reader, list->page.arena, &list->rows,
                           (list->filter.page - 1) * size, size, &rows, err);
    if (rc != RC_OK)
        return rc;
    view->people.items = ARENA_ARRAY(list->page.arena, struct view_desk_person,
                                     rows.count);
    for (size_t i = 0; i < rows.count; i++)
        fill_person(list, &rows.items[i],
                    &view->people.items[view->people.count++]);
    fill_paging(list, total, view);
    return RC_OK;
}

static enum rc fill_list(struct request *request, struct list *list,
                         struct view_desk_meeting *view, struct err *err)
{
    bool may_export = false;
    enum rc rc = desk_may(request, &list->meeting, RIGHT_EXPORT, &may_export,
                          err);

    if (rc != RC_OK)
        return rc;
    view->sees_people = true;
    view->url = list->url;
    view->search = list->filter.search;
    view->filtered = desk_filter_narrows(&list->filter);
    fill_states(list, &view->states);
    fill_modes(list, &view->modes);
    if (may_export)
        view->csv_url = desk_filter_url(
            list->page.arena,
            arena_printf(list->page.arena, "%s/attendees.csv", list->url),
            &list->filter, 1);
    return fill_people(list, view, err);
}

static enum rc fill(struct request *request, struct list *list,
                    struct view_desk_meeting *view, struct err *err)
{
    bool sees_people = false;
    enum rc rc = fill_head(list, view, err);

    if (rc == RC_OK)
        rc = desk_may(request, &list->meeting, RIGHT_PEOPLE, &sees_people,
                      err);
    if (rc == RC_OK && sees_people)
        rc = fill_list(request, list, view, err);
    return rc;
}

void desk_meeting(struct request *request)
{
    struct list list = { .page = page_of(request) };
    struct view_desk_meeting view = { 0 };
    struct frame frame;
    const char *tail;
    struct err err;
    struct str body;

    if (!desk_find_meeting(request, RIGHT_NUMBERS, &list.meeting))
        return;
    tail = desk_meeting_tail(&list.page, &list.meeting);
    list.url = desk_url(&list.page, tail);
    desk_filter_read(request, &list.filter);
    list.rows = desk_filter_rows(&list.filter, list.meeting.id);
    if (fill(request, &list, &view, &err) != RC_OK) {
        page_fail(request, &err);
        return;
    }
    frame = (struct frame){ .title = view.title,
                            .path = desk_filter_url(request->arena, tail,
                                                    &list.filter,
                                                    list.filter.page),
                            .alliance = &list.alliance };
    desk_frame(request, &list.page, &frame, &view.site);
    str_init(&body, request->arena, PAGE_MOST);
    template_desk_meeting(&body, request->lang, &view);
    respond_html(request, 200, &body);
}
