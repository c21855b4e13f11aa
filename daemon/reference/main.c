/* usage: reference [--write]
 * Are the committed files what the tables say? With --write they become so.
 * Exit: 0 yes, 1 no. */
#include <stdio.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/files.h"
#include "daemon/config.h"
#include "daemon/reference/reference.h"

#define SKIPPED 77 /* as automake counts it */
#define FILE_MOST ((size_t)1 << 20)

/* A page's frame is written by hand; the line MARK in it becomes what the
 * tables say. */
#define MARK ".\\\" @from the table@\n"

static const struct {
    const char *name, *frame; /* NULL: no frame */
    void (*print)(struct str *out);
} files[] = {
    { "etc/convened.conf", NULL, config_print_sample },
    { "docs/config.md", NULL, reference_config_markdown },
    { "docs/man/convened.conf.5", "docs/man/convened.conf.5.in",
      reference_config_manual },
    { "docs/man/convened.8", "docs/man/convened.8.in",
      reference_commands_manual },
    { "completion/convened.bash", NULL, reference_bash },
    { "completion/_convened", NULL, reference_zsh },
    { "completion/convened.fish", NULL, reference_fish },
};
#define FILES (sizeof files / sizeof *files)

static enum rc read_source(struct arena *arena, const char *name,
                           char **text, struct err *err)
{
    size_t length;
    char *path = arena_printf(arena, SRCDIR "/%s", name);
    enum rc rc = file_read(arena, path, FILE_MOST, text, &length, err);

    return rc == RC_NOT_FOUND ? err_set(err, "%s is missing", name) : rc;
}

static enum rc compose(struct arena *arena, size_t i, struct str *out,
                       struct err *err)
{
    char *frame;

    if (!files[i].frame) {
        files[i].print(out);
        return RC_OK;
    }
    if (read_source(arena, files[i].frame, &frame, err))
        return RC_FAIL;
    char *mark = strstr(frame, MARK);
    if (!mark)
        return err_set(err, "%s: the mark is missing", files[i].frame);
    str_add_bytes(out, frame, (size_t)(mark - frame));
    files[i].print(out);
    str_add(out, mark + strlen(MARK));
    return RC_OK;
}

static enum rc look_at(struct arena *arena, size_t i, bool write,
                       struct err *err)
{
    struct str now;
    char *kept;

    str_init(&now, arena, FILE_MOST);
    if (compose(arena, i, &now, err))
        return RC_FAIL;
    if (write)
        return file_write(arena_printf(arena, SRCDIR "/%s", files[i].name),
                          now.data, now.length, 0644, err);
    if (read_source(arena, files[i].name, &kept, err))
        return RC_FAIL;
    if (strcmp(kept, now.data))
        return err_set(err, "%s is not what the tables say; run make docs",
                       files[i].name);
    return RC_OK;
}

int main(int argc, char **argv)
{
    struct arena *arena = arena_new();
    struct err err;
    int faults = 0;

    if (strcmp(LOCALSTATEDIR, "/var") || strcmp(RUNSTATEDIR, "/run")) {
        puts("skipped: configured for other folders than the usual");
        return SKIPPED;
    }
    for (size_t i = 0; i < FILES; i++)
        if (look_at(arena, i, argc > 1 && !strcmp(argv[1], "--write"),
                    &err)) {
            fprintf(stderr, "%s\n", err.text);
            faults = 1;
        }
    arena_free(&arena);
    return faults;
}
