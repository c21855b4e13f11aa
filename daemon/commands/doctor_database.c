/* What is in the database, and beside it. */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/base/arena.h"
#include "daemon/base/token.h"
#include "daemon/commands/doctor.h"
#include "daemon/store/migrate.h"

#define DAY 86400
#define HOUR 3600
#define BACKUP_DAYS 2

/* Reading a database that no server has open would leave files of this user
 * beside it; without a log it can be read without a trace. */
static bool may_look(struct doctor *doctor, enum inspect_how *how)
{
    struct stat log;
    const char *path = arena_printf(doctor->call->arena, "%s-wal",
                                    doctor->state.database);

    *how = doctor->served ? INSPECT_LIVE : INSPECT_AT_REST;
    if (access(doctor->state.database, R_OK)) {
        doctor_say(doctor, VERDICT_WARN, "run doctor as root, or as the "
                   "user of the server", "cannot be read by this user");
        return false;
    }
    if (!doctor->served && !stat(path, &log) && log.st_size > 0)
        doctor_say(doctor, VERDICT_WARN, NULL, "was not closed in good "
                   "order; what its log holds is not looked at, and comes "
                   "back when the server starts");
    return true;
}

void doctor_database(struct doctor *doctor)
{
    enum inspect_depth depth =
        call_flag(doctor->call, "full") ? INSPECT_FULL : INSPECT_QUICK;
    enum inspect_how how;
    struct err err;

    if (doctor->state.fresh) {
        doctor_say(doctor, VERDICT_WARN, "convened alliance add begins one",
                   "there is none yet");
        return;
    }
    if (!may_look(doctor, &how))
        return;
    if (database_inspect(doctor->call->arena, doctor->state.database, how,
                         depth, doctor->now, &doctor->found, &err) !=
        RC_OK) {
        doctor_say(doctor, VERDICT_FAIL, "restore the newest backup: "
                   "convened restore DIR", "%s", err.text);
        return;
    }
    doctor->known = true;
    doctor_say(doctor, VERDICT_OK, NULL, "%s: %lld registrations, schema "
               "%lld", depth == INSPECT_FULL ? "whole" : "sound",
               (long long)doctor->found.registrations,
               (long long)doctor->found.schema);
    if (doctor->found.miscounted > 0)
        doctor_say(doctor, VERDICT_WARN, "tell those who make convened, "
                   "with the version", "%lld numbers of seats, of people who "
                   "wait or of options are not what the lists say",
                   (long long)doctor->found.miscounted);
    if (doctor->found.schema < schema_newest())
        doctor_say(doctor, VERDICT_WARN, doctor->served
                       ? "restart the server, which runs an older program"
                       : "nothing; the next start does it",
                   "needs an upgrade to schema %d", schema_newest());
}

void doctor_key(struct doctor *doctor)
{
    struct keyring *keys = NULL;
    struct err err;

    if (doctor->state.fresh) {
        doctor_say(doctor, VERDICT_OK, NULL, "comes with the database");
        return;
    }
    if (access(doctor->state.key, R_OK) &&
        access(doctor->state.key, F_OK) == 0) {
        doctor_say(doctor, VERDICT_WARN, "run doctor as root, or as the "
                   "user of the server", "cannot be read by this user");
    } else if (keyring_load(doctor->state.key, false, &keys, &err) !=
               RC_OK) {
        doctor_say(doctor, VERDICT_FAIL, NULL, "%s", err.text);
    } else if (!doctor->known || !*doctor->found.key_mark) {
        doctor_say(doctor, VERDICT_OK, NULL, "is there; whether it is the "
                   "database's own is not known");
    } else if (strcmp(doctor->found.key_mark,
                      keyring_mark(doctor->call->arena, keys)) != 0) {
        doctor_say(doctor, VERDICT_FAIL, "restore both from the same "
                   "backup", "%s is not the key of the database",
                   doctor->state.key);
    } else {
        doctor_say(doctor, VERDICT_OK, NULL, "is the database's own");
    }
    keyring_free(&keys);
}

void doctor_backup(struct doctor *doctor)
{
    int64_t at = doctor->found.backup_at, age = doctor->now - at;
    const char *advice = "convened backup DIR, each night";

    if (!doctor->known)
        doctor_say(doctor, VERDICT_OK, NULL, "not known");
    else if (!at)
        doctor_say(doctor, VERDICT_WARN, advice, "none was ever made (with "
                   "this program)");
    else
        doctor_say(doctor, age > BACKUP_DAYS * DAY ? VERDICT_WARN
                                                   : VERDICT_OK,
                   age > BACKUP_DAYS * DAY ? advice : NULL,
                   "the last is %lld hours old", (long long)(age / HOUR));
}

void doctor_letters(struct doctor *doctor)
{
    const struct inspection *found = &doctor->found;
    bool late = found->letters_late > 0, refused = found->letters_refused;

    if (!doctor->known) {
        doctor_say(doctor, VERDICT_OK, NULL, "not known");
        return;
    }
    doctor_say(doctor, late ? VERDICT_WARN : VERDICT_OK,
               late ? "is the mail process running? systemctl status "
                      "convened-courier; convened mail queue" : NULL,
               "%lld wait, %lld of them for more than an hour",
               (long long)found->letters_waiting,
               (long long)found->letters_late);
    if (refused)
        doctor_say(doctor, VERDICT_WARN, "convened mail queue --state "
                   "refused says why", "%lld were refused for good in the "
                   "last seven days", (long long)found->letters_refused);
}
