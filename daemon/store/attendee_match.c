#include "daemon/store/attendee_match.h"

#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/text.h"
#include "daemon/store/query.h"

enum { UNREACHED };

static const struct statement statements[] = {
    /* "state <> 1" is what the index of the unsent ones asks for. */
    [UNREACHED] = { "attendees_unreached",
        "SELECT DISTINCT registration_id FROM letter WHERE meeting_id = ?1"
        " AND state <> 1 AND state IN (2, 3) ORDER BY registration_id" },
};

const struct family attendee_match_family = {
    FAMILY_ATTENDEE_MATCH, statements, sizeof statements / sizeof *statements,
};

struct piece search_piece(const char *search, size_t length,
                          enum search_piece which)
{
    const char *end = search + length;

    for (int i = 0;; i++) {
        const char *next = memchr(search, *SEARCH_BETWEEN,
                                  (size_t)(end - search));

        if (i == (int)which || !next)
            return (struct piece){
                search, (size_t)((next ? next : end) - search)
            };
        search = next + 1;
    }
}

static bool holds(const struct piece *in, const struct piece *word)
{
    return memmem(in->text, in->length, word->text, word->length) != NULL;
}

static bool said_already(const struct match_words *words,
                         const struct piece *word)
{
    for (size_t i = 0; i < words->count; i++)
        if (holds(&words->items[i], word))
            return true;
    return false;
}

static void read_words(struct arena *arena, const char *typed,
                       struct match_words *words)
{
    const char *at = typed ? text_fold_search(arena, typed) : "";
    struct piece word;

    for (; at += strspn(at, " "), *at; at += word.length) {
        word = (struct piece){ at, strcspn(at, " ") };
        if (said_already(words, &word))
            continue;
        words->items = list_room(arena, words->items, words->count,
                                 sizeof *words->items);
        words->items[words->count++] = word;
    }
}

static enum rc read_unreached(struct reader *reader, struct arena *arena,
                              struct match *match, struct err *err)
{
    struct query q = query_read(reader, &attendee_match_family, UNREACHED);
    int64_t *ids = NULL;

    bind_int(&q, 1, match->filter->meeting_id);
    while (query_next(&q)) {
        ids = list_room(arena, ids, match->unreached_count, sizeof *ids);
        ids[match->unreached_count++] = column_int(&q, 0);
    }
    match->unreached = ids;
    return query_end(&q, err);
}

enum rc match_prepare(struct reader *reader, struct arena *arena,
                      const struct registration_filter *filter,
                      struct match *match, struct err *err)
{
    *match = (struct match){ .filter = filter };
    read_words(arena, filter->search, &match->words);
    read_words(arena, filter->organisation, &match->organisation);
    enum rc rc = filter->queued
        ? wait_places(reader, arena, filter->meeting_id, &match->queue, err)
        : RC_OK;
    return rc == RC_OK && filter->unreached
        ? read_unreached(reader, arena, match, err) : rc;
}

bool match_reads_text(const struct match *match)
{
    return match->words.count > 0 || match->organisation.count > 0;
}

static bool is_unreached(const struct match *match, int64_t id)
{
    size_t low = 0, high = match->unreached_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (match->unreached[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < match->unreached_count && match->unreached[low] == id;
}

static bool has_all(const struct match_words *words, struct piece text)
{
    for (size_t i = 0; i < words->count; i++)
        if (!holds(&text, &words->items[i]))
            return false;
    return true;
}

static bool text_fits(const struct match *match, const struct match_row *row)
{
    struct piece all = { row->search, row->search_length };

    return has_all(&match->words, all) &&
           (match->organisation.count == 0 ||
            has_all(&match->organisation,
                    search_piece(all.text, all.length,
                                 SEARCH_ORGANISATION)));
}

bool match_takes_everybody(const struct match *match)
{
    const struct registration_filter *filter = match->filter;

    return filter->state < 0 && filter->mode < 0 && filter->bench_id == 0 &&
           filter->from <= 0 && filter->to == 0 && !filter->unreached &&
           !filter->queued && !match_reads_text(match);
}

bool match_takes(const struct match *match, const struct match_row *row)
{
    const struct registration_filter *filter = match->filter;

    return (filter->state < 0 || row->state == filter->state) &&
           (filter->mode < 0 || row->mode == filter->mode) &&
           (filter->bench_id == 0 || row->bench_id == filter->bench_id) &&
           row->created_at >= filter->from &&
           (filter->to == 0 || row->created_at < filter->to) &&
           (!filter->unreached || is_unreached(match, row->id)) &&
           (!filter->queued || queue_place_find(&match->queue, row->id)) &&
           (!match_reads_text(match) || text_fits(match, row));
}
