#include "daemon/http/limit.h"

#include <string.h>

#include "daemon/base/mem.h"
#include "daemon/base/token.h"

/* 4,096 sets of four: about 3 MB, and no client can make it more. */
#define SETS 4096
#define WAYS 4

/* A sliding window, of which only the counts of two fixed ones are kept. */
struct window {
    int64_t number; /* now / per */
    int64_t count, before;
};

struct slot {
    struct netaddr prefix;
    bool used;
    int64_t seen;
    struct window windows[RATE_COUNT];
};

struct limiter {
    const struct settings *settings;
    uint64_t key; /* so that nobody can aim at a set */
    struct slot slots[SETS][WAYS];
};

struct limiter *limiter_new(const struct settings *settings)
{
    struct limiter *limiter = mem_new(sizeof *limiter);

    limiter->settings = settings;
    limiter->key = random_number();
    return limiter;
}

void limiter_free(struct limiter **limiter)
{
    mem_free(*limiter);
    *limiter = NULL;
}

/* The finaliser of splitmix64, over two halves and the key. */
static uint64_t mix(uint64_t value)
{
    value ^= value >> 30;
    value *= UINT64_C(0xbf58476d1ce4e5b9);
    value ^= value >> 27;
    value *= UINT64_C(0x94d049bb133111eb);
    return value ^ value >> 31;
}

static size_t set_of(const struct limiter *limiter,
                     const struct netaddr *prefix)
{
    uint64_t halves[2];

    memcpy(halves, prefix->bytes, sizeof halves);
    return mix(mix(limiter->key ^ halves[0]) ^ halves[1]) % SETS;
}

/* Theirs, or the one that was not seen for longest. */
static struct slot *find_slot(struct limiter *limiter,
                              const struct netaddr *prefix)
{
    struct slot *set = limiter->slots[set_of(limiter, prefix)];
    struct slot *oldest = set;

    for (size_t i = 0; i < WAYS; i++) {
        struct slot *slot = &set[i];

        if (slot->used && slot->prefix.local == prefix->local &&
            memcmp(slot->prefix.bytes, prefix->bytes,
                   sizeof prefix->bytes) == 0)
            return slot;
        if (!slot->used || (oldest->used && slot->seen < oldest->seen))
            oldest = slot;
    }
    *oldest = (struct slot){ .prefix = *prefix, .used = true };
    return oldest;
}

static void turn(struct window *window, int64_t number)
{
    if (window->number == number)
        return;
    window->before = window->number + 1 == number ? window->count : 0;
    window->count = 0;
    window->number = number;
}

/* The part of the window before that still lies within `per` seconds. */
static int64_t still(int64_t before, int64_t passed, int64_t per)
{
    return before * (per - passed) / per;
}

/* The first second of a window at which no more than `spare` of the window
 * before still count; `per` if there is none. */
static int64_t calm_at(int64_t before, int64_t spare, int64_t per)
{
    if (spare < 0)
        return per;
    if (before <= spare)
        return 0;
    return per - ((spare + 1) * per - 1) / before;
}

static int64_t wait_for(const struct window *window, const struct rate *rate,
                        int64_t passed)
{
    int64_t spare = rate->count - 1;
    int64_t at = calm_at(window->before, spare - window->count, rate->per);

    if (at < rate->per)
        return at - passed;
    /* Not in this window; in the next one it is the one before. */
    return rate->per - passed + calm_at(window->count, spare, rate->per);
}

bool limiter_admit(struct limiter *limiter, enum rate_kind kind,
                   const struct netaddr *client, int64_t now,
                   int64_t *retry_after)
{
    const struct rate *rate = &limiter->settings->rates[kind];
    struct netaddr prefix = netaddr_prefix(client);
    struct slot *slot = find_slot(limiter, &prefix);
    struct window *window = &slot->windows[kind];
    int64_t passed = now % rate->per;

    *retry_after = 0;
    slot->seen = now;
    turn(window, now / rate->per);
    if (window->count + still(window->before, passed, rate->per) <
        rate->count) {
        window->count++;
        return true;
    }
    if (netranges_hold(&limiter->settings->exempt, client))
        return true;
    *retry_after = wait_for(window, rate, passed);
    return false;
}
