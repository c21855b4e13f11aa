#include "daemon/mail/spool.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "daemon/base/arena.h"
#include "daemon/base/files.h"
#include "daemon/base/parse.h"

static const char *const kind_words[] = { "letter", "invitation",
                                          "withdrawal" };
enum { KIND_LETTER, KIND_INVITATION, KIND_WITHDRAWAL, KIND_COUNT };

static int kind_of(const struct parts *parts)
{
    if (!parts->method)
        return KIND_LETTER;
    return strcmp(parts->method, "CANCEL") == 0 ? KIND_WITHDRAWAL
                                                : KIND_INVITATION;
}

static const char *path_of(struct arena *arena, const char *folder,
                           int64_t letter_id, int64_t written_at, int kind)
{
    struct civil t = civil_from_seconds(written_at);

    return arena_printf(
        arena, "%s/%04d%02d%02dT%02d%02d%02dZ-%06" PRId64 "-%s.eml", folder,
        t.year, t.month, t.day, t.hour, t.minute, t.second, letter_id,
        kind_words[kind]);
}

enum rc spool_write(struct arena *arena, const char *folder,
                    int64_t letter_id, const struct parts *parts,
                    const void *message, size_t length, struct err *err)
{
    return file_write(path_of(arena, folder, letter_id, parts->date,
                              kind_of(parts)),
                      message, length, 0600, err);
}

static enum rc remove_file(const char *path, struct err *err)
{
    if (unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR)
        return RC_OK;
    return err_set(err, "%s: %s", path, strerror(errno));
}

enum rc spool_forget(struct arena *arena, const char *folder,
                     int64_t letter_id, int64_t written_at, struct err *err)
{
    enum rc rc = RC_OK;

    for (int kind = 0; kind < KIND_COUNT && rc == RC_OK; kind++) {
        const char *path = path_of(arena, folder, letter_id, written_at,
                                   kind);

        rc = remove_file(path, err);
        if (rc == RC_OK) /* what file_write() leaves when it is killed */
            rc = remove_file(arena_printf(arena, "%s.new", path), err);
    }
    return rc;
}
