#include "daemon/model/meeting.h"

#include <string.h>

const struct bench *bench_find(const struct benches *benches, int64_t id)
{
    for (size_t i = 0; i < benches->count; i++)
        if (benches->items[i].id == id)
            return &benches->items[i];
    return NULL;
}

int64_t pool_left(const struct pool *pool)
{
    if (pool->waiting > 0 && !pool->passing)
        return 0;
    return pool->capacity > pool->taken ? pool->capacity - pool->taken : 0;
}

void meeting_set_usual_terms(struct meeting *meeting)
{
    meeting->waiting = true;
    meeting->handing_over = true;
    meeting->party_most = 5;
    meeting->keep_support_days = 14;
}

int64_t meeting_changes_until(const struct meeting *meeting)
{
    return meeting->changes_until != 0 ? meeting->changes_until
                                       : meeting->starts_at;
}

enum vacancy meeting_vacancy(const struct meeting *meeting,
                       const struct pool *pool, int64_t people)
{
    if (meeting->approval == APPROVAL_FREE || pool_left(pool) >= people)
        return VACANCY_SEATS;
    return meeting->waiting && people <= pool->capacity ? VACANCY_QUEUE
                                                        : VACANCY_NONE;
}

static enum meeting_phase phase_by_room(const struct meeting *meeting,
                                        const struct pools *pools)
{
    enum vacancy best = VACANCY_NONE;

    for (int mode = 0; mode < MODE_COUNT; mode++)
        if (pools->offered[mode]) {
            enum vacancy room = meeting_vacancy(meeting, &pools->at[mode], 1);
            best = room > best ? room : best;
        }
    return best == VACANCY_SEATS    ? PHASE_OPEN
           : best == VACANCY_QUEUE ? PHASE_WAITING
                                  : PHASE_FULL;
}

enum meeting_phase meeting_phase_at(const struct meeting *meeting,
                                    const struct pools *pools, int64_t now)
{
    if (meeting->state == MEETING_DRAFT)
        return PHASE_DRAFT;
    if (meeting->state == MEETING_CANCELLED)
        return PHASE_CANCELLED;
    if (now >= meeting->ends_at)
        return PHASE_PAST;
    if (now >= meeting->closes_at)
        return PHASE_CLOSED;
    if (now < meeting->opens_at)
        return PHASE_SOON;
    return phase_by_room(meeting, pools);
}

int64_t meeting_phase_until(const struct meeting *meeting, int64_t now)
{
    const int64_t edges[] = { meeting->opens_at, meeting->closes_at,
                              meeting->ends_at };
    int64_t next = INT64_MAX;

    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++)
        if (edges[i] > now && edges[i] < next)
            next = edges[i];
    return next;
}

static const char *const mode_words[MODE_COUNT] = {
    [MODE_ONSITE] = "onsite",
    [MODE_ONLINE] = "online",
};

const char *mode_word(enum mode mode)
{
    return mode_words[mode];
}

bool mode_parse(const char *word, enum mode *mode)
{
    for (int i = 0; i < MODE_COUNT; i++)
        if (strcmp(word, mode_words[i]) == 0) {
            *mode = (enum mode)i;
            return true;
        }
    return false;
}

static const char *const approval_words[] = {
    [APPROVAL_NONE] = "none",
    [APPROVAL_HOLDS] = "holds",
    [APPROVAL_FREE] = "free",
};

const char *approval_word(enum approval approval)
{
    return approval_words[approval];
}

bool approval_parse(const char *word, enum approval *approval)
{
    for (size_t i = 0; i < sizeof approval_words / sizeof *approval_words;
         i++)
        if (strcmp(word, approval_words[i]) == 0) {
            *approval = (enum approval)i;
            return true;
        }
    return false;
}

static const char *const visibility_words[] = {
    [VISIBLE_PUBLIC] = "public",
    [VISIBLE_UNLISTED] = "unlisted",
    [VISIBLE_INVITED] = "invited",
};

const char *visibility_word(enum visibility visibility)
{
    return visibility_words[visibility];
}

bool visibility_parse(const char *word, enum visibility *visibility)
{
    for (size_t i = 0; i < sizeof visibility_words / sizeof *visibility_words;
         i++)
        if (strcmp(word, visibility_words[i]) == 0) {
            *visibility = (enum visibility)i;
            return true;
        }
    return false;
}
