/* One reading of the configuration: settings, and the operator's texts. */
#ifndef CONVENED_EDITION_H
#define CONVENED_EDITION_H

#include "daemon/base/err.h"
#include "daemon/base/str.h"
#include "daemon/model/settings.h"
#include "web/texts.h"

struct arena;

struct edition {
    struct arena *arena;
    struct settings settings;
    struct texts *texts;
};

/* From settings that were read already, whose strings outlive it. */
MUST_USE enum rc edition_of(const struct settings *, struct edition **,
                            struct err *);
/* Reads file and texts afresh. What only a restart can change stays as in
 * `old`; `kept` gets a line for each such key that the file would change.
 * RC_FAIL: `faults` has a line for each. */
MUST_USE enum rc edition_read(const char *config_path,
                              const struct settings *old, struct edition **,
                              struct str *kept, struct str *faults);
/* The settings alone, for a process without pages; what there is to say about
 * them, the log hears. `config_path` is a string. */
MUST_USE enum rc edition_read_settings(const void *config_path,
                                       const struct settings *old,
                                       struct arena *, struct settings *);
void edition_free(struct edition **);

#endif
