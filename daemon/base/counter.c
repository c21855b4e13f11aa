#include "daemon/base/counter.h"

const uint64_t histogram_bounds_us[HISTOGRAM_BOUNDS] = {
    500,    1000,   2500,    5000,    10000,   25000,   50000,
    100000, 250000, 1000000, 2500000, 5000000, 10000000,
};

void histogram_add(struct histogram *histogram, int64_t took_us)
{
    uint64_t took = took_us > 0 ? (uint64_t)took_us : 0;
    size_t at = 0;

    while (at < HISTOGRAM_BOUNDS && took > histogram_bounds_us[at])
        at++;
    counter_add(&histogram->buckets[at], 1);
    counter_add(&histogram->sum_us, took);
}

void histogram_merge(struct histogram *into, const struct histogram *from)
{
    for (size_t i = 0; i <= HISTOGRAM_BOUNDS; i++)
        counter_add(&into->buckets[i], counter_read(&from->buckets[i]));
    counter_add(&into->sum_us, counter_read(&from->sum_us));
}
