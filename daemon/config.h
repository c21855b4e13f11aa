/* The configuration file: [section], key = value with units, # comments.
 * One table (config_table.c) reads, checks, prints and documents it. All
 * faults at once, each with file, line, column and the nearest key. */
#ifndef CONVENED_CONFIG_H
#define CONVENED_CONFIG_H

#include "daemon/base/err.h"
#include "daemon/base/str.h"
#include "daemon/model/settings.h"

struct arena;

#define CONFIG_OPTIONS_MOST 128

/* Before the first section: a folder whose *.conf are read too. */
#define CONFIG_INCLUDE "include"

/* Where each value was given, by its row in the table; line 0: it is the
 * default. Columns count characters from 1. */
struct config_origins {
    struct config_place {
        const char *name; /* of the file */
        unsigned line, column;
    } at[CONFIG_OPTIONS_MOST];
};

/* Defaults, then the file, if `path` is not NULL. RC_FAIL: `faults` has a
 * line for each. The settings' strings live in the arena. Paths in the file
 * are relative to its folder. */
MUST_USE enum rc config_read(struct arena *, const char *path,
                             struct settings *, struct str *faults);
MUST_USE enum rc config_parse(struct arena *, const char *name,
                              const char *text, size_t length,
                              struct settings *, struct str *faults);
/* As these two; *origins may be NULL. */
MUST_USE enum rc config_read_traced(struct arena *, const char *path,
                                    struct settings *,
                                    struct config_origins *,
                                    struct str *faults);
MUST_USE enum rc config_parse_traced(struct arena *, const char *name,
                                     const char *text, size_t length,
                                     struct settings *,
                                     struct config_origins *,
                                     struct str *faults);
/* Values in force, in the file's own form; with `origins` each has a comment
 * that says where it comes from. Secrets are files, so nothing is hidden. */
void config_print(const struct settings *, struct str *out);
void config_print_traced(const struct settings *,
                         const struct config_origins *, struct str *out);
/* One JSON object: values by key, or { value, origin }. Sizes are bytes,
 * durations seconds. */
void config_print_json(const struct settings *,
                       const struct config_origins *, struct str *out);
/* The file with every key, commented out, at its default. */
void config_print_sample(struct str *out);
/* After a change of the file: what only a restart can change is taken over
 * from `old`, copied into the arena, and named in a line of `kept` each. */
void config_keep_fixed(struct arena *, const struct settings *old,
                       struct settings *, struct str *kept);
/* Folders, permissions, names: what only the machine can tell. */
MUST_USE enum rc config_check_machine(const struct settings *,
                                      struct str *faults);

/* What works and yet wants a look: a line for each. */
void config_warnings(const struct settings *, int64_t now, struct str *out);

/* Database and key, without touching them. */
MUST_USE enum rc config_check_state(const struct settings *,
                                    struct str *faults);

#endif
