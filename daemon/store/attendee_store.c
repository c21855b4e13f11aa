#include "daemon/store/attendee_store.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/store/attendee_match.h"
#include "daemon/store/erase_store.h"
#include "daemon/store/query.h"

enum { WALK, WALK_TEXT, COUNT, CURSOR };

/* In the order of the index itself: each reference is in `search` and comes
 * once, so that nothing is left to sort. */
#define FACETS "SELECT id, state, mode, created_at, bench_id"
/* Who was erased and only waits for a last letter has no name any more. */
#define PEOPLE " FROM registration WHERE meeting_id = ?1 AND search > ''" \
    " ORDER BY search"

static const struct statement statements[] = {
    [WALK] = { "attendees_walk", FACETS PEOPLE },
    [WALK_TEXT] = { "attendees_walk_text", FACETS ", search" PEOPLE },
    [COUNT] = { "attendees_count",
        "SELECT count(*) FROM registration WHERE meeting_id = ?1"
        " AND search > ''" },
    [CURSOR] = { "attendees_cursor",
        "SELECT id FROM registration WHERE meeting_id = ?1"
        " AND reference = ?2" },
};

const struct family attendee_family = {
    FAMILY_ATTENDEE, statements, sizeof statements / sizeof *statements,
};

/* Somebody on the list, and the number that they are sorted by. The walk is
 * in the order of names, so that a stable sort is all that is needed. */
struct entry {
    int64_t id;
    uint64_t key;
};

struct walk {
    struct arena *arena;
    struct match match;
    const struct attendee_wish *wish; /* NULL: they are only counted */
    struct entry *entries;
    size_t count;
    int64_t found; /* without a cursor that the filter does not let pass */
    int64_t cursor_id; /* 0: none */
    bool cursor_passes;
    struct organisations *organisations;
    struct queue_places queue; /* if it is sorted by it */
    struct registration_numbers numbers;
};

/* ---- organisations: numbered as they come, ranked at the end ---- */

struct organisation {
    struct piece name;
    uint32_t hash;
    uint32_t number;
};

struct organisations {
    struct arena *arena;
    struct organisation *slots; /* no name: free */
    size_t room, count;         /* room is a power of two */
};

#define FIRST_ROOM 1024

static uint32_t hash_of(const struct piece *name)
{
    uint32_t hash = 2166136261U; /* FNV-1a */

    for (size_t i = 0; i < name->length; i++)
        hash = (hash ^ (unsigned char)name->text[i]) * 16777619U;
    return hash;
}

static struct organisation *slot_of(const struct organisations *all,
                                    const struct piece *name, uint32_t hash)
{
    for (size_t at = hash;; at++) {
        struct organisation *slot = &all->slots[at & (all->room - 1)];

        if (!slot->name.text ||
            (slot->hash == hash && slot->name.length == name->length &&
             memcmp(slot->name.text, name->text, name->length) == 0))
            return slot;
    }
}

static void make_room(struct organisations *all)
{
    struct organisation *old = all->slots;
    size_t room = all->room;

    all->room = room ? room * 2 : FIRST_ROOM;
    all->slots = ARENA_ARRAY(all->arena, struct organisation, all->room);
    for (size_t i = 0; i < room; i++)
        if (old[i].name.text)
            *slot_of(all, &old[i].name, old[i].hash) = old[i];
}

static uint32_t organisation_number(struct organisations *all,
                                    struct piece name)
{
    uint32_t hash = hash_of(&name);

    if (all->count * 2 >= all->room)
        make_room(all);
    struct organisation *slot = slot_of(all, &name, hash);
    if (!slot->name.text)
        *slot = (struct organisation){
            .name = { arena_strndup(all->arena, name.text, name.length),
                      name.length },
            .hash = hash, .number = (uint32_t)all->count++,
        };
    return slot->number;
}

static int compare_names(const void *one, const void *other)
{
    const struct piece *a = &((const struct organisation *)one)->name;
    const struct piece *b = &((const struct organisation *)other)->name;

    if (a->length == 0 || b->length == 0)
        return (a->length == 0) - (b->length == 0);
    /* Both end with a NUL of their own. */
    return strcmp(a->text, b->text);
}

/* From the number of each organisation to its place in the alphabet. */
static uint32_t *organisation_ranks(struct organisations *all)
{
    struct organisation *sorted =
        ARENA_ARRAY(all->arena, struct organisation, all->count);
    uint32_t *ranks = ARENA_ARRAY(all->arena, uint32_t, all->count);
    size_t count = 0;

    for (size_t i = 0; i < all->room; i++)
        if (all->slots[i].name.text)
            sorted[count++] = all->slots[i];
    if (count > 1)
        qsort(sorted, count, sizeof *sorted, compare_names);
    for (size_t i = 0; i < count; i++)
        ranks[sorted[i].number] = (uint32_t)i;
    return ranks;
}

/* ---- the walk ---- */

/* Offers first, then each queue from its front; all others behind. */
static uint64_t queue_key(const struct walk *walk, int64_t id)
{
    const struct queue_place *place = queue_place_find(&walk->queue, id);

    return place ? ((uint64_t)place->mode << 32) + (uint64_t)place->place
                 : (uint64_t)MODE_COUNT << 32;
}

static uint64_t key_of(struct walk *walk, const struct match_row *row)
{
    switch (walk->wish->sort) {
    case SORT_ORGANISATION:
        return organisation_number(
            walk->organisations,
            search_piece(row->search, row->search_length,
                         SEARCH_ORGANISATION));
    case SORT_TIME:
        return (uint64_t)row->created_at;
    case SORT_STATE:
        return (uint64_t)row->state;
    case SORT_MODE:
        return (uint64_t)row->mode;
    case SORT_QUEUE:
        return queue_key(walk, row->id);
    case SORT_NAME:
    case SORT_COUNT:
        break;
    }
    return 0;
}

static void count_row(struct walk *walk, const struct match_row *row)
{
    struct registration_numbers *numbers = &walk->numbers;

    switch ((enum registration_state)row->state) {
    case REG_REGISTERED:
        numbers->registered[row->mode]++;
        numbers->today += row->created_at >= walk->wish->since;
        break;
    case REG_UNCONFIRMED:
        numbers->unconfirmed++;
        break;
    case REG_PENDING:
        numbers->pending++;
        break;
    case REG_WAITING:
        numbers->waiting++;
        break;
    case REG_CANCELLED:
        numbers->cancelled++;
        break;
    case REG_DECLINED:
        numbers->declined++;
        break;
    }
}

static void visit(struct walk *walk, const struct match_row *row)
{
    bool passes = match_takes(&walk->match, row);
    bool is_cursor = row->id == walk->cursor_id;

    walk->found += passes;
    if (!walk->wish)
        return;
    count_row(walk, row);
    if (is_cursor)
        walk->cursor_passes = passes;
    if (!passes && !is_cursor)
        return;
    walk->entries = list_room(walk->arena, walk->entries, walk->count,
                              sizeof *walk->entries);
    walk->entries[walk->count++] =
        (struct entry){ row->id, key_of(walk, row) };
}

static enum rc walk_all(struct reader *reader, struct walk *walk,
                        struct err *err)
{
    bool text = match_reads_text(&walk->match) ||
        (walk->wish && walk->wish->sort == SORT_ORGANISATION);
    struct query q = query_read(reader, &attendee_family,
                                text ? WALK_TEXT : WALK);
    struct match_row row = { 0 };

    bind_int(&q, 1, walk->match.filter->meeting_id);
    while (query_next(&q)) {
        row.id = column_int(&q, 0);
        row.state = (int)column_int(&q, 1);
        row.mode = (int)column_int(&q, 2);
        row.created_at = column_int(&q, 3);
        /* Each value taken costs some milliseconds. */
        if (walk->match.filter->bench_id)
            row.bench_id = column_int(&q, 4);
        if (text) {
            row.search = column_borrow(&q, 5);
            row.search_length = column_length(&q, 5);
        }
        visit(walk, &row);
    }
    return query_end(&q, err);
}

/* ---- sort ---- */

static void rank_organisations(struct walk *walk)
{
    const uint32_t *ranks = organisation_ranks(walk->organisations);

    for (size_t i = 0; i < walk->count; i++)
        walk->entries[i].key = ranks[walk->entries[i].key];
}

/* From zero on, turned round if need be. The answer is the largest. */
static uint64_t level_keys(struct entry *entries, size_t count,
                           bool descending)
{
    uint64_t least = UINT64_MAX, most = 0;

    for (size_t i = 0; i < count; i++) {
        if (entries[i].key < least)
            least = entries[i].key;
        if (entries[i].key > most)
            most = entries[i].key;
    }
    for (size_t i = 0; i < count; i++)
        entries[i].key = descending ? most - entries[i].key
                                    : entries[i].key - least;
    return count ? most - least : 0;
}

static void sort_by_digit(const struct entry *from, struct entry *to,
                          size_t count, int shift)
{
    size_t starts[256] = { 0 }, sum = 0;

    for (size_t i = 0; i < count; i++)
        starts[(from[i].key >> shift) & 255]++;
    for (size_t i = 0; i < 256; i++) {
        size_t many = starts[i];
        starts[i] = sum;
        sum += many;
    }
    for (size_t i = 0; i < count; i++)
        to[starts[(from[i].key >> shift) & 255]++] = from[i];
}

/* Digit by digit from the right: stable, and a few milliseconds for a hundred
 * thousand where a sort by comparison takes ten. */
static void sort_entries(struct walk *walk, bool descending)
{
    struct entry *spare = ARENA_ARRAY(walk->arena, struct entry, walk->count);
    uint64_t most = level_keys(walk->entries, walk->count, descending);

    for (int shift = 0; shift < 64 && most >> shift != 0; shift += 8) {
        struct entry *sorted = spare;

        sort_by_digit(walk->entries, sorted, walk->count, shift);
        spare = walk->entries;
        walk->entries = sorted;
    }
}

static void reverse(struct entry *entries, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        struct entry one = entries[i];

        entries[i] = entries[count - 1 - i];
        entries[count - 1 - i] = one;
    }
}

static void put_in_order(struct walk *walk)
{
    bool descending = walk->wish->descending;

    if (walk->wish->sort == SORT_ORGANISATION)
        rank_organisations(walk);
    if (walk->wish->sort != SORT_NAME)
        sort_entries(walk, descending);
    else if (descending)
        reverse(walk->entries, walk->count);
}

/* ---- the page ---- */

/* Where the cursor stands, or would stand; -1: nowhere. */
static int64_t take_out_cursor(struct walk *walk)
{
    size_t at = 0;

    while (at < walk->count && walk->entries[at].id != walk->cursor_id)
        at++;
    if (walk->cursor_id == 0 || at == walk->count)
        return -1;
    if (!walk->cursor_passes)
        memmove(walk->entries + at, walk->entries + at + 1,
                (--walk->count - at) * sizeof *walk->entries);
    return (int64_t)at;
}

static int64_t first_of_last(int64_t total, int64_t limit)
{
    return total == 0 ? 0 : (total - 1) / limit * limit;
}

static int64_t first_of_page(struct walk *walk)
{
    const struct attendee_wish *wish = walk->wish;
    int64_t cursor = take_out_cursor(walk), total = walk->found;

    if (wish->last)
        return first_of_last(total, wish->limit);
    if (cursor < 0)
        return 0;
    if (wish->before)
        return cursor > wish->limit ? cursor - wish->limit : 0;
    cursor += walk->cursor_passes;
    return cursor < total ? cursor : first_of_last(total, wish->limit);
}

static enum rc read_page(struct reader *reader, struct arena *arena,
                         struct walk *walk, struct attendee_page *page,
                         struct err *err)
{
    int64_t limit = walk->wish->limit, left;
    enum rc rc = RC_OK;

    put_in_order(walk);
    page->first = first_of_page(walk);
    left = page->total - page->first;
    if (left > limit)
        left = limit;
    page->rows.items = ARENA_ARRAY(arena, struct registration, (size_t)left);
    for (int64_t i = 0; i < left && rc != RC_FAIL; i++) {
        rc = registration_by_id(reader, arena,
                                walk->entries[page->first + i].id,
                                &page->rows.items[page->rows.count], err);
        /* Somebody who was erased a moment ago is not missed. */
        page->rows.count += rc == RC_OK;
    }
    return rc == RC_FAIL ? rc : RC_OK;
}

static enum rc find_cursor(struct reader *reader, struct walk *walk,
                           struct err *err)
{
    const struct attendee_wish *wish = walk->wish;
    const char *reference = wish->after ? wish->after : wish->before;

    if (!reference)
        return RC_OK;
    struct query q = query_read(reader, &attendee_family, CURSOR);
    bind_int(&q, 1, walk->match.filter->meeting_id);
    bind_text(&q, 2, reference);
    enum rc rc = query_number(&q, &walk->cursor_id, err);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

/* Those whose data is gone are still counted. */
static enum rc add_erased(struct reader *reader, int64_t meeting_id,
                          struct registration_numbers *numbers,
                          struct err *err)
{
    struct tally tally;
    enum rc rc = tally_read(reader, meeting_id, &tally, err);

    for (int mode = 0; mode < MODE_COUNT && rc == RC_OK; mode++) {
        numbers->registered[mode] += tally.people[REG_REGISTERED][mode];
        numbers->cancelled += tally.people[REG_CANCELLED][mode];
        numbers->declined += tally.people[REG_DECLINED][mode];
    }
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc attendees_find(struct reader *reader, struct arena *arena,
                       const struct registration_filter *filter,
                       const struct attendee_wish *wish,
                       struct attendee_page *page, struct err *err)
{
    /* What the walk collects is large and gone with it. */
    struct arena *scratch = arena_new();
    struct organisations organisations = { .arena = scratch };
    struct walk walk = { .arena = scratch, .wish = wish,
                         .organisations = &organisations };
    enum rc rc = match_prepare(reader, scratch, filter, &walk.match, err);

    *page = (struct attendee_page){ 0 };
    if (rc == RC_OK)
        rc = find_cursor(reader, &walk, err);
    if (rc == RC_OK && wish->sort == SORT_QUEUE)
        rc = wait_places(reader, scratch, filter->meeting_id, &walk.queue,
                         err);
    if (rc == RC_OK)
        rc = walk_all(reader, &walk, err);
    page->total = walk.found;
    page->numbers = walk.numbers;
    if (rc == RC_OK)
        rc = add_erased(reader, filter->meeting_id, &page->numbers, err);
    if (rc == RC_OK)
        rc = read_page(reader, arena, &walk, page, err);
    arena_free(&scratch);
    return rc;
}

/* SQLite counts the entries of an index ten times as fast as it hands them
 * out, and the one who waits is everybody on that worker. */
static enum rc count_everybody(struct reader *reader, int64_t meeting_id,
                               int64_t *count, struct err *err)
{
    struct query q = query_read(reader, &attendee_family, COUNT);

    bind_int(&q, 1, meeting_id);
    return query_number(&q, count, err);
}

enum rc attendees_count(struct reader *reader,
                        const struct registration_filter *filter,
                        int64_t *count, struct err *err)
{
    struct arena *scratch = arena_new();
    struct walk walk = { .arena = scratch };
    enum rc rc = match_prepare(reader, scratch, filter, &walk.match, err);

    if (rc == RC_OK && match_takes_everybody(&walk.match))
        rc = count_everybody(reader, filter->meeting_id, &walk.found, err);
    else if (rc == RC_OK)
        rc = walk_all(reader, &walk, err);
    *count = walk.found;
    arena_free(&scratch);
    return rc;
}
