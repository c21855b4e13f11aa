/* The demo's folder and the files in it. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/base/arena.h"
#include "daemon/base/clock.h"
#include "daemon/base/files.h"
#include "daemon/base/parse.h"
#include "daemon/base/token.h"
#include "daemon/config.h"
#include "daemon/config_table.h"
#include "daemon/demo_parts.h"

#define DEFAULT_LISTEN "127.0.0.1:8080"
#define CONFIG_BYTES 65536
/* sun_path has 108 bytes; "/control.sock" and "/courier.sock" have 13. */
#define RUN_DIR_MOST 90

/* --- addresses --------------------------------------------------------- */

/* What the configuration needs to know of "HOST:PORT". */
struct place {
    char *host;   /* as a browser says it */
    int64_t port;
    char *listen; /* for site.listen */
    char *base_url;
};

static bool any_address(const char *host)
{
    return !strcmp(host, "0.0.0.0") || !strcmp(host, "[::]");
}

/* Links lead to this machine itself, whatever else it listens on: without
 * https nobody else could sign in (RELIABILITY, CSRF). */
static enum rc read_place(struct arena *arena, const char *listen,
                          struct place *place, struct err *err)
{
    struct config_url url;
    struct netaddr address;
    char *text = arena_printf(arena, "http://%s", listen);

    if (!config_url_parse(arena, text, &url) || !url.port)
        return err_set(err, "--listen: \"%s\": HOST:PORT is expected, like "
                       DEFAULT_LISTEN, listen);
    bool name = !strcmp(url.host, "localhost");
    if (!name && *url.host != '[' && !netaddr_parse(url.host, &address))
        return err_set(err, "--listen: \"%s\": an address of this machine "
                       "is expected, or localhost", listen);
    bool loopback = config_host_is_loopback(url.host);
    place->host = url.host;
    place->port = url.port;
    place->listen = arena_printf(arena, "%s:%lld",
                                 name ? "127.0.0.1" : url.host,
                                 (long long)url.port);
    if (!loopback && !any_address(url.host))
        place->listen = arena_printf(arena, "%s 127.0.0.1:%lld",
                                     place->listen, (long long)url.port);
    bool as_is = loopback && strcmp(url.host, "127.0.0.1") &&
                 strcmp(url.host, "[::1]");
    place->base_url = arena_printf(arena, "http://%s:%lld",
                                   as_is ? url.host : "localhost",
                                   (long long)url.port);
    return RC_OK;
}

static enum rc check_relay(struct arena *arena, const char *relay,
                           struct err *err)
{
    struct config_url url;

    if (config_url_parse(arena, relay, &url) && url.port &&
        (!strcmp(url.scheme, "smtp") || !strcmp(url.scheme, "smtps")))
        return RC_OK;
    return err_set(err, "--relay: \"%s\": smtp://HOST:PORT is expected",
                   relay);
}

/* --- the configuration ------------------------------------------------- */

static void write_mail_section(struct arena *arena, const char *relay,
                               struct str *out)
{
    struct config_url url;

    str_add(out, "\n[mail]\ndomain = example.org\nspool = mail\n");
    if (!*relay)
        return;
    str_addf(out, "relay = %s\n", relay);
    if (config_url_parse(arena, relay, &url) &&
        config_host_is_loopback(url.host) && !strcmp(url.scheme, "smtp"))
        str_add(out, "# Only a relay on this machine may be spoken to in "
                "clear.\ntls = none\n");
}

/* Plainly made up, and true of the day on which the demo is made. */
static void write_accessibility_section(struct str *out)
{
    struct civil today = civil_from_seconds(clock_now());

    str_addf(out,
             "\n[accessibility]\nstatus = partial\n"
             "body-de = Musterallianz (Vorführung)\n"
             "body-en = Musterallianz (demonstration)\n"
             "prepared = %04d-%02d-%02d\n"
             "feedback-address = barrieren@example.org\n", today.year,
             today.month, today.day);
}

static void write_config(struct arena *arena, const struct place *place,
                         const char *run_dir, const char *relay,
                         struct str *out)
{
    str_addf(out,
             "# Made by `convened demo`, which goes on with it. With another "
             "--listen or\n# --relay it is written anew. `convened config "
             "sample` shows all keys.\n\n"
             "[site]\nbase-url = %s\nhosts = 127.0.0.1 localhost [::1]",
             place->base_url);
    if (!config_host_is_loopback(place->host) && !any_address(place->host))
        str_addf(out, " %s", place->host);
    str_addf(out, "\nlisten = %s\ntexts = texts\ndemo = yes\n\n"
             "[state]\ndirectory = .\nrun = %s\n\n"
             "[limits]\nexempt = 127.0.0.0/8 ::1\n", place->listen,
             run_dir);
    write_mail_section(arena, relay, out);
    write_accessibility_section(out);
}

/* A socket's name is short. Where the demo lies too deep, its sockets live in
 * a folder of ours below /tmp. */
static enum rc choose_run_dir(struct arena *arena, const char *dir,
                              char **run_dir, struct err *err)
{
    struct stat made;
    char hash[33];

    *run_dir = arena_printf(arena, "%s/run", dir);
    if (strlen(*run_dir) <= RUN_DIR_MOST)
        return folder_make(*run_dir, 0700, err);
    digest_hex(dir, strlen(dir), hash);
    *run_dir = arena_printf(arena, "/tmp/convened-demo-%.16s", hash);
    if (folder_make(*run_dir, 0700, err))
        return RC_FAIL;
    if (lstat(*run_dir, &made) || !S_ISDIR(made.st_mode) ||
        made.st_uid != geteuid() || (made.st_mode & 077))
        return err_set(err, "%s: is not a folder of this user alone",
                       *run_dir);
    return RC_OK;
}

/* "127.0.0.1:8080" of a list that may name more. */
static const char *first_listen(const struct settings *settings)
{
    return settings->listen.count ? settings->listen.items[0]
                                  : DEFAULT_LISTEN;
}

/* The first address decides; the second one only makes links work. */
static bool same_listen(const struct settings *settings, const char *listen)
{
    const char *first = first_listen(settings);
    size_t length = strcspn(listen, " ");

    return strlen(first) == length && !memcmp(first, listen, length);
}

/* What to write: NULL if the file is fine as it is. */
static enum rc compose_config(struct arena *arena,
                              const struct demo_wish *wish, const char *dir,
                              const struct settings *old,
                              const char **text, struct err *err)
{
    struct place place = { 0 };
    struct str out;
    char *run_dir;
    const char *listen = wish->listen ? wish->listen
                         : old        ? first_listen(old)
                                      : DEFAULT_LISTEN;
    const char *relay = wish->relay ? wish->relay
                        : old       ? old->mail_relay
                                    : "";

    *text = NULL;
    if (choose_run_dir(arena, dir, &run_dir, err))
        return RC_FAIL;
    if (read_place(arena, listen, &place, err) ||
        (*relay && check_relay(arena, relay, err)))
        return RC_FAIL;
    if (old && same_listen(old, place.listen) &&
        !strcmp(relay, old->mail_relay))
        return RC_OK;
    str_init(&out, arena, CONFIG_BYTES);
    write_config(arena, &place, run_dir, relay, &out);
    *text = out.data;
    return RC_OK;
}

/* --- the folder -------------------------------------------------------- */

static enum rc write_texts(struct arena *arena, const char *dir,
                           struct err *err)
{
    char *texts = arena_printf(arena, "%s/texts", dir);
    struct stat found;

    if (!stat(texts, &found))
        return RC_OK; /* whoever changed them keeps his changes */
    if (folder_make(texts, 0755, err) ||
        folder_make(arena_printf(arena, "%s/de", texts), 0755, err) ||
        folder_make(arena_printf(arena, "%s/en", texts), 0755, err))
        return RC_FAIL;
    for (const struct demo_text *t = demo_texts; t->path; t++)
        if (file_write(arena_printf(arena, "%s/%s", texts, t->path),
                       t->content, strlen(t->content), 0644, err))
            return RC_FAIL;
    return RC_OK;
}

static enum rc make_dir(struct arena *arena, const char *typed,
                        const char **dir, struct err *err)
{
    char real[PATH_MAX];

    if (folder_make(typed, 0700, err))
        return RC_FAIL;
    if (!realpath(typed, real))
        return err_set(err, "%s: %s", typed, strerror(errno));
    if (strpbrk(real, "#\n\r"))
        return err_set(err, "%s: a name without '#' and line ends is needed",
                       real);
    *dir = arena_strdup(arena, real);
    return folder_make(arena_printf(arena, "%s/mail", real), 0700, err);
}

enum rc demo_prepare(struct arena *arena, const struct demo_wish *wish,
                     const char **config_path, struct settings *settings,
                     struct str *faults, struct err *err)
{
    const char *dir, *text;
    struct stat found;

    if (make_dir(arena, wish->dir, &dir, err) ||
        write_texts(arena, dir, err))
        return RC_FAIL;
    *config_path = arena_printf(arena, "%s/convened.conf", dir);
    bool old = !stat(*config_path, &found);
    if (old && config_read(arena, *config_path, settings, faults))
        return err_set(err, "%s: mend it, or take it away to get a new one",
                       *config_path);
    if (compose_config(arena, wish, dir, old ? settings : NULL, &text, err))
        return RC_FAIL;
    if (!text)
        return RC_OK;
    if (file_write(*config_path, text, strlen(text), 0600, err))
        return RC_FAIL;
    if (config_read(arena, *config_path, settings, faults))
        return err_set(err, "%s does not work here", *config_path);
    return RC_OK;
}

/* --- the sign-in ------------------------------------------------------- */

enum rc demo_login_read(struct arena *arena, const char *dir,
                        struct demo_login *login, struct err *err)
{
    char *path = arena_printf(arena, "%s/" DEMO_LOGIN_FILE, dir);
    char *text;
    size_t length;
    enum rc rc = file_read(arena, path, 4096, &text, &length, err);

    if (rc != RC_OK)
        return rc;
    char *end = strchr(text, '\n');
    if (!end || end == text || !end[1])
        return err_set(err, "%s: two lines are expected; take it away to "
                       "get a new password", path);
    login->email = arena_strndup(arena, text, (size_t)(end - text));
    login->password = arena_strndup(arena, end + 1,
                                    strcspn(end + 1, "\n"));
    return RC_OK;
}

enum rc demo_login_write(struct arena *arena, const char *dir,
                         const struct demo_login *login, struct err *err)
{
    char *text = arena_printf(arena, "%s\n%s\n", login->email,
                              login->password);

    return file_write(arena_printf(arena, "%s/" DEMO_LOGIN_FILE, dir), text,
                      strlen(text), 0600, err);
}
