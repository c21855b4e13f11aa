/* Counters that one thread writes and any thread reads, without a locked
 * instruction: the writer is alone, and a reader needs no order among them. */
#ifndef CONVENED_BASE_COUNTER_H
#define CONVENED_BASE_COUNTER_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* One counter. */
struct counter {
    _Atomic uint64_t value;
};

static inline uint64_t counter_read(const struct counter *counter)
{
    return atomic_load_explicit(&counter->value, memory_order_relaxed);
}

/* Only from the one thread that writes it. */
static inline void counter_add(struct counter *counter, uint64_t more)
{
    atomic_store_explicit(&counter->value, counter_read(counter) + more,
                          memory_order_relaxed);
}

static inline void counter_set(struct counter *counter, uint64_t value)
{
    atomic_store_explicit(&counter->value, value, memory_order_relaxed);
}

/* How long something took: how often up to each bound, and more than the
 * last. */
#define HISTOGRAM_BOUNDS 13
extern const uint64_t histogram_bounds_us[HISTOGRAM_BOUNDS];

struct histogram {
    /* Each apart, not cumulated; the last one has no bound. */
    struct counter buckets[HISTOGRAM_BOUNDS + 1];
    struct counter sum_us;
};

void histogram_add(struct histogram *, int64_t took_us);
/* Adds what `from` holds; `into` has no other writer meanwhile. */
void histogram_merge(struct histogram *into, const struct histogram *from);

#endif
