/* The configuration file: [section], key = value with units, # comments.
 * One table (config.c) reads, checks, prints and documents it. All faults at
 * once, each with file, line, column and the nearest key. */
#ifndef CONVENED_CONFIG_H
#define CONVENED_CONFIG_H

#include "daemon/base/err.h"
#include "daemon/base/str.h"
#include "daemon/model/settings.h"

struct arena;

/* Defaults, then the file, if there is one. RC_FAIL: `faults` has a line for
 * each. The settings' strings live in the arena. */
MUST_USE enum rc config_read(struct arena *, const char *path,
                             struct settings *, struct str *faults);
MUST_USE enum rc config_parse(struct arena *, const char *name,
                              const char *text, size_t length,
                              struct settings *, struct str *faults);
/* "section.key = value" lines; with `origin` where each comes from. Secrets
 * are files, so nothing is hidden. */
void config_print(const struct settings *, struct str *out);
/* The file with every key, commented out, at its default. */
void config_print_sample(struct str *out);
/* Folders, permissions, names: what only the machine can tell. */
MUST_USE enum rc config_check_machine(const struct settings *,
                                      struct str *faults);

#endif
