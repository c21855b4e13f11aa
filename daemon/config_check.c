/* What only the machine can tell about a configuration. */
#include "daemon/config.h"

#include <errno.h>
#include <grp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "calendars/zone.h"

static void complain(struct str *faults, const char *key,
                     const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void complain(struct str *faults, const char *key,
                     const char *format, ...)
{
    va_list values;

    va_start(values, format);
    str_addf(faults, "%s: ", key);
    str_vaddf(faults, format, values);
    str_add_char(faults, '\n');
    va_end(values);
}

static void check_folder(struct str *faults, const char *key,
                         const char *path, int access_mode)
{
    struct stat found;

    if (stat(path, &found))
        complain(faults, key, "%s: %s", path, strerror(errno));
    else if (!S_ISDIR(found.st_mode))
        complain(faults, key, "%s is not a folder", path);
    else if (access(path, access_mode))
        complain(faults, key, "%s: this user may not %s there", path,
                 access_mode & W_OK ? "write" : "read");
}

/* The relay's password belongs to the courier: that this user cannot even
 * look at it is as it should be. */
static void check_secret(struct str *faults, const char *key,
                         const char *path)
{
    struct stat found;

    if (!*path)
        return;
    if (stat(path, &found)) {
        if (errno != EACCES)
            complain(faults, key, "%s: %s", path, strerror(errno));
    } else if (found.st_mode & 077) {
        complain(faults, key, "%s can be read by others (mode %03o): "
                 "chmod 600", path, (unsigned)(found.st_mode & 0777));
    }
}

/* The folder that a path lies in. */
static void check_parent(struct str *faults, const char *key,
                         const char *path)
{
    struct str folder;
    const char *slash = strrchr(path, '/');

    str_init(&folder, NULL, 4096);
    if (slash)
        str_add_bytes(&folder, path, (size_t)(slash - path) + 1);
    else
        str_add(&folder, ".");
    check_folder(faults, key, folder.data, W_OK | X_OK);
    str_free(&folder);
}

/* The server makes it if its parent allows. */
static void check_run_dir(struct str *faults, const char *path)
{
    if (access(path, F_OK) && errno == ENOENT)
        check_parent(faults, "state.run", path);
    else
        check_folder(faults, "state.run", path, R_OK | W_OK | X_OK);
}

static void check_listen(struct str *faults, const char *item)
{
    if (!strncmp(item, "unix:/", 6))
        check_parent(faults, "site.listen", item + 5);
}

static void check_mail(const struct settings *settings, struct str *faults)
{
    check_secret(faults, "mail.password-file",
                 settings->mail_password_file);
    if (*settings->mail_ca_file && access(settings->mail_ca_file, R_OK))
        complain(faults, "mail.ca-file", "%s: %s", settings->mail_ca_file,
                 strerror(errno));
    /* The spool is the courier's, which makes it if its parent allows. */
    struct stat found;
    if (!*settings->mail_relay && !stat(settings->mail_spool, &found) &&
        !S_ISDIR(found.st_mode))
        complain(faults, "mail.spool", "%s is not a folder",
                 settings->mail_spool);
}

enum rc config_check_machine(const struct settings *settings,
                             struct str *faults)
{
    size_t before = faults->length;
    struct err err;

    check_folder(faults, "state.directory", settings->state_dir,
                 R_OK | W_OK | X_OK);
    check_run_dir(faults, settings->run_dir);
    if (*settings->texts_dir)
        check_folder(faults, "site.texts", settings->texts_dir,
                     R_OK | X_OK);
    if (*settings->courier_group && !getgrnam(settings->courier_group))
        complain(faults, "state.courier-group",
                 "there is no group \"%s\"", settings->courier_group);
    for (size_t i = 0; i < settings->listen.count; i++)
        check_listen(faults, settings->listen.items[i]);
    check_mail(settings, faults);
    if (zone_self_test(&err))
        complain(faults, "time zones", "%s", err.text);
    return faults->length == before ? RC_OK : RC_FAIL;
}
