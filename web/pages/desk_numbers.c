/* The numbers of a meeting, on its page and on its card (EXPERIENCE O1). */
#include "daemon/base/arena.h"
#include "daemon/model/letter.h"
#include "daemon/store/letter_store.h"
#include "daemon/store/wish_store.h"
#include "web/pages/desk.h"
#include "web/pages/desk_filter.h"
#include "web/view/format.h"
#include "web/view/i18n.h"
#include "web/view/words.h"

#define NUMBERS_MOST (2 * MODE_COUNT + 10)

struct sums {
    const struct page *page;
    const struct meeting *meeting;
    const struct pools *pools;
    const struct registration_numbers *counted;
    const char *list; /* where people are shown; NULL: nowhere */
    struct view_desk_numbers *out;
};

static struct view_desk_number *add(const struct sums *sums,
                                    const char *label, const char *value)
{
    struct view_desk_number *number = &sums->out->items[sums->out->count++];

    *number = (struct view_desk_number){ .label = label, .value = value };
    return number;
}

static const char *number(const struct sums *sums, int64_t n)
{
    return format_number(sums->page->arena, sums->page->lang, n);
}

static const char *list_of(const struct sums *sums, int state, bool queued)
{
    struct desk_filter filter = {
        .search = "", .organisation = "", .from = "", .until = "",
        .state = state, .mode = -1, .queued = queued,
        .sort = queued ? SORT_QUEUE : SORT_NAME,
        .columns = DESK_COLUMNS_USUAL,
    };

    return sums->list
        ? arena_printf(sums->page->arena, "%s#people",
                       desk_filter_url(sums->page->arena, sums->list,
                                       &filter))
        : NULL;
}

/* Held for those who have yet to confirm, to be approved or to claim. */
static const char *seats(const struct sums *sums, enum mode mode)
{
    struct arena *arena = sums->page->arena;
    enum lang lang = sums->page->lang;
    const struct pool *pool = &sums->pools->at[mode];
    int64_t registered = sums->counted->registered[mode];
    const char *words = arena_printf(arena, tr(lang, "%s of %s"),
                                     number(sums, registered),
                                     number(sums, pool->capacity));

    if (pool->taken <= registered)
        return words;
    return arena_printf(arena, tr(lang, "%s, %s held"), words,
                        number(sums, pool->taken - registered));
}

static void add_modes(const struct sums *sums)
{
    enum lang lang = sums->page->lang;

    for (int mode = 0; mode < MODE_COUNT; mode++)
        if (sums->pools->offered[mode])
            (void)add(sums, words_mode(lang, (enum mode)mode),
                      seats(sums, (enum mode)mode));
    for (int mode = 0; mode < MODE_COUNT; mode++) {
        const struct pool *pool = &sums->pools->at[mode];

        if (!sums->pools->offered[mode] ||
            (pool->waiting == 0 &&
             (!sums->meeting->waiting || pool->taken < pool->capacity)))
            continue;
        add(sums, mode == MODE_ONSITE ? tr(lang, "Waiting list, on site")
                                      : tr(lang, "Waiting list, online"),
            number(sums, pool->waiting))->url =
            pool->waiting > 0 ? list_of(sums, -1, true) : NULL;
    }
}

/* Nothing to say about what does not happen at this meeting. */
static void add_state(const struct sums *sums, const char *label,
                      int64_t people, enum registration_state state)
{
    if (people > 0)
        add(sums, label, number(sums, people))->url =
            list_of(sums, (int)state, false);
}

static void add_states(const struct sums *sums)
{
    enum lang lang = sums->page->lang;
    const struct registration_numbers *counted = sums->counted;

    add_state(sums, tr(lang, "Awaiting approval"), counted->pending,
              REG_PENDING);
    add_state(sums, tr(lang, "Not yet confirmed"), counted->unconfirmed,
              REG_UNCONFIRMED);
    (void)add(sums, tr(lang, "Cancellations"),
              number(sums, counted->cancelled));
    add_state(sums, tr(lang, "Declined"), counted->declined, REG_DECLINED);
    (void)add(sums, tr(lang, "New today"), number(sums, counted->today));
}

static void add_wishes(const struct sums *sums, int64_t open)
{
    if (open > 0)
        (void)add(sums, tr(sums->page->lang, "Open requests"),
                  number(sums, open));
}

static void add_letters(const struct sums *sums,
                        const int64_t counts[LETTER_STATE_COUNT])
{
    enum lang lang = sums->page->lang;

    (void)add(sums, tr(lang, "E-mails waiting"),
              number(sums, counts[LETTER_QUEUED]));
    add(sums, tr(lang, "E-mails refused"),
        number(sums, counts[LETTER_REFUSED]))->alarm =
        counts[LETTER_REFUSED] > 0;
    if (counts[LETTER_SUPPRESSED] > 0)
        add(sums, tr(lang, "E-mails withheld"),
            number(sums, counts[LETTER_SUPPRESSED]))->alarm = true;
}

enum rc desk_numbers(const struct page *page, const struct meeting *meeting,
                     const struct pools *pools,
                     const struct registration_numbers *counted,
                     struct view_desk_numbers *numbers, struct err *err)
{
    struct reader *reader = page->site->reader;
    struct registration_numbers fresh;
    int64_t letters[LETTER_STATE_COUNT], wishes = 0;
    const struct sums sums = {
        .page = page, .meeting = meeting, .pools = pools,
        .counted = counted ? counted : &fresh, .out = numbers,
        .list = counted ? desk_url(page, desk_meeting_tail(page, meeting))
                        : NULL,
    };
    enum rc rc = letter_count_unsent(reader, meeting->id, letters, err);

    if (rc == RC_OK)
        rc = wish_count_open(reader, meeting->id, &wishes, err);
    if (rc == RC_OK && !counted)
        rc = registration_count_all(reader, meeting->id,
                                    desk_midnight(meeting, page->now), &fresh,
                                    err);
    if (rc != RC_OK)
        return rc;
    numbers->items = ARENA_ARRAY(page->arena, struct view_desk_number,
                                 NUMBERS_MOST);
    add_modes(&sums);
    add_states(&sums);
    add_wishes(&sums, wishes);
    add_letters(&sums, letters);
    return RC_OK;
}
