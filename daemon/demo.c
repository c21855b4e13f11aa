#include "daemon/demo.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <unistd.h>

#include "daemon/base/arena.h"
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/base/parse.h"
#include "daemon/demo_parts.h"
#include "daemon/server.h"

static enum exit_code usage(FILE *out)
{
    fputs("usage: convened demo [--dir DIR] [--listen HOST:PORT] "
          "[--relay smtp://HOST:PORT]\n\n"
          "  --dir DIR      everything lies there (./convened-demo)\n"
          "  --listen H:P   where to listen (127.0.0.1:8080)\n"
          "  --relay URL    send letters there; without it each becomes a "
          "file\n                 DIR/mail/*.eml\n\n"
          "Started again on the same DIR it goes on with what is there.\n",
          out);
    return out == stdout ? EXIT_FINE : EXIT_USAGE;
}

static const char **field_of(struct demo_wish *wish, const char *name,
                             size_t length)
{
    static const char *const names[] = { "--dir", "--listen", "--relay" };
    const char **fields[] = { &wish->dir, &wish->listen, &wish->relay };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == length && !memcmp(names[i], name, length))
            return fields[i];
    return NULL;
}

static enum exit_code read_wish(int argc, char **argv,
                                struct demo_wish *wish, bool *stop)
{
    *stop = true;
    for (int i = 1; i < argc; i++) {
        size_t length = strcspn(argv[i], "=");
        const char **field = field_of(wish, argv[i], length);
        if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h"))
            return usage(stdout);
        if (!field) {
            fprintf(stderr, "convened demo: %s: no such option\n", argv[i]);
            return usage(stderr);
        }
        if (argv[i][length] == '=') {
            *field = argv[i] + length + 1;
        } else if (i + 1 < argc) {
            *field = argv[++i];
        } else {
            fprintf(stderr, "convened demo: %s: a value is missing\n",
                    argv[i]);
            return usage(stderr);
        }
    }
    *stop = false;
    return EXIT_FINE;
}

/* --- the port ---------------------------------------------------------- */

/* 0 if it can be listened on, else errno. */
static int try_listen(const char *host, int64_t port)
{
    struct netaddr address;
    struct sockaddr_in6 in6 = { .sin6_family = AF_INET6,
                               .sin6_port = htons((uint16_t)port) };
    struct sockaddr_in in = { .sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port) };
    bool v6 = strchr(host, ':') != NULL;
    int on = 1;

    if (!netaddr_parse(host, &address))
        return 0; /* the listener knows better words for it */
    memcpy(&in6.sin6_addr, address.bytes, sizeof in6.sin6_addr);
    memcpy(&in.sin_addr, address.bytes + 12, sizeof in.sin_addr);
    int fd = socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return errno;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    int failed = 0;
    if (bind(fd, v6 ? (const struct sockaddr *)&in6
                    : (const struct sockaddr *)&in,
             v6 ? sizeof in6 : sizeof in) ||
        listen(fd, 1))
        failed = errno;
    close(fd);
    return failed;
}

static bool port_is_free(struct arena *arena, const char *item)
{
    const char *colon = strrchr(item, ':');
    int64_t port;

    if (!colon || !parse_int(colon + 1, 1, 65535, &port))
        return true;
    bool brackets = *item == '[';
    size_t length = (size_t)(colon - item) - (brackets ? 2 : 0);
    int failed = try_listen(arena_strndup(arena, item + brackets, length),
                            port);
    if (!failed)
        return true;
    fprintf(stderr, "convened demo: %s: %s\n", item, strerror(failed));
    if (failed == EADDRINUSE)
        fprintf(stderr, "Another program listens there. Choose another port, "
                "for example with --listen 127.0.0.1:%lld\n",
                (long long)(port < 65535 ? port + 1 : port - 1));
    else if (failed == EACCES)
        fputs("Ports below 1024 belong to root. Choose a higher one, for "
              "example with --listen 127.0.0.1:8080\n", stderr);
    return false;
}

/* --- running ----------------------------------------------------------- */

/* The state lies in DIR itself. */
static void say_ready(const struct settings *settings)
{
    struct arena *arena = arena_new();
    struct demo_login login = { NULL, NULL };
    struct err err;

    if (demo_login_read(arena, settings->state_dir, &login, &err))
        log_warn("%s/" DEMO_LOGIN_FILE " cannot be read",
                 settings->state_dir);
    printf("\nVorführung – keine Seite der Fachkräfteallianz Sachsen\n\n"
           "  site     %s/\n"
           "  desk     %s/de/desk\n", settings->base_url,
           settings->base_url);
    if (login.email)
        printf("  sign in  %s\n  password %s\n           (also in %s/"
               DEMO_LOGIN_FILE ")\n", login.email, login.password,
               settings->state_dir);
    if (*settings->mail_relay)
        printf("  letters  go to %s\n", settings->mail_relay);
    else
        printf("  letters  %s/*.eml\n", settings->mail_spool);
    puts("\nStop it with Ctrl-C.\n");
    fflush(stdout);
    arena_free(&arena);
}

static enum exit_code fail(const struct str *faults, const struct err *err,
                           enum exit_code code)
{
    fputs(faults->data ? faults->data : "", stderr);
    fprintf(stderr, "convened demo: %s\n", err->text);
    return code;
}

static enum exit_code run(struct arena *arena, const struct demo_wish *wish)
{
    struct server_options options = { .courier = true, .ready = say_ready };
    struct settings settings;
    struct str faults;
    struct err err = { "" };

    str_init(&faults, arena, 65536);
    if (demo_prepare(arena, wish, &options.config_path, &settings, &faults,
                     &err))
        return fail(&faults, &err, faults.length ? EXIT_CONFIG
                                                 : EXIT_CANTCREAT);
    log_open("convened", (enum log_level)settings.log_level);
    log_adjust((enum log_level)settings.log_level,
               (enum log_format)settings.log_format);
    for (size_t i = 0; i < settings.listen.count; i++)
        if (!port_is_free(arena, settings.listen.items[i]))
            return EXIT_UNAVAILABLE;
    if (demo_fill(arena, &settings, clock_now(), &err))
        return fail(&faults, &err, EXIT_UNAVAILABLE);
    return server_run(&settings, &options);
}

enum exit_code demo_main(int argc, char **argv)
{
    struct demo_wish wish = { .dir = "convened-demo" };
    bool stop;
    enum exit_code code = read_wish(argc, argv, &wish, &stop);

    if (stop)
        return code;
    struct arena *arena = arena_new();
    code = run(arena, &wish);
    arena_free(&arena);
    return code;
}
