#include "daemon/base/clock.h"

#include <stdatomic.h>
#include <time.h>

static _Atomic int64_t fixed; /* 0: the real time */

int64_t clock_now(void)
{
    int64_t set = atomic_load_explicit(&fixed, memory_order_relaxed);

    return set ? set : (int64_t)time(NULL);
}

void clock_set(int64_t now)
{
    atomic_store(&fixed, now);
}

int64_t clock_ticks_us(void)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    return (int64_t)at.tv_sec * 1000000 + at.tv_nsec / 1000;
}

int64_t clock_ticks_ms(void)
{
    return clock_ticks_us() / 1000;
}
