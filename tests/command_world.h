/* A state directory for one test, and admin commands run on it as without a
 * server. */
#ifndef CONVENED_TESTS_COMMAND_WORLD_H
#define CONVENED_TESTS_COMMAND_WORLD_H

#include <jansson.h>

#include "daemon/command.h"

#define NOW INT64_C(1790000000) /* 2026-09-21 */

struct world {
    struct arena *arena;
    char folder[64];
    struct settings settings;
    struct call call; /* the last one */
};

int world_set_up(void **state);
int world_tear_down(void **state);
/* Words that end with NULL. */
enum exit_code world_run(struct world *, const char *input,
                         const char *const *words);
void expect_out(struct world *, const char *part);
void expect_err(struct world *, const char *part);
json_t *json_of(struct world *); /* what was put out */
/* Runs words that end with NULL, "--json" among them, and must succeed. */
json_t *world_json(struct world *, const char *const *words);
const char *text_of(const json_t *, const char *key); /* must be a text */
int64_t number_of(const json_t *, const char *key);   /* must be a number */
void add_saxony(struct world *);
void add_meeting(struct world *); /* sachsen/arbeit-2030, a draft */

#define RUN_WITH(world, input, ...) \
    world_run((world), (input), (const char *const[]){__VA_ARGS__, NULL})
#define RUN(world, ...) RUN_WITH(world, NULL, __VA_ARGS__)
#define JSON(world, ...) \
    world_json((world), (const char *const[]){__VA_ARGS__, "--json", NULL})
#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)

#endif
