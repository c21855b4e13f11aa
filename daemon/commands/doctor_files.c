/* Files and room for them. */
#include <errno.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "daemon/base/arena.h"
#include "daemon/commands/doctor.h"
#include "daemon/earlier.h"

#define MIB ((int64_t)1 << 20)
#define SPACE_FAIL (64 * MIB)
#define SPACE_WARN (512 * MIB)
#define LOG_MUCH (256 * MIB)
#define DAY 86400

static const char *user(struct arena *arena, uid_t uid)
{
    const struct passwd *found = getpwuid(uid);

    return arena_strdup(arena, found ? found->pw_name
                                     : arena_printf(arena, "%lld",
                                                    (long long)uid));
}

/* True if all is well. */
static bool check_file(struct doctor *doctor, const char *path,
                       const struct stat *folder)
{
    struct arena *arena = doctor->call->arena;
    struct stat found;
    bool well = true;

    if (lstat(path, &found)) {
        if (errno == ENOENT)
            return true;
        doctor_say(doctor, VERDICT_FAIL, NULL, "%s: %s", path,
                   strerror(errno));
        return false;
    }
    if (found.st_mode & 077) {
        doctor_say(doctor, VERDICT_FAIL,
                   arena_printf(arena, "chmod go= %s", path),
                   "%s can be read by others (mode %03o)", path,
                   (unsigned)(found.st_mode & 0777));
        well = false;
    }
    if (found.st_uid != folder->st_uid) {
        const char *owner = user(arena, folder->st_uid);
        doctor_say(doctor, VERDICT_FAIL,
                   arena_printf(arena, "chown %s: %s", owner, path),
                   "%s belongs to %s, its folder to %s", path,
                   user(arena, found.st_uid), owner);
        well = false;
    }
    return well;
}

void doctor_files(struct doctor *doctor)
{
    static const char *const files[] = {
        STATE_DATABASE, STATE_DATABASE "-wal", STATE_DATABASE "-shm",
        STATE_DATABASE ".sealed", STATE_KEY, "convened.lock",
    };
    struct arena *arena = doctor->call->arena;
    const char *path = doctor->settings->state_dir;
    struct stat folder;
    bool well = true;

    if (stat(path, &folder)) {
        doctor_say(doctor, VERDICT_FAIL, NULL, "%s: %s", path,
                   strerror(errno));
        return;
    }
    if (folder.st_mode & 022) {
        doctor_say(doctor, VERDICT_FAIL,
                   arena_printf(arena, "chmod go-w %s", path),
                   "others may write to %s (mode %03o)", path,
                   (unsigned)(folder.st_mode & 0777));
        well = false;
    }
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        well = check_file(doctor, arena_printf(arena, "%s/%s", path,
                                               files[i]), &folder) && well;
    if (well)
        doctor_say(doctor, VERDICT_OK, NULL, "%s belongs to %s, who alone "
                   "can read its files", path, user(arena, folder.st_uid));
}

/* The server removes them when their time is over; with none running they
 * stay. */
void doctor_leftovers(struct doctor *doctor)
{
    int64_t most = doctor->settings->keep_earlier;
    struct earlier_list list;
    struct stat found;
    size_t old = 0;
    struct err err;

    if (!stat(doctor->state.restoring, &found))
        doctor_say(doctor, VERDICT_FAIL, "convened restore DIR, once more",
                   "a restore was cut short");
    if (earlier_find(doctor->call->arena, doctor->settings->state_dir, &list,
                     &err) != RC_OK) {
        doctor_say(doctor, VERDICT_FAIL, NULL, "%s", err.text);
        return;
    }
    for (size_t i = 0; i < list.count; i++) {
        int64_t age = doctor->now - list.items[i].made_at;

        if (age <= most + DAY)
            continue;
        doctor_say(doctor, VERDICT_WARN,
                   arena_printf(doctor->call->arena, "rm -r %s",
                                list.items[i].path),
                   "%s holds personal data and is %lld days old",
                   list.items[i].path, (long long)(age / DAY));
        old++;
    }
    if (!old)
        doctor_say(doctor, VERDICT_OK, NULL, "%zu earlier states, none "
                   "older than %lld days", list.count,
                   (long long)(most / DAY));
}

void doctor_space(struct doctor *doctor)
{
    const char *path = doctor->settings->state_dir;
    struct statvfs room;
    struct stat log;

    if (statvfs(path, &room)) {
        doctor_say(doctor, VERDICT_FAIL, NULL, "%s: %s", path,
                   strerror(errno));
        return;
    }
    int64_t free = (int64_t)room.f_bavail * (int64_t)room.f_frsize;
    bool no_files = room.f_files && room.f_favail < 100;
    enum verdict verdict = free < SPACE_FAIL || no_files ? VERDICT_FAIL
                           : free < SPACE_WARN           ? VERDICT_WARN
                                                         : VERDICT_OK;
    doctor_say(doctor, verdict, verdict == VERDICT_OK ? NULL
               : "make room: a full disk refuses registrations",
               "%lld MiB free in %s%s", (long long)(free / MIB), path,
               no_files ? ", and hardly room for a file" : "");
    if (!stat(arena_printf(doctor->call->arena, "%s-wal",
                           doctor->state.database), &log) &&
        log.st_size > LOG_MUCH)
        doctor_say(doctor, VERDICT_WARN, "does a long export or backup "
                   "still run? otherwise restart the server",
                   "the log of the database has grown to %lld MiB",
                   (long long)(log.st_size / MIB));
}
