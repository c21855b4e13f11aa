/* The organisers say yes or no to those who await it, and take a no back:
 * chosen in the list → asked once, with the numbers → done, in slices of one
 * transaction each → what became of each. Sent again, it finds nobody left
 * to decide. */
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/parse.h"
#include "daemon/base/text.h"
#include "daemon/http/form.h"
#include "daemon/http/response.h"
#include "daemon/rules/decide.h"
#include "daemon/store/erase_store.h"
#include "daemon/store/seat_store.h"
#include "web/pages/desk.h"
#include "web/pages/desk_list.h"
#include "web/pages/desk_words.h"
#include "web/view/format.h"
#include "web/view/i18n.h"
#include "web/view/templates.h"
#include "web/view/words.h"

#define ALL_MOST 5000   /* of "all"; the rest is asked about again */
#define SLICE_PEOPLE 100 /* in one transaction */
#define WALK_ROWS 2000
#define SHOWN_MOST 200 /* in the table of the answer */

enum deed { DEED_APPROVE, DEED_DECLINE, DEED_RECONSIDER };

/* One press of a button, from the list to the answer. It lives in the
 * request's arena: the two work on it in turn. */
struct deciding {
    struct job job; /* first */
    struct request *request;
    struct page page;
    struct meeting meeting;
    struct pools pools;
    struct desk_filter filter;
    enum deed deed;
    bool all; /* everybody whom the filter lets pass */
    const char *reason, *reason_error, *note;
    struct decision *items;
    enum decide_undo_outcome *undone; /* of DEED_RECONSIDER */
    size_t count, at;                 /* at: so many have been decided */
    int64_t modes[MODE_COUNT];
};

/* ---- who is meant ---- */

static bool is_picked(const struct deciding *all, int64_t id)
{
    for (size_t i = 0; i < all->count; i++)
        if (all->items[i].registration_id == id)
            return true;
    return false;
}

static enum rc find_picks(struct deciding *all, struct err *err)
{
    const struct form *form = all->request->form;
    enum rc rc = RC_OK;

    all->items = ARENA_ARRAY(all->page.arena, struct decision,
                             form->count + 1);
    for (size_t i = 0; i < form->count && rc != RC_FAIL; i++) {
        struct registration *r = &all->items[all->count].registration;

        if (strcmp(form->fields[i].name, "pick"))
            continue;
        rc = erase_find_reference(all->page.site->reader, all->page.arena,
                                  all->meeting.id, form->fields[i].value, r,
                                  err);
        if (rc != RC_OK || is_picked(all, r->id))
            continue;
        all->items[all->count++].registration_id = r->id;
        all->modes[r->mode]++;
    }
    return rc == RC_FAIL ? rc : RC_OK;
}

static void take_row(void *context, const struct registration *r)
{
    struct deciding *all = context;

    if (all->count == ALL_MOST)
        return;
    all->items[all->count++].registration_id = r->id;
    all->modes[r->mode]++;
}

static enum rc find_all(struct deciding *all, struct err *err)
{
    struct registration_filter rows = desk_filter_rows(&all->filter,
                                                       &all->meeting);
    struct registration_cursor at = { .limit = WALK_ROWS };
    enum rc rc = RC_OK;

    rows.state = REG_PENDING;
    all->items = ARENA_ARRAY(all->page.arena, struct decision, ALL_MOST);
    while (rc == RC_OK && !at.done)
        rc = registration_each(all->page.site->reader, &rows, &at, take_row,
                               all, err);
    return rc;
}

/* False: it is answered. */
static bool find(struct deciding *all)
{
    struct err err;
    enum rc rc = pool_of_meeting(all->page.site->reader, all->meeting.id,
                                 &all->pools, &err);

    if (rc == RC_OK)
        rc = all->all ? find_all(all, &err) : find_picks(all, &err);
    all->undone = ARENA_ARRAY(all->page.arena, enum decide_undo_outcome,
                              all->count + 1);
    if (rc != RC_OK)
        page_fail(all->request, &err);
    else if (all->count == 0)
        desk_meeting_again(all->request, &all->meeting,
                           tr(all->page.lang,
                              "Nobody was chosen. Please tick the people in "
                              "the list."));
    return rc == RC_OK && all->count > 0;
}

/* ---- the pages ---- */

static const char *number(const struct deciding *all, int64_t n)
{
    return format_number(all->page.arena, all->page.lang, n);
}

static const char *list_url(const struct deciding *all)
{
    struct desk_filter start = desk_filter_from_start(&all->filter);

    return desk_filter_url(all->page.arena,
                           desk_meeting_tail(&all->page, &all->meeting),
                           &start);
}

/* Another language of it is the list: this page is an answer. */
static void answer(struct deciding *all, const char *title, bool fault,
                   struct view_site *site)
{
    const struct frame frame = {
        .title = arena_printf(all->page.arena, "%s – %s", title,
                              lang_pick(&all->meeting.title,
                                        all->page.lang)),
        .path = list_url(all), .fault = fault,
    };

    desk_frame(all->request, &all->page, &frame, site);
}

static void add_number(struct view_desk_numbers *numbers, const char *label,
                       const char *value, bool alarm)
{
    numbers->items[numbers->count++] = (struct view_desk_number){
        .label = label, .value = value, .alarm = alarm
    };
}

static void add_case(const struct deciding *all, const struct decision *one,
                     const char *words, struct view_desk_cases *cases)
{
    const struct registration *r = &one->registration;

    cases->items[cases->count++] = (struct view_desk_case){
        .reference = r->reference,
        .name = desk_sorted_name(all->page.arena, &r->person),
        .organisation = r->person.organisation, .words = words,
    };
}

/* "Vor Ort: 12, 8 Plätze frei" */
static void add_seats(const struct deciding *all,
                      struct view_desk_numbers *numbers)
{
    enum lang lang = all->page.lang;

    for (int mode = 0; mode < MODE_COUNT; mode++) {
        const struct pool *pool = &all->pools.at[mode];

        if (all->modes[mode] > 0)
            add_number(numbers, words_mode(lang, (enum mode)mode),
                       number(all, all->modes[mode]), false);
        if (all->modes[mode] > 0 && all->deed == DEED_APPROVE &&
            all->meeting.approval != APPROVAL_HOLDS)
            add_number(numbers, mode == MODE_ONSITE
                           ? tr(lang, "Free seats on site")
                           : tr(lang, "Free seats online"),
                       number(all, pool_left(pool)),
                       pool_left(pool) < all->modes[mode]);
    }
}

static const char *ask_words(const struct deciding *all)
{
    enum lang lang = all->page.lang;
    long count = (long)all->count;

    return arena_printf(
        all->page.arena,
        all->deed == DEED_APPROVE
            ? trn(lang, "Approve %s registration?",
                  "Approve %s registrations?", count)
            : trn(lang, "Decline %s registration?",
                  "Decline %s registrations?", count),
        number(all, (int64_t)all->count));
}

static void ask(struct deciding *all)
{
    struct arena *arena = all->page.arena;
    struct view_desk_decide view = {
        .meeting = lang_pick(&all->meeting.title, all->page.lang),
        .back_url = desk_url(&all->page, list_url(all)),
        .action = desk_filter_url(
            arena, arena_printf(arena, "%s/decide",
                                desk_url(&all->page, desk_meeting_tail(
                                    &all->page, &all->meeting))),
            &all->filter),
        .csrf = all->request->login->csrf,
        .approve = all->deed == DEED_APPROVE,
        .wish = form_get(all->request->form, "wish"),
        .asked = arena_printf(arena, "%zu", all->count),
        .heading = ask_words(all), .note = all->note,
        .holds = all->meeting.approval == APPROVAL_HOLDS,
        .waiting = all->meeting.waiting,
        .reason = all->reason, .reason_error = all->reason_error,
        .numbers.items = ARENA_ARRAY(arena, struct view_desk_number,
                                     2 * MODE_COUNT),
        .people.items = ARENA_ARRAY(arena, struct view_desk_case,
                                    all->count),
    };
    bool fault = all->note || all->reason_error;
    struct str body;

    add_seats(all, &view.numbers);
    for (size_t i = 0; i < all->count && !all->all; i++)
        add_case(all, &all->items[i],
                 words_mode(all->page.lang, all->items[i].registration.mode),
                 &view.people);
    answer(all, view.heading, fault, &view.site);
    str_init(&body, arena, PAGE_MOST);
    template_desk_decide(&body, all->page.lang, &view);
    respond_html(all->request, fault ? 422 : 200, &body);
}

/* ---- what became of them ---- */

static const char *decided_words(const struct deciding *all, size_t i)
{
    enum lang lang = all->page.lang;
    const struct decision *one = &all->items[i];

    switch (one->outcome) {
    case DECIDE_DONE:
        return words_state(lang, one->registration.state);
    case DECIDE_FULL:
        return tr(lang, "Still awaits approval: no seat is left");
    case DECIDE_PAST:
        return tr(lang, "The meeting is over, or cancelled");
    case DECIDE_NOT_PENDING:
        break;
    }
    return arena_printf(all->page.arena,
                        tr(lang, "Was decided already: %s"),
                        words_state(lang, one->registration.state));
}

static const char *undone_words(const struct deciding *all, size_t i)
{
    enum lang lang = all->page.lang;

    switch (all->undone[i]) {
    case DECIDE_UNDO_DONE:
        return words_state(lang, REG_PENDING);
    case DECIDE_UNDO_IS_NOT:
        return tr(lang, "Is not declined");
    case DECIDE_UNDO_ANEW:
        return tr(lang, "Has registered anew meanwhile");
    case DECIDE_UNDO_LATE:
        return tr(lang, "Was declined more than 24 hours ago");
    case DECIDE_UNDO_PAST:
        break;
    }
    return tr(lang, "The meeting is over, or cancelled");
}

/* How many ended in which way, in words that the table uses too. */
static void add_sums(const struct deciding *all,
                     const char *(*words)(const struct deciding *, size_t),
                     struct view_desk_numbers *numbers)
{
    int64_t *sums = ARENA_ARRAY(all->page.arena, int64_t, all->count);

    numbers->items = ARENA_ARRAY(all->page.arena, struct view_desk_number,
                                 all->count);
    for (size_t i = 0; i < all->count; i++) {
        const char *label = words(all, i);
        size_t at = 0;

        while (at < numbers->count && strcmp(numbers->items[at].label, label))
            at++;
        if (at == numbers->count)
            add_number(numbers, label, NULL, false);
        sums[at]++;
    }
    for (size_t at = 0; at < numbers->count; at++)
        numbers->items[at].value = number(all, sums[at]);
}

static void add_cases(const struct deciding *all,
                      const char *(*words)(const struct deciding *, size_t),
                      struct view_desk_decided *view)
{
    struct arena *arena = all->page.arena;
    size_t picks = desk_list_picks_most(&all->page);

    view->people.items = ARENA_ARRAY(arena, struct view_desk_case,
                                     SHOWN_MOST);
    view->undo.items = ARENA_ARRAY(arena, struct view_desk_case, picks);
    for (size_t i = 0; i < all->count; i++) {
        const struct decision *one = &all->items[i];

        if (one->registration.id == 0)
            continue;
        if (view->people.count < SHOWN_MOST)
            add_case(all, one, words(all, i), &view->people);
        if (all->deed == DEED_DECLINE && one->outcome == DECIDE_DONE &&
            view->undo.count < picks)
            add_case(all, one, NULL, &view->undo);
    }
    int64_t more = (int64_t)all->count - (int64_t)view->people.count;
    if (more > 0)
        view->more = arena_printf(
            arena, tr(all->page.lang, "and %s more"), number(all, more));
}

static void tell(struct deciding *all)
{
    static const char *const headings[] = {
        [DEED_APPROVE] = N_("Approved"),
        [DEED_DECLINE] = N_("Declined"),
        [DEED_RECONSIDER] = N_("Taken back"),
    };
    const char *(*words)(const struct deciding *, size_t) =
        all->deed == DEED_RECONSIDER ? undone_words : decided_words;
    struct arena *arena = all->page.arena;
    struct view_desk_decided view = {
        .meeting = lang_pick(&all->meeting.title, all->page.lang),
        .back_url = desk_url(&all->page, list_url(all)),
        .heading = tr(all->page.lang, headings[all->deed]),
        .csrf = all->request->login->csrf,
    };
    struct str body;

    add_sums(all, words, &view.numbers);
    add_cases(all, words, &view);
    if (view.undo.count > 0)
        view.undo_url = arena_printf(
            arena, "%s/reconsider?state=declined",
            desk_url(&all->page, desk_meeting_tail(&all->page,
                                                   &all->meeting)));
    answer(all, tr(all->page.lang, "What became of it"), false, &view.site);
    str_init(&body, arena, PAGE_MOST);
    template_desk_decided(&body, all->page.lang, &view);
    respond_html(all->request, 200, &body);
}

/* ---- the work ---- */

static size_t slice_of(const struct deciding *all)
{
    size_t left = all->count - all->at;

    return left < SLICE_PEOPLE ? left : SLICE_PEOPLE;
}

static enum rc undo_slice(struct turn *turn, struct deciding *all,
                          struct job *job, struct err *err)
{
    size_t end = all->at + slice_of(all);
    enum rc rc = RC_OK;

    for (size_t i = all->at; i < end && rc != RC_FAIL; i++) {
        all->undone[i] = DECIDE_UNDO_IS_NOT;
        rc = decide_undo(turn, all->items[i].registration_id,
                         &all->undone[i], err);
        if (rc == RC_OK && turn->letters)
            job->changed |= CHANGE_LETTERS;
    }
    return rc == RC_FAIL ? rc : RC_OK;
}

static enum rc run(struct writer *writer, int64_t now, struct job *job,
                   struct err *err)
{
    struct deciding *all = (struct deciding *)(void *)job;
    struct turn turn = {
        .writer = writer, .arena = all->page.arena, .now = now,
        .settings = all->page.site->settings,
        .actor = all->request->login->account.id,
    };

    if (all->deed == DEED_RECONSIDER) {
        job->changed = CHANGE_SEATS;
        return undo_slice(&turn, all, job, err);
    }
    enum rc rc = decide_all(&turn, all->meeting.id, all->items + all->at,
                            slice_of(all), all->deed == DEED_APPROVE,
                            all->reason, err);
    job->changed = (turn.seats ? CHANGE_SEATS : 0) |
                   (turn.letters ? CHANGE_LETTERS : 0);
    return rc;
}

static void submit(struct deciding *all);

static void done(struct job *job)
{
    struct deciding *all = (struct deciding *)(void *)job;

    if (job->rc != RC_OK) {
        page_busy(all->request, &job->err);
        return;
    }
    all->at += slice_of(all);
    if (all->at < all->count)
        submit(all);
    else
        tell(all);
}

static void submit(struct deciding *all)
{
    all->job = (struct job){ .run = run, .repeatable = true, .done = done,
                             .home = all->page.site->jobs_home };
    if (!writing_submit(all->page.site->writing, &all->job))
        page_busy(all->request, NULL);
}

/* ---- what was sent ---- */

/* NULL: it is answered. */
static struct deciding *begin(struct request *request)
{
    struct deciding *all = ARENA_NEW(request->arena, struct deciding);

    all->request = request;
    all->page = page_of(request);
    all->reason = "";
    if (!desk_find_meeting(request, RIGHT_DECIDE, &all->meeting))
        return NULL;
    desk_filter_read(request, &all->filter);
    return all;
}

static bool read_wish(struct deciding *all)
{
    static const struct {
        const char *wish;
        enum deed deed;
        bool all;
    } wishes[] = {
        { "approve", DEED_APPROVE, false },
        { "decline", DEED_DECLINE, false },
        { "approve-all", DEED_APPROVE, true },
        { "decline-all", DEED_DECLINE, true },
    };
    const char *wish = form_get(all->request->form, "wish");

    for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++)
        if (strcmp(wishes[i].wish, wish) == 0) {
            all->deed = wishes[i].deed;
            all->all = wishes[i].all;
            return true;
        }
    respond_error(all->request, 422, NULL);
    return false;
}

static void read_reason(struct deciding *all)
{
    all->reason = text_clean_line(all->page.arena,
                                  form_get(all->request->form, "reason"));
    all->reason_error = desk_reason_fault(all->page.lang, all->reason);
}

/* Others may have come, or been decided, since it was asked. */
static void check_number(struct deciding *all)
{
    int64_t asked;

    if (!parse_int(form_get(all->request->form, "asked"), 0, INT64_MAX,
                   &asked) ||
        asked != (int64_t)all->count)
        all->note = tr(all->page.lang,
                       "The list has changed meanwhile. Please look at the "
                       "number once more.");
}

void desk_decide(struct request *request)
{
    struct deciding *all = begin(request);

    if (!all || !read_wish(all) || !find(all))
        return;
    bool sure = form_has(request->form, "sure");
    if (sure) {
        read_reason(all);
        check_number(all);
    }
    if (!sure || all->note || all->reason_error)
        ask(all);
    else
        submit(all);
}

void desk_reconsider(struct request *request)
{
    struct deciding *all = begin(request);

    if (!all)
        return;
    all->deed = DEED_RECONSIDER;
    if (find(all))
        submit(all);
}
