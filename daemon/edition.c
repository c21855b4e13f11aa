#include "daemon/edition.h"

#include "daemon/base/arena.h"
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/base/mem.h"
#include "daemon/config.h"
#include "daemon/descriptors.h"

#define FAULTS_MOST (64 * 1024)

static struct edition *edition_new(void)
{
    struct edition *edition = mem_new(sizeof *edition);

    edition->arena = arena_new();
    return edition;
}

static void warn(struct edition *edition)
{
    struct str warnings;

    str_init(&warnings, edition->arena, FAULTS_MOST);
    config_warnings(&edition->settings, clock_now(), &warnings);
    log_lines(LOG_LEVEL_WARN, warnings.data);
}

static enum rc furnish(struct edition *edition, struct err *err)
{
    struct settings *settings = &edition->settings;

    settings->connections =
        descriptors_make_room(settings->connections, settings->workers);
    warn(edition);
    return texts_load(settings->texts_dir, &edition->texts, err);
}

enum rc edition_of(const struct settings *settings, struct edition **out,
                   struct err *err)
{
    struct edition *edition = edition_new();

    edition->settings = *settings;
    enum rc rc = furnish(edition, err);
    if (rc != RC_OK)
        edition_free(&edition);
    *out = edition;
    return rc;
}

enum rc edition_read(const char *config_path, const struct settings *old,
                     struct edition **out, struct str *kept,
                     struct str *faults)
{
    struct edition *edition = edition_new();
    struct settings *settings = &edition->settings;
    struct err err;
    enum rc rc = config_read(edition->arena, config_path, settings, faults);

    if (rc == RC_OK) {
        config_keep_fixed(edition->arena, old, settings, kept);
        rc = furnish(edition, &err);
        if (rc != RC_OK)
            str_addf(faults, "%s\n", err.text);
    }
    if (rc != RC_OK)
        edition_free(&edition);
    *out = edition;
    return rc;
}

enum rc edition_read_settings(const void *config_path,
                              const struct settings *old,
                              struct arena *arena,
                              struct settings *settings)
{
    struct str kept, faults;

    str_init(&kept, arena, FAULTS_MOST);
    str_init(&faults, arena, FAULTS_MOST);
    enum rc rc = config_read(arena, config_path, settings, &faults);
    if (rc == RC_OK) {
        config_keep_fixed(arena, old, settings, &kept);
        log_adjust((enum log_level)settings->log_level,
                   (enum log_format)settings->log_format);
    }
    log_lines(LOG_LEVEL_ERROR, faults.data);
    log_lines(LOG_LEVEL_WARN, kept.data);
    return rc;
}

void edition_free(struct edition **edition)
{
    if (!*edition)
        return;
    texts_free(&(*edition)->texts);
    arena_free(&(*edition)->arena);
    mem_free(*edition);
    *edition = NULL;
}
