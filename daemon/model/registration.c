#include "daemon/model/registration.h"

#include <stdlib.h>

#include "daemon/base/arena.h"
#include "daemon/base/text.h"

static const char *copy(struct arena *arena, const char *text)
{
    return text ? arena_strdup(arena, text) : NULL;
}

struct person person_copy(struct arena *arena, const struct person *from)
{
    struct person person = *from;

    person.given_name = copy(arena, from->given_name);
    person.family_name = copy(arena, from->family_name);
    person.title = copy(arena, from->title);
    person.address = copy(arena, from->address);
    person.organisation = copy(arena, from->organisation);
    person.position = copy(arena, from->position);
    person.name_fold = person.search_fold = NULL;
    return person;
}

bool registration_is_live(const struct registration *registration)
{
    return registration->state != REG_CANCELLED &&
           registration->state != REG_DECLINED;
}

bool registration_is_reached(const struct registration *registration)
{
    return registration_is_live(registration) &&
           registration->state != REG_UNCONFIRMED;
}

const char *registration_state_word(enum registration_state state)
{
    static const char *const words[] = {
        [REG_UNCONFIRMED] = "unconfirmed", [REG_PENDING] = "pending",
        [REG_REGISTERED] = "registered",   [REG_WAITING] = "waiting",
        [REG_CANCELLED] = "cancelled",     [REG_DECLINED] = "declined",
    };

    return words[state];
}

static int by_registration(const void *one, const void *other)
{
    int64_t a = ((const struct queue_place *)one)->registration_id;
    int64_t b = ((const struct queue_place *)other)->registration_id;

    return (a > b) - (a < b);
}

void queue_places_sort(struct queue_places *places)
{
    if (places->count > 1)
        qsort(places->items, places->count, sizeof *places->items,
              by_registration);
}

const struct queue_place *queue_place_find(const struct queue_places *places,
                                           int64_t registration_id)
{
    const struct queue_place key = { .registration_id = registration_id };

    return places->count
        ? bsearch(&key, places->items, places->count, sizeof key,
                  by_registration)
        : NULL;
}

const char *registration_name_fold(struct arena *arena,
                                   const struct person *person)
{
    return person->name_fold
        ? person->name_fold
        : text_fold_same(arena, arena_printf(arena, "%s %s",
                                             person->given_name,
                                             person->family_name));
}
