#include <string.h>
#include <sys/queue.h>

#include "daemon/base/mem.h"
#include "daemon/http/answer.h"
#include "daemon/http/answer_parts.h"

#define BUCKETS 1024
/* Seats change often; once a second is soon enough (DESIGN section 2). */
#define SEATS_MS 1000

struct entry {
    TAILQ_ENTRY(entry) by_use; /* least recently used first */
    struct entry *next;        /* in its bucket */
    char *key;
    struct answer *answer;
    struct freshness freshness;
    int64_t built; /* ticks */
};

struct answers {
    size_t ceiling, weight;
    TAILQ_HEAD(, entry) by_use;
    struct entry *buckets[BUCKETS];
};

struct answers *answers_new(size_t ceiling_bytes)
{
    struct answers *answers = mem_new(sizeof *answers);

    answers->ceiling = ceiling_bytes;
    TAILQ_INIT(&answers->by_use);
    return answers;
}

/* FNV-1a: keys are made by us, not by visitors. */
static struct entry **bucket_of(struct answers *answers, const char *key)
{
    uint32_t hash = 2166136261u;

    for (; *key; key++)
        hash = (hash ^ (unsigned char)*key) * 16777619u;
    return &answers->buckets[hash % BUCKETS];
}

/* Where the pointer to that entry stands, or would. */
static struct entry **find(struct answers *answers, const char *key)
{
    struct entry **at = bucket_of(answers, key);

    while (*at && strcmp((*at)->key, key) != 0)
        at = &(*at)->next;
    return at;
}

static void take_out(struct answers *answers, struct entry **at)
{
    struct entry *entry = *at;

    *at = entry->next;
    TAILQ_REMOVE(&answers->by_use, entry, by_use);
    answers->weight -= answer_weight(entry->answer);
    answer_drop(&entry->answer);
    mem_free(entry->key);
    mem_free(entry);
}

void answers_free(struct answers **answers)
{
    struct entry *entry;

    if (!*answers)
        return;
    while ((entry = TAILQ_FIRST(&(*answers)->by_use)))
        take_out(*answers, find(*answers, entry->key));
    mem_free(*answers);
    *answers = NULL;
}

static bool is_fresh(const struct entry *entry, uint64_t edits,
                     uint64_t seats, int64_t now, int64_t ticks_ms)
{
    const struct freshness *fresh = &entry->freshness;

    if (fresh->edits != edits)
        return false;
    if (now < fresh->valid_from ||
        (fresh->valid_until > 0 && now >= fresh->valid_until))
        return false;
    return !fresh->uses_seats || fresh->seats == seats ||
           ticks_ms - entry->built < SEATS_MS;
}

struct answer *answers_find(struct answers *answers, const char *key,
                            uint64_t edits_now, uint64_t seats_now,
                            int64_t now, int64_t ticks_ms)
{
    struct entry **at = find(answers, key);
    struct entry *entry = *at;

    if (!entry)
        return NULL;
    if (!is_fresh(entry, edits_now, seats_now, now, ticks_ms)) {
        take_out(answers, at);
        return NULL;
    }
    TAILQ_REMOVE(&answers->by_use, entry, by_use);
    TAILQ_INSERT_TAIL(&answers->by_use, entry, by_use);
    return entry->answer;
}

void answers_put(struct answers *answers, const char *key,
                 struct answer *answer, const struct freshness *freshness,
                 int64_t ticks_ms)
{
    struct entry **at = find(answers, key);

    if (*at)
        take_out(answers, at);
    struct entry *entry = mem_new(sizeof *entry);
    entry->key = mem_strdup(key);
    entry->answer = answer;
    entry->freshness = *freshness;
    entry->built = ticks_ms;
    at = bucket_of(answers, key);
    entry->next = *at;
    *at = entry;
    TAILQ_INSERT_TAIL(&answers->by_use, entry, by_use);
    answers->weight += answer_weight(answer);
    /* The newest one stays, however large: its maker is about to send it. */
    while (answers->weight > answers->ceiling &&
           TAILQ_FIRST(&answers->by_use) != entry) {
        struct entry *oldest = TAILQ_FIRST(&answers->by_use);

        take_out(answers, find(answers, oldest->key));
    }
}
