#include "daemon/http/meter.h"

#include <assert.h>
#include <pthread.h>

#include "daemon/base/mem.h"

struct member {
    struct member *next;
    struct meter *meter;
};

struct meters {
    pthread_mutex_t mutex;
    struct member *members;
    struct meter *ended;
};

struct meter *meter_new(size_t routes)
{
    struct meter *meter =
        mem_new(sizeof *meter + (routes + 1) * sizeof *meter->routes);

    meter->route_count = routes;
    return meter;
}

void meter_free(struct meter **meter)
{
    mem_free(*meter);
    *meter = NULL;
}

static void add(struct counter *into, const struct counter *from)
{
    counter_add(into, counter_read(from));
}

static void merge(struct meter *into, const struct meter *from)
{
    assert(into->route_count == from->route_count);
    add(&into->requests, &from->requests);
    add(&into->refused, &from->refused);
    add(&into->connections_total, &from->connections_total);
    add(&into->connections_open, &from->connections_open);
    for (size_t r = 0; r <= into->route_count; r++) {
        for (size_t c = 0; c < METER_CLASSES; c++)
            add(&into->routes[r].classes[c], &from->routes[r].classes[c]);
        histogram_merge(&into->routes[r].took, &from->routes[r].took);
    }
}

struct meters *meters_new(size_t routes)
{
    struct meters *meters = mem_new(sizeof *meters);

    pthread_mutex_init(&meters->mutex, NULL);
    meters->ended = meter_new(routes);
    return meters;
}

void meters_free(struct meters **meters)
{
    if (!*meters)
        return;
    assert(!(*meters)->members);
    pthread_mutex_destroy(&(*meters)->mutex);
    meter_free(&(*meters)->ended);
    mem_free(*meters);
    *meters = NULL;
}

void meters_join(struct meters *meters, struct meter *meter)
{
    struct member *member = mem_new(sizeof *member);

    member->meter = meter;
    pthread_mutex_lock(&meters->mutex);
    member->next = meters->members;
    meters->members = member;
    pthread_mutex_unlock(&meters->mutex);
}

void meters_leave(struct meters *meters, struct meter *meter)
{
    pthread_mutex_lock(&meters->mutex);
    struct member **at = &meters->members;
    while (*at && (*at)->meter != meter)
        at = &(*at)->next;
    struct member *member = *at;
    if (member) {
        *at = member->next;
        merge(meters->ended, meter);
    }
    pthread_mutex_unlock(&meters->mutex);
    mem_free(member);
}

struct meter *meters_sum(struct meters *meters)
{
    struct meter *sum = meter_new(meters->ended->route_count);

    pthread_mutex_lock(&meters->mutex);
    merge(sum, meters->ended);
    for (const struct member *m = meters->members; m; m = m->next)
        merge(sum, m->meter);
    pthread_mutex_unlock(&meters->mutex);
    return sum;
}
