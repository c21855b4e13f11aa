/* Earlier states beside the present one: the copy from before an upgrade and
 * what a restore put aside. They hold personal data, and so they may not stay
 * for ever (RELIABILITY A15). */
#ifndef CONVENED_EARLIER_H
#define CONVENED_EARLIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/base/err.h"

struct arena;

struct earlier {
    const char *path;
    int64_t made_at; /* when it got its name */
    bool folder;
};

struct earlier_list {
    struct earlier *items;
    size_t count;
};

/* All of them in the state directory, in no order. */
MUST_USE enum rc earlier_find(struct arena *, const char *state_dir,
                              struct earlier_list *, struct err *);
/* Removes those made before `until`, and nothing in them that is not ours.
 * RC_FAIL: at least one is still there. */
MUST_USE enum rc earlier_remove(const char *state_dir, int64_t until,
                                struct err *);

#endif
