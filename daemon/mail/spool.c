#include "daemon/mail/spool.h"

#include <inttypes.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/files.h"
#include "daemon/base/parse.h"

static const char *kind_word(const struct parts *parts)
{
    if (!parts->method)
        return "letter";
    return strcmp(parts->method, "CANCEL") == 0 ? "withdrawal" : "invitation";
}

enum rc spool_write(struct arena *arena, const char *folder,
                    int64_t letter_id, const struct parts *parts,
                    const void *message, size_t length, struct err *err)
{
    struct civil t = civil_from_seconds(parts->date);
    const char *path = arena_printf(
        arena, "%s/%04d%02d%02dT%02d%02d%02dZ-%06" PRId64 "-%s.eml", folder,
        t.year, t.month, t.day, t.hour, t.minute, t.second, letter_id,
        kind_word(parts));

    return file_write(path, message, length, 0600, err);
}
