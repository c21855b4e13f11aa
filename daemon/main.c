/* convened: which sub-command was asked for. */
#include <stdio.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "daemon/base/token.h"
#include "daemon/child.h"
#include "daemon/command.h"
#include "daemon/config.h"
#include "daemon/demo.h"
#include "daemon/edition.h"
#include "daemon/libraries.h"
#include "daemon/mail/courier.h"
#include "daemon/server.h"

#define FAULTS_MOST (64 * 1024)

/* How the process begins: what every sub-command is handed. */
struct start {
    const char *config_path;
    struct settings settings;
    int argc; /* from the sub-command's name on */
    char **argv;
};

static enum exit_code no_such_option(const struct start *start, int word)
{
    fprintf(stderr, "convened %s: %s: no such option; see convened %s "
                    "--help\n", start->argv[0], start->argv[word],
            start->argv[0]);
    return EXIT_USAGE;
}

static enum exit_code serve(struct start *start)
{
    struct server_options options = { .config_path = start->config_path,
                                      .courier = true };

    for (int i = 1; i < start->argc; i++) {
        if (strcmp(start->argv[i], "--no-courier") != 0)
            return no_such_option(start, i);
        options.courier = false;
    }
    return server_run(&start->settings, &options);
}

static enum exit_code courier(struct start *start)
{
    const struct courier_source source = { .read = edition_read_settings,
                                           .context = start->config_path };
    struct err err;

    if (start->argc > 1 && !child_follow(start->argv[1]))
        return no_such_option(start, 1);
    if (courier_run(&start->settings, &source, &err) == RC_OK)
        return EXIT_FINE;
    log_error("%s", err.text);
    return EXIT_UNAVAILABLE;
}

/* Every word that is none of them is an admin command. */
static enum exit_code run(struct start *start)
{
    if (strcmp(start->argv[0], "serve") == 0)
        return serve(start);
    if (strcmp(start->argv[0], "courier") == 0)
        return courier(start);
    return command_main(&start->settings, start->argc, start->argv);
}

/* Takes "--config FILE" out of the words, wherever it stands. */
static void take_config_option(int *argc, char **argv, const char **path)
{
    int kept = 0;

    for (int i = 0; i < *argc; i++) {
        if (strncmp(argv[i], "--config=", 9) == 0)
            *path = argv[i] + 9;
        else if (strcmp(argv[i], "--config") == 0 && i + 1 < *argc)
            *path = argv[++i];
        else
            argv[kept++] = argv[i];
    }
    *argc = kept;
}

static enum exit_code run_configured(struct arena *arena, struct start *start)
{
    struct str faults;

    str_init(&faults, arena, FAULTS_MOST);
    if (config_read(arena, start->config_path, &start->settings, &faults) !=
        RC_OK) {
        fputs(faults.data, stderr);
        return EXIT_CONFIG;
    }
    log_open("convened", (enum log_level)start->settings.log_level);
    log_adjust((enum log_level)start->settings.log_level,
               (enum log_format)start->settings.log_format);
    return run(start);
}

int main(int argc, char **argv)
{
    struct start start = { .config_path = SYSCONFDIR
                               "/convened/convened.conf" };
    enum exit_code code;

    libraries_start();
    token_start();
    take_config_option(&argc, argv, &start.config_path);
    start.argc = argc - 1;
    start.argv = argv + 1;
    if (command_early(start.config_path, start.argc, start.argv, &code))
        return (int)code;
    if (strcmp(start.argv[0], "demo") == 0)
        return (int)demo_main(start.argc, start.argv);

    struct arena *arena = arena_new();
    code = run_configured(arena, &start);
    arena_free(&arena);
    return (int)code;
}
