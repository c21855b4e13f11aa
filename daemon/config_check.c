/* What only the machine can tell about a configuration. */
#include "daemon/config.h"

#include <errno.h>
#include <event2/util.h>
#include <grp.h>
#include <netdb.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "calendars/zone.h"
#include "daemon/base/arena.h"
#include "daemon/base/token.h"
#include "daemon/state.h"
#include "daemon/store/inspect.h"
#include "web/texts.h"

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

/* Whether the address is this machine's and its port may be had. That it is
 * in use says nothing: by the server itself, or by systemd for it. */
static void check_listen(struct str *faults, const char *item)
{
    struct sockaddr_storage address;
    int length = sizeof address, on = 1;

    if (!strncmp(item, "unix:/", 6)) {
        check_parent(faults, "site.listen", item + 5);
        return;
    }
    if (evutil_parse_sockaddr_port(item, (struct sockaddr *)&address,
                                   &length) < 0)
        return; /* the table of options has said so */
    int fd = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (fd < 0 || (bind(fd, (struct sockaddr *)&address,
                        (socklen_t)length) && errno != EADDRINUSE))
        complain(faults, "site.listen", "%s: %s", item, strerror(errno));
    if (fd >= 0)
        close(fd);
}

/* Names are looked up here and by the courier; the server has no network. */
static void check_relay(struct str *faults, const char *relay)
{
    const char *host = strstr(relay, "://");
    struct addrinfo *found = NULL;
    struct str name;

    if (!host)
        return;
    host += 3;
    str_init(&name, NULL, 1024);
    if (*host == '[')
        str_add_bytes(&name, host + 1, strcspn(host + 1, "]"));
    else
        str_add_bytes(&name, host, strcspn(host, ":/"));
    int failed = getaddrinfo(name.data, NULL, NULL, &found);
    if (failed)
        complain(faults, "mail.relay", "%s: %s", name.data,
                 gai_strerror(failed));
    else
        freeaddrinfo(found);
    str_free(&name);
}

static void check_texts(struct str *faults, const char *folder)
{
    struct texts *texts = NULL;
    struct err err;
    size_t before = faults->length;

    if (!*folder)
        return;
    check_folder(faults, "site.texts", folder, R_OK | X_OK);
    if (faults->length == before &&
        texts_load(folder, &texts, &err) != RC_OK)
        complain(faults, "site.texts", "%s", err.text);
    texts_free(&texts);
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
    if (*settings->mail_relay)
        check_relay(faults, settings->mail_relay);
}

enum rc config_check_machine(const struct settings *settings,
                             struct str *faults)
{
    size_t before = faults->length;
    struct err err;

    check_folder(faults, "state.directory", settings->state_dir,
                 R_OK | W_OK | X_OK);
    check_run_dir(faults, settings->run_dir);
    check_texts(faults, settings->texts_dir);
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

enum rc config_check_state(const struct settings *settings,
                           struct str *faults)
{
    size_t before = faults->length;
    struct arena *arena = arena_new();
    struct inspection found = { .key_mark = "" };
    struct keyring *keys = NULL;
    struct state state;
    struct err err;

    state_find(arena, settings, &state);
    /* Its index is beside a database that is in use, or was when its server
     * died: reading it then makes no new file. */
    bool used = access(arena_printf(arena, "%s-shm", state.database),
                       F_OK) == 0;
    if (!state.fresh) {
        if (database_inspect(arena, state.database,
                             used ? INSPECT_LIVE : INSPECT_AT_REST,
                             INSPECT_SCHEMA, 0, &found, &err) != RC_OK)
            complain(faults, "database", "%s", err.text);
        if (keyring_load(state.key, false, &keys, &err) != RC_OK)
            complain(faults, "key", "%s", err.text);
        else if (*found.key_mark &&
                 strcmp(found.key_mark, keyring_mark(arena, keys)) != 0)
            complain(faults, "key", "%s is not the key of %s", state.key,
                     state.database);
    }
    keyring_free(&keys);
    arena_free(&arena);
    return faults->length == before ? RC_OK : RC_FAIL;
}
